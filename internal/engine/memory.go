package engine

import (
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"coderaws/internal/diagnostic"
)

// StateServer keeps states in the memory of this process, and serves them to engines over loopback as Terraform's http backend. A state
// in a file is written anew, and compared with what was there, after each resource: of a rehearsal of SR-HA, about a third of the
// processor time that Terraform takes. What is kept here is gone with the process, so that it is for rehearsals alone.
type StateServer struct {
	// base is the address below which states are; it holds a secret, as anybody on the machine can reach the port.
	base     string
	server   *http.Server
	stopped  chan struct{}
	mu       sync.Mutex
	contents map[string][]byte
}

// secretLength is that of the secret in the address, in bytes.
const secretLength = 16

// maxStateSize is the size in bytes of a state that is refused: far above what any deployment has.
const maxStateSize = 1 << 30

// NewStateServer starts to serve. random is where the secret in the address comes from.
func NewStateServer(random io.Reader) (*StateServer, error) {
	secret := make([]byte, secretLength)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("no secret for the states in memory: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		d := diagnostic.Errorf("there is no port for the state of the rehearsal: %v", err)
		d.Code, d.Todo = "engine.no_port", "allow this program to listen on the loopback interface"
		return nil, d
	}
	prefix := "/" + hex.EncodeToString(secret) + "/"
	s := &StateServer{base: "http://" + listener.Addr().String() + prefix, stopped: make(chan struct{}), contents: map[string][]byte{}}
	s.server = &http.Server{Handler: http.StripPrefix(prefix, http.HandlerFunc(s.serve))}
	go func() {
		defer close(s.stopped)
		_ = s.server.Serve(listener) // ends with Close, which is no failure
	}()
	return s, nil
}

// Close ends the serving and drops all states.
func (s *StateServer) Close() error {
	err := s.server.Close()
	<-s.stopped
	return err
}

// Backend keeps the state called name here.
func (s *StateServer) Backend(name string) *Backend {
	return &Backend{
		Type:     "http",
		Settings: map[string]any{"update_method": http.MethodPost},
		Environ:  []string{"TF_HTTP_ADDRESS=" + s.base + strings.ReplaceAll(name, "/", "-")},
		Place:    "the memory of this process",
		Fleeting: true,
	}
}

// serve answers as https://developer.hashicorp.com/terraform/language/backend/http asks. There are no locks: nobody else knows the address.
func (s *StateServer) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch name := r.URL.Path; r.Method {
	case http.MethodGet:
		text, ok := s.contents[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(text) // an engine that is gone needs no answer
	case http.MethodPost:
		text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxStateSize))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.contents[name] = text
	case http.MethodDelete:
		delete(s.contents, name)
	default:
		http.Error(w, "not known: "+r.Method, http.StatusMethodNotAllowed)
	}
}
