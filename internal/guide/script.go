package guide

import (
	"fmt"
	"regexp"
	"strings"
)

// shellVariable finds references in a script.
var shellVariable = regexp.MustCompile(`\$\{([A-Z0-9_]+):\?`)

// writeThing writes the functions of a thing, and the files that they send.
func (g *Guide) writeThing(t *thing) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", t.address)
	if t.kind.find != nil {
		fmt.Fprintf(&b, "find_%s() {\n  %s\n}\n", t.slug, g.finding(t))
	}
	fresh := ""
	if t.kind.fresh != "" {
		// It holds for this function alone: once AWS has the name, it is found there, and written down.
		name := t.owned[0].name
		fresh = fmt.Sprintf("  local %s\n  %s=%s$(stamp)\n", name, name, t.text(t.kind.fresh))
	}
	for _, part := range []struct {
		name, before string
		calls        func(*resource) []call
	}{{"make", fresh, t.kind.make}, {"settle", "", t.kind.settle}, {"wait", "", t.kind.wait}, {"end", "", t.kind.end}} {
		if part.calls == nil {
			continue
		}
		calls := part.calls(t.resource)
		if len(calls) == 0 {
			continue
		}
		body := part.before
		for i, c := range calls {
			text, err := g.command(t, c, fmt.Sprintf("%s.%s%s.json", t.slug, part.name, ordinal(i)))
			if err != nil {
				return err
			}
			body += text
		}
		fmt.Fprintf(&b, "%s_%s() {\n%s}\n", part.name, t.slug, body)
	}
	t.script = b.String()
	return clean("in/resources.sh", t.script)
}

// ordinal tells the files of several calls apart.
func ordinal(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprint(i + 1)
}

// finding is the command that looks for a thing, and prints what it owns.
func (g *Guide) finding(t *thing) string {
	l := t.kind.find(t.resource)
	if l.place == "" {
		return g.line(l.argv)
	}
	place := l.place
	if len(t.owned) > 0 {
		var names []string
		for _, v := range t.owned {
			names = append(names, v.field)
		}
		place += ".[" + strings.Join(names, ", ") + "]"
	}
	return g.line(append(l.argv, "--query", place, "--output", "text"))
}

// line is a command as a line of a script.
func (g *Guide) line(argv []string) string {
	parts := make([]string, len(argv))
	for i, argument := range argv {
		parts[i] = quote(g.replaced.Replace(argument))
	}
	return strings.Join(parts, " ")
}

// command is a call as lines of a script; what it sends becomes a file of the given name.
func (g *Guide) command(t *thing, c call, file string) (string, error) {
	line := g.line(c.argv)
	if c.tolerate != "" {
		line = "tolerate " + c.tolerate + " " + line
	}
	if len(c.values) > 0 {
		return g.valuesCommand(t, c.values, line)
	}
	if c.input == nil {
		return "  " + line + "\n", nil
	}
	text, err := marshal(c.input)
	if err != nil {
		return "", fmt.Errorf("write %s of %s: %w", file, t.address, err)
	}
	text = g.replaced.Replace(text)
	if own := g.asks(t); own != nil {
		text = strings.ReplaceAll(text, `"`+own.value+`"`, `"`+token(own.name)+`"`)
	}
	if err := clean("in/"+file, text); err != nil {
		return "", err
	}
	t.inputs = append(t.inputs, File{Name: "in/" + file, Text: text})
	return fmt.Sprintf("  input=$(fill %s)\n  %s --cli-input-json \"$input\"\n", file, line), nil
}

// valuesCommand is a command of Helm as lines of a script; the values become files beside the others.
func (g *Guide) valuesCommand(t *thing, documents []string, line string) (string, error) {
	text := ""
	for i, document := range documents {
		file := fmt.Sprintf("%s.values%s.yaml", t.text("name"), ordinal(i))
		document = g.replaced.Replace(document)
		if err := clean("in/"+file, document); err != nil {
			return "", err
		}
		t.inputs = append(t.inputs, File{Name: "in/" + file, Text: document})
		text += fmt.Sprintf("  values%s=$(fill %s)\n", ordinal(i), file)
		line += fmt.Sprintf(" --values <(printf '%%s' \"$values%s\")", ordinal(i))
	}
	return text + "  " + line + "\n", nil
}

// names are the arguments by which scripts speak of a thing: its name, and the variables that it sets.
func (t *thing) names() string {
	parts := []string{t.slug}
	for _, v := range t.owned {
		name := v.name
		if v.after != "" {
			name += "@" + v.after
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, " ")
}
