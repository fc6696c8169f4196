package service_test

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

func zoneOf(t *testing.T, d *sandboxtest.Driver, name string) object {
	t.Helper()
	return d.MustCreate(t, "aws_route53_zone", object{"name": name})
}

// certificateFor requests a certificate of a domain whose zone it makes; issued proves the domain.
func certificateFor(t *testing.T, d *sandboxtest.Driver, domain string, issued bool) object {
	t.Helper()
	certificate := d.MustCreate(t, "aws_acm_certificate", object{"domain_name": domain, "validation_method": "DNS"})
	if issued {
		d.MustCreate(t, "aws_route53_record", proof(zoneOf(t, d, domain), certificate))
		d.MustCreate(t, "aws_acm_certificate_validation", object{"certificate_arn": certificate["arn"]})
	}
	return certificate
}

// proof is the record that proves the first name of a certificate.
func proof(zone, certificate object) object {
	option := certificate["domain_validation_options"].([]any)[0].(object)
	return object{
		"zone_id": zone["zone_id"], "name": option["resource_record_name"], "type": option["resource_record_type"],
		"records": []any{option["resource_record_value"]}, "ttl": 60,
	}
}

func TestRecord(t *testing.T) {
	record := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return "aws_route53_record", merged(object{
				"zone_id": zoneOf(t, d, "example.com")["zone_id"], "name": "www", "type": "A", "ttl": 300, "records": []string{"192.0.2.1"},
			}, change)
		}
	}
	second := func(first, change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := record(first)(t, d)
			d.MustCreate(t, typeName, config)
			return typeName, merged(config, change)
		}
	}
	alias := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
			balancer := d.MustCreate(t, "aws_lb", networkBalancer(n, nil))
			typeName, config := record(object{"ttl": nil, "records": nil})(t, d)
			config["alias"] = []object{merged(object{"name": balancer["dns_name"], "zone_id": balancer["zone_id"], "evaluate_target_health": true},
				change)}
			return typeName, config
		})
	}
	check(t, []rule{
		{name: "a record", given: record(nil)},
		{name: "a wildcard", given: record(object{"name": "*.coder.example.com"})},
		{name: "no values", given: record(object{"records": nil}), refused: "one of `alias,records` must be specified"},
		{name: "no time to live", given: record(object{"ttl": nil}), refused: "all of `records,ttl` must be specified"},
		{name: "an alias with values", given: record(object{"alias": []object{{"name": "x", "zone_id": "Z", "evaluate_target_health": false}}}),
			refused: `"alias": conflicts with records and ttl`},
		{name: "an alias to a load balancer", given: alias(nil)},
		{name: "an alias to a load balancer in GovCloud", region: "us-gov-west-1",
			refused: "InvalidChangeBatch: [Alias records that refer to load balancers are not available in this partition",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				zone := d.MustCreate(t, "aws_route53_zone", object{"name": "example.com", "vpc": []object{{"vpc_id": vpcOf(t, d)}}})
				return "aws_route53_record", object{"zone_id": zone["zone_id"], "name": "www", "type": "A", "alias": []object{{
					"name": "coder-0123456789abcdef.elb.us-gov-west-1.amazonaws.com", "zone_id": "ZMG1MZ2THAWF1", "evaluate_target_health": false}}}
			}},
		{name: "an alias to a load balancer by its dualstack name, in capitals",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				typeName, config := alias(nil)(t, d)
				target := config["alias"].([]object)[0]
				target["name"] = "dualstack." + strings.ToUpper(target["name"].(string))
				return typeName, config
			})},
		{name: "an alias to no load balancer", given: alias(object{"name": "gone-0.elb.us-east-1.amazonaws.com"}),
			refused: "InvalidChangeBatch: [Tried to create an alias that targets gone-0.elb.us-east-1.amazonaws.com., type A in zone " +
				"Z26RNL4JYFTOTI, but the alias target name does not lie within the target zone]"},
		{name: "an alias to a load balancer in the zone of another kind", given: alias(object{"zone_id": "Z35SXDOTRQ7X7K"}),
			refused: "but the alias target name does not lie within the target zone"},
		{name: "an alias to CloudFront", given: alias(object{"name": "d1.cloudfront.net", "zone_id": "Z2FDTNDATAQYW2"})},
		{name: "a CNAME at the top of the zone",
			given:   record(object{"name": "example.com", "type": "CNAME", "records": []string{"a.example.net"}}),
			refused: "InvalidChangeBatch: [RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]"},
		{name: "a zone that does not exist", given: record(object{"zone_id": "Z0"}),
			refused: "NoSuchHostedZone: No hosted zone found with ID: Z0"},
		{name: "a label of 64 characters", given: record(object{"name": text(64)}),
			refused: "InvalidChangeBatch: [FATAL problem: DomainLabelTooLong encountered with"},
		{name: "a record that exists", given: second(nil, nil),
			refused: "InvalidChangeBatch: [Tried to create resource record set [name='www.example.com.', type='A'] but it already exists]"},
		{name: "a record that exists, by its whole name", given: second(nil, object{"name": "WWW.example.com."}),
			refused: "but it already exists]"},
		{name: "a record that exists and may be overwritten", given: second(nil, object{"allow_overwrite": true})},
		{name: "the zone's own name servers", given: record(object{"name": "", "type": "NS", "records": []string{"ns.example.net"}}),
			refused: "[name='example.com.', type='NS'] but it already exists]"},
		{name: "a CNAME beside another record", given: second(nil, object{"type": "CNAME", "records": []string{"a.example.net"}}),
			refused: "InvalidChangeBatch: [RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records " +
				"with the same DNS name in zone example.com.]"},
		{name: "a second record of a weighted set", given: second(
			object{"set_identifier": "a", "weighted_routing_policy": []object{{"weight": 1}}}, object{"set_identifier": "b"})},
		{name: "a weight above 255", given: record(object{"set_identifier": "a", "weighted_routing_policy": []object{{"weight": 256}}}),
			refused: "InvalidInput"},
		{name: "a weight without a set", given: record(object{"weighted_routing_policy": []object{{"weight": 1}}}),
			refused: "all of `set_identifier,weighted_routing_policy` must be specified"},
	})
}

