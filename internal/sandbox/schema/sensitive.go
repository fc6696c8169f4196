package schema

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"coderaws/internal/facts"
)

// sensitive are the dotted paths of what the provider marks as sensitive, by type. The embedded schema marks nothing.
type sensitive struct {
	Resources   map[string][]string `json:"resources"`
	DataSources map[string][]string `json:"data_sources"`
}

// loadSensitive reads them, once in a process.
var loadSensitive = sync.OnceValues(func() (*sensitive, error) {
	var marks sensitive
	if err := json.NewDecoder(facts.Sensitive()).Decode(&marks); err != nil {
		return nil, fmt.Errorf("embedded marks of what is sensitive: %w", err)
	}
	return &marks, nil
})

// writeOnly is how the names of write-only arguments end, all of which the provider names so (measured on 5.100.0).
const writeOnly = "_wo"

// mark marks what is sensitive in a block, by dotted paths, and what is write-only, by name.
func (b *Block) mark(paths []string) {
	for _, path := range paths {
		b.markAt(path)
	}
	b.Walk(func(a *Attribute) {
		if strings.HasSuffix(a.Name, writeOnly) && a.Optional && !a.Computed {
			a.Sensitive, a.WriteOnly = true, true
		}
	})
}

// markAt marks the attribute at a path, which a newer version of the provider may not have any more.
func (b *Block) markAt(path string) {
	name, rest, deeper := strings.Cut(path, ".")
	if a := b.Attribute(name); a != nil {
		a.Sensitive = true
	}
	for _, nested := range b.Blocks {
		if nested.Name == name && deeper {
			nested.Block.markAt(rest)
		}
	}
}

// Walk calls a function for each attribute of a block and of the blocks in it.
func (b *Block) Walk(visit func(*Attribute)) {
	for _, a := range b.Attributes {
		visit(a)
	}
	for _, nested := range b.Blocks {
		nested.Block.Walk(visit)
	}
}
