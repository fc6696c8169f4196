package cost_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	godiff "github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// TestBills holds whole bills, in every form that they have, to what they were: what stands in them is worked out by hand elsewhere, and
// here nothing changes unseen.
func TestBills(t *testing.T) {
	var srHAPlan tfjson.Plan
	if err := srHAPlan.UnmarshalJSON(srHA(t)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		plan    *tfjson.Plan
		options cost.Options
		set     [][2]string
	}{
		{"sr-ha", &srHAPlan, cost.Options{}, nil},
		{"sr-ha-always", &srHAPlan, cost.Options{Purchase: cost.Reserved1y}, [][2]string{{"load", "always"}, {"users", "300"}}},
		{"sr-ha-idle", &srHAPlan, cost.Options{Purchase: cost.OnDemand, Year: 2027}, [][2]string{{"load", "idle"}, {"database_gb", "400"}}},
		{"zoo", zoo(), cost.Options{Region: "eu-central-1"}, nil},
		{"zoo-open", openZoo(), cost.Options{}, nil},
		{"hours", offPeakPlan(true, 3, 2), cost.Options{Purchase: cost.AsPlanned}, nil},
		{"hours-always", offPeakPlan(true, 3, 2), cost.Options{Purchase: cost.Reserved3y}, [][2]string{{"load", "always"}, {"users", "66"}}},
		{"held", offPeakPlan(false, 3, 2), cost.Options{Purchase: cost.AsPlanned, Year: 2028}, [][2]string{{"timezone", "Australia/Lord_Howe"}}},
		{"zoo-savings-plan", zoo(), cost.Options{Purchase: cost.SavingsPlan3y}, [][2]string{{"bucket_gb", "60000"}, {"repository_gb", "7"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.Usage = cost.NewUsage()
			test.options.Year = cmp.Or(test.options.Year, 2026)
			for _, pair := range test.set {
				if err := test.options.Usage.Set(pair[0], pair[1]); err != nil {
					t.Fatal(err)
				}
			}
			got := whole(t, test.plan, test.options)
			file := filepath.Join("testdata", "bills", test.name+".txt")
			want, err := os.ReadFile(file)
			if err != nil && !*update {
				t.Fatal(err)
			}
			if diff := godiff.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("another bill (go test ./internal/cost -update writes it; read the difference):\n%s", diff)
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// whole is all that is said of the cost of a plan.
func whole(t *testing.T, document *tfjson.Plan, options cost.Options) string {
	t.Helper()
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	in := inputOf(t, document)
	r, err := cost.Estimate(in, book, options)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	least, most := r.Bounds()
	fmt.Fprintf(&b, "total %s, from %s to %s, %d, %s, users %s, workspace hours %s, estimated %d\n", r.Total().Cents(),
		least.Cents(), most.Cents(),
		r.Year, r.Timezone, r.Users, r.WorkspaceHours.Round(3), r.Estimated())
	for _, by := range []cost.Grouping{cost.ByService, cost.ByModule, cost.ByZone} {
		fmt.Fprintf(&b, "\nby %s\n", by)
		for _, group := range r.Groups(by) {
			fmt.Fprintf(&b, "  %s %s\n", group.Name, group.Cost.Cents())
		}
	}
	b.WriteString("\nlines\n")
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	// A line of each kind is explained.
	explained := map[string]bool{}
	for _, line := range r.Lines {
		if kind := string(line.Figure.Key.Item) + fmt.Sprint(line.Ranged()); !explained[kind] {
			explained[kind] = true
			b.WriteString("\n" + r.Explain(line))
		}
	}
	b.WriteString("\nassumed\n")
	for _, a := range r.Used() {
		fmt.Fprintf(&b, "  %s %s %v\n", a.Name, a.Value, a.Given)
	}
	for _, u := range r.Unpriced {
		fmt.Fprintf(&b, "unpriced %s: %s\n", u.Address, u.Why)
	}
	for _, m := range r.Metered {
		fmt.Fprintf(&b, "by use %s: %s %v\n", m.Address, m.Why, m.Prices)
	}
	for _, typ := range slices.Sorted(maps.Keys(r.Free)) {
		fmt.Fprintf(&b, "free %s %d\n", typ, r.Free[typ])
	}
	for _, s := range r.Spot {
		fmt.Fprintf(&b, "spot %+v\n", s)
	}
	b.WriteString("\nhours, in cents\n")
	for _, hour := range r.Hours() {
		fmt.Fprintf(&b, "%s ", hour.Cost.Shift(2).Round(0))
		if hour.Hour == 23 {
			b.WriteString("\n")
		}
	}
	advice, err := cost.Advise(in, book, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range advice {
		fmt.Fprintf(&b, "\nadvice %+v saves %s: %s\n", a.Settings, a.Saving.Cents(), a.Why)
	}
	endpoints, err := cost.Endpoints(in.Inventory, r, book)
	if err != nil {
		t.Fatal(err)
	}
	if endpoints != nil {
		fmt.Fprintf(&b, "\nendpoints %+v\n", *endpoints)
	}
	if options.Purchase == "" {
		b.WriteString("\npage\n")
		if err := r.WriteHTML(&b, "example"); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// openZoo is the zoo with something open in each of its animals.
func openZoo() *tfjson.Plan {
	unknown := map[string]values{
		"aws_eks_node_group.demand":        {"capacity_type": true, "scaling_config": []any{values{"desired_size": true}}},
		"aws_eks_node_group.spot":          {"scaling_config": []any{values{"max_size": true}}},
		"aws_eks_node_group.builders":      {"disk_size": true},
		"aws_instance.machine":             {"root_block_device": []any{values{"volume_size": true}}},
		"aws_instance.plain":               {"instance_type": true},
		"aws_ebs_volume.fast":              {"throughput": true},
		"aws_ebs_volume.old":               {"size": true},
		"aws_nat_gateway.a":                {"subnet_id": true},
		"aws_vpc_endpoint.ecr":             {"subnet_ids": true},
		"aws_vpc_endpoint.sts":             {"vpc_endpoint_type": true},
		"aws_lb.outside":                   {"internal": true, "subnets": true},
		"aws_lb.addressed":                 {"load_balancer_type": true},
		"aws_rds_cluster.d":                {"manage_master_user_password": true, "backup_retention_period": true},
		"aws_rds_cluster_instance.reader":  {"promotion_tier": true},
		"aws_rds_cluster.p":                {"storage_type": true},
		"aws_backup_plan.daily":            {"rule": []any{values{"lifecycle": []any{values{"delete_after": true}}}}},
		"aws_ssm_parameter.advanced":       {"tier": true},
		"aws_cloudwatch_metric_alarm.fast": {"period": true},
		"aws_cloudwatch_log_group.cluster": {"retention_in_days": true},
		"aws_cloudwatch_log_group.other":   {"name": true},
		"aws_scheduler_schedule.daily":     {"schedule_expression": true},
		"aws_sfn_state_machine.m":          {"definition": true},
	}
	document := zoo()
	for _, r := range document.PlannedValues.RootModule.Resources {
		forget(r.AttributeValues, unknown[r.Address])
	}
	return open(document, unknown)
}

// forget takes away what a plan does not know.
func forget(known map[string]any, unknown values) {
	for name, mark := range unknown {
		if mark == true {
			delete(known, name)
			continue
		}
		for i, block := range mark.([]any) {
			forget(known[name].([]any)[i].(values), block.(values))
		}
	}
}

// zoo is a plan with one of all that costs something, and of some what has other sizes, too.
func zoo() *tfjson.Plan {
	small := values{"name": "small", "version": "1.32"}
	return planOf(map[string]any{"capacity": map[string]any{
		"max_workspaces": 100.0, "supported": 100.0, "zones": 2.0, "homes_gib": 2000.0, "builds": map[string]any{"per_node": 5.0},
		"profiles": map[string]any{"small": map[string]any{"nodes": 10.0}},
	}},
		resource("aws_eks_cluster.old", small),
		resource("aws_vpc.v", values{"id": "v"}),
		resource("aws_subnet.a", values{"vpc_id": "v", "id": "subnet-a", "availability_zone": "us-east-1a"}),
		resource("aws_subnet.b", values{"vpc_id": "v", "id": "subnet-b", "availability_zone": "us-east-1b"}),
		nodeGroup("aws_eks_node_group.demand", "workspace", 1, 20, values{"subnet_ids": []any{"subnet-a"}}),
		nodeGroup("aws_eks_node_group.spot", "workspace", 1, 6, values{
			"capacity_type": "SPOT", "instance_types": []any{"m5.large", "m5a.large", "m6i.large"}, "disk_size": nil}),
		nodeGroup("aws_eks_node_group.builders", "provisioner", 0, 8, values{"instance_types": []any{"c5.xlarge"}}),
		resource("aws_instance.machine", values{
			"instance_type": "m5.large", "availability_zone": "us-east-1b",
			"root_block_device": []any{values{"volume_size": 30.0}},
			"ebs_block_device": []any{values{"volume_size": 100.0, "volume_type": "gp3", "iops": 4000.0, "throughput": 200.0},
				values{"volume_size": 5.0, "volume_type": "gp2"}},
		}),
		resource("aws_instance.plain", values{"instance_type": "t3.micro"}),
		resource("aws_spot_instance_request.cheap", values{"instance_type": "m5.large"}),
		resource("aws_ebs_volume.fast", values{"size": 200.0, "type": "gp3", "iops": 3000.0, "throughput": 125.0,
			"availability_zone": "us-east-1a"}),
		resource("aws_ebs_volume.old", values{"size": 50.0, "type": "gp2"}),
		resource("aws_nat_gateway.a", values{"subnet_id": "subnet-a"}),
		resource("aws_nat_gateway.b", values{"subnet_id": "subnet-b"}),
		resource("aws_eip.n", nil),
		resource("aws_vpc_endpoint.s3", values{"vpc_endpoint_type": "Gateway"}),
		resource("aws_vpc_endpoint.ecr", values{"vpc_endpoint_type": "Interface", "subnet_ids": []any{"subnet-a", "subnet-b"}}),
		resource("aws_vpc_endpoint.sts", values{"vpc_endpoint_type": "Interface", "subnet_ids": []any{"subnet-b"}}),
		resource("aws_vpc_endpoint.other", values{"vpc_endpoint_type": "GatewayLoadBalancer"}),
		resource("aws_lb.inside", values{"load_balancer_type": "network", "internal": true}),
		resource("aws_lb.outside", values{"load_balancer_type": "application", "internal": false, "subnets": []any{"subnet-a", "subnet-b"}}),
		resource("aws_lb.addressed",
			values{"load_balancer_type": "network", "internal": false, "subnet_mapping": []any{values{"allocation_id": "eipalloc-1"}}}),
		resource("aws_lb.gateway", values{"load_balancer_type": "gateway"}),
		resource("aws_rds_cluster.d", values{
			"cluster_identifier": "d", "engine": "aurora-postgresql", "backup_retention_period": 14.0, "manage_master_user_password": true,
			"storage_type":                       "aurora-iopt1",
			"serverlessv2_scaling_configuration": []any{values{"min_capacity": 1.0, "max_capacity": 16.0}},
		}),
		resource("aws_rds_cluster_instance.writer", values{"cluster_identifier": "d", "instance_class": "db.serverless", "promotion_tier": 0.0}),
		resource("aws_rds_cluster_instance.reader", values{"cluster_identifier": "d", "instance_class": "db.serverless", "promotion_tier": 2.0}),
		resource("aws_rds_cluster.p", values{"cluster_identifier": "p", "engine": "aurora-postgresql", "backup_retention_period": 1.0}),
		resource("aws_rds_cluster_instance.fixed", values{"cluster_identifier": "p", "instance_class": "db.r6g.large"}),
		resource("aws_backup_plan.daily",
			values{"rule": []any{values{"lifecycle": []any{values{"delete_after": 90.0}}},
				values{"lifecycle": []any{values{"delete_after": 30.0}}}}}),
		resource("aws_backup_plan.forever", values{"rule": []any{values{"rule_name": "r"}}}),
		resource("aws_kms_key.k", nil), resource("aws_kms_key.l", nil), resource("aws_kms_replica_key.r", nil),
		resource("aws_secretsmanager_secret.s", nil),
		resource("aws_ssm_parameter.free", nil), resource("aws_ssm_parameter.advanced", values{"tier": "Advanced"}),
		resource("aws_cloudwatch_metric_alarm.minute", values{"period": 60.0}),
		resource("aws_cloudwatch_metric_alarm.fast", values{"period": 30.0}),
		resource("aws_cloudwatch_metric_alarm.many",
			values{"metric_query": []any{values{"metric": []any{values{}}}, values{"metric": []any{values{}}}, values{}}}),
		resource("aws_cloudwatch_composite_alarm.all", nil),
		resource("aws_cloudwatch_dashboard.d", nil),
		resource("aws_cloudwatch_log_group.cluster", values{"name": "/aws/eks/small/cluster", "retention_in_days": 30.0}),
		resource("aws_cloudwatch_log_group.other", values{"name": "other", "retention_in_days": 7.0}),
		resource("aws_cloudwatch_log_group.kept", values{"name": "kept"}),
		resource("aws_scheduler_schedule.daily", values{"name": "daily", "schedule_expression": "cron(0 7 ? * MON-FRI *)",
			"schedule_expression_timezone": "Europe/Berlin"}),
		resource("aws_scheduler_schedule.often", values{"name": "often", "schedule_expression": "rate(5 minutes)"}),
		resource("aws_scheduler_schedule.once", values{"name": "once", "schedule_expression": "at(2026-05-01T10:00:00)"}),
		resource("aws_sfn_state_machine.m", values{"definition": "{}"}),
		resource("aws_route53_zone.z", nil), resource("aws_route53_health_check.h", nil),
		resource("aws_s3_bucket.b", nil), resource("aws_ecr_repository.r", nil), resource("aws_efs_file_system.f", nil),
		resource("aws_wafv2_web_acl.w", nil),
		resource("aws_iam_role.free", nil), resource("aws_elasticache_cluster.unknown", nil),
	)
}
