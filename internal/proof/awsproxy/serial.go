package awsproxy

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// serial passes requests to moto one after the other. moto answers each in a thread of its own and changes its tables without locks: at
// ten requests at a time, now and then one fails with a crash. It is one Python process, so that nothing is lost by waiting.
type serial struct {
	mu   sync.Mutex
	next http.RoundTripper
}

// RoundTrip returns when the whole answer is there.
func (s *serial) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	resp, err := s.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
