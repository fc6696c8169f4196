// Package hugepages asks the kernel to back the first part of the heap with huge pages. What the program links fills tables when it
// starts, some ten megabytes: in pages of 4 KiB that is three thousand page faults, which took a third of the time of --help on a
// virtual machine. Only boot imports this package, and nothing else belongs here.
//
// It imports so little that Go initializes it before almost everything else, for packages are initialized in the order of their import paths
// as far as dependencies allow (language specification, Package initialization): before any that fills the heap.
package hugepages

import (
	"runtime"
	"syscall"
)

// size is what the start needs, and some.
const size = 16 << 20

// Advised tells whether the kernel took the advice. A kernel without huge pages refuses, and the start is as slow as without.
var Advised = advise()

// advise makes the heap grow at once, and gives what it grew by back to the heap, not to the system.
func advise() bool {
	grown := make([]byte, size)
	err := syscall.Madvise(grown, syscall.MADV_HUGEPAGE)
	runtime.GC()
	return err == nil
}
