// Package boot holds the garbage collector back until a command begins its work. What the program links fills tables when it starts, some
// ten megabytes that mostly stay in use: to look through them for garbage meanwhile delays the answer of --help, and so does to take
// them from the kernel page by page. Only main imports this package, and nothing else belongs here.
//
// Go initializes packages in the order of their import paths, as far as dependencies allow (language specification, Package
// initialization). This one has to wait for runtime/debug, and so comes after many small ones and before the largest, those of Helm
// and Kubernetes: GODEBUG=inittrace=1 shows the order. What comes before it has to stay below the four megabytes at which the collector
// first runs.
package boot

import (
	"runtime/debug"

	_ "coderaws/internal/boot/hugepages" // it comes before all that fills the heap
)

// percent is what the collector was set to, by GOGC or by default.
var percent = debug.SetGCPercent(-1)

// Done lets the collector work again.
func Done() { debug.SetGCPercent(percent) }
