package tunnel

import (
	"os"
	"syscall"
)

// processAttributes puts the plugin in a process group of its own, so that Ctrl-C on the console does not reach it.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// interrupt ends the plugin: Windows cannot send an interrupt to one process of another group. The session is ended by its id.
func interrupt(p *os.Process) error { return p.Kill() }
