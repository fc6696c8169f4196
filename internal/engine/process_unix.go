//go:build unix

package engine

import (
	"errors"
	"os"
	"syscall"
)

func executableName(name string) string { return name }

// interrupt asks for an orderly stop. The signal goes to the engine alone: it tells its provider plugins itself, and a plugin
// that died of a signal of its own could not finish what it is at.
func interrupt(p *os.Process) error { return p.Signal(syscall.SIGINT) }

// isRunning tells whether there is a process of this number.
func isRunning(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// killGroup ends a process and all that it started.
func killGroup(p *os.Process) error {
	if err := syscall.Kill(-p.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// reserveWriting takes a file for whoever writes to it: this process, and the engines that inherit the open file. It is free when all of
// them have ended. False means that somebody writes to it.
func reserveWriting(file *os.File) (bool, error) {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
