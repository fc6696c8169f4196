package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"coderaws"
	"coderaws/internal/deployment"
	"coderaws/internal/engine"

	"github.com/shopspring/decimal"
)

// TestAdviceAsWritten writes the settings that advice names into a deployment, plans it, and holds the bill to the promised saving. Nobody
// is there, so that a schedule saves something in the smallest pattern, too.
func TestAdviceAsWritten(t *testing.T) {
	if testing.Short() {
		t.Skip("it plans four times")
	}
	if _, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()}); err != nil {
		t.Skipf("advice is not tried: %v", err)
	}
	pattern, err := deployment.FindPattern(coderaws.Source, "sr-simple")
	if err != nil {
		t.Fatal(err)
	}
	var advised struct {
		Total   string
		Regions []struct {
			Advice []struct {
				Settings []struct{ Name, Value string }
				Saving   decimal.Decimal
			}
		}
	}
	runJSON(t, &advised, "cost", "sr-simple", "--set", "load=idle", "--advise", "-o", "json")
	tried := map[string]bool{} // by the names of the settings, one node group for all: another type, another processor, working hours
	group := regexp.MustCompile(`node_groups\.[a-z]+\.`)
	for _, advice := range advised.Regions[0].Advice {
		kind := ""
		for _, setting := range advice.Settings {
			kind += " " + group.ReplaceAllString(setting.Name, "")
		}
		if tried[kind] {
			continue
		}
		tried[kind] = true
		text := pattern.Files[0].Text
		for _, setting := range advice.Settings {
			text = assign(t, text, setting.Name, setting.Value)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var changed struct {
			Cost struct{ Total decimal.Decimal }
		}
		runJSON(t, &changed, "cost", dir, "--set", "load=idle", "-o", "json")
		if saved := decimal.RequireFromString(advised.Total).Sub(changed.Cost.Total); !saved.Equal(advice.Saving) {
			t.Errorf("%v saves %s and not the %s that it promises", advice.Settings, saved, advice.Saving)
		}
	}
	for _, kind := range []string{" instance_types", " instance_types ami_type", " deployment_features.time_based_scaling"} {
		if !tried[kind] {
			t.Errorf("there is no advice on%s", kind)
		}
	}
}

// assign writes a setting such as node_groups.control.instance_types into a tfvars file, in place of the one that is there.
func assign(t *testing.T, text, name, value string) string {
	t.Helper()
	parts := strings.Split(name, ".")
	begin, found := 0, true
	for _, object := range parts[:len(parts)-1] {
		at := regexp.MustCompile(`(?m)^\s*` + object + `\s*=\s*\{`).FindStringIndex(text[begin:])
		if found = at != nil; !found {
			break
		}
		begin += at[1]
	}
	if !found {
		t.Fatalf("the pattern has no place for %s", name)
	}
	line := "\n    " + parts[len(parts)-1] + " = " + value
	end := begin + strings.IndexByte(text[begin:], '}')
	old := regexp.MustCompile(`(?m)\n\s*` + parts[len(parts)-1] + `\s*=.*$`).FindStringIndex(text[begin:end])
	if old == nil {
		return text[:begin] + line + text[begin:]
	}
	return text[:begin+old[0]] + line + text[begin+old[1]:]
}
