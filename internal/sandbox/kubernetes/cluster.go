package kubernetes

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	core "k8s.io/api/core/v1"
)

// Cluster is a cluster of Amazon EKS: what it offers, and what runs in it. Its zero value has the objects of an empty
// cluster, no nodes and no add-ons.
type Cluster struct {
	// Version is its minor version, such as "1.35".
	Version string
	// Region is where it runs, such as us-east-1: the AWS provider of secrets begins its errors with it.
	Region string
	// Nodes are those that run. Groups are what the cluster autoscaler may start more from, if Autoscaler says that it runs.
	Nodes      []Node
	Groups     []Group
	Autoscaler bool
	// Addons are the EKS add-ons by name, each with its configuration values; nil where there are none.
	Addons map[string]map[string]any
	// Objects are those that exist, beside what each cluster is made with.
	Objects map[Key]Object
	// Secrets answers for AWS Secrets Manager. Without it, each secret exists and may be read.
	Secrets SecretStore
	// Images answers for the registries of images. Without it, each image can be pulled.
	Images Registry
	// Programs answers for the programs of containers. Without it, each program runs.
	Programs Programs
	// VolumeZones are the zones of persistent volumes by "namespace/name" of their claim. A claim that is not there is
	// bound where its first pod runs.
	VolumeZones map[string]string
}

// SecretStore is AWS Secrets Manager as pods see it.
type SecretStore interface {
	// Fetch is what GetSecretValue answers to a pod that runs as a service account, with EKS Pod Identity. id is the ARN or name. A nil error:
	// there is a value, and it may be read. Otherwise it is a *SecretError.
	Fetch(namespace, serviceAccount, id string) *SecretError
}

// Registry is the registries of images as nodes see them.
type Registry interface {
	// Pull is what keeps nodes from an image; nil if nothing does.
	Pull(image string) *ImageError
}

// Programs is what is known of the programs of containers.
type Programs interface {
	// Start is what makes a container that is not an init container exit as it starts, each time; nil if nothing is known to.
	Start(c *core.Container) *StartError
}

// StartError is why a program exits as it starts.
type StartError struct {
	// Message is in the program's own words. Why explains it, Todo says what to do.
	Message, Why, Todo string
}

// ImageError is why nodes do not get an image.
type ImageError struct {
	// Message is in the words of the container runtime. Why explains it, Todo says what to do.
	Message, Why, Todo string
}

// SecretError is why a pod does not get a secret.
type SecretError struct {
	// Message is in AWS's words, such as "ResourceNotFoundException: Secrets Manager can't find the specified secret."
	Message string
	// NoValue says that the secret exists and waits for its first value. Todo says what to do.
	NoValue bool
	Todo    string
}

// Error is the message.
func (e *SecretError) Error() string { return e.Message }

// Install adds objects to the cluster, or puts them in the place of those of the same name.
func (c *Cluster) Install(objects ...Object) {
	if c.Objects == nil {
		c.Objects = map[Key]Object{}
	}
	for _, o := range objects {
		c.Objects[o.Key()] = o
	}
}

// Remove takes objects away, and all that a namespace holds with it.
func (c *Cluster) Remove(keys ...Key) {
	for _, key := range keys {
		delete(c.Objects, key)
		if key.Kind == "Namespace" && key.Group == "" {
			maps.DeleteFunc(c.Objects, func(k Key, _ Object) bool { return k.Namespace == key.Name })
		}
	}
}

// minor is the number of the minor version; 0 if it is not known.
func (c *Cluster) minor() int {
	_, text, _ := strings.Cut(c.Version, ".")
	n, _ := strconv.Atoi(text)
	return n
}

// view is a cluster as it will be with new objects in it.
type view struct {
	*Cluster
	new     map[Key]Object
	catalog *catalog
	// sorted are the keys of all objects, in the order of their names; nil until they are asked for.
	sorted []Key
	// defined are kinds that CustomResourceDefinitions bring, by "apiVersion kind".
	defined map[string]bool
}

