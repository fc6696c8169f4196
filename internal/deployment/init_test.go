package deployment

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

func smallPattern(t *testing.T) Pattern {
	t.Helper()
	p, err := FindPattern(fixture(), "sr-small")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tree returns the files below dir with their texts.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestPattern(t *testing.T) {
	p := smallPattern(t)
	want := []string{"sr-small", "SR-Small: one zone, for a first look.",
		"Ten people, one database writer; not for production.", "patterns/sr-small.tfvars"}
	if diff := cmp.Diff(want, []string{p.Name, p.Title, p.Summary, p.Files[0].Path}); diff != "" {
		t.Errorf("pattern (-want +got):\n%s", diff)
	}
	questions, err := p.Questions()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, q := range questions {
		got[q.Setting] = q.Default
	}
	if diff := cmp.Diff(map[string]string{"domain": "", "region": "us-east-1", "name": "coder"}, got); diff != "" {
		t.Errorf("questions and defaults (-want +got):\n%s", diff)
	}
	if _, err := FindPattern(fixture(), "sr-smal"); diagnostic.From(err)[0].Todo != "Did you mean sr-small?" {
		t.Errorf("FindPattern: %v", err)
	}
}

func TestInit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "deployment")
	answers := Answers{"domain": "dev.example.org", "region": "eu-west-1", "name": "dev"}
	if err := Init(dir, smallPattern(t), answers); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		".gitignore": ".coderaws/\n",
		"eu-west-1.tfvars": `# coderaws deployment format 1
# SR-Small: one zone, for a first look.
# Ten people, one database writer; not for production.
#
# Everything below can be changed.

# Where it runs.
region = "eu-west-1" # the nearest one
domain = "dev.example.org"

# The database.
database = {
  min_acu = 0.5 # idle cost
  max_acu = 4
}
name = "dev"
`}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if _, list := Load(dir, fixture()); list != nil {
		t.Errorf("what Init writes does not load: %v", list)
	}

	answers["region"] = "us-west-2"
	if err := Init(dir, smallPattern(t), answers); err != nil {
		t.Fatalf("a second region: %v", err)
	}
	if d, list := Load(dir, fixture()); list != nil || len(d.Regions) != 2 {
		t.Errorf("two regions: %v %v", d, list)
	}
}

// TestInitRefuses is the specification of when Init writes nothing at all.
func TestInitRefuses(t *testing.T) {
	tests := []struct {
		name    string
		answers Answers
		files   map[string]string
		code    string
		todo    string
	}{
		{name: "no domain", answers: Answers{}, code: "deployment.missing_answer", todo: "Give it with --domain."},
		{name: "not a region", answers: Answers{"domain": "a.b", "region": "us-esat-1x"}, code: "deployment.invalid_answer",
			todo: "Did you mean us-east-1?"},
		{name: "a broken rule", answers: Answers{"domain": "https://a.b"}, code: "deployment.invalid_answer", todo: "Give another domain."},
		{name: "an answer to no question", answers: Answers{"domain": "a.b", "tags": "x"}, code: "deployment.unknown_setting",
			todo: "Set it in the new file instead."},
		{name: "the region exists", answers: Answers{"domain": "a.b"}, files: map[string]string{"us-east-1.tfvars": "mine"},
			code: "deployment.exists"},
		{name: "the region exists as JSON", answers: Answers{"domain": "a.b"},
			files: map[string]string{"us-east-1.tfvars.json": "{}"}, code: "deployment.exists"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := directory(t, test.files)
			err := Init(dir, smallPattern(t), test.answers)
			found := diagnostic.From(err)
			if len(found) != 1 || found[0].Code != test.code || test.todo != "" && found[0].Todo != test.todo {
				t.Errorf("got %+v, want %s with %q", found, test.code, test.todo)
			}
			want := test.files
			if want == nil {
				want = map[string]string{}
			}
			if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInitKeepsGitignore(t *testing.T) {
	for old, want := range map[string]string{
		"*.log":           "*.log\n.coderaws/\n",
		"/.coderaws\n":    "/.coderaws\n",
		"":                ".coderaws/\n",
		"a\n.coderaws/\n": "a\n.coderaws/\n",
	} {
		dir := directory(t, map[string]string{".gitignore": old})
		if err := Init(dir, smallPattern(t), Answers{"domain": "a.b"}); err != nil {
			t.Fatal(err)
		}
		if got := tree(t, dir)[".gitignore"]; got != want {
			t.Errorf("%q became %q, want %q", old, got, want)
		}
	}
}

func TestInitLeavesNothingBehind(t *testing.T) {
	t.Run("a file in the path", func(t *testing.T) {
		dir := directory(t, map[string]string{"file": "x"})
		err := Init(filepath.Join(dir, "file", "deployment"), smallPattern(t), Answers{"domain": "a.b"})
		if found := diagnostic.From(err); len(found) != 1 || found[0].Code != "deployment.not_writable" ||
			!strings.Contains(found[0].Todo, "is a file") {
			t.Errorf("got %+v", found)
		}
	})
	t.Run("a .gitignore that cannot be read", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, ".gitignore"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := Init(dir, smallPattern(t), Answers{"domain": "a.b"}); err == nil {
			t.Error("no error")
		}
		if diff := cmp.Diff(map[string]string{}, tree(t, dir)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	})
}

// TestInitOnFullDisk runs Init in a process whose files may not have a single byte, so that the write fails as on a full
// disk: after the file was made.
func TestInitOnFullDisk(t *testing.T) {
	const variable = "DEPLOYMENT_TEST_INIT"
	if dir := os.Getenv(variable); dir != "" {
		err := Init(dir, smallPattern(t), Answers{"domain": "a.b"})
		if found := diagnostic.From(err); len(found) != 1 || found[0].Code != "deployment.not_writable" {
			t.Errorf("got %+v", found)
		}
		return
	}
	dir := filepath.Join(t.TempDir(), "new")
	limited := exec.Command("sh", "-c", `ulimit -f 0 && exec "$0" -test.run '^TestInitOnFullDisk$'`, os.Args[0])
	limited.Env = append(os.Environ(), variable+"="+dir)
	if out, err := limited.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left behind: %v", dir, err)
	}
}

// TestWriteFinding is the specification of what a user is told when the system refuses a write.
func TestWriteFinding(t *testing.T) {
	for number, want := range map[syscall.Errno]string{
		syscall.ENOSPC:  "Free some space",
		syscall.EDQUOT:  "Free some space",
		syscall.EROFS:   "mounted for writing",
		syscall.EACCES:  "a directory of your own",
		syscall.ENOTDIR: "a part of this path is a file",
		syscall.EIO:     "Check the path",
	} {
		f := writeFinding("dir/us-east-1.tfvars", &fs.PathError{Op: "write", Path: "dir/.tmp", Err: number})
		if !strings.Contains(f.Todo, want) || f.Why != number.Error() || f.Where.File != "dir/us-east-1.tfvars" {
			t.Errorf("%v: %+v", number, f)
		}
	}
}
