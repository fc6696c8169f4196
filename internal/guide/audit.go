package guide

// madeByGuide is the tag of what has no name and, as Terraform has it, no tags, by which the scripts know what they have made.
const madeByGuide = "coderaws:guide"

// auditKinds are what an account is audited by. Several are one to an account or a region, and somebody else's may be there: those are not
// found, so that AWS refuses a second one, and nothing deletes the first.
func auditKinds() []*kind {
	return []*kind{
		{
			typ: "aws_cloudtrail", noun: "trail", why: "Keeps who did what in the account, in all regions.",
			find: func(r *resource) look {
				return look{aws("cloudtrail describe-trails", "--trail-name-list", r.text("name"), "--no-include-shadow-trails"), "trailList[0].Name"}
			},
			make: one(func(r *resource) call {
				return send("cloudtrail create-trail", fields{"Name": r.text("name"), "S3BucketName": r.text("s3_bucket_name"),
					"S3KeyPrefix": r.text("s3_key_prefix"), "KmsKeyId": r.text("kms_key_id"),
					"IncludeGlobalServiceEvents": r.truth("include_global_service_events"), "IsMultiRegionTrail": r.truth("is_multi_region_trail"),
					"EnableLogFileValidation":   r.truth("enable_log_file_validation"),
					"CloudWatchLogsLogGroupArn": r.text("cloud_watch_logs_group_arn"),
					"CloudWatchLogsRoleArn":     r.text("cloud_watch_logs_role_arn"), "TagsList": r.tagList("Key", "Value")})
			}),
			settle: func(r *resource) []call {
				return []call{send("cloudtrail put-event-selectors", fields{"TrailName": r.text("name"), "AdvancedEventSelectors": selectors(r)}),
					run("cloudtrail start-logging", "--name", r.text("name"))}
			},
			end: one(func(r *resource) call { return run("cloudtrail delete-trail", "--name", r.text("name")) }), id: attribute("arn"),
		},
		{
			typ: "aws_iam_service_linked_role", noun: "service-linked role", why: "What a service of AWS acts as, with rights that AWS has written.",
			find: func(r *resource) look {
				return look{aws("iam get-role", "--role-name", r.text("name")), "Role.RoleName"}
			},
			make: one(func(r *resource) call {
				return run("iam create-service-linked-role", "--aws-service-name", r.text("aws_service_name"))
			}),
			end: one(func(r *resource) call { return run("iam delete-service-linked-role", "--role-name", r.text("name")) }),
			id:  attribute("arn"),
		},
		{
			typ: "aws_config_configuration_recorder", noun: "recorder", why: "Records what resources of the region are like (AWS Config).",
			find: func(r *resource) look {
				return look{aws("configservice describe-configuration-recorders", "--configuration-recorder-names", r.text("name")),
					"ConfigurationRecorders[0].name"}
			},
			make: one(func(r *resource) call {
				group := "recording_group.0."
				return send("configservice put-configuration-recorder", fields{"ConfigurationRecorder": fields{"name": r.text("name"),
					"roleARN": r.text("role_arn"), "recordingGroup": fields{"allSupported": r.truth(group + "all_supported"),
						"includeGlobalResourceTypes": r.truth(group + "include_global_resource_types")}}})
			}),
			end: one(func(r *resource) call {
				return run("configservice delete-configuration-recorder", "--configuration-recorder-name", r.text("name"))
			}),
			id: attribute("name"),
		},
		{
			typ: "aws_config_delivery_channel", noun: "delivery channel", why: "Where AWS Config keeps what it records.",
			find: func(r *resource) look {
				return look{aws("configservice describe-delivery-channels", "--delivery-channel-names", r.text("name")), "DeliveryChannels[0].name"}
			},
			make: one(func(r *resource) call {
				return send("configservice put-delivery-channel", fields{"DeliveryChannel": fields{"name": r.text("name"),
					"s3BucketName": r.text("s3_bucket_name"), "s3KeyPrefix": r.text("s3_key_prefix"), "s3KmsKeyArn": r.text("s3_kms_key_arn")}})
			}),
			end: one(func(r *resource) call {
				return run("configservice delete-delivery-channel", "--delivery-channel-name", r.text("name"))
			}),
			id: attribute("name"),
		},
		{
			typ: "aws_config_configuration_recorder_status", noun: "state of the recorder", why: "Starts the recorder, which is made at rest.",
			find: func(r *resource) look {
				return look{aws("configservice describe-configuration-recorder-status", "--configuration-recorder-names", r.text("name")),
					"ConfigurationRecordersStatus[?recording].name | [0]"}
			},
			make: one(func(r *resource) call {
				return run("configservice start-configuration-recorder", "--configuration-recorder-name", r.text("name"))
			}),
			end: one(func(r *resource) call {
				return run("configservice stop-configuration-recorder", "--configuration-recorder-name", r.text("name"))
			}),
			id: attribute("name"),
		},
		{
			typ: "aws_guardduty_detector", noun: "detector", why: "Looks for attacks in records that AWS has anyway (GuardDuty).",
			find: func(r *resource) look { return look{argv: []string{"find_detector", r.name()}} }, owns: []own{{attr: "id", as: "ID"}},
			make: one(func(r *resource) call {
				return send("guardduty create-detector", fields{"Enable": r.truth("enable"),
					"FindingPublishingFrequency": r.text("finding_publishing_frequency"), "Tags": r.keyed("tags_all")})
			}),
			end: one(func(r *resource) call { return run("guardduty delete-detector", "--detector-id", r.text("id")) }), id: attribute("id"),
		},
		{
			// It goes with its detector, and Terraform cannot import it.
			typ: "aws_guardduty_detector_feature", noun: "feature of the detector", why: "One more kind of records that GuardDuty looks into.",
			find: func(r *resource) look {
				return look{aws("guardduty get-detector", "--detector-id", r.text("detector_id")),
					"Features[?Name=='" + r.text("name") + "' && Status=='" + r.text("status") + "'].Name | [0]"}
			},
			make: one(func(r *resource) call {
				return send("guardduty update-detector", fields{"DetectorId": r.text("detector_id"),
					"Features": []fields{{"Name": r.text("name"), "Status": r.text("status")}}})
			}),
		},
		{
			typ: "aws_securityhub_account", noun: "Security Hub", why: "Checks the account against standards, and gathers what others find.",
			find: func(*resource) look { return look{argv: []string{"find_hub", madeByGuide}} },
			make: one(func(r *resource) call {
				return send("securityhub enable-security-hub", fields{"EnableDefaultStandards": r.truth("enable_default_standards"),
					"ControlFindingGenerator": r.text("control_finding_generator"), "Tags": map[string]string{madeByGuide: "yes"}})
			}),
			settle: one(func(r *resource) call {
				return send("securityhub update-security-hub-configuration", fields{"AutoEnableControls": r.truth("auto_enable_controls")})
			}),
			end: one(func(*resource) call { return run("securityhub disable-security-hub") }), id: attribute("id"),
			memory: []string{"enable_default_standards"},
		},
		{
			typ: "aws_securityhub_standards_subscription", noun: "standard", why: "What Security Hub checks besides its own standard.",
			find: func(r *resource) look {
				return look{aws("securityhub get-enabled-standards"),
					"StandardsSubscriptions[?StandardsArn=='" + r.text("standards_arn") + "' && StandardsStatus!='DELETING'].StandardsArn | [0]"}
			},
			make: one(func(r *resource) call {
				return send("securityhub batch-enable-standards",
					fields{"StandardsSubscriptionRequests": []fields{{"StandardsArn": r.text("standards_arn")}}})
			}),
			end: one(func(r *resource) call {
				return run("securityhub batch-disable-standards", "--standards-subscription-arns", r.text("id"))
			}),
			id: attribute("id"),
		},
		{
			typ: "aws_route53_resolver_query_log_config", noun: "log of queries", why: "Keeps which names are looked up.",
			find: func(r *resource) look {
				return look{aws("route53resolver list-resolver-query-log-configs"),
					"ResolverQueryLogConfigs[?Name=='" + r.text("name") + "' && Status!='DELETING'] | [0]"}
			},
			owns: []own{{attr: "id", field: "Id", as: "ID"}},
			make: one(func(r *resource) call {
				return send("route53resolver create-resolver-query-log-config", fields{"Name": r.text("name"),
					"DestinationArn": r.text("destination_arn"), "Tags": r.tagList("Key", "Value")})
			}),
			end: one(func(r *resource) call {
				return run("route53resolver delete-resolver-query-log-config", "--resolver-query-log-config-id", r.text("id"))
			}),
			id: attribute("id"),
		},
		{
			typ: "aws_route53_resolver_query_log_config_association", noun: "network of a log", why: "Whose look-ups the log keeps.",
			find: func(r *resource) look { return queryLogOf(r, "[?Status!='DELETING'] | [0]") },
			owns: []own{{attr: "id", field: "Id", as: "ID"}},
			make: one(func(r *resource) call {
				return run("route53resolver associate-resolver-query-log-config",
					"--resolver-query-log-config-id", r.text("resolver_query_log_config_id"), "--resource-id", r.text("resource_id"))
			}),
			wait: one(func(r *resource) call { return untilQueryLog(r, "ACTIVE", "[0].Status") }),
			// A log cannot be deleted before all of its networks are gone.
			end: func(r *resource) []call {
				return []call{run("route53resolver disassociate-resolver-query-log-config",
					"--resolver-query-log-config-id", r.text("resolver_query_log_config_id"), "--resource-id", r.text("resource_id")),
					untilQueryLog(r, "0", "length(@)")}
			},
			id: attribute("id"),
		},
	}
}

