package guide

func watchKinds() []*kind {
	return []*kind{
		{
			typ: "aws_cloudwatch_log_group", noun: "log group", why: "Where logs go, encrypted, and for how long they stay.",
			find: func(r *resource) look {
				return look{aws("logs describe-log-groups", "--log-group-name-prefix", r.text("name")),
					"logGroups[?logGroupName=='" + r.text("name") + "'].logGroupName | [0]"}
			},
			make: one(func(r *resource) call {
				return send("logs create-log-group", fields{"logGroupName": r.text("name"), "kmsKeyId": r.text("kms_key_id"),
					"logGroupClass": r.text("log_group_class"), "tags": r.keyed("tags_all")})
			}),
			settle: func(r *resource) []call {
				if days := r.text("retention_in_days"); days != "" && days != "0" {
					return []call{run("logs put-retention-policy", "--log-group-name", r.text("name"), "--retention-in-days", days)}
				}
				return nil
			},
			end: one(func(r *resource) call { return run("logs delete-log-group", "--log-group-name", r.text("name")) }),
			id:  attribute("name"), memory: []string{"skip_destroy"},
		},
		{
			typ: "aws_sns_topic", noun: "topic", why: "Where alarms are published, for whoever subscribes.",
			find: func(r *resource) look {
				return look{aws("sns get-topic-attributes", "--topic-arn", r.text("arn")), "Attributes.TopicArn"}
			},
			make: one(func(r *resource) call {
				return send("sns create-topic", fields{"Name": r.text("name"), "Attributes": fields{"KmsMasterKeyId": r.text("kms_master_key_id")},
					"Tags": r.tagList("Key", "Value")})
			}),
			end: one(func(r *resource) call { return run("sns delete-topic", "--topic-arn", r.text("arn")) }), id: attribute("arn"),
		},
		{
			typ: "aws_sns_topic_policy", noun: "policy of a topic", why: "Which services may publish to the topic.",
			make: one(func(r *resource) call {
				return send("sns set-topic-attributes", fields{"TopicArn": r.text("arn"), "AttributeName": "Policy",
					"AttributeValue": r.text("policy")})
			}),
			id: attribute("arn"),
		},
		{
			typ: "aws_sns_topic_subscription", noun: "subscription", why: "Who is told. AWS asks an e-mail address to confirm.",
			find: func(r *resource) look {
				return look{aws("sns list-subscriptions-by-topic", "--topic-arn", r.text("topic_arn")),
					"Subscriptions[?Endpoint=='" + r.text("endpoint") + "'] | [0]"}
			},
			owns: []own{{attr: "arn", field: "SubscriptionArn", as: "ARN"}},
			make: one(func(r *resource) call {
				return send("sns subscribe", fields{"TopicArn": r.text("topic_arn"), "Protocol": r.text("protocol"), "Endpoint": r.text("endpoint"),
					"ReturnSubscriptionArn": true})
			}),
			end: one(func(r *resource) call { return run("sns unsubscribe", "--subscription-arn", r.text("arn")) }), id: attribute("arn"),
			memory: []string{"endpoint_auto_confirms", "confirmation_timeout_in_minutes"},
		},
		{
			typ: "aws_cloudwatch_metric_alarm", noun: "alarm", why: "Tells the topic when something is wrong.",
			find: func(r *resource) look {
				return look{aws("cloudwatch describe-alarms", "--alarm-names", r.text("alarm_name")), "MetricAlarms[0].AlarmName"}
			},
			make: one(func(r *resource) call {
				return send("cloudwatch put-metric-alarm", with(statistic(r), fields{"AlarmName": r.text("alarm_name"),
					"AlarmDescription": r.text("alarm_description"), "ActionsEnabled": r.truth("actions_enabled"),
					"AlarmActions": r.sorted("alarm_actions"), "OKActions": r.sorted("ok_actions"),
					"ComparisonOperator": r.text("comparison_operator"), "EvaluationPeriods": r.number("evaluation_periods"),
					"Threshold": r.number("threshold"), "TreatMissingData": r.text("treat_missing_data"), "Tags": r.tagList("Key", "Value")}))
			}),
			end: one(func(r *resource) call { return run("cloudwatch delete-alarms", "--alarm-names", r.text("alarm_name")) }),
			id:  attribute("alarm_name"),
		},
		{
			typ: "aws_cloudwatch_dashboard", noun: "dashboard", why: "Shows the whole deployment on one page.",
			find: func(r *resource) look {
				return look{aws("cloudwatch get-dashboard", "--dashboard-name", r.text("dashboard_name")), "DashboardName"}
			},
			make: one(func(r *resource) call {
				return send("cloudwatch put-dashboard", fields{"DashboardName": r.text("dashboard_name"), "DashboardBody": r.text("dashboard_body")})
			}),
			end: one(func(r *resource) call {
				return run("cloudwatch delete-dashboards", "--dashboard-names", r.text("dashboard_name"))
			}),
			id: attribute("dashboard_name"),
		},
		{
			typ: "aws_budgets_budget", noun: "budget", why: "Warns before the bill; it limits nothing.",
			find: func(r *resource) look {
				return look{aws("budgets describe-budget", "--account-id", r.text("account_id"), "--budget-name", r.text("name")),
					"Budget.BudgetName"}
			},
			make: one(budget),
			end: one(func(r *resource) call {
				return run("budgets delete-budget", "--account-id", r.text("account_id"), "--budget-name", r.text("name"))
			}),
			id: joined(":", "account_id", "name"),
		},
	}
}

// statistic is what an alarm looks at: a metric, or an expression of several.
func statistic(r *resource) fields {
	var queries []fields
	for _, q := range r.blocks("metric_query") {
		query := fields{"Id": q.text("id"), "Expression": q.text("expression"), "Label": q.text("label"), "ReturnData": q.truth("return_data"),
			"Period": q.number("period")}
		for _, m := range q.blocks("metric") {
			query["MetricStat"] = fields{"Period": m.number("period"), "Stat": m.text("stat"), "Metric": fields{
				"Namespace": m.text("namespace"), "MetricName": m.text("metric_name"), "Dimensions": tagList(m.keyed("dimensions"), "Name", "Value")}}
		}
		queries = append(queries, query)
	}
	return fields{"Metrics": queries, "Namespace": r.text("namespace"), "MetricName": r.text("metric_name"), "Statistic": r.text("statistic"),
		"Period": r.number("period"), "Dimensions": tagList(r.keyed("dimensions"), "Name", "Value")}
}

func budget(r *resource) call {
	filters := map[string]any{}
	for _, f := range r.blocks("cost_filter") {
		filters[f.text("name")] = f.sorted("values")
	}
	included := fields{}
	for _, c := range r.blocks("cost_types") {
		for api, path := range map[string]string{
			"IncludeCredit": "include_credit", "IncludeDiscount": "include_discount", "IncludeOtherSubscription": "include_other_subscription",
			"IncludeRecurring": "include_recurring", "IncludeRefund": "include_refund", "IncludeSubscription": "include_subscription",
			"IncludeSupport": "include_support", "IncludeTax": "include_tax", "IncludeUpfront": "include_upfront",
			"UseAmortized": "use_amortized", "UseBlended": "use_blended",
		} {
			included[api] = c.truth(path)
		}
	}
	var notifications []fields
	for _, n := range r.blocks("notification") {
		var told []fields
		for _, topic := range n.sorted("subscriber_sns_topic_arns") {
			told = append(told, fields{"SubscriptionType": "SNS", "Address": topic})
		}
		for _, address := range n.sorted("subscriber_email_addresses") {
			told = append(told, fields{"SubscriptionType": "EMAIL", "Address": address})
		}
		notifications = append(notifications, fields{"Subscribers": told, "Notification": fields{
			"ComparisonOperator": n.text("comparison_operator"), "NotificationType": n.text("notification_type"),
			"Threshold": n.number("threshold"), "ThresholdType": n.text("threshold_type")}})
	}
	return send("budgets create-budget", fields{"AccountId": r.text("account_id"), "Budget": fields{"BudgetName": r.text("name"),
		"BudgetType": r.text("budget_type"), "TimeUnit": r.text("time_unit"), "CostFilters": filters, "CostTypes": included,
		"BudgetLimit": fields{"Amount": r.text("limit_amount"), "Unit": r.text("limit_unit")}},
		"NotificationsWithSubscribers": notifications, "ResourceTags": r.tagList("Key", "Value")})
}
