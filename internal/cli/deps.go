package cli

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/progress"
)

// Deps is what commands need besides their options: each is a function of a context, these and its options, that returns a result. They
// print nothing and know no terminal, so that a page or a bot calls the same as the command line. All fields but Executable, Random,
// OwnSource and Brief are required.
type Deps struct {
	// Environ is the user's environment.
	Environ []string
	// Executable is the path of the program, beside which tools are looked for.
	Executable string
	// Source holds the stacks, modules, patterns and templates; OwnSource says that they are not those that the program carries.
	Source    fs.FS
	OwnSource bool
	Now       func() time.Time
	// Random is where secrets come from.
	Random io.Reader
	// Signals starts to catch interrupts, and stop gives them back.
	Signals func() (caught <-chan os.Signal, stop func())
	// Progress makes what shows the progress of a run, and stop ends it.
	Progress func() (reporter progress.Reporter, stop func())
	// Brief says that steps that are of no interest are not to be reported.
	Brief bool
	// Warn shows findings that stop nothing, and Notice a line, while a command is at work.
	Warn   func(diagnostic.List)
	Notice func(string)
}

// deps are those of the command line: what it shows meanwhile goes to standard error.
func (sh *shell) deps() *Deps {
	return &Deps{
		Environ: sh.Environ, Executable: sh.Executable, Source: sh.Source, OwnSource: sh.sourceDir != "", Now: sh.Now, Random: sh.Random,
		Signals:  sh.Signals,
		Progress: sh.reporter, Brief: !sh.isTerminal(sh.Stderr), Warn: func(list diagnostic.List) { sh.show(sh.Stderr, list) },
		Notice: func(line string) { _, _ = io.WriteString(sh.messages(), line+"\n") }, // nothing can be done if even that fails
	}
}

// present shows the result of a command, which is there also where an error came with it: as JSON where that was asked for, or as text.
func present[R any](sh *shell, result *R, err error, text func(io.Writer, *R) error) error {
	if result == nil {
		return err
	}
	shown := error(nil)
	if sh.output == jsonOutput {
		shown = sh.printJSON(result)
	} else {
		shown = text(sh.results(), result)
	}
	if shown != nil {
		return shown
	}
	return err
}

// warn shows findings, if there are any.
func (deps *Deps) warn(list diagnostic.List) {
	if len(list) > 0 {
		deps.Warn(list)
	}
}

// variable reads the user's environment.
func (deps *Deps) variable(name string) string {
	for _, entry := range deps.Environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// cacheDir is where small things are remembered between runs; "" if the system has no place for them.
func (deps *Deps) cacheDir() string {
	base := deps.variable("XDG_CACHE_HOME")
	if base == "" && deps.variable("HOME") != "" {
		base = filepath.Join(deps.variable("HOME"), ".cache")
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, "coderaws")
}
