//go:build !linux

package boot

// advise asks nobody: other systems choose the size of pages themselves.
func advise([]byte) bool { return false }
