// Package acm declares AWS Certificate Manager: certificates and their validation. Beside the model it imports route53; the catalog
// imports it.
//
// Rules: API model (botocore); texts marked unverified are from memory.
package acm

import (
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/route53"
	"coderaws/internal/sandbox/world"
)

const api = "ACM"

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{certificate(), certificateValidation()} }

func certificate() *model.Type {
	return &model.Type{
		Name: "aws_acm_certificate", API: api, Noun: "ACM Certificate",
		CreateCall: "RequestCertificate", UpdateCall: "UpdateCertificateOptions", DeleteCall: "DeleteCertificate",
		Identify: func(c *model.Call) string { return c.ARN("acm", "certificate/"+c.UUID()) },
		Checks: []model.Check{certificateNames, certificateMethod,
			model.OneOf("ValidationException", "key_algorithm", "keyAlgorithm", keyAlgorithms...)},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-F141DD1D", Service: "acm", Name: "ACM certificates", Default: 2500},
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceededException", "Cannot request more certificates in this account") // unverified text
			},
		}},
		Plan:    planCertificate,
		Counted: []model.CountedQuota{{Quota: domainsPerCertificate, Error: "LimitExceededException"}},
		Fill:    fillCertificate,
		InUse: func(c *model.Call, _ *world.Resource) *world.Error {
			return world.Fail("ResourceInUseException", "Certificate %s in account %s is in use.", c.ID, c.Account)
		},
		Latency: model.Latency{Create: model.Seconds(10, 5, 15), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 60),
			Source: "estimate"},
	}
}

var keyAlgorithms = []string{"RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"}

// certificateDomain is the API's pattern with labels of at most 63 characters. Go's expressions know no look-ahead, so that labels
// which begin with a hyphen are excluded by their first character.
var certificateDomain = model.Expression(
	`^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`)

// certificateNames holds a certificate to valid names, and to ten of them.
func certificateNames(c *model.Call) *world.Error {
	if imported(c) || !c.Creating() {
		return nil
	}
	names := allNames(c)
	for _, name := range names {
		switch {
		case len(name) > 253:
			return model.Unsatisfied("ValidationException", name, "domainName", "Member must have length less than or equal to 253")
		case !certificateDomain().MatchString(name):
			return model.Unsatisfied("ValidationException", name, "domainName",
				`Member must satisfy regular expression pattern: (\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])`)
		}
	}
	if len(c.String("domain_name")) > 64 {
		return world.Fail("ValidationException", "The first domain name can have no more than 64 octets.") // unverified text
	}
	if !c.World.Use(domainsPerCertificate, c.Region, "", float64(len(names))) {
		return world.Fail("LimitExceededException", "The maximum number of names has been reached") // unverified text
	}
	return nil
}

var domainsPerCertificate = world.Quota{Code: "L-FB94F0B0", Service: "acm", Name: "Domain names per ACM certificate", Default: 10}

