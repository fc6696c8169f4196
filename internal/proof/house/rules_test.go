package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// allowances are the places that may touch the process, the clock or chance although they are not main, with the reason.
var allowances = []struct{ path, name, why string }{
	{"internal/boot/help.go", "os.Stdout", "it runs before main can pass anything"},
	{"internal/boot/help.go", "os.Exit", "it ends the program before main begins"},
	{"internal/proof/awsproxy/proxy.go", "time.Now", "the default of a field that callers may set"},
	{"internal/proof/awsproxy/moto.go", "os.Environ", "moto_server runs in the tests' own environment"},
	{"internal/proof/realprovider/find.go", "os.Getenv", "tests and tools find the provider by environment, and have no main to pass it"},
	{"internal/proof/realprovider/provider.go", "os.Environ", "the provider runs in the environment of the test or tool"},
	{"internal/sandbox/chart/charttest/charttest.go", "os.Getenv", "tests find charts by environment, and have no main to pass it"},
	{"tools/mutate/mutant/mutant.go", "os.Getenv", "mutated code asks it, in the test of any package, before anything is passed in"},
	{"internal/sandbox/protocol/serve.go", "os.Getenv", "the plugin library takes the level of its log from this variable alone"},
	{"internal/sandbox/protocol/serve.go", "os.Setenv", "the plugin library can be silenced by this variable alone"},
	{"internal/sandbox/protocol/socket.go", "os.LookupEnv", "the variable is given back what it was"},
	{"internal/sandbox/protocol/socket.go", "os.Setenv", "the plugin library takes the directory of its socket from this variable alone"},
	{"internal/sandbox/protocol/socket.go", "sync.Mutex", "two servers share that variable"},
	{"internal/sandbox/stepfunctions/query.go", "sync.Mutex", "the JSONata library writes into functions that all of its expressions share"},
	{"internal/atomicfile/atomicfile.go", "os.Rename", "this is where a file gets its name"},
	{"internal/engine/lock.go", "os.WriteFile", "a rename would put the lock on a file that nobody finds any more"},
	{"internal/engine/rescue.go", "os.CreateTemp", "a state that can be saved nowhere else needs a new file wherever there is room"},
	{"internal/sandbox/protocol/recover.go", "os.CreateTemp", "a fault's stack needs a new file of nobody else's"},
}

// process are the calls and variables that belong to main: what they give or do is passed on from there.
var process = map[string]string{
	"os.Exit": "return an error", "log.Fatal": "return an error", "log.Fatalf": "return an error", "log.Fatalln": "return an error",
	"time.Now": "take a func() time.Time", "time.Since": "take a func() time.Time", "time.Until": "take a func() time.Time",
	"os.Getenv": "take the environment as []string", "os.LookupEnv": "take the environment as []string",
	"os.Environ": "take the environment as []string", "os.Setenv": "pass the variable to the process that needs it",
	"os.Chdir": "use paths", "signal.Notify": "take a channel", "signal.NotifyContext": "take a context",
	"os.Stdin": "take an io.Reader", "os.Stdout": "take an io.Writer", "os.Stderr": "take an io.Writer",
	"fmt.Print": "take an io.Writer", "fmt.Printf": "take an io.Writer", "fmt.Println": "take an io.Writer",
}

// parts are the calls that can leave a part of a file behind, and what to use in their place.
var parts = map[string]string{
	"os.Create": "use atomicfile.Write", "os.CreateTemp": "use atomicfile.Write", "os.WriteFile": "use atomicfile.Write",
	"os.Rename": "use atomicfile.Rename",
}

// chance are the packages that give other values each time.
var chance = []string{"math/rand", "math/rand/v2", "crypto/rand", "github.com/google/uuid", "github.com/hashicorp/go-uuid"}

// rules hold for each file by itself.
var rules = []struct {
	name  string
	rule  string
	check func(*source) []finding
}{
	{"init", "no init functions: what a package needs is passed to it", checkInit},
	{"process", "only main touches the process, the clock and the environment; reasons for more stand in `allowances` " +
		"in internal/proof/house/rules_test.go", checkProcess},
	{"parts", "a file is written as a whole, by internal/atomicfile; reasons for more stand in `allowances`", checkParts},
	{"chance", "randomness is passed in, so that a run can be repeated", checkChance},
	{"state", "no package holds state in variables; reasons for a lock on what a library shares stand in `allowances`", checkState},
	{"length", "a file has 500 lines at most, or its first comment says why it has more than 500 lines", checkLength},
	{"columns", "a line has 140 columns at most, except for a text of more than 100 that it holds whole", checkColumns},
	{"unfinished", "nothing is left for later in a comment: do it, or refuse it with a message", checkUnfinished},
}

func TestFilesKeepTheRules(t *testing.T) {
	all := sources(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, s := range all {
				report(t, r.rule, r.check(s))
			}
		})
	}
}

func TestAllowancesAreUsed(t *testing.T) {
	used := map[[2]string]bool{}
	for _, s := range sources(t) {
		uses(s, func(name string, _ token.Pos) { used[[2]string{s.path, name}] = true })
	}
	for _, a := range allowances {
		if !used[[2]string{a.path, a.name}] {
			t.Errorf("%s does not use %s: take the allowance out of internal/proof/house/rules_test.go", a.path, a.name)
		}
		if len(strings.Fields(a.why)) < 4 {
			t.Errorf("the allowance of %s in %s has no reason", a.name, a.path)
		}
	}
}

