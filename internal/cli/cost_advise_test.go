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

// TestAdviceAsWritten writes the settings that advice names into a deployment, plans it, and holds the bill to the promised saving.
func TestAdviceAsWritten(t *testing.T) {
	if testing.Short() {
		t.Skip("it plans three times")
	}
	if _, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()}); err != nil {
		t.Skipf("SKIPPED, LOUDLY: advice is not tried: %v", err)
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
	runJSON(t, &advised, "cost", "sr-simple", "--advise", "-o", "json")
	tried := map[int]bool{} // by the number of settings: another type, and another processor
	for _, advice := range advised.Regions[0].Advice {
		if tried[len(advice.Settings)] {
			continue
		}
		tried[len(advice.Settings)] = true
		text := pattern.Text
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
		runJSON(t, &changed, "cost", dir, "-o", "json")
		if saved := decimal.RequireFromString(advised.Total).Sub(changed.Cost.Total); !saved.Equal(advice.Saving) {
			t.Errorf("%v saves %s and not the %s that it promises", advice.Settings, saved, advice.Saving)
		}
	}
	if len(tried) < 2 {
		t.Error("there is no advice on both instance types and processors")
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
