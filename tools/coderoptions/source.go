package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// pkg is a package of Coder's source, read and not type-checked: what it imports need not be there.
type pkg struct {
	name    string
	files   *token.FileSet
	methods map[string]*ast.FuncDecl
	// values are the package's constants and variables, types its types.
	values, types map[string]ast.Expr
}

// built says which files are in the program that Coder's image has: not those of the slim build, nor of other systems.
var built = build.Context{GOOS: "linux", GOARCH: "amd64", Compiler: "gc"}

// parsePackage reads the files of a directory, without tests.
func parsePackage(dir string) (*pkg, error) {
	p := &pkg{files: token.NewFileSet(), methods: map[string]*ast.FuncDecl{}, values: map[string]ast.Expr{}, types: map[string]ast.Expr{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		if match, err := built.MatchFile(dir, entry.Name()); err != nil || !match {
			if err != nil {
				return nil, err
			}
			continue
		}
		file, err := parser.ParseFile(p.files, filepath.Join(dir, entry.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.name = file.Name.Name
		for _, d := range file.Decls {
			p.declare(d)
		}
	}
	return p, nil
}

func (p *pkg) declare(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			p.methods[receiver(d)+"."+d.Name.Name] = d
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				p.types[spec.Name.Name] = spec.Type
			case *ast.ValueSpec:
				for i, name := range spec.Names {
					if i < len(spec.Values) {
						p.values[name.Name] = spec.Values[i]
					}
				}
			}
		}
	}
}

// receiver is the name of the type that a method is of.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// method is one of a type; nil if there is none.
func (p *pkg) method(of, name string) *ast.FuncDecl { return p.methods[of+"."+name] }

// field is the value that a literal of a struct gives to a field; nil if it gives none.
func field(literal *ast.CompositeLit, name string) ast.Expr {
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && key.Name == name {
				return pair.Value
			}
		}
	}
	return nil
}

// marked reports whether the annotations of an option, as a literal, name a mark. Without one it is.
func (p *pkg) marked(literal *ast.CompositeLit, mark string) bool {
	if mark == "" {
		return true
	}
	annotations := field(literal, "Annotations")
	return annotations != nil && strings.Contains(p.print(annotations), "Mark("+mark+", \"true\")")
}

// text is the value of a constant expression of strings.
func (p *pkg) text(e ast.Expr) (string, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return strconv.Unquote(e.Value)
		}
	case *ast.Ident:
		if value := p.values[e.Name]; value != nil {
			return p.text(value)
		}
	case *ast.CallExpr:
		// A conversion.
		if len(e.Args) == 1 {
			return p.text(e.Args[0])
		}
	}
	return "", fmt.Errorf("the text of %s is not known", p.print(e))
}

// of names the types of values that serpent makes of a pointer to a Go value.
var of = map[string]string{
	"StringOf": "string", "BoolOf": "bool", "Int64Of": "int", "DurationOf": "duration", "URLOf": "url", "StringArrayOf": "string-array",
}

// typed names the types of values that serpent has, as its help does.
var typed = map[string]string{
	"String": "string", "Bool": "bool", "Int64": "int", "Duration": "duration", "URL": "url", "StringArray": "string-array",
	"HostPort": "host:port", "Regexp": "regexp", "YAMLConfigPath": "yaml-config-path",
}

// typeOf is the type of an option's value, given to it inside of a function.
func (p *pkg) typeOf(value ast.Expr, inside *ast.FuncDecl) (string, error) {
	switch value := value.(type) {
	case *ast.UnaryExpr:
		declared, err := p.declared(value.X, inside)
		if err != nil {
			return "", err
		}
		return p.typeNamed(declared)
	case *ast.CallExpr:
		function, ok := value.Fun.(*ast.SelectorExpr)
		if !ok {
			break
		}
		switch name := function.Sel.Name; {
		case of[name] != "":
			return of[name], nil
		case name == "Validate":
			return p.typeOf(value.Args[0], inside)
		case name == "EnumOf":
			return p.choices(value.Args[1:])
		}
	}
	return "", fmt.Errorf("the type of %s is not known", p.print(value))
}

