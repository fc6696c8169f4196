package deployment

import (
	"testing"
	"testing/fstest"

	"github.com/zclconf/go-cty/cty"
)

// twoStacks are stacks of which the second is fed by the first, and both know the region.
func twoStacks() fstest.MapFS {
	return fstest.MapFS{
		"stacks/cloud/variables.tf": {Data: []byte(`
variable "region" { type = string }
variable "deletion_protection" { default = {} }
`)},
		"stacks/platform/variables.tf": {Data: []byte(`
variable "region" { type = string }
variable "coder" { default = {} }
variable "oidc_proven" { default = false }
variable "cloud" {
  type = object({ name = string, nodes = number, windows = optional(map(string)) })
}
`)},
		"stacks/platform/main.tf": {Data: []byte(`locals { a = 1 }`)},
	}
}

// TestDerived: what coderaws fills in itself is no setting, and its type is known.
func TestDerived(t *testing.T) {
	s, err := readSchema(twoStacks())
	if err != nil {
		t.Fatal(err)
	}
	region, findings := s.check("eu-west-1.tfvars", "eu-west-1", []byte("region = \"eu-west-1\"\ncoder = {}\n"))
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	for _, test := range []struct {
		stack, variable string
		want            bool
	}{
		{"cloud", "region", true}, {"platform", "region", true}, {"platform", "coder", true},
		{"cloud", "coder", false}, {"platform", "deletion_protection", false}, {"platform", "cloud", false}, {"platform", "oidc_proven", false},
	} {
		if got := region.Declares(test.stack, test.variable); got != test.want {
			t.Errorf("a user may set %s of stack %s: %t, want %t", test.variable, test.stack, got, test.want)
		}
	}
	for _, name := range []string{"cloud", "oidc_proven"} {
		if _, findings := s.check("eu-west-1.tfvars", "eu-west-1", []byte("region = \"eu-west-1\"\n"+name+" = {}\n")); !findings.HasErrors() {
			t.Errorf("a user could set %s", name)
		}
	}

	object := cty.ObjectWithOptionalAttrs(map[string]cty.Type{"name": cty.String, "nodes": cty.Number,
		"windows": cty.Map(cty.String)}, []string{"windows"})
	for _, test := range []struct {
		variable string
		want     cty.Type
	}{{"cloud", object}, {"oidc_proven", cty.DynamicPseudoType}, {"absent", cty.DynamicPseudoType}} {
		got, err := DerivedType(twoStacks(), "platform", test.variable)
		if err != nil || !got.Equals(test.want) {
			t.Errorf("%s has the type %#v, %v; want %#v", test.variable, got, err, test.want)
		}
	}
}
