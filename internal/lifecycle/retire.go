package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"

	tfjson "github.com/hashicorp/terraform-json"
)

// LostWorkspaces is what stands for workspaces among the names of what holds data and may be lost: of those that live in a region which
// goes, Coder keeps entries that nobody can delete any more.
const LostWorkspaces = "coder_workspaces"

// shownWorkspaces is how many are named in a refusal.
const shownWorkspaces = 5

// retire finds what the regions that go have to settle with their hub.
func (r *Runner) retire(ctx context.Context, d *deployment.Deployment) (*retirement, error) {
	center := d.Hub()
	if center == nil {
		return &retirement{}, nil
	}
	stays := slices.ContainsFunc(d.Beside(), func(region *deployment.Region) bool { return region.Name == center.Name })
	if !stays && slices.ContainsFunc(d.Beside(), (*deployment.Region).IsSpoke) {
		return nil, refuseHub(d)
	}
	leave := &retirement{runner: r, partial: stays}
	for _, region := range d.InOrder() {
		if region.IsSpoke() {
			leave.spokes = append(leave.spokes, region.Name)
		}
	}
	hub, err := r.hubThatIs(ctx, d.Dir, center)
	if err == nil && hub != nil {
		leave.hub = hub.installation
	}
	return leave, err
}

// refuseHub says that a hub does not go by itself.
func refuseHub(d *deployment.Deployment) error {
	e := diagnostic.Errorf("%s is the hub: the other regions serve its Coder", d.Hub().Name)
	e.Code, e.Why = "region.hub", "without coderd and its database they serve nobody"
	e.Todo = fmt.Sprintf("take the others down first, or everything: `coderaws down %s`", diagnostic.Word(d.Dir))
	return diagnostic.WithExit(diagnostic.ExitRefused, e)
}

// retirement is what spokes that go have to settle with their hub.
type retirement struct {
	runner *Runner
	spokes []string
	// partial means that the hub stays.
	partial bool
	// hub is where coderd is; nil where there is none.
	hub *Installation
}

// coderd is that of the hub; nil where none can be asked.
func (t *retirement) coderd(ctx context.Context) (*coder.FirstSteps, error) {
	if t.hub == nil {
		return nil, nil
	}
	return t.runner.Target.Coder(ctx, t.hub, SomePatience)
}

// refuseInhabited refuses to let a region go in which workspaces live, unless they were named. Only the provisioners of their region can
// delete them, and these go with it. has is what there is at each place: a region without a platform never had any.
func (t *retirement) refuseInhabited(ctx context.Context, named []string, has map[Place][]*tfjson.StateResource) error {
	serving := slices.DeleteFunc(slices.Clone(t.spokes), func(region string) bool { return len(has[Place{region, PlatformStack}]) == 0 })
	if len(serving) == 0 || slices.Contains(named, LostWorkspaces) {
		return nil
	}
	steps, err := t.coderd(ctx)
	if err != nil || steps == nil {
		return unasked(err)
	}
	defer steps.Leave(ctx)
	var list diagnostic.List
	for _, region := range serving {
		found, err := steps.WorkspacesIn(ctx, region)
		if err != nil {
			return unasked(insideOnly(t.hub, err))
		}
		if len(found) > 0 {
			list = append(list, inhabited(region, found))
		}
	}
	if len(list) == 0 {
		return nil
	}
	return diagnostic.WithExit(diagnostic.ExitRefused, list)
}

// inhabited says which workspaces live in a region.
func inhabited(region string, found []coder.Workspace) *diagnostic.Diagnostic {
	var names []string
	for _, w := range found[:min(len(found), shownWorkspaces)] {
		names = append(names, w.String())
	}
	if more := len(found) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	d := diagnostic.Errorf("%d workspaces live in %s", len(found), region)
	if len(found) == 1 {
		d.Summary = "a workspace lives in " + region
	}
	d.Code = "region.inhabited"
	d.Why = "only the provisioners of " + region + " can delete " + strings.Join(names, ", ") + ", and they go with the region"
	d.Todo = "delete them in Coder first (`coder delete " + found[0].String() + "`); to lose their homes, and keep entries in Coder that " +
		"nobody can delete, name them: --delete-data " + LostWorkspaces
	return d
}

// unasked adds to an error what to do where the hub does not answer.
func unasked(err error) error {
	for _, d := range diagnostic.From(err) {
		d.Todo = strings.TrimSuffix(strings.TrimSpace(d.Todo), ".")
		if d.Todo != "" {
			d.Todo += "; "
		}
		d.Todo += "or, if this hub will never answer again, name what may be lost without a look at it: --delete-data " + LostWorkspaces
	}
	return err
}

// dismiss takes from the hub, if it stays, what the regions that went had: else it counts proxies that never answer again.
func (t *retirement) dismiss(ctx context.Context) error {
	if !t.partial {
		return nil
	}
	steps, err := t.coderd(ctx)
	if err != nil || steps == nil {
		return err
	}
	defer steps.Leave(ctx)
	for _, region := range t.spokes {
		if err := steps.Dismiss(ctx, region); err != nil {
			return insideOnly(t.hub, err)
		}
	}
	return nil
}
