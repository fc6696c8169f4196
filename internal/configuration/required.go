package configuration

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Required is something from elsewhere that a configuration names.
type Required struct {
	// Name is the full source of a provider, the source of a module, or an image.
	Name string
	// Version is what is asked for, as it is written; "" where nothing is said.
	Version string
	Where   diagnostic.Range
}

// Requirements are what a configuration and the modules in it need from elsewhere, in the order of their places.
type Requirements struct {
	Providers []Required
	// Locked are the versions of a lock file.
	Locked  []Required
	Modules []Required
	// Images are texts that can be nothing but container images: a registry with a dot, a repository, and a tag or a digest.
	Images []Required
}

// lockFile is what an init writes beside a root module.
const lockFile = ".terraform.lock.hcl"

// Require reads what the root module in dir and all local modules below it need. Places are named relative to base, unless that is empty.
func Require(dir, base string) (*Requirements, error) {
	q := &requirer{reader: &reader{parser: hclparse.NewParser(), base: base, installed: map[string]string{}}, seen: map[string]bool{}}
	root, err := q.module(dir, "")
	if err != nil {
		return nil, err
	}
	if root != nil {
		err = q.all(root)
	}
	if lock := filepath.Join(dir, lockFile); err == nil && exists(lock) {
		err = q.lock(lock)
	}
	return &q.found, err
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

type requirer struct {
	*reader
	seen  map[string]bool
	found Requirements
}

// all reads a module and those that it calls, each directory once.
func (q *requirer) all(m *Module) error {
	if q.seen[m.Dir] {
		return nil
	}
	q.seen[m.Dir] = true
	files, err := filepath.Glob(filepath.Join(m.Dir, "*.t*f*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if ext := filepath.Ext(file); ext != ".tf" && ext != ".tofu" {
			continue
		}
		if err := q.file(file); err != nil {
			return err
		}
	}
	for _, name := range sortedCalls(m.Calls) {
		if err := q.all(m.Calls[name]); err != nil {
			return err
		}
	}
	return nil
}

func sortedCalls(calls map[string]*Module) []string {
	names := make([]string, 0, len(calls))
	for name := range calls {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (q *requirer) file(file string) error {
	body, err := q.parse(file)
	if err != nil {
		return err
	}
	for _, block := range body.Blocks {
		switch block.Type {
		case "terraform":
			for _, inner := range block.Body.Blocks {
				if inner.Type == "required_providers" {
					q.providers(inner.Body)
				}
			}
		case "module":
			q.call(block)
		}
	}
	q.images(body)
	return nil
}

func (q *requirer) providers(body *hclsyntax.Body) {
	for _, attribute := range inOrder(body.Attributes) {
		r := Required{Name: attribute.Name, Where: q.at(attribute.Expr.Range())}
		if value, problems := attribute.Expr.Value(nil); !problems.HasErrors() {
			if value.Type().IsObjectType() {
				if source := constant(value, "source"); source != "" {
					r.Name = source
				}
				r.Version = constant(value, "version")
			} else if value.Type() == cty.String {
				r.Version = value.AsString() // how Terraform 0.12 wrote it
			}
		}
		r.Name = providerAddress(r.Name)
		q.found.Providers = append(q.found.Providers, r)
	}
}

// defaultRegistry is where providers are whose source names no registry (Terraform documentation, "Provider requirements").
const defaultRegistry = "registry.terraform.io"

// providerAddress is the full address of a provider's source.
func providerAddress(source string) string {
	switch strings.Count(source, "/") {
	case 0:
		return defaultRegistry + "/hashicorp/" + source
	case 1:
		return defaultRegistry + "/" + source
	}
	return source
}

// call notes a module that comes from elsewhere.
func (q *requirer) call(block *hclsyntax.Block) {
	source, written := block.Body.Attributes["source"]
	if !written {
		return
	}
	r := Required{Name: text(source.Expr), Where: q.at(source.Expr.Range())}
	if version, is := block.Body.Attributes["version"]; is {
		r.Version = text(version.Expr)
	}
	if r.Name != "" && !strings.HasPrefix(r.Name, "./") && !strings.HasPrefix(r.Name, "../") {
		q.found.Modules = append(q.found.Modules, r)
	}
}

// image matches what can be nothing but a container image with a fixed version. A text with :// is an address.
var image = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?$`)

// images notes the constant texts of a file that are images. Messages and descriptions only speak of images, in sentences.
func (q *requirer) images(body *hclsyntax.Body) {
	var walk func(body *hclsyntax.Body)
	walk = func(body *hclsyntax.Body) {
		for _, attribute := range inOrder(body.Attributes) {
			if attribute.Name != "source" {
				_ = hclsyntax.VisitAll(attribute.Expr, func(node hclsyntax.Node) hcl.Diagnostics {
					if template, is := node.(*hclsyntax.TemplateExpr); is && template.IsStringLiteral() {
						q.image(template)
					}
					return nil
				}) // which reports what is returned: nothing
			}
		}
		for _, block := range body.Blocks {
			walk(block.Body)
		}
	}
	walk(body)
}

func (q *requirer) image(template *hclsyntax.TemplateExpr) {
	named := text(template)
	last := named[strings.LastIndex(named, "/")+1:]
	if image.MatchString(named) && strings.ContainsAny(last, ":@") {
		q.found.Images = append(q.found.Images, Required{Name: named, Where: q.at(template.Range())})
	}
}

// lock reads the versions of a lock file.
func (q *requirer) lock(file string) error {
	body, err := q.parse(file)
	if err != nil {
		return err
	}
	for _, block := range body.Blocks {
		version := block.Body.Attributes["version"]
		if block.Type == "provider" && len(block.Labels) == 1 && version != nil {
			q.found.Locked = append(q.found.Locked, Required{Name: block.Labels[0], Version: text(version.Expr), Where: q.at(block.DefRange())})
		}
	}
	return nil
}

// at is a place, named relative to the reader's base.
func (r *reader) at(found hcl.Range) diagnostic.Range {
	if relative, err := filepath.Rel(r.base, found.Filename); err == nil && r.base != "" {
		found.Filename = filepath.ToSlash(relative)
	}
	return diagnostic.Range{File: found.Filename, Line: found.Start.Line, Column: found.Start.Column, EndColumn: found.End.Column}
}

// inOrder are attributes in the order of their places.
func inOrder(attributes hclsyntax.Attributes) []*hclsyntax.Attribute {
	all := make([]*hclsyntax.Attribute, 0, len(attributes))
	for _, attribute := range attributes {
		all = append(all, attribute)
	}
	slices.SortFunc(all, func(a, b *hclsyntax.Attribute) int { return cmp.Compare(a.SrcRange.Start.Byte, b.SrcRange.Start.Byte) })
	return all
}

// text is a constant text; "" if it is none.
func text(expr hcl.Expression) string {
	value, problems := expr.Value(nil)
	if problems.HasErrors() || value.IsNull() || !value.IsKnown() || value.Type() != cty.String {
		return ""
	}
	return value.AsString()
}

// constant is an attribute of an object that is a constant text; "" if it is none.
func constant(object cty.Value, name string) string {
	if !object.Type().HasAttribute(name) {
		return ""
	}
	value := object.GetAttr(name)
	if value.IsNull() || !value.IsKnown() || value.Type() != cty.String {
		return ""
	}
	return value.AsString()
}
