package compliance

import "coderaws/internal/plan"

// encryptionChecks are about data at rest, and the keys that it is encrypted with.
func encryptionChecks() []Check {
	volumes := []string{"aws_ebs_volume", "aws_launch_template", "aws_instance"}
	databases := []string{"aws_rds_cluster", "aws_db_instance"}
	return []Check{
		{ID: "volumes-encrypted", What: "volumes of nodes and instances are encrypted", Reads: volumes,
			rule: func(s *Subject) []Evidence {
				return volumeRule(s, "encrypted", func(i item, path string) Evidence { return i.look(path, yes(false)) })
			}},
		{ID: "volumes-own-key", What: "volumes of nodes and instances are encrypted with a key of your own", Reads: volumes,
			rule: func(s *Subject) []Evidence {
				return volumeRule(s, "kms_key_id", func(i item, path string) Evidence { return i.keyed(path, something("a key of your own")) })
			}},
		{ID: "database-encrypted", What: "databases are encrypted", Reads: databases, rule: attribute("storage_encrypted",
			yes(false), databases...)},
		{ID: "database-own-key", What: "databases are encrypted with a key of your own", Reads: databases, rule: ownKey("kms_key_id",
			databases...)},
		{ID: "secrets-own-key", What: "secrets are encrypted with a key of your own", Reads: []string{"aws_secretsmanager_secret"},
			rule: ownKey("kms_key_id", "aws_secretsmanager_secret")},
		{ID: "logs-own-key", What: "records are encrypted with a key of your own", Reads: []string{"aws_cloudwatch_log_group"},
			rule: ownKey("kms_key_id", "aws_cloudwatch_log_group")},
		{ID: "kubernetes-secrets-own-key", What: "secrets of Kubernetes are encrypted with a key of your own", Reads: []string{"aws_eks_cluster"},
			rule: func(s *Subject) []Evidence {
				var all []Evidence
				for _, i := range s.of("aws_eks_cluster") {
					e := i.keyed("encryption_config.provider.key_arn", something("a key of your own"))
					if e.Answer == Satisfied {
						if of := i.look("encryption_config.resources", containing("secrets")); of.Answer != Satisfied {
							e = of
						}
					}
					all = append(all, e)
				}
				return all
			}},
		{ID: "backups-own-key", What: "vaults of backups are encrypted with a key of your own", Reads: []string{"aws_backup_vault"},
			rule: ownKey("kms_key_arn", "aws_backup_vault")},
		{ID: "topics-own-key", What: "topics are encrypted", Reads: []string{"aws_sns_topic"}, rule: ownKey("kms_master_key_id",
			"aws_sns_topic")},
		{ID: "repositories-own-key", What: "repositories of images are encrypted with a key of your own", Reads: []string{"aws_ecr_repository"},
			rule: ownKey("encryption_configuration.kms_key", "aws_ecr_repository")},
		{ID: "key-rotation", What: "keys are rotated every year", Reads: []string{"aws_kms_key"},
			rule: only(func(i item) bool {
				// KMS rotates symmetric keys of its own material alone: KMS developer guide, rotating keys.
				return i.Values.Attr("customer_master_key_spec").Text().Else("SYMMETRIC_DEFAULT", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
			}, "enable_key_rotation", yes(false), "aws_kms_key")},
		{ID: "key-deletion", What: "a key that is deleted can be kept for 30 days", Reads: []string{"aws_kms_key"},
			rule: attribute("deletion_window_in_days", atLeast(30, 30, NotSatisfied), "aws_kms_key")},
		{ID: "key-policies", What: "no key lets everybody use it", Reads: []string{"aws_kms_key", "aws_kms_key_policy"},
			rule: policies("policy", "nobody but named callers", publicly, "aws_kms_key", "aws_kms_key_policy")},
		{ID: "topic-policies", What: "no topic lets everybody publish to it or read from it", Reads: []string{"aws_sns_topic",
			"aws_sns_topic_policy"},
			rule: policies("policy", "nobody but named callers", publicly, "aws_sns_topic", "aws_sns_topic_policy")},
	}
}

// publicly says what is wrong with a statement that is for everybody.
func publicly(s statement) string {
	if s.allows() && s.everybody() && !s.narrowed() {
		return "everybody may"
	}
	return ""
}

// volumeRule looks at an attribute of volumes, where each type has them.
func volumeRule(s *Subject, name string, look func(i item, path string) Evidence) []Evidence {
	var all []Evidence
	for _, i := range s.of("aws_ebs_volume") {
		all = append(all, look(i, name))
	}
	for _, i := range s.of("aws_instance") {
		all = append(all, look(i, "root_block_device."+name))
		for _, volume := range i.Values.Blocks("ebs_block_device") {
			one := i
			one.Values = volume
			e := look(one, name)
			e.Attribute = "ebs_block_device." + e.Attribute
			all = append(all, e)
		}
	}
	for _, i := range s.of("aws_launch_template") {
		mappings := i.Values.Blocks("block_device_mappings")
		if len(mappings) == 0 {
			e := i.evidence(NotProvable, "block_device_mappings", "not set", "volumes of its own")
			e.Why = "the image says which volumes there are: `aws ec2 describe-images`"
			all = append(all, e)
		}
		for _, mapping := range mappings {
			one := i
			one.Values = mapping
			e := look(one, "ebs."+name)
			if e.Answer == NotProvable && name == "kms_key_id" {
				if keys := i.refers("block_device_mappings.ebs."+name, "aws_kms_key"); len(keys) > 0 {
					e.Answer, e.Found, e.Why = Satisfied, keys[0], ""
				}
			}
			e.Attribute = "block_device_mappings." + e.Attribute
			if device, state := mapping.Attr("device_name").Text().Get(); state == plan.IsKnown {
				e.Attribute += " of " + device
			}
			all = append(all, e)
		}
	}
	return all
}
