// Package guide writes a deployment down as commands of the AWS CLI, in steps that people can follow: what each is for, the command, how
// to see that it worked, and how to undo it. It takes the state of a rehearsal, in which every id is a unique text: each id becomes a
// variable, and whatever holds it refers to the resource that owns it. It decides nothing that the modules decide, and knows of AWS only
// how a type is found, made, waited for and deleted. It does not rehearse, price or write files. The command line imports it.
package guide

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"
)

// Options are what a guide says besides what the rehearsal knows.
type Options struct {
	// Name is what the deployment is called, and Region where it is.
	Name, Region string
	// Monthly is what a resource costs in an average month in US dollars, Seconds how long AWS takes for it, both by address.
	Monthly, Seconds map[string]float64
	// Holds says what data a resource holds, by address.
	Holds map[string]string
	// Platform is the plan of what runs in the cluster, made too; nil for a guide of the cloud alone. Source has the charts of it that
	// the stacks bring along.
	Platform *plan.Plan
	Source   fs.FS
}

// Guide is a deployment as steps.
type Guide struct {
	options  Options
	cloud    *platform
	charts   []File
	things   []*thing
	asked    []question
	zones    []string
	replaced *strings.Replacer
	steps    []*step
}

// thing is a resource with how it is made by hand.
type thing struct {
	*resource
	kind *kind
	// slug names it in scripts.
	slug  string
	owned []variable
	// needs are the things that must be there before it.
	needs []*thing
	stage int
	// platform says that it is in the cluster, and no resource of AWS.
	platform bool
	// script are its functions, and inputs the files that they send.
	script string
	inputs []File
}

// File is one file of a guide.
type File struct {
	Name, Text string
	// Runs says that it is a program.
	Runs bool
}

// New makes a guide of a plan that was carried out in a rehearsal.
func New(made *plan.Plan, o Options) (*Guide, error) {
	g := &Guide{options: o}
	var managed, data []*resource
	if values := made.Document.PlannedValues; values != nil {
		read(values.RootModule, &managed, &data)
	}
	byAddress := func(a, b *resource) int { return plan.Compare(a.address, b.address) }
	slices.SortFunc(managed, byAddress)
	slices.SortFunc(data, byAddress)
	if err := g.declare(managed); err != nil {
		return nil, err
	}
	var err error
	if g.cloud, err = readCloud(made); err != nil {
		return nil, err
	}
	if err := g.declarePlatform(); err != nil {
		return nil, err
	}
	g.ask(data)
	if err := g.write(); err != nil {
		return nil, err
	}
	g.order()
	return g, nil
}

// declare finds the declaration of each resource, and names what it owns.
func (g *Guide) declare(managed []*resource) error {
	all, slugs := kinds(), map[string]string{}
	var missing diagnostic.List
	for _, r := range managed {
		k := all[r.typ]
		if k == nil {
			d := diagnostic.Errorf("the guide does not know how %s is made by hand", r.typ)
			d.Code, d.Address, d.Why = "guide.unknown_type", r.address, "internal/guide has no declaration of this type"
			d.Todo = "deploy with `coderaws up` or Terraform, or leave out the setting that asks for it"
			missing = append(missing, d)
			continue
		}
		t := &thing{resource: r, kind: k, slug: r.slug(strings.ReplaceAll(strings.ToLower(k.noun), " ", "_"))}
		if other, taken := slugs[t.slug]; taken {
			return fmt.Errorf("%s and %s would have one name in scripts, %s", other, r.address, t.slug)
		}
		slugs[t.slug] = r.address
		for _, o := range k.owns {
			value := strings.TrimSuffix(r.text(o.attr), ".")
			if o.after != "" {
				_, value, _ = strings.Cut(value, o.after)
			}
			if value != "" {
				t.owned = append(t.owned, variable{strings.ToUpper(t.slug + "_" + o.as), o.field, o.after, value})
			}
		}
		g.things = append(g.things, t)
	}
	if len(missing) > 0 {
		return missing
	}
	return nil
}

// write writes the commands of all things, with references in the place of ids, and finds from these who needs whom.
func (g *Guide) write() error {
	variables, owners := []variable{}, map[string]*thing{}
	for _, q := range g.asked {
		if q.of == nil {
			variables = append(variables, variable{name: q.name, value: q.value})
		}
	}
	for _, t := range g.things {
		for _, v := range t.owned {
			owners[v.name] = t
		}
		variables = append(variables, t.owned...)
	}
	g.replaced = replacer(variables)
	blocks := map[string][]*thing{}
	for _, t := range g.things {
		block := plan.Block(t.address)
		blocks[block] = append(blocks[block], t)
	}
	for _, t := range g.things {
		if err := g.writeThing(t); err != nil {
			return err
		}
		texts := t.script
		for _, file := range t.inputs {
			texts += file.Text
		}
		for _, pattern := range []*regexp.Regexp{tokenPattern, shellVariable} {
			for _, match := range pattern.FindAllStringSubmatch(texts, -1) {
				if owner := owners[match[1]]; owner != nil && owner != t && !slices.Contains(t.needs, owner) {
					t.needs = append(t.needs, owner)
				}
			}
		}
		for _, block := range t.after {
			for _, before := range blocks[block] {
				if before != t && !slices.Contains(t.needs, before) {
					t.needs = append(t.needs, before)
				}
			}
		}
	}
	return nil
}

// marshal writes what a call sends.
func marshal(value any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(sent(value)); err != nil {
		return "", err
	}
	return b.String(), nil
}
