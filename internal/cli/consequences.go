package cli

import (
	"fmt"
	"strings"

	"coderaws/internal/consequence"
	"coderaws/internal/diagnostic"
)

// writeConsequences says what a plan means for people, and how long AWS takes, where it changes something that exists.
func writeConsequences(b *strings.Builder, line PlacePlan) {
	if len(line.Changes) == 0 || onlyMakes(line) {
		return
	}
	signs := map[consequence.Effect]string{consequence.Interrupts: "!", consequence.Unknown: "?", consequence.Noticed: "i"}
	for _, c := range line.Consequences {
		verb := ""
		if c.Effect == consequence.Interrupts {
			verb = "interrupts "
		}
		fmt.Fprintf(b, "  %-3s  %s\n", signs[c.Effect], wrap(verb+c.Who+": "+c.Text, 90, "       "))
	}
	if len(line.Consequences) == 0 {
		b.WriteString("  i    nobody is interrupted\n")
	}
	fmt.Fprintf(b, "  t    AWS takes about %s\n", duration(line.Takes))
}

// refuseInterruption refuses a plan that interrupts somebody, or of which nobody knows whether it does.
func refuseInterruption(line PlacePlan) error {
	var list diagnostic.List
	for _, c := range line.Consequences {
		if c.Effect == consequence.Noticed {
			continue
		}
		d := diagnostic.Errorf("this interrupts %s, and --no-interruption was given", c.Who)
		if c.Effect == consequence.Unknown {
			d.Summary = "this may interrupt somebody, and --no-interruption was given"
		}
		d.Code, d.Why, d.Address = "gate.interruption", c.Text, c.Addresses[0]
		d.Todo = "run it when nobody works, without --no-interruption, or take the change back"
		if more := len(c.Addresses) - 1; more > 0 {
			d.Address = fmt.Sprintf("%s and %d more", d.Address, more)
		}
		list = append(list, d)
	}
	if len(list) == 0 {
		return nil
	}
	return diagnostic.WithExit(diagnostic.ExitRefused, list)
}
