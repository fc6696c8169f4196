package chart

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestUnreadIsRight draws templates and values, and changes each value that is said to be unread: what is rendered must stay the same. A
// value wrongly called unread would stop a deployment that works.
func TestUnreadIsRight(test *testing.T) {
	claims := 0
	rapid.Check(test, func(t *rapid.T) {
		template := drawTemplate(t)
		given := drawMap(t, 3)
		for _, key := range []string{"a", "b", "c"} {
			given[key] = drawMap(t, 2)
		}
		c := fixture(test, "-- templates/NOTES.txt --\n"+template+"\n")
		unread := c.Unread(given)
		before := outcome(c, given)
		for _, u := range unread {
			claims++
			changed := overlay(given, nil)
			at := changed
			path := strings.Split(u.Path, ".")
			for _, key := range path[:len(path)-1] {
				at = at[key].(map[string]any)
			}
			at[path[len(path)-1]] = "changed"
			if after := outcome(c, changed); after != before {
				t.Fatalf("%s is said to be unread of %v in\n%s\nbut once it is changed, instead of\n%s\nthis is rendered:\n%s",
					u.Path, given, template, before, after)
			}
		}
	})
	if claims == 0 {
		test.Error("nothing was ever said to be unread: the property holds for nothing")
	}
}

// outcome is what is rendered, or the error.
func outcome(c *Chart, given map[string]any) string {
	rendered, err := c.Render(app(given))
	if err != nil {
		return err.Error()
	}
	return rendered.Notes
}

func drawKey(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "key")
}

func drawMap(t *rapid.T, depth int) map[string]any {
	m := map[string]any{}
	for range rapid.IntRange(1, 3).Draw(t, "size") {
		switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case kind < 5 && depth > 0:
			m[drawKey(t)] = drawMap(t, depth-1)
		case kind == 5:
			m[drawKey(t)] = []any{"x", map[string]any{drawKey(t): 1}}
		case kind == 6:
			m[drawKey(t)] = "{{ .Values." + drawKey(t) + " }}"
		case kind == 7:
			m[drawKey(t)] = drawKey(t)
		default:
			m[drawKey(t)] = rapid.IntRange(0, 3).Draw(t, "number")
		}
	}
	return m
}

// drawTemplate is a text of a few statements, and a named template that they may include.
func drawTemplate(t *rapid.T) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{{ define \"t\" }}%s{{ end }}\n{{ $v := %s }}\n", drawStatements(t, 2, false, false), drawExpression(t, 1, false))
	b.WriteString(drawStatements(t, 3, true, false))
	return b.String()
}

// asMap is an expression, or an empty map where it yields none, so that few templates fail.
func asMap(expression string) string {
	return "(ternary " + expression + " (dict) (kindIs \"map\" " + expression + "))"
}

// drawStatements draws some statements. top says that they are not in a named template, dot that {{ . }} is a value.
func drawStatements(t *rapid.T, depth int, top, dot bool) string {
	var b strings.Builder
	for range rapid.IntRange(1, 3).Draw(t, "statements") {
		if depth == 0 {
			fmt.Fprintf(&b, "{{ %s }}", drawExpression(t, 1, dot))
			continue
		}
		e, k := drawExpression(t, 2, dot), drawKey(t)
		switch rapid.IntRange(0, 9).Draw(t, "statement") {
		case 0:
			fmt.Fprintf(&b, "{{ if %s }}%s{{ else }}%s{{ end }}", e, drawStatements(t, depth-1, top, dot), drawStatements(t, depth-1, top, dot))
		case 1:
			fmt.Fprintf(&b, "{{ with %s }}%s{{ end }}", e, drawStatements(t, depth-1, top, true))
		case 2:
			fmt.Fprintf(&b, "{{ range $k, $w := %s }}{{ $k }}{{ %s.%s }}{{ end }}", asMap(e), asMap("$w"), k)
		case 3:
			fmt.Fprintf(&b, "{{ range %s }}%s{{ end }}", asMap(e), drawStatements(t, depth-1, top, true))
		case 4:
			if top {
				fmt.Fprintf(&b, "{{ $v = %s }}{{ %s.%s }}", e, asMap("$v"), k)
			}
		case 5:
			if top {
				context := rapid.SampledFrom([]string{"$", "(dict \"Values\" " + asMap("$v") + ")",
					"(dict \"" + k + "\" " + e + " \"Values\" $.Values)"}).Draw(t, "context")
				fmt.Fprintf(&b, "{{ include \"t\" %s }}", context)
			}
		case 6:
			fmt.Fprintf(&b, "{{ $m := dict %q %s }}{{ %s.%s }}", drawKey(t), e, asMap("$m.a"), k)
		case 7:
			fmt.Fprintf(&b, "{{ $m := dict }}{{ $_ := set $m %q %s }}{{ $_ := merge $m (deepCopy %s) }}{{ %s.%s }}", k, e,
				asMap(drawExpression(t, 1, dot)), asMap("$m."+drawKey(t)), drawKey(t))
		case 8:
			fmt.Fprintf(&b, "{{ $_ := set $.Values %q (deepCopy %s) }}", k, asMap(e))
		default:
			fmt.Fprintf(&b, "{{ %s }}", e)
		}
	}
	return b.String()
}

// drawExpression is what stands in a pipeline; depth bounds what stands in it.
func drawExpression(t *rapid.T, depth int, dot bool) string {
	k := drawKey(t)
	if depth == 0 {
		places := []string{"$.Values." + k, asMap("$.Values.a") + "." + k, "(get " + asMap("$.Values.b") + " \"" + k + "\")",
			"(index $.Values \"" + k + "\")"}
		if dot {
			places = append(places, ".", asMap(".")+"."+k)
		}
		return rapid.SampledFrom(places).Draw(t, "place")
	}
	e := drawExpression(t, depth-1, dot)
	m, other := asMap(e), "$.Values."+k
	return rapid.SampledFrom([]string{
		e, e, m + "." + k, m + "." + k, "(get " + m + " \"" + k + "\")", "(index " + m + " \"" + k + "\")",
		"(toYaml " + m + "." + k + ")", "(get " + m + " (toString " + other + "))", "(hasKey " + m + " \"" + k + "\")",
		"(dig \"" + k + "\" \"none\" " + m + ")",
		"(pick " + m + " \"" + k + "\")", "(omit " + m + " \"" + k + "\")", "(default " + other + " " + e + ")",
		"(coalesce " + other + " " + e + ")",
		"(ternary " + e + " " + other + " true)", "(tpl \"{{ .Values." + k + " }}\" $)",
		"(tpl (toYaml " + m + "." + k + ") $)", "(list " + m + "." + k + " " + other + ")",
		"(first (list " + e + "))", "(last (list " + other + " " + e + "))", "(keys " + m + " | sortAlpha)", "(values " + m + " | len)",
		"(merge (dict) (deepCopy " + m + ") (deepCopy " + asMap(other) + "))", "(deepCopy " + m + ")",
		"(printf \"%v\" " + m + "." + k + ")", "(first (pluck \"" + k + "\" " + m + " $.Values))",
		"(last (concat (list 1) (list " + e + ")))", "(last (append (list 1) " + e + "))", "(and " + e + " " + other + ")",
		"(or " + e + " " + other + ")",
		"(eq (toString " + m + "." + k + ") \"x\")", "(len " + m + ")", "(empty " + e + ")", "(not " + e + ")",
		"(kindIs \"map\" " + e + ")", "(fromYaml (toYaml " + m + "))",
	}).Draw(t, "expression")
}
