// Package detached lets a run of the program go on without the terminal that it was started from, and lets anybody follow it from another
// one. Such a run leaves its messages, its results and its exit status in a directory of the deployment, where the next one replaces
// them. What a run does, and who may work on a deployment, is no business of this package. The command line alone imports it.
package detached

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

// Variable is set in the environment of a run that was detached: the directory of what it leaves.
const Variable = "CODERAWS_DETACHED"

// The files of a run. The lock is held as long as the run lives, and says which process it is; the status appears at its end.
const (
	lockFile     = "lock"
	messagesFile = "messages"
	resultsFile  = "results"
	statusFile   = "status"
)

const (
	// patience is how long the lock is waited for: whoever follows holds it for a moment, to see whether the run lives.
	patience = time.Second
	// pause is the time between two looks.
	pause = 100 * time.Millisecond
)

// Directory is where the last run of a deployment that was detached left what it said.
func Directory(deployment string) string { return filepath.Join(deployment, ".coderaws", "run") }

// Run is a run that was detached.
type Run struct {
	// Process is the number of its process, and Started when it began.
	Process int       `json:"process"`
	Started time.Time `json:"started"`
}

// Command is what is to go on by itself: a program with its arguments, and its environment.
type Command struct {
	Program       string
	Args, Environ []string
}

// Start starts a run of a deployment in a session of its own, which ends with no terminal. It is refused where another one lives.
func Start(deployment string, c Command, now time.Time) (run Run, err error) {
	dir, err := filepath.Abs(Directory(deployment))
	if err != nil {
		return Run{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Run{}, unwritable(err)
	}
	lock, err := reserve(dir)
	if err != nil {
		return Run{}, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }() // the run has it by then
	// The files are new ones, so that whoever still reads of the run before comes to its end.
	for _, name := range []string{statusFile, messagesFile, resultsFile} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Run{}, unwritable(err)
		}
	}
	messages, err := create(dir, messagesFile)
	if err != nil {
		return Run{}, err
	}
	defer messages.Close() // the run writes to it, and this process does not
	results, err := create(dir, resultsFile)
	if err != nil {
		return Run{}, err
	}
	defer results.Close()
	cmd := exec.Command(c.Program, c.Args...)
	cmd.Env = append(c.Environ[:len(c.Environ):len(c.Environ)], Variable+"="+dir)
	cmd.Stdout, cmd.Stderr = results, messages
	if err := inSession(cmd, lock); err != nil {
		return Run{}, err
	}
	if err := cmd.Start(); err != nil {
		return Run{}, fmt.Errorf("starting %s: %w", c.Program, err)
	}
	run = Run{cmd.Process.Pid, now.UTC().Truncate(time.Second)}
	return run, errors.Join(run.write(lock), cmd.Process.Release())
}

// Replace is for a run that was not detached, at its begin: what an earlier one has left is no news of the deployment any more. A detached
// run that lives, such as the caller, keeps what it says.
func Replace(deployment string) error {
	lock, err := os.OpenFile(filepath.Join(Directory(deployment), lockFile), os.O_RDWR|os.O_APPEND, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // there was none
	}
	if err != nil {
		return unwritable(err)
	}
	free, err := take(lock)
	if err == nil && free {
		err = Run{}.write(lock)
	}
	return errors.Join(err, lock.Close())
}

// End is the last that a run does: it leaves its exit status, by which whoever follows it ends. dir is what Variable says.
func End(dir string, status diagnostic.ExitCode) error {
	return atomicfile.Write(filepath.Join(dir, statusFile), []byte(strconv.Itoa(int(status))+"\n"), 0o600)
}

// reserve takes the lock of a directory, for this process and the one that inherits it.
func reserve(dir string) (*os.File, error) {
	lock, err := create(dir, lockFile)
	if err != nil {
		return nil, err
	}
	for waited := time.Duration(0); ; waited += pause {
		free, err := take(lock)
		if err == nil && free {
			return lock, nil
		}
		if err != nil {
			return nil, errors.Join(unwritable(err), lock.Close())
		}
		if waited >= patience {
			run, _ := read(dir) // it may be about to say who it is
			return nil, errors.Join(working(run), lock.Close())
		}
		time.Sleep(pause)
	}
}

// write puts on record who a run is, in the file that it holds: a rename would leave the lock on a file that nobody finds.
func (r Run) write(lock *os.File) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := lock.Truncate(0); err != nil {
		return unwritable(err)
	}
	_, err = lock.Write(append(text, '\n'))
	return err
}

// read is the run that has or had a directory.
func read(dir string) (Run, error) {
	text, err := readFile(filepath.Join(dir, lockFile))
	if err != nil {
		return Run{}, err
	}
	var run Run
	return run, json.Unmarshal(text, &run)
}

func create(dir, name string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, unwritable(err)
	}
	return file, nil
}

func working(run Run) error {
	d := diagnostic.Errorf("a detached run is at work on this deployment")
	if run.Process > 0 {
		d.Summary = fmt.Sprintf("a detached run (process %d) is at work on this deployment since %s",
			run.Process, run.Started.Format(time.RFC3339))
	}
	d.Code, d.Why = "detached.working", "two runs at once would damage each other's state"
	d.Todo = "wait until it has ended: `coderaws status DIR --follow` shows it, and ends with it"
	return d
}

func unwritable(err error) error {
	d := diagnostic.Errorf("what a detached run says cannot be kept: %v", err)
	d.Code, d.Todo = "detached.unwritable", "make the directory writable, with room on its disk"
	return d
}
