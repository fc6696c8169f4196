package tunnel

import "syscall"

// processAttributes puts the plugin in a process group of its own: a Ctrl-C on the terminal is for this program, which lets Terraform
// finish what it has begun and needs the way for that. When this process dies, Linux interrupts the plugin, so that no session stays.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}
