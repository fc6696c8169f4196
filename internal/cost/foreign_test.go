package cost_test

import (
	"slices"
	"testing"

	"coderaws/internal/cost"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestNothingLeftOut: what costs money and has no price is named, of whatever provider it is, and what costs nothing is not.
func TestNothingLeftOut(t *testing.T) {
	for _, test := range []struct {
		name     string
		resource *tfjson.StateResource
		total    string
		named    bool
	}{
		{"a value of chance", resource("random_password.p", nil), "0.00", false},
		{"a chart in a cluster whose nodes are priced", resource("helm_release.h", nil), "0.00", false},
		{"a machine of another cloud", resource("google_compute_instance.g", nil), "0.00", true},
		{"a resource of AWS's other provider", resource("awscc_ec2_instance.i", nil), "0.00", true},
		{"a service in the cluster", resource("kubernetes_service_v1.s", values{"spec": []any{values{"type": "ClusterIP"}}}), "0.00", false},
		{"a service that makes a load balancer", resource("kubernetes_service.s", values{"spec": []any{values{"type": "LoadBalancer"}}}),
			"0.00", true},
		{"a claim for a volume", resource("kubernetes_persistent_volume_claim_v1.c", nil), "0.00", true},
		{"a set of pods with volumes", resource("kubernetes_stateful_set.s",
			values{"spec": []any{values{"volume_claim_template": []any{values{}}}}}), "0.00", true},
		{"a set of pods without", resource("kubernetes_stateful_set.s", values{"spec": []any{values{}}}), "0.00", false},
		{"a volume of provisioned speed", resource("aws_ebs_volume.v", values{"type": "io2", "size": 100.0}), "0.00", true},
		// 730 h × 0.096, without the disk
		{"a root volume of provisioned speed", resource("aws_instance.i", values{"instance_type": "m5.large",
			"root_block_device": []any{values{"volume_type": "io1", "volume_size": 100.0}}}), "70.08", true},
		// 730 h × 0.096 + 8 GB × 0.08 + 730 h × 0.005
		{"an instance with a public address", resource("aws_instance.i", values{"instance_type": "m5.large",
			"associate_public_ip_address": true}), "74.37", false},
		{"an instance of its own hardware", resource("aws_instance.i", values{"instance_type": "m5.large", "tenancy": "dedicated"}), "70.72",
			true},
		{"an instance as most are", resource("aws_instance.i", values{"instance_type": "m5.large", "tenancy": "default"}), "70.72", false},
		{"a cluster in Auto Mode", resource("aws_eks_cluster.c", values{"version": "1.35",
			"compute_config": []any{values{"enabled": true}}}), "73.00", true},
		{"a cluster with a provisioned control plane", resource("aws_eks_cluster.c", values{"version": "1.35",
			"control_plane_scaling_config": []any{values{"tier": "tier-xl"}}}), "73.00", true},
		{"a secret in three regions", resource("aws_secretsmanager_secret.s", values{"replica": []any{values{}, values{}}}), "1.20", false},
		{"flow logs in a bucket", resource("aws_flow_log.f", values{"log_destination_type": "s3"}), "0.00", true},
		{"flow logs in CloudWatch", resource("aws_flow_log.f", values{"log_destination_type": "cloud-watch-logs"}), "0.00", false},
	} {
		r := estimate(t, planOf(nil, test.resource), cost.Options{})
		if got := r.Total().Cents(); got != test.total {
			t.Errorf("%s: %s, want %s", test.name, got, test.total)
		}
		named := slices.ContainsFunc(r.Unpriced, func(u cost.Unpriced) bool { return u.Address == test.resource.Address && u.Why != "" })
		if named != test.named {
			t.Errorf("%s: it is named as not priced: %t, want %t", test.name, named, test.named)
		}
	}
}
