package engine

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/Masterminds/semver/v3"

	"coderaws/internal/diagnostic"
)

// stateWriter is what a state says of the engine that wrote it last: its version, and by the addresses of providers its product.
type stateWriter struct {
	Version   string                      `json:"terraform_version"`
	Resources []struct{ Provider string } `json:"resources"`
}

// registries are where the products get the providers of short addresses such as hashicorp/aws.
var registries = map[Product]string{Terraform: "registry.terraform.io", OpenTofu: "registry.opentofu.org"}

// otherProduct tells by the registries of providers that a text names that another product wrote it; "" if this one did, or nobody
// knows.
func otherProduct(text string, product Product) Product {
	names := func(p Product) bool { return strings.Contains(text, `"`+registries[p]+`/hashicorp/`) }
	for other := range registries {
		if other != product && names(other) && !names(product) {
			return other
		}
	}
	return ""
}

// checkWriter refuses a state that another engine has written, unless that is to be changed.
func (s *Stack) checkWriter(state []byte, place string) error {
	err := s.foreignWriter(state, place)
	if s.isForeign = err != nil; s.ChangeEngine {
		return nil
	}
	return err
}

// IsForeign tells whether another engine has written the state that was looked at last, which ChangeEngine lets pass.
func (s *Stack) IsForeign() bool { return s.isForeign }

// foreignWriter says that the other product has written a state, or a newer version of this one. Both products read what an older
// version of theirs wrote, and promise nothing about what a newer one did (HashiCorp, "Terraform v1.x Compatibility Promises"); they refuse
// it only where the format of the whole file has another number.
func (s *Stack) foreignWriter(state []byte, place string) error {
	var wrote stateWriter
	if json.Unmarshal(state, &wrote) != nil || len(wrote.Resources) == 0 {
		return nil // nobody can tell, or there is nothing to lose
	}
	var providers strings.Builder
	for _, r := range wrote.Resources {
		providers.WriteString(r.Provider)
	}
	if other := otherProduct(providers.String(), s.Binary.Product); other != "" {
		return s.refuseProduct(other, place)
	}
	newest, err := semver.NewVersion(wrote.Version)
	have, haveErr := semver.NewVersion(s.Binary.Version)
	if err != nil || haveErr != nil || !have.LessThan(newest) || !strings.Contains(providers.String(), registries[s.Binary.Product]) {
		return nil
	}
	d := diagnostic.Errorf("the state of stack %s was written by %s %s, and this is %s", s.Name, s.Binary.Product, newest, have)
	d.Code, d.Where = "engine.older_version", &diagnostic.Range{File: place}
	d.Why = "what a newer version writes into a state, an older one need not understand, and may lose"
	d.Todo = fmt.Sprintf("use %s %s or later; %s names the program. To go back to %s for good, run `coderaws up` with --change-engine",
		s.Binary.Product, newest, BinaryVariable, have)
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// refuseProduct says that a deployment is run with the other product, as a file says.
func (s *Stack) refuseProduct(other Product, file string) error {
	d := diagnostic.Errorf("this deployment is run with %s, and not with %s", other, s.Binary.Product)
	d.Code, d.Where = "engine.other_product", &diagnostic.Range{File: file}
	d.Why = "providers of " + string(other) + "'s registry are named there; what one product writes into a state, the other need not read"
	d.Todo = fmt.Sprintf("name %s in %s; to change the product for good, for everybody who runs the deployment, run `coderaws up` "+
		"with --change-engine", other, BinaryVariable)
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}
