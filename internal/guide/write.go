package guide

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

var (
	//go:embed shell/lib.sh
	library string
	//go:embed shell/guide.sh
	forward string
	//go:embed shell/teardown.sh
	backward string
)

// Steps is how many steps there are.
func (g *Guide) Steps() int { return len(g.steps) }

// Resources is how many resources there are, those in the cluster among them.
func (g *Guide) Resources() int {
	n := 0
	for _, t := range g.things {
		if t.kind.typ != "owner" {
			n++
		}
	}
	return n
}

// Files are all files of the guide, the same for the same settings.
func (g *Guide) Files() ([]File, error) {
	files := []File{
		{Name: "guide.sh", Text: forward, Runs: true}, {Name: "teardown.sh", Text: backward, Runs: true}, {Name: "in/lib.sh", Text: library},
		{Name: "in/resources.sh", Text: g.resources()}, {Name: "in/steps.sh", Text: g.stepScript()},
	}
	imports := g.imports()
	if err := clean("in/imports.tf", imports); err != nil {
		return nil, err
	}
	files = append(files, File{Name: "in/imports.tf", Text: imports})
	for _, t := range g.things {
		files = append(files, t.inputs...)
	}
	files = append(files, g.charts...)
	return append(files, g.pages()...), nil
}

// resources are the functions of all things.
func (g *Guide) resources() string {
	var b strings.Builder
	b.WriteString("# shellcheck shell=bash\n# How each resource is found, made, completed, waited for and deleted.\n")
	for _, t := range g.things {
		b.WriteString("\n" + t.script)
	}
	return b.String()
}

// stepScript are the steps, and what is done with each thing.
func (g *Guide) stepScript() string {
	var b strings.Builder
	b.WriteString("# shellcheck shell=bash\n# The steps, in their order.\n")
	fmt.Fprintf(&b, "# shellcheck disable=SC2034 # guide.sh and teardown.sh read it\nregion=%s\n\n", g.options.Region)
	b.WriteString("titles() {\n  cat <<'END'\n")
	fmt.Fprintf(&b, "%3d  account: what it is asked before anything is made\n", 0)
	for _, s := range g.steps {
		fmt.Fprintf(&b, "%3d  %s: %s\n", s.number, stages()[s.stage].title, s.title())
	}
	b.WriteString("END\n}\n\n" + g.preparation())
	for _, s := range g.steps {
		fmt.Fprintf(&b, "\nstep_%d() {\n", s.number)
		for _, t := range s.things {
			if !s.wait {
				fmt.Fprintf(&b, "  ensure %s\n", t.names())
			}
		}
		for _, t := range s.things {
			if s.wait || t.kind.wait != nil && !t.kind.apart {
				fmt.Fprintf(&b, "  finish %s\n", t.names())
			}
		}
		b.WriteString("}\n")
	}
	b.WriteString("\n# each_thing COMMAND: gives every thing that AWS can be asked for to a command, in the order in which they are made.\neach_thing() {\n")
	for _, t := range g.things {
		if t.kind.find != nil {
			fmt.Fprintf(&b, "  \"$1\" %s\n", t.names())
		}
	}
	b.WriteString("}\n\n# each_thing_backwards COMMAND: gives every thing that can be deleted to a command, the last first.\neach_thing_backwards() {\n")
	for _, t := range slices.Backward(g.things) {
		if t.kind.end != nil {
			fmt.Fprintf(&b, "  \"$1\" %s\n", t.names())
		}
	}
	b.WriteString("}\n\n# holders COMMAND: gives everything that holds data to a command, with its address and what it holds.\nholders() {\n")
	for _, t := range g.things {
		if what := g.options.Holds[t.address]; what != "" && t.kind.find != nil {
			fmt.Fprintf(&b, "  \"$1\" %s %s %s\n", quote(t.address), quote(what), t.names())
		}
	}
	b.WriteString("  :\n}\n")
	return b.String()
}

// imports are the blocks with which Terraform takes over.
func (g *Guide) imports() string {
	var b strings.Builder
	for _, t := range g.things {
		if t.kind.id != nil {
			fmt.Fprintf(&b, "import {\n  to = %s\n  id = %q\n}\n", t.address, g.replaced.Replace(t.kind.id(t.resource)))
		}
	}
	return b.String()
}
