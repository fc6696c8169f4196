package cost_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// open marks arguments of a plan's resources as not known yet, each as it stands in after_unknown.
func open(document *tfjson.Plan, unknown map[string]values) *tfjson.Plan {
	for address, marks := range unknown {
		document.ResourceChanges = append(document.ResourceChanges, &tfjson.ResourceChange{
			Address: address, Mode: tfjson.ManagedResourceMode,
			Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionCreate}, AfterUnknown: map[string]any(marks)},
		})
	}
	return document
}

// TestUnknownIsNotZero: what a plan does not know is a range, or is named among what has no price. In no row is it nothing.
func TestUnknownIsNotZero(t *testing.T) {
	scaling := func(block values) *tfjson.StateResource {
		return resource("aws_eks_node_group.n", values{"instance_types": []any{"m5.large"}, "disk_size": 50.0, "scaling_config": []any{block}})
	}
	database := func(more values) *tfjson.StateResource {
		attributes := values{"cluster_identifier": "d", "engine": "aurora-postgresql", "backup_retention_period": 7.0}
		for name, value := range more {
			attributes[name] = value
		}
		return resource("aws_rds_cluster.d", attributes)
	}
	for _, test := range []struct {
		name     string
		resource *tfjson.StateResource
		unknown  values
		// item is the line that is open, from least to most; the bill has the most. missing is why the resource has no price instead.
		item        pricing.Item
		least, most string
		missing     string
	}{
		// 730 h × 0.096 for m5.large, and 50 GB × 0.08.
		{name: "how many nodes a group begins with", resource: scaling(values{"min_size": 1.0, "max_size": 3.0}),
			unknown: values{"scaling_config": []any{values{"desired_size": true}}},
			item:    pricing.EC2OnDemandHour, least: "70.08", most: "210.24"},
		{name: "and so how many volumes they have", resource: scaling(values{"min_size": 1.0, "max_size": 3.0}),
			unknown: values{"scaling_config": []any{values{"desired_size": true}}},
			item:    pricing.EBSGP3GBMonth, least: "4.00", most: "12.00"},
		{name: "how many nodes, and whether they are on spot", resource: scaling(values{"min_size": 2.0, "max_size": 3.0}),
			unknown: values{"scaling_config": []any{values{"desired_size": true}}, "capacity_type": true},
			item:    pricing.EC2OnDemandHour, least: "46.25", most: "210.24"}, // 2 × 730 h × 0.03168
		{name: "how many nodes on spot, of one type or the other", least: "11.93", most: "35.78", // half of 730 h × 0.03268, of m5a.large
			resource: resource("aws_eks_node_group.n", values{"instance_types": []any{"m5.large", "m5a.large"}, "disk_size": 50.0,
				"capacity_type": "SPOT", "scaling_config": []any{values{"min_size": 1.0, "max_size": 3.0}}}),
			unknown: values{"scaling_config": []any{values{"desired_size": true}}}, item: pricing.EC2SpotHour},
		{name: "all sizes of a group", resource: scaling(values{}),
			unknown: values{"scaling_config": []any{values{"min_size": true, "max_size": true, "desired_size": true}}},
			missing: "does not know its size"},
		{name: "how large a group of workspaces may become", missing: "how large it may become",
			unknown: values{"scaling_config": []any{values{"max_size": true}}},
			resource: resource("aws_eks_node_group.n", values{"labels": values{"coder.com/node-group": "workspace"},
				"scaling_config": []any{values{"min_size": 1.0}}})},
		{name: "the types of a group", resource: resource("aws_eks_node_group.n",
			values{"scaling_config": []any{values{"min_size": 1.0, "max_size": 1.0, "desired_size": 1.0}}}),
			unknown: values{"instance_types": true}, missing: "does not know its instance types"},
		{name: "the disks of a group", unknown: values{"disk_size": true}, missing: "size of its nodes' root volumes",
			resource: resource("aws_eks_node_group.n",
				values{"instance_types": []any{"m5.large"}, "scaling_config": []any{values{"min_size": 1.0, "max_size": 1.0, "desired_size": 1.0}}})},
		{name: "the disk of a machine", resource: resource("aws_instance.i", values{"instance_type": "m5.large"}),
			unknown: values{"root_block_device": []any{values{"volume_size": true}}},
			missing: "size of its root volume"},
		{name: "the size of a volume", resource: resource("aws_ebs_volume.v", values{"type": "gp3"}), unknown: values{"size": true},
			missing: "size of a volume"},
		{name: "the speed of a volume", resource: resource("aws_ebs_volume.v", values{"type": "gp3", "size": 10.0}),
			unknown: values{"iops": true}, missing: "its speed"},
		// 730 GB-months of nothing are 20 % of 1 GB: kept for a day of 30, or for a year.
		{name: "how long logs are kept", resource: resource("aws_cloudwatch_log_group.l", nil), unknown: values{"retention_in_days": true},
			item: pricing.CloudWatchLogsStoredGBMonth, least: "0.00", most: "0.07"},
		// 5 % of 20 GB change in a day: 1 GB × 0.021 for one day, and for 35.
		{name: "how long a database's backups are kept", resource: database(values{"backup_retention_period": nil}),
			unknown: values{"backup_retention_period": true},
			item:    pricing.AuroraBackupGBMonth, least: "0.02", most: "0.74"},
		{name: "whether RDS makes a secret", resource: database(nil), unknown: values{"manage_master_user_password": true},
			item: pricing.SecretMonth, least: "0.00", most: "0.40"},
		{name: "which engine a database has", resource: resource("aws_rds_cluster.d", nil), unknown: values{"engine": true},
			missing: "does not know its engine"},
		{name: "how a database pays for I/O", resource: database(nil), unknown: values{"storage_type": true}, missing: "pays for I/O"},
		{name: "how long AWS Backup keeps a snapshot",
			resource: resource("aws_backup_plan.p", values{"rule": []any{values{"lifecycle": []any{values{}}}}}),
			unknown:  values{"rule": []any{values{"lifecycle": []any{values{"delete_after": true}}}}}, missing: "how long its backups are kept"},
		{name: "what kind of endpoint", resource: resource("aws_vpc_endpoint.e", nil), unknown: values{"vpc_endpoint_type": true},
			missing: "does not know its type"},
		{name: "what kind of load balancer", resource: resource("aws_lb.l", nil), unknown: values{"load_balancer_type": true},
			missing: "does not know its type"},
		// One address, as no zones are known: 730 h × 0.005.
		{name: "whether a load balancer faces the internet", resource: resource("aws_lb.l", values{"load_balancer_type": "network"}),
			unknown: values{"internal": true},
			item:    pricing.PublicIPv4Hour, least: "0.00", most: "3.65"},
		{name: "how often an alarm looks", resource: resource("aws_cloudwatch_metric_alarm.a", nil), unknown: values{"period": true},
			missing: "how often"},
		{name: "the tier of a parameter", resource: resource("aws_ssm_parameter.p", nil), unknown: values{"tier": true}, missing: "its tier"},
		{name: "when a schedule runs", resource: resource("aws_scheduler_schedule.s", nil), unknown: values{"schedule_expression": true},
			missing: "when it runs"},
		// 730 h × 0.03168, as spot is 67 % below.
		{name: "whether nodes are on spot", unknown: values{"capacity_type": true}, item: pricing.EC2OnDemandHour, least: "23.13", most: "70.08",
			resource: resource("aws_eks_node_group.n",
				values{"instance_types": []any{"m5.large"}, "scaling_config": []any{values{"min_size": 1.0, "max_size": 1.0, "desired_size": 1.0}}})},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := estimate(t, open(planOf(nil, test.resource), map[string]values{test.resource.Address: test.unknown}), cost.Options{})
			if test.missing != "" {
				for _, u := range r.Unpriced {
					if u.Address == test.resource.Address && strings.Contains(u.Why, test.missing) {
						return
					}
				}
				t.Fatalf("it is not named: %v", r.Unpriced)
			}
			for _, line := range r.Lines {
				if line.Figure.Key.Item != test.item {
					continue
				}
				if line.Least.Cents() != test.least || line.Most.Cents() != test.most || !line.Cost.Equal(line.Most) {
					t.Errorf("from %s to %s, counted as %s; want %s to %s", line.Least.Cents(), line.Most.Cents(), line.Cost.Cents(),
						test.least, test.most)
				}
				if !line.Ranged() || !strings.Contains(line.Why, "does not know yet") ||
					!strings.Contains(r.Explain(line), "or from "+line.Least.Cents()+" to ") {
					t.Errorf("it does not say what is open: %s", line.Why)
				}
				return
			}
			t.Errorf("there is no line for %s: %v", test.item, r.Unpriced)
		})
	}
}