// allNames are the domain and its alternatives, each once.
func allNames(c *model.Call) []string {
	names := []string{c.String("domain_name")}
	for _, name := range c.Strings("subject_alternative_names") {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func imported(c *model.Call) bool { return c.String("certificate_body") != "" }

func certificateMethod(c *model.Call) *world.Error {
	method := c.String("validation_method")
	switch {
	case imported(c):
		if parseCertificate(c.String("certificate_body")) == nil {
			return world.Fail("ValidationException", "The certificate body is not in a valid PEM format.") // unverified text
		}
	case c.String("certificate_authority_arn") != "" || !c.Creating():
	case !slices.Contains([]string{"DNS", "EMAIL", "HTTP"}, method):
		return model.Unsatisfied("ValidationException", method, "validationMethod", "Member must satisfy enum value set: [DNS, EMAIL, HTTP]")
	case method == "HTTP":
		return world.Fail("ValidationException", "HTTP validation is available for CloudFront distributions only.") // unverified text
	}
	return nil
}

// planCertificate plans as the provider does: the domain is one of the alternative names, and the names that will be validated are known
// before their records are (measured).
func planCertificate(c *model.Call) {
	if model.IsUnset(c.Object["domain_name"]) || imported(c) {
		return
	}
	if names := c.Object["subject_alternative_names"]; !model.IsUnknown(names) || c.Creating() &&
		len(c.Strings("subject_alternative_names")) == 0 {
		sorted := allNames(c)
		slices.Sort(sorted)
		list := make([]any, len(sorted))
		for i, name := range sorted {
			list[i] = name
		}
		c.Force("subject_alternative_names", list)
	}
	if !c.Creating() || c.String("validation_method") != "DNS" {
		return
	}
	options := []any{}
	for _, name := range c.Strings("subject_alternative_names") {
		options = append(options, world.Object{
			"domain_name": name, "resource_record_name": world.Unknown{}, "resource_record_type": world.Unknown{},
			"resource_record_value": world.Unknown{},
		})
	}
	c.Force("domain_validation_options", options)
}

// validationRecord is the CNAME that proves a domain. An account gets the same one for a domain every time, and a wildcard the one
// of the domain below which it is.
func validationRecord(w *world.World, account, domain string) (name, value string) {
	base := strings.ToLower(strings.TrimPrefix(domain, "*."))
	return "_" + w.Digest(32, account, base, "acm-name") + "." + base + ".",
		"_" + w.Digest(32, account, base, "acm-value") + "." + w.Digest(10, account, base, "acm-host") + ".acm-validations.aws."
}

func fillCertificate(c *model.Call) {
	c.Set("arn", c.ID)
	c.Set("key_algorithm", "RSA_2048")
	c.Set("pending_renewal", false)
	c.Set("renewal_summary", []any{})
	c.Set("renewal_eligibility", "INELIGIBLE")
	c.Set("options", []any{world.Object{"certificate_transparency_logging_preference": "ENABLED", "export": "DISABLED"}})
	c.SetIn("options", "export", "DISABLED")
	switch {
	case imported(c):
		fillImported(c)
	case c.String("certificate_authority_arn") != "":
		c.SetEach("NONE", "validation_method")
		c.Set("type", "PRIVATE")
		issue(c.Object, c.World.Now())
	default:
		c.Set("type", "AMAZON_ISSUED")
		c.Set("status", "PENDING_VALIDATION")
		c.SetEach("", "not_before", "not_after")
	}
	if !c.Creating() {
		return
	}
	options, addresses := []any{}, []any{}
	for _, name := range allNames(c) {
		switch c.String("validation_method") {
		case "DNS":
			record, value := validationRecord(c.World, c.Account, name)
			options = append(options, world.Object{
				"domain_name": name, "resource_record_name": record, "resource_record_type": "CNAME", "resource_record_value": value,
			})
		case "EMAIL":
			for _, mailbox := range []string{"admin", "administrator", "hostmaster", "postmaster", "webmaster"} {
				addresses = append(addresses, mailbox+"@"+strings.TrimPrefix(name, "*."))
			}
		}
	}
	c.Force("domain_validation_options", options)
	c.Set("validation_emails", addresses)
}

// lifetime is how long Amazon's public certificates are valid: 198 days since 2026 (AWS documentation).
const lifetime = 198 * 24 * time.Hour

// issue makes a certificate valid from now.
func issue(attributes world.Object, now time.Time) {
	attributes["status"] = "ISSUED"
	attributes["not_before"] = now.Format(time.RFC3339)
	attributes["not_after"] = now.Add(lifetime).Format(time.RFC3339)
}

// parseCertificate reads a certificate in PEM form, or returns nil.
func parseCertificate(text string) *x509.Certificate {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return parsed
}

// fillImported takes what a certificate of the user's own says about itself.
func fillImported(c *model.Call) {
	c.Set("type", "IMPORTED")
	c.Set("status", "ISSUED")
	c.Set("validation_method", "NONE")
	parsed := parseCertificate(c.String("certificate_body"))
	names := make([]any, len(parsed.DNSNames))
	for i, name := range parsed.DNSNames {
		names[i] = name
	}
	c.Set("domain_name", parsed.Subject.CommonName)
	c.Set("subject_alternative_names", names)
	c.Set("not_before", parsed.NotBefore.UTC().Format(time.RFC3339))
	c.Set("not_after", parsed.NotAfter.UTC().Format(time.RFC3339))
}

func certificateValidation() *model.Type {
	return &model.Type{
		Name: "aws_acm_certificate_validation", API: api, Noun: "ACM Certificate Validation",
		CreateCall: "DescribeCertificate", UpdateCall: "DescribeCertificate", DeleteCall: "DescribeCertificate",
		Identify: func(c *model.Call) string { return c.World.Now().String() },
		Scope:    []string{"certificate_arn"},
		References: []model.Reference{{Path: "certificate_arn", To: []string{"aws_acm_certificate"}, By: "arn", Inside: true,
			Missing: func(arn string) *world.Error {
				return world.NotFound("ResourceNotFoundException", "Could not find certificate %s", arn)
			}}},
		Checks: []model.Check{validationRecordsNamed, validationRecordsExist},
		Fill: func(c *model.Call) {
			found := c.FindBy("aws_acm_certificate", "arn", c.String("certificate_arn"))
			if found.String("status") != "ISSUED" {
				issued := world.Object{}
				issue(issued, c.World.Now())
				c.World.Change(found, issued)
			}
		},
		Latency: model.Latency{Create: model.Seconds(107, 1, 532), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(0, 0, 1),
			Source: "logs of real deployments (1 s, 1 min 29 s, 1 min 47 s, 4 min 25 s, 8 min 52 s)"},
	}
}

// validationRecordsNamed is the provider's own check that the records it is given are those that ACM wants.
func validationRecordsNamed(c *model.Call) *world.Error {
	given := c.Strings("validation_record_fqdns")
	found := c.FindBy("aws_acm_certificate", "arn", c.String("certificate_arn"))
	if len(given) == 0 {
		return nil
	}
	if found.String("validation_method") != "DNS" {
		return &world.Error{Message: "validation_record_fqdns is not valid for " + found.String("validation_method") + " validation"}
	}
	for i, fqdn := range given {
		given[i] = strings.TrimSuffix(strings.ToLower(fqdn), ".")
	}
	for _, name := range model.Strings(found.Attributes, "domain_validation_options.resource_record_name") {
		if !slices.Contains(given, strings.TrimSuffix(name, ".")) {
			return &world.Error{Message: "missing " + found.String("domain_name") + " DNS validation record: " + strings.TrimSuffix(name, ".")}
		}
	}
	return nil
}

// validationRecordsExist refuses a validation that AWS would never finish: its records must be in public zones of this world.
func validationRecordsExist(c *model.Call) *world.Error {
	found := c.FindBy("aws_acm_certificate", "arn", c.String("certificate_arn"))
	if found.String("status") == "ISSUED" {
		return nil
	}
	wanted := model.Strings(found.Attributes, "domain_validation_options.resource_record_name")
	for i, value := range model.Strings(found.Attributes, "domain_validation_options.resource_record_value") {
		if !route53.PubliclyAnswers(c, wanted[i], "CNAME", value) {
			return &world.Error{
				Message: "timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s)",
				Timing: "AWS reports this after 75 minutes. ACM issues the certificate once a public zone answers for " +
					strings.TrimSuffix(wanted[i], ".") + " with the CNAME that ACM asks for; no zone of this account does.",
			}
		}
	}
	if len(wanted) == 0 {
		return &world.Error{
			Message: "timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s)",
			Timing:  "AWS reports this after 75 minutes, unless somebody approves the certificate by e-mail before.",
		}
	}
	return nil
}

// DataSources declares what Terraform reads about certificates.
func DataSources() []*model.DataSource {
	return []*model.DataSource{{Name: "aws_acm_certificate", API: api, Noun: "ACM Certificate", Call: "ListCertificates",
		Read: readCertificate}}
}

// readCertificate finds the newest certificate of a domain.
func readCertificate(c *model.Call) *world.Error {
	var newest *world.Resource
	statuses, types := c.Strings("statuses"), c.Strings("types")
	if len(statuses) == 0 {
		statuses = []string{"ISSUED"}
	}
	matches := 0
	for _, r := range model.Matching(c, []string{"aws_acm_certificate"}, []string{"domain=domain_name"}) {
		if slices.Contains(statuses, r.String("status")) && (len(types) == 0 || slices.Contains(types, r.String("type"))) {
			newest, matches = r, matches+1
		}
	}
	switch {
	case matches == 0:
		return &world.Error{Message: "no matching ACM Certificate found"}
	case matches > 1 && !c.Bool("most_recent"):
		return &world.Error{Message: "multiple ACM Certificates matched; use additional constraints to reduce matches to a single ACM " +
			"Certificate"}
	}
	model.CopyAttributes(c, newest)
	c.Set("domain", newest.String("domain_name"))
	c.Set("certificate", "")
	c.Set("certificate_chain", "")
	return nil
}