// choices are the values that an enumeration allows, one after the other or as a variable that holds them.
func (p *pkg) choices(arguments []ast.Expr) (string, error) {
	if name, ok := arguments[0].(*ast.Ident); ok && len(arguments) == 1 {
		if literal, ok := p.values[name.Name].(*ast.CompositeLit); ok {
			arguments = literal.Elts
		}
	}
	var all []string
	for _, argument := range arguments {
		choice, err := p.text(argument)
		if err != nil {
			return "", err
		}
		all = append(all, choice)
	}
	return "enum[" + strings.Join(all, "|") + "]", nil
}

// declared is the type that the struct of a method declares for a field, such as c.TLS.Address.
func (p *pkg) declared(e ast.Expr, inside *ast.FuncDecl) (ast.Expr, error) {
	var path []string
	for {
		selector, ok := e.(*ast.SelectorExpr)
		if !ok {
			break
		}
		path, e = append(path, selector.Sel.Name), selector.X
	}
	slices.Reverse(path)
	root, ok := e.(*ast.Ident)
	if ok && len(path) == 0 {
		if declared := variable(inside, root.Name); declared != nil {
			return declared, nil
		}
	}
	names := inside.Recv.List[0].Names
	if !ok || len(names) == 0 || root.Name != names[0].Name {
		return nil, fmt.Errorf("%s is no field of the receiver", p.print(e))
	}
	var current ast.Expr = ast.NewIdent(receiver(inside))
	for _, name := range path {
		next := p.fieldType(current, name)
		if next == nil {
			return nil, fmt.Errorf("%s has no field %s", p.print(current), name)
		}
		current = next
	}
	return current, nil
}

// variable is the type that a function declares for a variable of its own; nil if it declares none.
func variable(inside *ast.FuncDecl, name string) ast.Expr {
	var found ast.Expr
	ast.Inspect(inside.Body, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && slices.ContainsFunc(spec.Names, func(i *ast.Ident) bool { return i.Name == name }) {
			found = spec.Type
		}
		return found == nil
	})
	return found
}

// fieldType is the type of a field of a struct; nil if it is not a struct with that field.
func (p *pkg) fieldType(t ast.Expr, name string) ast.Expr {
	if named, ok := t.(*ast.Ident); ok {
		t = p.types[named.Name]
	}
	fields, ok := t.(*ast.StructType)
	if !ok {
		return nil
	}
	for _, f := range fields.Fields.List {
		if slices.ContainsFunc(f.Names, func(i *ast.Ident) bool { return i.Name == name }) {
			return f.Type
		}
	}
	return nil
}

// typeNamed is the name that serpent's help has for a type of a value.
func (p *pkg) typeNamed(t ast.Expr) (string, error) {
	switch t := t.(type) {
	case *ast.SelectorExpr:
		if name := typed[t.Sel.Name]; name != "" {
			return name, nil
		}
	case *ast.IndexExpr:
		if generic, ok := t.X.(*ast.SelectorExpr); ok && generic.Sel.Name == "Struct" {
			return "struct[" + p.qualified(t.Index) + "]", nil
		}
	}
	return "", fmt.Errorf("serpent's name for %s is not known", p.print(t))
}

// qualified prints a type as Go does for a value of it: types of the package with its name.
func (p *pkg) qualified(t ast.Expr) string {
	if array, ok := t.(*ast.ArrayType); ok && array.Len == nil {
		return "[]" + p.qualified(array.Elt)
	}
	if name, ok := t.(*ast.Ident); ok && p.types[name.Name] != nil {
		return p.name + "." + name.Name
	}
	return p.print(t)
}

func (p *pkg) print(n ast.Node) string {
	var b strings.Builder
	if err := printer.Fprint(&b, p.files, n); err != nil {
		return err.Error()
	}
	return b.String()
}

// asked are the variables that a file asks the environment for by their names.
func asked(file string) ([]string, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var names []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			return true
		}
		function, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Getenv", "LookupEnv", "Get", "Lookup"}, function.Sel.Name) {
			return true
		}
		if name, ok := call.Args[0].(*ast.BasicLit); ok && strings.HasPrefix(name.Value, `"CODER_`) {
			if text, err := strconv.Unquote(name.Value); err == nil {
				names = append(names, text)
			}
		}
		return true
	})
	return names, nil
}
