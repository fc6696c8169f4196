package deployment

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

// hubAndSpokes is the pattern of the repository with several regions.
func hubAndSpokes(t *testing.T) Pattern {
	t.Helper()
	p, err := FindPattern(repository(), "hub-and-spokes")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPatternOfSeveralRegions is the specification of a deployment that begins with several regions: who starts it gives one domain, and
// each region gets a name beside it.
func TestPatternOfSeveralRegions(t *testing.T) {
	p := hubAndSpokes(t)
	if got := p.Files[0].Region(); got != "us-east-2" {
		t.Errorf("the first of its files is %s, and the hub's is us-east-2", got)
	}
	questions, err := p.Questions()
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, q := range questions {
		asked = append(asked, q.Setting)
	}
	if diff := cmp.Diff([]string{"domain", "name"}, asked); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	for _, test := range []struct {
		name    string
		answers Answers
		want    map[string][2]string // domain and name, by region
	}{
		{"another domain", Answers{"domain": "dev.example.org"}, map[string][2]string{
			"us-east-2": {"dev.example.org", "coder"}, "us-west-2": {"dev-usw2.example.org", "coder"},
			"eu-west-2": {"dev-euw2.example.org", "coder"}}},
		{"another name, in all regions", Answers{"domain": "coder.example.com", "name": "team"}, map[string][2]string{
			"us-east-2": {"coder.example.com", "team"}, "us-west-2": {"coder-usw2.example.com", "team"},
			"eu-west-2": {"coder-euw2.example.com", "team"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "deployment")
			if err := Init(dir, p, test.answers); err != nil {
				t.Fatal(err)
			}
			d, list := Load(dir, repository())
			if list != nil {
				t.Fatal(list)
			}
			got := map[string][2]string{}
			for _, r := range d.Regions {
				got[r.Name] = [2]string{r.String("domain"), r.String("name")}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("regions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPatternOfSeveralRegionsRefuses: nothing of several files is written if one cannot be.
func TestPatternOfSeveralRegionsRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers Answers
		files   map[string]string
		code    string
	}{
		{"no domain", Answers{}, nil, "deployment.missing_answer"},
		{"a region of one's own", Answers{"domain": "a.b", "region": "eu-west-1"}, nil, "deployment.unknown_setting"},
		{"a domain that none can have", Answers{"domain": "coder"}, nil, "deployment.invalid_answer"},
		{"a domain whose neighbours none can have", Answers{"domain": strings.Repeat("a", 50) + ".example.com"}, nil,
			"deployment.invalid_answer"},
		{"one of the regions exists", Answers{"domain": "coder.example.com"}, map[string]string{"us-west-2.tfvars": "mine"}, "deployment.exists"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := directory(t, test.files)
			found := diagnostic.From(Init(dir, hubAndSpokes(t), test.answers))
			if len(found) != 1 || found[0].Code != test.code || found[0].Todo == "" {
				t.Errorf("got %+v, want %s", found, test.code)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != len(test.files) {
				t.Errorf("the directory holds %v, %v; before it was %v", entries, err, slices.Collect(maps.Keys(test.files)))
			}
		})
	}
}
