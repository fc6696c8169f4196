package guide

func databaseKinds() []*kind {
	return []*kind{
		{
			typ: "aws_db_subnet_group", noun: "database subnet group", why: "The subnets in which the database may be.",
			find: func(r *resource) look {
				return look{aws("rds describe-db-subnet-groups", "--db-subnet-group-name", r.text("name")), "DBSubnetGroups[0].DBSubnetGroupName"}
			},
			make: one(func(r *resource) call {
				return send("rds create-db-subnet-group", fields{"DBSubnetGroupName": r.text("name"),
					"DBSubnetGroupDescription": r.text("description"), "SubnetIds": r.sorted("subnet_ids"), "Tags": r.tagList("Key", "Value")})
			}),
			end: one(func(r *resource) call {
				return run("rds delete-db-subnet-group", "--db-subnet-group-name", r.text("name"))
			}),
			id: attribute("name"),
		},
		{
			typ: "aws_rds_cluster_parameter_group", noun: "parameter group", why: "Settings of PostgreSQL: no connection without TLS.",
			find: func(r *resource) look {
				return look{aws("rds describe-db-cluster-parameter-groups", "--db-cluster-parameter-group-name", r.text("name")),
					"DBClusterParameterGroups[0].DBClusterParameterGroupName"}
			},
			make: one(func(r *resource) call {
				return send("rds create-db-cluster-parameter-group", fields{"DBClusterParameterGroupName": r.text("name"),
					"DBParameterGroupFamily": r.text("family"), "Description": r.text("description"), "Tags": r.tagList("Key", "Value")})
			}),
			settle: func(r *resource) []call {
				var parameters []fields
				for _, p := range r.blocks("parameter") {
					parameters = append(parameters, fields{"ParameterName": p.text("name"), "ParameterValue": p.text("value"),
						"ApplyMethod": p.text("apply_method")})
				}
				if len(parameters) == 0 {
					return nil
				}
				return []call{send("rds modify-db-cluster-parameter-group", fields{"DBClusterParameterGroupName": r.text("name"),
					"Parameters": parameters})}
			},
			end: one(func(r *resource) call {
				return run("rds delete-db-cluster-parameter-group", "--db-cluster-parameter-group-name", r.text("name"))
			}),
			id: attribute("name"),
		},
		{
			typ: "aws_rds_cluster", noun: "database cluster", why: "Aurora PostgreSQL, which holds all that Coder knows.", apart: true,
			find: func(r *resource) look {
				return look{aws("rds describe-db-clusters", "--db-cluster-identifier", r.text("cluster_identifier")), "DBClusters[0]"}
			},
			owns: []own{
				{attr: "endpoint", field: "Endpoint", as: "ENDPOINT"}, {attr: "reader_endpoint", field: "ReaderEndpoint", as: "READER_ENDPOINT"},
				{attr: "cluster_resource_id", field: "DbClusterResourceId", as: "RESOURCE_ID"},
				{attr: "master_user_secret.0.secret_arn", field: "MasterUserSecret.SecretArn", as: "SECRET_ARN"},
			},
			make: one(func(r *resource) call {
				input := fields{"DBClusterIdentifier": r.text("cluster_identifier"), "Engine": r.text("engine"),
					"EngineVersion": r.text("engine_version"), "EngineMode": r.text("engine_mode"), "DatabaseName": r.text("database_name"),
					"DBClusterParameterGroupName": r.text("db_cluster_parameter_group_name"), "DBSubnetGroupName": r.text("db_subnet_group_name"),
					"VpcSecurityGroupIds": r.sorted("vpc_security_group_ids"), "AvailabilityZones": r.sorted("availability_zones"),
					"Port": r.number("port"), "MasterUsername": r.text("master_username"),
					"ManageMasterUserPassword": r.truth("manage_master_user_password"),
					"MasterUserSecretKmsKeyId": r.text("master_user_secret_kms_key_id"), "KmsKeyId": r.text("kms_key_id"),
					"StorageEncrypted": r.truth("storage_encrypted"), "BackupRetentionPeriod": r.number("backup_retention_period"),
					"PreferredBackupWindow":           r.text("preferred_backup_window"),
					"PreferredMaintenanceWindow":      r.text("preferred_maintenance_window"),
					"EnableIAMDatabaseAuthentication": r.truth("iam_database_authentication_enabled"),
					"EnableCloudwatchLogsExports":     r.sorted("enabled_cloudwatch_logs_exports"),
					"DeletionProtection":              r.truth("deletion_protection"), "CopyTagsToSnapshot": r.truth("copy_tags_to_snapshot"),
					"EngineLifecycleSupport":  r.text("engine_lifecycle_support"),
					"AutoMinorVersionUpgrade": r.truth("auto_minor_version_upgrade"),
					"StorageType":             r.text("storage_type"), "Tags": r.tagList("Key", "Value")}
				for _, s := range r.blocks("serverlessv2_scaling_configuration") {
					input["ServerlessV2ScalingConfiguration"] = fields{"MinCapacity": s.number("min_capacity"), "MaxCapacity": s.number("max_capacity")}
				}
				return send("rds create-db-cluster", input)
			}),
			wait: one(func(r *resource) call {
				return run("rds wait db-cluster-available", "--db-cluster-identifier", r.text("cluster_identifier"))
			}),
			end: func(r *resource) []call {
				cluster := []string{"--db-cluster-identifier", r.text("cluster_identifier")}
				return []call{
					run("rds modify-db-cluster", append(cluster, "--no-deletion-protection", "--apply-immediately")...),
					{argv: []string{"delete_database_cluster", r.text("cluster_identifier")}},
					run("rds wait db-cluster-deleted", cluster...),
				}
			},
			id: attribute("cluster_identifier"),
			memory: []string{
				"skip_final_snapshot", "final_snapshot_identifier", "enable_global_write_forwarding", "enable_local_write_forwarding",
				"delete_automated_backups", "apply_immediately", "allow_major_version_upgrade",
			},
		},
		{
			typ: "aws_rds_cluster_instance", noun: "database instance", why: "A server of the database cluster, in one zone.", apart: true,
			find: func(r *resource) look {
				return look{aws("rds describe-db-instances", "--db-instance-identifier", r.text("identifier")),
					"DBInstances[0].DBInstanceIdentifier"}
			},
			make: one(func(r *resource) call {
				return send("rds create-db-instance", fields{"DBInstanceIdentifier": r.text("identifier"),
					"DBClusterIdentifier": r.text("cluster_identifier"), "DBInstanceClass": r.text("instance_class"), "Engine": r.text("engine"),
					"DBSubnetGroupName": r.text("db_subnet_group_name"),
					"AvailabilityZone":  r.text("availability_zone"), "PubliclyAccessible": r.truth("publicly_accessible"),
					"CACertificateIdentifier": r.text("ca_cert_identifier"), "PromotionTier": r.number("promotion_tier"),
					"MonitoringInterval": r.number("monitoring_interval"), "MonitoringRoleArn": r.text("monitoring_role_arn"),
					"EnablePerformanceInsights":          r.truth("performance_insights_enabled"),
					"PerformanceInsightsKMSKeyId":        r.text("performance_insights_kms_key_id"),
					"PerformanceInsightsRetentionPeriod": r.number("performance_insights_retention_period"),
					"PreferredMaintenanceWindow":         r.text("preferred_maintenance_window"),
					"AutoMinorVersionUpgrade":            r.truth("auto_minor_version_upgrade"),
					"CopyTagsToSnapshot":                 r.truth("copy_tags_to_snapshot"), "Tags": r.tagList("Key", "Value")})
			}),
			wait: one(func(r *resource) call {
				return run("rds wait db-instance-available", "--db-instance-identifier", r.text("identifier"))
			}),
			end: func(r *resource) []call {
				return []call{
					run("rds delete-db-instance", "--db-instance-identifier", r.text("identifier"), "--skip-final-snapshot"),
					run("rds wait db-instance-deleted", "--db-instance-identifier", r.text("identifier")),
				}
			},
			id: attribute("identifier"), memory: []string{"apply_immediately", "force_destroy", "skip_final_snapshot"},
		},
	}
}

func backupKinds() []*kind {
	return []*kind{
		{
			typ: "aws_backup_vault", noun: "backup vault", why: "Keeps snapshots for as long as its plan says.",
			// To describe a vault that is not there, AWS answers with AccessDeniedException.
			find: func(r *resource) look {
				return look{aws("backup list-backup-vaults"), "BackupVaultList[?BackupVaultName=='" + r.text("name") + "'].BackupVaultName | [0]"}
			},
			make: one(func(r *resource) call {
				return send("backup create-backup-vault", fields{"BackupVaultName": r.text("name"), "EncryptionKeyArn": r.text("kms_key_arn"),
					"BackupVaultTags": r.keyed("tags_all")})
			}),
			end: one(func(r *resource) call {
				return run("backup delete-backup-vault", "--backup-vault-name", r.text("name"))
			}),
			id: attribute("name"), memory: []string{"force_destroy"},
		},
		{
			typ: "aws_backup_plan", noun: "backup plan", why: "When snapshots are taken, and for how long they are kept.",
			find: func(r *resource) look {
				return look{aws("backup list-backup-plans"), "BackupPlansList[?BackupPlanName=='" + r.text("name") + "'] | [0]"}
			},
			owns: []own{{attr: "id", field: "BackupPlanId", as: "ID"}},
			make: one(func(r *resource) call {
				var rules []fields
				for _, rule := range r.blocks("rule") {
					rules = append(rules, fields{"RuleName": rule.text("rule_name"), "TargetBackupVaultName": rule.text("target_vault_name"),
						"ScheduleExpression": rule.text("schedule"), "StartWindowMinutes": rule.number("start_window"),
						"CompletionWindowMinutes": rule.number("completion_window"), "EnableContinuousBackup": rule.truth("enable_continuous_backup"),
						"ScheduleExpressionTimezone": rule.text("schedule_expression_timezone"),
						"Lifecycle":                  fields{"DeleteAfterDays": rule.number("lifecycle.0.delete_after")}})
				}
				return send("backup create-backup-plan", fields{"BackupPlan": fields{"BackupPlanName": r.text("name"), "Rules": rules},
					"BackupPlanTags": r.keyed("tags_all")})
			}),
			end: one(func(r *resource) call { return run("backup delete-backup-plan", "--backup-plan-id", r.text("id")) }),
			id:  attribute("id"),
		},
		{
			typ: "aws_backup_selection", noun: "backup selection", why: "What a backup plan is for.",
			find: func(r *resource) look {
				return look{aws("backup list-backup-selections", "--backup-plan-id", r.text("plan_id")),
					"BackupSelectionsList[?SelectionName=='" + r.text("name") + "'] | [0]"}
			},
			owns: []own{{attr: "id", field: "SelectionId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("backup create-backup-selection", fields{"BackupPlanId": r.text("plan_id"), "BackupSelection": fields{
					"SelectionName": r.text("name"), "IamRoleArn": r.text("iam_role_arn"), "Resources": r.sorted("resources")}})
			}),
			end: one(func(r *resource) call {
				return run("backup delete-backup-selection", "--backup-plan-id", r.text("plan_id"), "--selection-id", r.text("id"))
			}),
			id: joined("|", "plan_id", "id"),
		},
	}
}