// TestTotalOfAnOpenBill works a bill out by hand of which one line is open, and holds every output to it: the total has the most, and the
// bounds take in what is certain as well.
func TestTotalOfAnOpenBill(t *testing.T) {
	r := estimate(t, open(planOf(nil,
		resource("aws_kms_key.k", nil), // 1.00
		resource("aws_eks_node_group.n", values{"instance_types": []any{"m5.large"}, "disk_size": 50.0,
			"scaling_config": []any{values{"min_size": 1.0, "max_size": 3.0}}}),
	), map[string]values{"aws_eks_node_group.n": {"scaling_config": []any{values{"desired_size": true}}}}), cost.Options{})
	// Three nodes make 3 × 730 h × 50 requests to the key, 109,500 × 0.03 for 10,000 = 0.3285.
	const least, most = "75.41", "223.57" // 1.00 + 0.33 + 70.08 + 4.00, and 1.00 + 0.33 + 210.24 + 12.00
	from, to := r.Bounds()
	if from.Cents() != least || to.Cents() != most || r.Total().Cents() != most {
		t.Errorf("from %s to %s, in total %s; want %s to %s", from.Cents(), to.Cents(), r.Total().Cents(), least, most)
	}
	d := r.Document()
	if d.Total != most || d.Least != least || d.Most != most {
		t.Errorf("the document has %s to %s, in total %s", d.Least, d.Most, d.Total)
	}
	var sums [3]pricing.USD
	for _, line := range r.Lines {
		sums[0], sums[1], sums[2] = sums[0].Plus(line.Cost), sums[1].Plus(line.Least), sums[2].Plus(line.Most)
		open := strings.HasPrefix(line.Address, "aws_eks_node_group")
		if line.Ranged() != open || !open && (!line.Least.Equal(line.Cost) || !line.Most.Equal(line.Cost)) || line.Least.Cmp(line.Cost) > 0 ||
			line.Cost.Cmp(line.Most) > 0 {
			t.Errorf("%s, %s: %s, from %s to %s", line.Address, line.Title, line.Cost.Cents(), line.Least.Cents(), line.Most.Cents())
		}
	}
	if sums[0].Cents() != most || sums[1].Cents() != least || sums[2].Cents() != most {
		t.Errorf("the lines add up to %s, from %s to %s", sums[0].Cents(), sums[1].Cents(), sums[2].Cents())
	}
	var page, table bytes.Buffer
	if err := r.WriteHTML(&page, "open"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), least) || !strings.Contains(page.String(), most) {
		t.Error("the page lacks the bounds")
	}
	if err := r.WriteCSV(&table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil || len(rows) != len(r.Lines)+1 {
		t.Errorf("%d rows: %v", len(rows), err)
	}
	if merged := cost.Merge([]*cost.Report{r, r}); merged.Total().Cents() != "447.14" {
		t.Errorf("twice the bill is %s", merged.Total().Cents())
	}
}

