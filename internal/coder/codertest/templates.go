package codertest

import (
	"archive/tar"
	"bytes"
	"io"
	"net/http"
	"strings"
)

// templateStore is what this coderd knows of templates.
type templateStore struct {
	files     map[string][]byte
	templates map[string]*template
	versions  map[string]*version
}

func newTemplateStore() templateStore {
	return templateStore{map[string][]byte{}, map[string]*template{}, map[string]*version{}}
}

type template struct {
	id, name, displayName, active string
	// classic is use_classic_parameter_flow.
	classic bool
	// hours are default_ttl_ms and activity_bump_ms.
	hours [2]int64
}

type version struct {
	id, template, name, file, status string
	variables                        map[string]string
	// asked is how often the version was asked for since its import began: each time it comes further.
	asked int
}

// Template tells of a template what the archive of its active version holds, and its variables; nil if there is none.
func (s *Server) Template(name string) (files []string, variables map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.templates[name]
	if t == nil {
		return nil, nil
	}
	active := s.versions[t.active]
	return names(s.files[active.file]), active.variables
}

// Hours are how long workspaces of a template run, and go on after their last use, in milliseconds.
func (s *Server) Hours(name string) [2]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.templates[name].hours
}

// Versions is how many versions were made of all templates.
func (s *Server) Versions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.versions)
}

// AddTemplate makes a template of one version behind everybody's back.
func (s *Server) AddTemplate(name, versionName string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &template{id: s.id(), name: name}
	v := &version{id: s.id(), template: t.id, name: versionName, status: "succeeded"}
	t.active = v.id
	s.templates[name], s.versions[v.id] = t, v
}

// SetClassic turns a template to the classic parameter flow, as somebody does in Coder.
func (s *Server) SetClassic(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.templates[name].classic = true
}

func names(archive []byte) []string {
	list := []string{}
	reader := tar.NewReader(bytes.NewReader(archive))
	for {
		header, err := reader.Next()
		if err != nil {
			return list
		}
		list = append(list, header.Name)
	}
}

func (s *Server) templateRoutes() {
	s.handle("POST /api/v2/files", true, s.postFile)
	s.handle("POST /api/v2/organizations/default/templateversions", true, s.postVersion)
	s.handle("GET /api/v2/organizations/default/templates", true, func(w http.ResponseWriter, _ *http.Request, _ *User) {
		list := []any{}
		for _, t := range s.templates {
			list = append(list, t.shown())
		}
		write(w, http.StatusOK, list)
	})
	s.handle("GET /api/v2/organizations/default/templates/{name}", true, func(w http.ResponseWriter, r *http.Request, _ *User) {
		if t := s.templates[r.PathValue("name")]; t != nil {
			write(w, http.StatusOK, t.shown())
			return
		}
		missing(w)
	})
	s.handle("POST /api/v2/organizations/default/templates", true, s.postTemplate)
	s.handle("PATCH /api/v2/templates/{id}/versions", true, s.promote)
	s.handle("GET /api/v2/templates/{id}/versions/{name}", true, func(w http.ResponseWriter, r *http.Request, _ *User) {
		for _, v := range s.versions {
			if v.template == r.PathValue("id") && v.name == r.PathValue("name") {
				write(w, http.StatusOK, v.shown())
				return
			}
		}
		answer(w, http.StatusNotFound, "No template version found by name \""+r.PathValue("name")+"\".", "")
	})
	s.handle("GET /api/v2/templateversions/{id}", true, func(w http.ResponseWriter, r *http.Request, _ *User) {
		v := s.versions[r.PathValue("id")]
		if v == nil {
			missing(w)
			return
		}
		s.advance(v)
		write(w, http.StatusOK, v.shown())
	})
	s.handle("GET /api/v2/templateversions/{id}/logs", true, s.logs)
	s.handle("GET /api/v2/templateversions/{id}/rich-parameters", true, func(w http.ResponseWriter, _ *http.Request, _ *User) {
		write(w, http.StatusOK, []map[string]any{{"name": "size", "type": "string", "default_value": "small", "required": false}})
	})
}

// advance brings an import further: pending, running, and its end. A template with the words "does not import" fails.
func (s *Server) advance(v *version) {
	v.asked++
	switch {
	case v.status == "pending":
		v.status = "running"
	case v.status == "running" && bytes.Contains(s.files[v.file], []byte("does not import")):
		v.status = "failed"
	case v.status == "running":
		v.status = "succeeded"
	}
}

func (t *template) shown() map[string]any {
	return map[string]any{"id": t.id, "name": t.name, "display_name": t.displayName, "active_version_id": t.active,
		"deprecated": false, "active_user_count": 0, "use_classic_parameter_flow": t.classic}
}

