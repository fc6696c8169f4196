package realprovider_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws"
	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"

	tfjson "github.com/hashicorp/terraform-json"
)

var source fs.FS = coderaws.Source

// lifeLimit bounds the life of one pattern against the emulator, most of which is the provider's own pauses.
const lifeLimit = 20 * time.Minute

// TestPatterns is the proof that what a rehearsal shows is what the real provider does: for every pattern, both plan the same, and
// the real provider makes it, finds nothing to change, and takes everything away again.
func TestPatterns(t *testing.T) {
	t.Parallel()
	p := prepare(t)
	patterns, err := deployment.Patterns(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range patterns {
		t.Run(pattern.Name, func(t *testing.T) {
			t.Parallel()
			emulated := p.start(t)
			real := p.runner(p.engines[0], emulated)
			t.Run("plans", func(t *testing.T) {
				planned := plansOf(t, real, deploy(t, pattern))
				for _, binary := range p.engines {
					t.Run(string(binary.Product), func(t *testing.T) {
						sandbox := p.runner(binary, rehearsal.New(pattern.Name, time.Now))
						for i, one := range plansOf(t, sandbox, deploy(t, pattern)) {
							p.compare(t, partOf(pattern, one.Region), planned[i].Plan.JSON, one.Plan.JSON, patternExceptions)
						}
					})
				}
			})
			t.Run("life", func(t *testing.T) {
				if why := lifeless[pattern.Name]; why != "" {
					t.Skip("NOT PROVEN: " + why)
				}
				if some := os.Getenv("CODERAWS_TEST_LIVES"); some != "" && !slices.Contains(strings.Split(some, ","), pattern.Name) {
					t.Skip("NOT PROVEN: CODERAWS_TEST_LIVES names the patterns that are made, and this is none of them")
				}
				hold(t, pattern.Name, live(t, real, deploy(t, pattern), emulated), func(f *fidelity) map[string]lifeFigures { return f.Lives })
			})
		})
	}
}

// lifeless are the patterns that the emulator cannot make, and why: their plans are compared all the same.
var lifeless = map[string]string{
	"hub-and-spokes":  "its regions take the emulator longer than the limit of a life, and the inventory of what is left is of one region",
	"pubsec-govcloud": "its certificate is there before, and moto refuses a listener with one that it has not issued or imported itself",
}

// forgotten are the changes that a second plan shows since the emulator does not tell what it was given, and why AWS's would not.
var forgotten = map[string]string{
	"module.ingress.aws_lb.this: [subnet_mapping subnets]": "moto keeps no private addresses of a load balancer's zones; AWS tells those " +
		"that were given (ELB API Reference, LoadBalancerAddress, PrivateIPv4Address)",
}

// partOf is what the figures of a region of a pattern are called: those of the first one have the pattern's name.
func partOf(pattern deployment.Pattern, region string) string {
	if region == pattern.Files[0].Region() {
		return pattern.Name
	}
	return pattern.Name + ", " + region
}

// deploy makes a deployment of a pattern as it is, in a directory of its own.
func deploy(t *testing.T, pattern deployment.Pattern) *deployment.Deployment {
	t.Helper()
	d, findings := pattern.Deployment(t.TempDir())
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	return d
}

func planOf(t *testing.T, r *lifecycle.Runner, d *deployment.Deployment) *tfjson.Plan {
	t.Helper()
	return plansOf(t, r, d)[0].Plan.JSON
}

// plansOf plans all regions.
func plansOf(t *testing.T, r *lifecycle.Runner, d *deployment.Deployment) []lifecycle.Planned {
	t.Helper()
	started := time.Now()
	plans, err := r.Plan(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s on %s planned in %v", r.Binary.Product, r.Target.Name(), time.Since(started).Round(100*time.Millisecond))
	return plans
}

// live makes everything, plans again, and destroys everything. It returns how many resources there were, and what was forgotten.
func live(t *testing.T, r *lifecycle.Runner, d *deployment.Deployment, emulated *emulator) lifeFigures {
	ctx, cancel := context.WithTimeout(t.Context(), lifeLimit)
	defer cancel()
	before := emulated.inventory(t)
	started := time.Now()
	lap := func(verb string) {
		t.Logf("%s in %v%s", verb, time.Since(started).Round(time.Second), r.Reporter.(*stopwatch).slowest())
		started = time.Now()
	}
	if _, err := r.Up(ctx, d, nil, nil); err != nil {
		t.Fatal(err)
	}
	lap("made everything")
	emulated.checkMade(t, before)
	again, err := r.Plan(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	var holders []string
	var figures lifeFigures
	for _, one := range again {
		for _, change := range lifecycle.Changes(plan.Read(one.Plan.JSON)) {
			if why := forgotten[fmt.Sprintf("%s: %v", change.Address, change.Attributes)]; why != "" {
				t.Logf("a second plan would %s %s: %s", change.Action, change.Address, why)
				figures.Forgotten++
				continue
			}
			t.Errorf("a second plan would %s %s: %v", change.Action, change.Address, change.Attributes)
		}
		for _, holder := range lifecycle.Holders(managed(one.Plan.JSON.PriorState.Values.RootModule)) {
			holders = append(holders, holder.Address)
		}
	}
	lap("planned again")
	var made engine.ChangeSummary
	if _, err := r.Down(ctx, d, holders, func(p lifecycle.Planned) error {
		made = p.Plan.Changes
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	lap("destroyed everything")
	t.Logf("the real provider made %d resources and destroyed them", made.Remove)
	emulated.checkNothingLeft(t, before)
	figures.Made = made.Remove
	return figures
}

// managed lists the resources of a module and of those below it, without data sources.
func managed(module *tfjson.StateModule) []*tfjson.StateResource {
	var all []*tfjson.StateResource
	for _, resource := range module.Resources {
		if resource.Mode == tfjson.ManagedResourceMode {
			all = append(all, resource)
		}
	}
	for _, child := range module.ChildModules {
		all = append(all, managed(child)...)
	}
	return all
}
