// Package diagnostic holds the one type that carries an error or a warning from any layer of coderaws to the user, and
// its renderers. Every other package may import it; it imports none of them. What does not belong here: deciding
// whether something is wrong, and ending the process (only main does).
package diagnostic

import (
	"errors"
	"fmt"
	"strings"
)

// Severity says how bad a finding is. Only Error stops a command.
type Severity string

const (
	// Error stops the command with a non-zero exit code.
	Error Severity = "error"
	// Warning is shown, and the command goes on.
	Warning Severity = "warning"
)

// Range is a place in a source file. Lines and columns count from 1; zero means unknown.
type Range struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	// EndColumn is the column after the last offending character on Line, for the underline; 0 if unknown.
	EndColumn int `json:"end_column,omitempty"`
	// Text is the source line itself, without its newline; empty if it is not at hand.
	Text string `json:"text,omitempty"`
}

// String renders the place as file:line:column, as compilers do, so that editors can jump to it.
func (r Range) String() string {
	switch {
	case r.Line == 0:
		return r.File
	case r.Column == 0:
		return fmt.Sprintf("%s:%d", r.File, r.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", r.File, r.Line, r.Column)
	}
}

// Diagnostic is one finding: what is wrong, where, why, and what to do about it.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	// Code names the kind of finding for scripts, such as "deployment.unknown_setting" or AWS's own "InvalidSubnet.Range".
	Code string `json:"code,omitempty"`
	// Summary is what is wrong, in one line, lower case where it is not a name.
	Summary string `json:"summary"`
	// Why explains the cause: the rule that was broken and where the rule comes from.
	Why string `json:"why,omitempty"`
	// Todo is what the reader should do next, as an instruction.
	Todo string `json:"todo,omitempty"`
	// Address is the Terraform resource concerned, such as module.network.aws_vpc.this.
	Address string `json:"address,omitempty"`
	// Where is the source range concerned; nil if there is none.
	Where *Range `json:"where,omitempty"`
}

// Error makes a Diagnostic usable as a Go error; it is the one-line form.
func (d *Diagnostic) Error() string {
	var b strings.Builder
	if d.Where != nil {
		b.WriteString(d.Where.String() + ": ")
	}
	b.WriteString(d.Summary)
	if d.Why != "" {
		b.WriteString(": " + d.Why)
	}
	return b.String()
}

// List is any number of findings, in the order in which they should be read.
type List []*Diagnostic

// Error joins the one-line forms.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// HasErrors reports whether any finding stops the command.
func (l List) HasErrors() bool {
	for _, d := range l {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

// Err returns the list as an error if it holds any error, and nil otherwise, so that warnings alone do not fail a call.
func (l List) Err() error {
	if l.HasErrors() {
		return l
	}
	return nil
}

// Errorf starts an error diagnostic with a formatted summary. Callers fill in Why, Todo, Where and Address.
func Errorf(format string, args ...any) *Diagnostic {
	return &Diagnostic{Severity: Error, Summary: fmt.Sprintf(format, args...)}
}

// Warningf starts a warning diagnostic with a formatted summary.
func Warningf(format string, args ...any) *Diagnostic {
	return &Diagnostic{Severity: Warning, Summary: fmt.Sprintf(format, args...)}
}

// From turns any error into findings: a List or a Diagnostic anywhere in the chain is taken as it is, everything else becomes
// one finding with the error's text.
func From(err error) List {
	if err == nil {
		return nil
	}
	var list List
	if errors.As(err, &list) {
		return list
	}
	var one *Diagnostic
	if errors.As(err, &one) {
		return List{one}
	}
	return List{{Severity: Error, Summary: err.Error()}}
}

// ExitCode is the process exit status that an error asks for.
type ExitCode int

const (
	// ExitDone means that the command did what was asked.
	ExitDone ExitCode = 0
	// ExitFailed means that the command was right and the work failed.
	ExitFailed ExitCode = 1
	// ExitInvalid means wrong usage or an invalid deployment: nothing was started.
	ExitInvalid ExitCode = 2
	// ExitRefused means that a gate refused to go on, such as the loss of data that the user did not name.
	ExitRefused ExitCode = 3
	// ExitInterrupted means that the user stopped the command (128 + SIGINT).
	ExitInterrupted ExitCode = 130
)

// exitError attaches an exit code to an error without changing its text.
type exitError struct {
	error
	code ExitCode
}

func (e exitError) Unwrap() error { return e.error }

// WithExit attaches an exit code to err; a nil err stays nil.
func WithExit(code ExitCode, err error) error {
	if err == nil {
		return nil
	}
	return exitError{err, code}
}

// Exit returns the exit code that err asks for: ExitDone for nil, the outermost attached code, or ExitFailed.
func Exit(err error) ExitCode {
	if err == nil {
		return ExitDone
	}
	var with exitError
	if errors.As(err, &with) {
		return with.code
	}
	return ExitFailed
}
