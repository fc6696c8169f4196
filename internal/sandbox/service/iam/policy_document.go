package iam

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// policyText renders aws_iam_policy_document: the JSON must be the provider's to the character, because other resources are compared by it
// (measured on provider 5.100.0).
type policyText struct {
	Version    string            `json:",omitempty"`
	ID         string            `json:"Id,omitempty"`
	Statements []policyStatement `json:"Statement,omitempty"`
}

// policyStatement has its fields in the order in which the provider writes them; a list of one is written as a string.
type policyStatement struct {
	SID          string `json:"Sid,omitempty"`
	Effect       string `json:",omitempty"`
	Action       any    `json:",omitempty"`
	NotAction    any    `json:",omitempty"`
	Resource     any    `json:",omitempty"`
	NotResource  any    `json:",omitempty"`
	Principal    any    `json:",omitempty"`
	NotPrincipal any    `json:",omitempty"`
	Condition    any    `json:",omitempty"`
}

func readPolicyDocument(c *model.Call) *world.Error {
	merged, problem := sources(c)
	if problem != nil {
		return problem
	}
	own, problem := ownStatements(c)
	if problem != nil {
		return problem
	}
	merged.merge(own)
	for index, text := range append(c.Strings("override_policy_documents"), c.Strings("override_json")...) {
		override, problem := readPolicyText("override", index, text)
		if problem != nil {
			return problem
		}
		merged.merge(override)
	}
	pretty, err := json.MarshalIndent(merged, "", "  ")
	if err != nil {
		return writingPolicy("formatting JSON: %v", err)
	}
	minified, err := json.Marshal(merged)
	if err != nil {
		return writingPolicy("formatting JSON: %v", err)
	}
	c.Force("json", string(pretty))
	c.Force("minified_json", string(minified))
	c.Force("id", checksum(string(pretty)))
	return nil
}

// sources merges the documents to start from, whose statement ids must be unique among them.
func sources(c *model.Call) (policyText, *world.Error) {
	var merged policyText
	seen := map[string]bool{}
	for index, text := range append(c.Strings("source_json"), c.Strings("source_policy_documents")...) {
		source, problem := readPolicyText("source", index, text)
		if problem != nil {
			return merged, problem
		}
		for number, s := range source.Statements {
			if seen[s.SID] && s.SID != "" {
				return merged,
					writingPolicy("merging source document %d: duplicate Sid (%s) in source_policy_documents (statement %d). Remove the Sid or ensure "+
						"Sids are unique.", index, s.SID, number)
			}
			seen[s.SID] = true
		}
		merged.merge(source)
	}
	return merged, nil
}

// writingPolicy words a fault as the provider does.
func writingPolicy(format string, args ...any) *world.Error {
	return &world.Error{Message: "writing IAM Policy Document: " + fmt.Sprintf(format, args...)}
}

// merge adds the statements of another document; one with the id of an earlier statement takes its place.
func (d *policyText) merge(other policyText) {
	if other.ID != "" {
		d.ID = other.ID
	}
	d.Version = max(d.Version, other.Version)
	for _, s := range other.Statements {
		at := slices.IndexFunc(d.Statements, func(mine policyStatement) bool { return s.SID != "" && mine.SID == s.SID })
		if at < 0 {
			d.Statements = append(d.Statements, s)
		} else {
			d.Statements[at] = s
		}
	}
}

// ownStatements renders the statement blocks of the data source itself.
func ownStatements(c *model.Call) (policyText, *world.Error) {
	own := policyText{Version: c.String("version"), ID: c.String("policy_id")}
	if own.Version == "" {
		own.Version = "2012-10-17"
		c.Force("version", own.Version)
	}
	seen := map[string]bool{}
	for _, block := range c.Blocks("statement") {
		fillStatement(block)
		s := policyStatement{Effect: "Allow"}
		s.SID, _ = block["sid"].(string)
		if effect, ok := block["effect"].(string); ok {
			s.Effect = effect
		}
		if seen[s.SID] && s.SID != "" {
			return own, writingPolicy("duplicate Sid (%s). Remove the Sid or ensure the Sid is unique.", s.SID)
		}
		seen[s.SID] = true
		texts := func(path string) []string { return model.Strings(block, path) }
		s.Action, s.NotAction = descending(texts("actions")), descending(texts("not_actions"))
		s.Resource, s.NotResource = descending(variables(texts("resources"))), descending(variables(texts("not_resources")))
		s.Principal, s.NotPrincipal = renderPrincipals(block, "principals"), renderPrincipals(block, "not_principals")
		s.Condition = renderConditions(block)
		if own.Version == "2008-10-17" {
			for _, path := range []string{"resources", "not_resources", "principals.identifiers", "not_principals.identifiers", "condition.values"} {
				for _, text := range texts(path) {
					if strings.Contains(text, "&{") {
						return own,
							&world.Error{Message: fmt.Sprintf("reading %s: found &{ sequence in (%s), which is not supported in document version 2008-10-17",
								path, text)}
					}
				}
			}
		}
		own.Statements = append(own.Statements, s)
	}
	return own, nil
}

