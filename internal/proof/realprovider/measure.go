package realprovider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Behaviour is how the planned values of a resource type that is to be created differ from what its schema says:
// "computed and not in the configuration: unknown; everything else: as in the configuration". Paths are dotted and
// without indices (vpc_config.subnet_ids).
type Behaviour struct {
	// Defaults are known values planned where the configuration has none.
	Defaults map[string]any `json:"defaults,omitempty"`
	// ComputedBlocks are nested blocks planned unknown where the configuration has none.
	ComputedBlocks []string `json:"computed_blocks,omitempty"`
	// KnownNull are computed attributes planned null where the configuration has none.
	KnownNull []string `json:"known_null,omitempty"`
	// Texts are arguments that are planned otherwise than they are written, with the way: "json" is compact and sorted, "policy" that with
	// the version first, "lower", "upper", "trimmed" of white space, "undotted" at its end, "lower undotted" both.
	Texts map[string]string `json:"texts,omitempty"`
}

// Empty says that a type is planned as its schema says.
func (b *Behaviour) Empty() bool {
	return len(b.Defaults)+len(b.ComputedBlocks)+len(b.KnownNull)+len(b.Texts) == 0
}

// environmental are attributes whose values come from the provider's configuration and not from the type.
var environmental = []string{"region", "tags_all"}

// planLimit bounds one plan. Nearly all take milliseconds, those of the largest types many seconds.
const planLimit = 3 * time.Minute

// LargestExample is how many attributes a configuration may have, with those of its nested blocks, to be planned. Only a
// few types (web ACLs, media channels, bot intents) have blocks so deep and so many that their deepest levels are left out.
const LargestExample = 500

// largest is how many attributes a type may have to be measured at all: the provider takes minutes for each plan of the
// three that have more.
const largest = 10_000

var errTooSlow = fmt.Errorf("the provider did not plan within %v", planLimit)

// Measurer finds behaviours by planning creations with the real provider. It is not safe for concurrent use.
type Measurer struct {
	// Start gives a started and configured provider. It is called again after the provider has crashed, which some
	// resource types make it do when they are given what no validation would let through.
	Start func(context.Context) (*Provider, error)
	// Environment are texts that stand for the provider's configuration (the region, the account); values that
	// contain one are left out.
	Environment []string

	provider *Provider
}

// Types lists the resource types that can be measured.
func (m *Measurer) Types(ctx context.Context) ([]string, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(m.provider.Schema().Resources)), nil
}

// ready starts the provider unless it is running.
func (m *Measurer) ready(ctx context.Context) (err error) {
	if m.provider == nil {
		m.provider, err = m.Start(ctx)
	}
	return err
}

// Close ends the provider.
func (m *Measurer) Close() {
	if m.provider != nil {
		m.provider.Close()
		m.provider = nil
	}
}

// Measure plans creations of a resource type: with nothing set, with what is required, and then with nested blocks one level
// deeper each time, until there are no deeper ones. What holds in all of them, and twice, is the type's behaviour. It
// gives a behaviour from the plans that succeeded, and an error if none did.
func (m *Measurer) Measure(ctx context.Context, resourceType string) (*Behaviour, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	block, ok := m.provider.Schema().Resources[resourceType]
	if !ok {
		return nil, fmt.Errorf("the provider has no resource type %s", resourceType)
	}
	if size := block.size(); size > largest {
		return nil, fmt.Errorf("its schema has %d attributes, more than the %d that are measured", size, largest)
	}
	found := newFindings()
	var first error
	for depth := -1; depth <= block.depth() && block.exampleSize(depth) <= LargestExample; depth++ {
		// Twice, because a value that comes from a clock or a generator is no default.
		for range 2 {
			config := block.example(depth, required(resourceType))
			planned, err := m.plan(ctx, resourceType, config)
			if err != nil {
				if errors.Is(err, errTooSlow) {
					// A result that depends on the machine's speed is no measurement.
					return nil, err
				}
				first = cmp.Or(first, err)
				break
			}
			found.plans++
			if err := found.compare(block, "", config, planned); err != nil {
				return nil, err
			}
		}
	}
	if found.plans == 0 {
		return nil, first
	}
	behaviour := found.behaviour(m.Environment)
	var err error
	behaviour.Texts, err = m.measureTexts(ctx, resourceType, block)
	return behaviour, err
}

// plan asks a running provider, and lets go of it if it did not survive the question.
func (m *Measurer) plan(ctx context.Context, resourceType string, config tftypes.Value) (tftypes.Value, error) {
	if err := m.ready(ctx); err != nil {
		return tftypes.Value{}, err
	}
	limited, cancel := context.WithTimeout(ctx, planLimit)
	defer cancel()
	planned, err := m.provider.PlanCreate(limited, resourceType, config)
	switch status.Code(err) {
	case codes.Unavailable:
		m.Close()
		err = errors.New("the provider crashed while it planned")
	case codes.DeadlineExceeded:
		m.Close()
		err = errTooSlow
	}
	return planned, err
}

// findings gather, by path, the outcomes that were seen in all plans in which the configuration had nothing there.
type findings struct {
	plans    int
	outcomes map[string][]outcome
}

// outcome is what was planned at a path where the configuration had nothing.
type outcome struct {
	kind  kind
	value any
}

type kind int

const (
	// asSchema: what the schema says.
	asSchema kind = iota
	isDefault
	isComputedBlock
	isKnownNull
)

