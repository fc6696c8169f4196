package diagnostic

import "testing"

// TestWord is how a path is written that a user copies into a shell.
func TestWord(t *testing.T) {
	for path, want := range map[string]string{
		"my-coder": "my-coder", "/srv/a.b_c": "/srv/a.b_c", "my coder": "'my coder'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "a;b": "'a;b'",
		"": "''",
	} {
		if got := Word(path); got != want {
			t.Errorf("%q is written %s, want %s", path, got, want)
		}
	}
}
