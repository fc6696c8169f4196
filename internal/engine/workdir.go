package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

const (
	// stateDir is the directory inside a deployment that holds all that coderaws keeps.
	stateDir = ".coderaws"
	// layoutFormat numbers the layout of a Workdir. Raise it when an older program could no longer work in a newer one.
	layoutFormat = 1
	metaFile     = "meta.json"
	lockHCL      = ".terraform.lock.hcl"
)

// sourceDirs are the top directories of the source that a stack can refer to.
var sourceDirs = []string{"stacks", "modules", "charts"}

// Workdir is where an engine runs for one target and region of a deployment: a copy of the source beside its state.
type Workdir struct {
	// Root is absolute: <deployment>/.coderaws/<target>/<region>.
	Root string
	// files maps each copied file (slash-separated, below Root) to the SHA-256 of its content in the source.
	files map[string]string
}

// meta is the content of meta.json.
type meta struct {
	Format  int    `json:"format"`
	Program string `json:"program"`
	// Files are those written by coderaws, the only ones that it may replace or remove.
	Files map[string]string `json:"files"`
}

// Root is where the working directory of a deployment's target and region is, whether it was laid out or not.
func Root(deployment, target, region string) string {
	return filepath.Join(deployment, stateDir, target, region)
}

// OpenWorkdir lays out the working directory of a deployment's target and region from source, the tree that holds stacks/ and
// modules/. Files that are already right are left alone, files of an older source are removed, and nothing else is touched.
// program is this program's version, for the record. Errors are diagnostics: a layout of a newer program, a directory that
// cannot be written, a full disk.
func OpenWorkdir(deployment, target, region string, source fs.FS, program string) (*Workdir, error) {
	for _, name := range []string{target, region} {
		if name == "" || name != filepath.Base(name) || strings.HasPrefix(name, ".") {
			return nil, diagnostic.Errorf("%q cannot be part of a path", name)
		}
	}
	root, err := filepath.Abs(Root(deployment, target, region))
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(deployment); err != nil || !info.IsDir() {
		return nil, diagnostic.Errorf("%s is not a directory", deployment)
	}
	// State can hold what nobody else on the machine should read.
	if err := os.MkdirAll(filepath.Join(root, "run"), 0o700); err != nil {
		return nil, fileFinding(err, root)
	}
	// The whole directory stays out of version control, whatever the deployment's own .gitignore says.
	if err := writeIfChanged(filepath.Join(filepath.Dir(filepath.Dir(root)), ".gitignore"), []byte("*\n")); err != nil {
		return nil, err
	}
	w := &Workdir{Root: root}
	if err := w.sync(source, program); err != nil {
		return nil, err
	}
	return w, nil
}

// StackDir is the directory in which a stack's engine runs and its state lies.
func (w *Workdir) StackDir(stack string) string { return filepath.Join(w.Root, "stacks", stack) }

// HasState tells whether a stack has a state file here: it was applied before, if only in part, and its state is kept in the Workdir. See
// Stack.HasState for states wherever they are kept.
func (w *Workdir) HasState(stack string) bool {
	info, err := os.Stat(filepath.Join(w.StackDir(stack), stateFile))
	return err == nil && info.Size() > 0
}

func (w *Workdir) sync(source fs.FS, program string) error {
	old, err := w.readMeta()
	if err != nil {
		return err
	}
	contents, err := readSource(source)
	if err != nil {
		return err
	}
	w.files = make(map[string]string, len(contents))
	for name, text := range contents {
		sum := sha256.Sum256(text)
		w.files[name] = hex.EncodeToString(sum[:])
	}
	current := meta{layoutFormat, program, w.files}
	if !maps.Equal(old.Files, w.files) {
		// Before anything is written every path is on record, so that an interrupted copy leaves no file unaccounted for.
		pending := meta{layoutFormat, program, maps.Clone(w.files)}
		for name := range pending.Files {
			pending.Files[name] = ""
		}
		maps.Copy(pending.Files, old.Files)
		if err := w.writeMeta(pending); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		if path.Base(name) == lockHCL && old.Files[name] == w.files[name] && w.exists(name) {
			// Init adds the hashes of this platform to the lock file; only a new lock in the source replaces that.
			continue
		}
		if err := w.place(name, contents[name]); err != nil {
			return err
		}
	}
	for name := range old.Files {
		if _, kept := w.files[name]; !kept {
			if err := w.remove(name); err != nil {
				return err
			}
		}
	}
	if !maps.Equal(old.Files, w.files) || old.Program != program || old.Format != layoutFormat {
		return w.writeMeta(current)
	}
	return nil
}

