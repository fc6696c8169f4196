package protocol

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestSocketDirectory: where no socket can be opened, it is said at once, and what to do.
func TestSocketDirectory(t *testing.T) {
	short := t.TempDir()
	for _, test := range []struct {
		name, dir string
		works     bool
	}{
		{"a directory of one's own", short, len(short) < 60},
		{"a directory that is not there", filepath.Join(short, "absent"), false},
		{"a directory whose path is too long for a socket", "/" + strings.Repeat("./", 60) + short, false},
	} {
		r, err := openRoom(test.dir)
		if err == nil {
			err = r.close()
		}
		if (err == nil) != test.works || err != nil && !strings.Contains(err.Error(), "name a directory in TMPDIR") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
