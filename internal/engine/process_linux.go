package engine

import "syscall"

// processAttributes puts the engine in a process group of its own, so that a Ctrl-C on the terminal reaches it once, through
// us, and not twice, which would mean "stop at once" to it. Linux also ends it when this process dies.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
