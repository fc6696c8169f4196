package protocol

import (
	"context"
	"sync/atomic"

	"google.golang.org/grpc/stats"
)

// connection numbers the connections of Terraform to the server. Terraform opens one for every provider block, which is the only way to
// tell provider aliases apart when one process serves them all.
type connection int64

type connectionKey struct{}

func connectionOf(ctx context.Context) connection {
	number, _ := ctx.Value(connectionKey{}).(connection)
	return number
}

// Connection is the number of the connection that a call came by: each provider block of each run of Terraform has its own.
func Connection(ctx context.Context) int64 { return int64(connectionOf(ctx)) }

// connectionTagger marks the context of every call with the number of its connection.
type connectionTagger struct{ last atomic.Int64 }

func (t *connectionTagger) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, connectionKey{}, connection(t.last.Add(1)))
}

func (t *connectionTagger) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	return ctx
}

func (t *connectionTagger) HandleConn(context.Context, stats.ConnStats) {}
func (t *connectionTagger) HandleRPC(context.Context, stats.RPCStats)   {}
