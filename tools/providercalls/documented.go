package main

import (
	"maps"
	"slices"
)

// documented are calls that were not recorded: changes that no step made, since they take long or replace what runs, and types that the
// emulator behind the recording lacks. Source: the API references of the services, for the call that changes what the arguments of the
// type say.
var documented = map[string]map[string][]string{
	"aws_backup_plan":           {"update": {"backup:UpdateBackupPlan"}},
	"aws_backup_vault":          {"update": {"backup:TagResource", "backup:UntagResource"}},
	"aws_cloudtrail":            {"update": {"cloudtrail:UpdateTrail"}},
	"aws_eks_access_entry":      {"update": {"eks:UpdateAccessEntry"}},
	"aws_eks_addon":             {"update": {"eks:DescribeUpdate", "eks:UpdateAddon"}},
	"aws_eks_cluster":           {"update": {"eks:DescribeUpdate", "eks:UpdateClusterConfig", "eks:UpdateClusterVersion"}},
	"aws_eks_node_group":        {"update": {"eks:DescribeUpdate", "eks:UpdateNodegroupConfig"}},
	"aws_guardduty_detector":    {"update": {"guardduty:UpdateDetector"}},
	"aws_lb_listener":           {"update": {"elasticloadbalancing:ModifyListener"}},
	"aws_lb_target_group":       {"update": {"elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes"}},
	"aws_rds_cluster":           {"update": {"rds:ModifyDBCluster"}},
	"aws_rds_cluster_instance":  {"update": {"rds:ModifyDBInstance"}},
	"aws_scheduler_schedule":    {"update": {"scheduler:UpdateSchedule"}},
	"aws_secretsmanager_secret": {"update": {"secretsmanager:UpdateSecret"}},
	"aws_sfn_state_machine":     {"update": {"states:UpdateStateMachine"}},
	"aws_vpc_endpoint":          {"update": {"ec2:ModifyVpcEndpoint"}},
	"aws_route53_resolver_rule_association": {
		"create": {"route53resolver:AssociateResolverRule", "route53resolver:GetResolverRuleAssociation"},
		"read":   {"route53resolver:GetResolverRuleAssociation"},
		"delete": {"route53resolver:DisassociateResolverRule", "route53resolver:GetResolverRuleAssociation"},
	},
	"aws_route53_zone_association": {
		"read":   {"route53:GetHostedZone"},
		"delete": {"route53:DisassociateVPCFromHostedZone", "route53:GetHostedZone"},
	},
}

// document adds what was not recorded, and leaves out what was meanwhile.
func (t *table) document() error {
	t.Documented = map[string]map[string][]string{}
	for _, of := range slices.Sorted(maps.Keys(documented)) {
		for operation, names := range documented[of] {
			for _, name := range names {
				if slices.Contains(t.Calls[of][operation], name) {
					continue
				}
				if err := t.describe(name); err != nil {
					return err
				}
				if t.Documented[of] == nil {
					t.Documented[of] = map[string][]string{}
				}
				t.Documented[of][operation] = append(t.Documented[of][operation], name)
			}
		}
	}
	return nil
}
