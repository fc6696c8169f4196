//go:build unix

package e2e_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"coderaws/internal/coder"
)

func isNotPremium(err error) bool { return errors.Is(err, coder.ErrNotPremium) }

// liveWorkspace makes a workspace of the template kubernetes, stops it, and deletes it, and looks at what coderd says there is.
func liveWorkspace(t *testing.T, url string, owner coder.Owner) {
	t.Helper()
	root, status, message := signIn(t, url, owner.Email, owner.Password)
	if status != http.StatusCreated {
		t.Fatalf("the owner cannot sign in: %d %s", status, message)
	}
	template := root.must(http.MethodGet, "/api/v2/organizations/default/templates/kubernetes", nil)
	workspace := root.must(http.MethodPost, "/api/v2/users/me/workspaces", map[string]any{
		"template_id": template["id"], "name": "dev", "rich_parameter_values": []map[string]string{{"name": "home_gib", "value": "17"}},
	})
	id := workspace["id"].(string)
	home, pod := "kubernetes_persistent_volume_claim_v1", "kubernetes_deployment_v1"
	for _, step := range []struct {
		transition string
		want       []string
	}{
		{"start", []string{pod, home}},
		{"stop", []string{home}},
		{"delete", nil},
	} {
		build := workspace["latest_build"].(map[string]any)
		if step.transition != "start" {
			build = root.must(http.MethodPost, "/api/v2/workspaces/"+id+"/builds", map[string]any{"transition": step.transition})
		}
		build = finished(t, root, build["id"].(string))
		var got []string
		for _, r := range list(build["resources"]) {
			resource := r.(map[string]any)
			for _, agent := range list(resource["agents"]) {
				if apps := list(agent.(map[string]any)["apps"]); len(apps) > 0 {
					t.Errorf("the agent has the apps %v though the template is without code-server", apps)
				}
			}
			if kind := resource["type"].(string); (kind == home || kind == pod) && !slices.Contains(got, kind) {
				got = append(got, kind)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, step.want) {
			t.Errorf("after %s coderd knows of %v, want %v", step.transition, got, step.want)
		}
	}
	if status, answer := root.ask(http.MethodGet, "/api/v2/workspaces/"+id, nil); status != http.StatusGone {
		t.Errorf("the deleted workspace: %d %v", status, answer)
	}
}

// finished waits for a build, which must succeed.
func finished(t *testing.T, s *session, build string) map[string]any {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		answer := s.must(http.MethodGet, "/api/v2/workspacebuilds/"+build, nil)
		job := answer["job"].(map[string]any)
		switch status := job["status"]; {
		case status == "succeeded":
			return answer
		case status == "failed" || status == "canceled" || time.Now().After(deadline):
			t.Fatalf("the build %s: %v: %v", answer["transition"], status, job["error"])
		}
	}
}

// list is a JSON list, which coderd may give as null.
func list(value any) []any {
	items, _ := value.([]any)
	return items
}
