package cost_test

import (
	"bytes"
	"encoding/csv"
	"testing"

	"coderaws/internal/cost"

	"github.com/shopspring/decimal"
)

// TestCSVIsInert: no text of a plan is a formula in a spreadsheet, and numbers are still numbers.
func TestCSVIsInert(t *testing.T) {
	r := estimate(t, planOf(nil, resource("aws_kms_key.k", nil)), cost.Options{})
	for cell, want := range map[string]string{
		"": "", "aws_vpc.a": "aws_vpc.a", "12.50": "12.50", "-12.50": "-12.50", "=1+1": "'=1+1", "+1 call": "'+1 call", "-a": "'-a",
		"@sum(a1)": "'@sum(a1)",
		"\t=1":     "'\t=1", "\r=1": "'\r=1", "a=1": "a=1",
	} {
		line := &r.Lines[0]
		line.Address, line.Zone, line.Title, line.Why, line.Quantity = cell, cell, cell, cell, decimal.NewFromInt(-3)
		var table bytes.Buffer
		if err := r.WriteCSV(&table); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&table).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range []int{0, 2, 5, 17} {
			if rows[1][i] != want {
				t.Errorf("%q in column %s becomes %q, want %q", cell, rows[0][i], rows[1][i], want)
			}
		}
		if rows[1][8] != "-3" {
			t.Errorf("a number becomes %q", rows[1][8])
		}
	}
}
