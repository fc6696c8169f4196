package cli

import (
	"bytes"
	"testing"
)

// TestBounded: what an engine shows is kept up to a limit, and the engine is told when it is enough.
func TestBounded(t *testing.T) {
	for _, test := range []struct {
		text, kept string
		full       bool
	}{{"1234", "1234", false}, {"12345", "12345", false}, {"123456", "12", true}} {
		var to bytes.Buffer
		told := false
		b := &bounded{to: &to, left: 5, full: func() { told = true }}
		for part := range bytes.SplitSeq([]byte(test.text[:2]+"|"+test.text[2:]), []byte("|")) {
			if n, err := b.Write(part); n != len(part) || err != nil {
				t.Errorf("%d of %d written: %v", n, len(part), err)
			}
		}
		if to.String() != test.kept || told != test.full {
			t.Errorf("of %s, %s is kept (full: %t)", test.text, to.String(), told)
		}
	}
}
