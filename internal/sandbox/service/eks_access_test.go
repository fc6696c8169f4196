package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

const adminRole = "arn:aws:iam::123456789012:role/platform-team"

func TestEKSAccess(t *testing.T) {
	entry := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			eksClusterIn(t, d)
			return "aws_eks_access_entry", merged(object{"cluster_name": "coder", "principal_arn": adminRole}, change)
		}
	}
	twice := func(s setting) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typ, config := s(t, d)
			d.MustCreate(t, typ, config)
			return typ, config
		}
	}
	policy := func(principal, name string, scope object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			eksClusterIn(t, d)
			d.MustCreate(t, "aws_eks_access_entry", object{"cluster_name": "coder", "principal_arn": adminRole})
			return "aws_eks_access_policy_association", object{"cluster_name": "coder", "principal_arn": principal,
				"policy_arn": "arn:aws:eks::aws:cluster-access-policy/" + name, "access_scope": []any{scope}}
		}
	}
	whole, namespaced := object{"type": "cluster"}, object{"type": "namespace", "namespaces": []any{"coder"}}
	check(t, []rule{
		{name: "an entry", given: entry(nil)},
		{name: "an entry twice", given: twice(entry(nil)),
			refused: "ResourceInUseException: The specified access entry resource is already in use on this cluster."},
		{name: "an entry of no cluster", given: entry(object{"cluster_name": "none"}),
			refused: "ResourceNotFoundException: No cluster found for name: none."},
		{name: "an entry for nobody", given: entry(object{"principal_arn": "platform-team"}),
			refused: "InvalidParameterException: The specified principalArn is invalid: invalid principal."},
		{name: "an entry for whoever made the cluster",
			given:   entry(object{"principal_arn": "arn:aws:iam::123456789012:role/terraform"}),
			refused: "ResourceInUseException: The specified access entry resource is already in use on this cluster."},
		{name: "an entry for the caller identity",
			given:   entry(object{"principal_arn": "arn:aws:sts::123456789012:assumed-role/terraform/coderaws"}),
			refused: "ResourceInUseException"},
		{name: "an entry for nodes that is a user",
			given:   entry(object{"principal_arn": "arn:aws:iam::123456789012:user/me", "type": "EC2_LINUX"}),
			refused: "AccessEntry principalArn must be IAM role when using types"},
		{name: "a standard entry", given: entry(object{"type": "STANDARD"})},
		{name: "an entry for nodes", given: entry(object{"type": "EC2_LINUX"})},
		{name: "an entry of no type that there is", given: entry(object{"type": "EC2_MAC"}),
			refused: "InvalidParameterException: The specified type is invalid"},
		{name: "groups for nodes", given: entry(object{"type": "EC2_LINUX", "kubernetes_groups": []any{"admins"}}),
			refused: `The specified kubernetesGroups is invalid: setting kubernetesGroups is not allowed when the type is "EC2_LINUX"`},
		{name: "a group of Kubernetes itself", given: entry(object{"kubernetes_groups": []any{"system:masters"}}),
			refused: "The kubernetes group name system:masters is invalid, it cannot start with system:"},
		{name: "an entry where the cluster has only its config map",
			refused: "InvalidRequestException: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform " +
				"this operation.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := eksClusterConfig(t, d)
				d.MustCreate(t, "aws_eks_cluster", merged(config, object{"access_config": []any{object{"authentication_mode": "CONFIG_MAP"}}}))
				return "aws_eks_access_entry", object{"cluster_name": "coder", "principal_arn": adminRole}
			}},
		{name: "a policy for the cluster", given: policy(adminRole, "AmazonEKSClusterAdminPolicy", whole)},
		{name: "a policy for a namespace", given: policy(adminRole, "AmazonEKSViewPolicy", namespaced)},
		{name: "a policy that does not exist", given: policy(adminRole, "AmazonEKSRootPolicy", whole),
			refused: "InvalidParameterException: The specified policyArn could not be found."},
		{name: "a policy for whoever has no entry", given: policy("arn:aws:iam::123456789012:role/none", "AmazonEKSViewPolicy", whole),
			refused: "ResourceNotFoundException: The specified principalArn could not be found."},
		{name: "a policy for no namespace", given: policy(adminRole, "AmazonEKSViewPolicy", object{"type": "namespace"}),
			refused: "At least 1 namespace must be provided if the type is set as namespace"},
		{name: "a policy for the cluster and a namespace",
			given:   policy(adminRole, "AmazonEKSViewPolicy", object{"type": "cluster", "namespaces": []any{"coder"}}),
			refused: "accessScope should not include namespaces if the type is not set as namespace"},
	})
}

