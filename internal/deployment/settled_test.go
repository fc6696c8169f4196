package deployment

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSettled is the specification of what may change once it exists: the settings after the two required ones, and what is refused.
func TestSettled(t *testing.T) {
	settled := Settled{
		Fixed: map[string]any{
			"name": "coder", "domain": "coder.example.com", "network.cidr": "10.0.0.0/16",
			"network.availability_zones": []any{"us-east-1a", "us-east-1b", "us-east-1c"},
		},
		Rising: map[string]string{"cluster.version": "1.35", "database.engine_version": "17.7"},
	}
	const fixed, lower = "deployment.fixed_setting", "deployment.lower_version"
	for _, test := range []struct {
		name, text string
		// want are the codes and the summaries.
		want []string
	}{
		{name: "what is as it was", text: `network = { cidr = "10.0.0.0/16" }`},
		{name: "another range", text: `network = { cidr = "10.1.0.0/16" }`,
			want: []string{fixed, `network.cidr cannot change: it is "10.0.0.0/16", not "10.1.0.0/16"`}},
		{name: "another name", text: `name = "other"`, want: []string{fixed, `name cannot change: it is "coder", not "other"`}},
		{name: "the same zones in another order", text: `network = { availability_zones = ["us-east-1c", "us-east-1a", "us-east-1b"] }`},
		{name: "zones that were left open, and are", text: `network = {}`},
		{name: "fewer zones", text: `network = { availability_zones = ["us-east-1c", "us-east-1a"] }`,
			want: []string{fixed, `network.availability_zones cannot change: it is ["us-east-1a", "us-east-1b", "us-east-1c"], ` +
				`not ["us-east-1a", "us-east-1c"]`}},
		{name: "a later Kubernetes", text: `cluster = { version = "1.36" }`},
		{name: "the same", text: `cluster = { version = "1.35" }`},
		{name: "an earlier one", text: `cluster = { version = "1.34" }`,
			want: []string{lower, `cluster.version cannot go back: it is "1.35", not "1.34"`}},
		{name: "the major version of the database that runs", text: `database = { engine_version = "17" }`},
		{name: "a later minor version", text: `database = { engine_version = "17.10" }`},
		{name: "an earlier minor version", text: `database = { engine_version = "17.6" }`,
			want: []string{lower, `database.engine_version cannot go back: it is "17.7", not "17.6"`}},
		{name: "an earlier major version", text: `database = { engine_version = "16" }`,
			want: []string{lower, `database.engine_version cannot go back: it is "17.7", not "16"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, findings := Load(directory(t, map[string]string{"us-east-1.tfvars": head + test.text + "\n"}), repository())
			if findings.HasErrors() {
				t.Fatal(findings)
			}
			var got []string
			for _, finding := range settled.Refuse(&d.Regions[0]) {
				got = append(got, finding.Code, finding.Summary)
				if finding.Where.Line != 3 || finding.Todo == "" {
					t.Errorf("at %v, what to do: %q", finding.Where, finding.Todo)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
