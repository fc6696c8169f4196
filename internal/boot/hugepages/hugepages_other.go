//go:build !linux

package hugepages

// Advised is false where the system cannot be asked.
const Advised = false
