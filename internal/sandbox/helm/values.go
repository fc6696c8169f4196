package helm

import (
	"encoding/json"
	"fmt"
	"strings"

	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/yaml"
)

// values are those of a release in the order in which the provider lays them over each other: the YAML of values, then set, set_list and
// set_sensitive, and set_wo at last, where the configuration is given. Everything must be known.
func values(release, config world.Object) (map[string]any, *tfprotov6.Diagnostic) {
	merged := map[string]any{}
	list, _ := release["values"].([]any)
	for _, element := range list {
		document, _ := element.(string)
		if document == "" {
			continue
		}
		parsed, err := chart.ParseValues(document)
		if err != nil {
			return nil, problem("values", "Error unmarshaling values", fmt.Sprintf("---> %v %s", err, document))
		}
		merged = merge(merged, parsed)
	}
	for _, argument := range []string{"set", "set_list", "set_sensitive"} {
		if d := setAll(merged, argument, release[argument]); d != nil {
			return nil, d
		}
	}
	if revision, _ := release["set_wo_revision"].(float64); config != nil && revision > 0 {
		written := map[string]any{}
		if d := setAll(written, "set_wo", config["set_wo"]); d != nil {
			return nil, d
		}
		merged = merge(merged, written)
	}
	return merged, nil
}

// merge lays maps over each other, and replaces everything else.
func merge(below, above map[string]any) map[string]any {
	merged := make(map[string]any, len(below)+len(above))
	for key, value := range below {
		merged[key] = value
	}
	for key, value := range above {
		upper, isMap := value.(map[string]any)
		lower, wasMap := merged[key].(map[string]any)
		if isMap && wasMap {
			merged[key] = merge(lower, upper)
		} else {
			merged[key] = value
		}
	}
	return merged
}

func setAll(into map[string]any, argument string, elements any) *tfprotov6.Diagnostic {
	list, _ := elements.([]any)
	for _, element := range list {
		if object, ok := element.(world.Object); ok {
			if d := set(into, argument, object); d != nil {
				return d
			}
		}
	}
	return nil
}

// set lays one element of set, set_list and so on over the values, with Helm's own parser of `--set`.
func set(into map[string]any, argument string, element world.Object) *tfprotov6.Diagnostic {
	name, value := text(element, "name"), text(element, "value")
	shown := value
	if argument != "set" && argument != "set_list" {
		shown = sensitive
	}
	if list, ok := element["value"].([]any); ok {
		var parts []string
		for _, part := range list {
			if s, ok := part.(string); ok {
				parts = append(parts, s)
			}
		}
		value = "{" + strings.Join(parts, ",") + "}"
		shown = value
	}
	var err error
	summary := "Failed parsing value"
	switch text(element, "type") {
	case "", "auto":
		err = strvals.ParseInto(name+"="+value, into)
	case "string":
		err = strvals.ParseIntoString(name+"="+value, into)
	case "literal":
		var parsed map[string]any
		if err = yaml.Unmarshal([]byte(name+": "+value), &parsed); err == nil {
			into[name] = parsed[name]
		}
	default:
		return problem(argument, "Invalid Attribute Value Match",
			fmt.Sprintf(`Attribute type value must be one of: ["auto" "string" "literal"], got: %q`, text(element, "type")))
	}
	if err != nil {
		return problem(argument, summary, fmt.Sprintf("Failed parsing key %q with value %s: %s", name, shown, err))
	}
	return nil
}

// sensitive stands in the place of sensitive values.
const sensitive = "(sensitive value)"

// cloaked are values as JSON with the sensitive ones hidden, as metadata.values shows them.
func cloaked(values map[string]any, release world.Object) (string, error) {
	var hidden map[string]any
	data, err := json.Marshal(values)
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(data, &hidden); err != nil {
		return "", err
	}
	list, _ := release["set_sensitive"].([]any)
	for _, element := range list {
		object, _ := element.(world.Object)
		cloak(hidden, text(object, "name"))
	}
	data, err = json.Marshal(hidden)
	return string(data), err
}

// cloak hides the value at a dotted path.
func cloak(values map[string]any, path string) {
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		inner, ok := values[key].(map[string]any)
		if !ok {
			return
		}
		values = inner
	}
	values[keys[len(keys)-1]] = sensitive
}

// discreet takes the sensitive texts of a release out of what is said of it.
func discreet(diagnostics []*tfprotov6.Diagnostic, release, config world.Object) []*tfprotov6.Diagnostic {
	hidden := secrets(release, config)
	for _, d := range diagnostics {
		d.Summary, d.Detail = hide(d.Summary, hidden), hide(d.Detail, hidden)
	}
	return diagnostics
}

// secrets are the sensitive texts of a release, which stand in nothing that is kept.
func secrets(release, config world.Object) []string {
	var all []string
	for _, elements := range []any{release["set_sensitive"], config["set_wo"]} {
		list, _ := elements.([]any)
		for _, element := range list {
			if object, ok := element.(world.Object); ok && text(object, "value") != "" {
				all = append(all, text(object, "value"))
			}
		}
	}
	return all
}
