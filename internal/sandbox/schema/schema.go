// Package schema reads the description of the Terraform AWS provider that facts carries: the schema of version 6.66, and what was
// measured on version 5.100.0 and stands in no schema (which arguments force replacement, which values the provider
// fills in while it plans); and the schema of the Helm provider. The decoding of the data belongs here; what to do with it
// belongs to the packages protocol and helm.
package schema

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"

	"coderaws/internal/facts"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Nesting says how the elements of a nested block are held.
type Nesting string

// The nesting modes that occur in the provider.
const (
	NestingSingle Nesting = "single"
	NestingList   Nesting = "list"
	NestingSet    Nesting = "set"
	NestingMap    Nesting = "map"
)

// Attribute is one argument or computed attribute.
type Attribute struct {
	Name                         string
	Type                         tftypes.Type
	Required, Optional, Computed bool
	// Sensitive values are not shown; WriteOnly ones stand in no state.
	Sensitive, WriteOnly bool
	// Nested are the attributes of an attribute that is an object, a list of objects and so on; nil for any other.
	Nested *Nested
}

// Nested describes an attribute that has attributes.
type Nested struct {
	Nesting    Nesting
	Attributes []*Attribute
}

// Type is the Terraform type of all elements together.
func (n *Nested) Type() tftypes.Type {
	return (&NestedBlock{Nesting: n.Nesting, Block: &Block{Attributes: n.Attributes}}).Type()
}

// NestedBlock is a block inside a block.
type NestedBlock struct {
	Name               string
	Nesting            Nesting
	MinItems, MaxItems int64
	Block              *Block
}

// Block is a body of attributes and nested blocks, each in alphabetical order.
type Block struct {
	Attributes []*Attribute
	Blocks     []*NestedBlock
}

