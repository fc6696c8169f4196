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
func (deps *Deps) ready(ctx context.Context, target lifecycle.Target, d *deployment.Deployment) error {
	return deps.prepare(ctx, target, d, lifecycle.StateUse{})
}

// prepare is ready for commands that change something, and use their states as they say.
func (deps *Deps) prepare(ctx context.Context, target lifecycle.Target, d *deployment.Deployment, use lifecycle.StateUse) error {
	use.Notice = deps.Notice
	warnings, err := target.Prepare(ctx, d, use)
	deps.warn(warnings)
	return err
}

// agree asks about what belongs to the state.
func (sh *shell) agree(dir string, yes bool) func(lifecycle.Question) error {
	return func(q lifecycle.Question) error {
		if yes {
			_, err := fmt.Fprintf(sh.messages(), "Agreed by --yes to %s\n", q.Subject)
			return err
		}
		if !sh.isTerminal(sh.Stdin) {
			d := diagnostic.Errorf("nobody is there to agree to %s", q.Subject)
			d.Code, d.Why = "gate.consent", q.Why+"; standard input is not a terminal"
			d.Todo = fmt.Sprintf("look at `coderaws plan %s --target aws`, then run the command again with --yes; or keep the state elsewhere "+
				"with a backend.tfbackend in %s", diagnostic.Word(dir), dir)
			return diagnostic.WithExit(diagnostic.ExitRefused, d)
		}
		return sh.askYes(q.Text)
	}
}

// askYes asks a person. Everything but yes is no.
func (sh *shell) askYes(question string) error {
	if _, err := fmt.Fprintf(sh.messages(), "%s Type yes: ", question); err != nil {
		return err
	}
	answer, _ := bufio.NewReader(sh.Stdin).ReadString('\n') // no answer is no
	if strings.TrimSpace(answer) != "yes" {
		return diagnostic.WithExit(diagnostic.ExitRefused, diagnostic.Errorf("not agreed; nothing was changed"))
	}
	return nil
}

// bucketNote says that a bucket stays: it holds the history of the states, and maybe states of other deployments.
const bucketNote = "\nThe S3 bucket %[1]s stays: it holds the former states of this deployment, and of others in this account " +
	"and region.\n" +
	"If nothing needs them any more, empty it, versions included, and delete it:\n" +
	"  aws s3api delete-objects --bucket %[1]s --delete \"$(aws s3api list-object-versions --bucket %[1]s --max-items 1000 \\\n" +
	"    --query '{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}}')\"\n" +
	"  aws s3api delete-bucket --bucket %[1]s"
