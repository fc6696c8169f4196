package protocol_test

import (
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sort"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type list = []any

// variant is a configuration with one argument replaced. added says that the example does without the argument: what comes of it is tried
// for a create alone.
type variant struct {
	path   string
	config object
	added  bool
}

// hostile are values that an argument of a type can have on its way to the provider, and that are wrong for most.
func hostile(typ tftypes.Type) []any {
	switch {
	case typ.Is(tftypes.String):
		return []any{nil, "", "x", "[null]", "10.0.0.0/33", "arn:aws:iam::123456789012:role/", strings.Repeat("a", 300)}
	case typ.Is(tftypes.Number):
		return []any{nil, -1.0, 0.0, 0.5, 1e15}
	case typ.Is(tftypes.Bool):
		return []any{nil, true, false}
	}
	switch t := typ.(type) {
	case tftypes.List:
		return collections(t.ElementType)
	case tftypes.Set:
		return collections(t.ElementType)
	case tftypes.Map:
		return []any{nil, object{}, object{"": nil}, object{"x": blank(t.ElementType)}}
	case tftypes.Object:
		return []any{nil, blank(t)}
	}
	return []any{nil}
}

func collections(element tftypes.Type) []any {
	return []any{nil, list{}, list{nil}, list{blank(element)}, list{blank(element), nil, blank(element)}}
}

// blank is the value of a type that says least without being null.
func blank(typ tftypes.Type) any {
	switch {
	case typ.Is(tftypes.String):
		return ""
	case typ.Is(tftypes.Number):
		return 0.0
	case typ.Is(tftypes.Bool):
		return false
	}
	switch t := typ.(type) {
	case tftypes.List, tftypes.Set:
		return list{}
	case tftypes.Map:
		return object{}
	case tftypes.Object:
		empty := object{}
		for name := range t.AttributeTypes {
			empty[name] = nil
		}
		return empty
	}
	return nil
}

// vague are fewer of these, for arguments that an example does without: few rules look at them.
func vague(typ tftypes.Type) []any {
	switch {
	case typ.Is(tftypes.String):
		return []any{"", "[null]"}
	case typ.Is(tftypes.Number):
		return []any{-1.0}
	case typ.Is(tftypes.Bool):
		return []any{true}
	}
	all := hostile(typ)
	return all[len(all)-1:]
}

// variants are a body with each of its arguments replaced by each of some values: those of given if it has the argument, of absent if not.
// Blocks that the body has are entered at their first element; of others there are two that are empty, and one that has everything and says
// nothing.
func variants(block *schema.Block, body object, given, absent func(tftypes.Type) []any) []variant {
	var all []variant
	add := func(path, name string, value any, added bool) {
		changed := maps.Clone(body)
		if changed == nil {
			changed = object{}
		}
		changed[name] = value
		all = append(all, variant{path, changed, added})
	}
	for _, attribute := range block.Attributes {
		if !attribute.Required && !attribute.Optional {
			continue
		}
		values, added := given, body[attribute.Name] == nil
		if added {
			values = absent
		}
		for _, value := range values(attribute.Type) {
			add(fmt.Sprintf("%s = %.40v", attribute.Name, value), attribute.Name, value, added)
		}
	}
	for _, nested := range block.Blocks {
		elements, _ := body[nested.Name].(list)
		if len(elements) > 0 {
			first, _ := elements[0].(object)
			add(nested.Name+" is absent", nested.Name, list{}, false)
			add(nested.Name+" twice", nested.Name, list{first, first}, false)
			for _, inner := range variants(nested.Block, first, given, absent) {
				add(nested.Name+"."+inner.path, nested.Name, append(list{inner.config}, elements[1:]...), inner.added)
			}
			continue
		}
		element := emptyBlock(nested.Block)
		if nested.Nesting == schema.NestingSingle {
			add(nested.Name+" is empty", nested.Name, element, true)
			continue
		}
		add(nested.Name+" is empty twice", nested.Name, list{element, element}, true)
		add(nested.Name+" is blank", nested.Name, list{blankBlock(nested.Block)}, true)
	}
	return all
}

// emptyBlock has nothing but the blocks that it must have.
func emptyBlock(block *schema.Block) object {
	empty := object{}
	for _, nested := range block.Blocks {
		if nested.MinItems > 0 && nested.Nesting != schema.NestingSingle {
			empty[nested.Name] = list{emptyBlock(nested.Block)}
		}
	}
	return empty
}

// blankBlock has every argument, without saying anything.
func blankBlock(block *schema.Block) object {
	full := object{}
	for _, attribute := range block.Attributes {
		if attribute.Required || attribute.Optional {
			full[attribute.Name] = blank(attribute.Type)
		}
	}
	for _, nested := range block.Blocks {
		if nested.Nesting != schema.NestingSingle {
			full[nested.Name] = list{blankBlock(nested.Block)}
		}
	}
	return full
}

// trial is a museum that survives what is done to it, and notes what it should not have met.
type trial struct {
	*sandboxtest.Museum
	// faults are what went wrong inside of coderaws, by place, with the first thing that led to it.
	faults map[string]string
	tries  int
}

func newTrial(t testing.TB) *trial {
	return &trial{Museum: sandboxtest.NewMuseum(t), faults: map[string]string{}}
}

// try does something that may be refused, and nothing else; ok says that it was not.
func (h *trial) try(what string, do func() error) (ok bool) {
	h.tries++
	defer func() {
		if cause := recover(); cause != nil {
			h.fault(fmt.Sprintf("panic: %v at %s", cause, blamed(string(debug.Stack()))), what)
		}
	}()
	err := do()
	var refusal *sandboxtest.Refusal
	var replace *sandboxtest.ReplaceError
	if err != nil && !errors.As(err, &refusal) && !errors.As(err, &replace) {
		h.fault("error: "+err.Error(), what)
	}
	return err == nil
}

func (h *trial) fault(place, what string) {
	if _, known := h.faults[place]; !known {
		h.faults[place] = what
	}
}

// blamed is the innermost place of a stack in the embedded AWS.
func blamed(stack string) string {
	_, after, _ := strings.Cut(stack, "panic(")
	for line := range strings.SplitSeq(after, "\n") {
		if file, _, ok := strings.Cut(strings.TrimSpace(line), " +0x"); ok && strings.Contains(file,
			"/sandbox/") && !strings.Contains(file, "/world/world.go") {
			return file[strings.Index(file, "/sandbox/"):]
		}
	}
	return stack
}

func (h *trial) report(t *testing.T) {
	t.Helper()
	t.Logf("%d calls", h.tries)
	places := slices.Collect(maps.Keys(h.faults))
	sort.Strings(places)
	for _, place := range places {
		t.Errorf("%s\n\t%s", place, h.faults[place])
	}
}

// importIDs are import ids that few types can read.
var importIDs = []string{"", "x", "/", ":", ",", "_", "a/b/c", "a:b:c", "a,b", "a_b_c_d", "arn:aws:iam::123456789012:role/x"}

// TestHostileArguments drives every modelled type through the provider with each argument of an example in turn empty, null, unknown and of
// wrong forms. Whatever the answer is, it is an answer.
func TestHostileArguments(t *testing.T) {
	t.Parallel()
	h := newTrial(t)
	provider, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range sandboxtest.Specimens() {
		arguments := h.Fill(t, s.Arguments).(object)
		block := provider.Resource(s.TypeName).Block
		before := h.Kept()
		all := variants(block, arguments, hostile, vague)
		if !seen[s.TypeName] {
			all = append(all, variant{"everything is empty", emptyBlock(block), false}, variant{"everything is blank",
				blankBlock(block), false})
			for _, id := range importIDs {
				h.try(s.TypeName+" imported by "+id, func() error { _, err := h.Import(s.TypeName, id); return err })
			}
		}
		seen[s.TypeName] = true
		for _, v := range all {
			there := h.World.List(nil)
			h.create(s, v)
			if !slices.Equal(there, h.World.List(nil)) { // AWS may also fail after it has begun
				h.Restore(before)
			}
		}
		unknown := func(tftypes.Type) []any { return []any{world.Unknown{}} }
		open := variants(block, arguments, unknown, unknown)
		for _, v := range open {
			h.try(s.TypeName+" planned with "+v.path, func() error { _, err := h.Plan(s.TypeName, nil, v.config); return err })
		}
		h.Add(t, s)
		before = h.Kept()
		if id, ok := h.States[s.Name]["id"].(string); ok {
			h.try(s.TypeName+" imported", func() error { _, err := h.Import(s.TypeName, id); return err })
		}
		for _, v := range all {
			if v.added {
				continue
			}
			there := h.World.List(nil)
			h.try(s.TypeName+" changed with "+v.path, func() error { _, err := h.Update(s.TypeName, h.States[s.Name], v.config); return err })
			if !slices.Equal(there, h.World.List(nil)) { // AWS may also fail after it has begun
				h.Restore(before)
			}
		}
		for _, v := range open {
			h.try(s.TypeName+" changed with "+v.path, func() error {
				_, err := h.Plan(s.TypeName, h.States[s.Name],
					v.config)
				return err
			})
		}
	}
	for name := range service.NewCatalog().Types {
		if !seen[name] && !strings.Contains(name, ".") { // what the world keeps and Terraform has no type for
			t.Errorf("%s has no specimen: write one in sandboxtest/specimens.go", name)
		}
	}
	h.report(t)
}

// create drives one variant through its life, if it has one.
func (h *trial) create(s sandboxtest.Specimen, v variant) {
	what := s.TypeName + " with " + v.path
	var state object
	if !h.try(what, func() (err error) { state, err = h.Create(s.TypeName, v.config); return err }) {
		return
	}
	if v.added {
		return
	}
	h.try(what+", read", func() error { _, err := h.Read(s.TypeName, state); return err })
	h.try(what+", deleted", func() error { return h.Delete(s.TypeName, state) })
}

// TestHostileDataSources does the same for data sources, in a world that has everything and in one that has nothing.
func TestHostileDataSources(t *testing.T) {
	t.Parallel()
	provider, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	full := newTrial(t)
	for _, s := range sandboxtest.Specimens() {
		full.Add(t, s)
	}
	for _, h := range []*trial{newTrial(t), full} {
		for name := range service.NewCatalog().DataSources {
			block := provider.DataSource(name).Block
			all := append(variants(block, object{}, hostile, hostile), variant{"nothing", object{}, false}, variant{"everything",
				blankBlock(block), false})
			for _, v := range all {
				h.try("data."+name+" with "+v.path, func() error { _, err := h.Data(name, v.config); return err })
			}
		}
		h.report(t)
	}
}

// TestGoneBehindTerraform reads, changes and deletes everything while something that it names is gone.
func TestGoneBehindTerraform(t *testing.T) {
	t.Parallel()
	h := newTrial(t)
	for _, s := range sandboxtest.Specimens() {
		h.Add(t, s)
	}
	kept := h.Kept()
	texts := map[string]string{}
	for _, s := range sandboxtest.Specimens() {
		texts[s.Name] = sandboxtest.JSON(h.States[s.Name])
	}
	for key := range kept {
		gone := kept[key]
		for _, s := range sandboxtest.Specimens() {
			state := h.States[s.Name]
			if gone.Type == s.TypeName && gone.ID == state["id"] || !mentions(texts[s.Name], gone.ID) {
				continue
			}
			what := fmt.Sprintf("%s (%s) without its %s", s.TypeName, s.Name, gone.Type)
			for action, do := range map[string]func() error{
				"read":    func() error { _, err := h.Read(s.TypeName, state); return err },
				"changed": func() error { _, err := h.Update(s.TypeName, state, h.Fill(t, s.Arguments).(object)); return err },
				"deleted": func() error { return h.Delete(s.TypeName, state) },
			} {
				_ = h.World.Do(func() error {
					if r := h.World.Get(gone.Account, gone.Region, gone.Type, gone.ID); r != nil {
						h.World.Remove(r)
					}
					return nil
				})
				if h.try(what+", "+action, do) && action != "read" {
					h.Restore(kept)
					continue
				}
				_ = h.World.Do(func() error {
					h.World.Put(gone)
					return nil
				})
			}
		}
	}
	h.report(t)
}

// mentions reports whether a state names an id, alone or in an ARN.
func mentions(state, id string) bool {
	return strings.Contains(state, `"`+id+`"`) || strings.Contains(state, "/"+id+`"`) || strings.Contains(state, ":"+id+`"`)
}

// TestReferencesMustBeGiven: what is required and empty is refused by AWS, in the words of the service, and what is null by the provider.
func TestReferencesMustBeGiven(t *testing.T) {
	t.Parallel()
	h := newTrial(t)
	provider, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	catalog := service.NewCatalog()
	tried := 0
	for _, s := range sandboxtest.Specimens() {
		block := provider.Resource(s.TypeName).Block
		for _, reference := range catalog.Types[s.TypeName].References {
			attribute := block.Attribute(reference.Path)
			if attribute == nil || !attribute.Required || !attribute.Type.Is(tftypes.String) {
				continue
			}
			tried++
			for value, want := range map[any]string{"": "must |Member must have length|MissingParameter",
				nil: "Missing required argument|Missing Configuration for Required Attribute"} {
				arguments := h.Fill(t, s.Arguments).(object)
				arguments[reference.Path] = value
				_, err := h.Create(s.TypeName, arguments)
				if err == nil || !slices.ContainsFunc(strings.Split(want, "|"),
					func(part string) bool { return strings.Contains(err.Error(), part) }) {
					t.Errorf("%s with %s = %v: %v", s.TypeName, reference.Path, value, err)
				}
			}
		}
		h.Add(t, s)
	}
	if tried < 80 {
		t.Errorf("only %d references are required", tried)
	}
	for _, test := range []struct {
		typeName  string
		arguments object
		want      string
	}{
		{"aws_subnet", object{"vpc_id": "", "cidr_block": "10.0.0.0/24"},
			"api error MissingParameter: The request must contain the parameter vpcId"},
		{"aws_lb_target_group_attachment", object{"target_group_arn": "", "target_id": "i-0"},
			"api error ValidationError: A target group ARN must be specified"},
		{"aws_rds_cluster_instance", object{"cluster_identifier": "", "engine": "aurora-postgresql", "instance_class": "db.serverless"},
			"api error InvalidParameterValue: The parameter DBClusterIdentifier must be provided and must not be blank."},
		{"aws_s3_bucket_versioning", object{"bucket": "", "versioning_configuration": []object{{"status": "Enabled"}}},
			"input member bucket must not be empty"},
		{"aws_acm_certificate_validation", object{"certificate_arn": ""},
			"api error ValidationException: 1 validation error detected: Value '' at 'certificateArn' failed to satisfy constraint: Member must " +
				"have length greater than or equal to 1"},
		{"aws_iam_role_policy", object{"role": "", "policy": "{}"},
			"api error ValidationError: 1 validation error detected: Value '' at 'role'"},
	} {
		_, err := h.Create(test.typeName, test.arguments)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.typeName, err, test.want)
		}
	}
}
