// Package iampolicy reads policies in the language of IAM, says what AWS refuses in one, and decides what one says of a request. It is the
// only reader of policies here. It knows documents alone: what they are attached to, and how the policies of a caller, of a resource and of
// an endpoint act together, is known to those who import it. It imports nothing of ours, and whatever reads a policy imports it.
package iampolicy

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Document is a policy.
type Document struct {
	// Version is that of the language, empty if the document says none: then it is read as 2008-10-17.
	Version    string
	Statements []Statement
}

// Statement is one of a policy, with lists for what may be a single text. Elements that are not written are nil.
type Statement struct {
	SID, Effect               string
	Actions, NotActions       []string
	Resources, NotResources   []string
	Principals, NotPrincipals Principals
	// Conditions are sorted by operator and key. All have to hold.
	Conditions []Condition

	// variables says that the version of the document knows policy variables.
	variables bool
}

// Principals are who is named, by kind: AWS, Service, Federated and CanonicalUser. The kind of a "*" that is written without one is "*".
type Principals map[string][]string

// Everybody reports whether anyone at all is named.
func (p Principals) Everybody() bool { return p["*"] != nil || slices.Contains(p["AWS"], "*") }

// Condition is one key under one operator, both as they are written, and the values that it may have.
type Condition struct {
	Operator, Key string
	Values        []string
}

// Parse reads a policy; fault is AWS's answer to what cannot be read, and the document has no statements then. Fault holds one to the rest
// of the grammar.
func Parse(text string) (document *Document, fault string) { return parse(Resource, text) }

var statementElements = []string{"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal",
	"NotPrincipal", "Condition"}

// parse reads a policy. AWS looks at the version before the statements, and wants a newer one for some kinds.
func parse(kind Kind, text string) (*Document, string) {
	none := &Document{}
	fields, ok := object(text)
	if !ok {
		if kind == Identity {
			return none, faultSyntax
		}
		return none, faultJSON
	}
	for name := range fields {
		if !slices.Contains([]string{"Version", "Id", "Statement"}, name) {
			return none, faultSyntax
		}
	}
	version, isText := optionalString(fields["Version"])
	switch {
	case version == newest:
	case kind == Identity && isText && (version == "" || version == oldest):
		return none, faultVersion
	case !isText || version != oldest && fields["Version"] != nil:
		return none, faultSyntax
	}
	elements, isList := fields["Statement"].([]any)
	if !isList {
		elements = []any{fields["Statement"]}
	}
	if len(elements) == 0 {
		return none, faultSyntax
	}
	document := &Document{Version: version}
	for _, element := range elements {
		s, ok := parseStatement(element)
		if !ok {
			return none, faultSyntax
		}
		s.variables = version == newest
		document.Statements = append(document.Statements, s)
	}
	return document, ""
}

// The versions of the language. Policy variables are of the newest alone (IAM user guide, policy elements: Version).
const (
	newest = "2012-10-17"
	oldest = "2008-10-17"
)

// object reads one object of JSON, in which numbers stay as they are written: an account's id is one too.
func object(text string) (map[string]any, bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var fields map[string]any
	if decoder.Decode(&fields) != nil || fields == nil {
		return nil, false
	}
	_, err := decoder.Token()
	return fields, err == io.EOF
}

func parseStatement(element any) (Statement, bool) {
	fields, ok := element.(map[string]any)
	if !ok {
		return Statement{}, false
	}
	for name := range fields {
		if !slices.Contains(statementElements, name) {
			return Statement{}, false
		}
	}
	var s Statement
	var all [9]bool
	s.SID, all[0] = optionalString(fields["Sid"])
	s.Effect, all[1] = fields["Effect"].(string)
	s.Actions, all[2] = oneOrMore(fields["Action"])
	s.NotActions, all[3] = oneOrMore(fields["NotAction"])
	s.Resources, all[4] = oneOrMore(fields["Resource"])
	s.NotResources, all[5] = oneOrMore(fields["NotResource"])
	s.Principals, all[6] = principals(fields["Principal"])
	s.NotPrincipals, all[7] = principals(fields["NotPrincipal"])
	s.Conditions, all[8] = conditions(fields["Condition"])
	return s, !slices.Contains(all[:], false)
}

func optionalString(value any) (string, bool) {
	s, ok := value.(string)
	return s, ok || value == nil
}

// oneOrMore reads a string or a list of strings; nil is none.
func oneOrMore(value any) ([]string, bool) {
	switch v := value.(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case []any:
		all := []string{}
		for _, element := range v {
			s, ok := element.(string)
			if !ok {
				return nil, false
			}
			all = append(all, s)
		}
		return all, true
	}
	return nil, false
}

// principals reads "*" or an object of kinds.
func principals(value any) (Principals, bool) {
	switch v := value.(type) {
	case nil:
		return nil, true
	case string:
		return Principals{"*": {v}}, v == "*"
	case map[string]any:
		all := Principals{}
		for kind, identifiers := range v {
			list, ok := oneOrMore(identifiers)
			if !ok {
				return nil, false
			}
			all[kind] = list
		}
		return all, true
	}
	return nil, false
}

// conditions reads operators with their keys and values; values may also be written as numbers and booleans.
func conditions(value any) ([]Condition, bool) {
	if value == nil {
		return nil, true
	}
	operators, ok := value.(map[string]any)
	var all []Condition
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		keys, isObject := operators[operator].(map[string]any)
		if !isObject {
			return nil, false
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			values, isList := keys[key].([]any)
			if !isList {
				values = []any{keys[key]}
			}
			c := Condition{Operator: operator, Key: key, Values: []string{}}
			for _, v := range values {
				text, isText := scalar(v)
				if !isText {
					return nil, false
				}
				c.Values = append(c.Values, text)
			}
			all = append(all, c)
		}
	}
	return all, ok
}

func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// Size is the length of a document as IAM counts it against its quotas, without white space.
func Size(text string) int {
	return len(strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "").Replace(text))
}
