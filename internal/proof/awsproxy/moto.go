package awsproxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// ErrNoMoto says that moto_server is not on the PATH; a test that needs it skips with this text.
var ErrNoMoto = errors.New("moto_server is not on the PATH: install it with: pip install 'moto[all,server]==5.2.*'")

// Server is a running moto_server with a Proxy in front of it.
type Server struct {
	// URL is what AWS_ENDPOINT_URL has to be.
	URL string

	front *http.Server
	moto  *exec.Cmd
}

// Start runs moto_server on a free port of the loopback interface, waits until it answers (ctx bounds the wait), and
// serves a Proxy on listen (host:port, port 0 for a free one). moto's own log goes to log. The caller closes it.
func Start(ctx context.Context, listen string, log io.Writer) (*Server, error) {
	program, err := exec.LookPath("moto_server")
	if err != nil {
		return nil, ErrNoMoto
	}
	front, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("listen for AWS calls: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, front.Close())
	}
	moto := exec.Command(program, "-H", "127.0.0.1", "-p", strconv.Itoa(port))
	// AWS's managed policies exist in every account, but moto loads them only when asked. Certificates are issued one
	// second after their request instead of a minute.
	moto.Env = append(os.Environ(), "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "MOTO_ACM_VALIDATION_WAIT=1")
	moto.Stdout, moto.Stderr = log, log
	if err := moto.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start moto_server: %w", err), front.Close())
	}
	backend := &url.URL{Scheme: "http", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	s := &Server{URL: "http://" + front.Addr().String(), moto: moto}
	s.front = &http.Server{Handler: New(Options{Backend: backend}), ReadHeaderTimeout: time.Minute}
	// Serve returns when Close ends it, with an error that says only that.
	go func() { _ = s.front.Serve(front) }()
	if err := waitFor(ctx, backend.String()+"/moto-api/data.json"); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends the proxy and moto. Everything that they held is gone.
func (s *Server) Close() error {
	err := s.front.Close()
	if kill := s.moto.Process.Kill(); kill != nil && !errors.Is(kill, os.ErrProcessDone) {
		return errors.Join(err, fmt.Errorf("end moto_server: %w", kill))
	}
	// It was killed, so that its exit status says nothing.
	_ = s.moto.Wait()
	return err
}

// freePort asks the system for a port that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port for moto_server: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// waitFor returns when address answers with 200, or when ctx ends.
func waitFor(ctx context.Context, address string) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return fmt.Errorf("ask moto_server whether it is ready: %w", err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("moto_server does not answer at %s: %w", address, ctx.Err())
		case <-tick.C:
		}
	}
}
