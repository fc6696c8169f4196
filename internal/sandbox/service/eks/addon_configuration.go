package eks

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// addonConfiguration holds configuration_values to JSON and to the names that the add-on's schema has.
func addonConfiguration(c *model.Call) *world.Error {
	text := c.String("configuration_values")
	if text == "" {
		return nil
	}
	const refused = "ConfigurationValue provided in request is not supported: "
	var values map[string]any
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		return invalidParameter(refused + "it must be a JSON or YAML object") // text unverified
	}
	problems := strangers("$", values, addonOf(c).Configuration)
	if env, ok := values["env"].(map[string]any); ok && c.String("addon_name") == "vpc-cni" {
		problems = append(problems, strangers("$.env", env, facts.CNIEnvironment())...)
		for name, value := range env {
			if _, isString := value.(string); !isString {
				problems = append(problems, fmt.Sprintf("$.env.%s: must be string type", name)) // text unverified
			}
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return invalidParameter("%sJson schema validation failed with error: [%s]", refused, strings.Join(problems, ", "))
	}
	return nil
}

// strangers are the names in an object that a schema does not have; nil knows none.
func strangers(at string, values map[string]any, known []string) (problems []string) {
	for name := range values {
		if known != nil && !slices.Contains(known, name) {
			problems = append(problems, fmt.Sprintf("%s.%s: is not defined in the schema and the schema does not allow additional properties",
				at, name))
		}
	}
	return problems
}

// broughtObjects are the objects of the add-ons that a cluster brings, unless bootstrap_self_managed_addons is false.
var broughtObjects = map[string]string{
	"vpc-cni": "DaemonSet.apps aws-node", "kube-proxy": "DaemonSet.apps kube-proxy", "coredns": "Deployment.apps coredns",
}

// addonBrought refuses settings that differ from those of the add-on that the cluster brought, unless they may be overwritten: EKS applies
// the add-on as a manager of fields beside the one that made it. What is not set stays as it is, and does not conflict. Words: reports of
// terraform-provider-aws.
func addonBrought(c *model.Call) *world.Error {
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	brought, told := cluster.Object()["bootstrap_self_managed_addons"].(bool)
	objects := broughtObjects[c.String("addon_name")]
	if !c.Creating() || cluster == nil || objects == "" || told && !brought || c.String("resolve_conflicts_on_create") == "OVERWRITE" {
		return nil
	}
	var values map[string]any
	if json.Unmarshal([]byte(c.String("configuration_values")), &values) != nil || len(values) == 0 {
		return nil
	}
	var fields []string
	env, _ := values["env"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		fields = append(fields, fmt.Sprintf("%s - .spec.template.spec.containers[name=%q].env[name=%q].value", objects,
			objects[strings.LastIndex(objects, " ")+1:], name))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name != "env" {
			fields = append(fields, objects+" - "+name) // which fields a setting writes is up to the add-on
		}
	}
	if len(fields) == 0 {
		return nil
	}
	err := world.Fail("ConfigurationConflict", "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. "+
		"Conflicts:\n%s", strings.Join(fields, "\n"))
	err.Waiting = true
	err.Timing = "The cluster brought this add-on with settings of its own. Write resolve_conflicts_on_create = \"OVERWRITE\", or " +
		"bootstrap_self_managed_addons = false in the cluster."
	return err
}
