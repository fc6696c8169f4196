package house

import (
	"strings"
	"testing"
)

// TestRulesFindBreaches holds the rules themselves: each is given a file that breaks it, and one that comes close and does not.
func TestRulesFindBreaches(t *testing.T) {
	for _, tt := range []struct {
		name string
		rule string
		path string
		text string
		want string
	}{
		{"a function that runs unasked", "init", "a/a.go", "package a\nfunc init() {}", "a/a.go:2: an init function"},
		{"a method of that name", "init", "a/a.go", "package a\ntype t int\nfunc (t) init() {}", ""},
		{"the clock, read in a package", "process", "a/a.go", "package a\nimport \"time\"\nvar _ = time.Now()",
			"a/a.go:3: time.Now outside main: take a func() time.Time"},
		{"the clock, under another name", "process", "a/a.go", "package a\nimport clock \"time\"\nvar _ = clock.Now()",
			"a/a.go:3: time.Now outside main: take a func() time.Time"},
		{"the clock, handed on", "process", "a/a.go", "package a\nimport \"time\"\nvar _ = time.Now",
			"a/a.go:3: time.Now outside main: take a func() time.Time"},
		{"the clock, in main", "process", "a/a.go", "package main\nimport \"time\"\nvar _ = time.Now", ""},
		{"the clock, in a test", "process", "a/a_test.go", "package a\nimport \"time\"\nvar _ = time.Now", ""},
		{"the clock, where it is allowed", "process", "internal/proof/awsproxy/proxy.go", "package a\nimport \"time\"\nvar _ = time.Now", ""},
		{"a process ended in a package", "process", "a/a.go", "package a\nimport \"os\"\nfunc f() { os.Exit(1) }",
			"a/a.go:3: os.Exit outside main: return an error"},
		{"a file written in place", "parts", "a/a.go", "package a\nimport \"os\"\nfunc f() { os.WriteFile(\"a\", nil, 0) }",
			"a/a.go:3: os.WriteFile can leave a part: use atomicfile.Write"},
		{"a local value with the name of a package", "process", "a/a.go", "package a\nfunc f(os struct{ Exit int }) int { return os.Exit }", ""},
		{"chance in a package", "chance", "a/a.go", "package a\nimport \"math/rand/v2\"\nvar _ = rand.Int",
			"a/a.go:2: imports math/rand/v2: take a seed or a source"},
		{"a table that nobody changes", "state", "a/a.go", "package a\nvar table = map[string]int{}\nfunc f() int { return table[\"\"] }", ""},
		{"a table that is written to", "state", "a/a.go",
			"package a\nvar table = map[string]int{}\nfunc f() { table[\"\"] = 1 }",
			"a/a.go:3: table is a variable of the package, and is changed here"},
		{"a local table of the same name", "state", "a/a.go",
			"package a\nvar table = map[string]int{}\nfunc f() { table := table; table[\"\"] = 1 }", ""},
		{"a counter", "state", "a/a.go", "package a\nvar n int\nfunc f() { n++ }",
			"a/a.go:3: n is a variable of the package, and is changed here"},
		{"a mutex of the package", "state", "a/a.go", "package a\nimport \"sync\"\nvar mu sync.Mutex",
			"a/a.go:3: mu is a variable of the package that is made to change"},
		{"work put off", "unfinished", "a/a.go", "package a\n// TODO: the rest", "a/a.go:2: TODO"},
		{"a name that holds such a word", "unfinished", "a/a.go", "package a\n// Todo and TODOS are names", ""},
		{"a long file", "length", "a/a.go", "package a\n" + lines(500), "a/a.go:501: 501 lines"},
		{"a long file that says why", "length", "a/a.go", "// More than 500 lines, since it is one table.\npackage a\n" + lines(500), ""},
		{"a file of 500 lines", "length", "a/a.go", "package a\n" + lines(499), ""},
		{"a long line", "columns", "a/a.go", "package a\n// " + strings.Repeat("é", 138), "a/a.go:2: 141 columns"},
		{"a line of 140 columns", "columns", "a/a.go", "package a\n// " + strings.Repeat("é", 137), ""},
		{"a long line with a long text", "columns", "a/a.go", "package a\nconst a, b, c = \"" + strings.Repeat("é", 150) + "\", 1, 2", ""},
		{"a package that says nothing", "comment", "internal/a/a.go", "// Package a is a.\npackage a",
			"internal/a/a.go:2: the package comment has 4 words: say what belongs here, what does not, and who imports it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := parse(tt.path, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			check := map[string]func(*source) []finding{"comment": func(s *source) []finding { return checkComment([]*source{s}) }}
			for _, r := range rules {
				check[r.name] = r.check
			}
			got := ""
			for _, f := range check[tt.rule](s) {
				got += f.String()
			}
			if got != tt.want {
				t.Errorf("the rule %q found %q, want %q", tt.rule, got, tt.want)
			}
		})
	}
}

func TestImportTableFindsBreaches(t *testing.T) {
	table := []layer{{dir: "high", may: []string{"low"}}, {dir: "low", tests: []string{"high"}}}
	base := map[string]string{"high/a.go": "package high\nimport _ \"coderaws/low\"", "low/a.go": "package low"}
	for _, tt := range []struct {
		name, path, text, want string
	}{
		{"down", "high/b.go", "package high\nimport _ \"coderaws/low\"", ""},
		{"up", "low/b.go", "package low\nimport _ \"coderaws/high\"", "low/b.go:2: low imports high, which no row allows"},
		{"up, in a test that may", "low/b_test.go", "package low\nimport _ \"coderaws/high\"", ""},
		{"from nowhere", "new/a.go", "package new", "new/a.go:1: package new has no row in the table"},
		{"tests from nowhere that import nothing here", "new/a_test.go", "package new", ""},
		{"tests from nowhere that import something here", "new/a_test.go", "package new\nimport _ \"coderaws/low\"",
			"new/a_test.go:2: new imports low, which no row allows"},
		{"an import that is not needed any more", "high/a.go", "package high", "high:0: may import low and does not: take it out of its row"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var all []*source
			texts := map[string]string{tt.path: tt.text}
			for name, text := range base {
				if name != tt.path {
					texts[name] = text
				}
			}
			for name, text := range texts {
				s, err := parse(name, text)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, s)
			}
			got := ""
			for _, f := range checkImports(table, all) {
				got += f.String()
			}
			if got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func lines(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = '\n'
	}
	return string(text)
}
