package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"coderaws"
	"coderaws/internal/cli"
	"coderaws/internal/diagnostic"
)

// BenchmarkCommands measures what commands take in this process; with -cpuprofile, it shows what the embedded AWS does in a rehearsal.
// Whole processes are measured by tools/bench.
func BenchmarkCommands(b *testing.B) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = null.Close() }()
	run := func(b *testing.B, args ...string) {
		b.Helper()
		code := cli.Run(context.Background(), cli.Process{
			Args: args, Environ: os.Environ(), Stdin: null, Stdout: null, Stderr: null, Now: time.Now, Source: coderaws.Source,
			Signals: func() (<-chan os.Signal, func()) { return nil, func() {} },
		})
		if code != diagnostic.ExitDone {
			b.Fatalf("coderaws %v ended with %d", args, code)
		}
	}
	dir := filepath.Join(b.TempDir(), "deployment")
	run(b, "init", dir, "--pattern", "sr-simple", "--domain", "coder.example.com")
	for _, bm := range []struct {
		name string
		args []string
	}{
		{"help", []string{"--help"}},
		{"patterns", []string{"patterns"}},
		{"check", []string{"check", dir}},
		{"rehearse", []string{"rehearse", "sr-simple"}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run(b, bm.args...)
			}
		})
	}
}
