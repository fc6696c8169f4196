package consequence

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// Whom a consequence concerns.
const (
	anybody    = "people"
	everybody  = "everybody"
	workspaces = "people in workspaces"
	builders   = "who starts or stops a workspace"
	admins     = "administrators"
)

// difference is a change of one resource that exists.
type difference struct{ plan.Change }

// gone reports whether what exists is destroyed, with a successor or without.
func (d difference) gone() bool { return d.Actions.Delete() || d.Actions.Replace() }

// changes reports whether any of these attributes differs.
func (d difference) changes(attributes ...string) bool {
	return slices.ContainsFunc(d.Attributes(), func(name string) bool { return slices.Contains(attributes, name) })
}

// text is an attribute before and after, as far as it is a known text.
func (d difference) text(attribute string) (before, after string) {
	before, _ = d.Before.Object()[attribute].(string)
	after, _ = d.After.Object()[attribute].(string)
	return before, after
}

// rules say what changes of a type mean; none means nothing to anybody. Figures of AWS's times are those of its guides: the Amazon EKS user
// guide, "Update existing cluster to new Kubernetes version" and "Understand each phase of node updates"; the Amazon Aurora user guide,
// "Upgrading Amazon Aurora PostgreSQL DB clusters" and "High availability for Amazon Aurora".
var rules = map[string]func(difference) []Consequence{
	"aws_eks_cluster":                        cluster,
	"aws_eks_node_group":                     nodeGroup,
	"aws_eks_access_entry":                   accessEntry,
	"aws_eks_addon":                          addon,
	"aws_rds_cluster":                        database,
	"aws_rds_cluster_instance":               databaseInstance,
	"aws_lb":                                 entrance,
	"aws_lb_listener":                        entrance,
	"aws_lb_target_group":                    entrance,
	"aws_autoscaling_attachment":             entrance,
	"aws_vpc_security_group_ingress_rule":    source,
	"aws_nat_gateway":                        wayOut,
	"aws_eip":                                address,
	"aws_vpc":                                network,
	"aws_vpc_endpoint":                       endpoint,
	"aws_subnet":                             network,
	"aws_internet_gateway":                   network,
	"aws_route":                              network,
	"aws_security_group":                     network,
	"aws_route53_record":                     name,
	"aws_route53_zone":                       name,
	"aws_ec2_transit_gateway_vpc_attachment": connection,
	"aws_route53_zone_association":           name,
	"aws_route53_resolver_rule_association":  name,
	"aws_eks_pod_identity_association":       identity,
	"aws_cloudtrail":                         record("no trail keeps who did what"),
	"aws_config_configuration_recorder":      record("AWS Config no longer records what resources are like"),
	"aws_guardduty_detector":                 record("GuardDuty no longer looks for attacks, and its findings go"),
	"aws_securityhub_account":                record("Security Hub no longer checks the account, and its findings go"),
	"aws_route53_resolver_query_log_config":  record("no log keeps which names are asked for"),
	"helm_release":                           release,
}

// quiet are types whose changes nobody notices who uses Coder: records, alarms, rights that follow what they belong to, and names.
var quiet = map[string]bool{
	"aws_acm_certificate": true, "aws_acm_certificate_validation": true, "aws_backup_plan": true, "aws_backup_selection": true,
	"aws_backup_vault": true, "aws_budgets_budget": true, "aws_cloudwatch_dashboard": true, "aws_cloudwatch_log_group": true,
	"aws_cloudwatch_metric_alarm": true, "aws_config_configuration_recorder_status": true, "aws_config_delivery_channel": true,
	"aws_db_subnet_group": true, "aws_default_security_group": true,
	"aws_ecr_lifecycle_policy": true, "aws_ecr_repository": true, "aws_eks_access_policy_association": true, "aws_flow_log": true,
	"aws_guardduty_detector_feature": true, "aws_iam_service_linked_role": true,
	"aws_iam_role": true, "aws_iam_role_policy": true, "aws_iam_role_policy_attachment": true, "aws_kms_alias": true,
	"aws_kms_key": true, "aws_launch_template": true, "aws_rds_cluster_parameter_group": true, "aws_route_table": true,
	"aws_route53_resolver_query_log_config_association": true, "aws_securityhub_standards_subscription": true,
	"aws_route_table_association": true, "aws_s3_bucket": true, "aws_s3_bucket_lifecycle_configuration": true,
	"aws_s3_bucket_object_lock_configuration": true, "aws_s3_bucket_policy": true, "aws_s3_bucket_public_access_block": true,
	"aws_s3_bucket_server_side_encryption_configuration": true, "aws_s3_bucket_versioning": true,
	"aws_scheduler_schedule": true, "aws_scheduler_schedule_group": true,
	"aws_secretsmanager_secret": true, "aws_sfn_state_machine": true, "aws_sns_topic": true, "aws_sns_topic_policy": true,
	"aws_sns_topic_subscription": true, "aws_vpc_security_group_egress_rule": true, "terraform_data": true,
}

