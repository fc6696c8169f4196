package main

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"coderaws/internal/coder/codertest"

	"github.com/rogpeppe/go-internal/testscript"
)

// installed is the key of a script's Coder among its values.
type installed struct{}

// fakeInstallation is a coderd, the API of its cluster and a Secrets Manager, on the loopback interface.
type fakeInstallation struct {
	*codertest.Server
	mu      sync.Mutex
	secrets map[string]string
}

// nobody is an address on which nothing listens.
const nobody = "http://127.0.0.1:1"

// fakeCoder starts them and points the program to them. All other services of AWS answer nothing.
func fakeCoder(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) > 0 {
		ts.Fatalf("usage: fakecoder")
	}
	f := ts.Value(installed{}).(*fakeInstallation)
	coderd := httptest.NewServer(f.Server)
	ts.Defer(coderd.Close)
	vault := httptest.NewServer(http.HandlerFunc(f.secretsManager))
	ts.Defer(vault.Close)
	cluster := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		items := `[]`
		if strings.HasSuffix(r.URL.Path, "/nodes") {
			items = `[{"metadata": {"name": "one"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}]`
		}
		if strings.HasSuffix(r.URL.Path, "/coder/deployments") {
			items = `[{"metadata": {"name": "coder"}, "spec": {"replicas": 1}, "status": {"readyReplicas": 1}}]`
		}
		fmt.Fprintf(w, `{"items": %s}`, items)
	}))
	cluster.Config.ErrorLog = log.New(io.Discard, "", 0) // who looks whether there is a way ends without a word
	cluster.StartTLS()
	ts.Defer(cluster.Close)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cluster.Certificate().Raw})
	for name, value := range map[string]string{
		"CODER_URL": coderd.URL, "CLUSTER_ENDPOINT": cluster.URL, "CLUSTER_AUTHORITY": base64.StdEncoding.EncodeToString(authority),
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": vault.URL, "AWS_ENDPOINT_URL": nobody, "AWS_MAX_ATTEMPTS": "1",
	} {
		ts.Setenv(name, value)
	}
}

// secretsManager answers the three calls that are made, for secrets that exist.
func (f *fakeInstallation) secretsManager(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var call struct{ SecretID, SecretString string }
	if err := json.NewDecoder(r.Body).Decode(&call); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	value, exists := f.secrets[call.SecretID]
	operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	switch {
	case !exists || operation == "GetSecretValue" && value == "":
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w,
			`{"__type": "ResourceNotFoundException", "Message": "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"}`)
	case operation == "PutSecretValue":
		f.secrets[call.SecretID] = call.SecretString
		fmt.Fprint(w, `{}`)
	default:
		answer, _ := json.Marshal(map[string]string{"ARN": call.SecretID, "SecretString": value}) // two texts
		_, _ = w.Write(answer)
	}
}

// coderWord looks into the Coder of a script and changes it behind the program's back.
func coderWord(ts *testscript.TestScript, negated bool, args []string) {
	f := ts.Value(installed{}).(*fakeInstallation)
	verb := append(args, "")[0]
	switch {
	case verb == "secret" && len(args) == 3:
		f.mu.Lock()
		f.secrets[args[1]] = args[2]
		f.mu.Unlock()
	case verb == "license" && len(args) == 2:
		text := codertest.License(map[string]any{
			"jti": "1", "exp": time.Date(2099, 2, 1, 0, 0, 0, 0, time.UTC).Unix(),
			"license_expires": time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC).Unix(),
			"feature_set":     "premium", "features": map[string]any{"user_limit": 25},
		})
		f.mu.Lock()
		f.secrets[args[1]] = text
		f.mu.Unlock()
	case verb == "provisioner" && len(args) == 2:
		f.AddDaemon(codertest.Daemon{Name: args[1], KeyName: args[1], Status: "idle"})
	case verb == "provisioner" && len(args) == 3:
		f.AddDaemon(codertest.Daemon{Name: args[1], KeyName: args[1], Status: "idle", Tags: map[string]string{"region": args[2]}})
	case verb == "version" && len(args) == 2:
		f.Set(func(s *codertest.Settings) { s.Version = args[1] })
	case verb == "broken" && len(args) == 1:
		f.Refuse(func(string) (int, string) { return http.StatusServiceUnavailable, "coderd is starting." })
	case verb == "mended" && len(args) == 1:
		f.Refuse(nil)
	case verb == "unprovisioned" && len(args) == 1:
		f.RemoveDaemons()
	case verb == "owner" && len(args) == 1:
		f.Owner()
	case verb == "stranger" && len(args) == 1:
		f.AddUser(codertest.User{Username: "eve", Email: "eve@example.com", Password: "something-long", LoginType: "password", Owner: true})
	case verb == "keeps" && len(args) == 2:
		f.mu.Lock()
		kept := f.secrets[args[1]] != ""
		f.mu.Unlock()
		if kept == negated {
			ts.Fatalf("the secret %s has a value: %v", args[1], kept)
		}
		return
	case verb == "oidc" && len(args) == 1:
		f.Set(func(s *codertest.Settings) { s.OIDC = true })
	case verb == "passwordsoff" && len(args) == 1:
		f.Set(func(s *codertest.Settings) { s.PasswordsOff = true })
	case verb == "has" && len(args) == 3:
		files, _ := f.Template(args[1])
		found := false
		for _, file := range files {
			found = found || file == args[2]
		}
		if found == negated {
			ts.Fatalf("the template %s has %v", args[1], files)
		}
		return
	case verb == "documented" && len(args) == 1:
		documented(ts)
	case verb == "shown" && len(args) == 1:
		f.shown(ts, negated)
		return
	default:
		ts.Fatalf("usage: coder secret|license|provisioner|version|unprovisioned|broken|mended|owner|stranger|keeps|oidc|passwordsoff|has|documented|shown ...")
	}
	if negated {
		ts.Fatalf("unsupported: ! coder %s", verb)
	}
}

// documented demands that what was printed last of the first steps stands in the document about them.
func documented(ts *testscript.TestScript) {
	page, err := os.ReadFile(filepath.Join(ts.Getenv("SOURCE"), "docs", "operations", "first-steps.md"))
	ts.Check(err)
	printed := strings.ReplaceAll(ts.ReadFile("stdout"), ts.Getenv("CODER_URL"), "https://coder.example.com")
	if !strings.Contains(string(page), "```text\n"+printed+"```\n") {
		ts.Fatalf("docs/operations/first-steps.md does not show this as it is:\n%s", printed)
	}
}

// shown looks for secrets in what was printed last, and in all files of the script.
func (f *fakeInstallation) shown(ts *testscript.TestScript, negated bool) {
	secrets := f.Secrets()
	f.mu.Lock()
	for _, value := range f.secrets {
		if value != "" {
			secrets = append(secrets, value)
		}
	}
	f.mu.Unlock()
	if len(secrets) == 0 {
		ts.Fatalf("there are no secrets that could be shown")
	}
	texts := map[string]string{"stdout": ts.ReadFile("stdout"), "stderr": ts.ReadFile("stderr")}
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	}))
	found := ""
	for name, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				found = name
			}
		}
	}
	if (found != "") == negated {
		ts.Fatalf("a secret in %q", found)
	}
}
