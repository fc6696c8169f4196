package asof

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSet dates rows of a copy of the real table.
func TestSet(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("../..", Table))
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2031, 2, 3, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct{ name, months, fails string }{
		{name: "PriceBook", months: "12"},
		{name: "InstanceTypes", months: "24"},
		{name: "ProviderSchemas", months: "24"},
		{name: "Price", fails: "has no row Price"},
	} {
		t.Run(row.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "table.go")
			if err := os.WriteFile(file, table, 0o644); err != nil {
				t.Fatal(err)
			}
			err := Set(file, row.name, day)
			if row.fails != "" {
				if err == nil || !strings.Contains(err.Error(), row.fails) {
					t.Errorf("error %v, want %s", err, row.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			until := map[string]string{"12": "2032-02-03", "24": "2033-02-03"}[row.months]
			var changed []string
			before := strings.Split(string(table), "\n")
			for i, line := range strings.Split(string(text), "\n") {
				if line != before[i] {
					changed = append(changed, line)
				}
			}
			if len(changed) != 1 || !strings.Contains(changed[0], `AsOf: "2031-02-03", GoodUntil: "`+until+`"`) {
				t.Errorf("changed %q, want one line with 2031-02-03 and %s", changed, until)
			}
		})
	}
}
