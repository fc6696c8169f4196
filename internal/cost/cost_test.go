package cost_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/shopspring/decimal"
)

type values = map[string]any

// resource is one resource of a plan.
func resource(address string, attributes values) *tfjson.StateResource {
	parts := strings.Split(address, ".")
	typ := parts[len(parts)-2]
	if attributes == nil {
		attributes = values{}
	}
	if _, ok := attributes["region"]; !ok && !strings.HasPrefix(typ, "aws_route53") {
		attributes["region"] = "us-east-1"
	}
	return &tfjson.StateResource{Address: address, Mode: tfjson.ManagedResourceMode, Type: typ, AttributeValues: attributes}
}

func planOf(outputs map[string]any, resources ...*tfjson.StateResource) *tfjson.Plan {
	plan := &tfjson.Plan{
		FormatVersion: "1.2", TerraformVersion: "1.11.4", Config: &tfjson.Config{RootModule: &tfjson.ConfigModule{}},
		PlannedValues: &tfjson.StateValues{RootModule: &tfjson.StateModule{Resources: resources}, Outputs: map[string]*tfjson.StateOutput{}},
	}
	for name, value := range outputs {
		plan.PlannedValues.Outputs[name] = &tfjson.StateOutput{Value: value}
	}
	return plan
}

// estimate prices a plan with the embedded book, in 2026.
func estimate(t testing.TB, plan *tfjson.Plan, options cost.Options) *cost.Report {
	t.Helper()
	r, err := tryEstimate(t, plan, options)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tryEstimate(t testing.TB, document *tfjson.Plan, options cost.Options) (*cost.Report, error) {
	t.Helper()
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	in := inputOf(t, document)
	if options.Year == 0 {
		options.Year = 2026
	}
	return cost.Estimate(in, book, options)
}

// inputOf reads a plan.
func inputOf(t testing.TB, document *tfjson.Plan) *cost.Input {
	t.Helper()
	in, err := cost.Read(plan.Read(document), nil)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func nodeGroup(address, label string, minSize, maxSize int, more values) *tfjson.StateResource {
	attributes := values{
		"cluster_name": "c", "capacity_type": "ON_DEMAND", "instance_types": []any{"m5.large"}, "disk_size": 50.0,
		"labels":         values{"coder.com/node-group": label},
		"scaling_config": []any{values{"min_size": float64(minSize), "desired_size": float64(minSize), "max_size": float64(maxSize)}},
	}
	for name, value := range more {
		attributes[name] = value
	}
	return resource(address, attributes)
}

// reference is a small deployment, whose bill is worked out by hand below.
func reference() *tfjson.Plan {
	return planOf(nil,
		resource("aws_eks_cluster.c", values{"name": "c", "version": "1.35"}),
		nodeGroup("aws_eks_node_group.n", "control", 2, 2, nil),
		resource("aws_nat_gateway.n", nil),
		resource("aws_eip.n", nil),
		resource("aws_lb.l", values{"load_balancer_type": "network", "internal": true}),
		resource("aws_rds_cluster.d", values{
			"cluster_identifier": "d", "engine": "aurora-postgresql", "backup_retention_period": 7.0, "manage_master_user_password": true,
			"serverlessv2_scaling_configuration": []any{values{"min_capacity": 0.5, "max_capacity": 4.0}},
		}),
		resource("aws_rds_cluster_instance.d", values{"cluster_identifier": "d", "instance_class": "db.serverless", "promotion_tier": 0.0}),
		resource("aws_kms_key.k", nil),
		resource("aws_secretsmanager_secret.s", values{"name": "s"}),
		resource("aws_cloudwatch_log_group.l", values{"name": "/aws/eks/c/cluster", "retention_in_days": 30.0}),
		resource("aws_cloudwatch_metric_alarm.a", values{"alarm_name": "a", "period": 300.0}),
		resource("aws_iam_role.r", nil),
	)
}

// TestByHand holds a bill to what follows from AWS's published prices in us-east-1, to the cent. The plan has no workspaces, so that what
// is assumed for a node and for an idle hour is all that is used.
func TestByHand(t *testing.T) {
	r := estimate(t, reference(), cost.Options{})
	want := map[string]string{
		"aws_eks_cluster.c: eks.cluster_hour":                         "73.00",  // 730 h × 0.10
		"aws_eks_node_group.n: ec2.on_demand_hour":                    "140.16", // 2 × 730 h × 0.096 for m5.large
		"aws_eks_node_group.n: ebs.gp3_gb_month":                      "8.00",   // 2 × 50 GB × 0.08
		"aws_nat_gateway.n: nat_gateway.hour":                         "32.85",  // 730 h × 0.045
		"aws_nat_gateway.n: nat_gateway.gb":                           "1.31",   // 2 × 730 h × 0.02 GB = 29.2 GB × 0.045 = 1.314
		"aws_eip.n: public_ipv4.hour":                                 "3.65",   // 730 h × 0.005
		"aws_lb.l: nlb.hour":                                          "16.43",  // 730 h × 0.0225 = 16.425
		"aws_rds_cluster_instance.d: aurora.acu_hour":                 "43.80",  // 0.5 ACU × 730 h × 0.12
		"aws_rds_cluster.d: aurora.storage_gb_month":                  "2.00",   // 20 GB × 0.10
		"aws_rds_cluster.d: aurora.io_requests":                       "0.73",   // 5,000 × 730 h = 3.65 million × 0.20
		"aws_rds_cluster.d: aurora.backup_gb_month":                   "0.15",   // 7 days × 5 % of 20 GB = 7 GB × 0.021 = 0.147
		"aws_rds_cluster.d: secretsmanager.secret_month":              "0.40",   // RDS's secret
		"aws_kms_key.k: kms.key_month":                                "1.00",
		"aws_kms_key.k: kms.requests":                                 "0.22", // 2 × 730 h × 50 = 7.3 × 10,000 × 0.03 = 0.219
		"aws_secretsmanager_secret.s: secretsmanager.secret_month":    "0.40",
		"aws_cloudwatch_log_group.l: cloudwatch.vended_logs_gb":       "40.15", // 730 h × (0.1 + 2 × 0.005) GB = 80.3 GB × 0.50
		"aws_cloudwatch_log_group.l: cloudwatch.logs_stored_gb_month": "0.48",  // 20 % of it for a month = 16.06 GB × 0.03 = 0.4818
		"aws_cloudwatch_metric_alarm.a: cloudwatch.alarm_month":       "0.10",
	}
	got := map[string]string{}
	for _, line := range r.Lines {
		got[line.Address+": "+string(line.Figure.Key.Item)] = line.Cost.Cents()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// 73.00 + 140.16 + 8.00 + 32.85 + 1.31 + 3.65 + 16.43 + 43.80 + 2.00 + 0.73 + 0.15 + 0.40 + 1.00 + 0.22 + 0.40 + 40.15 + 0.48 + 0.10
	if total := r.Total().Cents(); total != "364.83" {
		t.Errorf("the total is %s, and by hand 364.83", total)
	}
	if len(r.Unpriced) > 0 || r.Free["aws_iam_role"] != 1 {
		t.Errorf("unpriced %v, free %v", r.Unpriced, r.Free)
	}
}

// TestTotalsAgree holds every output of one bill to the same total: the sum of its lines.
func TestTotalsAgree(t *testing.T) {
	r := estimate(t, reference(), cost.Options{})
	total := r.Total().Cents()
	for _, by := range []cost.Grouping{cost.ByService, cost.ByModule, cost.ByZone, cost.ByLine} {
		var sum pricing.USD
		for _, group := range r.Groups(by) {
			sum = sum.Plus(group.Cost)
			for _, line := range group.Lines {
				group.Cost = group.Cost.Minus(line.Cost)
			}
			if !group.Cost.IsZero() {
				t.Errorf("the lines of %s lack %s of it", group.Name, group.Cost.Cents())
			}
		}
		if sum.Cents() != total {
			t.Errorf("groups by %s add up to %s, and the total is %s", by, sum.Cents(), total)
		}
	}
	document := r.Document()
	sums := map[string]decimal.Decimal{}
	for _, line := range document.Lines {
		sums["JSON"] = sums["JSON"].Add(decimal.RequireFromString(line.Cost))
	}
	var table, page bytes.Buffer
	if err := r.WriteCSV(&table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for i, column := range rows[0] {
			if column == "cost" {
				sums["CSV"] = sums["CSV"].Add(decimal.RequireFromString(row[i]))
			}
		}
	}
	sums["document"] = decimal.RequireFromString(document.Total)
	for name, sum := range sums {
		if sum.StringFixed(2) != total {
			t.Errorf("%s adds up to %s, and the total is %s", name, sum, total)
		}
	}
	if err := r.WriteHTML(&page, "reference"); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(page.String(), total); n < 5 {
		t.Errorf("the page names the total %s %d times", total, n)
	}
	for _, outside := range []string{"src=", "href=", "@import", "url("} {
		if strings.Contains(page.String(), outside) {
			t.Errorf("the page needs something else: %s", outside)
		}
	}
	hours := decimal.Zero
	for _, hour := range r.Hours() {
		hours = hours.Add(hour.Cost)
	}
	// A week of 168 hours, of which a month of 730 has 4.345.
	month := hours.Mul(decimal.NewFromInt(730)).Div(decimal.NewFromInt(168))
	if difference := month.Sub(decimal.RequireFromString(total)).Abs(); difference.GreaterThan(decimal.RequireFromString("0.01")) {
		t.Errorf("the hours of the week make %s a month, and the total is %s", month, total)
	}
}

// schedule is one of EventBridge Scheduler, whose input the plan does not know yet.
func schedule(name, expression, zone string) *tfjson.StateResource {
	return resource("aws_scheduler_schedule."+name, values{
		"name": name, "schedule_expression": expression, "schedule_expression_timezone": zone, "target": []any{values{}},
	})
}

func TestSchedules(t *testing.T) {
	group := func() *tfjson.StateResource { return nodeGroup(`aws_eks_node_group.w["w"]`, "workspace", 10, 20, nil) }
	sets := func(holidays ...any) map[string]any {
		if holidays == nil {
			holidays = []any{}
		}
		return map[string]any{"scaling": map[string]any{
			"start": map[string]any{"holidays": holidays, "min_sizes": map[string]any{"w": 10.0}},
			"stop":  map[string]any{"holidays": []any{}, "min_sizes": map[string]any{"w": 2.0}},
		}}
	}
	office := func(zone string) []*tfjson.StateResource {
		return []*tfjson.StateResource{group(), schedule("start", "cron(0 8 ? * MON-FRI *)", zone),
			schedule("stop", "cron(0 18 ? * MON-FRI *)", zone)}
	}
	known := []*tfjson.StateResource{group(),
		resource("aws_scheduler_schedule.on", values{"name": "on", "schedule_expression": "cron(0 8 ? * MON-FRI *)",
			"schedule_expression_timezone": "UTC",
			"target":                       []any{values{"input": `{"holidays":[],"sizes":[{"nodegroup":"w","min_size":10}]}`}}}),
		resource("aws_scheduler_schedule.off", values{"name": "off", "schedule_expression": "cron(0 18 ? * MON-FRI *)",
			"schedule_expression_timezone": "UTC",
			"target":                       []any{values{"input": `{"holidays":[],"sizes":[{"nodegroup":"w","min_size":2}]}`}}}),
	}
	for _, test := range []struct {
		name      string
		outputs   map[string]any
		resources []*tfjson.StateResource
		// hours are node-hours in an average month of 2026, which has 261 days from Monday to Friday.
		hours string
	}{
		{"no schedule", nil, []*tfjson.StateResource{group()}, "7300"},
		{"ten hours on weekdays", sets(), office("UTC"), "3200"},                             // (2,610 × 10 + 6,150 × 2) / 12
		{"on both sides of the clock's changes", sets(), office("America/New_York"), "3200"}, // the same days by another clock
		{"in a zone half an hour from the hour", sets(), office("Asia/Kolkata"), "3200"},
		{"in a zone that moves by half an hour", sets(), office("Australia/Lord_Howe"), "3200"},
		{"a holiday on a Friday", sets("2026-12-25"), office("UTC"), "3193.333333"}, // (2,600 × 10 + 6,160 × 2) / 12
		{"a holiday on a Saturday", sets("2026-12-26"), office("UTC"), "3200"},
		{"sizes that the plan knows", nil, known, "3200"},
		{"a night that loses an hour in spring alone", map[string]any{"scaling": map[string]any{
			"start": map[string]any{"min_sizes": map[string]any{"w": 10.0}}, "stop": map[string]any{"min_sizes": map[string]any{"w": 2.0}},
		}}, []*tfjson.StateResource{group(),
			// From 1:00 to 4:00 on Sundays in March, of which March 8 has no hour from 2:00 on. It has its first size of 10 until March 1, 4:00.
			schedule("start", "cron(0 1 ? 3 SUN *)", "America/New_York"), schedule("stop", "cron(0 4 ? 3 SUN *)", "America/New_York"),
		}, "2414"}, // 1,420 h, 2 h and three times 3 h are 1,431 h at 10: (14,310 + 7,329 × 2) / 12
	} {
		t.Run(test.name, func(t *testing.T) {
			r := estimate(t, planOf(test.outputs, test.resources...), cost.Options{})
			for _, line := range r.Lines {
				if line.Figure.Key.Item == pricing.EC2OnDemandHour && line.Quantity.String() != test.hours {
					t.Errorf("%s node-hours a month, want %s (%s)", line.Quantity, test.hours, line.Why)
				}
			}
		})
	}
}

// TestMerge holds the bill of two regions to the sum of both, also by the hour, though their schedules differ.
func TestMerge(t *testing.T) {
	group := nodeGroup(`aws_eks_node_group.w["w"]`, "workspace", 10, 20, nil)
	outputs := map[string]any{"scaling": map[string]any{
		"start": map[string]any{"min_sizes": map[string]any{"w": 10.0}}, "stop": map[string]any{"min_sizes": map[string]any{"w": 2.0}},
	}}
	scheduled := estimate(t, planOf(outputs, group, schedule("start", "cron(0 8 ? * MON-FRI *)", "UTC"),
		schedule("stop", "cron(0 18 ? * MON-FRI *)", "UTC")), cost.Options{})
	steady := estimate(t, reference(), cost.Options{})
	for _, order := range [][]*cost.Report{{scheduled, steady}, {steady, scheduled}} {
		merged := cost.Merge(order)
		if want := scheduled.Total().Plus(steady.Total()); !merged.Total().Equal(want) {
			t.Errorf("%s, want %s", merged.Total().Cents(), want.Cents())
		}
		for i, hour := range merged.Hours() {
			if want := scheduled.Hours()[i].Cost.Add(steady.Hours()[i].Cost); !hour.Cost.Round(6).Equal(want.Round(6)) {
				t.Fatalf("hour %d costs %s, want %s", i, hour.Cost, want)
			}
		}
	}
}

// TestMergeTellsAll: the bill of several regions has the users, the spot types, what is free and what has no price of all of them.
func TestMergeTellsAll(t *testing.T) {
	here, there := estimate(t, zoo(), cost.Options{}), estimate(t, workspaces(), cost.Options{Usage: usageOf(t, "users", "7")})
	merged := cost.Merge([]*cost.Report{here, there, there})
	if want := here.Users.Add(there.Users).Add(there.Users); !merged.Users.Equal(want) {
		t.Errorf("%s users, want %s", merged.Users, want)
	}
	if want := here.WorkspaceHours.Add(there.WorkspaceHours).Add(there.WorkspaceHours); !merged.WorkspaceHours.Equal(want) {
		t.Errorf("%s hours of workspaces, want %s", merged.WorkspaceHours, want)
	}
	if want := len(here.Unpriced) + 2*len(there.Unpriced); len(here.Unpriced) == 0 || len(merged.Unpriced) != want {
		t.Errorf("%d resources have no price, want %d", len(merged.Unpriced), want)
	}
	if len(here.Free) == 0 {
		t.Error("nothing is free")
	}
	for typ, count := range here.Free {
		if want := count + 2*there.Free[typ]; merged.Free[typ] != want {
			t.Errorf("%d of %s are free, want %d", merged.Free[typ], typ, want)
		}
	}
	types := map[string]int{}
	for _, kind := range merged.Spot {
		types[kind.Name]++
	}
	for _, kind := range append(here.Spot, there.Spot...) {
		if types[kind.Name] != 1 {
			t.Errorf("%s is told %d times", kind.Name, types[kind.Name])
		}
	}
	if none := cost.Merge(nil); !none.Total().Equal(pricing.Dollars(decimal.Zero)) || len(none.Lines) != 0 {
		t.Errorf("no bills make %s", none.Total().Cents())
	}
}

// usageOf is the usage of a usual load, with one figure given.
func usageOf(t *testing.T, name, value string) *cost.Usage {
	t.Helper()
	usage := cost.NewUsage()
	if err := usage.Set(name, value); err != nil {
		t.Fatal(err)
	}
	return usage
}

// TestFind: a line is found by its resource, by its block without a number, and by the module that it is in, and by no part of a name.
func TestFind(t *testing.T) {
	r := estimate(t, planOf(nil, resource("module.a.aws_kms_key.k[0]", nil), resource("module.a.aws_kms_key.k[1]", nil),
		resource("module.ab.aws_kms_key.k", nil)), cost.Options{})
	for address, want := range map[string]int{
		"module.a.aws_kms_key.k[0]": 1, "module.a.aws_kms_key.k": 2, "module.a": 2, "module.ab": 1, "module": 3,
		"mod": 0, "module.a.aws_kms": 0, "module.b": 0,
	} {
		if got := len(r.Find(address)); got != want {
			t.Errorf("%s has %d lines, want %d", address, got, want)
		}
	}
}

// TestExplainWhere: a line says where its resource is written, if that is known.
func TestExplainWhere(t *testing.T) {
	r := estimate(t, planOf(nil, resource("aws_kms_key.k", nil)), cost.Options{})
	line := r.Lines[0]
	if said := r.Explain(line); strings.Contains(said, "written at") {
		t.Errorf("of a file that is not at hand:\n%s", said)
	}
	line.Where = &diagnostic.Range{File: "main.tf", Line: 7}
	if said := r.Explain(line); !strings.Contains(said, "  written at   main.tf:7") {
		t.Errorf("of a file that is at hand:\n%s", said)
	}
}
