package renderer

import "syscall"

// processAttributes puts the process in a group of its own: a Ctrl-C on the terminal is for the program, which interrupts Terraform,
// which stops its providers, which end what is being rendered.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// limitData bounds the memory that this process may have from the system, in bytes, for what takes it faster than it can be watched
// (setrlimit(2), RLIMIT_DATA; since Linux 4.7 it counts all private memory). Where that is refused, it is watched alone.
func limitData(bytes uint64) {
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: bytes, Max: bytes})
}
