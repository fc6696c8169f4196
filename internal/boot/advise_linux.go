package boot

import "syscall"

// advise asks for huge pages, where the system gives them to those that ask.
func advise(memory []byte) bool { return syscall.Madvise(memory, syscall.MADV_HUGEPAGE) == nil }