func (c *Cluster) view(objects []Object) *view {
	v := &view{Cluster: c, new: make(map[Key]Object, len(objects)), catalog: newCatalog(), defined: map[string]bool{}}
	for _, o := range objects {
		v.new[o.Key()] = o
	}
	for _, o := range c.Objects {
		v.define(o)
	}
	for _, o := range objects {
		v.define(o)
	}
	return v
}

// find finds an object among the new ones and those that exist.
func (v *view) find(key Key) (Object, bool) {
	if o, found := v.new[key]; found {
		return o, true
	}
	o, found := v.Objects[key]
	return o, found
}

// all visits all objects as they will be, in the order of their names.
func (v *view) all(visit func(Object)) {
	if v.sorted == nil {
		v.sorted = slices.Collect(maps.Keys(v.new))
		for key := range v.Objects {
			if _, replaced := v.new[key]; !replaced {
				v.sorted = append(v.sorted, key)
			}
		}
		slices.SortFunc(v.sorted, compareKeys)
	}
	for _, key := range v.sorted {
		o, _ := v.find(key)
		visit(o)
	}
}

func compareKeys(a, b Key) int {
	if c := strings.Compare(a.Group, b.Group); c != 0 {
		return c
	}
	if c := strings.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(a.Namespace, b.Namespace); c != 0 {
		return c
	}
	return strings.Compare(a.Name, b.Name)
}

// exists reports whether something is there: new, existing, or part of each cluster.
func (v *view) exists(key Key) bool {
	_, found := v.find(key)
	return found || v.builtin(key)
}

// builtin are the objects that EKS makes each cluster with, and those of add-ons that others refer to.
func (v *view) builtin(key Key) bool {
	switch key.Kind {
	case "Namespace":
		return slices.Contains([]string{"default", "kube-system", "kube-public", "kube-node-lease"}, key.Name)
	case "ServiceAccount":
		return key.Name == "default" && v.exists(Key{Kind: "Namespace", Name: key.Namespace})
	case "ConfigMap": // each namespace has the cluster's authority
		return key.Name == "kube-root-ca.crt" || key.Namespace == "kube-system" &&
			slices.Contains([]string{"coredns", "kube-proxy", "aws-auth", "extension-apiserver-authentication"}, key.Name)
	case "PriorityClass":
		return key.Name == "system-cluster-critical" || key.Name == "system-node-critical"
	case "StorageClass":
		return key.Name == "gp2"
	case "ClusterRole":
		return slices.Contains([]string{"cluster-admin", "admin", "edit", "view"}, key.Name) || strings.HasPrefix(key.Name, "system:")
	case "Role":
		return strings.HasPrefix(key.Name, "system:") || key.Namespace == "kube-system" && key.Name == "extension-apiserver-authentication-reader"
	case "Service":
		return key.Namespace == "default" && key.Name == "kubernetes" || key.Namespace == "kube-system" && key.Name == "kube-dns"
	}
	return false
}

// define notes the kinds that a CustomResourceDefinition brings.
func (v *view) define(o Object) {
	if o.Kind != definitionKind {
		return
	}
	kind, versions, group := readDefinition(o.Text)
	for _, version := range versions {
		v.defined[kindKey(group+"/"+version, kind)] = true
	}
}

// namespaceLabels are the labels of a namespace.
func (v *view) namespaceLabels(name string) map[string]string {
	if o, found := v.find(Key{Kind: "Namespace", Name: name}); found {
		return o.Labels
	}
	return nil
}

// limits are the LimitRanges of a namespace, and quotas its ResourceQuotas, in the order of their names.
func (v *view) limits(namespace string) (found []*core.LimitRange) {
	v.all(func(o Object) {
		if t, ok := o.Typed.(*core.LimitRange); ok && o.Namespace == namespace {
			found = append(found, t)
		}
	})
	return found
}

func (v *view) quotas(namespace string) (found []*core.ResourceQuota) {
	v.all(func(o Object) {
		if t, ok := o.Typed.(*core.ResourceQuota); ok && o.Namespace == namespace {
			found = append(found, t)
		}
	})
	return found
}
