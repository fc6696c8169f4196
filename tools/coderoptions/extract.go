package main

import (
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// release is what the programs of one version of Coder read.
type release struct {
	// version has no leading v; serpent is that of the library that parses the values, with one.
	version, serpent string
	// The options by the programs that read them, each with the type of its value.
	server, proxy, provisioner, every map[string]string
}

// declaration is a function of Coder's source that declares options.
type declaration struct {
	dir, receiver, function string
	// since some version only, so that it need not be there.
	optional bool
	// marked is what an option is annotated with to count; empty if all do.
	marked string
}

var (
	serverOptions = []declaration{{dir: "codersdk", receiver: "DeploymentValues", function: "Options"}}
	// A workspace proxy filters the server's options by their mark, and adds its own (IsWorkspaceProxies of codersdk).
	proxyOptions = []declaration{
		{dir: "codersdk", receiver: "DeploymentValues", function: "Options", marked: "annotationExternalProxies"},
		{dir: "enterprise/cli", receiver: "RootCmd", function: "proxyServer"},
	}
	provisionerOptions = []declaration{
		{dir: "enterprise/cli", receiver: "RootCmd", function: "provisionerDaemonStart"},
		{dir: "cli", receiver: "OrganizationContext", function: "AttachOptions"},
	}
	rootOptions = []declaration{
		{dir: "cli", receiver: "RootCmd", function: "Command"},
		{dir: "cli", receiver: "AgentAuth", function: "AttachOptions", optional: true},
	}
	// asking are the files of the server and of what is common to all programs that ask the environment for a variable by its name.
	asking = []string{"cli/root.go", "cli/server.go", "coderd/telemetry/telemetry.go"}
)

// extract reads the options of all programs from an unpacked source.
func extract(dir string) (release, error) {
	var r release
	var err error
	if r.serpent, err = required(dir, "github.com/coder/serpent"); err != nil {
		return r, err
	}
	s := &source{dir: dir, packages: map[string]*pkg{}}
	for _, program := range []struct {
		into *map[string]string
		from []declaration
	}{{&r.server, serverOptions}, {&r.proxy, proxyOptions}, {&r.provisioner, provisionerOptions}, {&r.every, rootOptions}} {
		*program.into = map[string]string{}
		for _, d := range program.from {
			if err := s.options(d, *program.into); err != nil {
				return r, err
			}
		}
	}
	for _, file := range asking {
		names, err := asked(filepath.Join(dir, file))
		if err != nil {
			return r, err
		}
		for _, name := range names {
			if r.server[name] == "" && r.every[name] == "" {
				r.every[name] = "string"
			}
		}
	}
	// What has another name, such as WGTUNNEL_HOST, is nobody's mistake to make.
	for _, options := range []map[string]string{r.server, r.proxy, r.provisioner, r.every} {
		maps.DeleteFunc(options, func(name, _ string) bool { return !strings.HasPrefix(name, "CODER_") })
	}
	return r, nil
}

// required is the version of a module that go.mod asks for.
func required(dir, module string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	match := regexp.MustCompile(`(?m)^\s*(?:require )?` + regexp.QuoteMeta(module) + ` (v\S+)`).FindSubmatch(text)
	if match == nil {
		return "", fmt.Errorf("go.mod does not require %s", module)
	}
	return string(match[1]), nil
}

// source is the unpacked source with its packages as far as they were read.
type source struct {
	dir      string
	packages map[string]*pkg
}

// options adds those that a function declares.
func (s *source) options(d declaration, into map[string]string) error {
	p := s.packages[d.dir]
	if p == nil {
		var err error
		if p, err = parsePackage(filepath.Join(s.dir, d.dir)); err != nil {
			return err
		}
		s.packages[d.dir] = p
	}
	function := p.method(d.receiver, d.function)
	if function == nil {
		if d.optional {
			return nil
		}
		return fmt.Errorf("package %s has no function (%s).%s", d.dir, d.receiver, d.function)
	}
	var failed error
	ast.Inspect(function.Body, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok || failed != nil {
			return failed == nil
		}
		env, value := field(literal, "Env"), field(literal, "Value")
		if env == nil || value == nil || !p.marked(literal, d.marked) {
			return true
		}
		name, err := p.text(env)
		if err == nil && name != "" {
			into[name], err = p.typeOf(value, function)
		}
		if err != nil {
			failed = fmt.Errorf("%s: %w", p.files.Position(literal.Pos()), err)
		}
		return true
	})
	return failed
}
