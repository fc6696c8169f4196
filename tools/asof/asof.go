// Package asof dates the rows of the table of facts: a tool that has made a data set again writes there of which day it is. The tools that
// make facts import it, and nothing else.
package asof

import (
	"fmt"
	"os"
	"regexp"
	"time"

	"coderaws/internal/atomicfile"
)

// Table is the table of facts, from the top of the source tree.
const Table = "internal/facts/table.go"

// Set writes into the table of facts that the set of a name, as the source has it (PriceBook), is as of a day. It stays good for as many
// months as it was before.
func Set(table, name string, day time.Time) error {
	text, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	row := regexp.MustCompile(`(Name: ` + regexp.QuoteMeta(name) + `,[^\n]*\n\s*AsOf: ")([0-9-]{10})(", GoodUntil: ")([0-9-]{10})(")`)
	at := row.FindSubmatchIndex(text)
	if at == nil {
		return fmt.Errorf("%s has no row %s with the two days on its second line", table, name)
	}
	from, err := time.Parse(time.DateOnly, string(text[at[4]:at[5]]))
	if err != nil {
		return fmt.Errorf("%s, row %s: %w", table, name, err)
	}
	until, err := time.Parse(time.DateOnly, string(text[at[8]:at[9]]))
	if err != nil {
		return fmt.Errorf("%s, row %s: %w", table, name, err)
	}
	months := (until.Year()-from.Year())*12 + int(until.Month()) - int(from.Month())
	days := fmt.Sprintf("${1}%s${3}%s${5}", day.Format(time.DateOnly), day.AddDate(0, months, 0).Format(time.DateOnly))
	return atomicfile.Write(table, row.ReplaceAll(text, []byte(days)), 0o644)
}
