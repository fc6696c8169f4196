package tunnel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// forward is an address on this machine that leads to one host inside of the VPC. It stays the same when the session behind it breaks:
// what Terraform was told at its start holds until its end.
type forward struct {
	gateway            *Gateway
	what, host, port   string
	listener           net.Listener
	carrying, carriers sync.WaitGroup
	// life ends with close: an interrupt of the program does not end it, as Terraform then finishes what it has begun.
	life context.Context
	end  context.CancelFunc

	mu      sync.Mutex // guards current
	current *session
}

// open opens the way to an address through a node.
func (g *Gateway) open(ctx context.Context, what, address string) (*forward, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	f := &forward{gateway: g, what: what, host: host, port: port}
	if f.current, err = g.start(ctx, host, port); err != nil {
		return nil, err
	}
	// Of this machine's own processes alone. Who connects has to prove at the other end who he is, as everywhere.
	if f.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		f.current.close()
		return nil, err
	}
	f.life, f.end = context.WithCancel(context.WithoutCancel(ctx))
	f.carrying.Go(f.serve)
	return f, nil
}

// address is where it listens; "" for the direct way.
func (f *forward) address() string {
	if f == nil {
		return ""
	}
	return f.listener.Addr().String()
}

// serve carries connections until close.
func (f *forward) serve() {
	for {
		conn, err := f.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			f.carriers.Go(func() { f.carry(conn) })
		}
	}
}

// answerLimit bounds how long the far end may be silent at first. What goes this way is TLS, whose server answers at once: one that does
// not is not there any more, though the session looks as if it were, as after the end of its node.
const answerLimit = 20 * time.Second

// carry carries one connection to the far end and back.
func (f *forward) carry(near net.Conn) {
	defer func() { _ = near.Close() }() // both ends may have closed it already
	s, far, err := f.connect()
	if err != nil {
		if f.life.Err() == nil {
			f.gateway.options.Notice(fmt.Sprintf("%s: the way to %s cannot be opened again: %v", f.gateway.options.Region, f.what, err))
		}
		return
	}
	defer func() { _ = far.Close() }()
	release := context.AfterFunc(f.life, func() {
		_ = near.Close()
		_ = far.Close()
	})
	defer release()

	var sent, received atomic.Int64
	silent := time.AfterFunc(answerLimit, func() {
		if sent.Load() > 0 && received.Load() == 0 {
			_ = far.Close()
		}
	})
	defer silent.Stop()
	var there sync.WaitGroup
	there.Go(func() {
		_, _ = io.Copy(far, counted{near, &sent})
		shut(far)
	})
	_, _ = io.Copy(near, counted{far, &received})
	shut(near)
	if sent.Load() > 0 && received.Load() == 0 {
		f.drop(s)
		_ = near.Close()
	}
	there.Wait()
}

// counted counts what is read.
type counted struct {
	io.Reader
	bytes *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.bytes.Add(int64(n))
	return n, err
}

// shut says to an end that nothing more comes; it may still send.
func shut(conn net.Conn) {
	if tcp, is := conn.(*net.TCPConn); is {
		_ = tcp.CloseWrite()
	}
}

// connect connects to the session, and opens another one where it has ended.
func (f *forward) connect() (*session, net.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for again := false; ; again = true {
		if f.current == nil || f.current.over() {
			if f.current != nil {
				f.gateway.options.Notice(fmt.Sprintf("%s: the session to %s has ended; opening another one", f.gateway.options.Region, f.what))
				f.current.close()
			}
			opened, err := f.gateway.start(f.life, f.host, f.port)
			f.current = opened
			if err != nil {
				return nil, nil, err
			}
		}
		far, err := (&net.Dialer{Timeout: dialLimit}).DialContext(f.life, "tcp", f.current.address)
		if err == nil {
			return f.current, far, nil
		}
		if again {
			return nil, nil, err
		}
		f.current.close()
	}
}

// drop gives up a session that carries nothing, so that the next connection gets another one.
func (f *forward) drop(s *session) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current == s && f.life.Err() == nil {
		s.close()
	}
}

// close ends the session and all that it carries.
func (f *forward) close() error {
	f.end()
	err := f.listener.Close()
	f.carrying.Wait()
	f.carriers.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current != nil {
		f.current.close()
	}
	return err
}
