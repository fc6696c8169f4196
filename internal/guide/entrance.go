package guide

import "strings"

func nameKinds() []*kind {
	return []*kind{
		{
			typ: "aws_acm_certificate", noun: "certificate", why: "Proves to browsers that this is the domain.",
			find: func(r *resource) look {
				return look{argv: []string{"find_certificate", r.text("domain_name"), r.keyed("tags_all")["coderaws:deployment"]}}
			},
			owns: []own{
				{attr: "arn", as: "ARN"}, {attr: "domain_validation_options.0.resource_record_name", as: "RECORD_NAME"},
				{attr: "domain_validation_options.0.resource_record_value", as: "RECORD_VALUE"},
			},
			make: one(func(r *resource) call {
				var names []string
				for _, name := range r.sorted("subject_alternative_names") {
					if name != r.text("domain_name") {
						names = append(names, name)
					}
				}
				return send("acm request-certificate", fields{"DomainName": r.text("domain_name"), "SubjectAlternativeNames": names,
					"ValidationMethod": r.text("validation_method"), "KeyAlgorithm": r.text("key_algorithm"),
					"Options": fields{"CertificateTransparencyLoggingPreference": r.text("options.0.certificate_transparency_logging_preference")},
					"Tags":    r.tagList("Key", "Value")})
			}),
			end: one(func(r *resource) call { return run("acm delete-certificate", "--certificate-arn", r.text("arn")) }),
			id:  attribute("arn"),
		},
		{
			typ: "aws_acm_certificate_validation", noun: "proof of the domain", apart: true,
			why: "AWS issues the certificate once it finds its record in the internet's DNS.",
			wait: one(func(r *resource) call {
				return run("acm wait certificate-validated", "--certificate-arn", r.text("certificate_arn"))
			}),
		},
		{
			typ: "aws_route53_zone", noun: "hosted zone", why: "Answers for the domain, once the parent zone names its name servers.",
			find: func(r *resource) look {
				return look{aws("route53 list-hosted-zones-by-name", "--dns-name", r.text("name"), "--max-items", "10"),
					"HostedZones[?Name=='" + r.text("name") + ".' && Config.Comment=='" + r.text("comment") + "'] | [0]"}
			},
			owns: []own{{attr: "zone_id", field: "Id", as: "ID"}},
			make: one(func(r *resource) call {
				return call{argv: aws("route53 create-hosted-zone", "--caller-reference", "@stamp"), input: fields{"Name": r.text("name"),
					"HostedZoneConfig": fields{"Comment": r.text("comment"), "PrivateZone": false}}}
			}),
			settle: one(func(r *resource) call {
				return send("route53 change-tags-for-resource", fields{"ResourceType": "hostedzone", "ResourceId": r.text("zone_id"),
					"AddTags": r.tagList("Key", "Value")})
			}),
			// The one point that ruins all later is stopped at before anything else is made.
			wait: one(func(r *resource) call { return call{argv: []string{"delegated", r.text("zone_id"), r.text("name")}} }),
			end:  one(func(r *resource) call { return run("route53 delete-hosted-zone", "--id", r.text("zone_id")) }),
			id:   attribute("zone_id"), memory: []string{"force_destroy"},
		},
		{
			typ: "aws_route53_record", noun: "DNS record", why: "A name that the internet looks up.",
			find: func(r *resource) look {
				return look{aws("route53 list-resource-record-sets", "--hosted-zone-id", r.text("zone_id")),
					"ResourceRecordSets[?Name=='" + recordName(r) + ".' && Type=='" + r.text("type") + "'].Name | [0]"}
			},
			make: one(func(r *resource) call { return changeRecord(r, "UPSERT") }),
			end:  one(func(r *resource) call { return changeRecord(r, "DELETE") }),
			id: func(r *resource) string {
				return r.text("zone_id") + "_" + r.text("name") + "_" + r.text("type")
			},
			memory: []string{"allow_overwrite"},
		},
	}
}

// recordName is a name as Route 53 stores it: an asterisk as its octal code.
func recordName(r *resource) string { return strings.Replace(r.text("name"), "*", `\052`, 1) }

func changeRecord(r *resource, action string) call {
	set := fields{"Name": recordName(r), "Type": r.text("type")}
	if aliases := r.blocks("alias"); len(aliases) > 0 {
		set["AliasTarget"] = fields{"DNSName": aliases[0].text("name"), "HostedZoneId": aliases[0].text("zone_id"),
			"EvaluateTargetHealth": aliases[0].truth("evaluate_target_health")}
	} else {
		var records []fields
		for _, value := range r.sorted("records") {
			records = append(records, fields{"Value": value})
		}
		set["TTL"], set["ResourceRecords"] = r.number("ttl"), records
	}
	return send("route53 change-resource-record-sets", fields{"HostedZoneId": r.text("zone_id"),
		"ChangeBatch": fields{"Changes": []fields{{"Action": action, "ResourceRecordSet": set}}}})
}

