package engine_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

func TestLock(t *testing.T) {
	t.Parallel()
	deployment := t.TempDir()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	unlock, err := engine.Lock(deployment, now)
	if err != nil {
		t.Fatal(err)
	}
	_, err = engine.Lock(deployment, now)
	wantFinding(t, err, diagnostic.Diagnostic{
		Code:    "engine.locked",
		Summary: fmt.Sprintf("another coderaws (process %d) is working on %s since 2026-01-02T03:04:05Z", os.Getpid(), deployment),
		Todo:    fmt.Sprintf("kill -INT %d", os.Getpid()),
	})
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := engine.Lock(deployment, now)
	if err != nil {
		t.Fatalf("after unlocking: %v", err)
	}
	for range 2 {
		if err := again(); err != nil {
			t.Errorf("unlocking: %v", err)
		}
	}
}

func TestLockOfAProcessThatIsGone(t *testing.T) {
	t.Parallel()
	deployment := t.TempDir()
	file := filepath.Join(deployment, ".coderaws", "lock")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	// What a killed run leaves: its file, and nobody who holds it. The number may even belong to another process by now.
	if err := os.WriteFile(file, fmt.Appendf(nil, `{"pid": %d, "started": "2026-01-01T00:00:00Z"}`, os.Getppid()), 0o600); err != nil {
		t.Fatal(err)
	}
	unlock, err := engine.Lock(deployment, time.Now())
	if err != nil {
		t.Fatalf("a stale lock file is an obstacle: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}

// TestLockOfNobodyKnown: the number of a process that has ended is not offered for kill; it may be somebody else's by then.
func TestLockOfNobodyKnown(t *testing.T) {
	t.Parallel()
	deployment := t.TempDir()
	unlock, err := engine.Lock(deployment, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ended := exec.Command(os.Args[0], "-test.run=^$")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	text := fmt.Appendf(nil, `{"pid": %d, "started": "2026-01-01T00:00:00Z"}`, ended.Process.Pid)
	if err := os.WriteFile(filepath.Join(deployment, ".coderaws", "lock"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = engine.Lock(deployment, time.Now())
	wantFinding(t, err, diagnostic.Diagnostic{
		Code: "engine.locked", Summary: "another coderaws is working on", Todo: "wait until it has ended",
	})
	if strings.Contains(err.Error(), "kill") {
		t.Errorf("somebody is to be killed: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}
