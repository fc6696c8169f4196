//go:build unix

package e2e_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"coderaws/internal/coderd"
)

// accepts starts Coder's programs with one setting changed at a time, and holds package coderd, which the rehearsal
// asks, to what really comes of it: whether the program ends, and its words.
func accepts(t *testing.T, m machine, settings map[string]string) {
	server, provisioner := []string{"server"}, []string{"provisioner", "start"}
	elsewhere := map[string]string{"CODER_URL": settings["CODER_ACCESS_URL"]}
	for _, test := range []struct {
		name    string
		program []string
		base    map[string]string
		// change is what is set; an empty value takes a setting out.
		change map[string]string
		// noticed says that package coderd has something to say of it.
		noticed bool
		// says are the words of this version, where package coderd has those of another or no better ones.
		says string
	}{
		{"what the charts say", server, settings, nil, false, ""},
		{"a name that coderd does not read", server, settings,
			map[string]string{"CODER_DEFAULT_QUIET_HOURS_SCHEDULE": "CRON_TZ=UTC 0 0 * * *"}, true, ""},
		{"a wildcard URL with a scheme", server, settings,
			map[string]string{"CODER_WILDCARD_ACCESS_URL": "https://*.coder.example.com"}, true, ""},
		{"a wildcard URL without an asterisk", server, settings, map[string]string{"CODER_WILDCARD_ACCESS_URL": "coder.example.com"}, true, ""},
		{"a wildcard URL with the asterisk inside", server, settings,
			map[string]string{"CODER_WILDCARD_ACCESS_URL": "apps.*.example.com"}, true, ""},
		{"an access URL without a scheme", server, settings, map[string]string{"CODER_ACCESS_URL": "coder.example.com"}, true, ""},
		{"a duration without a unit", server, settings, map[string]string{"CODER_SESSION_DURATION": "24"}, true, ""},
		{"a duration in days", server, settings, map[string]string{"CODER_MAX_TOKEN_LIFETIME": "30d"}, true, ""},
		{"a boolean that is none", server, settings, map[string]string{"CODER_TELEMETRY_ENABLE": "no"}, true, ""},
		{"a number that is none", server, settings, map[string]string{"CODER_PROVISIONER_DAEMONS": "three"}, true, ""},
		{"a sign-in to the database that there is not", server, settings, map[string]string{"CODER_PG_AUTH": "iam"}, true, ""},
		{"group mapping that is no JSON", server, settings, map[string]string{"CODER_OIDC_GROUP_MAPPING": "admins->owners"},
			true, `parse "OIDC Group Mapping": yaml: unmarshal errors`},
		{"a trusted origin that is no range", server, settings, map[string]string{"CODER_PROXY_TRUSTED_ORIGINS": "10.1.0.1"}, true, ""},
		{"single sign-on without an issuer", server, settings, map[string]string{"CODER_OIDC_ISSUER_URL": ""}, true, ""},
		{"a gap in the external authentications", server, settings, map[string]string{
			"CODER_EXTERNAL_AUTH_0_ID": "github", "CODER_EXTERNAL_AUTH_0_CLIENT_ID": "x", "CODER_EXTERNAL_AUTH_2_ID": "b",
		}, true, ""},
		{"external authentications from 1", server, settings,
			map[string]string{"CODER_EXTERNAL_AUTH_1_ID": "github", "CODER_EXTERNAL_AUTH_1_CLIENT_ID": "x"}, true, ""},
		{"an external authentication without a client", server, settings,
			map[string]string{"CODER_EXTERNAL_AUTH_0_ID": "primary", "CODER_EXTERNAL_AUTH_0_TYPE": "github"}, true, ""},
		{"a provisioner without a key", provisioner, elsewhere, nil, true, "connection refused"},
		{"a provisioner with two keys", provisioner, elsewhere,
			map[string]string{"CODER_PROVISIONER_DAEMON_KEY": "k", "CODER_PROVISIONER_DAEMON_PSK": "p"}, true, ""},
		{"a provisioner that does not know coderd", provisioner, nil, map[string]string{"CODER_PROVISIONER_DAEMON_KEY": "k"},
			true, "unable to get provisioner key details"},
		{"a provisioner with a key and tags", provisioner, elsewhere,
			map[string]string{"CODER_PROVISIONER_DAEMON_KEY": "k", "CODER_PROVISIONERD_TAGS": "a=b"}, true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := with(map[string]string{}, test.base)
			maps.Copy(changed, test.change)
			predicted := predict(test.program, changed)
			if noticed := len(predicted) > 0; noticed != test.noticed {
				t.Errorf("package coderd says %+v", predicted)
			}
			p := startCoderd(t, m, changed, test.program...)
			defer p.stop(t, syscall.SIGTERM)
			address := "http://" + changed["CODER_HTTP_ADDRESS"] + "/healthz"
			deadline := time.Now().Add(time.Minute)
			for p.running() && statusOf(address) != http.StatusOK && time.Now().Before(deadline) {
				time.Sleep(50 * time.Millisecond)
			}
			var words []string
			exits := false
			for _, problem := range predicted {
				if problem.Exits {
					exits, words = true, append(words, problem.Message)
				}
			}
			if test.says != "" {
				words = []string{test.says}
			}
			said := p.output.String()
			if ended := !p.running(); ended != exits {
				t.Fatalf("it has ended: %v, and package coderd says %v, %+v\n%s", ended, exits, predicted, complaint(said))
			}
			if exits && !slices.ContainsFunc(words, func(word string) bool { return strings.Contains(plain(said), essence(word)) }) {
				t.Errorf("package coderd has it say %q, and it says\n%s", words, complaint(said))
			}
		})
	}
}

// predict is what the rehearsal would say.
func predict(program []string, settings map[string]string) []coderd.Problem {
	environment := coderd.Environment{Version: coderVersion, Program: coderd.Server, Complete: true}
	if program[0] == "provisioner" {
		environment.Program = coderd.Provisioner
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		environment.Settings = append(environment.Settings, coderd.Setting{Name: name, Value: settings[name], Known: true})
	}
	return coderd.Check(environment)
}

// naming is how a parser's complaint begins: it names the setting, and each version of Coder names it in its own way.
var naming = regexp.MustCompile(`^(parsing env: )?parse [^:]*("[^"]*")?: `)

// essence is what is wrong, without the name of the setting.
func essence(word string) string { return naming.ReplaceAllString(plain(word), "") }

// plain is a text with single spaces, as coderd breaks long lines.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }
