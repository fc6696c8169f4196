package rehearsal

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

func TestGood(t *testing.T) {
	for _, test := range []struct {
		name   string
		report Report
		want   bool
	}{
		{"nothing to change, nothing left", Report{Places: []Life{{}, {}}}, true},
		{"a second plan after a change has changes",
			Report{Places: []Life{{}}, After: []Life{{Differences: []lifecycle.Change{{Address: "a.b"}}}}}, false},
		{"a second plan of any place has changes", Report{Places: []Life{{}, {Differences: []lifecycle.Change{{Address: "a.b"}}}}}, false},
		{"something is left", Report{Left: []Remainder{{ID: "vpc-1"}}}, false},
		{"something is kept on purpose", Report{Kept: []Remainder{{ID: "final"}}}, true},
		{"what is kept has its key", Report{Kept: []Remainder{{ID: "final", Key: "arn"}}}, true},
		{"what is kept has lost its key", Report{Kept: []Remainder{{ID: "final", Key: "arn", KeyDeleted: true}}}, false},
		{"types are not modelled, quotas to raise", Report{Unmodelled: []string{"aws_sqs_queue"}, Quotas: []QuotaNeed{{Code: "L-1"}}}, true},
	} {
		if got := test.report.Good(); got != test.want {
			t.Errorf("%s: good is %t, want %t", test.name, got, test.want)
		}
	}
}

