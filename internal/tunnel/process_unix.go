//go:build unix

package tunnel

import "os"

// interrupt asks the plugin to end the session and itself.
func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }
