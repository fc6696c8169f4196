//go:build unix && !linux

package engine

import (
	"os"
	"syscall"
)

// processAttributes puts the engine in a process group of its own, so that a Ctrl-C on the terminal reaches it once, through
// us, and not twice, which would mean "stop at once" to it.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// reserveRoom takes none: there is no call for it that all of these systems know.
func reserveRoom(*os.File, int64) {}
