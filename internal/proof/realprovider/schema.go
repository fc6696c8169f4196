package realprovider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Schema is what a provider says about its configuration and its resource types.
type Schema struct {
	// Provider is the provider's own configuration block.
	Provider *Block
	// Resources are the managed resource types, by name.
	Resources map[string]*Block
	// DataSources are the data sources, by name.
	DataSources map[string]*Block
}

// Block is a configuration block's content.
type Block struct {
	Attributes []Attribute
	Blocks     []NestedBlock
}

// Attribute is one argument or result of a block.
type Attribute struct {
	Name                                    string
	Type                                    tftypes.Type
	Required, Optional, Computed, WriteOnly bool
}

// Nesting says how a nested block's occurrences are held.
type Nesting int

// The nesting modes of the plugin protocol, with its numbers.
const (
	NestingSingle Nesting = 1 + iota
	NestingList
	NestingSet
	NestingMap
	NestingGroup
)

// NestedBlock is a block in a block.
type NestedBlock struct {
	Name    string
	Block   *Block
	Nesting Nesting
	// MinItems is how many occurrences a configuration must have; 0 is an optional block.
	MinItems int64
}

// Type is the type of the block's value.
func (b *Block) Type() tftypes.Object {
	types := map[string]tftypes.Type{}
	for _, a := range b.Attributes {
		types[a.Name] = a.Type
	}
	for _, n := range b.Blocks {
		types[n.Name] = n.Type()
	}
	return tftypes.Object{AttributeTypes: types}
}

// Type is the type of the value that holds all occurrences of the block.
func (n *NestedBlock) Type() tftypes.Type {
	element := n.Block.Type()
	switch n.Nesting {
	case NestingList:
		return tftypes.List{ElementType: element}
	case NestingSet:
		return tftypes.Set{ElementType: element}
	case NestingMap:
		return tftypes.Map{ElementType: element}
	default:
		return element
	}
}

// Value holds elements as an occurrence of the block; none gives what Terraform has for a block that is absent.
func (n *NestedBlock) Value(elements ...tftypes.Value) tftypes.Value {
	typ := n.Type()
	switch n.Nesting {
	case NestingList, NestingSet:
		return tftypes.NewValue(typ, elements)
	case NestingMap:
		named := map[string]tftypes.Value{}
		for i, e := range elements {
			named[fmt.Sprintf("key%d", i)] = e
		}
		return tftypes.NewValue(typ, named)
	default:
		if len(elements) == 0 {
			return tftypes.NewValue(typ, nil)
		}
		return elements[0]
	}
}

func decodeSchema(response protoreflect.Message) (*Schema, error) {
	provider, err := decodeBlock(field(field(response, "provider").Message(), "block").Message())
	if err != nil {
		return nil, fmt.Errorf("provider configuration: %w", err)
	}
	s := &Schema{Provider: provider}
	if s.Resources, err = decodeBlocks(field(response, "resource_schemas").Map()); err != nil {
		return nil, fmt.Errorf("resource type %w", err)
	}
	if s.DataSources, err = decodeBlocks(field(response, "data_source_schemas").Map()); err != nil {
		return nil, fmt.Errorf("data source %w", err)
	}
	return s, nil
}

func decodeBlocks(m protoreflect.Map) (map[string]*Block, error) {
	blocks := map[string]*Block{}
	var err error
	m.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		if blocks[k.String()], err = decodeBlock(field(v.Message(), "block").Message()); err != nil {
			err = fmt.Errorf("%s: %w", k.String(), err)
		}
		return err == nil
	})
	return blocks, err
}

func decodeBlock(m protoreflect.Message) (*Block, error) {
	b := &Block{}
	attributes := field(m, "attributes").List()
	for i := range attributes.Len() {
		a := attributes.Get(i).Message()
		// The protocol writes types in the JSON form that only this function of tftypes reads.
		//lint:ignore SA1019 there is no other reader
		typ, err := tftypes.ParseJSONType(field(a, "type").Bytes())
		if err != nil {
			return nil, fmt.Errorf("type of %s: %w", field(a, "name").String(), err)
		}
		b.Attributes = append(b.Attributes, Attribute{
			Name: field(a, "name").String(), Type: typ,
			Required: field(a, "required").Bool(), Optional: field(a, "optional").Bool(),
			Computed: field(a, "computed").Bool(), WriteOnly: field(a, "write_only").Bool(),
		})
	}
	blocks := field(m, "block_types").List()
	for i := range blocks.Len() {
		n := blocks.Get(i).Message()
		nested, err := decodeBlock(field(n, "block").Message())
		if err != nil {
			return nil, fmt.Errorf("block %s: %w", field(n, "type_name").String(), err)
		}
		b.Blocks = append(b.Blocks, NestedBlock{
			Name: field(n, "type_name").String(), Block: nested,
			Nesting: Nesting(field(n, "nesting").Enum()), MinItems: field(n, "min_items").Int(),
		})
	}
	return b, nil
}
