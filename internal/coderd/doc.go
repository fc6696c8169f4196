// Package coderd knows what the program in Coder's image accepts from its environment: the names that each version reads, values that
// make it exit when it starts, and settings that need a licence. It starts nothing and asks nobody.
//
// Coder passes over variables that it does not know without a word, so that a misspelt setting is a setting that has no effect. Here it is
// a problem. Facts were taken from the source of Coder 2.24.4, 2.27.0 and 2.35.1; tools/coderoptions writes coder-options.json of package
// facts from it.
//
// The Helm provider of the embedded AWS imports this package, and whoever checks settings before there is a cluster. It imports
// of this module only facts, and the package that knows schedules.
package coderd
