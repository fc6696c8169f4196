package coderd

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAsks: whom coderd asks over HTTPS for people to sign in.
func TestAsks(t *testing.T) {
	const discovery = "https://login.example.com/realms/main/.well-known/openid-configuration"
	for _, row := range []struct {
		name string
		env  []Setting
		want []string // the URLs; one that is asked at the start ends in !
	}{
		{"nobody", sound(), nil},
		{"an issuer", env("CODER_OIDC_ISSUER_URL=https://login.example.com/realms/main", "CODER_OIDC_CLIENT_ID=x"), []string{discovery + "!"}},
		{"an issuer with a slash at its end", env("CODER_OIDC_ISSUER_URL=https://login.example.com/realms/main/", "CODER_OIDC_CLIENT_ID"),
			[]string{discovery + "!"}},
		{"an issuer without a client: coderd passes over it", env("CODER_OIDC_ISSUER_URL=https://login.example.com"), nil},
		{"an issuer that is not at hand", env("CODER_OIDC_ISSUER_URL", "CODER_OIDC_CLIENT_ID=x"), nil},
		{"an issuer that later settings take away", env("CODER_OIDC_ISSUER_URL=https://login.example.com", "CODER_OIDC_CLIENT_ID=x",
			"CODER_OIDC_ISSUER_URL="), nil},
		{"GitHub, to sign in", env("CODER_OAUTH2_GITHUB_CLIENT_ID=x"),
			[]string{"https://github.com/login/oauth/access_token", "https://api.github.com/user"}},
		{"GitHub in the company", env("CODER_OAUTH2_GITHUB_CLIENT_ID=x", "CODER_OAUTH2_GITHUB_ENTERPRISE_BASE_URL=https://git.example.com"),
			[]string{"https://git.example.com/login/oauth/access_token"}},
		{"GitHub, for workspaces", env("CODER_EXTERNAL_AUTH_0_TYPE=github", "CODER_EXTERNAL_AUTH_0_CLIENT_ID=x"),
			[]string{"https://github.com/login/oauth/access_token", "https://api.github.com/user"}},
		{"GitLab of the company's own, and one with URLs of its own", env("CODER_EXTERNAL_AUTH_0_TYPE=gitlab",
			"CODER_EXTERNAL_AUTH_0_AUTH_URL=https://gitlab.example.com/oauth/authorize", "CODER_EXTERNAL_AUTH_1_TYPE=other",
			"CODER_EXTERNAL_AUTH_1_TOKEN_URL=https://git.example.com/token", "CODER_EXTERNAL_AUTH_1_VALIDATE_URL=https://api.example.com/me"),
			[]string{"https://gitlab.example.com/oauth/token", "https://git.example.com/token", "https://api.example.com/me"}},
		{"a type that knows no host", env("CODER_EXTERNAL_AUTH_0_TYPE=other", "CODER_EXTERNAL_AUTH_0_AUTH_URL=https://git.example.com/auth"),
			[]string{"https://git.example.com/auth"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, a := range Asks(Environment{Version: "2.35.1", Program: Server, Settings: row.env}) {
				address := a.URL
				if a.AtStart {
					address += "!"
				}
				if got = append(got, address); a.Setting == "" || a.Host() == "" {
					t.Errorf("%+v", a)
				}
			}
			if d := cmp.Diff(row.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
