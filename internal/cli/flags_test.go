package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestFlagsNameOneValue: what stands in backquotes in a flag's text is taken for the name of its value, so that a command which is quoted
// there would be shown as what the flag takes, such as `--detach coderaws status DIR`.
func TestFlagsNameOneValue(t *testing.T) {
	var look func(cmd *cobra.Command)
	look = func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if name, _ := pflag.UnquoteUsage(f); strings.Contains(name, " ") {
				t.Errorf("%s --%s is shown as taking %q", cmd.CommandPath(), f.Name, name)
			}
		})
		for _, sub := range cmd.Commands() {
			look(sub)
		}
	}
	sh := &shell{}
	look(sh.command())
}