func entranceKinds() []*kind {
	return []*kind{
		{
			typ: "aws_lb", noun: "load balancer", why: "The one address to which browsers come.", apart: true,
			find: func(r *resource) look {
				return look{aws("elbv2 describe-load-balancers", "--names", r.text("name")), "LoadBalancers[0]"}
			},
			owns: []own{
				{attr: "arn", field: "LoadBalancerArn", as: "ARN"}, {attr: "dns_name", field: "DNSName", as: "HOST"},
				{attr: "zone_id", field: "CanonicalHostedZoneId", as: "ZONE_ID"},
				{attr: "arn", field: "LoadBalancerArn", as: "SUFFIX", after: "loadbalancer/"},
			},
			make: one(func(r *resource) call {
				scheme := "internet-facing"
				if r.text("internal") == "true" {
					scheme = "internal"
				}
				input := fields{"Name": r.text("name"), "Type": r.text("load_balancer_type"), "Scheme": scheme,
					"SecurityGroups": r.sorted("security_groups"), "IpAddressType": r.text("ip_address_type"),
					"Tags": r.tagList("Key", "Value")}
				return send("elbv2 create-load-balancer", with(input, subnetsOf(r)))
			}),
			settle: one(func(r *resource) call {
				return send("elbv2 modify-load-balancer-attributes", fields{"LoadBalancerArn": r.text("arn"), "Attributes": attributes(r, [][2]string{
					{"deletion_protection.enabled", "enable_deletion_protection"},
					{"load_balancing.cross_zone.enabled", "enable_cross_zone_load_balancing"},
					{"dns_record.client_routing_policy", "dns_record_client_routing_policy"},
					{"access_logs.s3.enabled", "access_logs.0.enabled"}, {"access_logs.s3.bucket", "access_logs.0.bucket"},
					{"access_logs.s3.prefix", "access_logs.0.prefix"},
				})})
			}),
			wait: one(func(r *resource) call {
				return run("elbv2 wait load-balancer-available", "--load-balancer-arns", r.text("arn"))
			}),
			end: func(r *resource) []call {
				end := []call{
					run("elbv2 delete-load-balancer", "--load-balancer-arn", r.text("arn")),
					run("elbv2 wait load-balancers-deleted", "--load-balancer-arns", r.text("arn")),
				}
				if r.text("enable_deletion_protection") == "true" {
					end = append([]call{run("elbv2 modify-load-balancer-attributes", "--load-balancer-arn", r.text("arn"), "--attributes",
						"Key=deletion_protection.enabled,Value=false")}, end...)
				}
				return end
			},
			id: attribute("arn"),
		},
		{
			typ: "aws_lb_target_group", noun: "target group", why: "Where the load balancer sends to, and how it sees that they are well.",
			find: func(r *resource) look {
				return look{aws("elbv2 describe-target-groups", "--names", r.text("name")), "TargetGroups[0]"}
			},
			owns: []own{
				{attr: "arn", field: "TargetGroupArn", as: "ARN"},
				{attr: "arn", field: "TargetGroupArn", as: "SUFFIX", after: "targetgroup/"},
			},
			make: one(func(r *resource) call {
				input := fields{"Name": r.text("name"), "Protocol": r.text("protocol"), "Port": r.number("port"), "VpcId": r.text("vpc_id"),
					"TargetType": r.text("target_type"), "IpAddressType": r.text("ip_address_type"), "Tags": r.tagList("Key", "Value")}
				for _, h := range r.blocks("health_check") {
					input = with(input, fields{"HealthCheckEnabled": h.truth("enabled"), "HealthCheckProtocol": h.text("protocol"),
						"HealthCheckPort": h.text("port"), "HealthCheckPath": h.text("path"),
						"HealthCheckIntervalSeconds": h.number("interval"), "HealthCheckTimeoutSeconds": h.number("timeout"),
						"HealthyThresholdCount": h.number("healthy_threshold"), "UnhealthyThresholdCount": h.number("unhealthy_threshold"),
						"Matcher": fields{"HttpCode": h.text("matcher")}})
				}
				return send("elbv2 create-target-group", input)
			}),
			settle: one(func(r *resource) call {
				return send("elbv2 modify-target-group-attributes", fields{"TargetGroupArn": r.text("arn"), "Attributes": attributes(r, [][2]string{
					{"deregistration_delay.timeout_seconds", "deregistration_delay"},
					{"deregistration_delay.connection_termination.enabled", "connection_termination"},
					{"preserve_client_ip.enabled", "preserve_client_ip"}, {"proxy_protocol_v2.enabled", "proxy_protocol_v2"},
					{"stickiness.enabled", "stickiness.0.enabled"}, {"stickiness.type", "stickiness.0.type"},
					{"load_balancing.cross_zone.enabled", "load_balancing_cross_zone_enabled"},
					{"target_group_health.dns_failover.minimum_healthy_targets.count",
						"target_group_health.0.dns_failover.0.minimum_healthy_targets_count"},
					{"target_group_health.dns_failover.minimum_healthy_targets.percentage",
						"target_group_health.0.dns_failover.0.minimum_healthy_targets_percentage"},
					{"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
						"target_group_health.0.unhealthy_state_routing.0.minimum_healthy_targets_count"},
					{"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
						"target_group_health.0.unhealthy_state_routing.0.minimum_healthy_targets_percentage"},
					{"target_health_state.unhealthy.connection_termination.enabled",
						"target_health_state.0.enable_unhealthy_connection_termination"},
					{"target_health_state.unhealthy.draining_interval_seconds", "target_health_state.0.unhealthy_draining_interval"},
				})})
			}),
			end: one(func(r *resource) call { return run("elbv2 delete-target-group", "--target-group-arn", r.text("arn")) }),
			id:  attribute("arn"), memory: []string{"lambda_multi_value_headers_enabled", "slow_start"},
		},
		{
			typ: "aws_lb_listener", noun: "listener", why: "The port on which the load balancer hears, with its certificate.",
			find: func(r *resource) look {
				return look{aws("elbv2 describe-listeners", "--load-balancer-arn", r.text("load_balancer_arn")),
					"Listeners[?to_string(Port)=='" + r.text("port") + "'] | [0]"}
			},
			owns: []own{{attr: "arn", field: "ListenerArn", as: "ARN"}},
			make: one(func(r *resource) call {
				var certificates, actions []fields
				if arn := r.text("certificate_arn"); arn != "" {
					certificates = []fields{{"CertificateArn": arn}}
				}
				for _, action := range r.blocks("default_action") {
					actions = append(actions, fields{"Type": action.text("type"), "TargetGroupArn": action.text("target_group_arn"),
						"Order": action.number("order")})
				}
				return send("elbv2 create-listener", fields{"LoadBalancerArn": r.text("load_balancer_arn"), "Protocol": r.text("protocol"),
					"Port": r.number("port"), "SslPolicy": r.text("ssl_policy"), "Certificates": certificates, "DefaultActions": actions,
					"Tags": r.tagList("Key", "Value")})
			}),
			end: one(func(r *resource) call { return run("elbv2 delete-listener", "--listener-arn", r.text("arn")) }), id: attribute("arn"),
		},
		{
			typ: "aws_autoscaling_attachment", noun: "attachment", why: "Puts every node of a group behind the load balancer.",
			find: func(r *resource) look {
				return look{aws("autoscaling describe-load-balancer-target-groups", "--auto-scaling-group-name", r.text("autoscaling_group_name")),
					"LoadBalancerTargetGroups[?LoadBalancerTargetGroupARN=='" + r.text("lb_target_group_arn") +
						"'].LoadBalancerTargetGroupARN | [0]"}
			},
			make: one(func(r *resource) call {
				return run("autoscaling attach-load-balancer-target-groups", "--auto-scaling-group-name", r.text("autoscaling_group_name"),
					"--target-group-arns", r.text("lb_target_group_arn"))
			}),
			end: one(func(r *resource) call {
				return run("autoscaling detach-load-balancer-target-groups", "--auto-scaling-group-name", r.text("autoscaling_group_name"),
					"--target-group-arns", r.text("lb_target_group_arn"))
			}),
		},
	}
}

// subnetsOf are the subnets of a load balancer, with the addresses that it was given in them.
func subnetsOf(r *resource) fields {
	var mapped []fields
	for _, m := range r.blocks("subnet_mapping") {
		address := fields{"AllocationId": m.text("allocation_id"), "PrivateIPv4Address": m.text("private_ipv4_address")}
		if sent(address) != nil {
			mapped = append(mapped, with(address, fields{"SubnetId": m.text("subnet_id")}))
		}
	}
	if mapped != nil {
		return fields{"SubnetMappings": mapped}
	}
	return fields{"Subnets": r.sorted("subnets")}
}

// attributes are those of a load balancer or target group that have a value. All of them are sent, whatever AWS takes if they are not.
func attributes(r *resource, names [][2]string) []fields {
	var list []fields
	for _, name := range names {
		if value := r.text(name[1]); value != "" {
			list = append(list, fields{"Key": name[0], "Value": value})
		}
	}
	return list
}
