package protocol

import (
	"bytes"
	"encoding/json"
	"strings"
)

// rewritten is how the provider plans a text that the configuration writes in another way, so that what means the same is no change. The
// ways are those of schema.Behaviour.Texts.
func rewritten(way string, value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	switch way {
	case "json":
		return compact(text)
	case "policy":
		return versionFirst(text)
	case "lower":
		return strings.ToLower(text)
	case "upper":
		return strings.ToUpper(text)
	case "trimmed":
		return strings.TrimSpace(text)
	case "undotted":
		return strings.TrimSuffix(text, ".")
	case "lower undotted":
		return strings.TrimSuffix(strings.ToLower(text), ".")
	}
	return text
}

// compact writes JSON with its names in alphabetical order and without white space; what is no JSON stays, for AWS to refuse.
func compact(text string) string {
	var document any
	if json.Unmarshal([]byte(text), &document) != nil {
		return text
	}
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(document); err != nil {
		return text
	}
	return strings.TrimSpace(out.String())
}

// versionFirst is compact with the version of a policy moved to the front.
func versionFirst(text string) string {
	const version = `"Version":"2012-10-17"`
	rest, found := strings.CutSuffix(compact(text), ","+version+"}")
	if !found {
		return compact(text)
	}
	return "{" + version + "," + strings.TrimPrefix(rest, "{") + "}"
}
