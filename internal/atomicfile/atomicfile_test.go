package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestWrite(t *testing.T) {
	writers := map[string]func(string, []byte, fs.FileMode) error{"Write": Write, "WriteCopy": WriteCopy}
	for name, write := range writers {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "world.json")
			for _, content := range []string{"a long first content", "second", ""} {
				if err := write(file, []byte(content), 0o640); err != nil {
					t.Fatal(err)
				}
				holds(t, file, content)
			}
			info, err := os.Stat(file)
			if err != nil || info.Mode() != 0o640 {
				t.Errorf("it has the mode %v (%v), want that which was asked for", info.Mode(), err)
			}
			alone(t, file)
		})
	}
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "settings")
	if err := Create(file, []byte("first"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Create(file, []byte("second"), 0o644); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create over a file: %v, want fs.ErrExist", err)
	}
	holds(t, file, "first")
	t.Run("a link that leads nowhere is a name that is taken", func(t *testing.T) {
		dangling := filepath.Join(t.TempDir(), "dangling")
		if err := os.Symlink("nowhere", dangling); err != nil {
			t.Fatal(err)
		}
		if err := Create(dangling, nil, 0o644); !errors.Is(err, fs.ErrExist) {
			t.Errorf("Create over a link: %v, want fs.ErrExist", err)
		}
	})
	t.Run("a file that appears meanwhile stays", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "settings")
		err := place(file, 0o644, true, func(*os.File) error { return os.WriteFile(file, []byte("theirs"), 0o644) }, link)
		if !errors.Is(err, fs.ErrExist) {
			t.Errorf("got %v, want fs.ErrExist", err)
		}
		holds(t, file, "theirs")
		alone(t, file)
	})
	t.Run("of many at once one wins", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "contested")
		var all sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			all.Go(func() { results[i] = Create(file, []byte(strings.Repeat(string(rune('a'+i)), 1000)), 0o644) })
		}
		all.Wait()
		won := slices.DeleteFunc(slices.Clone(results), func(err error) bool { return errors.Is(err, fs.ErrExist) })
		if len(won) != 1 || won[0] != nil {
			t.Errorf("winners and their errors: %v, want one without", won)
		}
		alone(t, file)
	})
	alone(t, file)
}

