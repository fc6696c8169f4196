package cli

import (
	"context"
	"fmt"
	"slices"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/diagram"
	"coderaws/internal/inventory"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
)

// DiagramResult is what a plan makes. Its JSON form only grows.
type DiagramResult struct {
	Name    string           `json:"name"`
	Places  []PlaceInventory `json:"places"`
	Version int              `json:"version"`
	// Pictures are what is drawn.
	Pictures []diagram.Picture `json:"-"`
}

// Picture draws it, as SVG.
func (d *DiagramResult) Picture() string { return diagram.Draw(d.Pictures) }

// PlaceInventory is what the plan of one place makes.
type PlaceInventory struct {
	Region    string               `json:"region,omitempty"`
	Stack     string               `json:"stack,omitempty"`
	Inventory *inventory.Inventory `json:"inventory"`
}

// Diagram finds what a plan makes, so that it can be drawn.
func Diagram(ctx context.Context, deps *Deps, o ReportOptions) (*DiagramResult, error) {
	o.whole = wantsNoEgress // what runs in the cluster has ways out, too
	name, previews, err := deps.previews(ctx, o, true, lifecycle.CloudStack)
	if err != nil {
		return nil, err
	}
	ways := regionEgress(previews)
	result := &DiagramResult{Version: 1, Name: name, Places: []PlaceInventory{}}
	for _, p := range previews {
		if p.Stack == lifecycle.PlatformStack {
			continue
		}
		inv, err := inventory.Read(p.Made, p.Written)
		if err != nil {
			return nil, diagnostic.WithExit(diagnostic.ExitInvalid, err)
		}
		deps.warnOpaque(inv.Opaque, "what they connect can be missing from the picture")
		picture := diagram.Picture{Title: title(name, p.Place), Inventory: inv}
		for _, region := range ways {
			if region.Region == p.Region && region.Wanted {
				picture.Egress = region.Report
			}
		}
		result.Pictures = append(result.Pictures, picture)
		result.Places = append(result.Places, PlaceInventory{p.Region, p.Stack, inv})
	}
	return result, nil
}

// wantsNoEgress tells of a deployment whether it shall have no way to the internet anywhere.
func wantsNoEgress(d *deployment.Deployment) bool {
	return slices.ContainsFunc(d.Regions, func(r deployment.Region) bool {
		wanted := r.Value("deployment_features.private_egress")
		return wanted.Type() == cty.Bool && wanted.IsKnown() && !wanted.IsNull() && wanted.True()
	})
}

func (sh *shell) diagramCommand() *cobra.Command {
	var o ReportOptions
	var svg string
	cmd := &cobra.Command{
		Use:   "diagram DIR|PATTERN|PLAN.json",
		Short: "Draw what a plan makes",
		Long: `Draw what a plan makes, as an SVG picture: the region, its network with the zones as columns and the subnets as rows, nodes, databases,
load balancers and gateways in their places, and keys, names and logs beside them. Browsers, editors and wikis show SVG.
With deployment_features.private_egress the ways out of the network are drawn below: who calls, and the endpoint that lets it.

A deployment or a pattern is made on the embedded AWS, from nothing, so that the picture shows each thing where AWS puts it. PLAN.json
is a plan of any Terraform, written by "terraform show -json tfplan > plan.json"; what it does not know before it is applied is found
through its expressions, and the picture says where that leaves more than one place. Types without a place in the picture are counted.

  coderaws diagram sr-ha                       writes sr-ha.svg
  coderaws diagram my-coder --svg - | less     to standard output
  coderaws diagram plan.json -o json           the inventory behind the picture

Exit status: 0 if the picture was drawn; 1 if the plan could not be made; 2 if the deployment or the plan is not valid.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What = args[0]
			result, err := Diagram(cmd.Context(), sh.deps(), o)
			if err != nil {
				return err
			}
			return sh.drawn(result, svg)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&svg, "svg", "", "the file to write, NAME.svg in the current directory unless given; - is standard output")
	return cmd
}

// drawn writes the picture; with JSON only where a file was asked for.
func (sh *shell) drawn(result *DiagramResult, file string) error {
	if sh.output == jsonOutput {
		if file != "" && file != "-" {
			if err := sh.writePicture(file, result.Picture()); err != nil {
				return err
			}
		}
		return sh.printJSON(result)
	}
	if file == "" {
		file = result.Name + ".svg"
	}
	if err := sh.writePicture(file, result.Picture()); err != nil || file == "-" {
		return err
	}
	_, err := fmt.Fprintln(sh.results(), file)
	return err
}
