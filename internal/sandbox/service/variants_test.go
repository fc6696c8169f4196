package service_test

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestVariants makes and changes the example of each type with one argument otherwise: left out, turned round, or something that is most
// likely wrong. testdata/answers/TestVariants.txt has what AWS refuses then, and what it sets otherwise than for the example.
func TestVariants(t *testing.T) {
	t.Parallel()
	known := answersOf(t)
	m := sandboxtest.NewMuseum(t)
	var names []string
	for _, s := range examples() {
		arguments := m.Fill(t, s.Arguments).(object)
		before := m.Kept()
		example, err := m.Create(s.TypeName, arguments)
		if err != nil {
			t.Fatal(err)
		}
		m.Restore(before)
		made := varied(arguments, func(path string) string {
			defer m.Restore(before)
			state, err := m.Create(s.TypeName, arguments)
			return unlike(path, example, state, err)
		})
		made += wrong(t, m, s.TypeName, arguments)
		m.Add(t, s)
		before = m.Kept()
		changed := varied(arguments, func(path string) string {
			defer m.Restore(before)
			state, err := m.Update(s.TypeName, m.States[s.Name], arguments)
			return unlike(path, m.States[s.Name], state, err)
		})
		for name, answer := range map[string]string{s.Name: made, s.Name + ", changed": changed} {
			if answer != "" {
				known.hold(t, name, s.TypeName+"\n"+answer)
			}
		}
		names = append(names, s.Name, s.Name+", changed")
	}
	known.end(t, slices.DeleteFunc(names, func(name string) bool { return known.given[name] == "" }))
}

// varied does something with each argument left out or turned round, and tells what comes of it.
func varied(arguments object, do func(path string) string) string {
	var b strings.Builder
	try := func(what string, a argument, value any) {
		a.with(value, func() bool {
			if answer := do(a.path); answer != "" {
				fmt.Fprintf(&b, "  %s: %s\n", fmt.Sprintf(what, a.path), answer)
			}
			return true
		})
	}
	for _, a := range argumentsOf(arguments, "") {
		if truth, ok := a.of[a.name].(bool); ok {
			try("%s turned round", a, !truth)
		}
		try("without %s", a, nil)
	}
	return b.String()
}

// wrong asks for the example with something in an argument that is most likely wrong, and tells how AWS refuses it.
func wrong(t *testing.T, m *sandboxtest.Museum, typeName string, arguments object) string {
	t.Helper()
	planned, err := m.Plan(typeName, nil, arguments)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, a := range argumentsOf(planned, "") {
		values := []any{"x-1", 7.0, true}
		switch value := a.of[a.name].(type) {
		case string:
			values = []any{"", "x-1"}
		case float64:
			values = []any{value + 1}
		case bool:
			values = []any{!value}
		case []any, object:
			values = nil
		}
		for _, value := range values {
			a.with(value, func() bool {
				if err := m.Answer(typeName, planned); err != nil {
					fmt.Fprintf(&b, "  %s = %s: %s\n", a.path, sandboxtest.JSON(value), masked(err.Error()))
				}
				return true
			})
		}
	}
	return b.String()
}

// unlike tells how an answer differs from that for the example, beside the argument that is another; nothing if it does not. That an
// argument is required is a rule of the provider's schema, and not told.
func unlike(path string, example, state object, err error) string {
	var replace *sandboxtest.ReplaceError
	switch {
	case errors.As(err, &replace):
		return "is replaced"
	case err != nil && err.Error() == "Missing required argument":
		return ""
	case err != nil:
		_, refused, _ := strings.Cut(err.Error(), "api error ")
		return masked(or(refused, err.Error()))
	}
	itself := func(leaf string) bool { return strings.HasPrefix(strings.ReplaceAll(leaf, "[0]", ""), path) }
	was, is := leaves(example), leaves(state)
	var found []string
	for _, leaf := range slices.Sorted(maps.Keys(is)) {
		if masked(was[leaf]) != masked(is[leaf]) && !itself(leaf) {
			found = append(found, leaf+" = "+masked(is[leaf]))
		}
	}
	for _, leaf := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[leaf]; !still && !itself(leaf) {
			found = append(found, "no "+leaf)
		}
	}
	return strings.Join(found, ", ")
}

var made = regexp.MustCompile(`[0-9a-f]{6,}(-[0-9a-f]{4,})*|[0-9A-Z]{12,}`)

// masked leaves out what is made from all arguments of a resource, and so is another for each variant: ids and numbers.
func masked(text string) string { return made.ReplaceAllString(text, "*") }
