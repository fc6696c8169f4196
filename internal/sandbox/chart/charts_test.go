package chart

import (
	"testing"

	"coderaws/internal/sandbox/chart/charttest"
)

// packed returns a chart that `make charts` packed, found as the program finds it; without it the test is skipped.
func packed(t testing.TB, name, version string) *Chart {
	t.Helper()
	finder := &Finder{Directories: charttest.Directories(t, version)}
	c, err := finder.inDirectories(Reference{Chart: name, Version: version}, must(Reference{Version: version}.constraint()))
	if err != nil {
		t.Fatal(err)
	}
	if c == nil {
		t.Fatalf("no chart %s %s in %v", name, version, finder.Directories)
	}
	return c
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// values reads the values of a test.
func values(t testing.TB, text string) map[string]any {
	t.Helper()
	v, err := ParseValues(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
