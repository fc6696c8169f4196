package eks

import (
	"strconv"
	"strings"
)

// Minor is the number after the dot of a Kubernetes version, or -1.
func Minor(version string) int {
	_, digits, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}
