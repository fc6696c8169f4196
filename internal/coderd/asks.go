package coderd

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Asked is what coderd calls over HTTPS for people to sign in.
type Asked struct {
	// URL is what it gets, Setting the variable that leads to it.
	URL, Setting string
	// AtStart says that coderd asks as it starts, and exits if nobody answers. What else it asks, it asks as people sign in.
	AtStart bool
}

// Host is the name of whom it asks, without a port.
func (a Asked) Host() string {
	parsed, err := url.Parse(a.URL)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}

// Unanswered is how coderd ends if nobody answers: fault is in the words of Go's network. Source: cli/server.go of Coder 2.24.4 to 2.35.1,
// and the package oidc of go-oidc, which asks once.
func (a Asked) Unanswered(fault string) string {
	return fmt.Sprintf("create oidc config: configure oidc provider: Get %q: %s", a.URL, fault)
}

// Asks are the calls for people to sign in: to the issuer of OpenID Connect, to GitHub, and to the providers of external authentication.
// Values that are not at hand are passed over. Source: cli/server.go and coderd/externalauth of Coder 2.35.1.
func Asks(e Environment) []Asked {
	known, present := valuesOf(e)
	var all []Asked
	add := func(setting, address string, atStart bool) {
		a := Asked{URL: address, Setting: setting, AtStart: atStart}
		same := func(other Asked) bool { return other.Host() == a.Host() }
		if a.Host() != "" && (atStart || !slices.ContainsFunc(all, same)) {
			all = append(all, a)
		}
	}
	if issuer := known["CODER_OIDC_ISSUER_URL"]; issuer != "" && present["CODER_OIDC_CLIENT_ID"] {
		add("CODER_OIDC_ISSUER_URL", strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", true)
	}
	if setting := "CODER_OAUTH2_GITHUB_CLIENT_ID"; present[setting] {
		if base := known["CODER_OAUTH2_GITHUB_ENTERPRISE_BASE_URL"]; base != "" {
			add("CODER_OAUTH2_GITHUB_ENTERPRISE_BASE_URL", below(base, "/login/oauth/access_token"), false)
		} else {
			add(setting, "https://github.com/login/oauth/access_token", false)
			add(setting, "https://api.github.com/user", false)
		}
	}
	for _, begins := range providers(e) {
		token, validate := gitCalls(known[begins+"TYPE"], known[begins+"AUTH_URL"])
		add(begins+"TOKEN_URL", cmp.Or(known[begins+"TOKEN_URL"], token), false)
		add(begins+"VALIDATE_URL", cmp.Or(known[begins+"VALIDATE_URL"], validate), false)
	}
	return all
}

// GitHosts are the hosts that workspaces clone from, with the credentials which people get there by external authentication. Sources: the
// types of coderd/externalauth of Coder 2.35.1, and what each of these services names its repositories by.
func GitHosts(e Environment) []string {
	known, _ := valuesOf(e)
	var all []string
	for _, begins := range providers(e) {
		auth := Asked{URL: known[begins+"AUTH_URL"]}.Host()
		host := ""
		switch strings.ToLower(known[begins+"TYPE"]) {
		case "github":
			host = cmp.Or(auth, "github.com")
		case "gitlab":
			host = cmp.Or(auth, "gitlab.com")
		case "gitea":
			host = cmp.Or(auth, "gitea.com")
		case "bitbucket", "bitbucket-cloud":
			host = "bitbucket.org"
		case "bitbucket-server":
			host = auth
		case "azure-devops", "azure-devops-entra":
			host = "dev.azure.com"
		}
		if host != "" && !slices.Contains(all, host) {
			all = append(all, host)
		}
	}
	return all
}

// AccessURL is where browsers and the agents of workspaces find Coder; empty if that is not at hand.
func AccessURL(e Environment) string {
	known, _ := valuesOf(e)
	return known["CODER_ACCESS_URL"]
}

// valuesOf are the variables whose values are at hand, and the names of all that are given.
func valuesOf(e Environment) (known map[string]string, present map[string]bool) {
	known, present = map[string]string{}, map[string]bool{}
	for _, s := range e.Settings {
		if s.Value != "" || !s.Known {
			present[s.Name] = true
		}
		if known[s.Name] = s.Value; !s.Known || strings.Contains(s.Value, "$(") {
			delete(known, s.Name)
		}
	}
	return known, present
}

// providers are what the variables of each provider of external authentication begin with: coderd counts from 0, and stops at the first
// that is missing.
func providers(e Environment) []string {
	var all []string
	for _, prefix := range externalPrefixes() {
		for i := 0; ; i++ {
			begins := fmt.Sprintf("%s%d_", prefix, i)
			if !slices.ContainsFunc(e.Settings, func(s Setting) bool { return strings.HasPrefix(s.Name, begins) }) {
				break
			}
			all = append(all, begins)
		}
	}
	return all
}

// gitCalls are what coderd asks of a provider of external authentication where no setting says so: by its type, and for those that people
// run themselves by where they sign in.
func gitCalls(typ, auth string) (token, validate string) {
	switch strings.ToLower(typ) {
	case "github":
		return "https://github.com/login/oauth/access_token", "https://api.github.com/user"
	case "gitlab":
		auth = cmp.Or(auth, "https://gitlab.com")
		return below(auth, "/oauth/token"), below(auth, "/oauth/token/info")
	case "gitea":
		auth = cmp.Or(auth, "https://gitea.com")
		return below(auth, "/login/oauth/access_token"), below(auth, "/login/oauth/userinfo")
	case "bitbucket", "bitbucket-cloud":
		return "https://bitbucket.org/site/oauth2/access_token", "https://api.bitbucket.org/2.0/user"
	case "azure-devops":
		return "https://app.vssps.visualstudio.com/oauth2/token", ""
	case "slack":
		return "https://slack.com/api/oauth.v2.access", ""
	}
	return auth, "" // of the same host
}

// below is a path at the host of a URL; empty if that is none.
func below(address, path string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return ""
	}
	return parsed.ResolveReference(&url.URL{Path: path}).String()
}