// selectors are the kinds of events that a trail keeps.
func selectors(r *resource) []fields {
	var all []fields
	for _, selector := range r.blocks("advanced_event_selector") {
		var conditions []fields
		for _, one := range selector.blocks("field_selector") {
			conditions = append(conditions, fields{"Field": one.text("field"), "Equals": one.listed("equals"),
				"NotEquals": one.listed("not_equals"), "StartsWith": one.listed("starts_with"), "NotStartsWith": one.listed("not_starts_with"),
				"EndsWith": one.listed("ends_with"), "NotEndsWith": one.listed("not_ends_with")})
		}
		all = append(all, fields{"Name": selector.text("name"), "FieldSelectors": conditions})
	}
	return all
}

// queryLogOf looks for the logs of a network's look-ups that are the one of the resource.
func queryLogOf(r *resource, place string) look {
	return look{aws("route53resolver list-resolver-query-log-config-associations", "--filters",
		"Name=ResourceId,Values="+r.text("resource_id"), "Name=ResolverQueryLogConfigId,Values="+r.text("resolver_query_log_config_id")),
		"ResolverQueryLogConfigAssociations" + place}
}

// untilQueryLog asks until that look prints a value.
func untilQueryLog(r *resource, value, place string) call {
	l := queryLogOf(r, " | "+place)
	return call{argv: append([]string{"until_is", value}, append(l.argv, "--query", l.place, "--output", "text")...)}
}
