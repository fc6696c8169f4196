package world

import (
	"bytes"
	"io"
)

// InstanceTable reads the embedded table of EC2 instance types as the file has it, JSON under gzip, for those who need more of it than a world
// does: exact prices, and where each figure is from.
func InstanceTable() io.Reader { return bytes.NewReader(instanceFile) }