// Attribute finds an attribute by name, or returns nil.
func (b *Block) Attribute(name string) *Attribute {
	for _, a := range b.Attributes {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// Requires reports whether there is a required argument at a dotted path, through blocks.
func (b *Block) Requires(path string) bool {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		attribute := b.Attribute(name)
		return attribute != nil && attribute.Required
	}
	for _, nested := range b.Blocks {
		if nested.Name == name {
			return nested.Block.Requires(rest)
		}
	}
	return false
}

// Type is the Terraform type of an object with this body.
func (b *Block) Type() tftypes.Object {
	types := make(map[string]tftypes.Type, len(b.Attributes)+len(b.Blocks))
	for _, a := range b.Attributes {
		types[a.Name] = a.Type
	}
	for _, nested := range b.Blocks {
		types[nested.Name] = nested.Type()
	}
	return tftypes.Object{AttributeTypes: types}
}

// Type is the Terraform type of all elements of the block together.
func (n *NestedBlock) Type() tftypes.Type {
	object := n.Block.Type()
	switch n.Nesting {
	case NestingList:
		return tftypes.List{ElementType: object}
	case NestingSet:
		return tftypes.Set{ElementType: object}
	case NestingMap:
		return tftypes.Map{ElementType: object}
	default:
		return object
	}
}

// Type is a resource type or data source.
type Type struct {
	Name    string
	Version int64
	Block   *Block
}

// Provider gives access to the embedded schema; types are decoded when they are first asked for. It is safe for
// concurrent use.
type Provider struct {
	mu                       sync.Mutex
	config                   *Type
	rawResources, rawSources map[string]json.RawMessage
	resources, sources       map[string]*Type
	sensitive                *sensitive
}

// Load finds the types in the embedded schema (about 15 ms), once in a process: all callers share what it returns.
var Load = sync.OnceValues(func() (*Provider, error) {
	records, err := facts.AWSSchema()
	if err != nil {
		return nil, fmt.Errorf("embedded provider schema: %w", err)
	}
	config, err := decode("provider", records[""]["provider"])
	if err != nil {
		return nil, err
	}
	// The alias meta-argument is Terraform's own and no part of a provider's schema.
	config.Block.remove("alias")
	marks, err := loadSensitive()
	if err != nil {
		return nil, err
	}
	return &Provider{
		sensitive: marks,
		config:    config, rawResources: records["resource_schemas"], rawSources: records["data_source_schemas"],
		resources: map[string]*Type{}, sources: map[string]*Type{},
	}, nil
})

// Config is the schema of the provider block.
func (p *Provider) Config() *Type { return p.config }

// Resource finds a resource type by name, or returns nil.
func (p *Provider) Resource(name string) *Type {
	return p.find(p.resources, p.rawResources, p.sensitive.Resources, name)
}

// DataSource finds a data source by name, or returns nil.
func (p *Provider) DataSource(name string) *Type {
	return p.find(p.sources, p.rawSources, p.sensitive.DataSources, name)
}

// ResourceNames lists all resource types in alphabetical order.
func (p *Provider) ResourceNames() []string { return sorted(p.rawResources) }

// DataSourceNames lists all data sources in alphabetical order.
func (p *Provider) DataSourceNames() []string { return sorted(p.rawSources) }

func (p *Provider) find(cache map[string]*Type, raw map[string]json.RawMessage, marks map[string][]string, name string) *Type {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t, ok := cache[name]; ok {
		return t
	}
	text, ok := raw[name]
	if !ok {
		return nil
	}
	t, err := decode(name, text)
	if err != nil {
		// The file is part of the program, and a test decodes all of it.
		panic(err)
	}
	t.Block.mark(marks[name])
	cache[name] = t
	return t
}

func sorted(m map[string]json.RawMessage) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func unzip(file io.Reader) ([]byte, error) {
	r, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// The JSON below is that of `terraform providers schema -json`.
type jsonType struct {
	Version int64     `json:"version"`
	Block   jsonBlock `json:"block"`
}

type jsonAttribute struct {
	Type      json.RawMessage `json:"type"`
	Required  bool            `json:"required"`
	Optional  bool            `json:"optional"`
	Computed  bool            `json:"computed"`
	Sensitive bool            `json:"sensitive"`
	WriteOnly bool            `json:"write_only"`
	Nested    *struct {
		Nesting    Nesting                  `json:"nesting_mode"`
		Attributes map[string]jsonAttribute `json:"attributes"`
	} `json:"nested_type"`
}

type jsonBlock struct {
	Attributes map[string]jsonAttribute `json:"attributes"`
	BlockTypes map[string]struct {
		Nesting  Nesting   `json:"nesting_mode"`
		MinItems int64     `json:"min_items"`
		MaxItems int64     `json:"max_items"`
		Block    jsonBlock `json:"block"`
	} `json:"block_types"`
}

func decode(name string, text json.RawMessage) (*Type, error) {
	var raw jsonType
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("embedded schema of %s: %w", name, err)
	}
	block, err := raw.Block.decode()
	if err != nil {
		return nil, fmt.Errorf("embedded schema of %s: %w", name, err)
	}
	return &Type{Name: name, Version: raw.Version, Block: block}, nil
}

func (raw jsonBlock) decode() (*Block, error) {
	block := &Block{}
	attributes, err := decodeAttributes(raw.Attributes)
	if err != nil {
		return nil, err
	}
	block.Attributes = attributes
	for name, b := range raw.BlockTypes {
		nested, err := b.Block.decode()
		if err != nil {
			return nil, fmt.Errorf("block %s: %w", name, err)
		}
		block.Blocks = append(block.Blocks, &NestedBlock{name, b.Nesting, b.MinItems, b.MaxItems, nested})
	}
	sort.Slice(block.Blocks, func(i, j int) bool { return block.Blocks[i].Name < block.Blocks[j].Name })
	return block, nil
}

// decodeAttributes reads attributes, into alphabetical order.
func decodeAttributes(raw map[string]jsonAttribute) ([]*Attribute, error) {
	var all []*Attribute
	for name, a := range raw {
		attribute := &Attribute{Name: name, Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive,
			WriteOnly: a.WriteOnly}
		if a.Nested != nil {
			nested, err := decodeAttributes(a.Nested.Attributes)
			if err != nil {
				return nil, fmt.Errorf("attribute %s: %w", name, err)
			}
			attribute.Nested = &Nested{a.Nested.Nesting, nested}
			attribute.Type = attribute.Nested.Type()
		} else {
			typ, err := decodeType(a.Type)
			if err != nil {
				return nil, fmt.Errorf("attribute %s: %w", name, err)
			}
			attribute.Type = typ
		}
		all = append(all, attribute)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, nil
}

// decodeType reads a type. Nearly all are one of four, which the library's reader takes ten times as long for.
func decodeType(text json.RawMessage) (tftypes.Type, error) {
	switch string(text) {
	case `"string"`:
		return tftypes.String, nil
	case `"bool"`:
		return tftypes.Bool, nil
	case `"number"`:
		return tftypes.Number, nil
	case `["map","string"]`:
		return tftypes.Map{ElementType: tftypes.String}, nil
	}
	//lint:ignore SA1019 the schema file is in this very format, and there is no other reader
	return tftypes.ParseJSONType(text)
}

func (b *Block) remove(name string) {
	for i, a := range b.Attributes {
		if a.Name == name {
			b.Attributes = append(b.Attributes[:i], b.Attributes[i+1:]...)
			return
		}
	}
}
