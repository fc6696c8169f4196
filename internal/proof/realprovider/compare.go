package realprovider

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Figures count what two plans have in common.
type Figures struct {
	// Addresses are the resource instances and data sources that both plans have.
	Addresses int `json:"addresses"`
	// Equal are the values that both plans know and that are equal. A value is a text, a number, a boolean, null, or a list, set
	// or map without elements.
	Equal int `json:"equal_values"`
	// Set are those of them that are not null.
	Set int `json:"of_which_not_null"`
	// Later are the values that both plans leave to the apply.
	Later int `json:"known_after_apply"`
}

// Difference is one place at which two plans differ.
type Difference struct {
	Address string
	// Type is the resource type, or the data source with "data." before it.
	Type string
	// Path is dotted and without indices, such as vpc_config.subnet_ids; empty for the resource as a whole.
	Path string
	// Real and Other are what the plans have there, as text.
	Real, Other string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s %s\n\treal provider: %s\n\tembedded AWS:  %s", d.Address, d.Path, d.Real, d.Other)
}

// Compare holds another plan against that of the provider which the schema is of: the same addresses with the same actions, and at
// each address everything that the provider's plan knows, and nothing besides. Attributes that the other plan's schema lacks
// are passed over. Differences are in the order of addresses and paths.
func (s *Schema) Compare(plan, other *tfjson.Plan) (Figures, []Difference) {
	c := &comparison{}
	mine, theirs := instances(plan), instances(other)
	all := maps.Clone(mine)
	maps.Copy(all, theirs)
	for _, address := range slices.Sorted(maps.Keys(all)) {
		c.at = Difference{Address: address, Type: all[address].kind}
		real, inMine := mine[address]
		counterpart, inTheirs := theirs[address]
		block := s.block(all[address].kind)
		switch {
		case !inMine || !inTheirs || real.action != counterpart.action:
			c.differ("", real.action, counterpart.action)
		case block == nil:
			c.Addresses++ // of another provider, such as terraform_data, which both plans have from the same hand
		default:
			c.Addresses++
			c.walk(block.Type(), "", real.content, counterpart.content)
		}
	}
	return c.Figures, c.differences
}

func (s *Schema) block(kind string) *Block {
	if name, ok := strings.CutPrefix(kind, "data."); ok {
		return s.DataSources[name]
	}
	return s.Resources[kind]
}

// instance is what a plan says at one address.
type instance struct {
	kind string
	// action is what the plan does, such as create.
	action  string
	content part
}

// instances lists what a plan would do, and the data sources that were read for it.
func instances(plan *tfjson.Plan) map[string]instance {
	found := map[string]instance{}
	for _, change := range plan.ResourceChanges {
		var words []string
		for _, action := range change.Change.Actions {
			words = append(words, string(action))
		}
		found[change.Address] = instance{
			kindOf(change.Mode, change.Type), strings.Join(words, " and "), part{change.Change.After, change.Change.AfterUnknown},
		}
	}
	var walk func(*tfjson.StateModule)
	walk = func(module *tfjson.StateModule) {
		for _, resource := range module.Resources {
			if resource.Mode == tfjson.DataResourceMode {
				found[resource.Address] = instance{kindOf(resource.Mode, resource.Type), "read while planning", part{value: resource.AttributeValues}}
			}
		}
		for _, child := range module.ChildModules {
			walk(child)
		}
	}
	if plan.PriorState != nil && plan.PriorState.Values != nil && plan.PriorState.Values.RootModule != nil {
		walk(plan.PriorState.Values.RootModule)
	}
	return found
}

func kindOf(mode tfjson.ResourceMode, typ string) string {
	if mode == tfjson.DataResourceMode {
		return "data." + typ
	}
	return typ
}

// part is a planned value, or a part of one, with Terraform's marks of what is unknown in it.
type part struct{ value, unknown any }

func (p part) isUnknown() bool { return p.unknown == true }

// member gives an attribute or the element of a map; ok is false if there is none.
func (p part) member(name string) (member part, ok bool) {
	values, _ := p.value.(map[string]any)
	marks, _ := p.unknown.(map[string]any)
	value, known := values[name]
	mark, marked := marks[name]
	return part{value, mark}, known || marked && mark == true
}

