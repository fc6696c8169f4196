package sandboxtest

import (
	"fmt"
	"regexp"
	"testing"

	"coderaws/internal/sandbox/world"
)

type (
	object = Object
	list   = []any
)

// Specimen is a working example of a resource type. ${name.attribute} in its arguments stands for what an earlier one has.
type Specimen struct {
	Name, TypeName string
	Arguments      object
}

// Specimens has an example of every modelled type, in an order in which they can be made in one world. An example has the arguments
// that matter for its rules: hostile values are put in their places.
func Specimens() []Specimen {
	var all []Specimen
	for _, part := range [][]Specimen{networkSpecimens(), accessSpecimens(), storageSpecimens(), computeSpecimens(),
		databaseSpecimens(), deliverySpecimens()} {
		all = append(all, part...)
	}
	return all
}

// statement is a policy of one statement.
func statement(fields object) string {
	full := object{"Effect": "Allow"}
	for name, value := range fields {
		full[name] = value
	}
	return JSON(object{"Version": "2012-10-17", "Statement": list{full}})
}

func trust(service string) string {
	return statement(object{"Principal": object{"Service": service + ".amazonaws.com"}, "Action": "sts:AssumeRole"})
}

func networkSpecimens() []Specimen {
	return []Specimen{
		{"vpc", "aws_vpc", object{"cidr_block": "10.0.0.0/16", "enable_dns_support": true, "enable_dns_hostnames": true}},
		{"range", "aws_vpc_ipv4_cidr_block_association", object{"vpc_id": "${vpc.id}", "cidr_block": "10.1.0.0/16"}},
		{"other-vpc", "aws_vpc", object{"cidr_block": "10.9.0.0/16"}},
		{"a", "aws_subnet", object{"vpc_id": "${vpc.id}", "cidr_block": "10.0.0.0/20", "availability_zone": "us-east-1a",
			"map_public_ip_on_launch": true}},
		{"b", "aws_subnet", object{"vpc_id": "${vpc.id}", "cidr_block": "10.0.16.0/20", "availability_zone": "us-east-1b"}},
		{"gateway", "aws_internet_gateway", object{"vpc_id": "${vpc.id}"}},
		{"address", "aws_eip", object{"domain": "vpc"}},
		{"nat", "aws_nat_gateway", object{"subnet_id": "${a.id}", "allocation_id": "${address.id}"}},
		{"table", "aws_route_table", object{"vpc_id": "${vpc.id}"}},
		{"table-inline", "aws_route_table", object{"vpc_id": "${vpc.id}", "route": list{object{"cidr_block": "0.0.0.0/0",
			"gateway_id": "${gateway.id}"}}}},
		{"table-default", "aws_default_route_table", object{"default_route_table_id": "${vpc.default_route_table_id}",
			"route": list{object{"cidr_block": "192.0.2.0/24", "nat_gateway_id": "${nat.id}"}}}},
		{"route", "aws_route", object{"route_table_id": "${table.id}", "destination_cidr_block": "0.0.0.0/0",
			"gateway_id": "${gateway.id}"}},
		{"table-a", "aws_route_table_association", object{"route_table_id": "${table.id}", "subnet_id": "${a.id}"}},
		{"table-main", "aws_main_route_table_association", object{"vpc_id": "${vpc.id}", "route_table_id": "${table.id}"}},
		{"acl", "aws_network_acl", object{"vpc_id": "${vpc.id}", "ingress": list{
			object{"rule_no": 100, "protocol": "tcp", "action": "allow", "cidr_block": "10.0.0.0/16", "from_port": 443, "to_port": 443},
			object{"rule_no": 110, "protocol": "tcp", "action": "allow", "cidr_block": "0.0.0.0/0", "from_port": 1024, "to_port": 65535}},
			"egress": list{object{"rule_no": 100, "protocol": "-1", "action": "allow", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0}}}},
		{"acl-rule", "aws_network_acl_rule", object{"network_acl_id": "${acl.id}", "rule_number": 200, "protocol": "tcp",
			"rule_action": "allow",
			"cidr_block":  "10.0.0.0/16", "from_port": 80, "to_port": 80}},
		{"acl-b", "aws_network_acl_association", object{"network_acl_id": "${acl.id}", "subnet_id": "${b.id}"}},
		{"acl-default", "aws_default_network_acl", object{"default_network_acl_id": "${vpc.default_network_acl_id}",
			"ingress": list{object{"rule_no": 100, "protocol": "-1", "action": "allow", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0}},
			"egress":  list{object{"rule_no": 100, "protocol": "-1", "action": "allow", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0}}}},
		{"dhcp", "aws_vpc_dhcp_options", object{"domain_name": "example.com", "domain_name_servers": list{"AmazonProvidedDNS"}}},
		{"dhcp-vpc", "aws_vpc_dhcp_options_association", object{"vpc_id": "${vpc.id}", "dhcp_options_id": "${dhcp.id}"}},
		{"group", "aws_security_group", object{"name": "web", "vpc_id": "${vpc.id}", "ingress": list{object{
			"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": list{"10.0.0.0/16"}}}}},
		{"other-group", "aws_security_group", object{"name": "other", "vpc_id": "${vpc.id}"}},
		{"group-default", "aws_default_security_group", object{"vpc_id": "${vpc.id}", "egress": list{object{
			"from_port": 0, "to_port": 0, "protocol": "-1", "security_groups": list{"${group.id}"}}}}},
		{"group-rule", "aws_security_group_rule", object{"security_group_id": "${other-group.id}", "type": "ingress", "protocol": "tcp",
			"from_port": 80, "to_port": 80, "cidr_blocks": list{"10.0.0.0/16"}}},
		{"group-in", "aws_vpc_security_group_ingress_rule", object{"security_group_id": "${other-group.id}", "ip_protocol": "tcp",
			"from_port": 22, "to_port": 22, "referenced_security_group_id": "${group.id}"}},
		{"group-out", "aws_vpc_security_group_egress_rule", object{"security_group_id": "${other-group.id}", "ip_protocol": "-1",
			"cidr_ipv4": "0.0.0.0/0"}},
		{"transit-attachment", "aws_ec2_transit_gateway_vpc_attachment", object{"transit_gateway_id": "tgw-0123456789abcdef0",
			"vpc_id": "${vpc.id}", "subnet_ids": list{"${a.id}", "${b.id}"}}},
		{"endpoint", "aws_vpc_endpoint", object{"vpc_id": "${vpc.id}", "service_name": "com.amazonaws.us-east-1.s3"}},
		{"endpoint-interface", "aws_vpc_endpoint", object{"vpc_id": "${vpc.id}", "service_name": "com.amazonaws.us-east-1.ecr.api",
			"vpc_endpoint_type": "Interface",
			"subnet_ids":        list{"${a.id}"}, "security_group_ids": list{"${group.id}"}, "private_dns_enabled": true}},
		{"endpoint-table", "aws_vpc_endpoint_route_table_association", object{"vpc_endpoint_id": "${endpoint.id}",
			"route_table_id": "${table-inline.id}"}},
		{"endpoint-subnet", "aws_vpc_endpoint_subnet_association", object{"vpc_endpoint_id": "${endpoint-interface.id}", "subnet_id": "${b.id}"}},
		{"endpoint-group", "aws_vpc_endpoint_security_group_association", object{"vpc_endpoint_id": "${endpoint-interface.id}",
			"security_group_id": "${other-group.id}"}},
		{"endpoint-policy", "aws_vpc_endpoint_policy", object{"vpc_endpoint_id": "${endpoint.id}",
			"policy": `{"Version":"2012-10-17","Statement":[]}`}},
		{"zone", "aws_route53_zone", object{"name": "example.com"}},
		{"private", "aws_route53_zone", object{"name": "internal.example.com", "vpc": list{object{"vpc_id": "${vpc.id}"}}}},
		{"zone-vpc", "aws_route53_zone_association", object{"zone_id": "${private.zone_id}", "vpc_id": "${other-vpc.id}"}},
		{"resolver-rule", "aws_route53_resolver_rule", object{"domain_name": "amazonaws.com", "rule_type": "FORWARD",
			"resolver_endpoint_id": "rslvr-out-0123456789abcdef0", "target_ip": list{object{"ip": "10.100.0.2"}}}},
		{"resolver-rule-vpc", "aws_route53_resolver_rule_association", object{"resolver_rule_id": "${resolver-rule.id}",
			"vpc_id": "${vpc.id}"}},
		{"health", "aws_route53_health_check", object{"type": "HTTPS", "fqdn": "example.com", "port": 443, "resource_path": "/",
			"failure_threshold": 3, "request_interval": 30}},
		{"record", "aws_route53_record", object{"zone_id": "${zone.zone_id}", "name": "www", "type": "A", "ttl": 60,
			"records": list{"192.0.2.1"}}},
	}
}

