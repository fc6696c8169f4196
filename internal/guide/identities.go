package guide

func identityKinds() []*kind {
	return []*kind{
		{
			typ: "aws_kms_key", noun: "key", why: "Encrypts one kind of data, so that no key opens another kind.",
			find: func(r *resource) look { return look{argv: []string{"find_key", r.name()}} }, owns: []own{{attr: "id", as: "ID"}},
			make: one(func(r *resource) call {
				return send("kms create-key", fields{"Policy": r.text("policy"), "Description": r.text("description"),
					"KeyUsage": r.text("key_usage"), "KeySpec": r.text("customer_master_key_spec"), "MultiRegion": r.truth("multi_region"),
					"BypassPolicyLockoutSafetyCheck": r.truth("bypass_policy_lockout_safety_check"), "Tags": r.tagList("TagKey", "TagValue")})
			}),
			settle: func(r *resource) []call {
				if r.text("enable_key_rotation") != "true" {
					return nil
				}
				return []call{run("kms enable-key-rotation", "--key-id", r.text("id"), "--rotation-period-in-days",
					r.text("rotation_period_in_days"))}
			},
			end: one(func(r *resource) call {
				return run("kms schedule-key-deletion", "--key-id", r.text("id"), "--pending-window-in-days", r.text("deletion_window_in_days"))
			}),
			id: attribute("id"), memory: []string{"deletion_window_in_days", "bypass_policy_lockout_safety_check"},
		},
		{
			typ: "aws_kms_alias", noun: "alias", why: "A name for a key, by which people know it.",
			find: func(r *resource) look {
				return look{aws("kms list-aliases"), "Aliases[?AliasName=='" + r.text("name") + "'].AliasName | [0]"}
			},
			make: one(func(r *resource) call {
				return run("kms create-alias", "--alias-name", r.text("name"), "--target-key-id", r.text("target_key_id"))
			}),
			end: one(func(r *resource) call { return run("kms delete-alias", "--alias-name", r.text("name")) }), id: attribute("name"),
		},
		{
			typ: "aws_iam_role", noun: "role", why: "What a service or a workload may act as; its policies say what it may do.",
			find: func(r *resource) look {
				return look{aws("iam get-role", "--role-name", r.text("name")), "Role.RoleName"}
			},
			make: one(func(r *resource) call {
				return send("iam create-role", fields{"RoleName": r.text("name"), "Path": r.text("path"), "Description": r.text("description"),
					"AssumeRolePolicyDocument": r.text("assume_role_policy"), "MaxSessionDuration": r.number("max_session_duration"),
					"PermissionsBoundary": r.text("permissions_boundary"), "Tags": r.tagList("Key", "Value")})
			}),
			end: one(func(r *resource) call { return run("iam delete-role", "--role-name", r.text("name")) }), id: attribute("name"),
			memory: []string{"force_detach_policies"},
		},
		{
			typ: "aws_iam_role_policy", noun: "policy of a role", why: "What a role may do, written for this deployment.",
			find: func(r *resource) look {
				return look{aws("iam get-role-policy", "--role-name", r.text("role"), "--policy-name", r.text("name")), "PolicyName"}
			},
			make: one(func(r *resource) call {
				return send("iam put-role-policy", fields{"RoleName": r.text("role"), "PolicyName": r.text("name"),
					"PolicyDocument": r.text("policy")})
			}),
			end: one(func(r *resource) call {
				return run("iam delete-role-policy", "--role-name", r.text("role"), "--policy-name", r.text("name"))
			}),
			id: joined(":", "role", "name"),
		},
		{
			typ: "aws_iam_role_policy_attachment", noun: "attached policy", why: "What a role may do, as AWS has written it.",
			find: func(r *resource) look {
				return look{aws("iam list-attached-role-policies", "--role-name", r.text("role")),
					"AttachedPolicies[?PolicyArn=='" + r.text("policy_arn") + "'].PolicyArn | [0]"}
			},
			make: one(func(r *resource) call {
				return run("iam attach-role-policy", "--role-name", r.text("role"), "--policy-arn", r.text("policy_arn"))
			}),
			end: one(func(r *resource) call {
				return run("iam detach-role-policy", "--role-name", r.text("role"), "--policy-arn", r.text("policy_arn"))
			}),
			id: joined("/", "role", "policy_arn"),
		},
		{
			typ: "aws_secretsmanager_secret", noun: "secret", why: "A place for a secret. It is empty: the platform writes into it later.",
			find: func(r *resource) look {
				return look{aws("secretsmanager describe-secret", "--secret-id", r.text("name")), "[@][?!DeletedDate] | [0]"}
			},
			owns: []own{{attr: "arn", field: "ARN", as: "ARN"}},
			make: one(func(r *resource) call {
				return send("secretsmanager create-secret", fields{"Name": r.text("name"), "Description": r.text("description"),
					"KmsKeyId": r.text("kms_key_id"), "Tags": r.tagList("Key", "Value")})
			}),
			// The stack keeps no deleted secret either (recovery_window_in_days = 0): its name must be free for the next deployment.
			end: one(func(r *resource) call {
				return run("secretsmanager delete-secret", "--secret-id", r.text("arn"), "--force-delete-without-recovery")
			}),
			id: attribute("arn"), memory: []string{"recovery_window_in_days", "force_overwrite_replica_secret"},
		},
		{
			// What Terraform remembers for itself; nothing of it is on AWS.
			typ: "terraform_data", noun: "note of Terraform", why: "Nothing on AWS: Terraform makes it for itself, once it takes over.",
		},
	}
}
