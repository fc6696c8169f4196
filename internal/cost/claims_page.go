package cost

import (
	"fmt"
	"io"
	"strings"
)

// WriteClaims writes the claims as a page in Markdown.
func WriteClaims(w io.Writer, list []Claim, bookDate string) error {
	var b strings.Builder
	fmt.Fprintf(&b, `# Claims about cost, recomputed

The decision records and the systems that this project replaces make claims about cost. This page sets beside each what the price book gives. The
program writes it: `+"`coderaws cost --claims`"+`. The newest figure in the book is of %s; all prices are those of us-east-1.

A claim holds if the data lies within what is claimed, give or take a tenth; it holds in part if only some of the data does.

| claimed in | claim | verdict | the data | assuming |
| --- | --- | --- | --- | --- |
`, bookDate)
	for _, claim := range list {
		fmt.Fprintf(&b, "| %s | %s | **%s** | %s | %s |\n", claim.Where, claim.Claim, claim.Verdict, claim.Data, claim.Assuming)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
