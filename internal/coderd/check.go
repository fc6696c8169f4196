package coderd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/facts"
)

// Setting is one environment variable of a container.
type Setting struct {
	Name, Value string
	// Known says that the value is at hand; the value of a secret, or of a field of the pod, is not.
	Known bool
}

// Environment is what a program of Coder is started with.
type Environment struct {
	// Version is that of Coder, such as 2.35.1.
	Version string
	Program Program
	// Settings are in the order of the container, later ones overriding earlier ones of the same name.
	Settings []Setting
	// Complete says that these are all settings of the container, so that what is missing can be told.
	Complete bool
	// ExternalProvisioners says that provisioner daemons run elsewhere.
	ExternalProvisioners bool
}

// Problem is something in an environment that keeps Coder from doing what was meant.
type Problem struct {
	// Name is the variable; empty where it is several or none.
	Name string
	// Exits says that the program ends at its start. If not, it passes over the setting in silence, or works without what was meant.
	Exits bool
	// Newer says that the version is newer than all whose settings are known, so that it may well be none.
	Newer bool
	// Elsewhere says that it is one only as long as something else does not run, which may come later.
	Elsewhere bool
	// Message is what is wrong, in Coder's words where it has any. Why explains it and Todo says what to do.
	Message, Why, Todo string
}

// Check finds what is wrong with an environment, in the order of its settings, and at the end what concerns several of them.
func Check(e Environment) []Problem {
	if e.Program == Other {
		return nil
	}
	c := &checker{Environment: e, options: options(e.Program), known: map[string]string{}, present: map[string]bool{}}
	for _, s := range e.Settings {
		if s.Value == "" && s.Known {
			continue // Coder takes an empty variable for one that is not set
		}
		c.present[s.Name] = true
		if s.Known && !strings.Contains(s.Value, "$(") {
			c.known[s.Name] = s.Value
		} else {
			delete(c.known, s.Name)
		}
	}
	for i, s := range e.Settings {
		if last := lastOf(e.Settings, s.Name); last == i && c.present[s.Name] {
			c.setting(s.Name)
		}
	}
	switch e.Program {
	case Server:
		c.server()
	case Proxy:
		c.proxy()
	default:
		c.provisioner()
	}
	return c.found
}

func lastOf(settings []Setting, name string) int {
	last := -1
	for i, s := range settings {
		if s.Name == name {
			last = i
		}
	}
	return last
}

type checker struct {
	Environment
	options map[string]option
	// known are the values at hand, present the names that are set to anything.
	known   map[string]string
	present map[string]bool
	found   []Problem
}

func (c *checker) add(p Problem) { c.found = append(c.found, p) }

// exits adds a problem that ends the program.
func (c *checker) exits(name, message, why, todo string) {
	c.add(Problem{Name: name, Exits: true, Message: message, Why: why, Todo: todo})
}

// chartSets is what the chart of Coder gives every pod, of coderd or of a proxy, and coderd alone reads.
const chartSets = "CODER_CLUSTER_HOST"

// setting checks the name and the value of one setting.
func (c *checker) setting(name string) {
	if !strings.HasPrefix(name, "CODER_") || indexed(name) {
		return // not Coder's, or checked as a group
	}
	o, exists := c.options[name]
	if !exists && (c.numbered(name) || c.Program == Proxy && name == chartSets) {
		return
	}
	if !exists || o.in(c.Version) == readsNot {
		c.add(c.unread(name, o))
		return
	}
	if value, ok := c.known[name]; ok {
		if err := parse(o.Type, value, c.Version); err != nil {
			c.exits(name, fmt.Sprintf("parsing env: parse %s: %v", name, err),
				fmt.Sprintf("%s reads %s as %s.", c.what(), name, o.Type), "write "+form(o.Type, c.Version))
		}
	}
}

// numbered reports whether a variable is one of a numbered group that later versions read and whose names are not known one by one.
func (c *checker) numbered(name string) bool {
	for _, prefix := range []string{"CODER_AIBRIDGE_PROVIDER_", "CODER_AI_GATEWAY_PROVIDER_"} {
		if strings.HasPrefix(name, prefix) {
			return compare(c.Version, "2.31.0") >= 0
		}
	}
	return false
}

// what names the program with its version.
func (c *checker) what() string {
	switch c.Program {
	case Proxy:
		return "The workspace proxy of Coder " + c.Version
	case Provisioner:
		return "The provisioner of Coder " + c.Version
	default:
		return "coderd " + c.Version
	}
}

// unread describes a variable that the program does not read.
func (c *checker) unread(name string, o option) Problem {
	p := Problem{Name: name, Message: c.what() + " does not read " + name}
	known, exact := Known(c.Version)
	switch {
	case o.Until != "":
		p.Why = fmt.Sprintf("It was read up to %s, and taken out later.", o.Until)
	case o.Since != "":
		p.Why = fmt.Sprintf("It is read since %s.", o.Since)
	case c.Program == Server && has(load().Provisioner, name):
		p.Why = "External provisioners read it, coderd does not."
	case c.Program == Provisioner && has(load().Server, name):
		p.Why = "coderd reads it, external provisioners do not."
	case c.Program == Proxy && has(load().Server, name):
		p.Why = "coderd reads it, a workspace proxy does not: it asks the hub for what it has to know."
	case c.Program == Server && has(load().Proxy, name):
		p.Why = "Workspace proxies read it, coderd does not."
	default:
		p.Why = "Coder passes over variables that it does not know without a word."
	}
	if p.Newer = NewerThanKnown(c.Version) && o.Until == ""; p.Newer {
		p.Message = fmt.Sprintf("it is not known whether %s reads %s", c.what(), name)
		p.Why = facts.Find(facts.CoderOptions).Beyond("the settings of Coder", known) + "."
	} else if !exact {
		p.Why += fmt.Sprintf(" The options of %s are not known here; those of %s were taken.", c.Version, known)
	}
	if near := c.nearest(name); near != "" {
		p.Message += fmt.Sprintf("; %s reads %s", map[bool]string{true: known, false: "it"}[p.Newer], near)
		p.Todo = "write " + near
	} else {
		p.Todo = "take it out, or look its name up in Coder's reference of `coder server`"
	}
	return p
}

func has(all []option, name string) bool {
	return slices.ContainsFunc(all, func(o option) bool { return o.Name == name })
}

// nearest is the variable that the program reads and that is most likely meant; "" if none is near.
func (c *checker) nearest(name string) string {
	type candidate struct {
		name  string
		apart int
	}
	var all []candidate
	for other, o := range c.options {
		if o.in(c.Version) == doesRead {
			if apart, near := distance(name, other); near {
				all = append(all, candidate{other, apart})
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	return slices.MinFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.apart, b.apart), cmp.Compare(a.name, b.name))
	}).name
}
