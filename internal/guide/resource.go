package guide

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// resource is one resource of the rehearsed state, or one of its blocks.
type resource struct {
	address, typ string
	// after are the blocks that Terraform recorded as what it depends on.
	after  []string
	values map[string]any
}

// read lists the resources of a state, and its data sources apart.
func read(module *tfjson.StateModule, managed, data *[]*resource) {
	if module == nil {
		return
	}
	for _, r := range module.Resources {
		one := &resource{address: r.Address, typ: r.Type, after: r.DependsOn, values: r.AttributeValues}
		if r.Mode == tfjson.ManagedResourceMode {
			*managed = append(*managed, one)
		} else {
			*data = append(*data, one)
		}
	}
	for _, child := range module.ChildModules {
		read(child, managed, data)
	}
}

// at is the value at a path such as "vpc_config.0.subnet_ids"; nil if there is none.
func (r *resource) at(path string) any {
	var value any = r.values
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// text is a value as text; "" if there is none.
func (r *resource) text(path string) string {
	switch v := r.at(path).(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// number is a number that the provider may keep as text; nil if there is none.
func (r *resource) number(path string) any {
	if text := r.text(path); text != "" {
		return json.Number(text)
	}
	return nil
}

// truth is a truth that the provider may keep as text; nil if there is none.
func (r *resource) truth(path string) any {
	switch r.text(path) {
	case "true":
		return true
	case "false":
		return false
	}
	return nil
}

// sorted is a list of texts. Which place a text has depends on the id that it was given in the rehearsal, so that callers use it for what
// is a set on AWS.
func (r *resource) sorted(path string) []string {
	texts := r.listed(path)
	slices.Sort(texts)
	return texts
}

// listed is a list of texts whose order counts.
func (r *resource) listed(path string) []string {
	list, _ := r.at(path).([]any)
	var texts []string
	for _, one := range list {
		texts = append(texts, fmt.Sprint(one))
	}
	return texts
}

// blocks are the blocks of a name.
func (r *resource) blocks(path string) []*resource {
	list, _ := r.at(path).([]any)
	var blocks []*resource
	for _, one := range list {
		if values, ok := one.(map[string]any); ok {
			blocks = append(blocks, &resource{address: r.address, typ: r.typ, values: values})
		}
	}
	return blocks
}

// keyed is a map of texts.
func (r *resource) keyed(path string) map[string]string {
	values, _ := r.at(path).(map[string]any)
	texts := map[string]string{}
	for key, value := range values {
		texts[key] = fmt.Sprint(value)
	}
	return texts
}

// name is the tag Name.
func (r *resource) name() string { return r.keyed("tags_all")["Name"] }

// tagList are all tags, those of the provider's default_tags among them, under the names of keys and values that an API has.
func (r *resource) tagList(key, value string) []fields {
	return tagList(r.keyed("tags_all"), key, value)
}

func tagList(tags map[string]string, key, value string) []fields {
	var list []fields
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, fields{key: name, value: tags[name]})
	}
	return list
}

// tagged are the tags of a new resource of EC2.
func (r *resource) tagged(kind string) []fields {
	return []fields{{"ResourceType": kind, "Tags": r.tagList("Key", "Value")}}
}

// slug names a resource within shell scripts: its modules, its name unless that says nothing, and its keys.
func (r *resource) slug(noun string) string {
	var parts []string
	steps := plan.Steps(r.address)
	for i := 0; i < len(steps); i++ {
		switch name := steps[i].Name; {
		case name == "module" && i < len(steps)-2:
			continue
		case i == len(steps)-2:
			parts = append(parts, noun) // in the place of the type
		case name != "this":
			parts = append(parts, name)
		}
		parts = append(parts, strings.Replace(steps[i].Key, "*", "wildcard", 1))
	}
	text := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return '_'
	}, strings.Join(parts, " "))
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool { return c == '_' }), "_")
}

// fields are what a call sends. Those without a value are left out: nil, and empty texts, lists and maps.
type fields map[string]any

// sent is what of a value is sent.
func sent(value any) any {
	switch v := value.(type) {
	case string:
		if v == "" {
			return nil
		}
	case []string:
		if len(v) == 0 {
			return nil
		}
	case map[string]string:
		if len(v) == 0 {
			return nil
		}
	case []fields:
		if len(v) == 0 {
			return nil
		}
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = sent(one)
		}
		return list
	case fields:
		kept := map[string]any{}
		for name, one := range v {
			if one = sent(one); one != nil {
				kept[name] = one
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	}
	return value
}

// with is fields with more of them.
func with(f, more fields) fields {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}