// names lists what member finds.
func (p part) names() []string {
	var names []string
	values, _ := p.value.(map[string]any)
	marks, _ := p.unknown.(map[string]any)
	for name := range values {
		names = append(names, name)
	}
	for name, mark := range marks {
		if _, known := values[name]; !known && mark == true {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// elements gives the elements of a list or set.
func (p part) elements() []part {
	values, _ := p.value.([]any)
	marks, _ := p.unknown.([]any)
	all := make([]part, len(values))
	for i, value := range values {
		all[i].value = value
		if i < len(marks) {
			all[i].unknown = marks[i]
		}
	}
	return all
}

// text shows a part to people.
func (p part) text() string {
	if p.isUnknown() {
		return "known after apply"
	}
	if p.value == nil {
		return "null"
	}
	return fmt.Sprintf("%#v", p.value)
}

// comparison gathers what Compare finds; at is where it is.
type comparison struct {
	Figures
	at          Difference
	differences []Difference
}

func (c *comparison) differ(path, real, other string) {
	d := c.at
	d.Path, d.Real, d.Other = path, real, other
	if d.Real == "" {
		d.Real = "nothing at this address"
	}
	if d.Other == "" {
		d.Other = "nothing at this address"
	}
	c.differences = append(c.differences, d)
}

func (c *comparison) equal(value any) {
	c.Equal++
	if value != nil {
		c.Set++
	}
}

func (c *comparison) walk(typ tftypes.Type, path string, real, other part) {
	switch {
	case real.isUnknown() && other.isUnknown():
		c.Later++
		return
	case real.isUnknown() || other.isUnknown():
		c.differ(path, real.text(), other.text())
		return
	case real.value == nil && other.value == nil:
		c.equal(nil)
		return
	case real.value == nil || other.value == nil:
		c.differ(path, real.text(), other.text())
		return
	}
	switch t := typ.(type) {
	case tftypes.Object:
		for _, name := range slices.Sorted(maps.Keys(t.AttributeTypes)) {
			mine, _ := real.member(name)
			if theirs, ok := other.member(name); ok {
				c.walk(t.AttributeTypes[name], join(path, name), mine, theirs)
			}
		}
	case tftypes.Map:
		c.walkMap(t, path, real, other)
	case tftypes.List:
		c.walkList(t.ElementType, path, real, other)
	case tftypes.Set:
		c.walkSet(t.ElementType, path, real, other)
	default:
		if reflect.DeepEqual(real.value, other.value) {
			c.equal(real.value)
		} else {
			c.differ(path, real.text(), other.text())
		}
	}
}

func (c *comparison) walkMap(typ tftypes.Map, path string, real, other part) {
	names := slices.Compact(slices.Sorted(slices.Values(append(real.names(), other.names()...))))
	if len(names) == 0 {
		c.equal(real.value)
	}
	for _, name := range names {
		mine, inMine := real.member(name)
		theirs, inTheirs := other.member(name)
		switch {
		case !inMine:
			c.differ(join(path, name), "no such element", theirs.text())
		case !inTheirs:
			c.differ(join(path, name), mine.text(), "no such element")
		default:
			c.walk(typ.ElementType, join(path, name), mine, theirs)
		}
	}
}

func (c *comparison) walkList(element tftypes.Type, path string, real, other part) {
	mine, theirs := real.elements(), other.elements()
	if len(mine) != len(theirs) {
		c.differ(path, real.text(), other.text())
		return
	}
	if len(mine) == 0 {
		c.equal(real.value)
	}
	for i := range mine {
		c.walk(element, path, mine[i], theirs[i])
	}
}

// walkSet pairs equal elements first: the order of a set says nothing, and depends on attributes that only one schema may have.
func (c *comparison) walkSet(element tftypes.Type, path string, real, other part) {
	mine, theirs := real.elements(), other.elements()
	if len(mine) != len(theirs) {
		c.differ(path, real.text(), other.text())
		return
	}
	if len(mine) == 0 {
		c.equal(real.value)
	}
	var unpaired []part
	for _, one := range mine {
		paired := slices.IndexFunc(theirs, func(candidate part) bool {
			trial := &comparison{}
			trial.walk(element, path, one, candidate)
			return len(trial.differences) == 0
		})
		if paired < 0 {
			unpaired = append(unpaired, one)
			continue
		}
		c.walk(element, path, one, theirs[paired])
		theirs = slices.Delete(theirs, paired, paired+1)
	}
	for i, one := range unpaired {
		c.walk(element, path, one, theirs[i])
	}
}
