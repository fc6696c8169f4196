package cost_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// srHA is a plan of the pattern SR-HA as Terraform wrote it on 2026-11-22, for measuring.
func srHA(t testing.TB) []byte {
	t.Helper()
	file, err := os.Open("testdata/sr-ha.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// BenchmarkPlan prices the plan of SR-HA, from its JSON to the bill; 50 ms is the bound.
func BenchmarkPlan(b *testing.B) {
	text := srHA(b)
	book, err := pricing.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		p, refused := plan.Decode(text)
		if refused != nil {
			b.Fatal(refused)
		}
		in, err := cost.Read(p, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := cost.Estimate(in, book, cost.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTenThousand prices a plan with 10,000 resources, of which half cost something; 1 s is the bound.
func BenchmarkTenThousand(b *testing.B) {
	var resources []*tfjson.StateResource
	for i := range 2500 {
		resources = append(resources,
			resource(fmt.Sprintf("aws_instance.i[%d]", i), values{"instance_type": "m5.large"}), resource(fmt.Sprintf("aws_kms_key.k[%d]", i), nil),
			resource(fmt.Sprintf("aws_iam_role.r[%d]", i), nil), resource(fmt.Sprintf("aws_security_group.g[%d]", i), nil))
	}
	document := planOf(nil, resources...)
	b.ReportAllocs()
	for b.Loop() {
		if r := estimate(b, document, cost.Options{}); len(r.Lines) < 5000 {
			b.Fatal("too few lines")
		}
	}
}

// BenchmarkSchedules prices 500 groups, each moved by a schedule of its own at a time of its own: 2 s is the bound, and twice as many take
// twice as long.
func BenchmarkSchedules(b *testing.B) {
	var resources []*tfjson.StateResource
	for i := range 500 {
		name := fmt.Sprintf("g%d", i)
		resources = append(resources,
			resource(fmt.Sprintf("aws_autoscaling_group.g[%d]", i), values{
				"name": name, "min_size": 1.0, "max_size": 5.0, "desired_capacity": 2.0, "mixed_instances_policy": []any{values{
					"launch_template": []any{values{"override": []any{values{"instance_type": "m5.large"}}}},
				}},
			}),
			resource(fmt.Sprintf("aws_autoscaling_schedule.s[%d]", i), values{
				"autoscaling_group_name": name, "recurrence": fmt.Sprintf("%d %d * * *", i%60, i/60), "desired_capacity": float64(i%5 + 1),
			}))
	}
	document := planOf(nil, resources...)
	b.ReportAllocs()
	for b.Loop() {
		if r := estimate(b, document, cost.Options{}); len(r.Unpriced) > 0 {
			b.Fatal(r.Unpriced[0])
		}
	}
}
