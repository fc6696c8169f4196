package cli_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"coderaws/internal/configuration"
	"coderaws/internal/diagram"
	"coderaws/internal/inventory"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"
)

// BenchmarkReports measures the reports on a plan of SR-HA, which testdata keeps as it was in November 2026. Together, without reading the
// file, they are to take less than 50 ms.
func BenchmarkReports(b *testing.B) {
	file := filepath.Join(b.TempDir(), "plan.json")
	if err := os.WriteFile(file, unpacked(b), 0o600); err != nil {
		b.Fatal(err)
	}
	p, err := plan.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	written, err := configuration.Load(filepath.Join("..", "..", "stacks", "cloud"), "")
	if err != nil {
		b.Fatal(err)
	}
	picture := func() string {
		inv, err := inventory.Read(p, written)
		if err != nil {
			b.Fatal(err)
		}
		return diagram.Draw([]diagram.Picture{{Title: "sr-ha", Inventory: inv}})
	}
	for _, bench := range []struct {
		name string
		run  func()
	}{
		{"read the file", func() {
			if _, err := plan.Open(file); err != nil {
				b.Fatal(err)
			}
		}},
		{"inventory", func() {
			if _, err := inventory.Read(p, written); err != nil {
				b.Fatal(err)
			}
		}},
		{"inventory and diagram", func() { picture() }},
		{"timeline", func() { rehearsal.NewTimetable(lifecycle.Place{}, p, written, 0) }},
		{"inventory, diagram and timeline", func() {
			picture()
			rehearsal.NewTimetable(lifecycle.Place{}, p, written, 0)
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bench.run()
			}
		})
	}
}

func unpacked(b *testing.B) []byte {
	b.Helper()
	file, err := os.Open(filepath.Join("testdata", "sr-ha.json.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	reader, err := gzip.NewReader(file)
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		b.Fatal(err)
	}
	return text
}
