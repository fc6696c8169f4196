//go:build unix

package detached

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// inheritedLock is the number that the file of the lock has in the run: the first after those of every process.
const inheritedLock = 3

// inSession lets a command run in a session of its own, and gives it the lock: one of flock(2) ends with the last process that has it.
func inSession(cmd *exec.Cmd, lock *os.File) error {
	cmd.SysProcAttr, cmd.ExtraFiles = &syscall.SysProcAttr{Setsid: true}, []*os.File{lock}
	return nil
}

// Begin is the first that a run does: what it starts is not to hold its lock, as it may outlive it.
func Begin() { syscall.CloseOnExec(inheritedLock) }

// take locks a file, unless another process has.
func take(file *os.File) (bool, error) {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
