package codertest

import (
	"net/http"
	"net/url"
	"regexp"
)

// Provider is a provider of AI models as this coderd has it; nil if there is none of that name.
func (s *Server) Provider(name string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.providers[name]
}

// SetProvider puts a provider there, or changes it, as somebody does in Coder.
func (s *Server) SetProvider(name string, provider map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.providers[name] = provider
}

// modelRoutes are those of providers of AI models, as coderd has them since 2.34: codersdk/aiproviders.go. Without a licence that holds the
// gateway they work all the same; it is the gateway itself that then answers 403.
func (s *Server) modelRoutes() {
	for route, f := range map[string]func(http.ResponseWriter, *http.Request){
		"GET /api/v2/ai/providers/{name}": func(w http.ResponseWriter, r *http.Request) {
			if s.providers[r.PathValue("name")] == nil {
				missing(w)
				return
			}
			write(w, http.StatusOK, s.providers[r.PathValue("name")])
		},
		"POST /api/v2/ai/providers":         s.postProvider,
		"PATCH /api/v2/ai/providers/{name}": s.patchProvider,
	} {
		s.handle(route, true, func(w http.ResponseWriter, r *http.Request, u *User) {
			switch {
			case s.settings.WithoutProviders:
				answer(w, http.StatusNotFound, "Route not found.", "")
			case !u.Owner:
				forbidden(w)
			default:
				f(w, r)
			}
		})
	}
}

var providerName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (s *Server) postProvider(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if !read(w, r, &body) {
		return
	}
	name, _ := body["name"].(string)
	settings, _ := body["settings"].(map[string]any)
	keys, _ := body["api_keys"].([]any)
	switch {
	case !providerName.MatchString(name):
		answer(w, http.StatusBadRequest, "Invalid request.", "name must match "+providerName.String())
	case !absolute(body["base_url"]):
		answer(w, http.StatusBadRequest, "Invalid request.", "base_url must be an absolute URL (e.g. https://api.example.com/)")
	case body["type"] == "bedrock" && (settings["_type"] != "bedrock" || settings["_version"] != 1.0):
		answer(w, http.StatusBadRequest, "Invalid request.", "settings missing _type discriminator")
	case body["type"] == "bedrock" && len(keys) > 0:
		answer(w, http.StatusBadRequest, "Invalid request.", "type=bedrock does not accept api_keys")
	case s.providers[name] != nil:
		answer(w, http.StatusConflict, "AI provider with name '"+name+"' already exists.", "")
	default:
		s.providers[name] = body
		s.answerProvider(w, http.StatusCreated, name)
	}
}

func (s *Server) patchProvider(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	name := r.PathValue("name")
	switch {
	case !read(w, r, &body):
	case s.providers[name] == nil:
		missing(w)
	default:
		for key, value := range body {
			s.providers[name][key] = value
		}
		s.answerProvider(w, http.StatusOK, name)
	}
}

func (s *Server) answerProvider(w http.ResponseWriter, status int, name string) {
	if s.settings.Forgetful {
		write(w, status, map[string]any{})
		return
	}
	write(w, status, s.providers[name])
}

func absolute(value any) bool {
	text, _ := value.(string)
	parsed, err := url.Parse(text)
	return err == nil && parsed.Scheme != "" && parsed.Host != ""
}
