package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMutate mutates a package in which there is every kind of mutant: those of what a test holds are noticed, and the others are told.
func TestMutate(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("before\n"+begin+"old\n"+end+"after\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := run(t.Context(), options{targets: "testdata/targets", workers: 2, floor: 85, page: page}, &out)
	if err == nil || !strings.Contains(err.Error(), "and have to notice 85.0 %") {
		t.Errorf("error %v\n%s", err, out.String())
	}
	var told []string
	for _, line := range regexp.MustCompile(`(?m)^  testdata/sample/sample\.go:(.*)$`).FindAllStringSubmatch(out.String(), -1) {
		told = append(told, line[1])
	}
	slices.Sort(told)
	want := []string{
		"20: truth turned round: survives",
		"37: one more: survives",
		"38: * to /: survives",
		"38: <= to <: is not reached",
		"38: >= to >: survives",
		"38: condition turned round: survives",
		"38: one more: survives", "38: one more: survives", "38: one more: survives",
		"38: || to &&: survives",
		"39: assignment left out: survives",
		"42: - to +: survives",
		"42: one more: survives",
		"48: == to !=: is not reached",
		"48: one more: is not reached", "48: one more: is not reached",
		"49: ++ left out: is not reached",
		"50: < to <=: is not reached",
		"51: != to ==: is not reached",
		"54: call left out: is not reached",
		"55: / to *: is not reached",
		"55: < to <=: is not reached",
		"55: one more: is not reached", "55: one more: is not reached", "55: one more: is not reached",
		"55: || to &&: is not reached",
		"60: == to !=: is not reached",
		"60: one more: is not reached", "60: one more: is not reached",
		"63: / to *: is not reached",
		"63: one more: is not reached",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "before\n"+begin+"| package |") || !strings.HasSuffix(string(text), end+"after\n") {
		t.Errorf("the page is\n%s", text)
	}
}
