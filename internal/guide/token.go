package guide

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
)

// variable is a shell variable that holds what AWS alone can give.
type variable struct {
	name, field, after string
	// value is what it was in the rehearsal.
	value string
}

// token is how a text refers to a variable until it is written for a shell or a file. In files it stays so, as "${" occurs in what is sent
// literally: in the format of flow logs, and in programs of state machines.
func token(name string) string { return "@{" + name + "}" }

// tokenPattern finds references.
var tokenPattern = regexp.MustCompile(`@\{([A-Z0-9_]+)\}`)

// accountVariable is the account's id, which is part of every ARN.
const accountVariable = "ACCOUNT_ID"

// replacer puts references in the place of the values that variables had in the rehearsal. Each id is a unique text, so that each place in
// which it occurs is a reference; of two values that begin alike the longer comes first.
func replacer(variables []variable) *strings.Replacer {
	sorted := slices.Clone(variables)
	slices.SortStableFunc(sorted, func(a, b variable) int { return cmp.Compare(len(b.value), len(a.value)) })
	var pairs []string
	for _, v := range sorted {
		pairs = append(pairs, v.value, token(v.name))
	}
	return strings.NewReplacer(pairs...)
}

// leftovers are forms of ids that only a rehearsal can have given.
var leftovers = regexp.MustCompile(`\b(?:vpc|subnet|sg|sgr|rtb|rtbassoc|igw|nat|eipalloc|eipassoc|eni|lt|vpce|fl|acl|dopt|tgw|a)-[0-9a-f]{17}\b` +
	`|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|@\{[^}]*@\{`)

// clean returns an error if a text still holds an id of the rehearsal, which would mean nothing in another account.
func clean(file, text string) error {
	found := leftovers.FindString(text)
	if found == "" {
		return nil
	}
	d := diagnostic.Errorf("%s would hold %s, which exists in the rehearsal alone", file, found)
	d.Code, d.Why = "guide.leftover", "no declaration of internal/guide says which resource owns it, or where AWS is asked for it"
	d.Todo = "report this with the settings of the deployment; until it is mended, deploy with `coderaws up` or Terraform"
	return d
}

// quote writes an argument of a shell command.
func quote(argument string) string {
	if argument == "@stamp" {
		return `"$(stamp)"`
	}
	if !tokenPattern.MatchString(argument) {
		if plain.MatchString(argument) {
			return argument
		}
		if !strings.Contains(argument, "'") {
			return "'" + argument + "'"
		}
	}
	var b strings.Builder
	b.WriteByte('"')
	at := 0
	for _, match := range tokenPattern.FindAllStringSubmatchIndex(argument, -1) {
		b.WriteString(escape.Replace(argument[at:match[0]]))
		fmt.Fprintf(&b, "${%s:?%s}", argument[match[2]:match[3]], unknown)
		at = match[1]
	}
	b.WriteString(escape.Replace(argument[at:]))
	b.WriteByte('"')
	return b.String()
}

// unknown is what a command says whose variable no step has found yet; look takes it for an answer of AWS that a thing is not there.
const unknown = "does not exist yet"

// plain are arguments that need no quotes; escape is for those in double quotes.
var (
	plain  = regexp.MustCompile(`^[A-Za-z0-9_./:=,%+-]+$`)
	escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")
)
