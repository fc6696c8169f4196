package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// offPeakPlan is workspaces with a schedule as our stacks make it: one that keeps sizes at all hours, or one that follows working hours.
func offPeakPlan(scheduled bool, workspaces, provisioners int) *tfjson.Plan {
	plan := workspacesPlan(4, 3)
	plan.PlannedValues.Outputs["working_hours"] = &tfjson.StateOutput{Value: values{
		"timezone": "America/New_York", "holidays": []any{"2026-12-25"},
		"windows":            values{"office": values{"start_time": "45 6 * * MON-FRI", "stop_time": "15 18 * * MON-FRI"}},
		"off_peak_min_sizes": values{"workspace": float64(workspaces), "provisioner": float64(provisioners)},
	}}
	peak := values{"workspace": 4.0, "provisioner": 3.0}
	scaling := values{"hold": values{"holidays": []any{}, "min_sizes": peak}}
	schedules := []*tfjson.StateResource{moduleSchedule("hold", "rate(1 hours)", "UTC")}
	if scheduled {
		scaling = values{
			"office-start": values{"holidays": []any{"2026-12-25"}, "min_sizes": peak},
			"office-stop":  values{"holidays": []any{}, "min_sizes": values{"workspace": float64(workspaces), "provisioner": float64(provisioners)}},
		}
		schedules = []*tfjson.StateResource{
			moduleSchedule("office-start", "cron(45 6 ? * MON-FRI *)", "America/New_York"),
			moduleSchedule("office-stop", "cron(15 18 ? * MON-FRI *)", "America/New_York"),
		}
	}
	plan.PlannedValues.Outputs["scaling"] = &tfjson.StateOutput{Value: scaling}
	root := plan.PlannedValues.RootModule
	root.Resources = append(root.Resources, schedules...)
	root.Resources = append(root.Resources, resource("aws_sfn_state_machine.this", values{"name": "coder-scaling"}))
	return plan
}

// moduleSchedule is a schedule of the module scaling, whose input the plan does not know yet.
func moduleSchedule(name, expression, zone string) *tfjson.StateResource {
	r := schedule("this", expression, zone)
	r.Address, r.AttributeValues["name"] = fmt.Sprintf("aws_scheduler_schedule.this[%q]", name), name
	return r
}

// workspacesPlan is one that promises 100 workspaces, ten to a node.
func workspacesPlan(nodes, provisioners int) *tfjson.Plan {
	plan := workspaces()
	plan.PlannedValues.RootModule.Resources = []*tfjson.StateResource{
		resource("aws_eks_cluster.c", values{"name": "c", "version": "1.35"}),
		nodeGroup(`aws_eks_node_group.n["workspace"]`, "workspace", nodes, 20, nil),
		nodeGroup(`aws_eks_node_group.n["provisioner"]`, "provisioner", provisioners, 9, nil),
		resource("aws_rds_cluster.d", values{
			"cluster_identifier": "d", "engine": "aurora-postgresql", "backup_retention_period": 7.0,
			"serverlessv2_scaling_configuration": []any{values{"min_capacity": 2.0, "max_capacity": 16.0}},
		}),
		resource("aws_rds_cluster_instance.d", values{"cluster_identifier": "d", "instance_class": "db.serverless", "promotion_tier": 0.0}),
	}
	return plan
}

// TestAdviceOnHours holds advice on working hours, on what stays outside of them, and on the database to what it promises: the plan that
// the modules make with the settings costs so much less. The plans with schedules have the module's own expressions.
func TestAdviceOnHours(t *testing.T) {
	smaller := func(plan *tfjson.Plan) *tfjson.Plan {
		each(plan.PlannedValues.RootModule, func(r *tfjson.StateResource) {
			if r.Type == "aws_rds_cluster" {
				r.AttributeValues["serverlessv2_scaling_configuration"] = []any{values{"min_capacity": 0.5, "max_capacity": 16.0}}
			}
		})
		return plan
	}
	const turnedOn, workspace, provisioner = "deployment_features.time_based_scaling = true; ",
		"node_groups.workspace.off_peak_min_size = 0; ", "node_groups.provisioner.off_peak_min_size = 1; "
	for _, test := range []struct {
		name string
		plan *tfjson.Plan
		// with are the plans that the settings make.
		with map[string]*tfjson.Plan
		// without are settings that would save nothing.
		without []string
	}{
		{"no schedule, and nothing could stay smaller", offPeakPlan(false, 0, 1), map[string]*tfjson.Plan{
			turnedOn: offPeakPlan(true, 0, 1), "database.min_acu = 0.5; ": smaller(offPeakPlan(false, 0, 1)),
		}, []string{workspace, turnedOn + workspace}},
		{"no schedule, and more would stay than must", offPeakPlan(false, 3, 2), map[string]*tfjson.Plan{
			turnedOn: offPeakPlan(true, 3, 2), turnedOn + workspace + provisioner: offPeakPlan(true, 0, 1),
		}, []string{workspace}},
		{"working hours, and more stays than must", offPeakPlan(true, 3, 2), map[string]*tfjson.Plan{
			workspace: offPeakPlan(true, 0, 2), provisioner: offPeakPlan(true, 3, 1), "database.min_acu = 0.5; ": smaller(offPeakPlan(true, 3, 2)),
		}, []string{turnedOn}},
		{"working hours, and the least stays", offPeakPlan(true, 0, 1), nil, []string{turnedOn, workspace, provisioner}},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := estimate(t, test.plan, cost.Options{}).Total()
			advised := advise(t, test.plan)
			for settings, plan := range test.with {
				want := before.Minus(estimate(t, plan, cost.Options{}).Total())
				if got, ok := advised[settings]; !ok || !got.Equal(want) || !want.Decimal().IsPositive() {
					t.Errorf("%s promises %s (%v), and the plan with it saves %s", settings, got.Cents(), ok, want.Cents())
				}
			}
			for _, settings := range test.without {
				if saving, ok := advised[settings]; ok {
					t.Errorf("%s is advised, and said to save %s", settings, saving.Cents())
				}
			}
		})
	}
}

