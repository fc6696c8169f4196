package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// scene sets a scene in a network of two zones.
type scene = func(t *testing.T, d *sandboxtest.Driver, n network) (string, object)

// inNetwork makes a network and then a scene in it.
func inNetwork(s scene) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) { return s(t, d, networkIn(t, d, 2)) }
}

// networkBalancer is a valid network load balancer in one zone.
func networkBalancer(n network, change object) object {
	return merged(object{"name": "coder", "load_balancer_type": "network", "subnets": []any{n.subnets[0]["id"]}}, change)
}

func TestLoadBalancer(t *testing.T) {
	balancer := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return inNetwork(func(_ *testing.T, _ *sandboxtest.Driver, n network) (string, object) {
			return "aws_lb", networkBalancer(n, change)
		})
	}
	logging := func(kind, writer string) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
			bucket := d.MustCreate(t, "aws_s3_bucket", object{"bucket": "logs-4711"})
			if writer != "" {
				d.MustCreate(t, "aws_s3_bucket_policy", object{"bucket": bucket["id"], "policy": sandboxtest.JSON(object{
					"Version": "2012-10-17", "Statement": []any{object{"Effect": "Allow", "Principal": object{"Service": writer},
						"Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs-4711/*"}}})})
			}
			return "aws_lb", object{"name": "coder", "load_balancer_type": kind,
				"subnets":     []any{n.subnets[0]["id"], n.subnets[1]["id"]},
				"access_logs": []any{object{"enabled": true, "bucket": bucket["id"]}}}
		})
	}
	check(t, []rule{
		{name: "a network load balancer in one zone", given: balancer(nil)},
		{name: "an application load balancer in one zone", given: balancer(object{"load_balancer_type": "application"}),
			refused: "ValidationError: At least two subnets in two different Availability Zones must be specified"},
		{name: "an application load balancer in two zones",
			given: inNetwork(func(_ *testing.T, _ *sandboxtest.Driver, n network) (string, object) {
				return "aws_lb", object{"name": "coder", "subnets": []any{n.subnets[0]["id"], n.subnets[1]["id"]}}
			})},
		{name: "a name of 32 characters", given: balancer(object{"name": text(32)})},
		{name: "a name of 33 characters", given: balancer(object{"name": text(33)}), refused: "ValidationError: Load balancer name '" + text(33) +
			"' cannot be longer than '32' characters"},
		{name: "a name with an underscore", given: balancer(object{"name": "a_b"}),
			refused: "can only contain characters that are alphanumeric characters or hyphens(-)"},
		{name: "a name that ends in a hyphen", given: balancer(object{"name": "a-"}), refused: "cannot begin or end with '-'"},
		{name: "a name that begins with internal-", given: balancer(object{"name": "internal-a"}), refused: "cannot begin with 'internal-'"},
		{name: "no subnet", given: balancer(object{"subnets": []any{}}), refused: "ValidationError"},
		{name: "logs into a bucket that admits nobody", given: logging("network", ""),
			refused: "InvalidConfigurationRequest: Access Denied for bucket: logs-4711. Please check S3bucket permission"},
		{name: "logs of a network load balancer", given: logging("network", "delivery.logs.amazonaws.com")},
		{name: "logs of a network load balancer into a bucket for those of another kind", refused: "Access Denied for bucket",
			given: logging("network", "logdelivery.elasticloadbalancing.amazonaws.com")},
		{name: "logs of an application load balancer", given: logging("application", "logdelivery.elasticloadbalancing.amazonaws.com")},
		{name: "logs of an application load balancer into a bucket for those of another kind", refused: "Access Denied for bucket",
			given: logging("application", "delivery.logs.amazonaws.com")},
		{name: "a subnet that does not exist", given: balancer(object{"subnets": []string{"subnet-0"}}),
			refused: "SubnetNotFound: The subnet ID 'subnet-0' does not exist"},
		{name: "two subnets in one zone",
			refused: "InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				second := d.MustCreate(t, "aws_subnet", object{"vpc_id": n.vpc["id"], "cidr_block": "10.0.9.0/24", "availability_zone": "us-east-1a"})
				return "aws_lb", networkBalancer(n, object{"subnets": []any{n.subnets[0]["id"], second["id"]}})
			})},
		{name: "facing an internet that the VPC has no gateway to", refused: "InvalidSubnet: VPC vpc-", given: withoutGateway(object{})},
		{name: "internal in a VPC without a gateway", given: withoutGateway(object{"internal": true})},
		{name: "a security group of another VPC", refused: "InvalidConfigurationRequest: One or more security groups are invalid",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				group := d.MustCreate(t, "aws_security_group", object{"name": "other", "vpc_id": vpcOf(t, d)})
				return "aws_lb", networkBalancer(n, object{"security_groups": []any{group["id"]}})
			})},
		{name: "an Elastic IP on an internal load balancer", refused: "InvalidConfigurationRequest",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				eip := d.MustCreate(t, "aws_eip", object{})
				return "aws_lb",
					networkBalancer(n,
						object{"internal": true, "subnets": nil, "subnet_mapping": []object{{"subnet_id": n.subnets[0]["id"], "allocation_id": eip["id"]}}})
			})},
		{name: "an address of its own on an internal load balancer",
			given: inNetwork(func(_ *testing.T, _ *sandboxtest.Driver, n network) (string, object) {
				return "aws_lb", networkBalancer(n, object{"internal": true, "subnets": nil,
					"subnet_mapping": []object{{"subnet_id": n.subnets[0]["id"], "private_ipv4_address": "10.0.0.10"}}})
			})},
		{name: "a private address on a load balancer that faces the internet", refused: "InvalidConfigurationRequest: You can specify private",
			given: inNetwork(func(_ *testing.T, _ *sandboxtest.Driver, n network) (string, object) {
				return "aws_lb", networkBalancer(n, object{"subnets": nil,
					"subnet_mapping": []object{{"subnet_id": n.subnets[0]["id"], "private_ipv4_address": "10.0.0.10"}}})
			})},
		{name: "a second load balancer of one name",
			refused: "DuplicateLoadBalancerName: A load balancer with the same name 'coder' exists, but with different settings",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				d.MustCreate(t, "aws_lb", networkBalancer(n, nil))
				return "aws_lb", networkBalancer(n, object{"internal": true})
			})},
		{name: "the 51st network load balancer", refused: "TooManyLoadBalancers", given: fiftyBalancers("network")},
		{name: "an application load balancer beside 50 network ones", given: fiftyBalancers("application")},
	})
}