func cluster(d difference) []Consequence {
	if d.gone() {
		return one(Interrupts, everybody, "the Kubernetes cluster goes: Coder is away and all workspaces stop, until a new cluster "+
			"is there and Coder is installed in it, half an hour at least")
	}
	var list []Consequence
	if before, after := d.text("version"); before != after && after != "" {
		list = append(list, Consequence{Effect: Noticed, Who: admins, Text: fmt.Sprintf("Kubernetes goes from %s to %s in about ten minutes, "+
			"in which its API answers; it never goes back", before, after)})
	}
	if d.changes("vpc_config") {
		list = append(list, Consequence{Effect: Noticed, Who: admins, Text: "it changes from where the Kubernetes API is reached"})
	}
	return list
}

// kind is what the nodes of a group are for, which our modules write into a label that ends so.
func kind(values map[string]any) string {
	labels, _ := values["labels"].(map[string]any)
	for _, value := range labels {
		if text, ok := value.(string); ok && slices.Contains([]string{"control", "provisioner", "workspace"}, text) {
			return text
		}
	}
	return ""
}

func nodeGroup(d difference) []Consequence {
	if !d.gone() && !d.changes("version", "launch_template", "release_version", "taint") {
		return nil // its bounds, its tags
	}
	how := "one after the other, each drained within 15 minutes"
	switch {
	case d.Actions.Replace():
		how = "all at once, after their successors are ready"
	case d.Actions.Delete():
		how = "all at once, with nothing in their place"
	}
	switch kind(d.Before.Object()) {
	case "control":
		return one(Interrupts, everybody, "the nodes of coderd are replaced, "+how+": Coder is away for a minute or two where one "+
			"coderd runs, and where several run connections are made anew")
	case "provisioner":
		return one(Interrupts, builders, "the nodes of provisioners are replaced, "+how+": a build that runs there breaks off, and "+
			"is started again by hand")
	case "workspace":
		return one(Interrupts, workspaces, "nodes with workspaces go, "+how+": workspaces on them stop, keep their homes, and can "+
			"be started again; what was not saved is lost")
	}
	return one(Interrupts, anybody, "nodes are replaced, "+how+": what runs on them starts anew elsewhere")
}

func accessEntry(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	role, _ := d.text("principal_arn")
	return one(Noticed, admins, role+" may no longer administer the cluster")
}

func addon(d difference) []Consequence {
	name, _ := d.text("addon_name")
	return one(Noticed, admins, "the add-on "+name+" is changed, on one node after the other; running pods go on")
}

func database(d difference) []Consequence {
	if d.gone() {
		return one(Interrupts, everybody, "the database goes, and with it all that Coder knows; a final snapshot is taken")
	}
	before, after := d.text("engine_version")
	if before == after || after == "" {
		return nil
	}
	major := func(version string) string { first, _, _ := strings.Cut(version, "."); return first }
	if major(before) == major(after) && d.After.Object()["apply_immediately"] != true {
		window, _ := d.After.Object()["preferred_maintenance_window"].(string)
		if window != "" {
			window = ", " + window + " in UTC"
		}
		return one(Interrupts, everybody, fmt.Sprintf("PostgreSQL goes from %s to %s in the next maintenance window of the database%s, and "+
			"Coder waits for it for about a minute then; database.apply_immediately lets it happen in this run", before, after, window))
	}
	if major(before) != major(after) {
		return one(Interrupts, everybody, fmt.Sprintf("PostgreSQL goes from %s to %s: Coder is away for 10 to 30 minutes; workspaces go on, and "+
			"cannot be reached", before, after))
	}
	return one(Interrupts, everybody, fmt.Sprintf("PostgreSQL goes from %s to %s: Coder waits for its database for about a minute",
		before, after))
}

