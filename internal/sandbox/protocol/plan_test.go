package protocol_test

import (
	"errors"
	"maps"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

type object = sandboxtest.Object

// The expected values below were measured on hashicorp/aws 5.100.0.
func TestPlansAsTheOlderSDK(t *testing.T) {
	var unknown world.Unknown
	for _, test := range []struct {
		name, typeName string
		config         object
		attribute      string
		want           any
	}{
		{"a set with an unknown element is unknown", "aws_vpc_endpoint",
			object{"vpc_id": "vpc-1", "service_name": "com.amazonaws.us-east-1.s3", "route_table_ids": []any{"rtb-1", unknown}},
			"route_table_ids", unknown},
		{"a set without one is not", "aws_vpc_endpoint",
			object{"vpc_id": "vpc-1", "service_name": "com.amazonaws.us-east-1.s3", "route_table_ids": []any{"rtb-1"}}, "route_table_ids",
			[]any{"rtb-1"}},
		{"objects that are attributes have no nulls", "aws_security_group",
			object{"vpc_id": "vpc-1",
				"ingress": []any{object{"protocol": "tcp", "from_port": 80, "to_port": 80, "security_groups": []any{"sg-1", unknown}}}}, "ingress",
			[]any{object{"protocol": "tcp", "from_port": 80.0, "to_port": 80.0, "security_groups": unknown, "cidr_blocks": []any{},
				"ipv6_cidr_blocks": []any{},
				"prefix_list_ids":  []any{}, "description": "", "self": false}}},
		{"a map with an unknown element is unknown", "aws_cloudwatch_metric_alarm",
			object{"alarm_name": "a", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1,
				"dimensions": object{"LoadBalancer": unknown, "Zone": "a"}}, "dimensions", unknown},
		{"numbers of objects that are attributes may be null", "aws_network_acl",
			object{"vpc_id": "vpc-1", "ingress": []any{object{"protocol": "tcp", "rule_no": 100, "action": "allow", "cidr_block": "0.0.0.0/0",
				"from_port": 0, "to_port": 0}}}, "ingress",
			[]any{object{"protocol": "tcp", "rule_no": 100.0, "action": "allow", "cidr_block": "0.0.0.0/0", "ipv6_cidr_block": "", "from_port": 0.0,
				"to_port":   0.0,
				"icmp_type": nil, "icmp_code": nil}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			planned, err := d.Plan(test.typeName, nil, test.config)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, planned[test.attribute]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.attribute, diff)
			}
		})
	}
}

// What means the same is planned the same, however it is written.
func TestRewritesTexts(t *testing.T) {
	const document = `{ "Version": "2012-10-17", "Statement": [] }`
	for _, test := range []struct {
		typeName, attribute, written, want string
		config                             object
	}{
		{"aws_sqs_queue", "policy", document, `{"Statement":[],"Version":"2012-10-17"}`, object{"name": "q"}},
		{"aws_vpclattice_auth_policy", "policy", document, `{"Statement":[],"Version":"2012-10-17"}`, object{"resource_identifier": "svc-1"}},
		{"aws_iam_role_policy", "policy", document, `{"Version":"2012-10-17","Statement":[]}`, object{"role": "r"}},
		{"aws_sqs_queue", "policy", "no JSON", "no JSON", object{"name": "q"}},
		{"aws_rds_cluster", "preferred_maintenance_window", "Sun:03:00-Sun:04:00", "sun:03:00-sun:04:00", object{"engine": "aurora-postgresql"}},
		{"aws_key_pair", "public_key", "ssh-ed25519 AAAA a@example.com\n", "ssh-ed25519 AAAA a@example.com", object{}},
		{"aws_route53_traffic_policy_instance", "name", "WWW.example.com.", "www.example.com",
			object{"hosted_zone_id": "Z1", "traffic_policy_id": "p", "traffic_policy_version": 1, "ttl": 60}},
		{"aws_batch_compute_environment", "state", "enabled", "ENABLED", object{"type": "MANAGED"}},
		{"aws_route53_resolver_rule", "domain_name", "example.com.", "example.com", object{"rule_type": "SYSTEM"}},
	} {
		t.Run(test.typeName+" "+test.written, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			config := maps.Clone(test.config)
			config[test.attribute] = test.written
			planned, err := d.Plan(test.typeName, nil, config)
			if err != nil || planned[test.attribute] != test.want {
				t.Errorf("%s is planned %q (%v), want %q", test.attribute, planned[test.attribute], err, test.want)
			}
		})
	}
}

// What the configuration takes from a resource that will be replaced is unknown until then, and has to be planned as a change.
func TestPlansUnknownArgumentsAsChanges(t *testing.T) {
	d := sandboxtest.New(t, "")
	vpc := d.MustCreate(t, "aws_vpc", object{"cidr_block": "10.0.0.0/16"})
	gateway := d.MustCreate(t, "aws_internet_gateway", object{"vpc_id": vpc["id"]})
	table := d.MustCreate(t, "aws_route_table", object{"vpc_id": vpc["id"]})
	config := object{"route_table_id": table["id"], "destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway["id"]}
	route := d.MustCreate(t, "aws_route", config)

	config["gateway_id"] = world.Unknown{}
	planned, err := d.Plan("aws_route", route, config)
	if err != nil || planned["gateway_id"] != (world.Unknown{}) {
		t.Errorf("an unknown gateway plans %v (%v), want an update to a gateway not known yet", planned["gateway_id"], err)
	}
	config["gateway_id"], config["route_table_id"] = gateway["id"], world.Unknown{}
	var replace *sandboxtest.ReplaceError
	if _, err = d.Plan("aws_route", route, config); !errors.As(err, &replace) {
		t.Errorf("an unknown table plans %v, want a replacement", err)
	}
	same, err := d.Plan("aws_route", route, object{"route_table_id": table["id"], "destination_cidr_block": "0.0.0.0/0",
		"gateway_id": gateway["id"]})
	if diff := cmp.Diff(route, same); err != nil || diff != "" {
		t.Errorf("the same configuration plans a change (%v):\n%s", err, diff)
	}
}
