package inventory

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Text is a string attribute, empty if it is not known or not there.
func Text(values map[string]any, name string) string {
	s, _ := values[name].(string)
	return s
}

// Number is a number attribute, 0 if it is not known or not there.
func Number(values map[string]any, name string) float64 {
	switch v := values[name].(type) {
	case float64:
		return v
	case json.Number:
		f, _ := v.Float64()
		return f
	case string:
		f, _ := strconv.ParseFloat(v, 64)
		return f
	}
	return 0
}

// truth is a boolean attribute, false if it is not known or not there.
func truth(values map[string]any, name string) bool {
	b, _ := values[name].(bool)
	return b
}

// texts is a list of strings, as far as they are known.
func texts(values map[string]any, name string) []string {
	return valuesAt(values, []string{name})
}

// Blocks are nested blocks.
func Blocks(values map[string]any, name string) []map[string]any {
	list, _ := values[name].([]any)
	var found []map[string]any
	for _, element := range list {
		if block, ok := element.(map[string]any); ok {
			found = append(found, block)
		}
	}
	return found
}

// valuesAt are the strings at a path through nested blocks and lists.
func valuesAt(value any, path []string) []string {
	switch v := value.(type) {
	case string:
		if len(path) == 0 && v != "" {
			return []string{v}
		}
	case json.Number, float64, bool:
		if len(path) == 0 {
			return []string{fmt.Sprint(v)}
		}
	case []any:
		var all []string
		for _, element := range v {
			all = append(all, valuesAt(element, path)...)
		}
		return all
	case map[string]any:
		if len(path) > 0 {
			return valuesAt(v[path[0]], path[1:])
		}
	}
	return nil
}