func (w *Workdir) exists(name string) bool {
	_, err := os.Stat(w.local(name))
	return err == nil
}

func (w *Workdir) local(name string) string { return filepath.Join(w.Root, filepath.FromSlash(name)) }

func (w *Workdir) place(name string, text []byte) error {
	file := w.local(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fileFinding(err, file)
	}
	// A copy that a power failure empties is made again by the next run, which compares them.
	return changed(file, text, atomicfile.WriteCopy)
}

// remove deletes a file of an older source and the directories that it leaves empty.
func (w *Workdir) remove(name string) error {
	if !fs.ValidPath(name) {
		return nil // not written by this program: the record was edited
	}
	file := w.local(name)
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, file)
	}
	for dir := filepath.Dir(file); dir != w.Root; dir = filepath.Dir(dir) {
		if os.Remove(dir) != nil {
			break // not empty
		}
	}
	return nil
}

func (w *Workdir) readMeta() (meta, error) {
	file := filepath.Join(w.Root, metaFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return meta{}, nil
	}
	if err != nil {
		return meta{}, fileFinding(err, file)
	}
	var m meta
	if json.Unmarshal(text, &m) != nil {
		// A damaged record costs a fresh copy; what is in doubt is rewritten, and nothing is removed.
		return meta{}, nil
	}
	if m.Format > layoutFormat {
		d := diagnostic.Errorf("%s was made by a newer coderaws (%s)", w.Root, m.Program)
		d.Code = "engine.newer_format"
		d.Why = "its layout has a format that this version does not know, and working in it could damage its state"
		d.Todo = "use coderaws " + m.Program + " or later for this deployment"
		d.Where = &diagnostic.Range{File: file}
		return meta{}, d
	}
	return m, nil
}

func (w *Workdir) writeMeta(m meta) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return writeIfChanged(filepath.Join(w.Root, metaFile), append(text, '\n'))
}

func readSource(source fs.FS) (map[string][]byte, error) {
	contents := map[string][]byte{}
	for _, dir := range sourceDirs {
		if _, err := fs.Stat(source, dir); errors.Is(err, fs.ErrNotExist) && dir != "stacks" {
			continue
		}
		err := fs.WalkDir(source, dir, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() {
				// What Terraform leaves in a tree that somebody works in is no part of the source.
				if entry.Name() == ".terraform" {
					return fs.SkipDir
				}
				return nil
			}
			if strings.HasSuffix(name, ".tfstate") || strings.HasSuffix(name, ".tfstate.backup") {
				return nil
			}
			contents[name], err = fs.ReadFile(source, name)
			return err
		})
		if err != nil {
			return nil, diagnostic.Errorf("the Terraform source cannot be read: %v", err)
		}
	}
	return contents, nil
}

// writeIfChanged writes a file that nobody else may read, unless it has that content.
func writeIfChanged(file string, text []byte) error { return changed(file, text, atomicfile.Write) }

func changed(file string, text []byte, write func(string, []byte, fs.FileMode) error) error {
	if have, err := os.ReadFile(file); err == nil && bytes.Equal(have, text) {
		return nil
	}
	if err := write(file, text, 0o600); err != nil {
		return fileFinding(err, file)
	}
	return nil
}