// TestVerdict is the specification of the word with which a rehearsal ends, and of what it is not sure of.
func TestVerdict(t *testing.T) {
	unrendered := []Life{{Releases: []Release{{Name: "coder", Chart: "coder", Version: "2.35.1", Unrendered: "offline"}}}}
	newer := diagnostic.Warningf("cluster.version: 1.99 is newer than known")
	newer.Code = "facts.newer"
	elsewhere := diagnostic.Warningf("region: of cn-north-1 this program knows neither zones nor prices")
	elsewhere.Code = "facts.no_zones"
	other := diagnostic.Warningf("coder.version: Coder 2.1 gets no fixes")
	other.Code = "facts.support"
	for _, test := range []struct {
		name     string
		report   Report
		findings diagnostic.List
		want     Verdict
	}{
		{"nothing is wrong", Report{}, nil, Verdict{Passed, []string{}}},
		{"something is left", Report{Left: []Remainder{{ID: "vpc-1"}}}, nil, Verdict{Failed, []string{}}},
		{"a chart was not rendered", Report{Places: unrendered}, nil,
			Verdict{Unsure, []string{"what coder installs (chart coder 2.35.1 was not rendered)"}}},
		{"a type is not modelled", Report{Unmodelled: []string{"aws_sqs_queue"}}, nil,
			Verdict{Unsure, []string{"what AWS says to aws_sqs_queue (not modelled)"}}},
		{"a value is made up", Report{Invented: []string{"aws_vpc.x"}}, nil, Verdict{Unsure, []string{"values that are made up (aws_vpc.x)"}}},
		{"a setting is newer than known", Report{}, diagnostic.List{newer}, Verdict{Unsure, []string{newer.Summary}}},
		{"a region of which no zones are known", Report{}, diagnostic.List{elsewhere}, Verdict{Unsure, []string{elsewhere.Summary}}},
		{"what is out of support is certain", Report{}, diagnostic.List{other}, Verdict{Passed, []string{}}},
		{"what failed and is not certain failed", Report{Places: unrendered, Left: []Remainder{{ID: "vpc-1"}}}, nil,
			Verdict{Failed, []string{"what coder installs (chart coder 2.35.1 was not rendered)"}}},
	} {
		test.report.Judge(test.findings)
		if diff := cmp.Diff(test.want, test.report.Verdict); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestReportNames holds the names of the report's JSON form, which scripts rely on.
func TestReportNames(t *testing.T) {
	text, err := json.Marshal(Report{Places: []Life{{
		Differences: []lifecycle.Change{{Attributes: []string{"a"}}}, Critical: []CriticalStep{{}},
		Releases: []Release{{Unrendered: "a", Reasons: []string{"b"}}},
	}}, Ready: []Ready{{Critical: []StackStep{{}}}}, Left: []Remainder{{}}, Quotas: []QuotaNeed{{}}, Scaling: []Scaling{{}}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"version":0,"name":"","engine":"","places":[{"region":"","stack":"","resources":0,"resources_by_module":null,` +
		`"second_plan":[{"address":"","action":"","attributes":["a"]}],` +
		`"up":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0},"down":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0},` +
		`"critical_path":[{"address":"","start_seconds":0,"seconds":0}],` +
		`"releases":[{"namespace":"","name":"","chart":"","version":"","not_rendered":"a","objects":0,"pods_placed":0,"pods_waiting":0,"pods_stuck":0,"waiting_for":["b"]}]}],` +
		`"ready":[{"region":"","typical_seconds":0,"shortest_seconds":0,"longest_seconds":0,` +
		`"critical_path":[{"stack":"","address":"","start_seconds":0,"seconds":0}]}],` +
		`"left":[{"type":"","id":"","region":""}],"kept":null,` +
		`"quotas_above_default":[{"code":"","service":"","name":"","region":"","default":0,"needed":0}],` +
		`"not_modelled":null,"made_up_values":null,` +
		`"scaling":[{"region":"","schedule":"","days":"","clock":"","timezone":"","min_before":0,"min_after":0,"nodes_starting":0,` +
		`"ready":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0}}],"seconds":0,"verdict":{"outcome":"","not_sure_of":null}}`
	if diff := cmp.Diff(strings.ReplaceAll(want, ",", ",\n"), strings.ReplaceAll(string(text), ",", ",\n")); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// TestRemainders tells what is left by mistake from what is kept, and what is kept from what nobody can read.
func TestRemainders(t *testing.T) {
	const account, region, own, theirs = "123456789012", "us-east-1", "arn:aws:kms:own", "arn:aws:kms:theirs"
	key := &world.Resource{Type: lifecycle.KeyType, ID: "own", Account: account, Region: region, Attributes: world.Object{"arn": own}}
	policy := &world.Resource{
		Type: "aws_kms_key_policy", ID: "own", Account: account, Region: region, Owner: key.Key(), Attributes: world.Object{"key_id": "own"},
	}
	snapshot := func(key string) *world.Resource {
		return &world.Resource{
			Type: "aws_db_cluster_snapshot", ID: "last", Account: account, Region: region, Kept: true, Attributes: world.Object{"kms_key_id": key},
		}
	}
	kept := Remainder{Type: "aws_db_cluster_snapshot", ID: "last", Region: region, Key: own}
	withKey := Remainder{Type: lifecycle.KeyType, ID: "own", Region: region}
	for _, test := range []struct {
		name       string
		there      []*world.Resource
		kept, left []Remainder
		good       bool
	}{
		{"a snapshot with its key", []*world.Resource{key, snapshot(own)}, []Remainder{kept, withKey}, nil, true},
		{"a snapshot with its key, and the policy of that", []*world.Resource{key, policy, snapshot(own)},
			[]Remainder{kept, withKey}, nil, true},
		{"a snapshot without its key", []*world.Resource{snapshot(own)},
			[]Remainder{{Type: kept.Type, ID: "last", Region: region, Key: own, KeyDeleted: true}}, nil, false},
		{"a snapshot with a key that is not the deployment's", []*world.Resource{snapshot(theirs)},
			[]Remainder{{Type: kept.Type, ID: "last", Region: region, Key: theirs}}, nil, true},
		{"a snapshot that is not encrypted", []*world.Resource{snapshot("")},
			[]Remainder{{Type: kept.Type, ID: "last", Region: region}}, nil, true},
		{"a key that nothing needs", []*world.Resource{key}, nil, []Remainder{withKey}, false},
	} {
		target := &Embedded{world: world.New(world.Options{Now: time.Now})}
		for _, resource := range test.there {
			there := *resource
			target.world.Put(&there)
		}
		var report Report
		report.remainders(target, map[string]bool{}, map[string]bool{own: true})
		diff := cmp.Diff([][]Remainder{test.kept, test.left}, [][]Remainder{report.Kept, report.Left})
		if diff != "" || report.Good() != test.good {
			t.Errorf("%s: good is %t, want %t; kept and left (-want +got):\n%s", test.name, report.Good(), test.good, diff)
		}
	}
}