func checkInit(s *source) (found []finding) {
	for _, d := range s.ast.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			found = append(found, s.at(f.Pos(), "an init function"))
		}
	}
	return found
}

func checkProcess(s *source) []finding { return misplaced(s, process, "outside main") }

func checkParts(s *source) []finding { return misplaced(s, parts, "can leave a part") }

// misplaced are the uses of names that have no allowance.
func misplaced(s *source, names map[string]string, what string) (found []finding) {
	if s.main() || s.test() {
		return nil
	}
	uses(s, func(name string, at token.Pos) {
		instead, belongs := names[name]
		if !belongs {
			return
		}
		if !allowed(s, name) {
			found = append(found, s.at(at, "%s %s: %s", name, what, instead))
		}
	})
	return found
}

// allowed tells whether a file may use what others may not.
func allowed(s *source, used string) bool {
	for _, a := range allowances {
		if a.path == s.path && a.name == used {
			return true
		}
	}
	return false
}

func checkChance(s *source) (found []finding) {
	if s.main() || s.test() {
		return nil
	}
	s.imports(func(name string, at token.Pos) {
		if slices.Contains(chance, name) {
			found = append(found, s.at(at, "imports %s: take a seed or a source", name))
		}
	})
	return found
}

// checkState finds package variables that code changes or that are made to be changed, such as a mutex.
func checkState(s *source) (found []finding) {
	if s.test() {
		return nil
	}
	stateful := regexp.MustCompile(`^\*?(sync\.(Mutex|RWMutex|Map|Pool|Once|WaitGroup|Cond)|atomic\.\w+)$`)
	variables := map[string]bool{}
	for _, d := range s.ast.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			value := spec.(*ast.ValueSpec)
			for _, name := range value.Names {
				variables[name.Name] = true
				if value.Type != nil && stateful.MatchString(text(value.Type)) && !allowed(s, text(value.Type)) {
					found = append(found, s.at(name.Pos(), "%s is a variable of the package that is made to change", name.Name))
				}
			}
		}
	}
	changed := func(e ast.Expr) {
		if name := base(e); name != nil && variables[name.Name] && global(s, name) {
			found = append(found, s.at(name.Pos(), "%s is a variable of the package, and is changed here", name.Name))
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if n.Tok != token.DEFINE {
					changed(e)
				}
			}
		case *ast.IncDecStmt:
			changed(n.X)
		}
		return true
	})
	return found
}

func checkLength(s *source) []finding {
	lines := strings.Count(s.text, "\n")
	if lines <= 500 || ast.IsGenerated(s.ast) {
		return nil
	}
	if len(s.ast.Comments) > 0 && strings.Contains(s.ast.Comments[0].Text(), "500 lines") {
		return nil
	}
	return []finding{{s.path, lines, fmt.Sprintf("%d lines", lines)}}
}

// checkColumns leaves out the lines of long texts, whose breaks may be what they are about, or would hide what one searches for.
func checkColumns(s *source) (found []finding) {
	whole := map[int]bool{}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && len(text.Value) > 100 {
			for line := s.set.Position(text.Pos()).Line; line <= s.set.Position(text.End()).Line; line++ {
				whole[line] = true
			}
		}
		return true
	})
	for i, line := range strings.Split(s.text, "\n") {
		if columns := utf8.RuneCountInString(line); columns > 140 && !whole[i+1] {
			found = append(found, finding{s.path, i + 1, fmt.Sprintf("%d columns", columns)})
		}
	}
	return found
}

// unfinished matches the words by which work is put off.
var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

func checkUnfinished(s *source) (found []finding) {
	for _, group := range s.ast.Comments {
		for _, c := range group.List {
			if word := unfinished.FindString(c.Text); word != "" && !strings.HasPrefix(s.path, "internal/proof/house/") {
				found = append(found, s.at(c.Pos(), "%s", word))
			}
		}
	}
	return found
}

// uses visits all uses of names of other packages, as package.Name with the last part of the import path.
func uses(s *source, visit func(name string, at token.Pos)) {
	packages := map[string]string{}
	s.imports(func(name string, at token.Pos) {
		last := name[strings.LastIndex(name, "/")+1:]
		packages[last] = last
		for _, spec := range s.ast.Imports {
			if spec.Pos() == at && spec.Name != nil {
				delete(packages, last)
				packages[spec.Name.Name] = last
			}
		}
	})
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && packages[x.Name] != "" {
				visit(packages[x.Name]+"."+selector.Sel.Name, selector.Pos())
			}
		}
		return true
	})
}

// base is the variable that an assignment to e changes.
func base(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// global reports whether name stands for a variable of the package, not for a local one that hides it. Type information would
// cost a compilation; within one file the parser's own scopes are right.
func global(s *source, name *ast.Ident) bool {
	object := name.Obj
	return object != nil && s.ast.Scope != nil && s.ast.Scope.Lookup(name.Name) == object
}

// text writes a type as it stands in the source: name, package.Name or *package.Name.
func text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return "*" + text(e.X)
	case *ast.SelectorExpr:
		return text(e.X) + "." + e.Sel.Name
	case *ast.IndexExpr:
		return text(e.X)
	}
	return ""
}