func withoutGateway(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpcOf(t, d), "cidr_block": "10.0.0.0/24"})
		return "aws_lb", merged(object{"name": "coder", "load_balancer_type": "network", "subnets": []any{subnet["id"]}}, change)
	}
}

func fiftyBalancers(kind string) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
		for i := range 50 {
			d.MustCreate(t, "aws_lb", networkBalancer(n, object{"name": "n" + text(i/2+1) + string(rune('0'+i%2))}))
		}
		return "aws_lb", networkBalancer(n, object{"load_balancer_type": kind, "subnets": []any{n.subnets[0]["id"], n.subnets[1]["id"]}})
	})
}

// tcpGroup is a valid target group for network load balancers.
func tcpGroup(n network, change object) object {
	return merged(object{"name": "coderd", "vpc_id": n.vpc["id"], "port": 30080, "protocol": "TCP"}, change)
}

func TestTargetGroup(t *testing.T) {
	group := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return inNetwork(func(_ *testing.T, _ *sandboxtest.Driver, n network) (string, object) {
			return "aws_lb_target_group", tcpGroup(n, change)
		})
	}
	health := func(change object) object { return object{"health_check": []object{change}} }
	check(t, []rule{
		{name: "a target group", given: group(nil)},
		{name: "a name of 33 characters", given: group(object{"name": text(33)}), refused: "ValidationError: Target group name '" + text(33) +
			"' cannot be longer than '32' characters"},
		{name: "no protocol", given: group(object{"protocol": nil}), refused: "ValidationError: A protocol must be specified"},
		{name: "no port", given: group(object{"port": nil}), refused: "ValidationError: A port must be specified"},
		{name: "no VPC", given: group(object{"vpc_id": nil}), refused: "ValidationError: A VPC ID must be specified"},
		{name: "a function needs none of them", given: creates("aws_lb_target_group", object{"name": "function", "target_type": "lambda"})},
		{name: "a VPC that does not exist", given: group(object{"vpc_id": "vpc-0"}), refused: "ValidationError: The VPC ID 'vpc-0' is not found"},
		{name: "a protocol that does not exist", given: group(object{"protocol": "SCTP"}),
			refused: "ValidationError: Protocol 'SCTP' must be one of"},
		{name: "targets that do not exist", given: group(object{"target_type": "pod"}),
			refused: "1 validation error detected: Value 'pod' at 'targetType'"},
		{name: "a port above 65535", given: group(object{"port": 65536}), refused: "ValidationError: Port '65536' is not valid."},
		{name: "a health check every 5 seconds", given: group(health(object{"protocol": "TCP", "interval": 5, "timeout": 2}))},
		{name: "a health check every 4 seconds", given: group(health(object{"protocol": "TCP", "interval": 4, "timeout": 2})),
			refused: "Member must have value greater than or equal to 5"},
		{name: "a health check that takes longer than its interval",
			given:   group(health(object{"protocol": "TCP", "interval": 10, "timeout": 10})),
			refused: "ValidationError: Health check interval must be greater than the timeout."},
		{name: "eleven healthy answers", given: group(health(object{"protocol": "TCP", "healthy_threshold": 11})),
			refused: "Member must have value less than or equal to 10"},
		{name: "a path for a TCP health check", given: group(health(object{"protocol": "TCP", "path": "/healthz"})),
			refused: "InvalidConfigurationRequest"},
		{name: "a path without a slash", given: group(health(object{"protocol": "HTTP", "path": "healthz"})),
			refused: "Health check path 'healthz' must begin with a '/' character"},
		{name: "a health check of a port's name", given: group(health(object{"protocol": "TCP", "port": "http"})),
			refused: "Health check port 'http' must be 'traffic-port'"},
		{name: "draining for two hours", given: group(object{"deregistration_delay": "7200"}),
			refused: "ValidationError: 'deregistration_delay.timeout_seconds' value '7200' must be between '0-3600' inclusive"},
		{name: "a second target group of one name",
			refused: "DuplicateTargetGroupName: A target group with the same name 'coderd' exists, but with different settings",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, nil))
				return "aws_lb_target_group", tcpGroup(n, object{"port": 80})
			})},
		{name: "an instance that is not there",
			refused: "InvalidTarget: The following targets are not in a running state and cannot be registered: 'i-0'",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				made := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, nil))
				return "aws_lb_target_group_attachment", object{"target_group_arn": made["arn"], "target_id": "i-0"}
			})},
		{name: "an address as a target", given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
			made := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, object{"target_type": "ip"}))
			return "aws_lb_target_group_attachment", object{"target_group_arn": made["arn"], "target_id": "10.0.0.9"}
		})},
	})
}

