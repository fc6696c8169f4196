package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestEKSAddon(t *testing.T) {
	with := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			eksClusterIn(t, d)
			return "aws_eks_addon", merged(object{"cluster_name": "coder", "addon_name": "vpc-cni"}, change)
		}
	}
	nodes := func(name string, change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, _ := nodeGroupConfig(t, d)
			d.MustCreate(t, "aws_eks_node_group", merged(config, change))
			return "aws_eks_addon", object{"cluster_name": "coder", "addon_name": name}
		}
	}
	identity := func(actions ...string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			eksClusterIn(t, d)
			role := roleFor(t, d, "vpc-cni", "pods.eks.amazonaws.com", actions...)
			return "aws_eks_addon", object{"cluster_name": "coder", "addon_name": "vpc-cni",
				"pod_identity_association": []any{object{"role_arn": role["arn"], "service_account": "aws-node"}}}
		}
	}
	check(t, []rule{
		{name: "an add-on in its default version", given: with(nil)},
		{name: "an add-on in a version of its own", given: with(object{"addon_version": "v1.20.4-eksbuild.1"})},
		{name: "an unknown add-on", given: with(object{"addon_name": "karpenter"}),
			refused: "InvalidParameterException: Addon karpenter specified is not supported in 1.35 kubernetes version"},
		{name: "an add-on of no cluster", given: with(object{"cluster_name": "none"}),
			refused: "ResourceNotFoundException: No cluster found for name: none."},
		{name: "a version that is none", given: with(object{"addon_version": "latest"}),
			refused: "InvalidParameterException: Addon version specified is not supported"},
		{name: "a version of the future, of which this program does not know yet", given: with(object{"addon_version": "v9.0.0-eksbuild.1"})},
		{name: "kube-proxy of another Kubernetes", given: with(object{"addon_name": "kube-proxy", "addon_version": "v1.34.0-eksbuild.2"}),
			refused: "Addon version specified is not supported"},
		{name: "configuration",
			given: with(object{"resolve_conflicts_on_create": "OVERWRITE",
				"configuration_values": `{"enableNetworkPolicy":"true","env":{"ENABLE_PREFIX_DELEGATION":"true"}}`})},
		{name: "configuration other than that of the add-on which the cluster brought",
			given: with(object{"configuration_values": `{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}`}),
			refused: "waiting for EKS Add-On (coder:vpc-cni) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: " +
				"ConfigurationConflict: Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts:\n" +
				`DaemonSet.apps aws-node - .spec.template.spec.containers[name="aws-node"].env[name="ENABLE_PREFIX_DELEGATION"].value`},
		{name: "an environment variable that the add-on does not read",
			given: with(object{"resolve_conflicts_on_create": "OVERWRITE", "configuration_values": `{"env":{"ENABLE_PREFIX_DELEGATIONS":"true"}}`}),
			refused: "InvalidParameterException: ConfigurationValue provided in request is not supported: Json schema validation failed with " +
				"error: [$.env.ENABLE_PREFIX_DELEGATIONS: is not defined in the schema"},
		{name: "configuration that is no JSON", given: with(object{"configuration_values": `{`}),
			refused: "InvalidParameterException: ConfigurationValue provided in request is not supported"},
		{name: "configuration with an unknown name", given: with(object{"configuration_values": `{"enableNetworkPolicies":"true"}`}),
			refused: "InvalidParameterException: ConfigurationValue provided in request is not supported: Json schema validation failed with " +
				"error: [$.enableNetworkPolicies: is not defined in the schema and the schema does not allow additional properties]"},
		{name: "a number where the network add-on wants a string",
			given:   with(object{"configuration_values": `{"env":{"WARM_PREFIX_TARGET":1}}`}),
			refused: "$.env.WARM_PREFIX_TARGET: must be string type"},
		{name: "an identity", given: identity("sts:AssumeRole", "sts:TagSession")},
		{name: "an identity whose role takes no session tags", given: identity("sts:AssumeRole"),
			refused: "InvalidParameterException: Trust policy of role arn:aws:iam::123456789012:role/vpc-cni is invalid"},
		{name: "a deployment with nodes", given: nodes("coredns", nil)},
		{name: "a deployment without nodes", given: with(object{"addon_name": "coredns"}),
			refused: "InsufficientNumberOfReplicas: The add-on is unhealthy because it doesn't have the desired number of replicas."},
		{name: "a deployment with tainted nodes alone", refused: "InsufficientNumberOfReplicas",
			given: nodes("metrics-server",
				object{"taint": []any{object{"key": "coder.com/node-group", "value": "workspace", "effect": "NO_SCHEDULE"}}})},
		{name: "a daemon set on tainted nodes",
			given: nodes("eks-pod-identity-agent",
				object{"taint": []any{object{"key": "coder.com/node-group", "value": "workspace", "effect": "NO_SCHEDULE"}}})},
		{name: "an add-on twice", refused: "ResourceInUseException: Addon already exists.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := with(nil)(t, d)
				d.MustCreate(t, typ, config)
				return typ, config
			}},
	})
}

func TestEKSAddonVersions(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	eksClusterIn(t, d)
	for _, name := range []string{"vpc-cni", "kube-proxy", "eks-pod-identity-agent"} {
		usual, err := d.Data("aws_eks_addon_version", object{"addon_name": name, "kubernetes_version": "1.35"})
		expect(t, err, "")
		latest, err := d.Data("aws_eks_addon_version", object{"addon_name": name, "kubernetes_version": "1.35", "most_recent": true})
		expect(t, err, "")
		if usual["version"] == latest["version"] {
			t.Errorf("%s: the default and the latest version are both %v", name, usual["version"])
		}
		addon := d.MustCreate(t, "aws_eks_addon", object{"cluster_name": "coder", "addon_name": name})
		if addon["addon_version"] != usual["version"] {
			t.Errorf("%s: installed %v, default %v", name, addon["addon_version"], usual["version"])
		}
		_, err = d.Update("aws_eks_addon", addon, object{"cluster_name": "coder", "addon_name": name, "addon_version": latest["version"]})
		expect(t, err, "")
	}
	_, err := d.Data("aws_eks_addon_version", object{"addon_name": "vpc-cni", "kubernetes_version": "1.12"})
	expect(t, err, "couldn't find resource")
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}
