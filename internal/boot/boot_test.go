package boot

import (
	"runtime"
	"testing"
)

// TestCollectorWaits: the collector leaves the tables alone that the start fills.
func TestCollectorWaits(t *testing.T) {
	prepare()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	tables := make([][]byte, room>>10)
	for i := range tables {
		tables[i] = make([]byte, 768)
	}
	runtime.ReadMemStats(&after)
	if after.NumGC != before.NumGC {
		t.Errorf("the collector ran %d times while %d MiB were filled", after.NumGC-before.NumGC, room*3/4>>20)
	}
	if grown := after.HeapSys - before.HeapSys; grown > room/4 {
		t.Errorf("the heap took %d MiB more from the system, though there was room", grown>>20)
	}
	runtime.KeepAlive(tables)
}