// listenerOn makes a network load balancer and a target group, and returns a valid TCP listener.
func listenerOn(t *testing.T, d *sandboxtest.Driver, n network, change object) object {
	t.Helper()
	balancer := d.MustCreate(t, "aws_lb", networkBalancer(n, nil))
	group := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, nil))
	return merged(object{
		"load_balancer_arn": balancer["arn"], "port": 443, "protocol": "TCP",
		"default_action": []object{{"type": "forward", "target_group_arn": group["arn"]}},
	}, change)
}

// secondCertificate makes a TLS listener and returns another certificate for it.
func secondCertificate(issued bool) func(*testing.T, *sandboxtest.Driver) (string, object) {
	return inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
		first := certificateFor(t, d, "coder.example.com", true)
		listener := d.MustCreate(t, "aws_lb_listener", listenerOn(t, d, n, object{"protocol": "TLS", "certificate_arn": first["arn"]}))
		return "aws_lb_listener_certificate",
			object{"listener_arn": listener["arn"], "certificate_arn": certificateFor(t, d, "example.net", issued)["arn"]}
	})
}

func TestListener(t *testing.T) {
	listener := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
			return "aws_lb_listener", listenerOn(t, d, n, change)
		})
	}
	secure := func(issued bool, change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
			certificate := certificateFor(t, d, "coder.example.com", issued)
			return "aws_lb_listener", listenerOn(t, d, n, merged(object{"protocol": "TLS", "certificate_arn": certificate["arn"]}, change))
		})
	}
	check(t, []rule{
		{name: "a TCP listener", given: listener(nil)},
		{name: "HTTP on a network load balancer", given: listener(object{"protocol": "HTTP"}),
			refused: "ValidationError: Listener protocol 'HTTP' must be one of 'TCP, UDP, TCP_UDP, TLS"},
		{name: "no protocol on a network load balancer", given: listener(object{"protocol": nil}),
			refused: "ValidationError: A listener protocol must be specified"},
		{name: "no protocol on an application load balancer, which the provider takes for HTTP",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				balancer := d.MustCreate(t, "aws_lb", object{"name": "web", "subnets": []any{n.subnets[0]["id"], n.subnets[1]["id"]}})
				return "aws_lb_listener", object{"load_balancer_arn": balancer["arn"], "port": 80, "default_action": []any{object{
					"type": "fixed-response", "fixed_response": []any{object{"content_type": "text/plain", "status_code": "503"}}}}}
			})},
		{name: "port 0", given: listener(object{"port": 0}), refused: "1 validation error detected: Value '0' at 'port'"},
		{name: "a TLS listener", given: secure(true, nil)},
		{name: "a TLS listener without a certificate", given: listener(object{"protocol": "TLS"}),
			refused: "ValidationError: A certificate must be specified for TLS listeners"},
		{name: "a TCP listener with a certificate", given: secure(true, object{"protocol": "TCP"}),
			refused: "ValidationError: A certificate cannot be specified for TCP listeners"},
		{name: "a certificate that is not issued yet", given: secure(false, nil),
			refused: "UnsupportedCertificate: The certificate 'arn:aws:acm:us-east-1:123456789012:certificate/"},
		{name: "a certificate that was there before",
			given: listener(object{"protocol": "TLS",
				"certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"})},
		{name: "a certificate of another region",
			given: listener(object{"protocol": "TLS",
				"certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"}),
			refused: "CertificateNotFound: Certificate 'arn:aws:acm:eu-west-1:123456789012:certificate/"},
		{name: "a certificate that does not exist",
			given:   listener(object{"protocol": "TLS", "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0"}),
			refused: "CertificateNotFound: Certificate 'arn:aws:acm:us-east-1:123456789012:certificate/0' not found"},
		{name: "a TLS 1.3 policy", given: secure(true, object{"ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"})},
		{name: "a policy that does not exist", given: secure(true, object{"ssl_policy": "ELBSecurityPolicy-TLS14"}),
			refused: "SSLPolicyNotFound: SSL policy 'ELBSecurityPolicy-TLS14' not found"},
		{name: "a network load balancer that redirects",
			given:   listener(object{"default_action": []object{{"type": "redirect", "redirect": []object{{"status_code": "HTTP_301"}}}}}),
			refused: "InvalidLoadBalancerAction"},
		{name: "forwarding to nothing", given: listener(object{"default_action": []object{{"type": "forward"}}}),
			refused: "ValidationError: A target group ARN must be specified"},
		{name: "a target group that does not exist",
			given:   listener(object{"default_action": []object{{"type": "forward", "target_group_arn": "arn:none"}}}),
			refused: "TargetGroupNotFound"},
		{name: "a load balancer that does not exist", given: listener(object{"load_balancer_arn": "arn:none"}), refused: "LoadBalancerNotFound"},
		{name: "a second certificate", given: secondCertificate(true)},
		{name: "a second certificate that is not issued yet", given: secondCertificate(false), refused: "UnsupportedCertificate"},
		{name: "a certificate for no listener", given: creates("aws_lb_listener_certificate",
			object{"listener_arn": "arn:none", "certificate_arn": "arn:none"}), refused: "ListenerNotFound"},
		{name: "a second listener on one port", refused: "DuplicateListener: A listener already exists on this port for this load balancer",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				config := listenerOn(t, d, n, nil)
				d.MustCreate(t, "aws_lb_listener", config)
				return "aws_lb_listener", merged(config, object{"protocol": "UDP"})
			})},
		{name: "a target group of an incompatible protocol", refused: "IncompatibleProtocols",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				group := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, object{"name": "udp", "protocol": "UDP"}))
				return "aws_lb_listener", listenerOn(t, d, n, object{"default_action": []object{{"type": "forward", "target_group_arn": group["arn"]}}})
			})},
		{name: "a target group of another VPC",
			refused: "InvalidConfigurationRequest: The load balancer and the target group must be in the same VPC",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				group := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, object{"name": "far", "vpc_id": vpcOf(t, d)}))
				return "aws_lb_listener", listenerOn(t, d, n, object{"default_action": []object{{"type": "forward", "target_group_arn": group["arn"]}}})
			})},
		{name: "a target group that another network load balancer has",
			refused: "TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				config := listenerOn(t, d, n, nil)
				d.MustCreate(t, "aws_lb_listener", config)
				second := d.MustCreate(t, "aws_lb", networkBalancer(n, object{"name": "second"}))
				return "aws_lb_listener", merged(config, object{"load_balancer_arn": second["arn"]})
			})},
	})
}

