// Command trivy looks at plans and Kubernetes objects with the checks of Trivy that its module carries, so that no network is needed. It
// prints what is found, of all severities, as JSON. Of Trivy only the scanners of these two are built, which takes a third of the time.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing/fstest"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/scan"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/kubernetes"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/options"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/terraformplan/tfjson"
)

// finding is what a check found.
type finding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	// Resource is a plan's address, as far as the check says it; of a Kubernetes object it is empty, and File says which one it is.
	Resource string `json:"resource"`
	File     string `json:"file"`
	Says     string `json:"says"`
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "trivy:", err)
		os.Exit(1)
	}
}

// run looks at a directory of plans and one of Kubernetes objects.
func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: trivy PLANS OBJECTS, both directories")
	}
	checks := []options.ScannerOption{rego.WithEmbeddedPolicies(true), rego.WithEmbeddedLibraries(true)}
	found := []finding{}
	plans, err := scanPlans(ctx, os.DirFS(args[0]), checks)
	if err != nil {
		return err
	}
	objects, err := kubernetes.NewScanner(checks...).ScanFS(ctx, os.DirFS(args[1]), ".")
	if err != nil {
		return err
	}
	if len(plans) == 0 || len(objects) == 0 {
		return errors.New("no check was made; are there plans and objects?")
	}
	for _, results := range []scan.Results{plans, objects} {
		for _, result := range results.GetFailed() {
			flat := result.Flatten()
			found = append(found, finding{
				Rule: flat.LongID, Severity: string(flat.Severity), Resource: flat.Resource, File: flat.Location.Filename, Says: flat.Description,
			})
		}
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

// scanPlans looks at each plan by itself: Trivy gives up a plan that it cannot read without a word. No plan of a cloud is without a finding
// of low severity, so that silence means that it was not looked at.
func scanPlans(ctx context.Context, dir fs.FS, checks []options.ScannerOption) (scan.Results, error) {
	files, err := fs.Glob(dir, "*.json")
	if err != nil {
		return nil, err
	}
	var all scan.Results
	for _, file := range files {
		text, err := fs.ReadFile(dir, file)
		if err != nil {
			return nil, err
		}
		results, err := tfjson.New(checks...).ScanFS(ctx, fstest.MapFS{file: {Data: text}}, ".")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if len(results.GetFailed()) == 0 {
			return nil, fmt.Errorf("%s: nothing was found, not even of low severity: it was most likely given up", file)
		}
		all = append(all, results...)
	}
	return all, nil
}
