package stepfunctions

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Check holds a definition to the rules that Step Functions applies when a state machine is made, and returns what it says, in its form:
// a code, a text and the place. Texts on transitions and on resources: answers of AWS on public record; the others are not verified.
func Check(text string) []string {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return []string{"INVALID_JSON_DESCRIPTION: " + err.Error()}
	}
	m, err := Parse(text)
	if err != nil {
		return []string{"SCHEMA_VALIDATION_FAILED: " + err.Error()}
	}
	c := &checker{names: map[string]bool{}}
	c.machine(m, "", m.QueryLanguage)
	return c.found
}

type checker struct {
	found []string
	names map[string]bool
}

func (c *checker) add(code, place, format string, args ...any) {
	if place != "" {
		place = " at " + place
	}
	c.found = append(c.found, code+": "+fmt.Sprintf(format, args...)+place)
}

const (
	schemaCode = "SCHEMA_VALIDATION_FAILED"
	targetCode = "MISSING_TRANSITION_TARGET"
)

func place(list string, i int, rest string) string { return fmt.Sprintf("%s[%d]%s", list, i, rest) }

func (c *checker) machine(m *Machine, at, language string) {
	switch {
	case len(m.States) == 0:
		c.add(schemaCode, at, "The field 'States' is required")
		return
	case m.StartAt == "":
		c.add(schemaCode, at, "The field 'StartAt' is required")
		return
	}
	if m.States[m.StartAt] == nil {
		c.add(targetCode, at+"/StartAt", "Missing 'Next' target: %s", m.StartAt)
	}
	terminal := false
	for _, name := range slices.Sorted(maps.Keys(m.States)) {
		s, here := m.States[name], at+"/States/"+name
		if c.names[name] {
			c.add("DUPLICATE_STATE_NAME", here, "Duplicate State name: %s", name)
		}
		c.names[name] = true
		if len(name) > 80 {
			c.add(schemaCode, here, "The name of a state has up to 80 characters")
		}
		c.state(s, here, s.language(language))
		for _, to := range s.targets() {
			if m.States[to.name] == nil {
				c.add(targetCode, here+to.place, "Missing 'Next' target: %s", to.name)
			}
		}
		terminal = terminal || s.End || s.Type == "Succeed" || s.Type == "Fail"
	}
	if !terminal {
		// AWS then says nothing of states that are not reached.
		c.add("MISSING_END_STATE", "", "Workflow has no terminal state")
		return
	}
	reached := m.reached()
	for _, name := range slices.Sorted(maps.Keys(m.States)) {
		if !reached[name] {
			c.add(targetCode, at+"/States/"+name, "State %q is not reachable.", name)
		}
	}
}

// reached are the states that can be come to from the start.
func (m *Machine) reached() map[string]bool {
	reached := map[string]bool{}
	queue := []string{m.StartAt}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if s := m.States[name]; s != nil && !reached[name] {
			reached[name] = true
			for _, to := range s.targets() {
				queue = append(queue, to.name)
			}
		}
	}
	return reached
}

func (c *checker) state(s *State, at, language string) {
	ends := s.Type == "Succeed" || s.Type == "Fail" || s.Type == "Choice"
	switch {
	case !slices.Contains([]string{"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"}, s.Type):
		c.add(schemaCode, at+"/Type", "Value %q is not one of the types of states", s.Type)
		return
	case language != "JSONata" && language != "JSONPath":
		c.add(schemaCode, at+"/QueryLanguage", "Value %q is neither JSONata nor JSONPath", language)
	case ends && (s.End || s.Next != ""):
		c.add(schemaCode, at, "A state of type %s has neither Next nor End", s.Type)
	case !ends && s.End == (s.Next != ""):
		c.add(schemaCode, at, "A state of type %s has either Next or End", s.Type)
	}
	switch s.Type {
	case "Task":
		if !recognized(s.Resource) {
			c.add(schemaCode, at+"/Resource",
				"The resource provided %s is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.",
				s.Resource)
		}
	case "Choice":
		if len(s.Choices) == 0 {
			c.add(schemaCode, at, "The field 'Choices' is required")
		}
	case "Map":
		if s.ItemProcessor != nil {
			c.machine(s.ItemProcessor, at+"/ItemProcessor", language)
		}
	case "Parallel":
		for i, branch := range s.Branches {
			c.machine(branch, at+place("/Branches", i, ""), language)
		}
	}
	if language == "JSONata" {
		c.expressions(s, at)
	}
}

