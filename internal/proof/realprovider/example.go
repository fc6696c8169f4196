package realprovider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// placeholder is what examples have where a text is required; a planned value that contains it echoes the configuration.
const placeholder = "placeholder"

// required are the arguments that the provider demands of a type while it plans although the schema calls them
// optional, or whose placeholder it would not take. What is set here is not measured.
func required(resourceType string) map[string]any {
	return map[string]map[string]any{
		"aws_alb_target_group":                 {"port": 80, "protocol": "HTTP", "vpc_id": "vpc-" + placeholder},
		"aws_api_gateway_authorizer":           {"authorizer_uri": placeholder},
		"aws_dynamodb_table":                   {"read_capacity": 1, "write_capacity": 1},
		"aws_iot_authorizer":                   {"signing_disabled": true},
		"aws_iot_ca_certificate":               {"verification_certificate_pem": placeholder},
		"aws_kinesis_firehose_delivery_stream": {"destination": "extended_s3"},
		"aws_lambda_function":                  {"handler": placeholder, "runtime": "python3.13"},
		"aws_lb_target_group":                  {"port": 80, "protocol": "HTTP", "vpc_id": "vpc-" + placeholder},
		"aws_workspaces_directory":             {"directory_id": "d-" + placeholder},
	}[resourceType]
}

// depth is how deep blocks nest in b: 0 without nested blocks. timeouts do not count: they are durations and nothing is planned from them.
func (b *Block) depth() int {
	deepest := 0
	for _, n := range b.Blocks {
		if n.Name != "timeouts" {
			deepest = max(deepest, 1+n.Block.depth())
		}
	}
	return deepest
}

// size is the number of attributes of b and all blocks in it.
func (b *Block) size() int {
	n := len(b.Attributes)
	for _, nested := range b.Blocks {
		n += nested.Block.size()
	}
	return n
}

// exampleSize is the number of attributes in the blocks that example(depth) has.
func (b *Block) exampleSize(depth int) int {
	n := len(b.Attributes)
	for _, nested := range b.Blocks {
		if nested.inExample(depth) {
			n += nested.Block.exampleSize(max(depth-1, 0))
		}
	}
	return n
}

// inExample says whether an example of the block around n has n.
func (n *NestedBlock) inExample(depth int) bool {
	return n.Name != "timeouts" && (depth > 0 || depth == 0 && n.MinItems > 0)
}

// example gives a configuration with one occurrence of every nested block down to depth, every required attribute and
// every required block set to a placeholder, and nothing else. Depth -1 sets nothing at all.
// Settings are arguments of the block itself that are set besides.
func (b *Block) example(depth int, settings map[string]any) tftypes.Value {
	values := map[string]tftypes.Value{}
	for _, a := range b.Attributes {
		values[a.Name] = tftypes.NewValue(a.Type, nil)
		if depth < 0 {
			continue
		}
		if v, ok := settings[a.Name]; ok {
			values[a.Name] = tftypes.NewValue(a.Type, v)
		} else if a.Required {
			values[a.Name] = example(a.Type, a.Name)
		}
	}
	for _, n := range b.Blocks {
		values[n.Name] = n.Value()
		if n.inExample(depth) {
			values[n.Name] = n.Value(n.Block.example(max(depth-1, 0), nil))
		}
	}
	return tftypes.NewValue(b.Type(), values)
}

// example gives a value of a required attribute. Names say what a text has to look like to be read at all.
func example(typ tftypes.Type, name string) tftypes.Value {
	switch {
	case typ.Is(tftypes.String):
		return tftypes.NewValue(typ, exampleText(name))
	case typ.Is(tftypes.Number):
		return tftypes.NewValue(typ, 1)
	case typ.Is(tftypes.Bool):
		return tftypes.NewValue(typ, true)
	}
	switch typ := typ.(type) {
	case tftypes.List:
		return tftypes.NewValue(typ, []tftypes.Value{example(typ.ElementType, name)})
	case tftypes.Set:
		return tftypes.NewValue(typ, []tftypes.Value{example(typ.ElementType, name)})
	case tftypes.Map:
		return tftypes.NewValue(typ, map[string]tftypes.Value{placeholder: example(typ.ElementType, name)})
	case tftypes.Object:
		fields := map[string]tftypes.Value{}
		for k, t := range typ.AttributeTypes {
			fields[k] = example(t, k)
		}
		return tftypes.NewValue(typ, fields)
	default:
		return tftypes.NewValue(typ, nil)
	}
}

func exampleText(name string) string {
	switch {
	case name == "region_name":
		return OfflineRegion
	case name == "availability_zone":
		return OfflineRegion + "a"
	case strings.HasSuffix(name, "arn") || strings.HasSuffix(name, "arns"):
		return "arn:aws:iam::123456789012:role/" + placeholder
	case strings.Contains(name, "cidr"):
		return "10.0.0.0/16"
	case strings.HasSuffix(name, "policy") || strings.HasSuffix(name, "json") || strings.HasSuffix(name, "definition") ||
		strings.HasSuffix(name, "definitions") || strings.HasSuffix(name, "dashboard_body") || strings.HasSuffix(name, "document"):
		return "{}"
	case strings.HasSuffix(name, "_time") || strings.HasSuffix(name, "_date"):
		return "2030-01-01T00:00:00Z"
	default:
		return placeholder
	}
}
