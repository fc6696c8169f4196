package model

import (
	"fmt"
	"strings"

	"coderaws/internal/sandbox/world"
)

// ReadOne builds a data source that finds one resource: by the first of the named arguments that is given, and by tags. A name such as
// cluster_identifier=id compares the argument cluster_identifier with the attribute id.
func ReadOne(types []string, arguments ...string) func(*Call) *world.Error {
	return func(c *Call) *world.Error {
		matches := Matching(c, types, arguments)
		noun := strings.ReplaceAll(strings.TrimPrefix(types[0], "aws_"), "_", " ")
		switch len(matches) {
		case 0:
			return &world.Error{Message: "no matching " + noun + " found"}
		case 1:
			CopyAttributes(c, matches[0])
			return nil
		default:
			return &world.Error{Message: fmt.Sprintf("multiple %ss matched; use additional constraints to reduce matches to a single %s",
				noun, noun)}
		}
	}
}

// Matching lists the resources that agree with all arguments that are given.
func Matching(c *Call, types, arguments []string) []*world.Resource {
	var matches []*world.Resource
	for _, typ := range types {
		for _, r := range c.All(typ) {
			if agrees(c, r, arguments) && HasTags(r.Attributes, c.Object["tags"]) {
				matches = append(matches, r)
			}
		}
	}
	return matches
}

func agrees(c *Call, r *world.Resource, arguments []string) bool {
	for _, pair := range arguments {
		argument, attribute, renamed := strings.Cut(pair, "=")
		if !renamed {
			attribute = argument
		}
		if want := c.At(argument); !IsUnset(want) && want != "" && !equal(want, r.Attributes[attribute]) {
			return false
		}
	}
	return true
}

// HasTags reports whether a resource has all of the wanted tags.
func HasTags(attributes world.Object, wanted any) bool {
	tags, _ := wanted.(world.Object)
	all, _ := attributes["tags_all"].(world.Object)
	own, _ := attributes["tags"].(world.Object)
	for name, value := range tags {
		if all[name] != value && own[name] != value {
			return false
		}
	}
	return true
}

// CopyAttributes gives a data source all that it shares with a resource.
func CopyAttributes(c *Call, r *world.Resource) {
	attributes := world.CopiedObject(c.Look(r))
	for name := range c.Object {
		if value, has := attributes[name]; has && name != "tags" && name != "region" {
			c.Force(name, value)
		}
	}
	if _, has := c.Object["tags"]; has {
		c.Force("tags", attributes["tags_all"])
	}
	if _, has := c.Object["id"]; has {
		c.Force("id", r.ID)
	}
}

// List returns an empty list for a nil one: Terraform tells no elements from no value.
func List(elements []any) []any {
	if elements == nil {
		return []any{}
	}
	return elements
}
