package compliance

import "strings"

// retentionDays is how long records have to be kept, in days. NIST leaves it to the organization (AU-11); a year is what PubSec's settings
// say, and what the memorandum M-21-31 asked to have at hand until it was rescinded in 2026.
const retentionDays = 365

// recordChecks are about records, and who is told.
func recordChecks() []Check {
	return []Check{
		{ID: "control-plane-logs", What: "control planes log all that they can", Reads: []string{"aws_eks_cluster"},
			rule: attribute("enabled_cluster_log_types", containing("api", "audit", "authenticator", "controllerManager", "scheduler"),
				"aws_eks_cluster")},
		{ID: "control-plane-audit", What: "control planes log who asked the Kubernetes API for what", Reads: []string{"aws_eks_cluster"},
			rule: attribute("enabled_cluster_log_types", containing("audit"), "aws_eks_cluster")},
		{ID: "database-logs", What: "databases send their logs to CloudWatch", Reads: []string{"aws_rds_cluster", "aws_db_instance"},
			rule: attribute("enabled_cloudwatch_logs_exports", something("at least one log"), "aws_rds_cluster", "aws_db_instance")},
		{ID: "load-balancer-logs", What: "load balancers log who asked for what", Reads: []string{"aws_lb", "aws_alb"},
			rule: attribute("access_logs.enabled", yes(false), "aws_lb", "aws_alb")},
		{ID: "state-machine-logs", What: "state machines log what they do", Reads: []string{"aws_sfn_state_machine"},
			rule: attribute("logging_configuration.level", oneOf("OFF", "ALL", "ERROR", "FATAL"), "aws_sfn_state_machine")},
		{ID: "log-retention", What: "records are kept for a year or more", Reads: []string{"aws_cloudwatch_log_group"},
			rule: attribute("retention_in_days", atLeast(retentionDays, 0, Satisfied), "aws_cloudwatch_log_group")},
		{ID: "alarms-told", What: "alarms tell somebody", Reads: []string{"aws_cloudwatch_metric_alarm"},
			rule: both(attribute("alarm_actions", something("at least one"), "aws_cloudwatch_metric_alarm"),
				attribute("actions_enabled", yes(true), "aws_cloudwatch_metric_alarm"))},
		{ID: "database-monitoring", What: "databases are measured at the level of the operating system",
			Reads: []string{"aws_rds_cluster_instance", "aws_db_instance"},
			rule:  attribute("monitoring_interval", atLeast(1, 0, NotSatisfied), "aws_rds_cluster_instance", "aws_db_instance")},
	}
}

// accountChecks are about what an account or an organization has once, and this plan may leave to others.
func accountChecks() []Check {
	trail := "`aws cloudtrail describe-trails` and `get-trail-status`"
	return []Check{
		{ID: "trail", What: "a trail of all regions is on", Reads: []string{"aws_cloudtrail"}, Elsewhere: trail,
			rule: both(attribute("is_multi_region_trail", yes(false), "aws_cloudtrail"), attribute("enable_logging", yes(true), "aws_cloudtrail"))},
		{ID: "trail-validation", What: "the trail's files can be shown to be unchanged", Reads: []string{"aws_cloudtrail"}, Elsewhere: trail,
			rule: attribute("enable_log_file_validation", yes(false), "aws_cloudtrail")},
		{ID: "trail-own-key", What: "the trail is encrypted with a key of your own", Reads: []string{"aws_cloudtrail"}, Elsewhere: trail,
			rule: ownKey("kms_key_id", "aws_cloudtrail")},
		{ID: "trail-watched", What: "the trail can be watched by alarms, in CloudWatch", Reads: []string{"aws_cloudtrail"}, Elsewhere: trail,
			rule: attribute("cloud_watch_logs_group_arn", something("a log group"), "aws_cloudtrail")},
		{ID: "guardduty", What: "GuardDuty is on", Reads: []string{"aws_guardduty_detector"},
			Elsewhere: "`aws guardduty list-detectors` and `get-detector`",
			rule:      attribute("enable", yes(true), "aws_guardduty_detector")},
		{ID: "config", What: "AWS Config records what changes", Reads: []string{"aws_config_configuration_recorder",
			"aws_config_configuration_recorder_status"},
			Elsewhere: "`aws configservice describe-configuration-recorder-status`",
			rule: both(attribute("recording_group.all_supported", yes(true), "aws_config_configuration_recorder"),
				attribute("is_enabled", yes(false), "aws_config_configuration_recorder_status"))},
		{ID: "config-role", What: "AWS Config records with its service-linked role", Reads: []string{"aws_config_configuration_recorder"},
			Elsewhere: "`aws configservice describe-configuration-recorders`", rule: recordsAsItself},
		{ID: "security-hub", What: "Security Hub is on", Reads: []string{"aws_securityhub_account"}, Elsewhere: "`aws securityhub describe-hub`",
			rule: func(s *Subject) []Evidence {
				var all []Evidence
				for _, i := range s.of("aws_securityhub_account") {
					all = append(all, i.look("enable_default_standards", yes(true)))
				}
				return all
			}},
	}
}

// recordsAsItself is the rule that AWS Config has its service-linked role: Security Hub takes every other for one that may lack rights
// (control Config.1). One that the plan does not know yet is told by what it names.
func recordsAsItself(s *Subject) []Evidence {
	want := text("the role AWSServiceRoleForConfig", "", func(arn string) bool { return strings.HasSuffix(arn, "/AWSServiceRoleForConfig") })
	var all []Evidence
	for _, i := range s.of("aws_config_configuration_recorder") {
		e := i.look("role_arn", want)
		if e.Answer == NotProvable {
			if linked := i.refers("role_arn", "aws_iam_service_linked_role"); len(linked) > 0 {
				e.Answer, e.Found, e.Why = Satisfied, linked[0], ""
			} else if own := i.refers("role_arn", "aws_iam_role"); len(own) > 0 {
				e.Answer, e.Found, e.Why = NotSatisfied, own[0], ""
			}
		}
		all = append(all, e)
	}
	return all
}
