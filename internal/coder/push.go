package coder

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
)

// PushOptions say how templates are pushed.
type PushOptions struct {
	// Overwrite allows to replace a version that somebody else made.
	Overwrite bool
	// Log gets the lines of the import as they come; nil for none.
	Log func(LogLine)
	// Patience bounds the waiting for an import; 0 for a quarter of an hour, in which a provisioner downloads the providers it lacks.
	Patience time.Duration
}

// Pushed is what came of a push.
type Pushed struct {
	Template string `json:"template"`
	Version  string `json:"version"`
	// VersionID is coderd's identifier of it.
	VersionID string `json:"version_id,omitempty"`
	// Outcome is created, updated or unchanged.
	Outcome string `json:"outcome"`
}

// The outcomes of a push.
const (
	Created   = "created"
	Updated   = "updated"
	Unchanged = "unchanged"
)

const (
	importPatience = 15 * time.Minute
	importPause    = time.Second
	// mostTries is how many failed versions of one content are stepped over.
	mostTries = 20
)

// Push makes t the active version of the template of its name: it uploads, waits for the import, and promotes. What is there already is not
// done again, so that a push that was interrupted goes on. Its errors are diagnostics.
func (c *Client) Push(ctx context.Context, t *Template, o PushOptions) (Pushed, error) {
	pushed, err := c.push(ctx, t, o)
	return pushed, Explain("the template "+t.Name+" cannot be pushed", err)
}

func (c *Client) push(ctx context.Context, t *Template, o PushOptions) (Pushed, error) {
	known, err := c.Template(ctx, t.Name)
	if err == nil {
		err = c.reachRegions(ctx, t, known)
	}
	if err != nil {
		return Pushed{}, err
	}
	result := Pushed{Template: t.Name, Version: t.Version(), Outcome: Created}
	if known == nil {
		version, err := c.newVersion(ctx, "", result.Version, t)
		if err != nil {
			return Pushed{}, err
		}
		if err := c.imported(ctx, t, version, o); err != nil {
			return Pushed{}, err
		}
		result.VersionID = version.ID
		return result, c.createTemplate(ctx, t, version.ID)
	}
	active, err := c.TemplateVersion(ctx, known.ActiveVersionID)
	if err != nil {
		return Pushed{}, err
	}
	if made(active.Name, result.Version) {
		return Pushed{t.Name, active.Name, active.ID, Unchanged}, nil
	}
	if !strings.HasPrefix(active.Name, versionPrefix) && !o.Overwrite {
		return Pushed{}, changedByHand(t.Name, active.Name)
	}
	version, err := c.nextVersion(ctx, known.ID, t)
	if err != nil {
		return Pushed{}, err
	}
	if err := c.imported(ctx, t, version, o); err != nil {
		return Pushed{}, err
	}
	return Pushed{t.Name, version.Name, version.ID, Updated}, c.promote(ctx, known.ID, version.ID)
}

// made reports whether the name of a version says that it has the content of another name: its own, or with the number of a further try.
func made(name, version string) bool {
	return name == version || strings.HasPrefix(name, version+"-")
}

// nextVersion finds the version of a content that goes on or has succeeded, or begins one. Names are taken for good, also by failures.
func (c *Client) nextVersion(ctx context.Context, template string, t *Template) (TemplateVersion, error) {
	for try := range mostTries {
		name := t.Version()
		if try > 0 {
			name = fmt.Sprintf("%s-%d", name, try+1)
		}
		there, err := c.versionNamed(ctx, template, name)
		switch {
		case err != nil:
			return TemplateVersion{}, err
		case there == nil:
			return c.newVersion(ctx, template, name, t)
		case there.Job.Status != "failed" && there.Job.Status != "canceled" && there.Job.Status != "canceling":
			return *there, nil
		}
	}
	return TemplateVersion{}, badTemplate(t.Name, fmt.Sprintf("this content has failed to import %d times", mostTries),
		"each try is kept in coderd", "change the template")
}

func (c *Client) newVersion(ctx context.Context, template, name string, t *Template) (TemplateVersion, error) {
	file, err := c.upload(ctx, t.Archive)
	if err != nil {
		return TemplateVersion{}, err
	}
	version, err := c.createVersion(ctx, template, name, file, t.Variables)
	if status(err) == http.StatusConflict && template != "" {
		// Somebody pushes the same at this moment.
		if there, lookErr := c.versionNamed(ctx, template, name); lookErr == nil && there != nil {
			return *there, nil
		}
	}
	return version, err
}

// imported waits until a version is imported, and passes its log on.
func (c *Client) imported(ctx context.Context, t *Template, version TemplateVersion, o PushOptions) error {
	patience := o.Patience
	if patience == 0 {
		patience = importPatience
	}
	var last int64
	var tail []string
	for {
		lines, err := c.importLog(ctx, version.ID, last)
		if err != nil {
			return err
		}
		for _, line := range lines {
			last = max(last, line.ID)
			if o.Log != nil {
				o.Log(line)
			}
			if line.Level == "error" && line.Output != "" {
				tail = append(tail, line.Output)
			}
		}
		switch {
		case version.Job.Status == "succeeded":
			return nil
		case version.Job.ended():
			return failedImport(t.Name, version, tail)
		case patience < importPause:
			return unfinishedImport(t.Name, version)
		}
		if err := c.options.Wait(ctx, importPause); err != nil {
			return err
		}
		patience -= importPause
		matched := version.Matched
		if version, err = c.TemplateVersion(ctx, version.ID); err != nil {
			return err
		}
		if version.Matched == nil {
			version.Matched = matched
		}
	}
}

// mostTail is how many lines of Terraform's complaint are shown.
const mostTail = 20

func failedImport(name string, version TemplateVersion, tail []string) error {
	why := version.Job.Error
	if len(tail) > mostTail {
		tail = tail[len(tail)-mostTail:]
	}
	if len(tail) > 0 {
		why += "\n" + strings.Join(tail, "\n")
	}
	d := diagnostic.Errorf("coderd cannot import the template %s: its job %s", name, version.Job.Status)
	d.Code, d.Why = "coder.import", why
	d.Todo = "correct the template, or what Terraform lacks on the provisioner, and push again; the version before is still the active one"
	if version.Job.ErrorCode == "REQUIRED_TEMPLATE_VARIABLES" {
		d.Todo = "give its variables values: --var NAME=VALUE, as the template's README.md says"
	}
	return d
}

func unfinishedImport(name string, version TemplateVersion) error {
	d := diagnostic.Errorf("the import of the template %s is not done: its job is %s", name, version.Job.Status)
	d.Code, d.Why = "coder.import", "it has taken longer than it should"
	d.Todo = "push again to go on waiting"
	if version.Matched != nil && version.Matched.Available == 0 {
		d.Why = fmt.Sprintf("of the %d provisioners that could do it none is connected", version.Matched.Count)
		d.Todo = "`coderaws status DIR --target aws` shows the provisioners; push again when one is connected"
	}
	return d
}

func changedByHand(name, version string) error {
	d := diagnostic.Errorf("the template %s has a version that coderaws has not made: %s", name, version)
	d.Code, d.Why = "coder.template_changed", "somebody has changed it in Coder, and pushing would take that away from new workspaces"
	d.Todo = "take what is there over (`coder templates pull " + name + "`) and push with --overwrite, or push under another name"
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}
