package cli

import (
	"fmt"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/spot"

	"github.com/spf13/cobra"
)

func (sh *shell) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check DIR",
		Short: "Find what is wrong with a deployment without asking AWS",
		Long: `Find what is wrong with a deployment without asking AWS: unknown settings, wrong types and broken rules, in all files at once,
each with its place and the way out. It takes less than a second and needs neither Terraform nor an account.

It also warns of instance types that AWS often takes back on spot, that are not offered where the deployment runs, or that do not go
together in one node group, and names better ones. A warning stops nothing.

Exit status: 0 if nothing is wrong, 2 if something is.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return sh.check(args[0]) },
	}
}

func (sh *shell) check(dir string) error {
	d, findings := deployment.Load(dir, sh.Source)
	findings = append(findings, spot.Advise(d)...)
	if sh.output == jsonOutput {
		// The findings are the result of this command, so they go to standard output, and the exit status says the rest.
		if err := diagnostic.WriteJSON(sh.Stdout, findings); err != nil {
			return err
		}
		if findings.HasErrors() {
			return diagnostic.WithExit(diagnostic.ExitInvalid, diagnostic.Errorf("%s is not valid", dir))
		}
		return nil
	}
	if err := invalid(findings); err != nil {
		return err
	}
	sh.show(sh.Stderr, findings)
	names := make([]string, len(d.Regions))
	for i, region := range d.Regions {
		names[i] = region.Name
	}
	_, err := fmt.Fprintf(sh.Stdout, "%s is valid: %s (%s).\n", dir, plural(len(names), "region"), strings.Join(names, ", "))
	return err
}