// TestAdviceOnWindows holds advice on the hours of a window to what it promises: the plan that the modules make with these times costs so
// much less. Fewer than a fifth of the users are there until 7:00 and from 19:00 on.
func TestAdviceOnWindows(t *testing.T) {
	// times sets a window as it is written, and its schedules as the module writes them.
	times := func(start, stop, startExpression, stopExpression string) *tfjson.Plan {
		plan := offPeakPlan(true, 0, 1)
		plan.PlannedValues.Outputs["working_hours"].Value.(values)["windows"] = values{"office": values{"start_time": start, "stop_time": stop}}
		each(plan.PlannedValues.RootModule, func(r *tfjson.StateResource) {
			switch r.AttributeValues["name"] {
			case "office-start":
				r.AttributeValues["schedule_expression"] = startExpression
			case "office-stop":
				r.AttributeValues["schedule_expression"] = stopExpression
			}
		})
		return plan
	}
	const early, late, office, evening = "45 3 * * MON-FRI", "15 22 * * MON-FRI", "45 6 * * MON-FRI", "15 18 * * MON-FRI"
	const earlyAt, lateAt, officeAt, eveningAt = "cron(45 3 ? * MON-FRI *)", "cron(15 22 ? * MON-FRI *)", "cron(45 6 ? * MON-FRI *)",
		"cron(15 18 ? * MON-FRI *)"
	for _, test := range []struct {
		name string
		plan *tfjson.Plan
		with map[string]*tfjson.Plan
	}{
		{"open too long", times(office, late, officeAt, lateAt), map[string]*tfjson.Plan{
			`scaling_schedule.stop_time = "15 19 * * MON-FRI"; `: times(office, "15 19 * * MON-FRI", officeAt, "cron(15 19 ? * MON-FRI *)"),
		}},
		{"open too early", times(early, evening, earlyAt, eveningAt), map[string]*tfjson.Plan{
			`scaling_schedule.start_time = "45 6 * * MON-FRI"; `: times(office, evening, officeAt, eveningAt),
		}},
		{"open as people come and go", times(office, evening, officeAt, eveningAt), nil},
		{"open over night", times(late, office, lateAt, officeAt), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := estimate(t, test.plan, cost.Options{}).Total()
			advised := advise(t, test.plan)
			for settings := range advised {
				if strings.HasPrefix(settings, "scaling_schedule") && test.with[settings] == nil {
					t.Errorf("%s is advised", settings)
				}
			}
			for settings, plan := range test.with {
				want := before.Minus(estimate(t, plan, cost.Options{}).Total())
				if got, ok := advised[settings]; !ok || !got.Equal(want) || !want.Decimal().IsPositive() {
					t.Errorf("%s promises %s (%v), and the plan with it saves %s", settings, got.Cents(), ok, want.Cents())
				}
			}
		})
	}
}

// TestAdviceOnKnownHours holds advice to a plan of what exists, whose schedules say themselves what they set.
func TestAdviceOnKnownHours(t *testing.T) {
	known := func(off int) *tfjson.Plan {
		plan := offPeakPlan(true, 3, 1)
		for name, size := range map[string]int{"office-start": 4, "office-stop": off} {
			each(plan.PlannedValues.RootModule, func(r *tfjson.StateResource) {
				if r.AttributeValues["name"] == name {
					r.AttributeValues["target"] = []any{values{"input": fmt.Sprintf(`{"holidays":[],"sizes":[{"nodegroup":"workspace","min_size":%d}]}`,
						size)}}
				}
			})
		}
		return plan
	}
	want := estimate(t, known(3), cost.Options{}).Total().Minus(estimate(t, known(0), cost.Options{}).Total())
	if got := advise(t, known(3))["node_groups.workspace.off_peak_min_size = 0; "]; !got.Equal(want) || !want.Decimal().IsPositive() {
		t.Errorf("it promises %s and saves %s", got.Cents(), want.Cents())
	}
}

// TestForeignAdvice holds advice to settings that the plan's stacks have.
func TestForeignAdvice(t *testing.T) {
	plan := workspacesPlan(4, 3)
	delete(plan.PlannedValues.Outputs, "capacity")
	if saving, ok := advise(t, plan)["database.min_acu = 0.5; "]; ok {
		t.Errorf("database.min_acu is advised to Terraform that does not have it, and said to save %s", saving.Cents())
	}
}

// advise are the savings of all advice, by its settings.
func advise(t *testing.T, plan *tfjson.Plan) map[string]pricing.USD {
	t.Helper()
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	in := inputOf(t, plan)
	list, err := cost.Advise(in, book, cost.Options{Year: 2026})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]pricing.USD{}
	for _, advice := range list {
		settings := ""
		for _, s := range advice.Settings {
			settings += s.Name + " = " + s.Value + "; "
		}
		if _, twice := found[settings]; twice {
			t.Errorf("%s is advised twice", settings)
		}
		found[settings] = advice.Saving
	}
	return found
}
