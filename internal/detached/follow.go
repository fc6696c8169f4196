package detached

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
)

// Find finds the last run of a deployment, if that was detached.
func Find(deployment string) (Run, error) {
	run, err := read(Directory(deployment))
	replaced := err == nil && run == Run{}
	if replaced || errors.Is(err, fs.ErrNotExist) {
		d := diagnostic.Errorf("no run of %s was detached", deployment)
		d.Code, d.Why = "detached.none", "there is nothing in "+Directory(deployment)
		if replaced {
			d.Summary = "the last run of " + deployment + " was not detached"
			d.Why = "it has said what it did where it was started"
		}
		word := diagnostic.Word(deployment)
		d.Todo = "start one with `coderaws up " + word + " --detach`; `coderaws status " + word + "` shows what exists"
		return Run{}, d
	}
	if err != nil {
		return Run{}, lost(run, deployment)
	}
	return run, nil
}

// Follow writes what the last run that was detached says, from its beginning, until it ends, and returns its exit status: messages while it
// is at work, results at its end. When ctx is done, it ends, and the run does not. A run that was killed, and left no status, is an error.
func Follow(ctx context.Context, deployment string, results, messages io.Writer) (diagnostic.ExitCode, error) {
	dir := Directory(deployment)
	run, err := Find(deployment)
	if err != nil {
		return 0, err
	}
	said, err := open(filepath.Join(dir, messagesFile))
	if err != nil {
		return 0, lost(run, deployment)
	}
	defer said.Close()
	for {
		// In this order: what is said before the end is read after it.
		lives, err := alive(dir)
		if err != nil {
			return 0, err
		}
		status, ended := status(dir)
		if _, err := io.Copy(messages, said); err != nil {
			return 0, err
		}
		switch {
		case ended:
			return status, copyFile(results, filepath.Join(dir, resultsFile))
		case !lives:
			return 0, lost(run, deployment)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// alive tells whether a run holds the lock of a directory.
func alive(dir string) (bool, error) {
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	free, err := take(lock)
	return !free, errors.Join(err, lock.Close())
}

// status is how a run ended, if it has.
func status(dir string) (diagnostic.ExitCode, bool) {
	text, err := readFile(filepath.Join(dir, statusFile))
	if err != nil {
		return 0, false
	}
	code, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 8) // what an operating system keeps of one
	return diagnostic.ExitCode(code), err == nil
}

// open opens a file of a run to be read. A pipe in its place would keep whoever follows for ever.
func open(name string) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", name)
	}
	return os.Open(name)
}

func readFile(name string) ([]byte, error) {
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

func copyFile(to io.Writer, name string) error {
	file, err := open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(to, file)
	return err
}

// lost is a run that did not say how it ended.
func lost(run Run, deployment string) error {
	d := diagnostic.Errorf("the detached run was killed, or the machine was")
	if run.Process > 0 {
		d.Summary = "the detached run of " + run.Started.Format(time.RFC3339) + " was killed, or the machine was"
	}
	d.Code, d.Why = "detached.lost", "it left no exit status that can be read in "+Directory(deployment)
	d.Todo = "start it again: it goes on where it stopped, and adopts what it had made"
	return d
}
