package realprovider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	// It registers the protocol's messages, whose generated types it keeps to itself, with the protobuf runtime.
	_ "github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// maxMessage bounds one answer of the provider, in bytes: the AWS provider's schema has tens of MiB.
const maxMessage = 256 << 20

// Provider is a running provider process. Its methods may be called from several goroutines.
type Provider struct {
	client *plugin.Client
	conn   *grpc.ClientConn
	schema *Schema
}

// Start runs the binary with environment (NAME=value) added to this process's own, waits for its handshake and reads its
// schema. The caller closes it.
func Start(ctx context.Context, binary string, environment ...string) (*Provider, error) {
	command := exec.Command(binary)
	command.Env = append(os.Environ(), environment...)
	client := plugin.NewClient(&plugin.ClientConfig{
		// Terraform's handshake: a provider refuses to run without this pair.
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  5,
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{5: {"provider": &connection{}}},
		Cmd:              command,
		SkipHostEnv:      true,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		GRPCDialOptions:  []grpc.DialOption{grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage))},
		Logger:           hclog.NewNullLogger(),
		SyncStdout:       io.Discard,
		SyncStderr:       io.Discard,
	})
	p := &Provider{client: client}
	protocol, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("start the provider %s: %w", binary, err)
	}
	raw, err := protocol.Dispense("provider")
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("connect to the provider %s: %w", binary, err)
	}
	p.conn = raw.(*grpc.ClientConn)
	if p.schema, err = p.readSchema(ctx); err != nil {
		client.Kill()
		return nil, fmt.Errorf("read the schema of %s: %w", binary, err)
	}
	return p, nil
}

// Close ends the provider's process.
func (p *Provider) Close() { p.client.Kill() }

// Schema gives what the provider says about itself and its resource types.
func (p *Provider) Schema() *Schema { return p.schema }

// Configure gives the provider its configuration, a value of Schema().Provider's type.
func (p *Provider) Configure(ctx context.Context, config tftypes.Value) error {
	encoded, err := dynamicValue(p.schema.Provider.Type(), config)
	if err != nil {
		return fmt.Errorf("configure the provider: %w", err)
	}
	request := newMessage("Configure.Request")
	setText(request, "terraform_version", "1.11.4")
	setMessage(request, "config", encoded)
	response, err := p.call(ctx, "Configure", request)
	if err != nil {
		return fmt.Errorf("configure the provider: %w", err)
	}
	return failure(response)
}

// PlanCreate asks the provider what it would create from config, a value of the resource type's schema. The proposed
// state is the configuration itself, as Terraform proposes it where there is no prior state.
func (p *Provider) PlanCreate(ctx context.Context, resourceType string, config tftypes.Value) (tftypes.Value, error) {
	block, ok := p.schema.Resources[resourceType]
	if !ok {
		return tftypes.Value{}, fmt.Errorf("the provider has no resource type %s", resourceType)
	}
	typ := block.Type()
	encoded, err := dynamicValue(typ, config)
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("plan %s: %w", resourceType, err)
	}
	absent, err := dynamicValue(typ, tftypes.NewValue(typ, nil))
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("plan %s: %w", resourceType, err)
	}
	request := newMessage("PlanResourceChange.Request")
	setText(request, "type_name", resourceType)
	setMessage(request, "prior_state", absent)
	setMessage(request, "proposed_new_state", encoded)
	setMessage(request, "config", encoded)
	response, err := p.call(ctx, "PlanResourceChange", request)
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("plan %s: %w", resourceType, err)
	}
	if err := failure(response); err != nil {
		return tftypes.Value{}, err
	}
	planned := tfprotov5.DynamicValue{MsgPack: field(field(response, "planned_state").Message(), "msgpack").Bytes()}
	value, err := planned.Unmarshal(typ)
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("decode the plan of %s: %w", resourceType, err)
	}
	return value, nil
}

// call carries out one method of the plugin protocol's service.
func (p *Provider) call(ctx context.Context, method string, request protoreflect.Message) (protoreflect.Message, error) {
	name := method
	if method == "GetSchema" {
		name = "GetProviderSchema"
	}
	response := newMessage(name + ".Response")
	err := p.conn.Invoke(ctx, "/tfplugin5.Provider/"+method, request.Interface(), response.Interface())
	return response, err
}

// failure joins the errors among a response's diagnostics; nil if there are none.
func failure(response protoreflect.Message) error {
	var errs []error
	diagnostics := field(response, "diagnostics").List()
	for i := range diagnostics.Len() {
		d := diagnostics.Get(i).Message()
		const severityError = 1
		if field(d, "severity").Enum() == severityError {
			errs = append(errs, errors.New(strings.TrimSpace(field(d, "summary").String()+": "+field(d, "detail").String())))
		}
	}
	return errors.Join(errs...)
}

// connection is the go-plugin side of a provider: all that is wanted is the connection.
type connection struct {
	plugin.NetRPCUnsupportedPlugin
}

func (*connection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

func (*connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this is a client of providers, and serves none")
}

// newMessage makes an empty message of the plugin protocol, version 5.
func newMessage(name string) protoreflect.Message {
	typ, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName("tfplugin5." + name))
	if err != nil {
		// The names are constants of this package, and the types are linked in by the import above.
		panic(fmt.Sprintf("realprovider: the plugin protocol has no message %s: %v", name, err))
	}
	return typ.New()
}

func field(m protoreflect.Message, name protoreflect.Name) protoreflect.Value {
	return m.Get(m.Descriptor().Fields().ByName(name))
}

func setText(m protoreflect.Message, name protoreflect.Name, value string) {
	m.Set(m.Descriptor().Fields().ByName(name), protoreflect.ValueOfString(value))
}

func setMessage(m protoreflect.Message, name protoreflect.Name, value protoreflect.Message) {
	m.Set(m.Descriptor().Fields().ByName(name), protoreflect.ValueOfMessage(value))
}

func dynamicValue(typ tftypes.Type, value tftypes.Value) (protoreflect.Message, error) {
	encoded, err := tfprotov5.NewDynamicValue(typ, value)
	if err != nil {
		return nil, err
	}
	m := newMessage("DynamicValue")
	m.Set(m.Descriptor().Fields().ByName("msgpack"), protoreflect.ValueOfBytes(encoded.MsgPack))
	return m, nil
}

func (p *Provider) readSchema(ctx context.Context) (*Schema, error) {
	response, err := p.call(ctx, "GetSchema", newMessage("GetProviderSchema.Request"))
	if err != nil {
		return nil, err
	}
	if err := failure(response); err != nil {
		return nil, err
	}
	return decodeSchema(response)
}
