package chart

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path"
	"path/filepath"
	"strings"

	"coderaws/internal/atomicfile"
)

// place is where the cache keeps a chart: a directory for each repository, named for the reader's sake after its host, and told
// apart by a digest of its address.
func (f *Finder) place(r Reference, version string) string {
	address := strings.TrimSuffix(r.Repository, "/")
	if address == "" {
		address = strings.TrimSuffix(r.Chart, "/")
		address = address[:strings.LastIndex(address, "/")]
	}
	_, host, _ := strings.Cut(address, "://")
	host, _, _ = strings.Cut(host, "/")
	host = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' {
			return c
		}
		return '_'
	}, strings.ToLower(host))
	digest := sha256.Sum256([]byte(address))
	name := path.Base(strings.TrimSuffix(r.Chart, "/"))
	return filepath.Join(f.Cache, host+"-"+hex.EncodeToString(digest[:6]), name+"-"+version+".tgz")
}

// cached returns a chart of the cache; nil if there is none, or none that can be read, so that it is fetched again.
func (f *Finder) cached(r Reference, version string) *Chart {
	if f.Cache == "" {
		return nil
	}
	c, err := LoadArchive(f.place(r, version))
	if err != nil || c.is(path.Base(r.Chart), version) != nil {
		return nil
	}
	return c
}

// keep writes a fetched chart into the cache, in one step, so that another process reads all of it or nothing. A cache that cannot be
// written costs time and nothing else, so that its errors are nobody's concern.
func (f *Finder) keep(r Reference, c *Chart, data []byte) {
	if f.Cache == "" {
		return
	}
	file := f.place(r, strings.TrimPrefix(c.Version(), "v"))
	if os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	_ = atomicfile.WriteCopy(file, data, 0o644)
}
