// Package boot is what comes before everything else in a start. It answers whoever asks for help alone, and makes room in the heap before
// anything fills it: what the program links fills tables when it starts, some ten megabytes that stay in use, and to look through them for
// garbage meanwhile, and to take them from the kernel in pages of 4 KiB, was a third of the processor time of a start. Only main imports
// this package, and nothing else belongs here.
//
// It imports so little that Go initializes it before almost everything else, for packages are initialized in the order of their import
// paths as far as dependencies allow (language specification, Package initialization): GODEBUG=inittrace=1 shows the order.
package boot

import (
	"os"
	"runtime"
)

const (
	// room is what the start takes, and some.
	room = 16 << 20
	// begun is what is left of the 4 MiB that the runtime took before anybody could ask for huge pages. The allocator would fill these first.
	begun = 3 << 20
)

var _ = answer(os.Args)

// Advised tells whether the kernel was asked for huge pages, and knows them. Without them a start is slower, and nothing else.
var Advised = prepare()

// prepare lets the heap grow, and gives what it grew by back to the heap, though not to the system. The collector next runs when
// the heap is twice as large as what it finds now, which is the ballast and what is occupied, of
// which no page is ever touched.
func prepare() bool {
	occupied := make([]byte, begun)
	grown, ballast := make([]byte, room), make([]byte, room)
	advised := advise(grown)
	runtime.GC()
	runtime.KeepAlive(occupied)
	runtime.KeepAlive(ballast)
	return advised
}
