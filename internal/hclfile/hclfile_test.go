package hclfile

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestRead: only a regular file of a size that makes sense is read, and nothing else is opened.
func TestRead(t *testing.T) {
	limits := Limits{Size: 1 << 10}
	dir := t.TempDir()
	for _, test := range []struct {
		name string
		make func(path string) error
		code string
		// why is a part of the finding.
		why string
	}{
		{"a file", func(path string) error { return os.WriteFile(path, []byte("a = 1\n"), 0o600) }, "", ""},
		{"the largest file", func(path string) error { return os.WriteFile(path, make([]byte, 1<<10), 0o600) }, "", ""},
		{"a larger one", func(path string) error { return os.WriteFile(path, make([]byte, 1<<10+1), 0o600) }, TooLarge, "more than 1 KiB"},
		{"nothing", func(string) error { return nil }, Unreadable, "no such file"},
		{"a directory", func(path string) error { return os.Mkdir(path, 0o700) }, Unreadable, "a directory"},
		{"a pipe that nobody writes into", func(path string) error { return syscall.Mkfifo(path, 0o600) }, Unreadable, "a pipe"},
		{"a device without an end", func(path string) error { return os.Symlink("/dev/zero", path) }, Unreadable, "a device"},
		{"a link that leads nowhere", func(path string) error { return os.Symlink("nowhere", path) }, Unreadable, "no such file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(dir, strings.ReplaceAll(test.name, " ", "-"))
			if err := test.make(path); err != nil {
				t.Fatal(err)
			}
			_, d := limits.Read(path)
			if test.code == "" {
				if d != nil {
					t.Fatal(d)
				}
				return
			}
			if d == nil || d.Code != test.code || !strings.Contains(d.Why, test.why) || d.Todo == "" || d.Where.File != path {
				t.Errorf("%+v", d)
			}
		})
	}
}

// TestBrackets: what HCL's parser would recurse into too deeply is found without recursion.
func TestBrackets(t *testing.T) {
	limits := Limits{Depth: 4, Operators: 3}
	for _, test := range []struct {
		name, text        string
		tooDeep, unclosed bool
	}{
		{"four brackets in one another", "a = [[[[1]]]]", false, false},
		{"five", "a = [[[[[1]]]]]", true, false},
		{"of any kind", "a {\n b = { c = f([\"${1}\"]) }\n}", true, false},
		{"many beside one another", "a = [[], [], [], [], [], []]", false, false},
		{"three operators", "a = !!!true", false, false},
		{"four", "a = !!!!true", true, false},
		{"the minus of numbers", "a = [-1, -1, -1, -1, -1]", false, false},
		{"one that is not closed", "a = [1", false, true},
	} {
		tooDeep, unclosed := limits.Brackets("a.hcl", []byte(test.text))
		if (tooDeep != nil) != test.tooDeep || (unclosed != nil) != test.unclosed {
			t.Errorf("%s: too deep at %v, not closed at %v", test.name, tooDeep, unclosed)
		}
	}
}
