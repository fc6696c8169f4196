package nearest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNames: what was written, what exists, and what is suggested for it.
func TestNames(t *testing.T) {
	for _, test := range []struct {
		name, written string
		known, want   []string
	}{
		{"a letter too few", "us-est-1", []string{"eu-west-1", "us-east-1", "us-west-1"}, []string{"us-east-1", "us-west-1", "eu-west-1"}},
		{"the nearest first", "replicaCont", []string{"replicas", "replicaCount"}, []string{"replicaCount"}},
		{"another case and other dashes", "min-acu", []string{"max_acu", "minACU"}, []string{"minACU", "max_acu"}},
		{"dots", "kubernetes.io/role", []string{"kubernetes-io/role"}, []string{"kubernetes-io/role"}},
		{"nothing alike", "workspace", []string{"database", "network"}, nil},
		{"short words are alike by letters they share", "cpu", []string{"ram", "gpu"}, []string{"gpu"}},
		{"two of two letters are nothing in common", "az", []string{"ip", "a"}, nil},
		{"as near: in the order known", "node", []string{"nods", "nods2", "nodx"}, []string{"nods", "nodx", "nods2"}},
		{"nothing written", "", []string{"a"}, nil},
		{"nothing known", "a", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Names(test.written, test.known, 3)); diff != "" {
				t.Error(diff)
			}
			want := ""
			if len(test.want) > 0 {
				want = test.want[0]
			}
			if got := Name(test.written, test.known); got != want {
				t.Errorf("Name: %q, want %q", got, want)
			}
		})
	}
}
