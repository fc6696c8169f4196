package engine

import (
	"os"
	"syscall"
)

func executableName(name string) string { return name + ".exe" }

// processAttributes puts the engine in a process group of its own, so that Ctrl-C on the console reaches it only through us.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// interrupt ends the process: Windows cannot send an interrupt to one process of another group.
func interrupt(p *os.Process) error { return p.Kill() }

// isRunning tells whether there is a process of this number.
func isRunning(pid int) bool {
	p, err := os.FindProcess(pid)
	return err == nil && p.Release() == nil
}

func killGroup(p *os.Process) error { return p.Kill() }

// reserveWriting takes nothing: on Windows an engine is not interrupted when this process dies, and goes on until its end.
func reserveWriting(*os.File) (bool, error) { return true, nil }

// reserveRoom takes none.
func reserveRoom(*os.File, int64) {}
