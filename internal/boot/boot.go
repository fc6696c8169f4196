// Package boot holds the garbage collector back until a command begins its work. What the program links fills tables when it starts, some
// fifteen megabytes that all stay in use: to look through them for garbage meanwhile costs --help a third of its time. Only main imports
// this package, and nothing else belongs here.
//
// Go initializes packages in the order of their import paths, as far as dependencies allow (language specification, Package
// initialization), so that this one comes before all libraries but the standard one.
package boot

import "runtime/debug"

// percent is what the collector was set to, by GOGC or by default.
var percent = debug.SetGCPercent(-1)

// Done lets the collector work again.
func Done() { debug.SetGCPercent(percent) }
