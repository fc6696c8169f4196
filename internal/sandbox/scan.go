package sandbox

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// scanner collects the names of the providers' types out of Terraform files. What it cannot read it passes over: Terraform will complain
// about it.
type scanner struct {
	names map[string]bool
	// releases are the directories whose files name Helm releases, in which Terraform may run.
	releases []string
	// seen are the directories that were read already.
	seen map[string]bool
}

// typeName matches the name of a resource type or data source where it stands for itself, in both syntaxes and in state.
var typeName = regexp.MustCompile(`"(aws_[a-z0-9_]+|helm_release)"`)

// releaseType is the one type of the Helm provider.
const releaseType = "helm_release"

// directory reads all files below a directory, and the modules that its configurations use from elsewhere.
func (s *scanner) directory(dir string) {
	dir = filepath.Clean(dir)
	if s.seen[dir] {
		return
	}
	s.seen[dir] = true
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && path != dir && s.seen[filepath.Clean(path)]:
			return fs.SkipDir
		case entry.IsDir():
			s.seen[filepath.Clean(path)] = true
		case strings.HasSuffix(filepath.ToSlash(path), ".terraform/modules/modules.json"):
			s.manifest(path)
		case namesTypes(path):
			s.file(path)
		}
		return nil
	})
}

func (s *scanner) file(path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	for _, match := range typeName.FindAllSubmatch(text, -1) {
		s.names[string(match[1])] = true
		if dir := filepath.Dir(path); string(match[1]) == releaseType && !slices.Contains(s.releases, dir) {
			s.releases = append(s.releases, dir)
		}
	}
}

// manifest reads the list of modules that `terraform init` writes. Modules with a local source stay where they are, which may be outside
// of the directory.
func (s *scanner) manifest(path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	var list struct {
		Modules []struct{ Dir string }
	}
	if json.Unmarshal(text, &list) != nil {
		return
	}
	root := filepath.Dir(filepath.Dir(filepath.Dir(path)))
	for _, module := range list.Modules {
		if filepath.IsAbs(module.Dir) {
			s.directory(module.Dir)
		} else {
			s.directory(filepath.Join(root, module.Dir))
		}
	}
}

// namesTypes reports whether a file can name types: configuration in both syntaxes, of both programs, and state.
func namesTypes(path string) bool {
	for _, suffix := range []string{".tf", ".tf.json", ".tofu", ".tofu.json", ".tfstate", ".tfstate.backup", ".tftest.hcl"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	return false
}