// expressions holds everything between {% and %} to the syntax of JSONata.
func (c *checker) expressions(s *State, at string) {
	values := map[string]any{
		"/Arguments": s.Arguments, "/Output": s.Output, "/Items": s.Items, "/ItemSelector": s.ItemSelector, "/Seconds": s.Seconds,
		"/Timestamp": s.Timestamp, "/Error": s.Error, "/Cause": s.Cause, "/Assign": s.Assign,
	}
	for i, choice := range s.Choices {
		values[place("/Choices", i, "/Condition")] = choice.Condition
		values[place("/Choices", i, "/Output")] = choice.Output
	}
	for i, catcher := range s.Catch {
		values[place("/Catch", i, "/Output")] = catcher.Output
	}
	for _, where := range slices.Sorted(maps.Keys(values)) {
		for _, expression := range expressionsIn(values[where]) {
			if err := syntax(expression); err != nil {
				c.add(schemaCode, at+where, "The JSONata expression '%s' is not valid: %v", expression, err)
			}
		}
	}
}

// expressionsIn lists the expressions anywhere in a value.
func expressionsIn(value any) []string {
	switch v := value.(type) {
	case string:
		if expression, is := expressionOf(v); is {
			return []string{expression}
		}
	case []any:
		var all []string
		for _, element := range v {
			all = append(all, expressionsIn(element)...)
		}
		return all
	case map[string]any:
		var all []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, expressionsIn(v[name])...)
		}
		return all
	}
	return nil
}

// expressionOf is what stands between {% and %}, if a text is that as a whole.
func expressionOf(text string) (string, bool) {
	inner, opened := strings.CutPrefix(strings.TrimSpace(text), "{%")
	inner, closed := strings.CutSuffix(inner, "%}")
	return strings.TrimSpace(inner), opened && closed
}

var (
	sdkResource       = regexp.MustCompile(`^arn:aws[a-z-]*:states:::aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]+)(\.waitForTaskToken)?$`)
	optimizedResource = regexp.MustCompile(
		`^arn:aws[a-z-]*:states:[a-z0-9-]*:(\d{12})?:(apigateway|athena|batch|bedrock|codebuild|dynamodb|ecs|eks|elasticmapreduce|emr-containers|emr-serverless|events|glue|databrew|http|lambda|mediaconvert|sagemaker|sns|sqs|states):[A-Za-z]+(\.sync(:2)?|\.waitForTaskToken)?$`)
	functionResource = regexp.MustCompile(`^arn:aws[a-z-]*:(lambda:[a-z0-9-]+:\d{12}:function:.+|states:[a-z0-9-]+:\d{12}:activity:.+)$`)
)

// recognized reports whether Step Functions can call what a task names. Of the services that it calls through the AWS SDK, the actions of
// EKS are known here; those of other services are taken at their word, except for services that it leaves out.
func recognized(resource string) bool {
	if parts := sdkResource.FindStringSubmatch(resource); parts != nil {
		switch parts[1] {
		case "eks":
			return slices.Contains(eksActions, parts[2])
		case "apigatewaymanagementapi":
			return false
		}
		return true
	}
	return optimizedResource.MatchString(resource) || functionResource.MatchString(resource)
}

// eksActions are the operations of Amazon EKS (API model 2017-11-01).
var eksActions = []string{
	"associateAccessPolicy", "associateEncryptionConfig", "associateIdentityProviderConfig", "createAccessEntry",
	"createAddon", "createCluster",
	"createEksAnywhereSubscription", "createFargateProfile", "createNodegroup", "createPodIdentityAssociation", "deleteAccessEntry",
	"deleteAddon",
	"deleteCluster", "deleteEksAnywhereSubscription", "deleteFargateProfile", "deleteNodegroup", "deletePodIdentityAssociation",
	"deregisterCluster",
	"describeAccessEntry", "describeAddon", "describeAddonConfiguration", "describeAddonVersions", "describeCluster",
	"describeClusterVersions",
	"describeEksAnywhereSubscription", "describeFargateProfile", "describeIdentityProviderConfig", "describeInsight", "describeNodegroup",
	"describePodIdentityAssociation", "describeUpdate", "disassociateAccessPolicy", "disassociateIdentityProviderConfig", "listAccessEntries",
	"listAccessPolicies", "listAddons", "listAssociatedAccessPolicies", "listClusters", "listEksAnywhereSubscriptions", "listFargateProfiles",
	"listIdentityProviderConfigs", "listInsights", "listNodegroups", "listPodIdentityAssociations", "listTagsForResource", "listUpdates",
	"registerCluster", "tagResource", "untagResource", "updateAccessEntry", "updateAddon", "updateClusterConfig", "updateClusterVersion",
	"updateEksAnywhereSubscription", "updateNodegroupConfig", "updateNodegroupVersion", "updatePodIdentityAssociation",
}