func (v *version) shown() map[string]any {
	job := map[string]any{"status": v.status, "file_id": v.file}
	if v.status == "failed" {
		job["error"] = "terraform plan: exit status 1"
	}
	return map[string]any{"id": v.id, "name": v.name, "job": job}
}

func (s *Server) postFile(w http.ResponseWriter, r *http.Request, u *User) {
	if kind := r.Header.Get("Content-Type"); kind != "application/x-tar" {
		answer(w, http.StatusBadRequest, "Unsupported content type header \""+kind+"\".", "")
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		answer(w, http.StatusBadRequest, "Failed to read file from request.", err.Error())
		return
	}
	for id, there := range s.files {
		if bytes.Equal(there, body) {
			write(w, http.StatusOK, map[string]string{"hash": id})
			return
		}
	}
	id := s.id()
	s.files[id] = body
	write(w, http.StatusCreated, map[string]string{"hash": id})
}

func (s *Server) postVersion(w http.ResponseWriter, r *http.Request, _ *User) {
	var body struct {
		Name       string
		TemplateID string                         `json:"template_id"`
		FileID     string                         `json:"file_id"`
		Storage    string                         `json:"storage_method"`
		Variables  []struct{ Name, Value string } `json:"user_variable_values"`
	}
	if !read(w, r, &body) {
		return
	}
	if s.files[body.FileID] == nil {
		answer(w, http.StatusNotFound, "File not found.", "")
		return
	}
	for _, v := range s.versions {
		if body.TemplateID != "" && v.template == body.TemplateID && v.name == body.Name {
			answer(w, http.StatusConflict, "A template version with name \""+body.Name+"\" already exists for this template.", "")
			return
		}
	}
	v := &version{id: s.id(), template: body.TemplateID, name: body.Name, file: body.FileID, status: "pending", variables: map[string]string{}}
	for _, variable := range body.Variables {
		v.variables[variable.Name] = variable.Value
	}
	s.versions[v.id] = v
	shown := v.shown()
	shown["matched_provisioners"] = map[string]int{"count": len(s.daemons), "available": len(s.daemons)}
	write(w, http.StatusCreated, shown)
}

func (s *Server) postTemplate(w http.ResponseWriter, r *http.Request, _ *User) {
	var body struct {
		Name        string
		DisplayName string `json:"display_name"`
		Version     string `json:"template_version_id"`
		DefaultTTL  int64  `json:"default_ttl_ms"`
		Bump        int64  `json:"activity_bump_ms"`
	}
	if !read(w, r, &body) {
		return
	}
	v := s.versions[body.Version]
	switch {
	case s.templates[body.Name] != nil:
		answer(w, http.StatusConflict, "Template with name \""+body.Name+"\" already exists.", "")
	case v == nil:
		answer(w, http.StatusNotFound, "Template version \""+body.Version+"\" does not exist.", "")
	default:
		t := &template{id: s.id(), name: body.Name, displayName: body.DisplayName, active: v.id, hours: [2]int64{body.DefaultTTL, body.Bump}}
		v.template = t.id
		s.templates[t.name] = t
		write(w, http.StatusCreated, t.shown())
	}
}

func (s *Server) promote(w http.ResponseWriter, r *http.Request, _ *User) {
	var body struct{ ID string }
	if !read(w, r, &body) {
		return
	}
	v := s.versions[body.ID]
	switch {
	case v == nil || v.template != r.PathValue("id"):
		answer(w, http.StatusBadRequest, "The provided template version doesn't belong to the specified template.", "")
		return
	case v.status != "succeeded":
		answer(w, http.StatusForbidden, "Only versions that have been built successfully can be promoted.",
			"Attempted to promote a version with a "+v.status+" build")
		return
	}
	for _, t := range s.templates {
		if t.id == v.template {
			t.active = v.id
		}
	}
	answer(w, http.StatusOK, "Updated the active template version!", "")
}

// logs has one line for each state that an import has been in.
func (s *Server) logs(w http.ResponseWriter, r *http.Request, _ *User) {
	v := s.versions[r.PathValue("id")]
	if v == nil {
		missing(w)
		return
	}
	lines := []map[string]any{}
	add := func(id int64, level, output string) {
		after := r.URL.Query().Get("after")
		if after == "" || strings.Compare(after, string(rune('0'+id))) < 0 {
			lines = append(lines, map[string]any{"id": id, "log_level": level, "stage": "Detecting persistent resources", "output": output})
		}
	}
	if v.status != "pending" {
		add(1, "info", "Terraform has been successfully initialized!")
	}
	if v.status == "failed" {
		add(2, "error", "Error: Unsupported argument")
	}
	write(w, http.StatusOK, lines)
}
