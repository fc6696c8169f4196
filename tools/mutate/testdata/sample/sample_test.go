package sample

import "testing"

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name  string
		count level
		bad   bool
	}{{"a", 3, false}, {"a", 4, true}, {"b", 20, false}, {"b", 21, true}, {"c", 100, false}} {
		if bad := Check(tt.name, tt.count) != nil; bad != tt.bad {
			t.Errorf("%s %d: %v", tt.name, tt.count, bad)
		}
	}
}

func TestSum(*testing.T) { Sum(1, -2) }

func TestNothing(*testing.T) {}
