package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// listed is a package as `go list -json` describes it.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Deps           []string
	DepOnly                 bool
}

// list runs `go list`.
func list(ctx context.Context, arguments ...string) ([]listed, error) {
	command := exec.CommandContext(ctx, "go", append([]string{"list", "-json=ImportPath,Dir,Export,GoFiles,Deps,DepOnly"}, arguments...)...)
	var messages bytes.Buffer
	command.Stderr = &messages
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, messages.String())
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var l listed
		if err := decoder.Decode(&l); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
}

// source is a file with the types of its expressions.
type source struct {
	path string
	text []byte
	tree *ast.File
	info *types.Info
	pkg  *types.Package
	set  *token.FileSet
}

// offset is where a position is in the text.
func (s *source) offset(p token.Pos) int { return s.set.Position(p).Offset }

// load reads and checks the files of packages, of which mutable says whether they are wanted.
func load(ctx context.Context, patterns []string, mutable func(path string) bool) ([]*source, error) {
	all, err := list(ctx, append([]string{"-export", "-deps"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, l := range all {
		exports[l.ImportPath] = l.Export
	}
	set := token.NewFileSet()
	imports := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("there is no package %s", path)
		}
		return os.Open(exports[path])
	})
	var sources []*source
	for _, l := range all {
		if l.DepOnly {
			continue
		}
		found, err := check(l, set, imports)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			if mutable(s.path) {
				sources = append(sources, s)
			}
		}
	}
	return sources, nil
}

// check reads the files of one package.
func check(l listed, set *token.FileSet, imports types.Importer) ([]*source, error) {
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	var sources []*source
	var trees []*ast.File
	for _, name := range l.GoFiles {
		path := filepath.Join(l.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		trees = append(trees, tree)
		sources = append(sources, &source{path: path, text: text, tree: tree, info: info, set: set})
	}
	config := types.Config{Importer: imports}
	pkg, err := config.Check(l.ImportPath, set, trees, info)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		s.pkg = pkg
	}
	return sources, nil
}

// relative is a path below the repository, with slashes.
func relative(root, path string) string {
	return filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
}
