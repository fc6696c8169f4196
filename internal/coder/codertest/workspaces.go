package codertest

import (
	"net/http"
	"strconv"
)

// Workspace is one of an owner, with the tags that its last build was asked for with.
type Workspace struct {
	Owner, Name string
	Tags        map[string]string
}

// AddWorkspace makes a workspace, as somebody does in Coder.
func (s *Server) AddWorkspace(w Workspace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.workspaces = append(s.workspaces, w)
}

// workspaceRoutes are those of workspaces: coderd/workspaces.go.
func (s *Server) workspaceRoutes() {
	s.handle("GET /api/v2/workspaces", true, func(w http.ResponseWriter, r *http.Request, u *User) {
		var seen []map[string]any
		for _, workspace := range s.workspaces {
			if u.Owner || workspace.Owner == u.Username {
				seen = append(seen, map[string]any{"name": workspace.Name, "owner_name": workspace.Owner,
					"latest_build": map[string]any{"transition": "start", "job": map[string]any{"status": "succeeded", "tags": workspace.Tags}}})
			}
		}
		count := len(seen)
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset")) // 0 where there is none
		seen = seen[min(offset, count):]
		if limit, _ := strconv.Atoi(r.URL.Query().Get("limit")); limit > 0 {
			seen = seen[:min(limit, len(seen))]
		}
		write(w, http.StatusOK, map[string]any{"workspaces": seen, "count": count})
	})
}
