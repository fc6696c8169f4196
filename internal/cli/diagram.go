package cli

import (
	"context"
	"fmt"

	"coderaws/internal/diagnostic"
	"coderaws/internal/diagram"
	"coderaws/internal/inventory"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

func (sh *shell) diagramCommand() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:   "diagram DIR|PATTERN|PLAN.json",
		Short: "Draw what a plan makes",
		Long: `Draw what a plan makes, as an SVG picture: the region, its network with the zones as columns and the subnets as rows, nodes, databases,
load balancers and gateways in their places, and keys, names and logs beside them. Browsers, editors and wikis show SVG.

A deployment or a pattern is made on the embedded AWS, from nothing, so that the picture shows each thing where AWS puts it. PLAN.json
is a plan of any Terraform, written by "terraform show -json tfplan > plan.json"; what it does not know before it is applied is found
through its expressions, and the picture says where that leaves more than one place. Types without a place in the picture are counted.

  coderaws diagram sr-ha                       writes sr-ha.svg
  coderaws diagram my-coder --svg - | less     to standard output
  coderaws diagram plan.json -o json           the inventory behind the picture

Exit status: 0 if the picture was drawn; 1 if the plan could not be made; 2 if the deployment or the plan is not valid.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE:              func(cmd *cobra.Command, args []string) error { return sh.diagram(cmd.Context(), args[0], flags) },
	}
	flags.register(cmd, "the file to write, NAME.svg in the current directory unless given; - is standard output")
	return cmd
}

// diagramLine is one place in the JSON form of the command.
type diagramLine struct {
	Region    string               `json:"region,omitempty"`
	Stack     string               `json:"stack,omitempty"`
	Inventory *inventory.Inventory `json:"inventory"`
}

func (sh *shell) diagram(ctx context.Context, what string, flags planFlags) error {
	name, previews, err := sh.previews(ctx, what, flags, true, lifecycle.CloudStack)
	if err != nil {
		return err
	}
	var pictures []diagram.Picture
	lines := []diagramLine{}
	for _, p := range previews {
		inv, err := inventory.Read(p.Made, p.Written)
		if err != nil {
			return diagnostic.WithExit(diagnostic.ExitInvalid, err)
		}
		sh.warnOpaque(inv.Opaque, "what they connect can be missing from the picture")
		pictures = append(pictures, diagram.Picture{Title: title(name, p.Place), Inventory: inv})
		lines = append(lines, diagramLine{p.Region, p.Stack, inv})
	}
	if sh.output == jsonOutput {
		if flags.svg != "" && flags.svg != "-" {
			err = sh.writePicture(flags.svg, diagram.Draw(pictures))
		}
		if err != nil {
			return err
		}
		return sh.printJSON(map[string]any{"version": 1, "name": name, "places": lines})
	}
	file := flags.svg
	if file == "" {
		file = name + ".svg"
	}
	if err := sh.writePicture(file, diagram.Draw(pictures)); err != nil || file == "-" {
		return err
	}
	_, err = fmt.Fprintln(sh.Stdout, file)
	return err
}
