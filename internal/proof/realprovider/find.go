// Package realprovider runs the released AWS provider as Terraform does, as a process of its own that is spoken to over
// the plugin protocol, so that what the embedded AWS does can be measured against and compared with the original. It
// belongs to the proof, not to the program: only tests and tools import it, and it imports nothing of coderaws.
package realprovider

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Version is the version of the AWS provider that measurements and comparisons are made with.
const Version = "5.100.0"

// MirrorVariable names the environment variable that points to a filesystem mirror of Terraform providers, in the layout
// that "terraform providers mirror" writes, unpacked.
const MirrorVariable = "CODERAWS_PROVIDER_MIRROR"

// AskVariable names the environment variable that asks for the tests which run for minutes; make test-provider sets it to 1.
const AskVariable = "CODERAWS_TEST_PROVIDER"

// ErrNotAsked says that nobody asked for the long tests.
var ErrNotAsked = errors.New("it takes minutes, and runs where " + AskVariable + "=1 asks for it, as make test-provider does")

// FindIfAsked is Find for tests that run for minutes: it gives ErrNotAsked unless AskVariable is set.
func FindIfAsked() (mirror, binary string, err error) {
	if os.Getenv(AskVariable) == "" {
		return "", "", ErrNotAsked
	}
	return Find()
}

// NotFoundError says that the provider is not there, where it was looked for, and how to get it. Tests skip on it.
type NotFoundError struct {
	// Looked are the directories in which the binary was not.
	Looked []string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("the AWS provider %s is in none of %v; set %s to a filesystem mirror that holds it unpacked "+
		"(registry.terraform.io/hashicorp/aws/%s/%s_%s/)", Version, e.Looked, MirrorVariable, Version, runtime.GOOS, runtime.GOARCH)
}

// Find gives the mirror directory and the provider binary in it. It looks in the mirror that MirrorVariable names and
// then in the directories in which Terraform looks for mirrors by itself (its documentation calls them implied local mirrors).
func Find() (mirror, binary string, err error) {
	var looked []string
	for _, mirror := range mirrors() {
		dir := filepath.Join(mirror, "registry.terraform.io", "hashicorp", "aws", Version, runtime.GOOS+"_"+runtime.GOARCH)
		looked = append(looked, dir)
		// The name ends in the protocol's version (_x5), which releases add.
		found, err := filepath.Glob(filepath.Join(dir, "terraform-provider-aws_*"))
		if err == nil && len(found) > 0 {
			return mirror, found[0], nil
		}
	}
	return "", "", &NotFoundError{Looked: looked}
}

func mirrors() []string {
	var out []string
	if mirror := os.Getenv(MirrorVariable); mirror != "" {
		out = append(out, mirror)
	}
	if home, err := os.UserHomeDir(); err == nil {
		out = append(out, filepath.Join(home, ".terraform.d", "plugins"), filepath.Join(home, ".local", "share", "terraform", "plugins"))
	}
	return append(out, filepath.Join("/usr", "local", "share", "terraform", "plugins"), filepath.Join("/usr", "share", "terraform", "plugins"))
}
