package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	tfjson "github.com/hashicorp/terraform-json"

	"coderaws/internal/diagnostic"
)

// conclude decides whether a run was good, and otherwise says everything that is known of its end. Warnings of a good run go
// to warnings, if that is not nil.
func (s *Stack) conclude(ctx context.Context, verb string, end ended, err error, findings diagnostic.List,
	warnings *diagnostic.List, good []int) error {
	if err != nil {
		if ctx.Err() != nil {
			return s.interrupted(ctx, verb, findings, false)
		}
		return err
	}
	for _, code := range good {
		if end.code == code && !findings.HasErrors() {
			if warnings != nil {
				*warnings = findings
			}
			return nil
		}
	}
	killed := s.isKilled()
	if killed || ctx.Err() != nil {
		return s.interrupted(ctx, verb, findings, killed)
	}
	if findings.HasErrors() {
		return distinct(findings)
	}
	return append(findings, s.crashed(verb, end))
}

// distinct leaves out what the engines repeat: a full disk is reported by every step that meets it, and a state that was
// rescued is followed by instructions that no longer apply.
func distinct(findings diagnostic.List) diagnostic.List {
	type kind struct{ code, summary, address string }
	seen := map[kind]bool{}
	var list diagnostic.List
	for _, d := range findings {
		k := kind{d.Code, d.Summary, d.Address}
		if strings.HasPrefix(d.Code, "engine.") && seen[k] || seen[kind{code: "engine.state_unsaved"}] && unsavedNoise.MatchString(d.Summary) {
			continue
		}
		seen[k], seen[kind{code: d.Code}] = true, true
		list = append(list, d)
	}
	return list
}

// unsavedNoise matches the summaries with which the engines tell the steps of failing to save a state.
var unsavedNoise = regexp.MustCompile(`^Failed to (write state|save state|create local state file|persist state to backend)$`)

func (s *Stack) isKilled() bool {
	select {
	case <-s.Kill:
		return true
	default:
		return false
	}
}

// interrupted reports a run that the user stopped. Failures that came before the stop are kept; what the engine says about
// being stopped is not, since that was asked for.
func (s *Stack) interrupted(ctx context.Context, verb string, findings diagnostic.List, killed bool) error {
	d := diagnostic.Errorf("interrupted while %s stack %s", verb, s.Name)
	d.Code = "engine.interrupted"
	d.Why = string(s.Binary.Product) + " stopped in order; what was done is in the state"
	if killed {
		d.Why = string(s.Binary.Product) + " was ended at once; what it was creating at that moment may exist without being in the state"
	}
	d.Todo = "run the same command again: it goes on from what is there"
	list := diagnostic.List{d}
	for _, f := range findings {
		if !ofInterrupt.MatchString(f.Summary + "\n" + f.Why) {
			list = append(list, f)
		}
	}
	cause := context.Cause(ctx)
	if cause == nil {
		cause = context.Canceled // killed without a first signal
	}
	return diagnostic.WithExit(diagnostic.ExitInterrupted, errors.Join(distinct(list), cause))
}

// ofInterrupt matches what the engines and providers say about being stopped.
var ofInterrupt = regexp.MustCompile(`(?i)execution halted|operation cancell?ed|context cancell?ed|request cancell?ed|interrupt`)

// crashed reports a run that failed without a diagnostic of its own.
func (s *Stack) crashed(verb string, end ended) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("%s failed while %s stack %s (%s)", s.Binary.Product, verb, s.Name, end.state)
	d.Code = "engine.failed"
	d.Why = plain(end.stderr)
	if strings.HasPrefix(d.Why, "Warning: ") {
		d.Why = after(d.Why) // it is about the user's own configuration of the engine, and comes in every run
	}
	if d.Why == "" {
		d.Why = "it wrote no message"
		if strings.HasPrefix(end.state, "signal: killed") {
			d.Why = "something ended it, most often the system because memory ran out"
		}
	}
	d.Todo = "remove the cause and run the same command again: it goes on from what is there"
	translate(d, end.stderr)
	if d.Code == stateLocked {
		s.explainLock(d, plain(end.stderr))
	}
	return d
}

// after is what an engine has said after its warnings: why the Go program that it is came to an end.
func after(warnings string) string {
	if place := ofGo.FindStringIndex(warnings); place != nil {
		return strings.TrimSpace(warnings[place[0]:])
	}
	return ""
}

