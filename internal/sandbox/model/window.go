package model

import (
	"fmt"
	"strconv"
)

// weekdays as AWS writes them in windows of maintenance.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// FillWindows picks windows as RDS and ElastiCache do, half an hour each and apart, out of a night of eight hours.
func FillWindows(c *Call, backup, maintenance string) {
	pick, _ := strconv.ParseUint(c.Hex(4, "window"), 16, 16) // four hexadecimal digits always parse
	at := func(half uint64) string { return fmt.Sprintf("%02d:%02d", half/2, half%2*30) }
	slot, day := pick%8*2, weekdays[pick/8%7]
	c.Set(backup, at(slot)+"-"+at(slot+1))
	c.Set(maintenance, day+":"+at(slot+1)+"-"+day+":"+at(slot+2))
}
