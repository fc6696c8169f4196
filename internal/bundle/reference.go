package bundle

import (
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/google/go-containerregistry/pkg/name"
)

// source is where an image is published, and what it is called at the other side.
type source struct {
	// from is the image by its tag, or by its digest if it has one.
	from name.Reference
	// repository is its name without the registry, and tag what marks it there. Registries delete what no tag marks.
	repository, tag string
	// key is what the file of digests calls it: repository and tag, or repository and digest where the image has no tag.
	key string
}

// digestTag is how many characters of a digest make the tag of an image that has none.
const digestTag = 16

// parseSource understands an image. One without a tag and a digest, or with latest, is another one tomorrow.
func parseSource(reference string) (source, error) {
	parsed, err := name.ParseReference(reference)
	if err != nil {
		d := diagnostic.Errorf("%s is no container image", reference)
		d.Code, d.Why = "bundle.reference", err.Error()
		d.Todo = "write it with a registry, a repository, and a tag or a digest, such as ghcr.io/coder/coder:v2.35.1"
		return source{}, d
	}
	s := source{from: parsed, repository: parsed.Context().RepositoryStr()}
	plain, digest, byDigest := strings.Cut(reference, "@")
	last := plain[strings.LastIndex(plain, "/")+1:]
	_, s.tag, _ = strings.Cut(last, ":")
	switch {
	case s.tag != "" && (s.tag != name.DefaultTag || byDigest):
		s.key = s.repository + ":" + s.tag
	case byDigest:
		s.key = s.repository + "@" + digest
		s.tag = "sha256-" + strings.TrimPrefix(digest, "sha256:")[:digestTag]
	default:
		d := diagnostic.Errorf("the image %s has neither a fixed tag nor a digest", reference)
		d.Code, d.Why = "bundle.reference", "latest is another image tomorrow, so that nobody could say what the bundle holds"
		d.Todo = "name a version, such as " + plain + ":1.2.3"
		return source{}, d
	}
	return s, nil
}
