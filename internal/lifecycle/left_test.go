package lifecycle

import (
	"os"
	"path/filepath"
	"testing"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// TestLeft: a region that exists and whose file is gone is told of: of a sandbox as an error, on AWS, where another directory may have it,
// as a warning.
func TestLeft(t *testing.T) {
	for _, row := range []struct {
		name, target, exists string
		beside               bool // the region is in the directory, and not worked on
		want                 diagnostic.Severity
		none                 bool
	}{
		{name: "its file is there", target: SandboxTarget, exists: "us-east-2", none: true},
		{name: "its file is there, and it is not worked on", target: SandboxTarget, exists: "eu-west-2", beside: true, none: true},
		{name: "its file is gone, in a sandbox", target: SandboxTarget, exists: "eu-west-2", want: diagnostic.Error},
		{name: "its file is gone, on AWS", target: AWSTarget, exists: "eu-west-2", want: diagnostic.Warning},
		{name: "it was worked on, and does not exist", target: SandboxTarget, none: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			hub := deployment.Region{Name: "us-east-2"}
			d := &deployment.Deployment{Dir: t.TempDir(), Regions: []deployment.Region{hub}}
			if row.beside {
				d.Regions = append(d.Regions, deployment.Region{Name: row.exists})
				d = d.Only(&hub)
			}
			for _, region := range []string{"us-east-2", "eu-west-2"} {
				root := engine.Root(d.Dir, row.target, region)
				if err := os.MkdirAll(root, 0o700); err != nil {
					t.Fatal(err)
				}
				if region != row.exists {
					continue
				}
				if err := os.WriteFile(filepath.Join(root, settledFile), []byte("{}"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			list := left(d, row.target)
			if row.none {
				if len(list) > 0 {
					t.Fatal(list)
				}
				return
			}
			if len(list) != 1 || list[0].Severity != row.want || list[0].Why == "" || list[0].Todo == "" {
				t.Fatalf("%v", list)
			}
		})
	}
}
