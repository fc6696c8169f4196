package helm

import (
	"testing"

	"coderaws/internal/sandbox/chart/charttest"
)

// BenchmarkCoder plans and installs Coder's own chart: what a rehearsal pays for each release.
func BenchmarkCoder(b *testing.B) {
	version := charttest.Versions[0]
	directories := charttest.Directories(b, version)
	for b.Loop() {
		d := newDriver(b, directories...)
		d.must(nil, coderRelease(version, "coder", sound))
	}
}
