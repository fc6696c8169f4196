package awsproxy

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// document is one AWS resource, in the shape in which its Describe call answers.
type document = map[string]any

// store holds documents under the path at which the API describes them, with the region in front:
// us-east-1/clusters/coder/addons/coredns. Children lie under their parent's path.
type store struct {
	documents map[string]document
	// issued counts the identifiers given out, so that the same calls in the same order give the same identifiers.
	issued uint64
}

func newStore() store {
	return store{documents: map[string]document{}}
}

// key joins a region and path segments. A segment may hold slashes of its own (an ARN), so they are made harmless.
func key(region string, segments ...string) string {
	parts := []string{region}
	for _, s := range segments {
		parts = append(parts, strings.ReplaceAll(s, "/", "\x00"))
	}
	return strings.Join(parts, "/")
}

// children gives the documents directly under prefix, by name.
func (s *store) children(prefix string) []document {
	var found []document
	for _, k := range slices.Sorted(maps.Keys(s.documents)) {
		if rest, ok := strings.CutPrefix(k, prefix+"/"); ok && !strings.Contains(rest, "/") {
			found = append(found, s.documents[k])
		}
	}
	return found
}

// removeTree removes the document at root and everything under it.
func (s *store) removeTree(root string) {
	maps.DeleteFunc(s.documents, func(k string, _ document) bool {
		return k == root || strings.HasPrefix(k, root+"/")
	})
}

// byARN finds the document that carries arn in one of its *Arn fields under its own kind's name (arnField).
func (s *store) byARN(arn string) (document, bool) {
	for _, d := range s.documents {
		for _, field := range []string{"arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn"} {
			if d[field] == arn {
				return d, true
			}
		}
	}
	return nil, false
}

// newHex gives n (at most 64) hexadecimal digits that no earlier call gave.
func (s *store) newHex(n int) string {
	s.issued++
	sum := sha256.Sum256([]byte{
		byte(s.issued >> 56), byte(s.issued >> 48), byte(s.issued >> 40), byte(s.issued >> 32),
		byte(s.issued >> 24), byte(s.issued >> 16), byte(s.issued >> 8), byte(s.issued),
	})
	return hex.EncodeToString(sum[:])[:n]
}

// newUUID gives an identifier in the form of a UUID.
func (s *store) newUUID() string {
	h := s.newHex(32)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// text gives the string at field, or "" if it is absent or something else.
func text(d document, field string) string {
	s, _ := d[field].(string)
	return s
}

// list gives the list at field, or nil if it is absent or something else.
func list(d document, field string) []any {
	l, _ := d[field].([]any)
	return l
}

// object gives the object at field, or nil if it is absent or something else.
func object(d document, field string) document {
	o, _ := d[field].(document)
	return o
}

// setDefault sets field to value where the request left it out.
func setDefault(d document, field string, value any) {
	if d[field] == nil {
		d[field] = value
	}
}

// pick copies the named fields that d has.
func pick(d document, fields ...string) document {
	out := document{}
	for _, f := range fields {
		if v, ok := d[f]; ok && v != nil {
			out[f] = v
		}
	}
	return out
}
