package coderd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// externalPrefixes begin the variables of external authentication, CODER_EXTERNAL_AUTH_0_ID and so on; the second is the older name.
func externalPrefixes() []string { return []string{"CODER_EXTERNAL_AUTH_", "CODER_GITAUTH_"} }

// externalKeys are what follows the number. Those from REVOKE_URL on came after 2.24.4.
func externalKeys() []string {
	return []string{
		"ID", "TYPE", "CLIENT_ID", "CLIENT_SECRET", "AUTH_URL", "TOKEN_URL", "VALIDATE_URL", "REGEX", "DEVICE_FLOW", "DEVICE_CODE_URL",
		"NO_REFRESH",
		"SCOPES", "EXTRA_TOKEN_KEYS", "APP_INSTALL_URL", "APP_INSTALLATIONS_URL", "DISPLAY_NAME", "DISPLAY_ICON",
		"REVOKE_URL", "MCP_URL", "MCP_TOOL_ALLOW_REGEX", "MCP_TOOL_DENY_REGEX", "CODE_CHALLENGE_METHODS_SUPPORTED",
	}
}

// indexed reports whether a variable is one of external authentication.
func indexed(name string) bool {
	for _, prefix := range externalPrefixes() {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" && rest != "GITHUB_DEFAULT_PROVIDER_ENABLE" {
			return true
		}
	}
	return false
}

// externalAuth checks the variables of external authentication, in the order in which coderd reads them.
func (c *checker) externalAuth() {
	type provider struct{ keys map[string]bool }
	for _, prefix := range externalPrefixes() {
		var providers []provider
		for _, name := range slices.Sorted(keysOf(c.present)) {
			rest, ok := strings.CutPrefix(name, prefix)
			if !ok || !indexed(name) {
				continue
			}
			number, key, found := strings.Cut(rest, "_")
			index, err := strconv.Atoi(number)
			switch {
			case !found:
				c.exits(name, "read external auth providers from env: invalid env var: "+rest,
					"Variables of external authentication have a number and a key.", "write such as "+prefix+"0_ID")
				return
			case err != nil || index < 0:
				c.exits(name, "read external auth providers from env: parse number: "+rest,
					"Variables of external authentication have a number and a key.", "write such as "+prefix+"0_ID")
				return
			case index > len(providers):
				c.exits(name, fmt.Sprintf("read external auth providers from env: provider num %d skipped: %s", len(providers), rest),
					"Providers are numbered from 0, without gaps.", fmt.Sprintf("number it %d", len(providers)))
				return
			case index == len(providers):
				providers = append(providers, provider{map[string]bool{}})
			}
			providers[index].keys[key] = true
			c.externalKey(name, prefix, number, key)
		}
		for i, p := range providers {
			if c.Complete && !p.keys["CLIENT_ID"] {
				id := c.known[fmt.Sprintf("%s%d_ID", prefix, i)]
				if id == "" {
					id = c.known[fmt.Sprintf("%s%d_TYPE", prefix, i)]
				}
				c.exits(fmt.Sprintf("%s%d_CLIENT_ID", prefix, i),
					fmt.Sprintf("convert external auth config: %q external auth provider: client_id must be provided", id), "",
					fmt.Sprintf("set %s%d_CLIENT_ID", prefix, i))
			}
		}
	}
}

// externalKey checks one variable of a provider: Coder passes over keys that it does not know.
func (c *checker) externalKey(name, prefix, number, key string) {
	if !slices.Contains(externalKeys(), key) {
		p := Problem{Name: name, Message: c.what() + " does not read " + name,
			Why: "Coder passes over keys of a provider that it does not know without a word.", Todo: "write one of " +
				strings.Join(externalKeys(), ", ")}
		for _, known := range externalKeys() {
			if _, near := distance(key, known); near {
				p.Message += fmt.Sprintf("; it reads %s%s_%s", prefix, number, known)
				p.Todo = fmt.Sprintf("write %s%s_%s", prefix, number, known)
				break
			}
		}
		c.add(p)
		return
	}
	if value, ok := c.known[name]; ok && (key == "DEVICE_FLOW" || key == "NO_REFRESH") {
		if _, err := strconv.ParseBool(value); err != nil {
			c.exits(name, "read external auth providers from env: parse bool: "+value, "", "write true or false")
		}
	}
}
