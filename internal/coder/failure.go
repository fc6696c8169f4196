package coder

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"coderaws/internal/diagnostic"
)

// Error is an answer of coderd that is no success.
type Error struct {
	Method, Path string
	// Status is the HTTP status.
	Status int
	// Message and Detail are coderd's own words, without secrets.
	Message, Detail string
	// foreign says that it was not coderd that answered.
	foreign bool
}

// Error is coderd's message and what was asked.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: %d: %s", e.Method, e.Path, e.Status, e.Message)
	if e.Detail != "" {
		text += " (" + e.Detail + ")"
	}
	return text
}

// said is what coderd said, without what it was asked.
func (e *Error) said() string {
	if e.Detail == "" {
		return e.Message
	}
	return strings.TrimSuffix(e.Message, ".") + ": " + e.Detail
}

// UnreachableError says that coderd did not answer.
type UnreachableError struct {
	URL, Path string
	// text is err's without secrets.
	text string
	err  error
}

// Error says what was asked and what came of it.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("%s%s does not answer: %s", e.URL, e.Path, e.text)
}

// Unwrap is the error of the connection.
func (e *UnreachableError) Unwrap() error { return e.err }

// untrusted reports whether somebody answered who could not prove to be the right one.
func (e *UnreachableError) untrusted() bool {
	var verification *tls.CertificateVerificationError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	return errors.As(e.err, &verification) || errors.As(e.err, &host) || errors.As(e.err, &authority)
}

// status is the HTTP status of an answer of coderd; 0 if there was none, or not one of coderd.
func status(err error) int {
	var answer *Error
	if errors.As(err, &answer) && !answer.foreign {
		return answer.Status
	}
	return 0
}

// said are coderd's words, if err is an answer of it.
func said(err error) string {
	var answer *Error
	if errors.As(err, &answer) {
		return strings.TrimSuffix(answer.said(), ".") // it is a part of a sentence
	}
	return err.Error()
}

// Explain turns an error of this package into a diagnostic whose summary begins with what could not be done, such as "the owner cannot be
// made". Diagnostics are returned as they are.
func Explain(what string, err error) error {
	var known *diagnostic.Diagnostic
	if err == nil || errors.As(err, &known) {
		return err
	}
	d := diagnostic.Errorf("%s", what)
	d.Code, d.Why = "coder.failed", err.Error()
	d.Todo = "run the same command again; what was done is not done twice"
	var unreachable *UnreachableError
	var answer *Error
	switch {
	case errors.As(err, &unreachable):
		d.Code = "coder.unreachable"
		d.Todo = "`coderaws status DIR --target aws` shows what is not ready: nodes, the load balancer's targets, the certificate, DNS"
		var missing *net.DNSError
		switch {
		case unreachable.untrusted():
			d.Code = "coder.untrusted"
			d.Todo = "look at who answers: the domain must resolve to the load balancer of this deployment, whose certificate " +
				"is of AWS Certificate Manager; a proxy that opens TLS needs its authority among those that this machine trusts (SSL_CERT_FILE)"
		case errors.As(err, &missing) && missing.IsNotFound:
			d.Todo = "delegate the domain to the deployment's name servers (`coderaws status DIR --target aws` shows them), " +
				"and wait until DNS knows it"
		}
	case errors.As(err, &answer):
		d.Code, d.Why = fmt.Sprintf("coder.%d", answer.Status), answer.Error()
		switch {
		case answer.foreign:
			d.Code = "coder.foreign"
			d.Todo = "see what answers there: the domain must resolve to the load balancer of this deployment"
		case answer.Status == http.StatusUnauthorized:
			d.Todo = "sign in as an owner: `coder login`, `coder tokens create`, and put the token into CODER_SESSION_TOKEN"
		case answer.Status == http.StatusForbidden:
			d.Todo = "sign in as an owner, and put a token of yours into CODER_SESSION_TOKEN; or see the message for what else is missing"
		}
	}
	return d
}
