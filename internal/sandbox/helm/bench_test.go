package helm

import (
	"os"
	"testing"
)

// BenchmarkCoder plans and installs Coder's own chart: what a rehearsal pays for each release.
func BenchmarkCoder(b *testing.B) {
	if os.Getenv("CODERAWS_CHARTS") == "" {
		b.Skip("*** SKIPPED: CODERAWS_CHARTS names no directory with Coder's charts; run `make charts`")
	}
	for b.Loop() {
		d := newDriver(b)
		d.must(nil, coderRelease("coder", sound))
	}
}
