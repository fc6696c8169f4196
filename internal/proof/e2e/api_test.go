//go:build unix

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"coderaws/internal/coder"
)

// secrets stand in for Secrets Manager: they have the values that are put into them.
type secrets struct {
	mu     sync.Mutex
	values map[string]string
}

func (s *secrets) Get(_ context.Context, arn string) (string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, has := s.values[arn]
	return value, has, nil
}

func (s *secrets) Put(_ context.Context, arn, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[arn] = value
	return nil
}

// client is coderaws's own client of a coderd.
func client(t *testing.T, url string) *coder.Client {
	t.Helper()
	c, err := coder.New(coder.Options{URL: url, Agent: "coderaws/e2e", Patience: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// session is somebody who is signed in, for what coderaws itself never asks of coderd.
type session struct {
	t          *testing.T
	url, token string
}

// ask sends a request and returns the status and the answer.
func (s *session) ask(method, path string, body any) (int, map[string]any) {
	s.t.Helper()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, sent)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Coder-Session-Token", s.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil {
		answer = map[string]any{"text": string(text)}
	}
	return response.StatusCode, answer
}

// must is ask for what cannot fail.
func (s *session) must(method, path string, body any) map[string]any {
	s.t.Helper()
	status, answer := s.ask(method, path, body)
	if status >= 300 {
		s.t.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
	return answer
}

// signIn signs in with a password. The status is coderd's.
func signIn(t *testing.T, url, email, password string) (*session, int, string) {
	t.Helper()
	s := &session{t: t, url: url}
	status, answer := s.ask(http.MethodPost, "/api/v2/users/login", map[string]string{"email": email, "password": password})
	if status == http.StatusCreated {
		s.token = answer["session_token"].(string)
	}
	return s, status, fmt.Sprint(answer["message"])
}