// websites makes an application load balancer with a listener and returns a valid rule.
func websites(t *testing.T, d *sandboxtest.Driver, n network) object {
	t.Helper()
	balancer := d.MustCreate(t, "aws_lb", object{"name": "web", "subnets": []any{n.subnets[0]["id"], n.subnets[1]["id"]}})
	group := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, object{"name": "web", "protocol": "HTTP", "port": 80}))
	listener := d.MustCreate(t, "aws_lb_listener", object{
		"load_balancer_arn": balancer["arn"], "port": 80, "protocol": "HTTP",
		"default_action": []object{{"type": "fixed-response", "fixed_response": []object{{"content_type": "text/plain"}}}},
	})
	return object{
		"listener_arn": listener["arn"], "action": []object{{"type": "forward", "target_group_arn": group["arn"]}},
		"condition": []object{{"path_pattern": []object{{"values": []string{"/api/*"}}}}},
	}
}

func TestListenerRule(t *testing.T) {
	with := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
			return "aws_lb_listener_rule", merged(websites(t, d, n), change)
		})
	}
	check(t, []rule{
		{name: "a rule", given: with(nil)},
		{name: "a priority of 0", given: with(object{"priority": 0}), refused: "1 validation error detected: Value '0' at 'priority'"},
		{name: "a listener that does not exist", given: with(object{"listener_arn": "arn:none"}), refused: "ListenerNotFound"},
		{name: "a priority that is taken", refused: "PriorityInUse: Priority '5' is currently in use",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				config := merged(websites(t, d, n), object{"priority": 5})
				d.MustCreate(t, "aws_lb_listener_rule", config)
				return "aws_lb_listener_rule", config
			})},
		{name: "a rule of a network load balancer", refused: "UnsupportedOperation",
			given: inNetwork(func(t *testing.T, d *sandboxtest.Driver, n network) (string, object) {
				listener := d.MustCreate(t, "aws_lb_listener", listenerOn(t, d, n, nil))
				return "aws_lb_listener_rule", merged(websites(t, d, n), object{"listener_arn": listener["arn"]})
			})},
	})
}

func TestLoadBalancerLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	group := d.MustCreate(t, "aws_security_group", object{"name": "lb", "vpc_id": n.vpc["id"]})
	config := networkBalancer(n, object{"security_groups": []any{group["id"]}, "enable_deletion_protection": true})
	balancer := d.MustCreate(t, "aws_lb", config)
	for attribute, want := range map[string]any{"zone_id": "Z26RNL4JYFTOTI", "internal": false, "ip_address_type": "ipv4",
		"vpc_id": n.vpc["id"]} {
		if diff := cmp.Diff(want, balancer[attribute]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", attribute, diff)
		}
	}
	target := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, nil))
	listener := d.MustCreate(t, "aws_lb_listener", object{
		"load_balancer_arn": balancer["arn"], "port": 443, "protocol": "TCP",
		"default_action": []object{{"type": "forward", "target_group_arn": target["arn"]}},
	})
	d.MustCreate(t, "aws_lb_listener_rule", websites(t, d, n))
	target, err := d.Read("aws_lb_target_group", target)
	expect(t, err, "")
	if diff := cmp.Diff([]any{balancer["arn"]}, target["load_balancer_arns"]); diff != "" {
		t.Errorf("load balancers of the target group (-want +got):\n%s", diff)
	}
	noFallbacks(t, d)

	expect(t, d.Delete("aws_subnet", n.subnets[0]), "DependencyViolation")
	expect(t, d.Delete("aws_security_group", group), "DependencyViolation")
	expect(t, d.Delete("aws_internet_gateway", n.gateway), "DependencyViolation: Network "+n.vpc["id"].(string)+
		" has some mapped public address(es).")
	expect(t, d.Delete("aws_lb_target_group", target), "ResourceInUse: Target group '"+target["arn"].(string)+
		"' is currently in use by a listener or a rule")
	expect(t, d.Delete("aws_lb", balancer), "OperationNotPermitted: Load balancer '"+balancer["arn"].(string)+
		"' cannot be deleted because deletion protection is enabled")

	config["enable_deletion_protection"] = false
	balancer, err = d.Update("aws_lb", balancer, config)
	expect(t, err, "")
	expect(t, d.Delete("aws_lb", balancer), "")
	if gone, err := d.Read("aws_lb_listener", listener); gone != nil || err != nil {
		t.Errorf("a listener goes with its load balancer; the sandbox has %v, %v", gone, err)
	}
	expect(t, d.Delete("aws_lb_target_group", target), "")
	expect(t, d.Delete("aws_security_group", group), "")
}

// TestLoadBalancerReplacement says which changes of subnets and security groups AWS makes in place.
func TestLoadBalancerReplacement(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	group := d.MustCreate(t, "aws_security_group", object{"name": "lb", "vpc_id": n.vpc["id"]})
	one, both := []any{n.subnets[0]["id"]}, []any{n.subnets[0]["id"], n.subnets[1]["id"]}
	for _, test := range []struct {
		name          string
		before, after object
		replaced      bool
	}{
		{"adding a subnet", object{"subnets": one}, object{"subnets": both}, false},
		{"removing a subnet", object{"subnets": both}, object{"subnets": one}, true},
		{"the first security group", object{"subnets": one}, object{"subnets": one, "security_groups": []any{group["id"]}}, true},
		{"another name", object{"subnets": one}, object{"subnets": one, "name": "other"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := d.MustCreate(t, "aws_lb", networkBalancer(n, test.before))
			_, err := d.Plan("aws_lb", before, networkBalancer(n, test.after))
			if _, replaced := err.(*sandboxtest.ReplaceError); replaced != test.replaced {
				t.Errorf("replaced: %v (%v), want %v", replaced, err, test.replaced)
			}
			expect(t, d.Delete("aws_lb", before), "")
		})
	}
}