// TestUnknownOutputs: what our stacks say of themselves counts only where the plan knows all of it.
func TestUnknownOutputs(t *testing.T) {
	document := workspaces()
	document.OutputChanges = map[string]*tfjson.Change{
		"capacity": {Actions: tfjson.Actions{tfjson.ActionCreate},
			AfterUnknown: map[string]any{"max_workspaces": true, "nodes": map[string]any{"workspace": true}}},
	}
	r := estimate(t, document, cost.Options{})
	if len(r.Unpriced) != 1 || r.Unpriced[0].Address != "output.capacity" ||
		!strings.Contains(r.Unpriced[0].Why, "capacity.max_workspaces, capacity.nodes.workspace") {
		t.Errorf("what is lacking is not named: %v", r.Unpriced)
	}
	if r = estimate(t, workspaces(), cost.Options{}); len(r.Unpriced) != 0 {
		t.Errorf("a plan that knows its capacity lacks %v", r.Unpriced)
	}
}

// TestNegativeCounts: no engine plans fewer than no nodes, so that such a plan is refused, and a volume of less than nothing earns nothing.
func TestNegativeCounts(t *testing.T) {
	group := resource("aws_eks_node_group.n", values{"scaling_config": []any{values{"min_size": -5.0, "max_size": 1.0, "desired_size": 1.0}}})
	if _, err := cost.Read(plan.Read(planOf(nil, group)), nil); err == nil || !strings.Contains(err.Error(), "-5 for min_size") {
		t.Errorf("fewer than no nodes: %v", err)
	}
	// AWS has no group of no capacity: 0 is what a plan says that does not know better.
	bounds := values{"cluster_identifier": "d", "engine": "aurora-postgresql",
		"serverlessv2_scaling_configuration": []any{values{"min_capacity": 0.0, "max_capacity": 0.0}}}
	database := resource("aws_rds_cluster_instance.d", values{"cluster_identifier": "d", "instance_class": "db.serverless"})
	none := estimate(t, planOf(nil, resource("aws_rds_cluster.d", bounds), database), cost.Options{})
	if len(none.Unpriced) != 1 || !strings.Contains(none.Unpriced[0].Why, "bounds of its capacity") {
		t.Errorf("a database that may have no capacity: %v", none.Unpriced)
	}
	r := estimate(t, planOf(nil, resource("aws_ebs_volume.v", values{"type": "gp3", "size": -100.0})), cost.Options{})
	if len(r.Lines) != 0 || len(r.Unpriced) != 1 {
		t.Errorf("a volume of less than nothing: %v, %v", r.Lines, r.Unpriced)
	}
}
