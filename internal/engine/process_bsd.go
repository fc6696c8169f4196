//go:build unix && !linux

package engine

import "syscall"

// processAttributes puts the engine in a process group of its own, so that a Ctrl-C on the terminal reaches it once, through
// us, and not twice, which would mean "stop at once" to it.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