// fillStatement sets what a statement leaves out, as the provider shows it.
func fillStatement(block world.Object) {
	for name, value := range map[string]any{
		"sid": "", "effect": "Allow", "actions": []any{}, "not_actions": []any{}, "resources": []any{}, "not_resources": []any{},
	} {
		if block[name] == nil {
			block[name] = value
		}
	}
}

// variables turns &{...}, which Terraform leaves alone, into IAM's policy variables ${...}.
func variables(texts []string) []string {
	replaced := make([]string, len(texts))
	for i, text := range texts {
		replaced[i] = strings.ReplaceAll(text, "&{", "${")
	}
	return replaced
}

// descending writes a set of strings: from Z to A, or as a string if it is one, or not at all.
func descending(texts []string) any {
	sorted := slices.Clone(texts)
	slices.SortFunc(sorted, func(a, b string) int { return strings.Compare(b, a) })
	return single(sorted)
}

func single(texts []string) any {
	switch len(texts) {
	case 0:
		return nil
	case 1:
		return texts[0]
	default:
		return texts
	}
}

// renderPrincipals writes principals by type; everyone is written "*".
func renderPrincipals(block world.Object, path string) any {
	byType := map[string][]string{}
	for _, principal := range hashed(block, path, "identifiers", "type") {
		kind, _ := principal["type"].(string)
		identifiers := variables(model.Strings(principal, "identifiers"))
		slices.SortFunc(identifiers, func(a, b string) int { return strings.Compare(b, a) })
		byType[kind] = append(byType[kind], identifiers...)
	}
	if len(byType) == 0 {
		return nil
	}
	if all := byType["*"]; len(byType) == 1 && len(all) == 1 && all[0] == "*" {
		return "*"
	}
	written := map[string]any{}
	for kind, identifiers := range byType {
		written[kind] = single(identifiers)
	}
	return written
}

// renderConditions writes conditions by operator and key, their values in the order given.
func renderConditions(block world.Object) any {
	byTest := map[string]map[string][]string{}
	for _, condition := range hashed(block, "condition", "test", "values", "variable") {
		test, _ := condition["test"].(string)
		key, _ := condition["variable"].(string)
		if byTest[test] == nil {
			byTest[test] = map[string][]string{}
		}
		byTest[test][key] = append(byTest[test][key], variables(model.Strings(condition, "values"))...)
	}
	if len(byTest) == 0 {
		return nil
	}
	written := map[string]map[string]any{}
	for test, keys := range byTest {
		written[test] = map[string]any{}
		for key, values := range keys {
			written[test][key] = single(values)
		}
	}
	return written
}

// plainConditions writes booleans as strings, and leaves numbers out, as the provider does.
func plainConditions(tests map[string]any) any {
	for test, keys := range tests {
		byKey, _ := keys.(map[string]any)
		for key, value := range byKey {
			switch v := value.(type) {
			case bool:
				byKey[key] = strconv.FormatBool(v)
			case float64:
				delete(byKey, key)
			}
		}
		if len(byKey) == 0 {
			delete(tests, test)
		}
	}
	if len(tests) == 0 {
		return nil
	}
	return tests
}

// hashed lists the blocks of a set in the order in which the provider meets them: by a checksum of their arguments, which are given in
// alphabetical order. It shows where two blocks are about the same thing.
func hashed(block world.Object, path string, arguments ...string) []world.Object {
	var blocks []world.Object
	order := map[string]world.Object{}
	for _, element := range model.Every(block, path) {
		object, ok := element.(world.Object)
		if !ok {
			continue
		}
		var text strings.Builder
		for _, argument := range arguments {
			text.WriteString(argument + ":")
			switch values := model.Strings(object, argument); argument {
			case "identifiers": // a set itself
				slices.SortFunc(values, func(a, b string) int { return strings.Compare(checksum(a+";"), checksum(b+";")) })
				text.WriteString("{" + strings.Join(append(values, "};"), ";"))
			case "values":
				text.WriteString("(" + strings.Join(append(values, ");"), ";"))
			default:
				text.WriteString(strings.Join(values, "") + ";")
			}
		}
		order[checksum(text.String())] = object
	}
	for _, key := range slices.Sorted(maps.Keys(order)) {
		blocks = append(blocks, order[key])
	}
	return blocks
}

func checksum(text string) string {
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(text))), 10)
}

// readPolicyText reads a document given as JSON. Lists of one stay lists; a single statement without a list is refused, as the provider
// does.
func readPolicyText(role string, index int, text string) (policyText, *world.Error) {
	var read policyText
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		message := strings.ReplaceAll(err.Error(), "policyText.Statement of type []iam.policyStatement",
			"IAMPolicyDoc.Statement of type []*iam.IAMPolicyStatement")
		return read, writingPolicy("merging %s document %d: %s", role, index, message)
	}
	for i := range read.Statements {
		s := &read.Statements[i]
		for _, principals := range []any{s.Principal, s.NotPrincipal} {
			byType, _ := principals.(map[string]any)
			for _, identifiers := range byType {
				if list, ok := identifiers.([]any); ok {
					slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(b), fmt.Sprint(a)) })
				}
			}
		}
		if tests, ok := s.Condition.(map[string]any); ok {
			s.Condition = plainConditions(tests)
		}
	}
	return read, nil
}
