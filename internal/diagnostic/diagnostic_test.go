package diagnostic

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteText(t *testing.T) {
	for _, test := range []struct {
		name  string
		list  List
		style Style
		want  string
	}{
		{name: "nothing is said of nothing", want: ""},
		{
			name: "a full finding says what, where, why and what to do",
			list: List{{
				Severity: Error, Summary: "there is no setting database.min_acuu", Why: "database has no such setting",
				Todo: "Did you mean database.min_acu?", Address: "module.database.aws_rds_cluster.this",
				Where: &Range{File: "us-east-1.tfvars", Line: 89, Column: 3, EndColumn: 11, Text: "\tx min_acuu = 1"},
			}},
			want: "error: there is no setting database.min_acuu\n" +
				"  resource: module.database.aws_rds_cluster.this\n" +
				"  at us-east-1.tfvars:89:3\n" +
				"   89 | \tx min_acuu = 1\n" +
				"      | \t ^^^^^^^^\n" +
				"  why: database has no such setting\n" +
				"  what to do: Did you mean database.min_acu?\n",
		},
		{
			name: "a range past the end of the line is not underlined",
			list: List{{Severity: Warning, Summary: "odd", Where: &Range{File: "f", Line: 1, Column: 3, EndColumn: 9, Text: "abc"}}},
			want: "warning: odd\n  at f:1:3\n    1 | abc\n",
		},
		{
			name:  "explanations are broken between words",
			list:  List{{Severity: Error, Summary: "no", Why: "one two three four five"}},
			style: Style{Width: 18},
			want:  "error: no\n  why: one two\n    three four\n    five\n",
		},
		{
			name: "findings are set apart by an empty line",
			list: List{Errorf("a"), Warningf("b")},
			want: "error: a\n\nwarning: b\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := WriteText(&out, test.list, test.style); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWriteJSON(t *testing.T) {
	var out bytes.Buffer
	if err := WriteJSON(&out, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "{\n  \"diagnostics\": []\n}\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestExit(t *testing.T) {
	plain := errors.New("plain")
	for _, test := range []struct {
		name string
		err  error
		want ExitCode
	}{
		{"no error", nil, ExitDone},
		{"an error without a code", plain, ExitFailed},
		{"a code", WithExit(ExitRefused, plain), ExitRefused},
		{"a code further down", fmt.Errorf("context: %w", WithExit(ExitInvalid, plain)), ExitInvalid},
		{"the outermost code wins", WithExit(ExitInterrupted, WithExit(ExitInvalid, plain)), ExitInterrupted},
		{"no error with a code", WithExit(ExitInvalid, nil), ExitDone},
	} {
		if got := Exit(test.err); got != test.want {
			t.Errorf("%s: exit %d, want %d", test.name, got, test.want)
		}
	}
}

func TestFrom(t *testing.T) {
	one := Errorf("one")
	for _, test := range []struct {
		name string
		err  error
		want List
	}{
		{"nothing", nil, nil},
		{"a finding in a chain", WithExit(ExitInvalid, fmt.Errorf("context: %w", one)), List{one}},
		{"a list in a chain", WithExit(ExitInvalid, List{one, one}), List{one, one}},
		{"any other error", errors.New("plain"), List{{Severity: Error, Summary: "plain"}}},
	} {
		if diff := cmp.Diff(test.want, From(test.err)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestWarningsAloneAreNoError(t *testing.T) {
	if err := (List{Warningf("w")}).Err(); err != nil {
		t.Errorf("got %v, want none", err)
	}
	if err := (List{Warningf("w"), Errorf("e")}).Err(); err == nil {
		t.Error("an error in the list went unnoticed")
	}
}

// TestLongLines: of a file that is one line, the place is shown and not the file.
func TestLongLines(t *testing.T) {
	for _, column := range []int{1, 50_000, 100_000} {
		line := []byte(strings.Repeat("[", 100_000))
		line[column-1] = '!'
		d := Errorf("no")
		d.Where = &Range{File: "f", Line: 1, Column: column, EndColumn: column + 1, Text: string(line)}
		var b strings.Builder
		if err := WriteText(&b, List{d}, Style{}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		if len(b.String()) > 3*longestLine || len(lines) < 4 || strings.IndexByte(lines[2], '!') != strings.IndexByte(lines[3], '^') {
			t.Errorf("column %d: %d bytes, and the mark is elsewhere:\n%.2000s", column, b.Len(), b.String())
		}
	}
}
