package coderaws

import (
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/facts"

	"github.com/google/go-cmp/cmp"
)

// TestDatabaseAuthorities holds the authorities of RDS to what makes them worth trusting: each is of RDS and of the region of its file,
// signs for itself, and is good for years.
func TestDatabaseAuthorities(t *testing.T) {
	var without []string
	for _, region := range facts.Regions() {
		text, err := fs.ReadFile(Source, "stacks/platform/rds-authorities/"+region+".pem")
		if err != nil {
			without = append(without, region)
			continue
		}
		var kinds []string
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				t.Fatalf("%s: %v", region, err)
			}
			kind, of := strings.CutPrefix(c.Subject.CommonName, "Amazon RDS "+region+" Root CA ")
			if err := c.CheckSignatureFrom(c); err != nil || !of || !c.IsCA {
				t.Errorf("%s has %q: %v", region, c.Subject.CommonName, err)
			}
			if c.NotAfter.Before(time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("%q ends on %s", c.Subject.CommonName, c.NotAfter)
			}
			kinds = append(kinds, kind)
		}
		slices.Sort(kinds)
		if diff := cmp.Diff([]string{"ECC384 G1", "RSA2048 G1", "RSA4096 G1"}, kinds); diff != "" {
			t.Errorf("the authorities of %s (-want +got):\n%s", region, diff)
		}
	}
	want := []string{"ap-southeast-5", "ap-southeast-7", "ca-west-1", "il-central-1", "mx-central-1", "us-gov-east-1", "us-gov-west-1"}
	if diff := cmp.Diff(want, without); diff != "" {
		t.Errorf("regions without authorities, of which docs/reference/security.md tells (-want +got):\n%s", diff)
	}
}
