package cli_test

import (
	"fmt"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"coderaws/internal/cost"
	"coderaws/internal/diagram"
	"coderaws/internal/inventory"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"
	"coderaws/internal/rehearsal"
	"coderaws/internal/timeline"

	tfjson "github.com/hashicorp/terraform-json"
)

// large is a plan of so many resources: subnets of one network, machines in them, listeners and members in numbers, and much that refers to
// all instances of something.
func large(size int) *tfjson.Plan {
	type object = map[string]any
	root := &tfjson.StateModule{}
	config := &tfjson.ConfigModule{}
	document := &tfjson.Plan{
		FormatVersion: "1.2", PlannedValues: &tfjson.StateValues{RootModule: root}, Config: &tfjson.Config{RootModule: config},
	}
	block := func(typ string, count int, values func(i int) object, references map[string]string) {
		expressions := map[string]*tfjson.Expression{}
		for argument, reference := range references {
			expressions[argument] = &tfjson.Expression{ExpressionData: &tfjson.ExpressionData{References: []string{reference}}}
		}
		config.Resources = append(config.Resources, &tfjson.ConfigResource{
			Address: typ + ".x", Mode: tfjson.ManagedResourceMode, Type: typ, Name: "x", Expressions: expressions,
		})
		for i := range count {
			address := fmt.Sprintf("%s.x[%d]", typ, i)
			attributes := values(i)
			root.Resources = append(root.Resources, &tfjson.StateResource{Address: address, Mode: tfjson.ManagedResourceMode, Type: typ,
				AttributeValues: attributes})
			document.ResourceChanges = append(document.ResourceChanges, &tfjson.ResourceChange{
				Address: address, Mode: tfjson.ManagedResourceMode, Type: typ,
				Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionCreate}, After: attributes, AfterUnknown: object{"id": true, "arn": true}},
			})
		}
	}
	none := func(int) object { return object{"region": "us-east-1"} }
	part := size / 10
	block("aws_vpc", 1, func(int) object { return object{"region": "us-east-1", "cidr_block": "10.0.0.0/8"} }, nil)
	block("aws_subnet", part, func(i int) object {
		return object{"region": "us-east-1", "availability_zone": "us-east-1" + string(rune('a'+i%3)),
			"cidr_block": fmt.Sprintf("10.%d.%d.0/24", i/256%256, i%256)}
	}, map[string]string{"vpc_id": "aws_vpc.x[0].id"})
	block("aws_instance", part, func(int) object { return object{"region": "us-east-1", "instance_type": "m5.large"} },
		map[string]string{"subnet_id": "aws_subnet.x"})
	block("aws_lb_listener", part, func(i int) object {
		return object{"region": "us-east-1", "port": float64(i)}
	}, map[string]string{"load_balancer_arn": "aws_lb.x[0].arn"})
	block("aws_lb", part/10, none, nil)
	block("aws_autoscaling_group", part, func(i int) object {
		return object{"region": "us-east-1", "name": "g" + strconv.Itoa(i), "min_size": 1.0, "max_size": 3.0, "desired_capacity": 1.0}
	}, nil)
	block("aws_route_table", part, none, map[string]string{"vpc_id": "aws_vpc.x[0].id"})
	block("aws_cloudwatch_log_group", part, func(i int) object {
		return object{"region": "us-east-1", "name": "l" + strconv.Itoa(i), "retention_in_days": 7.0}
	}, nil)
	block("aws_kms_key", part, none, nil)
	block("aws_iam_role", part, none, nil)
	block("aws_security_group", part, none, map[string]string{"description": "aws_iam_role.x"})
	return document
}

// reports are what is made of a plan, by name.
func reports(tb testing.TB, p *plan.Plan) []struct {
	name string
	run  func()
} {
	tb.Helper()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	book, err := pricing.Embedded()
	check(err)
	return []struct {
		name string
		run  func()
	}{
		{"diagram", func() {
			inv, err := inventory.Read(p, nil)
			check(err)
			diagram.Draw([]diagram.Picture{{Title: "large", Inventory: inv}})
		}},
		{"timeline", func() {
			var entries []timeline.Entry
			for _, step := range rehearsal.NewTimetable(lifecycle.Place{}, p, nil, 0).Steps {
				entries = append(entries, timeline.Entry{Step: step.Step, Span: step.Span, Kind: plan.Block(step.Resource)})
			}
			timeline.Fold(entries, time.Second)
		}},
		{"cost", func() {
			in, err := cost.Read(p, nil)
			check(err)
			_, err = cost.Estimate(in, book, cost.Options{Year: 2026})
			check(err)
		}},
	}
}

// TestReportsGrowLinearly: four times as many resources take about four times as much, of time and of memory, and not sixteen times.
func TestReportsGrowLinearly(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const size, most = 3000, 8
	small, big := reports(t, plan.Read(large(size))), reports(t, plan.Read(large(4*size)))
	for i := range small {
		small[i].run() // what is made once
		before, after := spent(small[i].run), spent(big[i].run)
		if after.time > most*before.time+100*time.Millisecond || after.bytes > most*before.bytes {
			t.Errorf("%s: %s and %d MB for %d resources, %s and %d MB for four times as many", small[i].name, before.time, before.bytes>>20, size,
				after.time, after.bytes>>20)
		}
	}
}

// usage is what something takes: time of the processor, which does not hang on what else the machine does, and memory.
type usage struct {
	time  time.Duration
	bytes uint64
}

func spent(run func()) usage {
	now := func() usage {
		var times syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &times) // it cannot fail for the process itself
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		return usage{time.Duration(times.Utime.Nano() + times.Stime.Nano()), memory.TotalAlloc}
	}
	before := now()
	run()
	after := now()
	return usage{after.time - before.time, after.bytes - before.bytes}
}

// TestReportsOfALargePlan: a plan of 100,000 resources takes each report less than 10 s of a processor.
func TestReportsOfALargePlan(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const most = 10 * time.Second
	for _, report := range reports(t, plan.Read(large(100_000))) {
		if taken := spent(report.run).time; taken > most {
			t.Errorf("%s takes %s, want %s at most", report.name, taken, most)
		}
	}
}

// BenchmarkLargePlan makes each report on a plan of 100,000 resources; 10 s is the bound of each.
func BenchmarkLargePlan(b *testing.B) {
	p := plan.Read(large(100_000))
	for _, report := range reports(b, p) {
		b.Run(report.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				report.run()
			}
		})
	}
}