func TestEKSPodIdentity(t *testing.T) {
	with := func(change object, actions ...string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			eksClusterIn(t, d)
			role := roleFor(t, d, "coderd", "pods.eks.amazonaws.com", actions...)
			return "aws_eks_pod_identity_association",
				merged(object{"cluster_name": "coder", "namespace": "coder", "service_account": "coder", "role_arn": role["arn"]}, change)
		}
	}
	check(t, []rule{
		{name: "an association", given: with(nil, "sts:AssumeRole", "sts:TagSession")},
		{name: "a role for all actions of STS", given: with(nil, "sts:*")},
		{name: "a role that takes no session tags", given: with(nil, "sts:AssumeRole"),
			refused: "InvalidParameterException: Trust policy of role arn:aws:iam::123456789012:role/coderd is invalid"},
		{name: "a role that does not exist", given: with(object{"role_arn": "arn:aws:iam::123456789012:role/none"}, "sts:*"),
			refused: "InvalidParameterException: Role arn:aws:iam::123456789012:role/none does not exist"},
		{name: "a second association of one service account", refused: "ResourceInUseException: Association already exists: a-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := with(nil, "sts:*")(t, d)
				d.MustCreate(t, typ, config)
				return typ, config
			}},
	})
}

func TestEKSAccessLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	_, n := eksClusterIn(t, d)
	entry := d.MustCreate(t, "aws_eks_access_entry", object{"cluster_name": "coder", "principal_arn": adminRole})
	if want := "arn:aws:sts::123456789012:assumed-role/platform-team/{{SessionName}}"; entry["user_name"] != want {
		t.Errorf("user_name = %v, want %s", entry["user_name"], want)
	}
	d.MustCreate(t, "aws_eks_access_policy_association", object{"cluster_name": "coder", "principal_arn": adminRole,
		"policy_arn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", "access_scope": []any{object{"type": "cluster"}}})
	role := roleFor(t, d, "coderd", "pods.eks.amazonaws.com", "sts:*")
	d.MustCreate(t, "aws_eks_pod_identity_association", object{"cluster_name": "coder", "namespace": "coder", "service_account": "coder",
		"role_arn": role["arn"]})
	fargate := roleFor(t, d, "fargate", "eks-fargate-pods.amazonaws.com")
	d.MustCreate(t, "aws_eks_fargate_profile", object{"cluster_name": "coder", "fargate_profile_name": "system",
		"pod_execution_role_arn": fargate["arn"],
		"subnet_ids":             []any{n.subnets[0]["id"]}, "selector": []any{object{"namespace": "kube-system"}}})
	d.MustCreate(t, "aws_eks_identity_provider_config", object{"cluster_name": "coder", "oidc": []any{object{
		"client_id": "coder", "identity_provider_config_name": "corporate", "issuer_url": "https://login.example.com"}}})
	for _, name := range []string{"aws_eks_cluster", "aws_eks_cluster_auth"} {
		_, err := d.Data(name, object{"name": "coder"})
		expect(t, err, "")
	}
	_, err := d.Data("aws_eks_cluster", object{"name": "none"})
	expect(t, err, "ResourceNotFoundException: No cluster found for name: none.")
	versions, err := d.Data("aws_eks_cluster_versions", object{})
	expect(t, err, "")
	if got := len(versions["cluster_versions"].([]any)); got != 6 {
		t.Errorf("%d versions on offer, want 1.31 to 1.36", got)
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}
