package coderd

import (
	"strings"
	"testing"
)

// env turns NAME=value lines into settings; NAME alone is one whose value is not at hand.
func env(lines ...string) []Setting {
	var all []Setting
	for _, line := range lines {
		name, value, known := strings.Cut(line, "=")
		all = append(all, Setting{name, value, known})
	}
	return all
}

// sound is an environment of coderd without a problem.
func sound(more ...string) []Setting {
	return env(append([]string{"CODER_ACCESS_URL=https://coder.example.com", "CODER_PG_CONNECTION_URL=postgres://coder@db:5432/coder",
		"CODER_PG_AUTH=awsiamrds"}, more...)...)
}

// proxied is an environment of a workspace proxy without a problem.
func proxied(more ...string) []Setting {
	return env(append([]string{"CODER_PRIMARY_ACCESS_URL=https://coder.example.com", "CODER_ACCESS_URL=https://coder-euw2.example.com",
		"CODER_PROXY_SESSION_TOKEN"}, more...)...)
}

func TestCheck(t *testing.T) {
	for _, row := range []struct {
		name    string
		version string // 2.27.0 if empty
		program Program
		env     []Setting
		// part says that the environment is not complete; external that provisioners run elsewhere.
		part, external bool
		// message and todo are parts of what is found; "" if nothing is.
		message, todo string
		exits         bool
	}{
		{name: "an environment as the stack makes it",
			env: sound("CODER_WILDCARD_ACCESS_URL=*.coder.example.com", "CODER_HTTP_ADDRESS=0.0.0.0:8080", "CODER_OIDC_CLIENT_ID=x",
				"CODER_OIDC_ISSUER_URL=https://id.example.com", "CODER_OIDC_CLIENT_SECRET", "KUBE_POD_IP",
				"CODER_DERP_SERVER_RELAY_URL=http://$(KUBE_POD_IP):8080")},
		{name: "a variable that is not Coder's is not looked at", env: sound("AWS_REGION=us-east-1")},
		{name: "an empty variable counts as not set", env: sound("CODER_SESSION_DURATION=")},
		{name: "later settings override earlier ones", env: sound("CODER_SESSION_DURATION=24", "CODER_SESSION_DURATION=24h")},

		{name: "words of a name in another order", env: sound("CODER_DEFAULT_QUIET_HOURS_SCHEDULE=CRON_TZ=UTC 0 0 * * *"),
			message: "does not read CODER_DEFAULT_QUIET_HOURS_SCHEDULE; it reads CODER_QUIET_HOURS_DEFAULT_SCHEDULE",
			todo:    "write CODER_QUIET_HOURS_DEFAULT_SCHEDULE"},
		{name: "a misspelt name", env: sound("CODER_TELEMTRY_ENABLE=false"), message: "it reads CODER_TELEMETRY_ENABLE",
			todo: "write CODER_TELEMETRY_ENABLE"},
		{name: "a name with a word too few", env: sound("CODER_OIDC_ISSUER=https://id.example.com"), message: "it reads CODER_OIDC_ISSUER_URL"},
		{name: "a name that is like no other", env: sound("CODER_COLOUR_OF_THE_BIKE_SHED=red"),
			message: "does not read CODER_COLOUR_OF_THE_BIKE_SHED", todo: "take it out"},
		{name: "a name that was taken out", env: sound("CODER_IN_MEMORY=true"), message: "does not read CODER_IN_MEMORY", todo: "take it out"},
		{name: "the same name where it was still read", version: "2.24.4", env: sound("CODER_IN_MEMORY=true")},
		{name: "a name of a later version", env: sound("CODER_HOST_PREFIX_COOKIE=true"), message: "does not read CODER_HOST_PREFIX_COOKIE"},
		{name: "the same name in that version", version: "2.35.1", env: sound("CODER_HOST_PREFIX_COOKIE=true")},
		{name: "the same name between two versions that are known is let pass", version: "2.31.0", env: sound("CODER_HOST_PREFIX_COOKIE=true")},
		{name: "a setting of the provisioner in coderd", env: sound("CODER_PROVISIONERD_TAGS=a=b"),
			message: "does not read CODER_PROVISIONERD_TAGS"},

		{name: "a wildcard URL with a scheme", env: sound("CODER_WILDCARD_ACCESS_URL=https://*.coder.example.com"), exits: true,
			message: "hostname pattern must not contain a scheme", todo: "write *.coder.example.com"},
		{name: "a wildcard URL without an asterisk", env: sound("CODER_WILDCARD_ACCESS_URL=coder.example.com"), exits: true,
			message: "hostname pattern must contain exactly one asterisk"},
		{name: "a wildcard URL with the asterisk inside", env: sound("CODER_WILDCARD_ACCESS_URL=apps.*.example.com"), exits: true,
			message: "must only contain an asterisk at the beginning"},
		{name: "a wildcard URL with a suffix on the asterisk", env: sound("CODER_WILDCARD_ACCESS_URL=*--apps.example.com")},
		{name: "a wildcard URL of one label", env: sound("CODER_WILDCARD_ACCESS_URL=*"), exits: true, message: "at least two labels"},
		{name: "a wildcard URL with a label that is none", env: sound("CODER_WILDCARD_ACCESS_URL=*.my_coder.example.com"), exits: true,
			message: `invalid label "my_coder"`},
		{name: "an access URL without a scheme", env: env("CODER_ACCESS_URL=coder.example.com", "CODER_PG_CONNECTION_URL"), exits: true,
			message: "access-url must include a scheme", todo: "write https://coder.example.com"},
		{name: "no access URL", env: env("CODER_PG_CONNECTION_URL"), message: "CODER_ACCESS_URL is not set"},

		{name: "a duration without a unit", env: sound("CODER_SESSION_DURATION=24"), exits: true, message: "missing unit in duration",
			todo: "24h"},
		{name: "a duration in days", env: sound("CODER_MAX_TOKEN_LIFETIME=30d"), exits: true, message: "unknown unit"},
		{name: "a duration in days where they are read", version: "2.35.1", env: sound("CODER_MAX_TOKEN_LIFETIME=30d")},
		{name: "a duration in weeks, days and hours", version: "2.35.1", env: sound("CODER_AUDIT_LOGS_RETENTION=1w2.5d12h")},
		{name: "a duration in days where they may be read", version: "2.31.0", env: sound("CODER_MAX_TOKEN_LIFETIME=30d")},
		{name: "a duration in months", version: "2.35.1", env: sound("CODER_AUDIT_LOGS_RETENTION=3mo"), exits: true, message: "unknown unit",
			todo: "90d"},
		{name: "a choice of one", version: "2.35.1", env: sound("CODER_AI_BUDGET_PERIOD=week"), exits: true, message: "invalid choice: week",
			todo: "one of month"},
		{name: "what the chart of this version sets", version: "2.35.1", env: sound("CODER_CLUSTER_HOST")},
		{name: "a boolean that is none", env: sound("CODER_TELEMETRY_ENABLE=no"), exits: true, message: "CODER_TELEMETRY_ENABLE",
			todo: "true or false"},
		{name: "a number that is none", env: sound("CODER_PROVISIONER_DAEMONS=three"), exits: true, message: "invalid syntax",
			todo: "a whole number"},
		{name: "group mapping that is no JSON", env: sound("CODER_OIDC_GROUP_MAPPING=admins->owners"), exits: true,
			message: "parse CODER_OIDC_GROUP_MAPPING", todo: `{"from":"to"}`},
		{name: "role mapping to lists", env: sound(`CODER_OIDC_USER_ROLE_MAPPING={"admins":["owner"]}`)},
		{name: "an origin that is no range", env: sound("CODER_PROXY_TRUSTED_ORIGINS=10.0.0.0/16,10.1.0.1"), exits: true,
			message: `parse proxy origin "10.1.0.1": invalid CIDR address`},
		{name: "a choice that there is not", env: env("CODER_ACCESS_URL=https://coder.example.com", "CODER_PG_CONNECTION_URL",
			"CODER_PG_AUTH=iam"), exits: true, message: "invalid choice: iam"},
		{name: "quiet hours on weekdays", env: sound("CODER_QUIET_HOURS_DEFAULT_SCHEDULE=CRON_TZ=Europe/Berlin 0 22 * * 1-5"),
			message: "expected day-of-month, month and day-of-week to be *"},
		{name: "quiet hours at two hours", env: sound("CODER_QUIET_HOURS_DEFAULT_SCHEDULE=0 2,3 * * *"), message: "more than one time"},
		{name: "quiet hours in no zone", env: sound("CODER_QUIET_HOURS_DEFAULT_SCHEDULE=CRON_TZ=Europe/Berlln 0 22 * * *"),
			message: "provided bad location Europe/Berlln"},
		{name: "quiet hours", env: sound("CODER_QUIET_HOURS_DEFAULT_SCHEDULE=CRON_TZ=Europe/Berlin 30 22 * * *")},
		{name: "a suffix with its dot", env: sound("CODER_WORKSPACE_HOSTNAME_SUFFIX=.coder"), exits: true,
			message: "you must omit any leading ."},

		{name: "two providers of external authentication", env: sound("CODER_EXTERNAL_AUTH_0_ID=a", "CODER_EXTERNAL_AUTH_0_TYPE=github",
			"CODER_EXTERNAL_AUTH_0_CLIENT_ID=x", "CODER_EXTERNAL_AUTH_0_CLIENT_SECRET", "CODER_EXTERNAL_AUTH_1_TYPE=gitlab",
			"CODER_EXTERNAL_AUTH_1_CLIENT_ID=y")},
		{name: "a gap in their numbers", env: sound("CODER_EXTERNAL_AUTH_0_CLIENT_ID=x", "CODER_EXTERNAL_AUTH_2_ID=b"), exits: true,
			message: "provider num 1 skipped: 2_ID", todo: "number it 1"},
		{name: "numbers from 1", env: sound("CODER_EXTERNAL_AUTH_1_CLIENT_ID=x"), exits: true, message: "provider num 0 skipped"},
		{name: "no number", env: sound("CODER_EXTERNAL_AUTH_GITHUB_CLIENT_ID=x"), exits: true, message: "parse number: GITHUB_CLIENT_ID"},
		{name: "no client id", env: sound("CODER_EXTERNAL_AUTH_0_ID=primary"), exits: true,
			message: `"primary" external auth provider: client_id must be provided`},
		{name: "a key that there is not", env: sound("CODER_EXTERNAL_AUTH_0_CLIENT_ID=x", "CODER_EXTERNAL_AUTH_0_CLIENTSECRET"),
			message: "it reads CODER_EXTERNAL_AUTH_0_CLIENT_SECRET"},

		{name: "a provider of AI models where the environment describes it",
			env: sound("CODER_AIBRIDGE_ANTHROPIC_BASE_URL=https://ai.example.com")},
		{name: "a provider of AI models where the environment is a seed", version: "2.35.1",
			env:     sound("CODER_AI_GATEWAY_BEDROCK_REGION=us-east-1"),
			message: "CODER_AI_GATEWAY_BEDROCK_REGION can never be changed again", todo: "POST /api/v2/ai/providers"},
		{name: "a numbered provider where the environment is a seed", version: "2.34.0", env: sound("CODER_AIBRIDGE_PROVIDER_0_TYPE=anthropic"),
			message: "can never be changed again"},
		{name: "a provider of AI models where the environment is passed over", version: "2.38.0",
			env:     sound("CODER_AI_GATEWAY_ANTHROPIC_BASE_URL=https://ai.example.com"),
			message: "passes over CODER_AI_GATEWAY_ANTHROPIC_BASE_URL"},
		{name: "the gateway itself", version: "2.35.1", env: sound("CODER_AI_GATEWAY_ENABLED=true", "CODER_AI_GATEWAY_RETENTION=2160h")},

		{name: "IAM sign-in without a database", env: env("CODER_ACCESS_URL=https://coder.example.com", "CODER_PG_AUTH=awsiamrds"), exits: true,
			message: "CODER_PG_CONNECTION_URL is not set"},
		{name: "no database", env: env("CODER_ACCESS_URL=https://coder.example.com"), message: "CODER_PG_CONNECTION_URL is not set"},
		{name: "a part of an environment lacks nothing", part: true, env: env("CODER_TELEMETRY_ENABLE=false")},
		{name: "a password beside IAM sign-in", env: env("CODER_ACCESS_URL=https://coder.example.com", "CODER_PG_AUTH=awsiamrds",
			"CODER_PG_CONNECTION_URL=postgres://coder:secret@db/coder"), message: "holds a password"},
		{name: "no provisioner at all", env: sound("CODER_PROVISIONER_DAEMONS=0"), message: "no external provisioner runs"},
		{name: "provisioners elsewhere", external: true, env: sound("CODER_PROVISIONER_DAEMONS=0")},
		{name: "OpenID Connect without an issuer", env: sound("CODER_OIDC_CLIENT_ID=x"), exits: true, message: "OIDC issuer URL must be set!"},
		{name: "OpenID Connect without a client id", env: sound("CODER_OIDC_ISSUER_URL=https://id.example.com"),
			message: "CODER_OIDC_CLIENT_ID is not"},

		{name: "a workspace proxy as the stack and the chart make it", program: Proxy, version: "2.35.1",
			env: proxied("CODER_WILDCARD_ACCESS_URL=*.coder-euw2.example.com", "CODER_HTTP_ADDRESS=0.0.0.0:8080", "CODER_CLUSTER_HOST",
				"KUBE_POD_IP", "CODER_DERP_SERVER_RELAY_URL=http://$(KUBE_POD_IP):8080", "CODER_SECURE_AUTH_COOKIE=true")},
		{name: "a workspace proxy without its token", program: Proxy, exits: true, message: "required flags: proxy-session-token",
			env:  env("CODER_PRIMARY_ACCESS_URL=https://coder.example.com", "CODER_ACCESS_URL=https://coder-euw2.example.com"),
			todo: "give it the token from a secret"},
		{name: "a workspace proxy without a hub", program: Proxy, exits: true, message: "required flags: primary-access-url",
			env:  env("CODER_PROXY_SESSION_TOKEN", "CODER_ACCESS_URL=https://coder-euw2.example.com"),
			todo: "set it to the access URL of the hub"},
		{name: "a workspace proxy whose hub has no scheme", program: Proxy, exits: true, message: "must be http or https",
			env:  env("CODER_PROXY_SESSION_TOKEN", "CODER_PRIMARY_ACCESS_URL=coder.example.com", "CODER_ACCESS_URL=https://coder-euw2.example.com"),
			todo: "write https://coder.example.com"},
		{name: "a workspace proxy without a URL of its own", program: Proxy, message: "CODER_ACCESS_URL is not set",
			env: env("CODER_PROXY_SESSION_TOKEN", "CODER_PRIMARY_ACCESS_URL=https://coder.example.com"), todo: "set it to the proxy's own URL"},
		{name: "a workspace proxy with the hub's URL for its own", program: Proxy, message: "CODER_ACCESS_URL is that of the hub",
			env: env("CODER_PROXY_SESSION_TOKEN", "CODER_PRIMARY_ACCESS_URL=https://coder.example.com",
				"CODER_ACCESS_URL=https://coder.example.com")},
		{name: "a workspace proxy whose wildcard has a scheme", program: Proxy, exits: true, message: "must not contain a scheme",
			env: proxied("CODER_WILDCARD_ACCESS_URL=https://*.coder-euw2.example.com"), todo: "write *.coder-euw2.example.com"},
		{name: "a workspace proxy with a database", program: Proxy, env: proxied("CODER_PG_CONNECTION_URL=postgres://db/coder"),
			message: "The workspace proxy of Coder 2.27.0 does not read CODER_PG_CONNECTION_URL", todo: "take it out"},
		{name: "a workspace proxy with sign-in", program: Proxy, env: proxied("CODER_OIDC_CLIENT_ID=coder"),
			message: "does not read CODER_OIDC_CLIENT_ID"},
		{name: "a workspace proxy with AI models", program: Proxy, version: "2.35.1", env: proxied("CODER_AI_GATEWAY_ENABLED=true"),
			message: "does not read CODER_AI_GATEWAY_ENABLED"},
		{name: "a workspace proxy with daemons", program: Proxy, env: proxied("CODER_PROVISIONER_DAEMONS=3"),
			message: "does not read CODER_PROVISIONER_DAEMONS"},
		{name: "coderd with the token of a proxy", env: sound("CODER_PROXY_SESSION_TOKEN"), message: "does not read CODER_PROXY_SESSION_TOKEN"},

		{name: "a provisioner with a key", program: Provisioner, env: env("CODER_PROVISIONER_DAEMON_KEY", "CODER_URL=http://coder.coder.svc",
			"CODER_PROMETHEUS_ADDRESS=0.0.0.0:2112")},
		{name: "a provisioner with a key and tags", program: Provisioner,
			env: env("CODER_PROVISIONER_DAEMON_KEY", "CODER_URL=http://coder.coder.svc", "CODER_PROVISIONERD_TAGS=a=b"), exits: true,
			message: "cannot provide tags when using provisioner key"},
		{name: "a provisioner with a key and a pre-shared key", program: Provisioner, env: env("CODER_PROVISIONER_DAEMON_KEY",
			"CODER_PROVISIONER_DAEMON_PSK", "CODER_URL=http://coder.coder.svc"), exits: true, message: "cannot provide both"},
		{name: "a provisioner without either", program: Provisioner, env: env("CODER_URL=http://coder.coder.svc"), exits: true,
			message: "must provide a pre-shared key or provisioner key"},
		{name: "a provisioner that does not know coderd", program: Provisioner, env: env("CODER_PROVISIONER_DAEMON_KEY"), exits: true,
			message: "CODER_URL is not set"},
		{name: "a setting of coderd in a provisioner", program: Provisioner, env: env("CODER_PROVISIONER_DAEMON_KEY",
			"CODER_URL=http://coder.coder.svc", "CODER_ACCESS_URL=https://coder.example.com"), message: "does not read CODER_ACCESS_URL"},
		{name: "another program is not looked at", program: Other, env: env("CODER_NONSENSE=1")},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := Environment{Version: row.version, Program: row.program, Settings: row.env, Complete: !row.part, ExternalProvisioners: row.external}
			if e.Version == "" {
				e.Version = "2.27.0"
			}
			if e.Program == Other && !strings.Contains(row.name, "another program") {
				e.Program = Server
			}
			found := Check(e)
			if row.message == "" {
				if len(found) > 0 {
					t.Fatalf("found %+v", found)
				}
				return
			}
			if len(found) != 1 {
				t.Fatalf("found %d problems, want 1: %+v", len(found), found)
			}
			p := found[0]
			if !strings.Contains(p.Message, row.message) || !strings.Contains(p.Todo, row.todo) || p.Exits != row.exits || p.Todo == "" {
				t.Errorf("found %+v, want message with %q, todo with %q, exits %v", p, row.message, row.todo, row.exits)
			}
		})
	}
}

func TestUnknownVersionsSayWhichOneWasTaken(t *testing.T) {
	found := Check(Environment{Version: "2.40.0", Program: Server, Settings: env("CODER_TELEMTRY_ENABLE=false")})
	if len(found) != 1 || !found[0].Newer || !strings.Contains(found[0].Message,
		"it is not known whether coderd 2.40.0 reads CODER_TELEMTRY_ENABLE; 2.35.1 reads CODER_TELEMETRY_ENABLE") ||
		!strings.Contains(found[0].Why, "this coderaws knows the settings of Coder up to 2.35.1") {
		t.Errorf("found %+v", found)
	}
	found = Check(Environment{Version: "2.30.0", Program: Server, Settings: env("CODER_TELEMTRY_ENABLE=false")})
	if len(found) != 1 || found[0].Newer ||
		!strings.Contains(found[0].Why, "The options of 2.30.0 are not known here; those of 2.27.0 were taken.") {
		t.Errorf("found %+v", found)
	}
}

func TestKnown(t *testing.T) {
	for _, row := range []struct {
		version, known string
		exact          bool
	}{
		{"2.24.4", "2.24.4", true}, {"2.24.0", "2.24.4", true}, {"v2.27.3", "2.27.0", true}, {"2.26.1", "2.24.4", false},
		{"2.31.0", "2.27.0", false}, {"2.35.0", "2.35.1", true}, {"2.36.0", "2.35.1", false}, {"2.10.0", "2.24.4", false},
	} {
		if known, exact := Known(row.version); known != row.known || exact != row.exact {
			t.Errorf("%s is taken for %s (exact: %v), want %s (%v)", row.version, known, exact, row.known, row.exact)
		}
	}
}

func TestProgramOf(t *testing.T) {
	for line, want := range map[string]Program{
		"": Server, "server": Server, "provisionerd start": Provisioner, "provisioner start --verbose": Provisioner,
		"wsproxy server": Proxy, "wsproxy list": Other,
		"sleep": Other, "server create-admin-user": Other,
	} {
		if got := ProgramOf(strings.Fields(line)); got != want {
			t.Errorf("coder %s is %q, want %q", line, got, want)
		}
	}
}

func TestLicensed(t *testing.T) {
	for _, row := range []struct {
		name    string
		env     []Setting
		message string // "" if no licence is needed
	}{
		{"what is free", env("CODER_OIDC_CLIENT_ID=x", "CODER_TELEMETRY_ENABLE=true", "CODER_EXTERNAL_AUTH_0_ID=a"), ""},
		{"browser only", env("CODER_BROWSER_ONLY=true"), "CODER_BROWSER_ONLY needs a Premium licence"},
		{"browser only, switched off", env("CODER_BROWSER_ONLY=false"), ""},
		{"group sync", env("CODER_OIDC_GROUP_FIELD=groups"), "CODER_OIDC_GROUP_FIELD needs a Premium licence"},
		{"role sync", env("CODER_OIDC_USER_ROLE_MAPPING={\"a\":[\"owner\"]}"), "CODER_OIDC_USER_ROLE_MAPPING needs a Premium licence"},
		{"an empty mapping", env("CODER_OIDC_GROUP_MAPPING={}"), ""},
		{"the AI Gateway", env("CODER_AI_GATEWAY_ENABLED=true"), "a licence that holds AI Governance"},
		{"a second provider of external authentication", env("CODER_EXTERNAL_AUTH_0_ID=a", "CODER_EXTERNAL_AUTH_1_ID=b"),
			"2 providers of external authentication"},
	} {
		t.Run(row.name, func(t *testing.T) {
			found := Licensed(row.env)
			if row.message == "" && len(found) == 0 {
				return
			}
			if len(found) != 1 || row.message == "" || !strings.Contains(found[0].Message, row.message) || found[0].Why == "" ||
				found[0].Todo == "" {
				t.Errorf("found %+v, want %q", found, row.message)
			}
		})
	}
}

// FuzzCheck holds the check to not failing on any text.
func FuzzCheck(f *testing.F) {
	f.Add("2.27.0", "CODER_WILDCARD_ACCESS_URL", "https://*.x")
	f.Add("x", "CODER_EXTERNAL_AUTH_-1_ID", "a")
	f.Add("2", "CODER_EXTERNAL_AUTH_0_", "")
	f.Fuzz(func(_ *testing.T, version, name, value string) {
		for _, program := range []Program{Server, Provisioner} {
			Check(Environment{Version: version, Program: program, Settings: []Setting{{name, value, true}}, Complete: true})
		}
	})
}