// TestReadersSeeAWhole reads while others write.
func TestReadersSeeAWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	whole := func(c byte) []byte { return []byte(strings.Repeat(string(c), 1<<16)) }
	if err := Write(file, whole('a'), 0o600); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for _, c := range []byte("ab") {
		writers.Go(func() {
			for range 20 {
				if err := WriteCopy(file, whole(c), 0o600); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	for {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != string(whole(text[0])) {
			t.Fatal("a reader saw a mixture, or a part")
		}
		select {
		case <-done:
			alone(t, file)
			return
		default:
		}
	}
}

// TestFullDisk writes a part and fails, as on a disk that fills up.
func TestFullDisk(t *testing.T) {
	full := func(temp *os.File) error {
		if _, err := temp.WriteString("a part"); err != nil {
			return err
		}
		return &fs.PathError{Op: "write", Path: temp.Name(), Err: syscall.ENOSPC}
	}
	file := filepath.Join(t.TempDir(), "settings")
	t.Run("a new file is not there", func(t *testing.T) {
		refused(t, file, place(file, 0o644, true, full, os.Rename), syscall.ENOSPC)
		if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file: %v, want none", err)
		}
	})
	t.Run("an old file keeps its content", func(t *testing.T) {
		if err := Write(file, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		refused(t, file, place(file, 0o644, true, full, os.Rename), syscall.ENOSPC)
		holds(t, file, "old")
	})
	alone(t, file)
}

func TestRenameFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings")
	if err := Write(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	busy := func(temp, file string) error {
		return &os.LinkError{Op: "rename", Old: temp, New: file, Err: syscall.EBUSY}
	}
	refused(t, file, place(file, 0o644, true, filled([]byte("new")), busy), syscall.EBUSY)
	holds(t, file, "old")
	alone(t, file)
}

func TestPlacesWhereNothingCanBeWritten(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := Write(plain, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		file string
		want error
	}{
		"a directory that is not there":      {filepath.Join(dir, "none", "file"), fs.ErrNotExist},
		"a part of the path that is a file":  {filepath.Join(plain, "file"), syscall.ENOTDIR},
		"a directory in place of the file":   {dir, syscall.EISDIR},
		"a directory that is read-only":      {filepath.Join(readOnly(t), "file"), nil},
		"a file system that takes no writes": {"/proc/file", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, write := range []func(string, []byte, fs.FileMode) error{Write, WriteCopy} {
				refused(t, row.file, write(row.file, []byte("text"), 0o644), row.want)
			}
		})
	}
}

// TestStream: what is written piece by piece is there as a whole, or not at all.
func TestStream(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bundle.tar")
	if err := Write(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("it broke off")
	fill := func(err error) func(io.Writer) error {
		return func(w io.Writer) error {
			for _, piece := range []string{"one", " and ", "two"} {
				if _, err := io.WriteString(w, piece); err != nil {
					return err
				}
			}
			return err
		}
	}
	if err := Stream(file, 0o600, fill(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	holds(t, file, "old")
	alone(t, file)
	if err := Stream(file, 0o600, fill(nil)); err != nil {
		t.Fatal(err)
	}
	holds(t, file, "one and two")
	alone(t, file)
}

// readOnly makes a directory that even root cannot write to where the system allows that, and else one that others cannot.
func readOnly(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	if os.Geteuid() == 0 {
		return "/proc/self" // root may write everywhere else
	}
	return dir
}

func TestLinksAndDevices(t *testing.T) {
	t.Run("a link stays, and what it leads to is replaced", func(t *testing.T) {
		dir := t.TempDir()
		file, to := filepath.Join(dir, "link"), filepath.Join(t.TempDir(), "target")
		if err := errors.Join(Write(to, []byte("old"), 0o644), os.Symlink(to, file), Write(file, []byte("new"), 0o644)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(file); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("the link: %v %v", info.Mode(), err)
		}
		holds(t, to, "new")
	})
	t.Run("a device is written to, not replaced", func(t *testing.T) {
		if err := Write(os.DevNull, []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeDevice == 0 {
			t.Errorf("the device: %v %v", info.Mode(), err)
		}
	})
	t.Run("a pipe is written to, not replaced", func(t *testing.T) {
		pipe := filepath.Join(t.TempDir(), "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		read := make(chan string)
		go func() {
			text, _ := os.ReadFile(pipe)
			read <- string(text)
		}()
		if err := Write(pipe, []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := <-read; got != "text" {
			t.Errorf("the reader got %q", got)
		}
	})
}

// TestLeftovers: a writer that is killed leaves its temporary file, which the next one removes once it is surely nobody's.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "world.json")
	old := time.Now().Add(-2 * abandoned)
	for _, leftover := range []struct {
		name  string
		at    time.Time
		stays bool
	}{
		{".world.json.17-0.tmp", old, false},
		{".world.json.17-1.tmp", old, false},
		{".world.json.18-0.tmp", time.Now(), true}, // somebody may be writing it
		{".other.json.17-0.tmp", old, true},
		{"world.json.backup", old, true},
	} {
		path := filepath.Join(dir, leftover.name)
		if err := errors.Join(os.WriteFile(path, []byte("a part"), 0o600), os.Chtimes(path, leftover.at, leftover.at)); err != nil {
			t.Fatal(err)
		}
		if err := Write(file, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) == leftover.stays {
			t.Errorf("%s: stays %v, want %v", leftover.name, !leftover.stays, leftover.stays)
		}
	}
	t.Run("one with the name that is wanted is in nobody's way", func(t *testing.T) {
		temp, err := open(file, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer temp.Close()
		if err := Write(file, []byte("new"), 0o600); err != nil {
			t.Fatal(err)
		}
		holds(t, file, "new")
	})
}

func TestRename(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "errored"), filepath.Join(dir, "state")
	if err := errors.Join(Write(from, []byte("saved"), 0o600), Write(to, []byte("old"), 0o600), Rename(from, to)); err != nil {
		t.Fatal(err)
	}
	holds(t, to, "saved")
	alone(t, to)
	if err := Rename(from, to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Rename of nothing: %v", err)
	}
}

func holds(t *testing.T, file, want string) {
	t.Helper()
	if text, err := os.ReadFile(file); err != nil || string(text) != want {
		t.Errorf("%s holds %q (%v), want %q", file, text, err, want)
	}
}

// alone checks that nothing lies beside a file.
func alone(t *testing.T, file string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(file) {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

// refused checks an error's kind, and that it speaks of the file and not of a temporary one.
func refused(t *testing.T, file string, err, want error) {
	t.Helper()
	var path *fs.PathError
	if !errors.As(err, &path) || want != nil && !errors.Is(err, want) {
		t.Fatalf("%v, want an error of the file system: %v", err, want)
	}
	if path.Path != file || strings.Contains(err.Error(), ".tmp") {
		t.Errorf("the error names another file: %v", err)
	}
}
