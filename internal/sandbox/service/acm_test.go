package service_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"slices"
	"testing"
	"time"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestCertificate(t *testing.T) {
	certificate := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_acm_certificate", merged(object{"domain_name": "coder.example.com", "validation_method": "DNS"}, change))
	}
	var ten []string
	for i := range 10 {
		ten = append(ten, text(i+1)+".example.com")
	}
	check(t, []rule{
		{name: "a certificate of a domain and its wildcard",
			given: certificate(object{"subject_alternative_names": []string{"*.coder.example.com"}})},
		{name: "a domain of one label", given: certificate(object{"domain_name": "localhost"}),
			refused: "ValidationException: 1 validation error detected: Value 'localhost' at 'domainName'"},
		{name: "a wildcard inside a name", given: certificate(object{"domain_name": "a.*.example.com"}), refused: "ValidationException"},
		{name: "a first name of 65 characters", given: certificate(object{"domain_name": text(53) + ".example.com"}),
			refused: "The first domain name can have no more than 64 octets."},
		{name: "ten names", given: certificate(object{"subject_alternative_names": ten[:9]})},
		{name: "eleven names", given: certificate(object{"subject_alternative_names": ten}), refused: "LimitExceededException"},
		{name: "no way to validate", given: certificate(object{"validation_method": nil}),
			refused: "at 'validationMethod' failed to satisfy constraint"},
		{name: "a key that ACM does not make", given: certificate(object{"key_algorithm": "RSA_512"}),
			refused: "Value 'RSA_512' at 'keyAlgorithm'"},
		{name: "an import that is no certificate",
			given: creates("aws_acm_certificate", object{"certificate_body": "text", "private_key": "text"}), refused: "ValidationException"},
	})
}

func TestCertificateValidation(t *testing.T) {
	validation := func(prove func(t *testing.T, d *sandboxtest.Driver, certificate object)) func(*testing.T, *sandboxtest.Driver) (string,
		object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			certificate := certificateFor(t, d, "coder.example.com", false)
			prove(t, d, certificate)
			return "aws_acm_certificate_validation", object{"certificate_arn": certificate["arn"]}
		}
	}
	const forever = "timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s)"
	check(t, []rule{
		{name: "the record is in the zone", given: validation(func(t *testing.T, d *sandboxtest.Driver, certificate object) {
			d.MustCreate(t, "aws_route53_record", proof(zoneOf(t, d, "example.com"), certificate))
		})},
		{name: "no record", refused: forever, given: validation(func(*testing.T, *sandboxtest.Driver, object) {})},
		{name: "the record is in a zone of another domain", refused: forever,
			given: validation(func(t *testing.T, d *sandboxtest.Driver, certificate object) {
				d.MustCreate(t, "aws_route53_record", proof(zoneOf(t, d, "example.net"), certificate))
			})},
		{name: "the record is in a private zone", refused: forever,
			given: validation(func(t *testing.T, d *sandboxtest.Driver, certificate object) {
				private := d.MustCreate(t, "aws_route53_zone", object{"name": "example.com", "vpc": []object{{"vpc_id": vpcOf(t, d)}}})
				d.MustCreate(t, "aws_route53_record", proof(private, certificate))
			})},
		{name: "the record says something else", refused: forever,
			given: validation(func(t *testing.T, d *sandboxtest.Driver, certificate object) {
				d.MustCreate(t, "aws_route53_record",
					merged(proof(zoneOf(t, d, "example.com"), certificate), object{"records": []string{"example.net"}}))
			})},
		{name: "the wrong record is named", refused: "missing coder.example.com DNS validation record: _",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				certificate := certificateFor(t, d, "coder.example.com", false)
				return "aws_acm_certificate_validation",
					object{"certificate_arn": certificate["arn"], "validation_record_fqdns": []string{"www.example.com"}}
			}},
		{name: "a certificate that does not exist", given: creates("aws_acm_certificate_validation", object{"certificate_arn": "arn:none"}),
			refused: "ResourceNotFoundException: Could not find certificate arn:none"},
	})
}

