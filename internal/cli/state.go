package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
)

// ready finds out whether the target can be used at all, before Terraform starts, for commands that change nothing.
func (sh *shell) ready(ctx context.Context, target lifecycle.Target, d *deployment.Deployment) error {
	return sh.prepare(ctx, target, d, lifecycle.StateUse{})
}

// prepare is ready for commands that change something, and use their states as they say.
func (sh *shell) prepare(ctx context.Context, target lifecycle.Target, d *deployment.Deployment, use lifecycle.StateUse) error {
	use.Notice = func(line string) { fmt.Fprintln(sh.Stderr, line) }
	warnings, err := target.Prepare(ctx, d, use)
	if len(warnings) > 0 {
		sh.show(sh.Stderr, warnings)
	}
	return err
}

// agree asks about what belongs to the state.
func (sh *shell) agree(dir string, o changeOptions) func(lifecycle.Question) error {
	return func(q lifecycle.Question) error {
		if o.yes {
			_, err := fmt.Fprintf(sh.Stderr, "Agreed by --yes to %s\n", q.Subject)
			return err
		}
		if !sh.isTerminal(sh.Stdin) {
			d := diagnostic.Errorf("nobody is there to agree to %s", q.Subject)
			d.Code, d.Why = "gate.consent", q.Why+"; standard input is not a terminal"
			d.Todo = fmt.Sprintf("look at `coderaws plan %s --target aws`, then run the command again with --yes; or keep the state elsewhere "+
				"with a backend.tfbackend in %s", dir, dir)
			return diagnostic.WithExit(diagnostic.ExitRefused, d)
		}
		return sh.askYes(q.Text)
	}
}

// askYes asks a person. Everything but yes is no.
func (sh *shell) askYes(question string) error {
	if _, err := fmt.Fprintf(sh.Stderr, "%s Type yes: ", question); err != nil {
		return err
	}
	answer, _ := bufio.NewReader(sh.Stdin).ReadString('\n') // no answer is no
	if strings.TrimSpace(answer) != "yes" {
		return diagnostic.WithExit(diagnostic.ExitRefused, diagnostic.Errorf("not agreed; nothing was changed"))
	}
	return nil
}

// leaveBuckets says which buckets stay: they hold the history of the states, and maybe states of other deployments.
func (sh *shell) leaveBuckets(target lifecycle.Target, d *deployment.Deployment) error {
	for _, region := range d.Regions {
		bucket := target.Bucket(region.Name)
		if bucket == "" {
			continue
		}
		if _, err := fmt.Fprintf(sh.Stderr, "\nThe S3 bucket %s stays: it holds the former states of this deployment, and of others in this account and region.\n"+
			"If nothing needs them any more, empty it, versions included, and delete it:\n"+
			"  aws s3api delete-objects --bucket %s --delete \"$(aws s3api list-object-versions --bucket %s --max-items 1000 \\\n"+
			"    --query '{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}}')\"\n"+
			"  aws s3api delete-bucket --bucket %s\n", bucket, bucket, bucket, bucket); err != nil {
			return err
		}
	}
	return nil
}
