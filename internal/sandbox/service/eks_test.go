package service_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// setting sets the scene of a rule and returns what to create.
type setting = func(*testing.T, *sandboxtest.Driver) (string, object)

func trust(service string, actions ...string) string {
	if len(actions) == 0 {
		actions = []string{"sts:AssumeRole"}
	}
	return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{
		object{"Effect": "Allow", "Principal": object{"Service": service}, "Action": actions}}})
}

func roleFor(t *testing.T, d *sandboxtest.Driver, name, service string, actions ...string) object {
	t.Helper()
	return d.MustCreate(t, "aws_iam_role", object{"name": name, "assume_role_policy": trust(service, actions...)})
}

// eksClusterConfig is a cluster that AWS takes, in two zones; the network is made for it.
func eksClusterConfig(t *testing.T, d *sandboxtest.Driver) (object, network) {
	t.Helper()
	n := networkIn(t, d, 2)
	return object{
		"name": "coder", "version": "1.35", "role_arn": roleFor(t, d, "coder-cluster", "eks.amazonaws.com")["arn"],
		"access_config": []any{object{"authentication_mode": "API"}},
		"vpc_config":    []any{object{"subnet_ids": []any{n.subnets[0]["id"], n.subnets[1]["id"]}}},
	}, n
}

// vpcConfig changes the vpc_config of a cluster.
func vpcConfig(cluster, change object) object {
	block := cluster["vpc_config"].([]any)[0].(object)
	return merged(cluster, object{"vpc_config": []any{merged(block, change)}})
}

func eksClusterIn(t *testing.T, d *sandboxtest.Driver) (object, network) {
	t.Helper()
	config, n := eksClusterConfig(t, d)
	return d.MustCreate(t, "aws_eks_cluster", config), n
}

