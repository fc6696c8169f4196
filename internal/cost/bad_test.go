package cost_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"

	tfjson "github.com/hashicorp/terraform-json"
)

func TestUsageFiles(t *testing.T) {
	for _, test := range []struct {
		name, text string
		// wants are parts of the finding: code, place and what to do. None if the file is right.
		wants []string
	}{
		{"all kinds of values", `
users    = 300
load     = "always"
timezone = "Europe/Berlin"
nat_gb_per_workspace_hour = 0.125
database_capacity = [{ users = 0, acu = 1 }, { users = 100, acu = 2.5 }]
`, nil},
		{"hours of its own", "workday = [" + strings.Repeat("50, ", 23) + "50]\nweekend = [" + strings.Repeat("0, ", 23) + "0]\n", nil},
		{"an unknown name", "users = 3\nuser = 300\n", []string{"usage.unknown_name", ":2:1", "did you mean users?"}},
		{"a name like no other", "xyzzyxyzzyxyzzy = 1\n", []string{"usage.unknown_name", ":1:1", "write one of these"}},
		{"a negative figure", "users = -1\n", []string{"usage.range", ":1:9", "between 0 and 1000000"}},
		{"a figure too large", "log_stored_percent = 101\n", []string{"usage.range", ":1:22"}},
		{"a text for a number", "users = \"many\"\n", []string{"usage.number", ":1:9"}},
		{"a load that is none", "load = \"lunch\"\n", []string{"usage.load", ":1:8", "idle, office, worldwide or always"}},
		{"a time zone that is none", "timezone = \"Mars/Olympus\"\n", []string{"usage.timezone", ":1:12"}},
		{"too few hours", "workday = [1, 2, 3]\n", []string{"usage.hours", ":1:11", "24 numbers"}},
		{"an hour of more than everybody", "weekend = [" + strings.Repeat("0, ", 23) + "101]\n", []string{"usage.hours", "hour 23"}},
		{"capacity that does not rise", "database_capacity = [{ users = 0, acu = 1 }, { users = 0, acu = 2 }]\n",
			[]string{"usage.capacity", ":1:21"}},
		{"capacity that falls", "database_capacity = [{ users = 0, acu = 1 }, { users = 9, acu = 2 }, { users = 8, acu = 3 }]\n",
			[]string{"usage.capacity", "users rise from 0"}},
		{"capacity that does not begin with nobody", "database_capacity = [{ users = 1, acu = 1 }]\n", []string{"usage.capacity"}},
		{"capacity below nothing", "database_capacity = [{ users = 0, acu = -1 }]\n", []string{"usage.capacity"}},
		{"capacity without users", "database_capacity = [{ acu = 1 }]\n", []string{"usage.capacity"}},
		{"capacity that is no list", "database_capacity = 4\n", []string{"usage.capacity", "is not a list"}},
		{"no capacity", "database_capacity = []\n", []string{"usage.capacity", "is not a list"}},
		{"a load that is a number", "load = 4\n", []string{"usage.value", ":1:8", "it is written in quotes"}},
		{"no time zone", "timezone = null\n", []string{"usage.value", ":1:12"}},
		{"two faults, of which the first is told first", "user = 1\nload = \"lunch\"\n", []string{":1:1", "did you mean users?"}},
		{"a name of which six letters are wrong", "xxxxxx = 1\n", []string{"usage.unknown_name", "write one of these"}},
		{"a reference", "users = var.users\n", []string{"usage.value", ":1:9"}},
		{"a block", "hours {\n}\n", []string{"usage.block", ":1:1"}},
		{"no HCL", "users = \n", []string{"usage.syntax", ":1:"}},
		{"brackets without an end", "users = " + strings.Repeat("[", 60_000), []string{"usage.syntax", ":1:73", "nested too deeply"}},
		{"operators without an end", "users = " + strings.Repeat("!", 60_000), []string{"usage.syntax", "nested too deeply"}},
		{"a file that is too large", "# " + strings.Repeat("x", 128<<10), []string{"usage.too_large", "128 KiB"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "usage.hcl")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := cost.ReadUsage(file)
			if len(test.wants) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil {
				t.Fatal("the file is taken")
			}
			if diagnostic.Exit(err) != diagnostic.ExitInvalid {
				t.Errorf("exit status %d", diagnostic.Exit(err))
			}
			d := diagnostic.From(err)[0]
			said := d.Code + " " + d.Where.String() + " " + d.Summary + ": " + d.Why + "; " + d.Todo
			for _, want := range test.wants {
				if !strings.Contains(said, want) {
					t.Errorf("%q lacks %q", said, want)
				}
			}
		})
	}
}

// TestUsageIsAFile: what stands in the place of a file is named, and not opened.
func TestUsageIsAFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "usage.hcl")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, why := range map[string]string{pipe: "a pipe", "/dev/zero": "a device", t.TempDir(): "a directory",
		filepath.Join(t.TempDir(), "none"): "no such file"} {
		_, err := cost.ReadUsage(path)
		if err == nil || diagnostic.Exit(err) != diagnostic.ExitInvalid || !strings.Contains(diagnostic.From(err)[0].Why, why) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestBadPlans(t *testing.T) {
	nowhere := reference()
	nowhere.PlannedValues.RootModule.Resources[0].AttributeValues["region"] = "xx-north-9"
	if _, err := tryEstimate(t, nowhere, cost.Options{}); err == nil || !strings.Contains(err.Error(), `no AWS region "xx-north-9"`) {
		t.Errorf("a region that nobody has heard of: %v", err)
	}
	for _, test := range []struct{ name, address, why string }{
		{"a type that nobody has a price for", "aws_quantum_thing.q", "does not know it as free"},
		{"an instance type that is not known", "aws_instance.new", `no instance type "z9.huge"`},
		{"an instance type that the plan does not know", "aws_instance.unknown", "the plan does not know its instance type"},
		{"a database of another engine", "aws_rds_cluster.mysql", "aurora-mysql"},
		{"a load balancer of another kind", "aws_elb.old", "classic"},
		{"an instance of a database that is not there", "aws_rds_cluster_instance.lost", "which database it belongs to"},
		{"a schedule of an Auto Scaling group that is not there", "aws_autoscaling_schedule.night", "is not followed"},
	} {
		r := estimate(t, planOf(nil,
			resource("aws_quantum_thing.q", nil), resource("aws_instance.new", values{"instance_type": "z9.huge"}),
			resource("aws_instance.unknown", nil),
			resource("aws_rds_cluster.mysql", values{"engine": "aurora-mysql"}), resource("aws_elb.old", nil),
			resource("aws_rds_cluster_instance.lost", nil), resource("aws_autoscaling_schedule.night", values{"recurrence": "0 20 * * *"}),
		), cost.Options{})
		found := false
		for _, u := range r.Unpriced {
			found = found || u.Address == test.address && strings.Contains(u.Why, test.why)
		}
		if !found {
			t.Errorf("%s: %s is not named among the unpriced: %v", test.name, test.address, r.Unpriced)
		}
	}
}

// TestOpenPlans holds what a plan leaves open to a range.
func TestOpenPlans(t *testing.T) {
	r := estimate(t, planOf(nil,
		resource("aws_subnet.a", values{"availability_zone": "us-east-1a"}), resource("aws_subnet.b", values{"availability_zone": "us-east-1b"}),
		resource("aws_vpc_endpoint.e", values{"vpc_endpoint_type": "Interface", "service_name": "com.amazonaws.us-east-1.sts"}),
	), cost.Options{})
	least, most := r.Bounds()
	// 730 h × 0.01 in one zone or in two.
	if least.Cents() != "7.30" || most.Cents() != "14.60" {
		t.Errorf("between %s and %s, want 7.30 and 14.60", least.Cents(), most.Cents())
	}
}

// TestEstimatedRegions holds a region without figures of its own to saying so.
func TestEstimatedRegions(t *testing.T) {
	plan := reference()
	for _, r := range plan.PlannedValues.RootModule.Resources {
		r.AttributeValues["region"] = "mx-central-1"
	}
	r := estimate(t, plan, cost.Options{})
	if r.EstimatedPercent() == "0.0" {
		t.Error("no part of the bill is estimated")
	}
	if r.Estimated() == 0 || !strings.Contains(r.Explain(r.Find("aws_rds_cluster_instance.d")[0]),
		"estimated: the figure is that of us-east-1") {
		t.Errorf("%d lines are estimated", r.Estimated())
	}
}

func TestSimpleThings(t *testing.T) {
	for _, test := range []struct {
		name     string
		resource *tfjson.StateResource
		total    string
	}{
		{"a volume with more IOPS and throughput than are included", resource("aws_ebs_volume.v", values{
			"type": "gp3", "size": 100.0, "iops": 4000.0, "throughput": 225.0,
		}), "17.00"}, // 100 GB × 0.08, 1,000 IOPS × 0.005 and 100 MB/s × 0.04
		{"an old volume", resource("aws_ebs_volume.v", values{"type": "gp2", "size": 100.0}), "10.00"}, // 100 GB × 0.10
		// 730 h × 0.096 + 8 GB × 0.08
		{"an instance with its root volume", resource("aws_instance.i", values{"instance_type": "m5.large"}), "70.72"},
		// and named: TestBadPlans
		{"a database instance of a fixed size without its cluster", resource("aws_rds_cluster_instance.i", nil), "0.00"},
		{"a bucket with what is assumed to be in it", resource("aws_s3_bucket.b", nil), "0.23"}, // 10 GB × 0.023
		{"a zone", resource("aws_route53_zone.z", nil), "0.50"},
		{"an alarm on three metrics", resource("aws_cloudwatch_metric_alarm.a", values{"metric_query": []any{
			values{"metric": []any{values{}}}, values{"metric": []any{values{}}}, values{"metric": []any{values{}}},
			values{"expression": "m1+m2+m3"},
		}}), "0.30"},
		{"a parameter", resource("aws_ssm_parameter.p", values{"tier": "Standard"}), "0.00"},
		{"an advanced parameter", resource("aws_ssm_parameter.p", values{"tier": "Advanced"}), "0.05"},
		// 730 h × (0.10 + 0.50)
		{"a control plane that is out of standard support", resource("aws_eks_cluster.c", values{"version": "1.32"}), "438.00"},
		// 20 GB + 30 × 1 GB = 50 GB × 0.021
		{"backups of a database for 30 days",
			resource("aws_backup_plan.p", values{"rule": []any{values{"lifecycle": []any{values{"delete_after": 30.0}}}}}), "1.05"},
	} {
		if got := estimate(t, planOf(nil, test.resource), cost.Options{}).Total().Cents(); got != test.total {
			t.Errorf("%s: %s, want %s", test.name, got, test.total)
		}
	}
}

// TestBillOfNothing: a plan of nothing costs nothing, and its page says so.
func TestBillOfNothing(t *testing.T) {
	r := estimate(t, planOf(nil), cost.Options{})
	var page strings.Builder
	if err := r.WriteHTML(&page, "nothing"); err != nil || !strings.Contains(page.String(), "0.00") || r.PriceAge() != "" {
		t.Errorf("%v: prices are %q\n%s", err, r.PriceAge(), page.String())
	}
}

func FuzzUsage(f *testing.F) {
	f.Add("users = 300\nload = \"office\"\n")
	f.Add("database_capacity = [{ users = 0, acu = 1 }]\nworkday = [1]\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "usage.hcl")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if usage, err := cost.ReadUsage(file); err == nil && usage.Value("users").IsNegative() {
			t.Errorf("%q gives %s users", text, usage.Value("users"))
		}
	})
}
