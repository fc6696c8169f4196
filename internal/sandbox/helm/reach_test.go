package helm

import (
	"strings"
	"testing"
)

// closedNetwork is a network without a way out, in which the cluster's nodes have endpoints of some services of AWS, some with a policy.
func closedNetwork(policies map[string]object, services ...string) func(*driver) {
	return func(d *driver) {
		d.put("aws_vpc", "vpc-1", object{"id": "vpc-1", "cidr_block": "10.0.0.0/16", "main_route_table_id": "rtb-1"})
		d.put("aws_security_group", "sg-1", object{"id": "sg-1", "vpc_id": "vpc-1"})
		d.put("aws_vpc_security_group_ingress_rule", "sgr-1", object{"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/16",
			"ip_protocol": "tcp", "from_port": 443.0, "to_port": 443.0})
		for zone, cidr := range map[string]string{"a": "10.0.1.0/24", "b": "10.0.2.0/24"} {
			d.put("aws_subnet", "subnet-"+zone, object{"id": "subnet-" + zone, "availability_zone": "us-east-1" + zone, "vpc_id": "vpc-1",
				"cidr_block": cidr})
		}
		for _, service := range services {
			id := "vpce-" + service
			d.put("aws_vpc_endpoint", id, object{"id": id, "vpc_id": "vpc-1", "service_name": "com.amazonaws.us-east-1." + service,
				"vpc_endpoint_type": map[bool]string{true: "Gateway", false: "Interface"}[service == "s3"], "private_dns_enabled": service != "s3"})
			if service == "s3" {
				d.put("aws_vpc_endpoint_route_table_association", "a-s3", object{"vpc_endpoint_id": id, "route_table_id": "rtb-1"})
			} else {
				d.put("aws_vpc_endpoint_subnet_association", "a-"+id, object{"vpc_endpoint_id": id, "subnet_id": "subnet-a"})
				d.put("aws_vpc_endpoint_security_group_association", "a-"+id, object{"vpc_endpoint_id": id, "security_group_id": "sg-1"})
			}
			if policy := policies[service]; policy != nil {
				d.put("aws_vpc_endpoint_policy", id, object{"vpc_endpoint_id": id, "policy": policy["policy"]})
			}
		}
	}
}

// TestWays: what a release meets in a network that has no way out, or not every way.
func TestWays(t *testing.T) {
	const own = "image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:3.4\n"
	images := []string{"ecr.api", "ecr.dkr", "s3"}
	reads := own + "provider: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf'"
	policy := func(action, resource string) object {
		return object{"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"` + action + `","Resource":"` +
			resource + `"}]}`}
	}
	reader := func(network func(*driver)) func(*driver) {
		return func(d *driver) {
			network(d)
			d.addon("aws-secrets-store-csi-driver-provider", `{"secrets-store-csi-driver":{"syncSecret":{"enabled":true}}}`)
			d.put("aws_iam_role", "reader", object{"id": "reader", "name": "reader", "arn": "arn:aws:iam::123456789012:role/reader"})
			d.put("aws_iam_role_policy", "reader:secrets", object{"id": "reader:secrets", "role": "reader", "name": "secrets",
				"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}`})
			d.put("aws_eks_pod_identity_association", "a-1", object{"cluster_name": "main", "namespace": "default", "service_account": "shop",
				"role_arn": "arn:aws:iam::123456789012:role/reader"})
		}
	}
	all := append([]string{"eks-auth", "secretsmanager"}, images...)
	for _, row := range []struct {
		name    string
		given   func(*driver)
		values  string
		refused string // empty if the release is installed
	}{
		{"an image of a registry on the internet", closedNetwork(nil, images...), "image: ghcr.io/shop/web:3.4",
			`ImagePullBackOff: Failed to pull image "ghcr.io/shop/web:3.4": failed to pull and unpack image "ghcr.io/shop/web:3.4": ` +
				`failed to resolve reference "ghcr.io/shop/web:3.4": failed to do request: Head "https://ghcr.io/v2/shop/web/manifests/3.4": ` +
				"dial tcp: i/o timeout"},
		{"an image without a registry", closedNetwork(nil, images...), "image: web:3.4", `"https://registry-1.docker.io/v2/web/manifests/3.4"`},
		{"an image of ECR", closedNetwork(nil, images...), own, ""},
		{"an image of ECR in another region", closedNetwork(nil, images...), strings.Replace(own, "us-east-1", "us-west-2", 1),
			"do not reach the registry 123456789012.dkr.ecr.us-west-2.amazonaws.com"},
		{"no endpoint to sign in to ECR", closedNetwork(nil, "ecr.dkr", "s3"), own, "authorization failed: no basic auth credentials"},
		{"no endpoint of the registry", closedNetwork(nil, "ecr.api", "s3"), own, "dial tcp: i/o timeout"},
		{"no endpoint for layers", closedNetwork(nil, "ecr.api", "ecr.dkr"), own, "starport-layer-bucket.s3.us-east-1.amazonaws.com"},
		{"a policy of S3 without the bucket of layers",
			closedNetwork(map[string]object{"s3": policy("s3:GetObject", "arn:aws:s3:::mine/*")}, images...), own, "403 Forbidden"},
		{"a policy with the repository",
			closedNetwork(map[string]object{"ecr.dkr": policy("ecr:*", "arn:aws:ecr:us-east-1:123456789012:repository/shop/*")}, images...),
			own, ""},
		{"a policy with another repository",
			closedNetwork(map[string]object{"ecr.dkr": policy("ecr:*", "arn:aws:ecr:us-east-1:123456789012:repository/other")}, images...),
			own, "manifests/3.4: 403 Forbidden"},

		{"a secret", reader(closedNetwork(nil, all...)), reads, ""},
		{"no endpoint for credentials of pods", reader(closedNetwork(nil, all[1:]...)), reads,
			"AssumeRoleForPodIdentity at eks-auth.us-east-1.api.aws: context deadline exceeded"},
		{"no endpoint for secrets", reader(closedNetwork(nil, append([]string{"eks-auth"}, images...)...)), reads,
			"operation error Secrets Manager: GetSecretValue, exceeded maximum number of attempts: dial tcp: i/o timeout"},
		{"a policy without the secret", reader(closedNetwork(map[string]object{"secretsmanager": policy("secretsmanager:*",
			"arn:aws:secretsmanager:us-east-1:123456789012:secret:other-*")}, all...)), reads,
			"because no VPC endpoint policy allows the secretsmanager:GetSecretValue action"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDriver(t)
			row.given(d)
			_, err := d.apply(nil, release("web", row.values))
			if row.refused == "" && err != nil || row.refused != "" && (err == nil || !strings.Contains(err.Error(), row.refused)) {
				t.Fatalf("got %v, want %q", err, row.refused)
			}
		})
	}
}
