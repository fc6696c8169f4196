package realprovider

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// way names a way in which a text is planned that is not how the configuration writes it.
type way struct {
	name    string
	rewrite func(string) string
}

// ways are those that are told apart. Others exist (the sum of a text, zone names in octal); they are not recorded.
var ways = []way{
	{"json", compactJSON},
	{"policy", versionFirst},
	{"lower", strings.ToLower},
	{"upper", strings.ToUpper},
	{"trimmed", strings.TrimSpace},
	{"undotted", undotted},
	{"lower undotted", func(text string) string { return undotted(strings.ToLower(text)) }},
}

// samples are texts of which every way changes at least one, each pair of ways at least one in a different manner.
var samples = []string{
	`{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } ] }`,
	"MiXed.Case.",
	" text\n",
}

// compactJSON writes a document with its names sorted and without white space.
func compactJSON(text string) string {
	var decoded any
	if json.Unmarshal([]byte(text), &decoded) != nil {
		return text
	}
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(decoded); err != nil {
		return text
	}
	return strings.TrimSpace(out.String())
}

// versionFirst is that with the version of a policy before everything else.
func versionFirst(text string) string {
	const version = `"Version":"2012-10-17"`
	compact := compactJSON(text)
	rest, found := strings.CutSuffix(compact, ","+version+"}")
	if !found {
		return compact
	}
	return "{" + version + "," + strings.TrimPrefix(rest, "{") + "}"
}

func undotted(text string) string { return strings.TrimSuffix(text, ".") }

// measureTexts finds the texts that the provider plans otherwise than they are configured: it plans a creation for each such
// argument of a type, with nothing else set.
func (m *Measurer) measureTexts(ctx context.Context, resourceType string, block *Block) (map[string]string, error) {
	found := map[string]string{}
	if block.size() > LargestExample {
		return found, nil
	}
	for _, path := range block.texts(nil) {
		planned := make([]string, 0, len(samples))
		for _, sample := range samples {
			value, err := m.plan(ctx, resourceType, block.with(path, sample))
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			text, ok := textAt(value, path)
			if err != nil || !ok {
				break
			}
			planned = append(planned, text)
		}
		if name := wayOf(planned); name != "" {
			found[strings.Join(path, ".")] = name
		}
	}
	return found, nil
}

// wayOf tells which way makes the samples what was planned; "" if none does, or if they stayed as they were.
func wayOf(planned []string) string {
	if slices.Equal(planned, samples) {
		return ""
	}
	for _, w := range ways {
		rewritten := make([]string, len(samples))
		for i, sample := range samples {
			rewritten[i] = w.rewrite(sample)
		}
		if slices.Equal(planned, rewritten) {
			return w.name
		}
	}
	return ""
}

// texts lists the paths of the arguments that are texts.
func (b *Block) texts(above []string) [][]string {
	var paths [][]string
	for _, a := range b.Attributes {
		if a.Type.Is(tftypes.String) && (a.Optional || a.Required) && (len(above) > 0 || a.Name != "id") {
			paths = append(paths, append(slices.Clone(above), a.Name))
		}
	}
	for _, n := range b.Blocks {
		if n.Name != "timeouts" {
			paths = append(paths, n.Block.texts(append(slices.Clone(above), n.Name))...)
		}
	}
	return paths
}

// with gives a configuration that has one argument and the blocks around it.
func (b *Block) with(path []string, text string) tftypes.Value {
	values := map[string]tftypes.Value{}
	for _, a := range b.Attributes {
		values[a.Name] = tftypes.NewValue(a.Type, nil)
		if len(path) == 1 && a.Name == path[0] {
			values[a.Name] = tftypes.NewValue(a.Type, text)
		}
	}
	for _, n := range b.Blocks {
		values[n.Name] = n.Value()
		if len(path) > 1 && n.Name == path[0] {
			values[n.Name] = n.Value(n.Block.with(path[1:], text))
		}
	}
	return tftypes.NewValue(b.Type(), values)
}

// textAt finds the text at a path through blocks that occur once.
func textAt(value tftypes.Value, path []string) (text string, ok bool) {
	if value.IsNull() || !value.IsKnown() {
		return "", false
	}
	var elements []tftypes.Value
	var members map[string]tftypes.Value
	switch {
	case len(path) == 0:
		err := value.As(&text)
		return text, err == nil
	case value.As(&elements) == nil:
		if len(elements) != 1 {
			return "", false
		}
		return textAt(elements[0], path)
	case value.As(&members) == nil:
		return textAt(members[path[0]], path[1:])
	}
	return "", false
}
