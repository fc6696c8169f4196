package coderd

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/cron"
)

// Sources of the rules: cli/server.go, coderd/workspaceapps/appurl, coderd/httpmw/realip.go, coderd/externalauth and
// coderd/schedule/cron of Coder 2.24.4 and 2.27.0, in the order in which coderd comes to them.

// server checks what coderd looks at when it starts.
func (c *checker) server() {
	c.accessURL()
	c.wildcard()
	c.externalAuth()
	c.proxyOrigins()
	c.hostnameSuffix()
	c.oidc()
	c.database()
	c.daemons()
	c.quietHours()
	c.aiProviders()
}

func (c *checker) accessURL() {
	const name = "CODER_ACCESS_URL"
	value, ok := c.known[name]
	if !ok {
		if c.Complete && !c.present[name] {
			c.add(Problem{Name: name, Message: "CODER_ACCESS_URL is not set",
				Why:  "coderd opens a tunnel through Coder's own service then, and workspaces reach it by a name that changes.",
				Todo: "set it to the URL by which users reach Coder"})
		}
		return
	}
	parsed, err := url.Parse(value)
	if err != nil {
		return // told as a value that does not parse
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" {
		c.exits(name, "access-url must include a scheme (e.g. 'http://' or 'https://)", "CODER_ACCESS_URL is "+value+".",
			"write https://"+strings.TrimPrefix(value, "//"))
	}
}

// hostnameLabel is what coderd takes for a label of a host name.
const hostnameLabel = `^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`

func (c *checker) wildcard() {
	const name = "CODER_WILDCARD_ACCESS_URL"
	value, ok := c.known[name]
	if !ok {
		return
	}
	pattern := strings.ToLower(value)
	reason, todo := "", "write *. and the domain, such as *.coder.example.com"
	switch {
	case strings.Contains(pattern, "http:") || strings.Contains(pattern, "https:"):
		reason = "hostname pattern must not contain a scheme"
		if _, host, found := strings.Cut(value, "://"); found && strings.HasPrefix(host, "*") {
			todo = "write " + strings.TrimSuffix(host, "/")
		}
	case strings.HasPrefix(pattern, ".") || strings.HasSuffix(pattern, "."):
		reason = "hostname pattern must not start or end with a period"
	case !strings.Contains(pattern, "."):
		reason = "hostname pattern must contain at least two labels/segments"
	case strings.Count(pattern, "*") != 1:
		reason = "hostname pattern must contain exactly one asterisk"
	case !strings.HasPrefix(pattern, "*"):
		reason = "hostname pattern must only contain an asterisk at the beginning"
	default:
		host := pattern
		if h, _, err := net.SplitHostPort(pattern); err == nil {
			host = h
		}
		for i, label := range strings.Split(host, ".") {
			if i == 0 {
				label = "a" + strings.TrimPrefix(label, "*")
			}
			if !regexp.MustCompile(hostnameLabel).MatchString(label) {
				reason = fmt.Sprintf("hostname pattern contains invalid label %q", label)
				break
			}
		}
	}
	if reason != "" {
		c.exits(name, fmt.Sprintf("parse wildcard access URL %q: %s: %q", value, reason, pattern), "It is a pattern of host names, not a URL.",
			todo)
	}
}

func (c *checker) proxyOrigins() {
	const name = "CODER_PROXY_TRUSTED_ORIGINS"
	for _, origin := range list(c.known[name]) {
		if _, _, err := net.ParseCIDR(origin); err != nil {
			c.exits(name, fmt.Sprintf("parse real ip config: parse proxy origin %q: %v", origin, err), "Origins are ranges of addresses.",
				"write ranges such as 10.0.0.0/16, with commas between them")
			return
		}
	}
}

// list splits a value at its commas, as Coder does for lists.
func list(value string) []string {
	var all []string
	for _, element := range strings.Split(value, ",") {
		if element = strings.TrimSpace(element); element != "" {
			all = append(all, element)
		}
	}
	return all
}

func (c *checker) hostnameSuffix() {
	const name = "CODER_WORKSPACE_HOSTNAME_SUFFIX"
	if value := c.known[name]; strings.HasPrefix(value, ".") {
		c.exits(name, "you must omit any leading . in workspace hostname suffix: "+value, "coderd puts the dot before it.",
			"write "+strings.TrimLeft(value, "."))
	}
}

func (c *checker) oidc() {
	if !c.present["CODER_OIDC_CLIENT_ID"] {
		if c.Complete && c.present["CODER_OIDC_ISSUER_URL"] {
			c.add(Problem{Name: "CODER_OIDC_CLIENT_ID", Message: "CODER_OIDC_ISSUER_URL is set and CODER_OIDC_CLIENT_ID is not",
				Why: "coderd offers OpenID Connect only where it has a client id.", Todo: "set CODER_OIDC_CLIENT_ID"})
		}
		return
	}
	why := "coderd exits if OpenID Connect cannot be set up."
	if c.Complete && !c.present["CODER_OIDC_ISSUER_URL"] {
		c.exits("CODER_OIDC_ISSUER_URL", "create oidc config: OIDC issuer URL must be set!", why,
			"set CODER_OIDC_ISSUER_URL to the issuer of your identity provider")
	}
	if c.present["CODER_OIDC_CLIENT_KEY_FILE"] && c.present["CODER_OIDC_CLIENT_SECRET"] {
		c.exits("CODER_OIDC_CLIENT_KEY_FILE", "create oidc config: cannot specify both oidc client secret and oidc client key file", why,
			"set one of CODER_OIDC_CLIENT_SECRET and CODER_OIDC_CLIENT_KEY_FILE")
	}
	scopes, groupsGiven := c.known["CODER_OIDC_SCOPES"], c.present["CODER_OIDC_GROUP_FIELD"]
	if c.Complete && c.present["CODER_OIDC_ALLOWED_GROUPS"] && !groupsGiven && !slices.Contains(list(scopes), "groups") {
		c.exits("CODER_OIDC_ALLOWED_GROUPS",
			"create oidc config: 'oidc-group-field' must be set if 'oidc-allowed-groups' is set. Either unset 'oidc-allowed-groups' or set "+
				"'oidc-group-field'",
			why, "set CODER_OIDC_GROUP_FIELD to the claim that lists groups")
	}
}

