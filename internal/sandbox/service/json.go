package service

import (
	"encoding/json"
	"strings"

	"coderaws/internal/sandbox/world"
)

// normalized is a Plan for types with arguments in JSON: the provider plans them without white space and with their names in alphabetical order, so
// that a document written otherwise is no change (measured on provider 5.100.0). paths go through one level of blocks at most.
func normalized(paths ...string) func(*Call) {
	return func(c *Call) { rewrite(c, paths, compact) }
}

// versionFirst is normalized for the inline policies of IAM, in which the provider moves Version to the front.
func versionFirst(paths ...string) func(*Call) {
	return func(c *Call) {
		rewrite(c, paths, func(text string) string {
			const version = `"Version":"2012-10-17"`
			inner, found := strings.CutSuffix(compact(text), ","+version+"}")
			if !found {
				return compact(text)
			}
			return "{" + version + "," + strings.TrimPrefix(inner, "{") + "}"
		})
	}
}

func rewrite(c *Call, paths []string, change func(string) string) {
	for _, path := range paths {
		objects, name := []world.Object{c.Object}, path
		if block, inner, nested := strings.Cut(path, "."); nested {
			objects, name = c.Blocks(block), inner
		}
		for _, object := range objects {
			if text, ok := object[name].(string); ok && text != "" {
				object[name] = change(text)
			}
		}
	}
}

// compact writes JSON anew; what is no JSON stays, for AWS to refuse.
func compact(text string) string {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	written, err := json.Marshal(value)
	if err != nil {
		return text
	}
	return string(written)
}
