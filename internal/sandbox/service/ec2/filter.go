package ec2

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// MatchesFilters applies the filter blocks of a data source: every filter must match one of its values, in which * and ? stand for any
// characters and any one, as in EC2. values holds what the thing has for each filter that EC2 knows.
func MatchesFilters(c *model.Call, values map[string][]string) bool {
	for _, filter := range c.Blocks("filter") {
		name, _ := filter["name"].(string)
		if !slices.ContainsFunc(model.Strings(filter, "values"), func(pattern string) bool {
			return slices.ContainsFunc(values[name], func(value string) bool { return wildcard(pattern, value) })
		}) {
			return false
		}
	}
	return true
}

// wildcard reports whether a value matches a pattern of EC2's. Slashes are characters as all others.
func wildcard(pattern, value string) bool {
	const slash = "\x00"
	matched, err := path.Match(strings.NewReplacer("/", slash, "[", `\[`).Replace(pattern), strings.ReplaceAll(value, "/", slash))
	return err == nil && matched
}

// tagFilters adds the filters on tags to those of a resource: tag:NAME, tag-key and tag-value.
func tagFilters(values map[string][]string, attributes world.Object) map[string][]string {
	tags, _ := attributes["tags_all"].(world.Object)
	if len(tags) == 0 {
		tags, _ = attributes["tags"].(world.Object)
	}
	for name, value := range tags {
		text, _ := value.(string)
		values["tag:"+name] = []string{text}
		values["tag-key"] = append(values["tag-key"], name)
		values["tag-value"] = append(values["tag-value"], text)
	}
	return values
}

// query describes how a data source finds resources.
type query struct {
	// typ is the type of resource, noun what the provider calls it in its messages.
	typ, noun string
	// arguments are the data source's arguments that choose, with the attribute that each is compared with.
	arguments map[string]string
	// filters holds the values of a resource for the filters of the API.
	filters func(c *model.Call, r *world.Resource) map[string][]string
}

// choose lists the resources that agree with the arguments, tags and filters of a data source.
func (q query) choose(c *model.Call) []*world.Resource {
	var chosen []*world.Resource
	for _, r := range c.All(q.typ) {
		if q.agrees(c, r) && MatchesFilters(c, tagFilters(q.filters(c, r), r.Attributes)) {
			chosen = append(chosen, r)
		}
	}
	return chosen
}

func (q query) agrees(c *model.Call, r *world.Resource) bool {
	for argument, attribute := range q.arguments {
		want := c.At(argument)
		if model.IsUnset(want) || want == "" {
			continue
		}
		have := r.Attributes[attribute]
		if attribute == "id" {
			have = r.ID
		}
		if have != want {
			return false
		}
	}
	wanted, _ := c.Object["tags"].(world.Object)
	values := tagFilters(map[string][]string{}, r.Attributes)
	for name, value := range wanted {
		if text, _ := value.(string); !slices.Contains(values["tag:"+name], text) {
			return false
		}
	}
	return true
}

// one finds exactly one resource, or answers as the provider does.
func (q query) one(c *model.Call) (*world.Resource, *world.Error) {
	switch found := q.choose(c); len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, &world.Error{Message: fmt.Sprintf("no matching %s found", q.noun)}
	default:
		return nil,
			&world.Error{Message: fmt.Sprintf("multiple %ss matched; use additional constraints to reduce matches to a single %s", q.noun, q.noun)}
	}
}

// ids lists the ids of resources as Terraform has them.
func ids(resources []*world.Resource) []any {
	all := []any{}
	for _, r := range resources {
		all = append(all, r.ID)
	}
	return all
}

// answer gives a data source the attributes of the resource that it found, where both have one of the name.
func answer(c *model.Call, r *world.Resource) {
	reading := *c
	reading.Object = nil
	attributes := reading.State(r)
	for name := range c.Object {
		value, has := attributes[name]
		if has && name != "filter" && name != "region" && name != "timeouts" {
			c.Force(name, value)
		}
	}
	c.Force("id", r.ID)
	if _, has := c.Object["tags"]; has {
		tags, _ := r.Attributes["tags_all"].(world.Object)
		c.Force("tags", tags)
	}
}
