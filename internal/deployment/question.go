package deployment

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Question is one thing that a new deployment needs to be told.
type Question struct {
	// Setting is the name of the setting that the answer replaces, and the key of Answers.
	Setting string
	// Prompt is the question in a few words, without punctuation at its end.
	Prompt string
	// Help says what the answer decides.
	Help string
	// Default is what an empty answer means; empty if there must be an answer.
	Default string
}

// Flag is the name of the flag that answers the question.
func (q Question) Flag() string { return strings.ReplaceAll(q.Setting, "_", "-") }

// The question for the clock of working hours, which patterns that follow them have, and the setting that its answer goes to.
const (
	timezoneQuestion = "timezone"
	timezoneSetting  = "scaling_schedule.timezone"
)

// certificateSetting is asked for by patterns that do not make a certificate; theirs is an example.
const certificateSetting = "certificate_arn"

// Answers holds the answers to Questions, by Setting.
type Answers map[string]string

// Questions returns what Init needs to know to make a deployment of the pattern, in the order in which to ask. Only
// settings that the stacks have are asked for.
func (p Pattern) Questions() ([]Question, error) {
	s, err := readSchema(p.source)
	if err != nil {
		return nil, schemaFinding(err)
	}
	first := p.Files[0]
	preset := func(setting string) string {
		if text := settingOf(first.Text, setting); text != "" {
			return text
		}
		for _, v := range s.declarations[setting] {
			if !v.required() && !v.fallback.IsNull() && v.typ.IsPrimitiveType() {
				return plainText(v.fallback)
			}
		}
		return ""
	}
	all := []Question{
		{"domain", "Domain name of Coder", "Users open https://<domain>; their applications are served below it, so a " +
			"wildcard must be possible.", ""},
		{"region", "AWS region", "Where everything runs, close to the users. Latency above 100 ms is felt when typing.", preset("region")},
		{"name", "Name of the deployment", "The prefix of every AWS resource. Two deployments in one account need two names.", preset("name")},
	}
	all = slices.DeleteFunc(all, func(q Question) bool { return s.declarations[q.Setting] == nil })
	if len(p.Files) > 1 {
		// Each of several regions has what hangs on where it is.
		return slices.DeleteFunc(all, func(q Question) bool { return q.Setting == "region" }), nil
	}
	if settingOf(first.Text, certificateSetting) != "" {
		all = append(all, Question{certificateSetting, "ARN of the certificate",
			"A certificate in ACM, in the deployment's region, for the domain and its wildcard. Import one of your authority's.", ""})
	}
	if zone := settingOf(first.Text, timezoneSetting); zone != "" {
		all = append(all, Question{timezoneQuestion, "Time zone of working hours",
			"A name such as Europe/Berlin: nodes come and go by the clock of the people who work on them.", zone})
	}
	return all, nil
}

// Valid says why an answer would not do as the question's setting in this pattern beside the answers that are given, and nil if it would.
func (p Pattern) Valid(q Question, answer string, given Answers) error {
	all := Answers{}
	maps.Copy(all, given)
	all[q.Setting] = answer
	_, err := p.render(all)
	return err
}

// complete fills empty answers with the defaults, and refuses what is missing or not asked.
func (p Pattern) complete(answers Answers, strict bool) (Answers, error) {
	questions, err := p.Questions()
	if err != nil {
		return nil, err
	}
	var settings []string
	full := Answers{}
	for _, q := range questions {
		settings = append(settings, q.Setting)
		answer := strings.TrimSpace(answers[q.Setting])
		if answer == "" {
			answer = q.Default
		}
		if answer == "" && strict {
			e := diagnostic.Errorf("a new deployment needs a %s", q.Setting)
			e.Code, e.Why, e.Todo = "deployment.missing_answer", lowerFirst(q.Help), fmt.Sprintf("Give it with --%s.", q.Flag())
			return nil, e
		}
		if answer != "" {
			full[q.Setting] = answer
		}
	}
	for _, setting := range slices.Sorted(maps.Keys(answers)) {
		if !slices.Contains(settings, setting) {
			e := diagnostic.Errorf("there is no question about %s", setting)
			e.Code, e.Why = "deployment.unknown_setting", "init asks for "+strings.Join(settings, ", ")
			e.Todo = "Set it in the new file instead."
			if setting == "region" {
				e.Todo = "Begin with the regions of the pattern. To have another one, rename its file, and look at what the file says of the region."
			}
			return nil, e
		}
	}
	return full, nil
}

// settingOf returns the string that the text sets at a path, and "" if there is none.
func settingOf(text, path string) string {
	value := valueOf(text, path)
	if value.Type() != cty.String || value.IsNull() || !value.IsKnown() {
		return ""
	}
	return value.AsString()
}

// valueOf returns what the text sets at a path, and an unknown value if there is nothing or it cannot be told.
func valueOf(text, path string) cty.Value {
	file, diags := hclsyntax.ParseConfig([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	names := strings.Split(path, ".")
	attr := file.Body.(*hclsyntax.Body).Attributes[names[0]]
	if attr == nil {
		return cty.DynamicVal
	}
	expr := hclsyntax.Expression(attr.Expr)
	for _, name := range names[1:] {
		object, ok := expr.(*hclsyntax.ObjectConsExpr)
		if !ok {
			return cty.DynamicVal
		}
		if expr = itemNamed(object, name); expr == nil {
			return cty.DynamicVal
		}
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	return value
}