func TestZone(t *testing.T) {
	check(t, []rule{
		{name: "a zone", given: creates("aws_route53_zone", object{"name": "example.com"})},
		{name: "a public zone in GovCloud", region: "us-gov-west-1", given: creates("aws_route53_zone", object{"name": "example.com"}),
			refused: "InvalidInput: Public hosted zones are not available in this partition"},
		{name: "a private zone in GovCloud", region: "us-gov-west-1", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return "aws_route53_zone", object{"name": "example.com", "vpc": []object{{"vpc_id": vpcOf(t, d)}}}
		}},
		{name: "a label of 64 characters", given: creates("aws_route53_zone", object{"name": text(64) + ".com"}), refused: "InvalidDomainName"},
		{name: "an empty label", given: creates("aws_route53_zone", object{"name": "a..com"}), refused: "InvalidDomainName"},
		{name: "a private zone of a VPC that does not exist",
			given:   creates("aws_route53_zone", object{"name": "internal", "vpc": []object{{"vpc_id": "vpc-0"}}}),
			refused: "InvalidVPCId: The VPC ID is invalid."},
		{name: "two public zones of one name", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			zoneOf(t, d, "example.com")
			return "aws_route53_zone", object{"name": "example.com"}
		}},
		{name: "two private zones of one name in a VPC", refused: "ConflictingDomainExists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config := object{"name": "internal", "vpc": []object{{"vpc_id": vpcOf(t, d)}}}
				d.MustCreate(t, "aws_route53_zone", config)
				return "aws_route53_zone", config
			}},
		{name: "a VPC for a public zone", refused: "PublicZoneVPCAssociation",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_route53_zone_association", object{"zone_id": zoneOf(t, d, "example.com")["zone_id"], "vpc_id": vpcOf(t, d)}
			}},
		{name: "a health check every 20 seconds", given: creates("aws_route53_health_check",
			object{"type": "HTTPS", "fqdn": "example.com", "request_interval": 20}), refused: "InvalidInput"},
	})
}

func TestZoneLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	zone := d.MustCreate(t, "aws_route53_zone", object{"name": "Example.COM."})
	if zone["name"] != "example.com" || len(zone["name_servers"].([]any)) != 4 {
		t.Errorf("zone %v with the name servers %v", zone["name"], zone["name_servers"])
	}
	record := d.MustCreate(t, "aws_route53_record", object{"zone_id": zone["zone_id"], "name": "www", "type": "A", "ttl": 60,
		"records": []string{"192.0.2.1"}})
	if diff := cmp.Diff([]any{zone["id"].(string) + "_www_A", "www.example.com"}, []any{record["id"], record["fqdn"]}); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	d.MustCreate(t, "aws_route53_health_check", object{"type": "HTTPS", "fqdn": "example.com", "request_interval": 30})
	noFallbacks(t, d)
	expect(t, d.Delete("aws_route53_zone", zone),
		"HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted.")
	expect(t, d.Delete("aws_route53_record", record), "")
	expect(t, d.Delete("aws_route53_zone", zone), "")

	forced := d.MustCreate(t, "aws_route53_zone", object{"name": "example.com", "force_destroy": true})
	record = d.MustCreate(t, "aws_route53_record", object{"zone_id": forced["zone_id"], "name": "www", "type": "A", "ttl": 60,
		"records": []string{"192.0.2.1"}})
	expect(t, d.Delete("aws_route53_zone", forced), "")
	if gone, err := d.Read("aws_route53_record", record); gone != nil || err != nil {
		t.Errorf("force_destroy deletes the records; the sandbox has %v, %v", gone, err)
	}
}

func TestZoneLookup(t *testing.T) {
	d := sandboxtest.New(t, "")
	vpc := vpcOf(t, d)
	public := zoneOf(t, d, "example.com")
	private := d.MustCreate(t, "aws_route53_zone", object{"name": "example.com", "vpc": []object{{"vpc_id": vpc}}})
	tagged := d.MustCreate(t, "aws_route53_zone", object{"name": "example.net", "tags": object{"stage": "test"}})
	zoneOf(t, d, "example.net")
	for _, test := range []struct {
		name    string
		config  object
		want    object
		refused string
	}{
		{name: "by name", config: object{"name": "example.com."}, want: public},
		{name: "by id", config: object{"zone_id": private["zone_id"]}, want: private},
		{name: "the private one", config: object{"name": "example.com", "private_zone": true}, want: private},
		{name: "the one of a VPC", config: object{"name": "example.com", "vpc_id": vpc}, want: private},
		{name: "by tags", config: object{"name": "example.net", "tags": object{"stage": "test"}}, want: tagged},
		{name: "a name without a zone", config: object{"name": "example.org"}, refused: "no matching Route 53 Hosted Zone found"},
		{name: "a name with two zones", config: object{"name": "example.net"},
			refused: "multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone"},
		{name: "an id without a zone", config: object{"zone_id": "Z0"}, refused: "NoSuchHostedZone: No hosted zone found with ID: Z0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := d.Data("aws_route53_zone", test.config)
			expect(t, err, test.refused)
			if err == nil && got["zone_id"] != test.want["zone_id"] {
				t.Errorf("found %v, want %v", got["zone_id"], test.want["zone_id"])
			}
		})
	}
}
