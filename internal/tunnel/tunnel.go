// Package tunnel reaches hosts inside of a VPC that have no address outside of it: the Kubernetes API of a cluster, and an internal load
// balancer. It tries the direct way first, which a VPN or a machine in the VPC has, and else goes through AWS Systems Manager Session
// Manager and a node of the cluster, which needs no bastion and no open port. What belongs here is the way: finding it, opening it,
// opening it again when it breaks, and closing it. What is asked at its end does not, and neither does who may: TLS and sign-in are between
// the ends. Package lifecycle imports it; of this module it imports diagnostic alone.
//
// The data channel of a session is spoken by AWS's own program, session-manager-plugin (docs/decisions/0015-session-manager-plugin.md).
package tunnel

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Options say where the way begins and ends. All fields but Notice and Dial are required.
type Options struct {
	// Region and Cluster are those of the nodes through which the way may go.
	Region, Cluster string
	// Notice is told which way was found, and of each that broke; nil tells nobody.
	Notice func(line string)
	// Dial connects by the direct way; nil for a TCP connection.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// directLimit bounds a connection that a machine with a way gets in less than one second. A network that has no route says nothing for
// minutes.
const directLimit = 5 * time.Second

// Gateway finds ways into one VPC, each once. Its methods may be called from several goroutines.
type Gateway struct {
	options Options

	mu sync.Mutex // guards what follows
	// config is there before the first forward is, which reads it without asking.
	config *aws.Config
	// ways are those that were found, by address; nil is the direct one.
	ways   map[string]*forward
	closed bool
}

// New prepares to look for ways. It asks nobody.
func New(o Options) *Gateway {
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	return &Gateway{options: o, ways: map[string]*forward{}}
}

// errClosed says that the ways were given up.
var errClosed = errors.New("the ways into the VPC are closed")

// Way finds the way to an address, host:port. local is the address on this machine that leads there until Close; "" says that the address
// itself does. what names the end in errors, which are diagnostics, and in notices.
func (g *Gateway) Way(ctx context.Context, what, address string) (local string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return "", errClosed
	}
	if f, known := g.ways[address]; known {
		return f.address(), nil
	}
	direct := g.direct(ctx, what, address)
	switch {
	case direct == nil:
		g.ways[address] = nil
		return "", nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case answered(direct):
		// There is a way; what is wrong at its end, whoever asks there learns.
		return "", nil
	}
	f, err := g.open(ctx, what, address)
	if err != nil {
		return "", unreached(what, direct, err)
	}
	g.ways[address] = f
	g.options.Notice(fmt.Sprintf("%s: %s is reached through Session Manager, by node %s", g.options.Region, what, f.current.node))
	return f.address(), nil
}

// direct tries the direct way, and says so of one that only few have.
func (g *Gateway) direct(ctx context.Context, what, address string) error {
	ctx, cancel := context.WithTimeout(ctx, directLimit)
	defer cancel()
	conn, err := g.options.Dial(ctx, "tcp", address)
	if err != nil {
		return err
	}
	if to, is := conn.RemoteAddr().(*net.TCPAddr); is && to.IP.IsPrivate() {
		g.options.Notice(fmt.Sprintf("%s: %s is reached directly, at %s", g.options.Region, what, to.IP))
	}
	return conn.Close()
}

// answered reports whether the error of a connection is an answer of the host that was meant.
func answered(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

// Dialer connects to addresses by the way that there is. what is as of Way.
func (g *Gateway) Dialer(what string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		local, err := g.Way(ctx, what, address)
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(ctx, dialLimit)
		defer cancel()
		if local == "" {
			return g.options.Dial(ctx, network, address)
		}
		return (&net.Dialer{}).DialContext(ctx, network, local)
	}
}

// dialLimit bounds a connection by a way that was found.
const dialLimit = 10 * time.Second

// Close ends all sessions and gives back the ports.
func (g *Gateway) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	var all []error
	for _, f := range g.ways {
		if f != nil {
			all = append(all, f.close())
		}
	}
	clear(g.ways)
	return errors.Join(all...)
}
