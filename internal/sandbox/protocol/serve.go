package protocol

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"google.golang.org/grpc"
)

// Address is where a served provider can be reached, in the terms of Terraform's TF_REATTACH_PROVIDERS.
type Address struct {
	Network, Path   string
	ProtocolVersion int
	PID             int
}

// Running is a provider being served.
type Running struct {
	Address Address
	cancel  context.CancelFunc
	done    chan struct{}
	room    *room
}

// startTimeout bounds how long opening the local socket may take.
const startTimeout = 10 * time.Second

// maxMessage bounds a message of the plugin protocol, in bytes; it is what Terraform itself allows.
const maxMessage = 256 << 20

// Serve serves the provider on a local socket from inside this process, until Stop. Stacks of its own faults are kept
// as files in faults, an existing directory, or in the system's temporary one if that is empty.
func Serve(server *Server, faults string) (*Running, error) {
	return ServePlugin(5, &tf5server.GRPCProviderPlugin{
		Name:         "registry.terraform.io/hashicorp/aws",
		GRPCProvider: func() tfprotov5.ProviderServer { return server },
	}, faults)
}

// ServePlugin serves any provider of a version of the plugin protocol, 5 or 6, as Serve does. Calls have the number of
// their connection with them; see Connection.
func ServePlugin(version uint, provider plugin.Plugin, faults string) (*Running, error) {
	if err := silence(); err != nil {
		return nil, err
	}
	room, err := openRoom(os.TempDir())
	if err != nil {
		return nil, err
	}
	running, err := serveIn(room, version, provider, faults)
	if err != nil {
		return nil, errors.Join(err, room.close())
	}
	return running, nil
}

// serveIn serves a provider on a socket in a directory of its own.
func serveIn(room *room, version uint, provider plugin.Plugin, faults string) (*Running, error) {
	leave, err := room.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithCancel(context.Background())
	running := &Running{cancel: cancel, done: make(chan struct{}), room: room}
	reattach := make(chan *plugin.ReattachConfig, 1)
	quiet := hclog.New(&hclog.LoggerOptions{Output: io.Discard})
	tagger := &connectionTagger{}
	go plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  version,
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		Plugins: plugin.PluginSet{"provider": provider},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options, grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage), grpc.StatsHandler(tagger),
				grpc.ChainUnaryInterceptor(recovering(faults)))...)
		},
		Logger: quiet,
		Test:   &plugin.ServeTestConfig{Context: ctx, ReattachConfigCh: reattach, CloseCh: running.done},
	})
	select {
	case config := <-reattach:
		if config == nil {
			cancel()
			return nil, fmt.Errorf("the embedded AWS did not open its socket")
		}
		running.Address = Address{config.Addr.Network(), config.Addr.String(), config.ProtocolVersion, config.Pid}
		return running, nil
	case <-time.After(startTimeout):
		cancel()
		return nil, fmt.Errorf("the embedded AWS did not open its socket within %s", startTimeout)
	}
}

// Stop ends the serving and waits for it.
func (r *Running) Stop() {
	r.cancel()
	<-r.done
	_ = r.room.close() // what cannot be removed is swept by a later run
}

// logVariable sets the level of the log that terraform-plugin-go writes about every call.
const logVariable = "TF_LOG_SDK"

// silence turns that log off unless the user has set a level: the library logs everything to this process's standard
// error, and can be told otherwise by its environment variable alone.
func silence() error {
	if os.Getenv(logVariable) != "" {
		return nil
	}
	return os.Setenv(logVariable, "off")
}