// ofGo matches the first line of what a Go program says that is ended by its own runtime.
var ofGo = regexp.MustCompile(`(?m)^(?:panic: |fatal error: |runtime: |SIG[A-Z]+: |!!+)`)

// finding turns an engine's diagnostic into one of ours.
func (s *Stack) finding(in *tfjson.Diagnostic) *diagnostic.Diagnostic {
	d := &diagnostic.Diagnostic{
		Severity: diagnostic.Error,
		Summary:  strings.TrimSpace(in.Summary),
		Why:      strings.TrimSpace(in.Detail),
		Address:  in.Address,
		Where:    s.place(in),
	}
	if in.Severity == tfjson.DiagnosticSeverityWarning {
		d.Severity = diagnostic.Warning
	}
	d.Code = awsCode(d.Summary)
	if d.Code == "" {
		d.Code = awsCode(d.Why)
	}
	if d.Severity == diagnostic.Error && d.Address != "" {
		d.Todo = "correct the setting that leads to this and run the same command again; what a run had made before it failed is kept"
	}
	if d.Severity == diagnostic.Error {
		text := d.Summary + "\n" + d.Why
		translate(d, text)
		if d.Code == stateLocked {
			s.explainLock(d, text)
		}
	}
	return d
}

// place finds the source range in terms of the source tree (modules/network/main.tf), not of the copy that the engine ran in.
func (s *Stack) place(in *tfjson.Diagnostic) *diagnostic.Range {
	if in.Range == nil {
		return nil
	}
	r := &diagnostic.Range{File: s.sourceName(in.Range.Filename), Line: in.Range.Start.Line, Column: in.Range.Start.Column}
	if in.Snippet != nil {
		lines := strings.Split(in.Snippet.Code, "\n")
		if i := r.Line - in.Snippet.StartLine; i >= 0 && i < len(lines) {
			r.Text = strings.TrimSuffix(lines[i], "\r")
		}
	}
	switch {
	case in.Range.End.Line == r.Line:
		r.EndColumn = in.Range.End.Column
	case r.Text != "":
		r.EndColumn = len(r.Text) + 1
	}
	return r
}

func (s *Stack) sourceName(name string) string {
	if s.Backend != nil && s.Backend.File != "" && !filepath.IsAbs(name) {
		// The engines name it as seen from where they run.
		if file, err := filepath.Abs(s.Backend.File); err == nil && filepath.Join(s.Dir(), name) == file {
			return s.Backend.File
		}
	}
	if filepath.IsAbs(name) {
		if rel, err := filepath.Rel(s.Workdir.Root, name); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
		return name
	}
	return path.Join("stacks", s.Name, filepath.ToSlash(name))
}

var (
	// apiError is how the AWS SDK for Go v2 ends an error text: "..., api error InvalidSubnet.Range: The CIDR ...".
	apiError = regexp.MustCompile(`api error ([A-Za-z][A-Za-z0-9_.]*): `)
	// bareCode is a code before its message without that mark. To be told from prose it must have a dot or a second capital after
	// a small letter, as all but a few of AWS's codes do.
	bareCode = regexp.MustCompile(`(?:^|[\s:(])([A-Z][A-Za-z0-9]*(?:[a-z0-9][A-Z][A-Za-z0-9]*|(?:\.[A-Z][A-Za-z0-9]*)+)): `)
)

// awsCode extracts AWS's error code from a provider's text; "" if there is none.
func awsCode(text string) string {
	if m := apiError.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	for _, m := range bareCode.FindAllStringSubmatch(text, -1) {
		switch m[1] {
		// Labels that the SDK prints before values.
		case "StatusCode", "RequestID", "HostID":
		default:
			return m[1]
		}
	}
	return ""
}

// translate rewrites failures whose own text does not say what to do. text is all that the engine said.
func translate(d *diagnostic.Diagnostic, text string) {
	for _, t := range translations {
		if t.pattern.MatchString(text) {
			d.Code, d.Todo = t.code, t.todo
			if t.summary != "" {
				if d.Why == "" {
					d.Why = d.Summary
				}
				d.Summary = t.summary
			}
			return
		}
	}
}

type translation struct {
	pattern             *regexp.Regexp
	code, summary, todo string
}

