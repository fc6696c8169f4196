// Package codertest plays a coderd on the loopback interface, for tests of what talks to one. It answers as coderd
// 2.24.4 does: the paths, the statuses and the words are those of its packages coderd and enterprise/coderd. It belongs
// to tests alone, and imports nothing of this module. `make e2e` holds the same calls to a real coderd.
package codertest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Settings are what an operator sets of a coderd.
type Settings struct {
	// PasswordsOff is CODER_DISABLE_PASSWORD_AUTH.
	PasswordsOff bool
	// OIDC says that an identity provider is set up.
	OIDC bool
	// WithoutPremium is a build without the code of enterprise/.
	WithoutPremium bool
	// EntitlementErrors are what coderd finds wrong with its licences.
	EntitlementErrors []string
	// WithoutProviders is a version that has no providers of AI models, and Forgetful one that answers without what it was given.
	WithoutProviders, Forgetful bool
	// Version is the release, such as 2.35.1; 2.24.4 if it is empty.
	Version string
	// Starting is how many requests find a coderd that is not ready.
	Starting int
}

// Server is a coderd. The zero value is not usable: New makes one.
type Server struct {
	// Settings may be changed between requests, through Set.
	settings Settings

	mu    sync.Mutex
	mux   *http.ServeMux
	users []*User
	// sessions are the users of tokens.
	sessions   map[string]*User
	licenses   []license
	keys       map[string]string
	tags       map[string]map[string]string
	proxies    map[string]*Proxy
	workspaces []Workspace
	// providers are those of AI models, by name.
	providers map[string]map[string]any
	daemons   []Daemon
	templateStore
	calls  []string
	secret []string
	refuse func(call string) (status int, message string)
	next   int
}

// User is somebody whom this coderd knows.
type User struct {
	ID, Username, Email, Password string
	// LoginType is password or oidc.
	LoginType string
	Owner     bool
	// Seen is when the user was last there; zero for never.
	Seen time.Time
}

// Daemon is a provisioner.
type Daemon struct {
	Name, KeyName, Version, Status string
	// Tags are those of its key; coderd adds which organization's and whose it is.
	Tags map[string]string
}

type license struct {
	id     int
	claims map[string]any
}

// Token is the session token of an owner whom every Server knows; see Owner.
const Token = "test-session-of-an-owner"

// New starts a coderd without users.
func New(settings Settings) *Server {
	s := &Server{settings: settings, sessions: map[string]*User{}, keys: map[string]string{},
		tags: map[string]map[string]string{}, proxies: map[string]*Proxy{},
		providers: map[string]map[string]any{}, templateStore: newTemplateStore()}
	s.mux = http.NewServeMux()
	s.userRoutes()
	s.premiumRoutes()
	s.proxyRoutes()
	s.workspaceRoutes()
	s.modelRoutes()
	s.templateRoutes()
	s.handle("GET /healthz", false, func(w http.ResponseWriter, _ *http.Request, _ *User) { _, _ = w.Write([]byte("OK")) })
	s.handle("GET /api/v2/buildinfo", false, func(w http.ResponseWriter, r *http.Request, _ *User) {
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		write(w, http.StatusOK, map[string]any{
			"version": "v" + cmp.Or(s.settings.Version, "2.24.4") + "+0000000", "dashboard_url": scheme + r.Host,
			"deployment_id": "00000000-0000-4000-8000-000000000000", "telemetry": false,
		})
	})
	s.handle("GET /api/v2/debug/health", true, func(w http.ResponseWriter, _ *http.Request, _ *User) {
		write(w, http.StatusOK, map[string]any{"healthy": true,
			"database": map[string]any{"healthy": true, "severity": "ok", "latency_ms": 3, "error": nil}})
	})
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call := r.Method + " " + r.URL.Path
	s.calls = append(s.calls, call)
	if s.settings.Starting > 0 {
		s.settings.Starting--
		http.Error(w, "no healthy upstream", http.StatusServiceUnavailable)
		return
	}
	if s.refuse != nil {
		if status, message := s.refuse(call); status != 0 {
			answer(w, status, message, "")
			return
		}
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		answer(w, http.StatusNotFound, "Route not found.", "")
		return
	}
	s.mux.ServeHTTP(w, r)
}

// Calls are the requests so far, as METHOD PATH.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Secrets are all the values that nobody else may see, which came in or were given out.
func (s *Server) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.secret)
}

// Refuse lets f answer requests with a status that is not 0; nil ends that.
func (s *Server) Refuse(f func(call string) (status int, message string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = f
}

// Set changes the settings, as a restart of coderd with other ones would.
func (s *Server) Set(f func(*Settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.settings)
}

// handle answers a route; signed says that it takes a session token.
func (s *Server) handle(route string, signed bool, f func(http.ResponseWriter, *http.Request, *User)) {
	s.mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
		user := s.sessions[r.Header.Get("Coder-Session-Token")]
		if signed && user == nil {
			answer(w, http.StatusUnauthorized, "You are signed out or your session has expired. Please sign in again to continue.", "")
			return
		}
		f(w, r, user)
	})
}

// id makes an identifier in the form of coderd's, another each time.
func (s *Server) id() string {
	s.next++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", s.next)
}

// token makes a secret, another each time.
func (s *Server) token(kind string) string {
	s.next++
	made := fmt.Sprintf("canary-%s-%032d", kind, s.next)
	s.secret = append(s.secret, made)
	return made
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// A client that has gone away is its own affair.
	_ = json.NewEncoder(w).Encode(body)
}

func answer(w http.ResponseWriter, status int, message, detail string) {
	body := map[string]any{"message": message}
	if detail != "" {
		body["detail"] = detail
	}
	write(w, status, body)
}

// read reads the JSON of a request; it answers what is none.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		answer(w, http.StatusBadRequest, "Request body must be valid JSON.", err.Error())
		return false
	}
	return true
}

// forbidden is what coderd says to those who lack a role.
func forbidden(w http.ResponseWriter) {
	answer(w, http.StatusForbidden, "Forbidden", "You don't have permission to view this content. If you believe this "+
		"is a mistake, please contact your administrator or try signing in with different credentials.")
}

// missing is what coderd says of what is not there, and of what one may not see.
func missing(w http.ResponseWriter) {
	answer(w, http.StatusNotFound, "Resource not found or you do not have access to this resource", "")
}

func lower(text string) string { return strings.ToLower(strings.ReplaceAll(text, "_", " ")) }
