package guide

// connectionKinds are ways to other networks, and who answers for names there.
func connectionKinds() []*kind {
	return []*kind{
		{
			typ: "aws_ec2_transit_gateway_vpc_attachment", noun: "attachment", why: "Reaches the networks behind a transit gateway.",
			find: func(r *resource) look {
				return byTags(r, "ec2 describe-transit-gateway-vpc-attachments", "--filters",
					"TransitGatewayVpcAttachments[?State!='deleted' && State!='deleting'] | [0]")
			},
			owns: []own{{attr: "id", field: "TransitGatewayAttachmentId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-transit-gateway-vpc-attachment", fields{"TransitGatewayId": r.text("transit_gateway_id"),
					"VpcId": r.text("vpc_id"), "SubnetIds": r.sorted("subnet_ids"), "TagSpecifications": r.tagged("transit-gateway-attachment")})
			}),
			// A gateway of another account may leave it to its owner to accept, whom nothing here can wait for.
			wait: one(func(r *resource) call {
				return untilAttachment(r, "1", "[?State=='available' || State=='pendingAcceptance']")
			}),
			end: func(r *resource) []call {
				return []call{run("ec2 delete-transit-gateway-vpc-attachment", "--transit-gateway-attachment-id", r.text("id")),
					untilAttachment(r, "0", "[?State!='deleted']")}
			},
			id: attribute("id"),
		},
		{
			typ: "aws_route53_zone_association", noun: "zone of another network", why: "Finds names that a zone elsewhere has.",
			find: func(r *resource) look {
				return look{aws("route53 list-hosted-zones-by-vpc", "--vpc-id", r.text("vpc_id"), "--vpc-region", r.text("vpc_region")),
					"HostedZoneSummaries[?HostedZoneId=='" + r.text("zone_id") + "'].HostedZoneId | [0]"}
			},
			make: one(func(r *resource) call { return run("route53 associate-vpc-with-hosted-zone", zoneOfVPC(r)...) }),
			end:  one(func(r *resource) call { return run("route53 disassociate-vpc-from-hosted-zone", zoneOfVPC(r)...) }),
			id:   joined(":", "zone_id", "vpc_id"),
		},
		{
			typ: "aws_route53_resolver_rule_association", noun: "rule for names", why: "Asks somebody else's resolver for some names.",
			find: func(r *resource) look {
				return look{rulesOfVPC(r), "ResolverRuleAssociations[?Status!='DELETING'] | [0]"}
			},
			owns: []own{{attr: "id", field: "Id", as: "ID"}},
			make: one(func(r *resource) call {
				return run("route53resolver associate-resolver-rule", "--resolver-rule-id", r.text("resolver_rule_id"), "--vpc-id", r.text("vpc_id"),
					"--name", r.text("name"))
			}),
			wait: one(func(r *resource) call { return untilRule(r, "COMPLETE", "[0].Status") }),
			end: func(r *resource) []call {
				return []call{run("route53resolver disassociate-resolver-rule", "--resolver-rule-id", r.text("resolver_rule_id"),
					"--vpc-id", r.text("vpc_id")), untilRule(r, "0", "length(@)")}
			},
			id: attribute("id"),
		},
	}
}

func untilAttachment(r *resource, value, place string) call {
	return call{argv: append([]string{"until_is", value}, aws("ec2 describe-transit-gateway-vpc-attachments",
		"--transit-gateway-attachment-ids", r.text("id"), "--query", "length(TransitGatewayVpcAttachments"+place+")", "--output", "text")...)}
}

func zoneOfVPC(r *resource) []string {
	return []string{"--hosted-zone-id", r.text("zone_id"), "--vpc", "VPCRegion=" + r.text("vpc_region") + ",VPCId=" + r.text("vpc_id")}
}

func rulesOfVPC(r *resource) []string {
	return aws("route53resolver list-resolver-rule-associations", "--filters", "Name=ResolverRuleId,Values="+r.text("resolver_rule_id"),
		"Name=VPCId,Values="+r.text("vpc_id"))
}

func untilRule(r *resource, value, place string) call {
	return call{argv: append(append([]string{"until_is", value}, rulesOfVPC(r)...),
		"--query", "ResolverRuleAssociations | "+place, "--output", "text")}
}
