package protocol

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// planner works out what Terraform will show for one resource, as the AWS provider does: computed attributes are known after
// apply on create and stay as they are on update; what the configuration leaves out gets the provider's default.
type planner struct {
	block     *schema.Block
	behaviour *schema.Behaviour
	declared  *model.Type
	// defaultTags are the provider's default_tags.
	defaultTags world.Object
	region      string
	// misspelt hears of attributes that the model plans and the schema lacks.
	misspelt func(name string)
	// sdk says that the type is written with the older plugin SDK.
	sdk bool
}

// plan returns the planned object, and the paths whose change forces replacement.
func (p planner) plan(prior, proposed, config world.Object) (world.Object, []*tftypes.AttributePath) {
	creating := prior == nil
	p.sdk = sdkWritten(p.block)
	planned := p.body(p.block, "", proposed, config, creating)
	if attribute := p.block.Attribute("region"); attribute != nil && config["region"] == nil {
		planned["region"] = p.region
	}
	if attribute := p.block.Attribute("tags_all"); attribute != nil {
		planned["tags_all"] = mergeTags(p.defaultTags, planned["tags"])
		// The provider's older types, whose tags_all is optional too, leave it open where there are no tags at all.
		if creating && attribute.Optional && empty(planned["tags_all"]) {
			planned["tags_all"] = world.Unknown{}
		}
	}
	for _, dotted := range p.behaviour.ComputedBlocks {
		keepComputed(planned, prior, config, strings.Split(dotted, "."))
	}
	if p.declared != nil && p.declared.Plan != nil {
		p.declared.Plan(&model.Call{Region: p.region, ProviderRegion: p.region, Object: planned, Prior: prior, Misspelt: p.misspelt})
	}
	if creating {
		return planned, nil
	}
	// What the configuration takes from a resource that is itself to change may turn out to be a change.
	if !PartlyUnknown(config) && matches(p.block.Type(), planned, prior) {
		return prior, nil
	}
	p.recompute(prior, planned)
	return planned, p.replacements(prior, planned)
}

// keepComputed keeps what exists of a computed block that the configuration leaves out, also inside other blocks.
func keepComputed(planned, prior, config world.Object, path []string) {
	name := path[0]
	if _, has := planned[name]; !has || prior == nil {
		return
	}
	if len(path) == 1 {
		if empty(config[name]) {
			planned[name] = prior[name]
		}
		return
	}
	elements, _ := planned[name].([]any)
	before, _ := prior[name].([]any)
	configured, _ := config[name].([]any)
	for i := range elements {
		if element := elementOf(elements, i); element != nil {
			keepComputed(element, elementOf(before, i), elementOf(configured, i), path[1:])
		}
	}
}

// body plans the attributes and nested blocks of one block. proposed is Terraform's own proposal, which has prior computed
// values filled in already.
func (p planner) body(block *schema.Block, path string, proposed, config world.Object, creating bool) world.Object {
	planned := world.Object{}
	for _, attribute := range block.Attributes {
		name, at := attribute.Name, join(path, attribute.Name)
		value := proposed[name]
		if value == nil && config[name] == nil {
			value = p.absent(attribute, at, creating)
		}
		if p.sdk {
			value = legacy(attribute.Type, value)
		}
		if way := p.behaviour.Texts[at]; way != "" {
			value = rewritten(way, value)
		}
		planned[name] = value
	}
	for _, nested := range block.Blocks {
		planned[nested.Name] = p.nested(nested, join(path, nested.Name), proposed[nested.Name], config[nested.Name], creating)
	}
	return planned
}

// absent is what the provider plans for an attribute that neither the configuration nor the prior state has.
func (p planner) absent(attribute *schema.Attribute, at string, creating bool) any {
	if value, ok := p.behaviour.Defaults[at]; ok {
		return value
	}
	if !attribute.Computed || slices.Contains(p.behaviour.KnownNull, at) {
		return nil
	}
	if creating || strings.Contains(at, ".") {
		return world.Unknown{}
	}
	return nil
}

func (p planner) nested(nested *schema.NestedBlock, at string, proposed, config any, creating bool) any {
	switch elements := proposed.(type) {
	case []any:
		if len(elements) == 0 && creating && slices.Contains(p.behaviour.ComputedBlocks, at) {
			return world.Unknown{}
		}
		configured, _ := config.([]any)
		list := make([]any, len(elements))
		for i, element := range elements {
			object, ok := element.(world.Object)
			if !ok {
				list[i] = element
				continue
			}
			list[i] = p.body(nested.Block, at, object, elementOf(configured, i), creating)
		}
		return list
	case world.Object:
		if nested.Nesting == schema.NestingMap {
			configured, _ := config.(world.Object)
			object := world.Object{}
			for name, element := range elements {
				inner, _ := element.(world.Object)
				innerConfig, _ := configured[name].(world.Object)
				object[name] = p.body(nested.Block, at, inner, innerConfig, creating)
			}
			return object
		}
		configured, _ := config.(world.Object)
		return p.body(nested.Block, at, elements, configured, creating)
	default:
		return proposed
	}
}

func elementOf(list []any, i int) world.Object {
	if i >= len(list) {
		return nil
	}
	object, _ := list[i].(world.Object)
	return object
}

