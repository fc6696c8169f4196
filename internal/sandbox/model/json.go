package model

import "encoding/json"

// NormalizedJSON is a Plan for arguments in JSON: the provider plans them without white space and with their names in alphabetical order,
// so that a document written otherwise is no change. Most such arguments were found by measuring the provider (schema.Behaviour.Texts);
// this is for those that it plans only along with other arguments.
func NormalizedJSON(arguments ...string) func(*Call) {
	return func(c *Call) {
		for _, name := range arguments {
			if text, ok := c.Object[name].(string); ok && text != "" {
				c.Object[name] = compact(text)
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