// translations are tried in order: what is specific comes first.
var translations = []translation{
	{regexp.MustCompile(`the embedded AWS failed on \S+; this is a fault of coderaws`), "sandbox.fault", "",
		"report it with the file that is named above; no setting is known to avoid it"},
	{regexp.MustCompile(`no space left on device|[Dd]isk quota exceeded`), "engine.disk_full", "the disk is full",
		"free some space on the disk of the deployment and of the temporary directory, then run the same command again"},
	{regexp.MustCompile(`read-only file system`), "engine.read_only", "the deployment's directory cannot be written",
		"make the file system writable, or copy the deployment to a place that is"},
	{regexp.MustCompile(`Unsupported state file format`), "engine.state_damaged", "the state file cannot be used",
		"restore terraform.tfstate from a backup or, if a newer version wrote it, use that version of Terraform or OpenTofu"},
	{regexp.MustCompile(`errored\.tfstate`), "engine.state_unsaved", "",
		"remove the cause, then run the same command again: it brings the state to its place first. Until then " +
			erroredFile + " is the only record"},
	{regexp.MustCompile(`Error acquiring the state lock`), stateLocked, "the state is locked by another process",
		"wait until the other run has ended; if it was killed on another machine, release the lock with `terraform " +
			"force-unlock` and the ID above"},
	{regexp.MustCompile(`S3 bucket (?:"[^"]*" )?does not exist`), "engine.no_state_bucket",
		"the bucket that is to keep the state does not exist",
		"make the bucket that backend.tfbackend names (or correct its name); coderaws makes none but its own"},
	{regexp.MustCompile(`(?:open|create|mkdir|rename|unlink|remove) \S+: permission denied`), "engine.permission_denied", "",
		"give yourself the right to write the path above, or copy the deployment to a place that you can write"},
	{regexp.MustCompile(
		`[Nn]o valid credential sources|failed to refresh cached credentials|ExpiredToken|InvalidClientTokenId|no EC2 IMDS role found`),
		"engine.no_credentials",
		"", "sign in to AWS (aws sso login, aws configure, or AWS_PROFILE) and run the same command again"},
	{regexp.MustCompile(
		`(?:Failed to get existing workspaces|Error refreshing state|Error loading state|Error saving state|Failed to load state)[^\n]*api error`),
		"engine.state_unreachable", "", "give these credentials the rights on the state that docs/operations/state.md " +
			"lists, or correct backend.tfbackend, and run the same command again"},
	{regexp.MustCompile(
		`Failed to query available provider packages|Could not retrieve the list of available versions|could not connect to registry`),
		"engine.no_providers",
		"the AWS provider cannot be downloaded", "connect this machine to the provider registry, or name a mirror in the " +
			"file that TF_CLI_CONFIG_FILE points to (provider_installation)"},
	{regexp.MustCompile(`Saved plan is stale`), "engine.stale_plan", "", "plan again: the state has changed since this plan was made"},
}

// fileFinding explains why a file of the deployment could not be written or read.
func fileFinding(err error, file string) error {
	d := diagnostic.Errorf("%s cannot be used", file)
	d.Code, d.Why = "engine.file", err.Error()
	d.Where = &diagnostic.Range{File: file}
	d.Todo = "make the path readable and writable for you"
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EROFS):
		translate(d, err.Error())
	case errors.Is(err, fs.ErrPermission):
		d.Code, d.Summary = "engine.permission_denied", file+" cannot be written or read by this user"
		d.Todo = "give yourself the right to, or copy the deployment to a place that you can write"
	case errors.Is(err, os.ErrExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		d.Todo = "move away what is at that path: coderaws keeps a file or directory of its own there"
	}
	return d
}

// styling are the terminal colours that an engine prints even where it is asked not to.
var styling = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plain strips colours and the frame that the engines draw around messages.
func plain(text string) string {
	text = styling.ReplaceAllString(text, "")
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(strings.TrimPrefix(strings.TrimLeft(line, "╷│╵"), " "), " \r")
		if line != "" || len(lines) > 0 {
			lines = append(lines, line)
		}
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	// Warnings about the user's CLI configuration come first, in every run.
	if _, after, found := strings.Cut(text, "\nError: "); found {
		return "Error: " + after
	}
	return text
}
