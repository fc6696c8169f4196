package guide

func scalingKinds() []*kind {
	return []*kind{
		{
			typ: "aws_scheduler_schedule_group", noun: "schedule group", why: "Holds the schedules of this deployment.",
			find: func(r *resource) look {
				return look{aws("scheduler get-schedule-group", "--name", r.text("name")), "Name"}
			},
			make: one(func(r *resource) call {
				return send("scheduler create-schedule-group", fields{"Name": r.text("name"), "Tags": r.tagList("Key", "Value")})
			}),
			end: one(func(r *resource) call { return run("scheduler delete-schedule-group", "--name", r.text("name")) }),
			id:  attribute("name"),
		},
		{
			typ: "aws_scheduler_schedule", noun: "schedule", why: "Starts the state machine at an hour.",
			find: func(r *resource) look {
				return look{aws("scheduler get-schedule", "--group-name", r.text("group_name"), "--name", r.text("name")), "Name"}
			},
			make: one(func(r *resource) call {
				target := fields{"Arn": r.text("target.0.arn"), "RoleArn": r.text("target.0.role_arn"), "Input": r.text("target.0.input"),
					"RetryPolicy": fields{"MaximumEventAgeInSeconds": r.number("target.0.retry_policy.0.maximum_event_age_in_seconds"),
						"MaximumRetryAttempts": r.number("target.0.retry_policy.0.maximum_retry_attempts")}}
				return send("scheduler create-schedule", fields{"GroupName": r.text("group_name"), "Name": r.text("name"),
					"Description": r.text("description"), "ScheduleExpression": r.text("schedule_expression"),
					"ScheduleExpressionTimezone": r.text("schedule_expression_timezone"), "State": r.text("state"),
					"ActionAfterCompletion": r.text("action_after_completion"),
					"FlexibleTimeWindow":    fields{"Mode": r.text("flexible_time_window.0.mode")}, "Target": target})
			}),
			end: one(func(r *resource) call {
				return run("scheduler delete-schedule", "--group-name", r.text("group_name"), "--name", r.text("name"))
			}),
			id: joined("/", "group_name", "name"),
		},
		{
			typ: "aws_sfn_state_machine", noun: "state machine", why: "Sets the sizes of node groups, and says so when it cannot.",
			find: func(r *resource) look {
				return look{aws("stepfunctions describe-state-machine", "--state-machine-arn", r.text("arn")), "name"}
			},
			make: one(func(r *resource) call {
				return send("stepfunctions create-state-machine", fields{"name": r.text("name"), "definition": r.text("definition"),
					"roleArn": r.text("role_arn"), "type": r.text("type"), "tags": r.tagList("key", "value"),
					"loggingConfiguration": logging(r)})
			}),
			end: one(func(r *resource) call {
				return run("stepfunctions delete-state-machine", "--state-machine-arn", r.text("arn"))
			}),
			id: attribute("arn"), memory: []string{"publish"},
		},
	}
}

// logging is what a state machine writes down of itself; nil if it writes nothing.
func logging(r *resource) any {
	group := r.text("logging_configuration.0.log_destination")
	if group == "" {
		return nil
	}
	return fields{"level": r.text("logging_configuration.0.level"),
		"includeExecutionData": r.truth("logging_configuration.0.include_execution_data"),
		"destinations":         []fields{{"cloudWatchLogsLogGroup": fields{"logGroupArn": group}}}}
}

func imageKinds() []*kind {
	return []*kind{
		{
			typ: "aws_ecr_repository", noun: "image repository", why: "Keeps copies of container images.",
			find: func(r *resource) look {
				return look{aws("ecr describe-repositories", "--repository-names", r.text("name")), "repositories[0].repositoryName"}
			},
			make: one(func(r *resource) call {
				input := fields{"repositoryName": r.text("name"), "imageTagMutability": r.text("image_tag_mutability"),
					"imageScanningConfiguration": fields{"scanOnPush": r.truth("image_scanning_configuration.0.scan_on_push")},
					"tags":                       r.tagList("Key", "Value")}
				for _, e := range r.blocks("encryption_configuration") {
					input["encryptionConfiguration"] = fields{"encryptionType": e.text("encryption_type"), "kmsKey": e.text("kms_key")}
				}
				return send("ecr create-repository", input)
			}),
			end: one(func(r *resource) call {
				return run("ecr delete-repository", "--repository-name", r.text("name"), "--force")
			}),
			id: attribute("name"), memory: []string{"force_delete"},
		},
		{
			typ: "aws_ecr_lifecycle_policy", noun: "image lifecycle", why: "Deletes images that have no name any more.",
			find: func(r *resource) look {
				return look{aws("ecr get-lifecycle-policy", "--repository-name", r.text("repository")), "repositoryName"}
			},
			make: one(func(r *resource) call {
				return send("ecr put-lifecycle-policy", fields{"repositoryName": r.text("repository"), "lifecyclePolicyText": r.text("policy")})
			}),
			end: one(func(r *resource) call {
				return run("ecr delete-lifecycle-policy", "--repository-name", r.text("repository"))
			}),
			id: attribute("repository"),
		},
	}
}