func (c *checker) database() {
	auth, url := c.known["CODER_PG_AUTH"], "CODER_PG_CONNECTION_URL"
	if c.Complete && !c.present[url] {
		if auth != "" && auth != "password" {
			c.exits(url, "CODER_PG_AUTH is "+auth+" and CODER_PG_CONNECTION_URL is not set",
				"Without a URL coderd downloads and starts a PostgreSQL of its own, which cannot sign in so.", "set CODER_PG_CONNECTION_URL")
			return
		}
		c.add(Problem{Name: url, Message: "CODER_PG_CONNECTION_URL is not set",
			Why:  "coderd downloads and starts a PostgreSQL of its own in the container; what it holds goes with the pod.",
			Todo: "set it to the URL of the database"})
	}
	if value, ok := c.known[url]; ok && auth == "awsiamrds" {
		if password := passwordIn(value); password {
			c.add(Problem{Name: url, Message: "CODER_PG_CONNECTION_URL holds a password and CODER_PG_AUTH is awsiamrds",
				Why:  "coderd signs in with a token of IAM; the password is of no use, and can be read by all who see the pod.",
				Todo: "leave it out of the URL"})
		}
	}
}

func passwordIn(text string) bool {
	parsed, err := url.Parse(text)
	if err != nil || parsed.User == nil {
		return false
	}
	_, set := parsed.User.Password()
	return set
}

func (c *checker) daemons() {
	const name = "CODER_PROVISIONER_DAEMONS"
	if value, ok := c.known[name]; ok && value == "0" && c.Complete && !c.ExternalProvisioners {
		c.add(Problem{Name: name, Elsewhere: true, Message: "CODER_PROVISIONER_DAEMONS is 0 and no external provisioner runs",
			Why:  "Nobody would build workspaces: every build waits for ever.",
			Todo: "leave it out, or install the chart coder-provisioner as well (which needs a Premium licence)"})
	}
}

func (c *checker) quietHours() {
	const name = "CODER_QUIET_HOURS_DEFAULT_SCHEDULE"
	value, ok := c.known[name]
	if !ok {
		return
	}
	if err := daily(value); err != nil {
		c.add(Problem{Name: name, Message: fmt.Sprintf("parse daily schedule %q: %v", value, err),
			Why:  "coderd writes an error to its log and applies no quiet hours.",
			Todo: "write one time a day, such as CRON_TZ=Europe/Berlin 30 22 * * *"})
	}
}

// daily reads a schedule of one time a day.
func daily(text string) error {
	fields := strings.Fields(text)
	zone := ""
	if len(fields) > 0 {
		if name, found := strings.CutPrefix(fields[0], "CRON_TZ="); found {
			zone, fields = name, fields[1:]
		}
	}
	if len(fields) != 5 {
		return fmt.Errorf("validate daily schedule: expected schedule to consist of 5 fields with an optional CRON_TZ=<timezone> prefix")
	}
	if _, err := cron.Zone(zone); err != nil {
		return fmt.Errorf("parse schedule: provided bad location %s: %w", zone, err)
	}
	if fields[2] != "*" || fields[3] != "*" || fields[4] != "*" {
		return fmt.Errorf("validate daily schedule: expected day-of-month, month and day-of-week to be *")
	}
	if _, err := cron.ParseUnix(strings.Join(fields, " ")); err != nil {
		return fmt.Errorf("parse schedule: %w", err)
	}
	if strings.ContainsAny(fields[0]+fields[1], "*,-/") {
		return fmt.Errorf("daily schedule %q has more than one time: %s %s", text, fields[0], fields[1])
	}
	return nil
}

// provisioner checks what an external provisioner daemon looks at when it starts (enterprise/cli/provisionerdaemonstart.go).
func (c *checker) provisioner() {
	key, psk := c.present["CODER_PROVISIONER_DAEMON_KEY"], c.present["CODER_PROVISIONER_DAEMON_PSK"]
	keyFile := c.present["CODER_PROVISIONER_DAEMON_KEY_FILE"]
	switch {
	case key && psk:
		c.exits("CODER_PROVISIONER_DAEMON_PSK", "cannot provide both provisioner key --key and pre-shared key --psk",
			"A key names its organization and tags itself.", "leave the pre-shared key out")
	case key && c.present["CODER_PROVISIONERD_TAGS"]:
		c.exits("CODER_PROVISIONERD_TAGS", "cannot provide tags when using provisioner key", "The key has the tags that it was issued with.",
			"leave the tags out, or issue a key with them")
	case c.Complete && !key && !psk && !keyFile && !c.present["CODER_SESSION_TOKEN"]:
		c.exits("CODER_PROVISIONER_DAEMON_KEY", "must provide a pre-shared key or provisioner key when not authenticated as a user", "",
			"give it a provisioner key")
	}
	if c.Complete && !c.present["CODER_URL"] {
		c.exits("CODER_URL", "CODER_URL is not set", "The provisioner does not know where coderd is.",
			"set CODER_URL to the URL of coderd, such as http://coder.coder.svc")
	}
}
