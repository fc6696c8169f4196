// Package house holds the rules of this repository as tests, so that they are kept without anybody remembering them:
// which package may import which, that packages say what they are for, that nothing is read from the clock, the
// environment or chance behind the caller's back, and that the embedded AWS declares all that the stacks use. A rule that
// a compiler, go vet or staticcheck holds does not belong here. Nothing imports this package.
package house