// recompute makes computed attributes unknown that follow from a changed argument.
func (p planner) recompute(prior, planned world.Object) {
	if p.declared == nil {
		return
	}
	// All causes are looked at before anything is set: an attribute can be another one's cause and have causes itself.
	var open []string
	for attribute, causes := range p.declared.Recompute {
		for _, cause := range causes {
			if !along(p.block.Type(), planned, prior, strings.Split(cause, ".")) {
				open = append(open, attribute)
				break
			}
		}
	}
	for _, attribute := range open {
		planned[attribute] = world.Unknown{}
	}
}

// replacements lists the changed paths that force replacement. A value that is known only after apply may turn out to be a
// change, so Terraform plans a replacement for it too.
func (p planner) replacements(prior, planned world.Object) []*tftypes.AttributePath {
	var paths []*tftypes.AttributePath
	typ := p.block.Type()
	dottedPaths := p.behaviour.RequiresReplace
	if p.block.Attribute("region") != nil && prior["region"] != nil {
		dottedPaths = append(slices.Clone(dottedPaths), "region")
	}
	if p.declared != nil {
		call := &model.Call{Region: p.region, ProviderRegion: p.region, Object: planned, Prior: prior}
		for _, dotted := range slices.Sorted(maps.Keys(p.declared.Replace)) {
			dottedPaths = slices.DeleteFunc(slices.Clone(dottedPaths), func(measured string) bool { return measured == dotted })
			if p.declared.Replace[dotted](call) {
				dottedPaths = append(dottedPaths, dotted)
			}
		}
	}
	for _, dotted := range dottedPaths {
		if !along(typ, planned, prior, strings.Split(dotted, ".")) {
			paths = append(paths, p.attributePath(dotted))
		}
	}
	return paths
}

// attributePath turns a dotted path into Terraform's form; it names the outermost block where the path goes through a list or
// a set, because there any element may be the one that changed.
func (p planner) attributePath(dotted string) *tftypes.AttributePath {
	name, _, _ := strings.Cut(dotted, ".")
	return tftypes.NewAttributePath().WithAttributeName(name)
}

// mergeTags is what the provider plans for tags_all: its default tags, overridden by the resource's own.
func mergeTags(defaults world.Object, tags any) any {
	merged := world.Object{}
	for name, value := range defaults {
		merged[name] = value
	}
	switch own := tags.(type) {
	case world.Unknown:
		return own
	case world.Object:
		for name, value := range own {
			merged[name] = value
		}
	}
	return merged
}

// matches reports whether a planned value of the given type is the prior one, an unknown value counting as unchanged and an
// empty one as null.
func matches(typ tftypes.Type, planned, prior any) bool {
	if _, unknown := planned.(world.Unknown); unknown || empty(planned) && empty(prior) {
		return true
	}
	switch t := typ.(type) {
	case tftypes.Object:
		value, _ := planned.(world.Object)
		other, _ := prior.(world.Object)
		if value == nil || other == nil {
			return false
		}
		for name, attribute := range t.AttributeTypes {
			if !matches(attribute, value[name], other[name]) {
				return false
			}
		}
		return true
	case tftypes.Map:
		value, _ := planned.(world.Object)
		other, _ := prior.(world.Object)
		if len(value) != len(other) {
			return false
		}
		for name := range value {
			if _, ok := other[name]; !ok || !matches(t.ElementType, value[name], other[name]) {
				return false
			}
		}
		return true
	case tftypes.Set:
		value, _ := planned.([]any)
		other, _ := prior.([]any)
		return sameElements(t.ElementType, value, other)
	case tftypes.List:
		value, _ := planned.([]any)
		other, _ := prior.([]any)
		return slices.EqualFunc(value, other, func(a, b any) bool { return matches(t.ElementType, a, b) })
	default:
		return reflect.DeepEqual(planned, prior)
	}
}

// empty reports whether a value is one that the provider's SDK does not tell from null.
func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case world.Object:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// sameElements compares sets: every planned element has a prior element of its own that it matches.
func sameElements(element tftypes.Type, planned, prior []any) bool {
	if len(planned) != len(prior) {
		return false
	}
	used := make([]bool, len(prior))
elements:
	for _, value := range planned {
		for i, other := range prior {
			if !used[i] && matches(element, value, other) {
				used[i] = true
				continue elements
			}
		}
		return false
	}
	return true
}

// along follows a dotted path through two values of one type and reports whether everything at its end matches. Where the path
// goes through a set, its elements cannot be told apart and the set is compared as a whole.
func along(typ tftypes.Type, planned, prior any, path []string) bool {
	if _, unknown := planned.(world.Unknown); unknown {
		return false
	}
	if len(path) == 0 {
		return matches(typ, planned, prior)
	}
	switch t := typ.(type) {
	case tftypes.Object:
		value, _ := planned.(world.Object)
		other, _ := prior.(world.Object)
		return along(t.AttributeTypes[path[0]], value[path[0]], other[path[0]], path[1:])
	case tftypes.List:
		value, _ := planned.([]any)
		other, _ := prior.([]any)
		for i := range max(len(value), len(other)) {
			if !along(t.ElementType, elementAt(value, i), elementAt(other, i), path) {
				return false
			}
		}
		return true
	default:
		return matches(typ, planned, prior)
	}
}

func elementAt(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
