package protocol

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"
)

// readLike reads a data source that is not modelled from the resources of the type of the same name: it finds the one that agrees with all
// arguments that both have, and takes over its attributes. Where none does, the answer is that of the provider for what does not exist.
// Data sources without such a type, or without an argument that tells one resource from another, follow their schema alone.
func (s *Server) readLike(t *schema.Type, c *model.Call) *world.Error {
	like := s.schema.Resource(t.Name)
	if like == nil {
		return nil
	}
	pairs := identifying(t, like, c)
	if len(pairs) == 0 {
		return nil
	}
	matches := model.Matching(c, []string{t.Name}, pairs)
	noun := strings.TrimPrefix(t.Name, "aws_")
	switch len(matches) {
	case 0:
		var words []string
		for _, pair := range pairs {
			argument, _, _ := strings.Cut(pair, "=")
			words = append(words, fmt.Sprint(c.At(argument)))
		}
		return &world.Error{Message: fmt.Sprintf("reading %s (%s): couldn't find resource", noun, strings.Join(words, ",")),
			Timing: "The embedded AWS has no " + t.Name + " that agrees with the arguments of this data source."}
	case 1:
		model.CopyAttributes(c, matches[0])
	default:
		return &world.Error{Message: fmt.Sprintf("multiple %ss matched; use additional constraints to reduce matches to a single %s", noun, noun)}
	}
	return nil
}

// identifying lists the arguments that a data source was given and that its type of resource has as well, as name or name=attribute: the
// name of the resource is written cluster_name in the data source of a cluster.
func identifying(t, like *schema.Type, c *model.Call) (pairs []string) {
	for _, a := range t.Block.Attributes {
		value, isString := c.Object[a.Name].(string)
		if a.Name == "region" || !a.Required && !a.Optional || !isString || value == "" {
			continue
		}
		if like.Block.Attribute(a.Name) != nil {
			pairs = append(pairs, a.Name)
			continue
		}
		last := a.Name[strings.LastIndex(a.Name, "_")+1:]
		if slices.Contains([]string{"name", "id", "arn"}, last) && like.Block.Attribute(last) != nil &&
			strings.HasSuffix(t.Name, "_"+strings.TrimSuffix(a.Name, "_"+last)) {
			pairs = append(pairs, a.Name+"="+last)
		}
	}
	return pairs
}
