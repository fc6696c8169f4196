package engine

import (
	"os"
	"syscall"
)

// processAttributes puts the engine in a process group of its own, so that a Ctrl-C on the terminal reaches it once,
// through us, and not twice, which would mean "stop at once" to it. When this process dies, Linux interrupts it, so that
// it saves what it has made and ends. It may be interrupted twice then, as Linux does so for each of our threads that
// the child passes to while they end: the engines save their state at the first interrupt, and the journal tells what
// came after it.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}

// keepSize is FALLOC_FL_KEEP_SIZE: room is taken behind the end of a file, which stays where it is (fallocate(2)).
const keepSize = 1

// reserveRoom takes room for what is appended to a file, so that it can be told why a run failed on a full disk. Where
// it is not to be had, or the file system cannot, events are lost at most.
func reserveRoom(file *os.File, bytes int64) {
	if info, err := file.Stat(); err == nil {
		_ = syscall.Fallocate(int(file.Fd()), keepSize, info.Size(), bytes)
	}
}
