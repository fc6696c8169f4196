package account_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/account"

	"github.com/google/go-cmp/cmp"
)

// TestTakeDenied is what remains of an account whose administrator allows nothing: who it is, and what is not known for want of which
// permission.
func TestTakeDenied(t *testing.T) {
	isolate(t, sts(t, 200, known).URL)
	server := denyAll(t)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	asker, err := account.NewAsker(t.Context(), options(names{}))
	if err != nil {
		t.Fatal(err)
	}
	s, err := asker.Take(t.Context(), []string{"us-east-1"})
	if err != nil {
		t.Fatalf("a missing permission ended the questions: %v", err)
	}
	if err := asker.Offers(t.Context(), s, "us-east-1", []string{"m5.large"}); err != nil {
		t.Fatal(err)
	}
	if s.Account != "111122223333" {
		t.Errorf("account %s", s.Account)
	}
	region := s.Regions["us-east-1"]
	if len(region.Usage)+len(region.Names)+len(region.Quotas)+len(s.Global.Usage) > 0 || region.Zones != nil || s.HostedZones != nil {
		t.Errorf("something is taken for known: %+v %+v", s.Global, region)
	}
	missing := []string{}
	for _, u := range slices.Concat(s.Global.Unanswered, region.Unanswered) {
		if !u.Denied() || u.About == "" || u.Why == "" {
			t.Errorf("not answered: %+v, want it denied", u)
		}
		missing = append(missing, u.Action)
	}
	slices.Sort(missing)
	// Questions of several calls end at the first that is denied.
	later := []string{"ec2:DescribeSubnets", "eks:DescribeCluster", "route53:GetHostedZone", "servicequotas:ListAWSDefaultServiceQuotas"}
	want := slices.DeleteFunc(account.Actions(), func(action string) bool { return slices.Contains(later, action) })
	if diff := cmp.Diff(want, slices.Compact(missing)); diff != "" {
		t.Errorf("missing permissions (-want +got):\n%s", diff)
	}
}

// TestActionsOnlyRead holds the questions to actions that cannot change anything.
func TestActionsOnlyRead(t *testing.T) {
	actions := account.Actions()
	for _, action := range actions {
		_, operation, _ := strings.Cut(action, ":")
		if !strings.HasPrefix(operation, "Describe") && !strings.HasPrefix(operation, "List") && !strings.HasPrefix(operation, "Get") {
			t.Errorf("%s does not look as if it only read", action)
		}
	}
	if len(actions) < 20 {
		t.Errorf("only %d actions: %v", len(actions), actions)
	}
}

func TestSaveAndLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account.json")
	want := &account.Snapshot{
		Format: account.Format, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/anna",
		Taken: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC),
		Global: account.Part{Quotas: map[string]float64{"L-FE177D64": 1000},
			Usage: map[string]map[string]float64{"L-FE177D64": {"": 12}}, Names: map[string][]string{"aws_iam_role": {"admin"}}},
		HostedZones: []account.HostedZone{{Name: "example.com", ID: "Z1", NameServers: []string{"ns-1.awsdns-00.com"},
			Delegation: &account.Delegation{NameServers: []string{}}}},
		Regions: map[string]*account.Region{"us-east-1": {
			Part: account.Part{Quotas: map[string]float64{}, Usage: map[string]map[string]float64{},
				Names: map[string][]string{}, Unanswered: []account.Unanswered{{Action: "ec2:DescribeVpcs", About: "VPCs",
					Code: "UnauthorizedOperation", Why: "no"}}},
			Zones: []account.Zone{{Name: "us-east-1a", ID: "use1-az6"}}, Offers: map[string][]string{"m5.large": {"use1-az6"}},
			Deployments: []string{},
		}},
	}
	for range 2 { // the second replaces the first
		if err := want.Save(file); err != nil {
			t.Fatal(err)
		}
	}
	got, err := account.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("snapshot (-saved +loaded):\n%s", diff)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) != 1 {
		t.Errorf("saving left %v", left)
	}
	expect(t, want.Save(filepath.Join(file, "below-a-file.json")), "account.unwritable",
		"the snapshot of the account cannot be written to "+filepath.Join(file, "below-a-file.json"), "not a directory")
}

func TestLoadRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, code, summary, why string }{
		{"a file that is not there", "", "account.unreadable", "cannot be read as a snapshot of an account", "no such file"},
		{"what is not JSON", "hello", "account.damaged", "is damaged, or no snapshot of an account", "invalid character"},
		{"half a file", `{"format": 1, "account": "1111`, "account.damaged", "is damaged, or no snapshot of an account", "unexpected end"},
		{"other JSON", `{"version": 4}`, "account.damaged", "is JSON, but no snapshot of an account", "no format or no account"},
		{"a wrong type", `{"format": 1, "account": "111122223333", "regions": []}`, "account.damaged",
			"is damaged, or no snapshot of an account", "cannot unmarshal"},
		{"an empty region", `{"format": 1, "account": "111122223333", "regions": {"us-east-1": null}}`, "account.damaged",
			"is JSON, but no snapshot of an account", "us-east-1 is empty"},
		{"a later format", `{"format": 2, "account": "111122223333"}`, "account.newer", "was written by a later coderaws", "format 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "account.json")
			if test.text != "" {
				if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := account.Load(file)
			expect(t, err, test.code, file+" "+test.summary, test.why)
		})
	}
	if _, err := os.Stat("/dev/zero"); err == nil {
		_, err := account.Load("/dev/zero")
		expect(t, err, "account.unreadable", "/dev/zero cannot be read as a snapshot of an account", "no regular file")
	}
}

func TestQuotaRegion(t *testing.T) {
	for _, test := range [][3]string{
		{"ec2", "eu-west-1", "eu-west-1"}, {"iam", "eu-west-1", "us-east-1"}, {"route53", "us-gov-east-1", "us-gov-west-1"},
		{"iam", "cn-northwest-1", "cn-north-1"},
	} {
		if got := account.QuotaRegion(test[0], test[1]); got != test[2] {
			t.Errorf("quotas of %s for %s are in %s, want %s", test[0], test[1], got, test[2])
		}
	}
}
