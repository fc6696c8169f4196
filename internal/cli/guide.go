package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"coderaws/internal/cost"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/guide"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/spf13/cobra"
)

// GuideOptions are of what a guide is written, and where.
type GuideOptions struct {
	ReportOptions
	// To is the folder to write.
	To string
}

// GuideResult is what was written. Its JSON form only grows.
type GuideResult struct {
	Version int `json:"version"`
	// Folders are the folders, one for each region.
	Folders []GuideFolder `json:"folders"`
}

// GuideFolder is the guide of one region.
type GuideFolder struct {
	Region    string `json:"region"`
	Folder    string `json:"folder"`
	Steps     int    `json:"steps"`
	Resources int    `json:"resources"`
	// Files are the names of its files, which are below the folder.
	Files []string `json:"files"`
}

// Guide writes how a deployment is made by hand. Where it would overwrite what is not its own, it is refused before anything runs.
func Guide(ctx context.Context, deps *Deps, o GuideOptions) (*GuideResult, error) {
	owners := map[string]guideOwner{}
	o.before = func(name string, d *deployment.Deployment) error {
		if o.To == "" {
			o.To = name + "-guide"
		}
		for _, region := range d.Regions {
			owners[region.Name] = ownerOf(region)
		}
		return checkGuideFolders(o.To, d.Regions)
	}
	name, previews, err := deps.previews(ctx, o.ReportOptions, true)
	if err != nil {
		return nil, err
	}
	if len(owners) == 0 {
		d := diagnostic.Errorf("%s is a plan, and a guide is written of what was made in a rehearsal", o.What)
		d.Code, d.Why, d.Todo = "guide.plan", "a plan has no ids, by which resources refer to each other",
			"name a deployment's directory, or a pattern"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	result := &GuideResult{Version: 1, Folders: []GuideFolder{}}
	for _, p := range previews {
		if p.Stack != lifecycle.CloudStack {
			continue
		}
		written, err := deps.guideOf(name, p, platformOf(previews, p.Region))
		if err != nil {
			return nil, err
		}
		files, err := written.Files()
		if err != nil {
			return nil, err
		}
		one := GuideFolder{Region: p.Region, Folder: guideFolder(o.To, len(owners), p.Region), Steps: written.Steps(),
			Resources: written.Resources()}
		if one.Files, err = writeGuide(one.Folder, owners[p.Region], files); err != nil {
			return nil, err
		}
		result.Folders = append(result.Folders, one)
	}
	return result, nil
}

// platformOf is what runs in the cluster of a region; nil if nothing does.
func platformOf(previews []rehearsal.Preview, region string) *rehearsal.Preview {
	i := slices.IndexFunc(previews, func(p rehearsal.Preview) bool { return p.Region == region && p.Stack == lifecycle.PlatformStack })
	if i < 0 {
		return nil
	}
	return &previews[i]
}

// guideOf makes the guide of one region, with its prices and times.
func (deps *Deps) guideOf(name string, p rehearsal.Preview, platform *rehearsal.Preview) (*guide.Guide, error) {
	book, err := deps.priceBook("")
	if err != nil {
		return nil, err
	}
	input, err := cost.Read(p.Plan, p.Written)
	if err != nil {
		return nil, err
	}
	bill, err := cost.Estimate(input, book, cost.Options{Now: deps.Now()})
	if err != nil {
		return nil, err
	}
	o := guide.Options{Name: name, Region: p.Region, Monthly: map[string]float64{}, Seconds: map[string]float64{}, Holds: map[string]string{}}
	for _, line := range bill.Lines {
		o.Monthly[line.Address] += line.Cost.Decimal().InexactFloat64()
	}
	for _, step := range rehearsal.NewTimetable(p.Place, p.Plan, p.Written, 0).Steps {
		o.Seconds[step.Resource] += step.Span.Typical.Seconds()
	}
	if platform != nil {
		o.Platform, o.Source = platform.Made, deps.Source
		for _, step := range rehearsal.NewTimetable(platform.Place, platform.Plan, platform.Written, 0).Steps {
			o.Seconds[step.Resource] += step.Span.Typical.Seconds()
		}
	}
	var made []*tfjson.StateResource
	if values := p.Made.Document.PlannedValues; values != nil {
		made = stateResources(values.RootModule)
	}
	for _, holder := range lifecycle.Holders(made) {
		o.Holds[holder.Address] = holder.Holds
	}
	return guide.New(p.Made, o)
}

// stateResources lists the resources of a module and of those below it, without data sources.
func stateResources(module *tfjson.StateModule) []*tfjson.StateResource {
	if module == nil {
		return nil
	}
	var all []*tfjson.StateResource
	for _, resource := range module.Resources {
		if resource.Mode == tfjson.ManagedResourceMode {
			all = append(all, resource)
		}
	}
	for _, child := range module.ChildModules {
		all = append(all, stateResources(child)...)
	}
	return all
}

func (sh *shell) guideCommand() *cobra.Command {
	var o GuideOptions
	cmd := &cobra.Command{
		Use:   "guide DIR|PATTERN",
		Short: "Write how to make a deployment with the AWS CLI, step by step",
		Long: `Write a folder that says how to make a deployment with the AWS CLI and Helm, step by step: a page for each stage, which says what and
why, the command, how to see that it worked, and how to undo it; guide.sh, which runs the same steps and can be stopped and run again at
any time; teardown.sh; and what Terraform needs to go on from there without building anything anew.

The deployment is rehearsed on the embedded AWS first, so that the guide makes exactly what Terraform would, with the settings as they
are. Another setting makes another guide: generate it again, into the same folder. A folder that holds anything else, the guide of another
deployment too, is refused before anything runs. Nothing is asked of a real account, and no secret is in the folder.

Nobody has followed a guide on AWS itself: try yours in an account for tests first. SR-Simple's was followed to its end against an
emulator, taken over by Terraform, and deleted by its teardown.sh, but for what is in the cluster; docs/reference/fidelity.md says how far
the others were.

  coderaws guide my-coder                      writes my-coder-guide
  coderaws guide sr-simple --to by-hand

Exit status: 0 if the guide was written; 1 if AWS would refuse the deployment, or the guide does not know one of its resources; 2 if the
deployment is not valid, or the folder is not the guide's.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What = args[0]
			result, err := Guide(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printGuide)
		},
	}
	cmd.Flags().StringVar(&o.To, "to", "", "the folder to write, NAME-guide in the current directory unless given")
	existingFlags(cmd, &o.Existing)
	return cmd
}

func printGuide(w io.Writer, result *GuideResult) error {
	for _, folder := range result.Folders {
		if _, err := fmt.Fprintf(w, "%s: %s in %s. Begin with %s\n", folder.Folder, plural(folder.Resources, "resource"),
			plural(folder.Steps, "step"), filepath.Join(folder.Folder, "README.md")); err != nil {
			return err
		}
	}
	return nil
}