func TestEKSCluster(t *testing.T) {
	autoMode := object{"compute_config": []any{object{"enabled": true}}, "storage_config": []any{object{
		"block_storage": []any{object{"enabled": true}}}},
		"kubernetes_network_config": []any{object{"elastic_load_balancing": []any{object{"enabled": true}}}}}
	with := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, _ := eksClusterConfig(t, d)
			return "aws_eks_cluster", merged(config, change)
		}
	}
	withVPC := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, _ := eksClusterConfig(t, d)
			return "aws_eks_cluster", vpcConfig(config, change)
		}
	}
	subnetsIn := func(region string, zones ...string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			vpc := vpcOf(t, d)
			var ids []any
			for i, zone := range zones {
				ids = append(ids,
					d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "availability_zone": region + zone, "cidr_block": "10.0." + string(rune('0'+i)) +
						".0/24"})["id"])
			}
			role := roleFor(t, d, "coder-cluster", "eks.amazonaws.com")
			return "aws_eks_cluster", object{"name": "coder", "role_arn": role["arn"], "vpc_config": []any{object{"subnet_ids": ids}}}
		}
	}
	encrypted := func(resource, key string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, _ := eksClusterConfig(t, d)
			if key == "" {
				key = d.MustCreate(t, "aws_kms_key", object{})["arn"].(string)
			}
			return "aws_eks_cluster",
				merged(config, object{"encryption_config": []any{object{"resources": []any{resource}, "provider": []any{object{"key_arn": key}}}}})
		}
	}
	network := func(change object) object { return object{"kubernetes_network_config": []any{change}} }
	check(t, []rule{
		{name: "a cluster in two zones", given: with(nil)},
		{name: "a cluster in the oldest version on offer", given: with(object{"version": "1.31"})},
		{name: "a cluster in the newest version on offer", given: with(object{"version": "1.36"})},
		{name: "a cluster without a version", given: with(object{"version": nil})},
		{name: "a version that is no longer offered", given: with(object{"version": "1.30"}),
			refused: "InvalidParameterException: unsupported Kubernetes version 1.30"},
		{name: "a version that will not be offered in ten years", given: with(object{"version": "1.99"}),
			refused: "InvalidParameterException: unsupported Kubernetes version 1.99"},
		{name: "a version that is newer than this program knows", given: with(object{"version": "1.37"})},
		{name: "a name of a hundred letters", given: with(object{"name": text(100)})},
		{name: "a longer name", given: with(object{"name": text(101)}),
			refused: "InvalidParameterException: 1 validation error detected: Value '" + text(101) +
				"' at 'name' failed to satisfy constraint: Member must have length less than or equal to 100"},
		{name: "a name that starts with a hyphen", given: with(object{"name": "-coder"}), refused: "InvalidParameterException"},
		{name: "subnets in one zone", given: subnetsIn("us-east-1", "a", "a"),
			refused: "InvalidParameterException: Subnets specified must be in at least two different AZs"},
		{name: "one subnet", given: subnetsIn("us-east-1", "a"),
			refused: "InvalidParameterException: Subnets specified must be in at least two different AZs"},
		{name: "a zone without control planes", given: subnetsIn("us-east-1", "a", "e"),
			refused: "UnsupportedAvailabilityZoneException: Cannot create cluster 'coder' because us-east-1e, the targeted availability zone, " +
				"does not currently have sufficient capacity to support the cluster. Retry and choose from these availability zones: us-east-1a, " +
				"us-east-1b, us-east-1c, us-east-1d, us-east-1f"},
		{name: "two zones of another region", given: subnetsIn("eu-west-1", "a", "c"), region: "eu-west-1"},
		{name: "a subnet that does not exist", given: withVPC(object{"subnet_ids": []any{"subnet-0"}}),
			refused: "InvalidParameterException: The subnet ID 'subnet-0' does not exist"},
		{name: "a role that does not exist", given: with(object{"role_arn": "arn:aws:iam::123456789012:role/none"}),
			refused: "InvalidParameterException: Role with arn: arn:aws:iam::123456789012:role/none, could not be assumed because it does not " +
				"exist or the trusted entity is not correct"},
		{name: "a role that does not trust EKS", refused: "could not be assumed because it does not exist or the trusted entity is not correct",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := eksClusterConfig(t, d)
				return "aws_eks_cluster", merged(config, object{"role_arn": roleFor(t, d, "other", "ec2.amazonaws.com")["arn"]})
			}},
		{name: "a private endpoint", given: withVPC(object{"endpoint_private_access": true, "endpoint_public_access": false})},
		{name: "no endpoint", given: withVPC(object{"endpoint_private_access": false, "endpoint_public_access": false}),
			refused: "InvalidParameterException: Private and public endpoint access cannot be false"},
		{name: "a public address", given: withVPC(object{"public_access_cidrs": []any{"203.0.113.7/32"}})},
		{name: "a private address for the public endpoint", given: withVPC(object{"public_access_cidrs": []any{"10.0.0.0/8"}}),
			refused: "InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [10.0.0.0/8]"},
		{name: "a service range", given: with(network(object{"service_ipv4_cidr": "172.20.0.0/16"}))},
		{name: "a public service range", given: with(network(object{"service_ipv4_cidr": "8.8.0.0/16"})),
			refused: "must be within RFC1918 range"},
		{name: "a service range that is too small", given: with(network(object{"service_ipv4_cidr": "172.20.0.0/25"})),
			refused: "It must have a netmask between /12 and /24"},
		{name: "a service range inside the VPC", given: with(network(object{"service_ipv4_cidr": "10.0.0.0/16"})),
			refused: "overlaps with VPC CIDR 10.0.0.0/16"},
		{name: "secrets encrypted", given: encrypted("secrets", "")},
		{name: "something else encrypted", given: encrypted("configmaps", ""),
			refused: "InvalidParameterException: Invalid k8s resource for encryption"},
		{name: "a key of another region", given: encrypted("secrets", "arn:aws:kms:eu-west-1:123456789012:key/1"),
			refused: "The keyArn for encryptionConfig is scoped to invalid aws region."},
		{name: "a key that does not exist", given: encrypted("secrets", "arn:aws:kms:us-east-1:123456789012:key/1"),
			refused: "InvalidParameterException: The keyArn in encryptionConfig provider is invalid"},
		{name: "a log type that does not exist", given: with(object{"enabled_cluster_log_types": []any{"kubelet"}}),
			refused: "Member must satisfy enum value set: [api, audit, authenticator, controllerManager, scheduler]"},
		{name: "half of Auto Mode", given: with(object{"compute_config": []any{object{"enabled": true}}}),
			refused: "For EKS Auto Mode, please ensure that all required configs"},
		{name: "Auto Mode with add-ons that the cluster brings", given: with(autoMode),
			refused: "InvalidParameterException: When EKS Auto Mode is enabled, bootstrapSelfManagedAddons must be set to false"},
		{name: "Auto Mode without them", given: with(merged(autoMode, object{"bootstrap_self_managed_addons": false}))},
		{name: "a second cluster of one name", refused: "ResourceInUseException: Cluster already exists with name: coder",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := eksClusterConfig(t, d)
				d.MustCreate(t, "aws_eks_cluster", config)
				return "aws_eks_cluster", config
			}},
	})
}

