package codertest

import (
	"fmt"
	"net/http"
	"strings"
)

// Proxy is a workspace proxy.
type Proxy struct{ ID, Name, DisplayName, Icon, Token string }

// Proxy is the one of a name; nil if there is none.
func (s *Server) Proxy(name string) *Proxy {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proxies[strings.ToLower(name)]
}

// AddProxy puts a proxy there, as somebody does in Coder.
func (s *Server) AddProxy(p Proxy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ID = s.id()
	s.proxies[strings.ToLower(p.Name)] = &p
}

// RemoveProxy takes a proxy away, as somebody does in Coder.
func (s *Server) RemoveProxy(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.proxies, strings.ToLower(name))
}

// proxyRoutes are those of workspace proxies: enterprise/coderd/workspaceproxy.go.
func (s *Server) proxyRoutes() {
	for route, f := range map[string]func(http.ResponseWriter, *http.Request){
		"POST /api/v2/workspaceproxies":          s.postProxy,
		"GET /api/v2/workspaceproxies/{name}":    s.withProxy(s.getProxy),
		"PATCH /api/v2/workspaceproxies/{name}":  s.withProxy(s.patchProxy),
		"DELETE /api/v2/workspaceproxies/{name}": s.withProxy(s.deleteProxy),
	} {
		s.handle(route, true, func(w http.ResponseWriter, r *http.Request, u *User) {
			switch {
			case s.settings.WithoutPremium:
				answer(w, http.StatusNotFound, "Route not found.", "")
			case !s.premium(w, "workspace_proxy"):
			case !u.Owner:
				forbidden(w)
			default:
				f(w, r)
			}
		})
	}
}

func (s *Server) withProxy(f func(http.ResponseWriter, *http.Request, *Proxy)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		found := s.proxies[strings.ToLower(r.PathValue("name"))]
		if found == nil {
			missing(w)
			return
		}
		f(w, r, found)
	}
}

func shownProxy(p *Proxy) map[string]any {
	return map[string]any{"id": p.ID, "name": p.Name, "display_name": p.DisplayName, "icon_url": p.Icon}
}

func (s *Server) getProxy(w http.ResponseWriter, _ *http.Request, p *Proxy) {
	write(w, http.StatusOK, shownProxy(p))
}

func (s *Server) deleteProxy(w http.ResponseWriter, _ *http.Request, p *Proxy) {
	delete(s.proxies, strings.ToLower(p.Name))
	answer(w, http.StatusOK, "Proxy has been deleted!", "")
}

type proxyRequest struct {
	ID, Name, Icon  string
	DisplayName     string `json:"display_name"`
	RegenerateToken bool   `json:"regenerate_token"`
}

func (s *Server) postProxy(w http.ResponseWriter, r *http.Request) {
	var body proxyRequest
	switch {
	case !read(w, r, &body):
	case body.Name == "":
		answer(w, http.StatusBadRequest, "Validation failed.", "")
	case strings.EqualFold(body.Name, "primary"):
		answer(w, http.StatusBadRequest, `The name "primary" is reserved for the primary region.`, "Cannot name a workspace proxy 'primary'.")
	case s.proxies[strings.ToLower(body.Name)] != nil:
		answer(w, http.StatusConflict, fmt.Sprintf("Workspace proxy with name %q already exists.", body.Name), "")
	default:
		p := &Proxy{ID: s.id(), Name: body.Name, DisplayName: body.DisplayName, Icon: body.Icon}
		p.Token = p.ID + ":" + s.token("proxy")
		s.secret = append(s.secret, p.Token)
		s.proxies[strings.ToLower(p.Name)] = p
		write(w, http.StatusCreated, map[string]any{"proxy": shownProxy(p), "proxy_token": p.Token})
	}
}

// patchProxy wants all names again, also where only the token is to be another one.
func (s *Server) patchProxy(w http.ResponseWriter, r *http.Request, p *Proxy) {
	var body proxyRequest
	if !read(w, r, &body) {
		return
	}
	if body.ID == "" || body.Name == "" || body.DisplayName == "" || body.Icon == "" {
		answer(w, http.StatusBadRequest, "Validation failed.", "")
		return
	}
	p.DisplayName, p.Icon = body.DisplayName, body.Icon
	said := map[string]any{"proxy": shownProxy(p)}
	if body.RegenerateToken {
		p.Token = p.ID + ":" + s.token("proxy")
		s.secret = append(s.secret, p.Token)
		said["proxy_token"] = p.Token
	}
	write(w, http.StatusOK, said)
}
