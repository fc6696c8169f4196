package kubernetes

import (
	core "k8s.io/api/core/v1"
)

// nodeGroup is a group of the kind that this program's stacks make: labelled and, unless it is the control group, tainted with its name.
func nodeGroup(name string, size, most int, vcpu int, memoryGiB float64) Group {
	const key = "coder.com/node-group"
	g := Group{
		Name: name, Size: size, Max: most, Zones: []string{"us-east-1a", "us-east-1b", "us-east-1c"}, Labels: map[string]string{key: name},
		Allocatable: Machine{VCPU: vcpu, MemoryGiB: memoryGiB, MaxENIs: 4, IPv4PerENI: 15, Nitro: true}.Allocatable(true),
	}
	if name != "control" {
		g.Taints = []core.Taint{{Key: key, Value: name, Effect: core.TaintEffectNoSchedule}}
	}
	return g
}

// testCluster is a cluster with three node groups and the add-ons of the stacks.
func testCluster() *Cluster {
	everywhere := []any{map[string]any{"operator": "Exists"}}
	c := &Cluster{
		Version: "1.35", Region: "us-east-1",
		Groups: []Group{nodeGroup("control", 3, 3, 4, 16), nodeGroup("provisioner", 3, 3, 4, 8), nodeGroup("workspace", 2, 6, 8, 32)},
		Addons: map[string]map[string]any{
			"vpc-cni": nil, "kube-proxy": nil, "coredns": nil, "eks-pod-identity-agent": nil, "metrics-server": nil, ebsAddon: nil,
			secretsAddon: {
				"tolerations": everywhere,
				"secrets-store-csi-driver": map[string]any{"syncSecret": map[string]any{"enabled": true},
					"linux": map[string]any{"tolerations": everywhere}},
			},
		},
	}
	for _, g := range c.Groups {
		c.Nodes = append(c.Nodes, g.Nodes()...)
	}
	return c
}

// registries are those of images: what Pull answers by the image. What is not there can be pulled.
type registries map[string]*ImageError

func (r registries) Pull(image string) *ImageError { return r[image] }

// programs are those of containers: what Start answers by the name of the container. What is not there runs.
type programs map[string]*StartError

func (p programs) Start(c *core.Container) *StartError { return p[c.Name] }

// store is a Secrets Manager: what Fetch answers by the name of the secret. What is not there can be read.
type store map[string]*SecretError

func (s store) Fetch(_, _, id string) *SecretError { return s[id] }