func accessSpecimens() []Specimen {
	return []Specimen{
		{"policy", "aws_iam_policy", object{"name": "read", "policy": statement(object{"Action": "s3:GetObject", "Resource": "*"})}},
		{"role", "aws_iam_role", object{"name": "eks", "assume_role_policy": trust("eks")}},
		{"role-inline", "aws_iam_role", object{"name": "inline", "assume_role_policy": trust("ec2"),
			"managed_policy_arns": list{"${policy.arn}"},
			"inline_policy":       list{object{"name": "p", "policy": statement(object{"Action": "s3:GetObject", "Resource": "*"})}}}},
		{"node", "aws_iam_role", object{"name": "node", "assume_role_policy": trust("ec2")}},
		{"pods", "aws_iam_role", object{"name": "pods", "assume_role_policy": statement(object{
			"Principal": object{"Service": "pods.eks.amazonaws.com"}, "Action": list{"sts:AssumeRole", "sts:TagSession"}})}},
		{"fargate", "aws_iam_role", object{"name": "fargate", "assume_role_policy": trust("eks-fargate-pods")}},
		{"runner", "aws_iam_role", object{"name": "runner", "assume_role_policy": trust("states")}},
		{"scheduler", "aws_iam_role", object{"name": "scheduler", "assume_role_policy": trust("scheduler")}},
		{"function-role", "aws_iam_role", object{"name": "function", "assume_role_policy": trust("lambda")}},
		{"trail-role", "aws_iam_role", object{"name": "trail", "assume_role_policy": trust("cloudtrail")}},
		{"backup-role", "aws_iam_role", object{"name": "backup", "assume_role_policy": trust("backup")}},
		{"proxy-role", "aws_iam_role", object{"name": "proxy", "assume_role_policy": trust("rds")}},
		{"flow-role", "aws_iam_role", object{"name": "flow", "assume_role_policy": trust("vpc-flow-logs")}},
		{"role-policy", "aws_iam_role_policy", object{"name": "p", "role": "${role.id}",
			"policy": statement(object{"Action": "ec2:*", "Resource": "*"})}},
		{"runner-policy", "aws_iam_role_policy", object{"name": "p", "role": "${runner.id}",
			"policy": statement(object{"Action": "*", "Resource": "*"})}},
		{"scheduler-policy", "aws_iam_role_policy", object{"name": "p", "role": "${scheduler.id}",
			"policy": statement(object{"Action": "*", "Resource": "*"})}},
		{"attachment", "aws_iam_role_policy_attachment", object{"role": "${role.name}",
			"policy_arn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"}},
		{"only-policies", "aws_iam_role_policies_exclusive", object{"role_name": "${role.name}", "policy_names": list{"p"}}},
		{"only-attachments", "aws_iam_role_policy_attachments_exclusive", object{"role_name": "${role.name}",
			"policy_arns": list{"arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"}}},
		{"node-worker", "aws_iam_role_policy_attachment", object{"role": "${node.name}",
			"policy_arn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"}},
		{"node-cni", "aws_iam_role_policy_attachment", object{"role": "${node.name}",
			"policy_arn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"}},
		{"node-images", "aws_iam_role_policy_attachment", object{"role": "${node.name}",
			"policy_arn": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"}},
		{"profile", "aws_iam_instance_profile", object{"name": "node", "role": "${node.name}"}},
		{"people", "aws_iam_group", object{"name": "people"}},
		{"user", "aws_iam_user", object{"name": "robot"}},
		{"user-key", "aws_iam_access_key", object{"user": "${user.name}"}},
		{"user-policy", "aws_iam_user_policy", object{"name": "p", "user": "${user.name}",
			"policy": statement(object{"Action": "s3:GetObject", "Resource": "*"})}},
		{"people-policy", "aws_iam_group_policy", object{"name": "p", "group": "${people.name}",
			"policy": statement(object{"Action": "s3:GetObject", "Resource": "*"})}},
		{"user-attachment", "aws_iam_user_policy_attachment", object{"user": "${user.name}", "policy_arn": "${policy.arn}"}},
		{"people-attachment", "aws_iam_group_policy_attachment", object{"group": "${people.name}", "policy_arn": "${policy.arn}"}},
		{"policy-everywhere", "aws_iam_policy_attachment", object{"name": "everywhere", "policy_arn": "${policy.arn}",
			"roles": list{"${role.name}"}, "users": list{"${user.name}"}, "groups": list{"${people.name}"}}},
		{"user-only-policies", "aws_iam_user_policies_exclusive", object{"user_name": "${user.name}", "policy_names": list{"p"}}},
		{"people-only-policies", "aws_iam_group_policies_exclusive", object{"group_name": "${people.name}", "policy_names": list{"p"}}},
		{"user-only-attachments", "aws_iam_user_policy_attachments_exclusive", object{"user_name": "${user.name}",
			"policy_arns": list{"${policy.arn}"}}},
		{"people-only-attachments", "aws_iam_group_policy_attachments_exclusive", object{"group_name": "${people.name}",
			"policy_arns": list{"${policy.arn}"}}},
		{"membership", "aws_iam_group_membership", object{"name": "people", "group": "${people.name}", "users": list{"${user.name}"}}},
		{"user-groups", "aws_iam_user_group_membership", object{"user": "${user.name}", "groups": list{"${people.name}"}}},
		{"issuer", "aws_iam_openid_connect_provider", object{"url": "https://token.actions.githubusercontent.com",
			"client_id_list": list{"sts.amazonaws.com"}}},
		{"linked", "aws_iam_service_linked_role", object{"aws_service_name": "spot.amazonaws.com"}},
		{"key", "aws_kms_key", object{"description": "data", "enable_key_rotation": true}},
		{"key-policy", "aws_kms_key_policy", object{"key_id": "${key.key_id}", "policy": statement(object{
			"Principal": object{"AWS": list{"arn:aws:iam::123456789012:root",
				"arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}},
			"Action": "kms:*", "Resource": "*"})}},
		{"key-alias", "aws_kms_alias", object{"name": "alias/data", "target_key_id": "${key.key_id}"}},
		{"key-grant", "aws_kms_grant", object{"name": "g", "key_id": "${key.key_id}", "grantee_principal": "${role.arn}",
			"operations":  list{"Decrypt"},
			"constraints": list{object{"encryption_context_equals": object{"Department": "Finance"}}}}},
		{"logs", "aws_cloudwatch_log_group", object{"name": "/app", "retention_in_days": 30}},
		{"logs-stream", "aws_cloudwatch_log_stream", object{"log_group_name": "${logs.name}", "name": "s"}},
		{"logs-filter", "aws_cloudwatch_log_metric_filter", object{"log_group_name": "${logs.name}", "name": "errors",
			"pattern":               "ERROR",
			"metric_transformation": list{object{"name": "errors", "namespace": "app", "value": "1"}}}},
		{"logs-policy", "aws_cloudwatch_log_resource_policy", object{"policy_name": "dns", "policy_document": statement(object{
			"Principal": object{"Service": "route53.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"})}},
		{"alarm", "aws_cloudwatch_metric_alarm", object{"alarm_name": "high", "comparison_operator": "GreaterThanThreshold",
			"evaluation_periods": 1,
			"metric_name":        "CPUUtilization", "namespace": "AWS/EC2", "period": 60, "statistic": "Average", "threshold": 80}},
		{"alarms", "aws_cloudwatch_composite_alarm", object{"alarm_name": "all", "alarm_rule": "ALARM(high)"}},
		{"dashboard", "aws_cloudwatch_dashboard", object{"dashboard_name": "d", "dashboard_body": `{"widgets": []}`}},
		{"secret", "aws_secretsmanager_secret", object{"name": "ecr-pullthroughcache/hub", "kms_key_id": "${key.arn}"}},
		{"secret-value", "aws_secretsmanager_secret_version", object{"secret_id": "${secret.id}", "secret_string": "s"}},
		{"secret-policy", "aws_secretsmanager_secret_policy", object{"secret_arn": "${secret.arn}", "policy": statement(object{
			"Principal": object{"AWS": "${role.arn}"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"})}},
		{"parameter", "aws_ssm_parameter", object{"name": "/app/p", "type": "String", "value": "v"}},
		{"quota", "aws_servicequotas_service_quota", object{"service_code": "vpc", "quota_code": "L-F678F1CE", "value": 10}},
		{"budget", "aws_budgets_budget", object{"name": "b", "budget_type": "COST", "time_unit": "MONTHLY", "limit_amount": "100",
			"limit_unit": "USD",
			"notification": list{object{"comparison_operator": "GREATER_THAN", "threshold": 80, "threshold_type": "PERCENTAGE",
				"notification_type":          "ACTUAL",
				"subscriber_email_addresses": list{"a@example.com"}}}}},
	}
}

// Museum is a world with specimens, and their states by name.
type Museum struct {
	*Driver
	States map[string]Object
}

var placeholder = regexp.MustCompile(`\$\{([a-z0-9-]+)\.([a-z0-9_]+)\}`)

// NewMuseum makes an empty one.
func NewMuseum(t testing.TB) *Museum {
	t.Helper()
	return &Museum{Driver: New(t, ""), States: map[string]Object{}}
}

// Fill fills in what a specimen takes from others.
func (m *Museum) Fill(t testing.TB, value any) any {
	switch v := value.(type) {
	case string:
		return placeholder.ReplaceAllStringFunc(v, func(found string) string {
			parts := placeholder.FindStringSubmatch(found)
			text, ok := m.States[parts[1]][parts[2]].(string)
			if !ok {
				t.Errorf("no specimen says %s", found)
			}
			return text
		})
	case int:
		return float64(v)
	case list:
		all := make(list, len(v))
		for i := range v {
			all[i] = m.Fill(t, v[i])
		}
		return all
	case object:
		all := object{}
		for name, inner := range v {
			all[name] = m.Fill(t, inner)
		}
		return all
	}
	return value
}

// Add makes a specimen.
func (m *Museum) Add(t testing.TB, s Specimen) {
	t.Helper()
	state, err := m.Create(s.TypeName, m.Fill(t, s.Arguments).(object))
	if err != nil {
		t.Fatal(fmt.Errorf("the specimen %s, %s: %w", s.Name, s.TypeName, err))
	}
	m.States[s.Name] = state
}

// Kept is what a world holds. Resources are values: what changes one puts another in its place.
func (m *Museum) Kept() map[string]*world.Resource {
	all := map[string]*world.Resource{}
	_ = m.World.Do(func() error {
		for _, r := range m.World.List(nil) {
			all[r.Key()] = r
		}
		return nil
	})
	return all
}

// Restore puts a world back to what it held.
func (m *Museum) Restore(kept map[string]*world.Resource) {
	_ = m.World.Do(func() error {
		for _, r := range m.World.List(nil) {
			if _, was := kept[r.Key()]; !was {
				m.World.Remove(r)
			}
		}
		still := map[*world.Resource]bool{}
		for _, r := range m.World.List(nil) {
			still[r] = true
		}
		for _, r := range kept {
			if !still[r] {
				m.World.Put(r)
			}
		}
		return nil
	})
}