// TestCertificatePlan holds the plan to what the provider knows before it asks ACM: the names, not their records.
func TestCertificatePlan(t *testing.T) {
	d := sandboxtest.New(t, "")
	config := object{"domain_name": "coder.example.com", "subject_alternative_names": []string{"*.coder.example.com"},
		"validation_method": "DNS"}
	planned, err := d.Plan("aws_acm_certificate", nil, config)
	expect(t, err, "")
	var names []string
	for _, option := range planned["domain_validation_options"].([]any) {
		names = append(names, option.(object)["domain_name"].(string))
		if !isUnknown(option.(object)["resource_record_name"]) {
			t.Errorf("the plan knows the record %v", option)
		}
	}
	if slices.Sort(names); !slices.Equal(names, []string{"*.coder.example.com", "coder.example.com"}) {
		t.Errorf("the plan names %v", names)
	}
	made := d.MustCreate(t, "aws_acm_certificate", config)
	again, err := d.Plan("aws_acm_certificate", made, config)
	expect(t, err, "")
	if _, err := d.Update("aws_acm_certificate", made, merged(config, object{"domain_name": "other.example.com"})); err == nil {
		t.Error("another domain needs another certificate")
	}
	options := made["domain_validation_options"].([]any)
	first, second := options[0].(object), options[1].(object)
	if first["resource_record_name"] != second["resource_record_name"] || first["resource_record_value"] != second["resource_record_value"] {
		t.Errorf("a domain and its wildcard are proven by one record, not by %v and %v", first, second)
	}
	if len(again["subject_alternative_names"].([]any)) != 2 {
		t.Errorf("a second plan has the names %v", again["subject_alternative_names"])
	}
	noFallbacks(t, d)
}

func TestCertificateInUse(t *testing.T) {
	d := sandboxtest.New(t, "")
	certificate := certificateFor(t, d, "coder.example.com", true)
	issued, err := d.Read("aws_acm_certificate", certificate)
	expect(t, err, "")
	if issued["status"] != "ISSUED" {
		t.Errorf("status %v, want ISSUED", issued["status"])
	}
	found, err := d.Data("aws_acm_certificate", object{"domain": "coder.example.com"})
	expect(t, err, "")
	if found["arn"] != certificate["arn"] {
		t.Errorf("the data source found %v", found["arn"])
	}
	_, err = d.Data("aws_acm_certificate", object{"domain": "example.org"})
	expect(t, err, "no matching ACM Certificate found")
	listener := d.MustCreate(t, "aws_lb_listener",
		listenerOn(t, d, networkIn(t, d, 1), object{"protocol": "TLS", "certificate_arn": certificate["arn"]}))
	expect(t, d.Delete("aws_acm_certificate", issued), "ResourceInUseException: Certificate "+certificate["arn"].(string)+
		" in account 123456789012 is in use.")
	expect(t, d.Delete("aws_lb_listener", listener), "")
	expect(t, d.Delete("aws_acm_certificate", issued), "")
	noFallbacks(t, d)
}

// TestCertificateImport takes a certificate of the user's own, and one of a private authority.
func TestCertificateImport(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	expect(t, err, "")
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "own.example.com"},
		DNSNames: []string{"own.example.com"}, NotBefore: from, NotAfter: from.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	expect(t, err, "")
	d := sandboxtest.New(t, "")
	body := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	own := d.MustCreate(t, "aws_acm_certificate", object{"certificate_body": body, "private_key": "key"})
	private := d.MustCreate(t, "aws_acm_certificate", object{"domain_name": "coder.internal.example.com",
		"certificate_authority_arn": "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/1"})
	for _, test := range []struct {
		certificate object
		kind, from  string
	}{
		{own, "IMPORTED", "2026-01-01T00:00:00Z"},
		{private, "PRIVATE", "2026-11-22T12:00:00Z"},
	} {
		if got := test.certificate; got["status"] != "ISSUED" || got["type"] != test.kind || got["not_before"] != test.from {
			t.Errorf("%v of type %v from %v, want ISSUED, %s, %s", got["status"], got["type"], got["not_before"], test.kind, test.from)
		}
	}
	if own["domain_name"] != "own.example.com" {
		t.Errorf("the imported certificate is for %v", own["domain_name"])
	}
	noFallbacks(t, d)
}
