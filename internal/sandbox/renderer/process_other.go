//go:build !linux

package renderer

import "syscall"

func processAttributes() *syscall.SysProcAttr { return nil }

// limitData does nothing: the process watches its memory, and that is all.
func limitData(uint64) {}