func TestEKSClusterUpdates(t *testing.T) {
	type update struct {
		name    string
		from    object
		change  func(n network, d *sandboxtest.Driver) object
		refused string
	}
	version := func(to string) func(network, *sandboxtest.Driver) object {
		return func(network, *sandboxtest.Driver) object { return object{"version": to} }
	}
	mode := func(to string) func(network, *sandboxtest.Driver) object {
		return func(network, *sandboxtest.Driver) object {
			return object{"access_config": []any{object{"authentication_mode": to}}}
		}
	}
	subnets := func(zone string) func(network, *sandboxtest.Driver) object {
		return func(n network, d *sandboxtest.Driver) object {
			extra, err := d.Create("aws_subnet", object{"vpc_id": n.vpc["id"], "cidr_block": "10.0.9.0/24", "availability_zone": "us-east-1" + zone})
			if err != nil {
				return nil
			}
			return object{"vpc_config": []any{object{"subnet_ids": []any{n.subnets[0]["id"], extra["id"]}}}}
		}
	}
	for _, u := range []update{
		{name: "one minor version up", from: object{"version": "1.33"}, change: version("1.34")},
		{name: "two minor versions up", from: object{"version": "1.33"}, change: version("1.35"),
			refused: "InvalidParameterException: Unsupported Kubernetes minor version update from 1.33 to 1.35"},
		{name: "a version down", from: object{"version": "1.35"}, change: version("1.34"),
			refused: "Unsupported Kubernetes minor version update from 1.35 to 1.34"},
		{name: "other subnets in the same zones", change: subnets("b")},
		{name: "subnets in other zones", change: subnets("c"), refused: "InvalidParameterException: Provided subnets"},
		{name: "authentication forward", from: object{"access_config": []any{object{"authentication_mode": "API_AND_CONFIG_MAP"}}},
			change: mode("API")},
		{name: "authentication backward", change: mode("CONFIG_MAP"), refused: "Unsupported authentication mode update from API to CONFIG_MAP"},
	} {
		t.Run(u.name, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			config, n := eksClusterConfig(t, d)
			config = merged(config, u.from)
			state := d.MustCreate(t, "aws_eks_cluster", config)
			_, err := d.Update("aws_eks_cluster", state, merged(config, u.change(n, d)))
			expect(t, err, u.refused)
		})
	}
}

func TestEKSClusterMakes(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, n := eksClusterConfig(t, d)
	cluster := d.MustCreate(t, "aws_eks_cluster", merged(config, object{"enabled_cluster_log_types": []any{"api"}}))

	block := cluster["vpc_config"].([]any)[0].(object)
	if got, want := block["vpc_id"], n.vpc["id"]; got != want {
		t.Errorf("vpc_config.vpc_id = %v, want %v", got, want)
	}
	group, err := d.Import("aws_security_group", block["cluster_security_group_id"].(string))
	expect(t, err, "")
	if name, _ := group["name"].(string); !strings.HasPrefix(name, "eks-cluster-sg-coder-") {
		t.Errorf("the cluster's security group is called %q", name)
	}
	if _, err := d.Import("aws_cloudwatch_log_group", "/aws/eks/coder/cluster"); err != nil {
		t.Errorf("EKS makes the log group that the user did not: %v", err)
	}
	authority := cluster["certificate_authority"].([]any)[0].(object)["data"].(string)
	text, err := base64.StdEncoding.DecodeString(authority)
	expect(t, err, "")
	decoded, _ := pem.Decode(text)
	if decoded == nil {
		t.Fatalf("certificate_authority is no PEM: %s", text)
	}
	if certificate, err := x509.ParseCertificate(decoded.Bytes); err != nil || !certificate.IsCA {
		t.Errorf("certificate_authority is no authority: %v", err)
	}
	issuer := cluster["identity"].([]any)[0].(object)["oidc"].([]any)[0].(object)["issuer"].(string)
	if !strings.HasPrefix(issuer, "https://oidc.eks.us-east-1.amazonaws.com/id/") {
		t.Errorf("issuer = %s", issuer)
	}
	again := sandboxtest.New(t, "")
	sameConfig, _ := eksClusterConfig(t, again)
	same := again.MustCreate(t, "aws_eks_cluster", merged(sameConfig, object{"enabled_cluster_log_types": []any{"api"}}))
	if diff := cmp.Diff(cluster, same); diff != "" {
		t.Errorf("the same cluster in another world differs:\n%s", diff)
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

// A block that is configured in part keeps what EKS added to it.
func TestEKSClusterPlansNoChange(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, _ := eksClusterConfig(t, d)
	config = merged(config, object{"kubernetes_network_config": []any{object{"service_ipv4_cidr": "172.20.0.0/16"}},
		"upgrade_policy": []any{object{"support_type": "STANDARD"}}})
	state := d.MustCreate(t, "aws_eks_cluster", config)
	planned, err := d.Plan("aws_eks_cluster", state, config)
	expect(t, err, "")
	if diff := cmp.Diff(state, planned); diff != "" {
		t.Errorf("the same configuration plans a change:\n%s", diff)
	}
}

func TestEKSClusterDeletion(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, n := nodeGroupConfig(t, d)
	cluster, err := d.Import("aws_eks_cluster", "coder")
	expect(t, err, "")
	group := d.MustCreate(t, "aws_eks_node_group", config)
	addon := d.MustCreate(t, "aws_eks_addon", object{"cluster_name": "coder", "addon_name": "coredns"})

	expect(t, d.Delete("aws_subnet", n.subnets[0]), "DependencyViolation")
	expect(t, d.Delete("aws_eks_cluster", cluster), "ResourceInUseException: Cluster has nodegroups attached")
	expect(t, d.Delete("aws_eks_node_group", group), "")
	protected, err := d.Update("aws_eks_cluster", cluster, merged(clusterOnly(cluster), object{"deletion_protection": true}))
	expect(t, err, "")
	expect(t, d.Delete("aws_eks_cluster", protected), "InvalidRequestException: Cannot delete cluster because deletion protection is enabled")
	_, err = d.Update("aws_eks_cluster", protected, merged(clusterOnly(cluster), object{"deletion_protection": false}))
	expect(t, err, "")
	expect(t, d.Delete("aws_eks_cluster", cluster), "")
	if gone, err := d.Read("aws_eks_addon", addon); err != nil || gone != nil {
		t.Errorf("the add-on outlives its cluster: %v %v", gone, err)
	}
	expect(t, d.Delete("aws_subnet", n.subnets[0]), "")
}

// clusterOnly is the configuration behind a cluster of eksClusterConfig.
func clusterOnly(cluster object) object {
	block := cluster["vpc_config"].([]any)[0].(object)
	return object{"name": cluster["name"], "version": cluster["version"], "role_arn": cluster["role_arn"],
		"bootstrap_self_managed_addons": cluster["bootstrap_self_managed_addons"],
		"access_config":                 []any{object{"authentication_mode": "API"}},
		"vpc_config":                    []any{object{"subnet_ids": block["subnet_ids"]}}}
}
