//go:build unix

package plan

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestOpenAPipe: a plan comes through a pipe, too, as of a shell's <(terraform show -json tfplan).
func TestOpenAPipe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(file, []byte(small), 0o600) }()
	read, err := Open(file)
	if err != nil || read.Document.FormatVersion != "1.2" {
		t.Errorf("plan %v, error %v", read, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}
