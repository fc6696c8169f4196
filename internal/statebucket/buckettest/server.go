// Package buckettest serves the part of S3 that Terraform's states need: buckets with their settings, and objects with conditional
// writes. Answers have S3's codes. What belongs here is what package statebucket and the s3 backend of Terraform and OpenTofu ask; nothing
// is encrypted, versioned or denied by policies. Only tests import it; it imports nothing of this module.
package buckettest

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Server is an http.Handler for buckets in path style. Its methods may be called from several goroutines.
type Server struct {
	// Owner is the account whose credentials all callers have.
	Owner string

	mu      sync.Mutex
	buckets map[string]*bucket
	calls   []string
	refuse  func(call string) (status int, code string)
}

type bucket struct {
	owner, region string
	// settings are the bodies of what was put, by subresource, such as versioning.
	settings map[string]string
	objects  map[string][]byte
	// deleted is set once an object was deleted: a bucket with versions still holds something then.
	deleted bool
}

// New serves an S3 without buckets.
func New(owner string) *Server { return &Server{Owner: owner, buckets: map[string]*bucket{}} }

// Refuse makes the server ask before each call, such as "PUT bucket?versioning" or "GET object coder/cloud.tfstate"; a
// status other than 0 is the answer. A status below 0 ends the connection, as a crash of the caller would.
func (s *Server) Refuse(f func(call string) (status int, code string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = f
}

// Calls lists the calls so far, in the form that Refuse gets.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// AddBucket makes a bucket as S3 makes it, for an account and region.
func (s *Server) AddBucket(name, owner, region string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buckets[name] = newBucket(owner, region, "")
}

// Has tells whether there is a bucket of that name.
func (s *Server) Has(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buckets[name] != nil
}

// Set replaces a setting of a bucket, by its subresource; an empty body removes it.
func (s *Server) Set(name, subresource, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buckets[name].settings[subresource] = body
}

// Setting is what was put as a setting.
func (s *Server) Setting(name, subresource string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buckets[name].settings[subresource]
}

// Put writes an object.
func (s *Server) Put(name, key, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buckets[name].objects[key] = []byte(body)
}

// Object is the content of an object; "" if there is none.
func (s *Server) Object(name, key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.buckets[name]; b != nil {
		return string(b.objects[key])
	}
	return ""
}

// Keys lists the objects of a bucket, sorted.
func (s *Server) Keys(name string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for key := range s.buckets[name].objects {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// newBucket has the settings that S3 gives to new buckets since 2023 (Amazon S3 User Guide, "Creating a bucket").
func newBucket(owner, region, ownership string) *bucket {
	if ownership == "" {
		ownership = "BucketOwnerEnforced"
	}
	return &bucket{owner: owner, region: region, objects: map[string][]byte{}, settings: map[string]string{
		"publicAccessBlock": "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>" +
			"<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
		"ownershipControls": "<OwnershipControls><Rule><ObjectOwnership>" + ownership + "</ObjectOwnership></Rule></OwnershipControls>",
		"encryption": "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>" +
			"</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
	}}
}

// subresources are the settings of a bucket, with the code of the answer where there is none.
var subresources = map[string]string{
	"publicAccessBlock": "NoSuchPublicAccessBlockConfiguration", "ownershipControls": "OwnershipControlsNotFoundError",
	"encryption": "ServerSideEncryptionConfigurationNotFoundError", "policy": "NoSuchBucketPolicy",
	"lifecycle": "NoSuchLifecycleConfiguration",
	"tagging":   "NoSuchTagSet", "versioning": "",
}

// scope finds the region in a Signature Version 4 header.
var scope = regexp.MustCompile(`Credential=[^/]*/[0-9]*/([^/]*)/`)

// ServeHTTP answers one call of S3.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := content(r)
	if err != nil {
		fail(w, http.StatusBadRequest, "IncompleteBody", err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	kind, subresource := "bucket", ""
	if key != "" {
		kind = "object " + key
	}
	for candidate := range subresources {
		if kind == "bucket" && r.URL.Query().Has(candidate) {
			subresource = candidate
		}
	}
	call := r.Method + " " + kind
	if subresource != "" {
		call += "?" + subresource
	}
	s.calls = append(s.calls, call)
	if s.refuse != nil {
		if status, code := s.refuse(call); status < 0 {
			panic(http.ErrAbortHandler)
		} else if status != 0 {
			fail(w, status, code, "refused for a test")
			return
		}
	}
	b := s.buckets[name]
	switch expected := r.Header.Get("x-amz-expected-bucket-owner"); {
	case r.Method == http.MethodPut && kind == "bucket" && subresource == "":
		s.create(w, r, name)
	case b == nil:
		fail(w, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	case b.region != region(r):
		w.Header().Set("x-amz-bucket-region", b.region)
		fail(w, http.StatusMovedPermanently, "PermanentRedirect",
			"The bucket you are attempting to access must be addressed using the specified endpoint.")
	case b.owner != s.Owner || expected != "" && expected != b.owner:
		fail(w, http.StatusForbidden, "AccessDenied", "Access Denied")
	case key != "":
		b.serveObject(w, r, key, body)
	case subresource != "":
		b.serveSetting(w, r, subresource, body)
	default:
		b.serve(w, r)
	}
}

// region is the region that a request is signed for.
func region(r *http.Request) string {
	if match := scope.FindStringSubmatch(r.Header.Get("Authorization")); match != nil {
		return match[1]
	}
	return "us-east-1"
}

func (s *Server) create(w http.ResponseWriter, r *http.Request, name string) {
	switch b := s.buckets[name]; {
	case b == nil:
		s.buckets[name] = newBucket(s.Owner, region(r), r.Header.Get("x-amz-object-ownership"))
	case b.owner != s.Owner:
		fail(w, http.StatusConflict, "BucketAlreadyExists", "The requested bucket name is not available.")
	case region(r) != "us-east-1": // there S3 answers 200
		fail(w, http.StatusConflict, "BucketAlreadyOwnedByYou",
			"Your previous request to create the named bucket succeeded and you already own it.")
	}
}

// serve answers calls about the bucket as a whole.
func (b *bucket) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amz-bucket-region", b.region)
	switch query := r.URL.Query(); {
	case r.Method == http.MethodHead:
	case query.Has("versions"):
		var list strings.Builder
		for key := range b.objects {
			fmt.Fprintf(&list, "<Version><Key>%s</Key><VersionId>1</VersionId></Version>", escape(key))
		}
		if b.deleted {
			list.WriteString("<DeleteMarker><Key>deleted</Key><VersionId>2</VersionId></DeleteMarker>")
		}
		fmt.Fprintf(w, "<ListVersionsResult>%s</ListVersionsResult>", &list)
	case query.Get("list-type") == "2":
		var list strings.Builder
		for key := range b.objects {
			if strings.HasPrefix(key, query.Get("prefix")) {
				fmt.Fprintf(&list, "<Contents><Key>%s</Key></Contents>", escape(key))
			}
		}
		fmt.Fprintf(w, "<ListBucketResult>%s</ListBucketResult>", &list)
	default:
		fail(w, http.StatusNotImplemented, "NotImplemented", "A header or query you provided requested a function that is not implemented.")
	}
}

func (b *bucket) serveSetting(w http.ResponseWriter, r *http.Request, subresource string, body []byte) {
	switch have := b.settings[subresource]; {
	case r.Method == http.MethodPut:
		b.settings[subresource] = string(body)
	case r.Method == http.MethodDelete:
		delete(b.settings, subresource)
		w.WriteHeader(http.StatusNoContent)
	case have == "" && subresource == "versioning":
		_, _ = io.WriteString(w, "<VersioningConfiguration/>") // a caller that has gone is its own affair, here and below
	case have == "":
		fail(w, http.StatusNotFound, subresources[subresource], "The configuration does not exist")
	default:
		_, _ = io.WriteString(w, have)
	}
}

func (b *bucket) serveObject(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	have, ok := b.objects[key]
	switch {
	case r.Method == http.MethodPut && r.Header.Get("If-None-Match") == "*" && ok:
		fail(w, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	case r.Method == http.MethodPut:
		b.objects[key] = body
		w.Header().Set("ETag", `"0"`)
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		b.deleted = true
		w.WriteHeader(http.StatusNoContent)
	case !ok:
		fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	default:
		w.Header().Set("ETag", `"0"`)
		w.Header().Set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
		w.Header().Set("Content-Length", fmt.Sprint(len(have)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(have)
		}
	}
}

func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, escape(message))
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}
