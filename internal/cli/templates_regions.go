package cli

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/lifecycle"
)

// regionsVariable is the variable of templates with the regions that people choose from.
const regionsVariable = "regions"

// served are the installations that have to do with the Coder of one region: its own, and those of the regions that serve it.
type served struct {
	coder  *lifecycle.Installation
	spokes []*lifecycle.Installation
}

// coderOf finds the Coder that is meant. Where regions serve a hub, it is the hub's: they have none.
func coderOf(d *deployment.Deployment, all []*lifecycle.Installation, region string) (served, error) {
	hub := d.Hub()
	if hub == nil {
		one, err := lifecycle.Only(all, region)
		return served{coder: one}, err
	}
	if region != "" && region != hub.Name {
		e := diagnostic.Errorf("there is no Coder in %s", region)
		e.Code, e.Why, e.Todo = "usage.region", "templates are those of the hub's Coder, "+hub.Name+", which builds workspaces in all regions",
			"leave --region out"
		return served{}, diagnostic.WithExit(diagnostic.ExitInvalid, e)
	}
	one, err := lifecycle.Only(all, hub.Name)
	spokes := slices.DeleteFunc(slices.Clone(all), func(i *lifecycle.Installation) bool { return i == one })
	return served{one, spokes}, err
}

// regionValue is the value of regionsVariable: of each spoke its name and what it has of its own, but for what is given for all; of the hub
// its name. It is "" where there is no choice.
func (s served) regionValue(given map[string]string) (string, error) {
	if len(s.spokes) == 0 {
		return "", nil
	}
	value := map[string]map[string]any{s.coder.Region: {"name": facts.RegionName(s.coder.Region), "hub": true}}
	for _, spoke := range s.spokes {
		own := map[string]any{}
		if err := json.Unmarshal(spoke.Templates, &own); err != nil {
			return "", fmt.Errorf("the output templates of the platform stack in %s: %w", spoke.Region, err)
		}
		maps.DeleteFunc(own, func(name string, _ any) bool { _, has := given[name]; return has })
		own["name"], own["hub"] = facts.RegionName(spoke.Region), false
		value[spoke.Region] = own
	}
	text, err := json.Marshal(value)
	return string(text), err
}

// taggedRegions are the regions of a value of regionsVariable whose provisioners have a tag: all but the hub's, and none where there is no
// choice.
func taggedRegions(value string) ([]string, error) {
	var regions map[string]struct{ Hub bool }
	if value == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(value), &regions); err != nil {
		d := diagnostic.Errorf("--var %s is no JSON of regions", regionsVariable)
		d.Code, d.Why = "usage", err.Error()
		d.Todo = `write an object of regions by their codes, such as {"eu-west-2":{"name":"London"}}, or {} for no choice`
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	if len(regions) < 2 {
		return nil, nil
	}
	tagged := slices.Sorted(maps.Keys(regions))
	return slices.DeleteFunc(tagged, func(region string) bool { return regions[region].Hub }), nil
}

// packFor packs a template with the values of its variables. Without a choice of regions it goes without what tags builds, if it has that.
func packFor(source templateSource, dir, name string, known map[string]string) (*coder.Template, error) {
	var tagged, without []string
	if _, err := fs.Stat(source, path.Join(dir, coder.RegionTagsFile)); err == nil {
		if tagged, err = taggedRegions(known[regionsVariable]); err != nil {
			return nil, err
		}
		if len(tagged) == 0 {
			without = []string{coder.RegionTagsFile}
		}
	}
	t, err := coder.Pack(source, dir, name, without...)
	if err != nil {
		return nil, err
	}
	t.Regions, t.Variables = tagged, map[string]string{}
	for _, variable := range t.Declares {
		if value, has := known[variable]; has {
			t.Variables[variable] = value
		}
	}
	return t, nil
}
