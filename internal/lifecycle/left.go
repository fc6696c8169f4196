package lifecycle

import (
	"os"
	"path/filepath"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// left reports the regions that exist on a target, as far as it is remembered here, and of which the deployment has no file any more: a
// file that was removed or renamed. What exists there would go on costing money, and no command would tell of it. Of a sandbox, which
// nobody else has, each is an error; on AWS another directory may have taken the region over, so that it is a warning.
func left(d *deployment.Deployment, target string) diagnostic.List {
	kept := filepath.Dir(engine.Root(d.Dir, target, "region"))
	entries, err := os.ReadDir(kept)
	if err != nil {
		return nil // nothing is remembered
	}
	var list diagnostic.List
	for _, entry := range entries {
		region := entry.Name()
		if _, err := os.Stat(filepath.Join(kept, region, settledFile)); err != nil || d.Has(region) {
			continue
		}
		file := filepath.Join(d.Dir, region+".tfvars")
		f := diagnostic.Errorf("%s exists on %s, and has no file any more", region, target)
		f.Code, f.Where = "region.left", &diagnostic.Range{File: file}
		f.Why = "what was made there stays, and without the file nothing shows it, changes it or ends it"
		f.Todo = "put " + file + " back: a region is not taken away by its file, and `coderaws down` ends all of a deployment."
		if target == AWSTarget {
			f.Severity = diagnostic.Warning
			f.Todo += " If another directory has the region now, remove " + filepath.Join(kept, region) + "."
		}
		list = append(list, f)
	}
	return list
}

// refuseLeft is the error of regions that have no file any more; it warns of those that another directory may have.
func (r *Runner) refuseLeft(d *deployment.Deployment) error {
	list := left(d, r.Target.Name())
	if list.HasErrors() {
		return diagnostic.WithExit(diagnostic.ExitInvalid, list.Err())
	}
	for _, f := range list {
		r.warn(f)
	}
	return nil
}
