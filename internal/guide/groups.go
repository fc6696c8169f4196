package guide

func groupKinds() []*kind {
	return []*kind{
		{
			typ: "aws_security_group", noun: "security group", why: "Lets in and out what its rules name, and nothing else.",
			find: seen("ec2 describe-security-groups", "SecurityGroups[0]"), owns: []own{{attr: "id", field: "GroupId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("ec2 create-security-group", fields{"GroupName": r.text("name"), "Description": r.text("description"),
					"VpcId": r.text("vpc_id"), "TagSpecifications": r.tagged("security-group")})
			}),
			// AWS gives a new group a rule that lets everything out, which Terraform takes away.
			settle: one(func(r *resource) call { return call{argv: []string{"close_group", r.text("id")}} }),
			end:    one(func(r *resource) call { return run("ec2 delete-security-group", "--group-id", r.text("id")) }),
			id:     attribute("id"), memory: []string{"revoke_rules_on_delete"},
		},
		{
			typ: "aws_default_security_group", noun: "default security group",
			why: "Comes with the network; without rules, nothing that is given no group of its own can talk.",
			find: func(r *resource) look {
				return look{aws("ec2 describe-security-groups", "--filters", "Name=vpc-id,Values="+r.text("vpc_id"),
					"Name=group-name,Values=default"), "SecurityGroups[0]"}
			},
			owns: []own{{attr: "id", field: "GroupId", as: "ID"}},
			settle: func(r *resource) []call {
				return []call{
					{argv: []string{"close_group", r.text("id")}},
					send("ec2 create-tags", fields{"Resources": []string{r.text("id")}, "Tags": r.tagList("Key", "Value")}),
				}
			},
			id: attribute("id"), memory: []string{"revoke_rules_on_delete"},
		},
		ruleKind("aws_vpc_security_group_ingress_rule", "rule for what comes in", "ingress", "false"),
		ruleKind("aws_vpc_security_group_egress_rule", "rule for what goes out", "egress", "true"),
	}
}

// ruleKind are the rules of one direction.
func ruleKind(typ, noun, direction, egress string) *kind {
	return &kind{
		typ: typ, noun: noun, why: "Opens one port of a security group to one source or destination.",
		find: func(r *resource) look {
			same := "to_string(IsEgress)=='" + egress + "' && to_string(FromPort)=='" + orNone(r.text("from_port")) + "' && IpProtocol=='" +
				r.text("ip_protocol") + "'"
			for _, peer := range [][2]string{
				{"cidr_ipv4", "CidrIpv4"}, {"prefix_list_id", "PrefixListId"}, {"referenced_security_group_id", "ReferencedGroupInfo.GroupId"},
			} {
				if value := r.text(peer[0]); value != "" {
					same += " && " + peer[1] + "=='" + value + "'"
				}
			}
			return look{aws("ec2 describe-security-group-rules", "--filters", "Name=group-id,Values="+r.text("security_group_id")),
				"SecurityGroupRules[?" + same + "] | [0]"}
		},
		owns: []own{{attr: "id", field: "SecurityGroupRuleId", as: "ID"}},
		make: one(func(r *resource) call {
			permission := fields{"IpProtocol": r.text("ip_protocol"), "FromPort": r.number("from_port"), "ToPort": r.number("to_port")}
			peer := func(name, key, path string) {
				if value := r.text(path); value != "" {
					permission[name] = []fields{{key: value, "Description": r.text("description")}}
				}
			}
			peer("IpRanges", "CidrIp", "cidr_ipv4")
			peer("PrefixListIds", "PrefixListId", "prefix_list_id")
			peer("UserIdGroupPairs", "GroupId", "referenced_security_group_id")
			return send("ec2 authorize-security-group-"+direction, fields{"GroupId": r.text("security_group_id"),
				"IpPermissions": []fields{permission}, "TagSpecifications": r.tagged("security-group-rule")})
		}),
		end: one(func(r *resource) call {
			return run("ec2 revoke-security-group-"+direction, "--group-id", r.text("security_group_id"), "--security-group-rule-ids", r.text("id"))
		}),
		id: attribute("id"),
	}
}

// orNone is what JMESPath makes a text of where a port is not given: all of them.
func orNone(port string) string {
	if port == "" {
		return "-1"
	}
	return port
}