func databaseInstance(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	return one(Interrupts, everybody, "an instance of the database goes: where it is the writer, another takes over in about "+
		"half a minute, in which Coder waits; where it is the only one, Coder is away until its successor is there, about ten minutes")
}

func entrance(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	return one(Interrupts, everybody, "the way to Coder through the load balancer is made anew: nobody reaches Coder or a "+
		"workspace through it for about five minutes")
}

func source(d difference) []Consequence {
	from, _ := d.text("cidr_ipv4")
	if from == "" || !d.gone() && !d.changes("cidr_ipv4") {
		return nil
	}
	return one(Interrupts, "who comes from "+from, "they no longer get in, unless another range holds them")
}

func wayOut(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	return one(Interrupts, workspaces, "connections to the internet through a NAT gateway that goes break off; new ones leave by another")
}

func address(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	ip, _ := d.text("public_ip")
	return one(Noticed, "who lists addresses of nodes", "the internet no longer sees "+ip+"; where it is allowed elsewhere, allow the new one")
}

func network(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	return one(Interrupts, everybody, "a part of the network that nodes are in is made anew: what runs in it stops, and connections break off")
}

func endpoint(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	service, _ := d.text("service_name")
	return one(Interrupts, everybody, "the endpoint of "+service+" goes: what has no other way there waits for it, such as nodes that fetch "+
		"images and pods that sign in")
}

func connection(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	return one(Interrupts, everybody, "a connection to other networks goes: what is reached over it alone is away, such as endpoints that are "+
		"shared there and who signs people in")
}

func name(d difference) []Consequence {
	if !d.gone() {
		return one(Noticed, everybody, "what names in DNS lead to changes, within a minute or two")
	}
	return one(Interrupts, everybody, "a name in DNS goes: who asks for it finds nothing until it is there again, and some minutes more")
}

func identity(d difference) []Consequence {
	if !d.gone() {
		return nil
	}
	return one(Interrupts, everybody, "pods lose what they may do on AWS until they start anew: Coder cannot sign in to its database, or nodes are not added")
}

// record is the rule of what watches an account: where it goes, those who answer for the account must know.
func record(without string) func(difference) []Consequence {
	return func(d difference) []Consequence {
		if !d.gone() {
			return nil
		}
		return one(Noticed, admins, without+", unless something else in the account does")
	}
}

func release(d difference) []Consequence {
	chart, _ := d.text("chart")
	before, after := d.text("version")
	name := chart[strings.LastIndex(chart, "/")+1:]
	switch {
	case name == "coder" && d.gone():
		return one(Interrupts, everybody, "coderd is uninstalled: Coder is away until it is installed again")
	case name == "coder" && before != after && after != "":
		return one(Interrupts, everybody, fmt.Sprintf("Coder goes from %s to %s: where one coderd runs it is away for a minute or "+
			"two, and where several run connections are made anew; the database is migrated, and goes back by a snapshot alone", before, after))
	case name == "coder":
		return one(Interrupts, everybody, "coderd starts anew with its settings: where one runs Coder is away for a minute or two, "+
			"and where several run connections are made anew; workspaces go on")
	case name == "coder-provisioner":
		return one(Interrupts, builders, "provisioners start anew: a build that is running may break off, and is started again by hand")
	case name == "foundation" && d.gone():
		return one(Interrupts, everybody, "the namespaces of Coder and its workspaces go, with all that runs in them")
	case name == "entrance" && d.gone():
		return one(Interrupts, everybody, "the load balancer no longer finds Coder: nobody reaches it until the release is there again")
	case name == "foundation", name == "cluster-autoscaler", name == "entrance":
		return nil
	}
	return one(Unknown, anybody, "it is not known what a change of the release of "+name+" does to them")
}
