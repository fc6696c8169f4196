package coderaws

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/coder/codertest"
)

// TestFirstOwner runs the script of charts/entrance that makes Coder's first owner, before the load balancer reaches Coder.
func TestFirstOwner(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err == nil {
		_, err = exec.LookPath("curl")
	}
	if err != nil {
		t.Skip("*** SKIPPED: bash or curl is not on PATH, and the first owner is made by a script of them")
	}
	script, err := fs.ReadFile(Source, "charts/entrance/files/owner.sh")
	if err != nil {
		t.Fatal(err)
	}
	const password = `with "quotes" and \ in it, `
	for _, test := range []struct {
		name  string
		given func(s *codertest.Server)
		// owner is whom coderd has for its first user afterwards, and fails a part of what is said if the script fails.
		owner, fails string
	}{
		{name: "a new coderd", owner: "owner@coder.example.com"},
		{name: "a coderd that is starting", owner: "owner@coder.example.com",
			given: func(s *codertest.Server) { s.Set(func(settings *codertest.Settings) { settings.Starting = 2 }) }},
		{name: "a coderd that has users", owner: "eve@example.com",
			given: func(s *codertest.Server) { s.AddUser(codertest.User{Email: "eve@example.com"}) }},
		{name: "a coderd that does not answer the question", fails: "does not say whether it has users",
			given: func(s *codertest.Server) {
				s.Refuse(func(string) (int, string) { return http.StatusForbidden, "no" })
			}},
		{name: "a coderd that makes nobody", fails: "answered with status 400",
			given: func(s *codertest.Server) {
				s.Refuse(func(call string) (int, string) {
					if strings.HasPrefix(call, "POST") {
						return http.StatusBadRequest, "Password not strong enough!"
					}
					return 0, ""
				})
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			coderd := codertest.New(codertest.Settings{})
			if test.given != nil {
				test.given(coderd)
			}
			server := httptest.NewServer(coderd)
			defer server.Close()
			dir := t.TempDir()
			for name, text := range map[string]string{"username": "owner", "email": "owner@coder.example.com", "password": password} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(bash, "-c", string(script))
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "CODER_URL=" + server.URL, "OWNER=" + dir}
			said, err := cmd.CombinedOutput()
			if (err != nil) != (test.fails != "") || !strings.Contains(string(said), test.fails) {
				t.Errorf("the script ended with %v: %s", err, said)
			}
			first := coderd.FirstUser()
			if first.Email != test.owner || test.owner == "owner@coder.example.com" && first.Password != password {
				t.Errorf("the first user is %q with the password %q", first.Email, first.Password)
			}
			if strings.Contains(string(said), "quotes") {
				t.Errorf("the password is shown: %s", said)
			}
		})
	}
}
