package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// events are what go test -json prints of a package that passes, one that fails, one without tests, and one that does not compile.
const events = `{"Action":"start","Package":"coderaws/a"}
{"Action":"run","Package":"coderaws/a","Test":"TestGood"}
{"Action":"output","Package":"coderaws/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"output","Package":"coderaws/a","Test":"TestGood","Output":"chatter\n"}
{"Action":"output","Package":"coderaws/a","Test":"TestGood","Output":"--- PASS: TestGood (0.00s)\n"}
{"Action":"pass","Package":"coderaws/a","Test":"TestGood"}
{"Action":"output","Package":"coderaws/a","Test":"TestAway/from_here","Output":"    a_test.go:7: *** SKIPPED: there is no moon,\n"}
{"Action":"output","Package":"coderaws/b","Test":"TestBad","Output":"    b_test.go:3: it is bad\n"}
{"Action":"output","Package":"coderaws/a","Test":"TestAway/from_here","Output":"        nor a sun\n"}
{"Action":"output","Package":"coderaws/a","Test":"TestAway/from_here","Output":"--- SKIP: TestAway/from_here (0.00s)\n"}
{"Action":"skip","Package":"coderaws/a","Test":"TestAway/from_here"}
{"Action":"skip","Package":"coderaws/a","Test":"TestMute"}
{"Action":"output","Package":"coderaws/a","Output":"PASS\n"}
{"Action":"output","Package":"coderaws/a","Output":"ok  \tcoderaws/a\t0.1s\n"}
{"Action":"pass","Package":"coderaws/a"}
{"Action":"output","Package":"coderaws/b","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\n"}
{"Action":"fail","Package":"coderaws/b","Test":"TestBad"}
{"Action":"output","Package":"coderaws/b","Output":"FAIL\n"}
{"Action":"output","Package":"coderaws/b","Output":"FAIL\tcoderaws/b\t0.1s\n"}
{"Action":"fail","Package":"coderaws/b"}
{"Action":"output","Package":"coderaws/c","Output":"?   \tcoderaws/c\t[no test files]\n"}
{"Action":"skip","Package":"coderaws/c"}
{"ImportPath":"coderaws/d","Action":"build-output","Output":"d.go:1:1: expected 'package'\n"}
go: a message
`

const shown = `ok  	coderaws/a	0.1s
    b_test.go:3: it is bad
--- FAIL: TestBad (0.00s)
FAIL
FAIL	coderaws/b	0.1s
?   	coderaws/c	[no test files]
d.go:1:1: expected 'package'
go: a message

*** 2 tests were skipped:
  a TestAway/from_here
      there is no moon, nor a sun
  a TestMute
      it does not say why
`

func TestReport(t *testing.T) {
	var out strings.Builder
	if err := run(strings.NewReader(events), &out, ""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shown, out.String()); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	out.Reset()
	if err := run(strings.NewReader(""), &out, ""); err != nil || out.String() != "\nNo test was skipped.\n" {
		t.Errorf("of no test it says %q, error %v", out.String(), err)
	}
}

// TestDeath: a package that dies as a whole shows what was running.
func TestDeath(t *testing.T) {
	const events = `{"Action":"output","Package":"coderaws/a","Test":"TestGood","Output":"chatter\n"}
{"Action":"pass","Package":"coderaws/a","Test":"TestGood"}
{"Action":"output","Package":"coderaws/a","Test":"TestSlow","Output":"=== RUN   TestSlow\n"}
{"Action":"output","Package":"coderaws/a","Test":"TestSlow","Output":"SIGQUIT: quit\n"}
{"Action":"output","Package":"coderaws/b","Test":"TestOther","Output":"chatter\n"}
{"Action":"output","Package":"coderaws/a","Output":"FAIL\tcoderaws/a\t0.1s\n"}
{"Action":"fail","Package":"coderaws/a"}
`
	var out strings.Builder
	if err := run(strings.NewReader(events), &out, ""); err != nil {
		t.Fatal(err)
	}
	want := "*** did not end: a TestSlow\nSIGQUIT: quit\nFAIL\tcoderaws/a\t0.1s\n\nNo test was skipped.\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
}

func TestUnexpected(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"all are expected", "# a comment\n\na TestAway the moon is far\na TestMute it is shy\n", ""},
		{"one is not", "a TestAway the moon is far\n", "skipped, and not in FILE:\n  a TestMute\nGive each"},
		{"a name that only begins so", "a TestAway/from why\na TestMute why\n", "  a TestAway/from_here\n"},
		{"another package", "b TestAway why\na TestMute why\n", "  a TestAway/from_here\n"},
		{"no reason", "\na TestAway\n", "FILE: line 2: write a package, a test, and why it may be skipped"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "skips")
			if err := os.WriteFile(file, []byte(tt.file), 0o644); err != nil {
				t.Fatal(err)
			}
			err := run(strings.NewReader(events), &strings.Builder{}, file)
			got := ""
			if err != nil {
				got = strings.ReplaceAll(err.Error(), file, "FILE")
			}
			if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("error %q, want %q", got, tt.want)
			}
		})
	}
	if err := run(strings.NewReader(events), &strings.Builder{}, filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there expects nothing, in silence")
	}
}