func newFindings() *findings { return &findings{outcomes: map[string][]outcome{}} }

func (f *findings) add(path string, o outcome) {
	if !slices.ContainsFunc(f.outcomes[path], func(other outcome) bool {
		return other.kind == o.kind && fmt.Sprint(other.value) == fmt.Sprint(o.value)
	}) {
		f.outcomes[path] = append(f.outcomes[path], o)
	}
}

// behaviour gives the outcomes that were always the same.
func (f *findings) behaviour(environment []string) *Behaviour {
	b := &Behaviour{Defaults: map[string]any{}}
	for _, path := range slices.Sorted(maps.Keys(f.outcomes)) {
		if len(f.outcomes[path]) != 1 || slices.Contains(environmental, path) {
			continue
		}
		switch o := f.outcomes[path][0]; o.kind {
		case isDefault:
			if !mentions(o.value, append([]string{placeholder}, environment...)) {
				b.Defaults[path] = o.value
			}
		case isComputedBlock:
			b.ComputedBlocks = append(b.ComputedBlocks, path)
		case isKnownNull:
			b.KnownNull = append(b.KnownNull, path)
		}
	}
	return b
}

// mentions says whether a decoded value contains one of the texts anywhere.
func mentions(value any, texts []string) bool {
	written := fmt.Sprint(value)
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(written, t) })
}

// compare records what was planned in one occurrence of a block.
func (f *findings) compare(b *Block, path string, config, planned tftypes.Value) error {
	if config.IsNull() || planned.IsNull() || !planned.IsKnown() {
		return nil
	}
	var configured, result map[string]tftypes.Value
	if err := config.As(&configured); err != nil {
		return fmt.Errorf("configuration at %q: %w", path, err)
	}
	if err := planned.As(&result); err != nil {
		return fmt.Errorf("plan at %q: %w", path, err)
	}
	for _, a := range b.Attributes {
		// A required attribute without a value is no configuration that Terraform would let through.
		if configured[a.Name].IsNull() && !a.Required {
			if err := f.attribute(a, join(path, a.Name), result[a.Name]); err != nil {
				return err
			}
		}
	}
	for _, n := range b.Blocks {
		if err := f.nested(n, join(path, n.Name), configured[n.Name], result[n.Name]); err != nil {
			return err
		}
	}
	return nil
}

// attribute records what was planned for an attribute that the configuration does not have.
func (f *findings) attribute(a Attribute, path string, planned tftypes.Value) error {
	switch {
	case planned.IsNull() && a.Computed:
		f.add(path, outcome{kind: isKnownNull})
	case planned.IsNull() || !planned.IsFullyKnown():
		f.add(path, outcome{kind: asSchema})
	default:
		value, err := decode(planned)
		if err != nil {
			return fmt.Errorf("plan at %q: %w", path, err)
		}
		f.add(path, outcome{kind: isDefault, value: value})
	}
	return nil
}

// nested records what was planned for a block: whether it is computed where it is absent, and its content where it is not.
func (f *findings) nested(n NestedBlock, path string, config, planned tftypes.Value) error {
	configured, err := occurrences(n, config)
	if err != nil {
		return fmt.Errorf("configuration at %q: %w", path, err)
	}
	if len(configured) == 0 {
		o := outcome{kind: asSchema}
		if !planned.IsKnown() {
			o.kind = isComputedBlock
		}
		f.add(path, o)
		return nil
	}
	result, err := occurrences(n, planned)
	if err != nil {
		return fmt.Errorf("plan at %q: %w", path, err)
	}
	if len(result) != len(configured) {
		return nil
	}
	return f.compare(n.Block, path, configured[0], result[0])
}

// occurrences gives the elements of a nested block's value; none if it is absent or unknown.
func occurrences(n NestedBlock, value tftypes.Value) ([]tftypes.Value, error) {
	if value.IsNull() || !value.IsKnown() {
		return nil, nil
	}
	switch n.Nesting {
	case NestingList, NestingSet:
		var elements []tftypes.Value
		err := value.As(&elements)
		return elements, err
	case NestingMap:
		var named map[string]tftypes.Value
		err := value.As(&named)
		return slices.Collect(maps.Values(named)), err
	default:
		return []tftypes.Value{value}, nil
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// decode gives a known value as encoding/json would decode it.
func decode(value tftypes.Value) (any, error) {
	if value.IsNull() {
		return nil, nil
	}
	switch typ := value.Type(); {
	case typ.Is(tftypes.String):
		var s string
		err := value.As(&s)
		return s, err
	case typ.Is(tftypes.Bool):
		var b bool
		err := value.As(&b)
		return b, err
	case typ.Is(tftypes.Number):
		var n big.Float
		err := value.As(&n)
		f, _ := n.Float64()
		return f, err
	case typ.Is(tftypes.List{}), typ.Is(tftypes.Set{}), typ.Is(tftypes.Tuple{}):
		var elements []tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		out := make([]any, 0, len(elements))
		for _, e := range elements {
			decoded, err := decode(e)
			if err != nil {
				return nil, err
			}
			out = append(out, decoded)
		}
		return out, nil
	default:
		var named map[string]tftypes.Value
		if err := value.As(&named); err != nil {
			return nil, err
		}
		out := map[string]any{}
		for k, e := range named {
			decoded, err := decode(e)
			if err != nil {
				return nil, err
			}
			out[k] = decoded
		}
		return out, nil
	}
}
