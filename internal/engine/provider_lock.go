package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

// sharedLock is the file in which a deployment keeps which providers a stack uses, with their checksums: beside its settings, where it
// comes under version control with them, and where another machine takes the same. It is "" for providers that already run, which init
// gets nowhere.
func (s *Stack) sharedLock() string {
	if s.Providers != nil {
		return ""
	}
	deployment := filepath.Dir(filepath.Dir(filepath.Dir(s.Workdir.Root))) // see Root
	return filepath.Join(deployment, s.Name+".lock.hcl")
}

// takeLock puts the deployment's lock where the engine looks for it. Where there is none, the one that the Workdir has stays.
func (s *Stack) takeLock() error {
	shared := s.sharedLock()
	if shared == "" {
		return nil
	}
	text, err := os.ReadFile(shared)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fileFinding(err, shared)
	}
	if other := otherProduct(text, s.Binary.Product); other != "" {
		d := diagnostic.Errorf("this deployment is run with %s, and not with %s", other, s.Binary.Product)
		d.Code, d.Where = "engine.other_product", &diagnostic.Range{File: shared}
		d.Why = "its lock names providers of " + string(other) + "'s registry; what one product writes into a state, the other need not read"
		d.Todo = fmt.Sprintf("name %s in CODERAWS_TERRAFORM; to change the product for good, for everybody who runs the deployment, remove "+
			"the files *.lock.hcl beside its settings, and run this again", other)
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	return writeIfChanged(filepath.Join(s.Dir(), lockHCL), text)
}

// registries are where the products get the providers of short addresses such as hashicorp/aws.
var registries = map[Product]string{Terraform: "registry.terraform.io", OpenTofu: "registry.opentofu.org"}

// otherProduct tells by the registries that a lock names that another product wrote it; "" if this one did, or nobody knows.
func otherProduct(lock []byte, product Product) Product {
	names := func(p Product) bool { return bytes.Contains(lock, []byte(`provider "`+registries[p]+`/hashicorp/`)) }
	for other := range registries {
		if other != product && names(other) && !names(product) {
			return other
		}
	}
	return ""
}

// shareLock keeps for the deployment what init has made of the lock: a first one, or one with the checksums of a further system.
func (s *Stack) shareLock() error {
	shared := s.sharedLock()
	text, err := os.ReadFile(filepath.Join(s.Dir(), lockHCL))
	if shared == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fileFinding(err, s.Dir())
	}
	return changed(shared, text, func(file string, text []byte, _ fs.FileMode) error { return atomicfile.Write(file, text, 0o644) })
}
