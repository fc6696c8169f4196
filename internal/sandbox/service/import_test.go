package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestImport: what Terraform imports by another id than its own is found by the one that the Terraform registry documents for its type, and
// by no other.
func TestImport(t *testing.T) {
	t.Parallel()
	m := sandboxtest.NewMuseum(t)
	for _, s := range sandboxtest.Specimens() {
		m.Add(t, s)
	}
	for _, test := range []struct{ specimen, typeName, id, other string }{
		{"acl-rule", "aws_network_acl_rule", "${acl.id}:200:tcp:false", "${acl.id}:200:tcp:true"},
		{"route", "aws_route", "${table.id}_0.0.0.0/0", "${table.id}_10.0.0.0/8"},
		{"table-a", "aws_route_table_association", "${a.id}/${table.id}", "${b.id}/${acl.id}"},
		{"dhcp-vpc", "aws_vpc_dhcp_options_association", "${vpc.id}", "vpc-0"},
		{"endpoint-table", "aws_vpc_endpoint_route_table_association", "${endpoint.id}/${table-inline.id}", "${endpoint.id}/rtb-0"},
		{"endpoint-subnet", "aws_vpc_endpoint_subnet_association", "${endpoint-interface.id}/${b.id}", "${endpoint-interface.id}/subnet-0"},
		{"pod-identity", "aws_eks_pod_identity_association", "${cluster.name},${pod-identity.association_id}", "${cluster.name},a-0"},
		{"backup-selection", "aws_backup_selection", "${backup.id}|${backup-selection.id}", "${backup.id}|0"},
		{"only-policies", "aws_iam_role_policies_exclusive", "${role.name}", "none"},
		{"user-only-policies", "aws_iam_user_policies_exclusive", "${user.name}", "none"},
		{"people-only-attachments", "aws_iam_group_policy_attachments_exclusive", "${people.name}", "none"},
		{"attachment", "aws_iam_role_policy_attachment", "${role.name}/arn:aws:iam::aws:policy/AmazonEKSClusterPolicy", "${role.name}/arn:none"},
		{"user-attachment", "aws_iam_user_policy_attachment", "${user.name}/${policy.arn}", "none/${policy.arn}"},
		{"people-attachment", "aws_iam_group_policy_attachment", "${people.name}/${policy.arn}", "${people.name}/arn:none"},
		{"logs-filter", "aws_cloudwatch_log_metric_filter", "${logs.name}:${logs-filter.name}", "${logs.name}:none"},
		{"database", "aws_db_instance", "${database.identifier}", "none"},
	} {
		found, err := m.Import(test.typeName, m.Fill(t, test.id).(string))
		if err != nil || found["id"] != m.States[test.specimen]["id"] {
			t.Errorf("%s by %s: %v, %v", test.typeName, test.id, found["id"], err)
		}
		if found, err := m.Import(test.typeName, m.Fill(t, test.other).(string)); err == nil {
			t.Errorf("%s by %s is %v", test.typeName, test.other, found["id"])
		}
	}
}
