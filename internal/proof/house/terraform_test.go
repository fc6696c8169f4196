package house

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// TestModulesHaveTests: what a module promises stands in a test beside it, which `make test-terraform` runs.
func TestModulesHaveTests(t *testing.T) {
	tested := map[string]bool{}
	for _, name := range files(t) {
		parts := strings.Split(name, "/")
		if len(parts) < 3 || parts[0] != "modules" {
			continue
		}
		dir := path.Join(parts[0], parts[1])
		tested[dir] = tested[dir] || parts[2] == "tests" && strings.HasSuffix(name, ".tftest.hcl")
	}
	if len(tested) < 10 {
		t.Fatalf("found only %d modules: the rule would hold for nothing", len(tested))
	}
	for dir, ok := range tested {
		if !ok {
			t.Errorf("%s has no tests/*.tftest.hcl", dir)
		}
	}
}

// TestListsStandOnce: a list of figures that two validations share stands in one module, to which both refer.
func TestListsStandOnce(t *testing.T) {
	first := map[string]string{}
	for _, name := range files(t) {
		if path.Ext(name) != ".tf" {
			continue
		}
		for _, list := range figures(t, name, read(t, name)) {
			if before := first[list.text]; before != "" {
				report(t, "a list of figures stands once; see modules/log-retention",
					[]finding{{name, list.line, list.text + " stands in " + before + " as well"}})
				continue
			}
			first[list.text] = fmt.Sprintf("%s:%d", name, list.line)
		}
	}
	if len(first) == 0 {
		t.Error("found no list of figures: the rule would hold for nothing")
	}
}

// figures are the lists of a file with more than five elements, all of which are numbers.
func figures(t *testing.T, name, text string) (found []finding) {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(text), name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	_ = hclsyntax.VisitAll(file.Body.(*hclsyntax.Body), func(node hclsyntax.Node) hcl.Diagnostics {
		list, ok := node.(*hclsyntax.TupleConsExpr)
		if !ok || len(list.Exprs) <= 5 || slices.ContainsFunc(list.Exprs, func(e hclsyntax.Expression) bool {
			_, ok := e.(*hclsyntax.LiteralValueExpr)
			return !ok
		}) {
			return nil
		}
		var elements []string
		for _, e := range list.Exprs {
			elements = append(elements, string(e.Range().SliceBytes([]byte(text))))
		}
		found = append(found, finding{name, list.Range().Start.Line, "[" + strings.Join(elements, ", ") + "]"})
		return nil
	})
	return found
}

// TestRolesAreBounded: an account whose owners require a path and a permissions boundary requires them of every role, so that each of the
// modules takes both from the setting iam.
func TestRolesAreBounded(t *testing.T) {
	roles := 0
	for _, name := range files(t) {
		if path.Ext(name) != ".tf" || !strings.HasPrefix(name, "modules/") && !strings.HasPrefix(name, "stacks/") {
			continue
		}
		text := read(t, name)
		file, diags := hclsyntax.ParseConfig([]byte(text), name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			if block.Type != "resource" || !slices.Contains([]string{"aws_iam_role", "aws_iam_user"}, block.Labels[0]) {
				continue
			}
			roles++
			for _, argument := range []string{"path", "permissions_boundary"} {
				given := block.Body.Attributes[argument]
				if given == nil || string(given.Expr.Range().SliceBytes([]byte(text))) != "var.iam."+argument {
					report(t, "a role takes path and permissions_boundary from var.iam", []finding{{name, block.Range().Start.Line, argument}})
				}
			}
		}
	}
	if roles < 8 {
		t.Errorf("found %d roles: the rule would hold for nothing", roles)
	}
}
