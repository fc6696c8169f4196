package coderd

import (
	"net/url"
	"strings"
)

// proxy checks what a workspace proxy looks at when it starts. Source: enterprise/cli/proxyserver.go and enterprise/wsproxy of Coder 2.24.4
// to 2.35.1.
func (c *checker) proxy() {
	c.primary()
	if c.Complete && !c.present["CODER_PROXY_SESSION_TOKEN"] {
		c.exits("CODER_PROXY_SESSION_TOKEN", "Missing values for the required flags: proxy-session-token",
			"A workspace proxy signs in to the hub with the token that the hub issued for it.",
			"give it the token from a secret")
	}
	c.ownURL()
	c.wildcard()
	c.proxyOrigins()
}

// primary checks the URL of the hub.
func (c *checker) primary() {
	const name = "CODER_PRIMARY_ACCESS_URL"
	if c.Complete && !c.present[name] {
		c.exits(name, "Missing values for the required flags: primary-access-url", "A workspace proxy asks the hub for all that it has to know.",
			"set it to the access URL of the hub, such as https://coder.example.com")
		return
	}
	if value, ok := c.known[name]; ok && !webURL(value) {
		c.exits(name, "'--primary-access-url' value must be http or https: url="+value, "It is the access URL of the hub.",
			"write https://"+strings.TrimPrefix(value, "//"))
	}
}

// ownURL checks where the proxy is reached: the hub stores it, has people's browsers measure the way to it, and looks there whether the
// proxy is well.
func (c *checker) ownURL() {
	const name = "CODER_ACCESS_URL"
	value, ok := c.known[name]
	switch {
	case !ok && c.Complete && !c.present[name]:
		c.add(Problem{Name: name, Message: "CODER_ACCESS_URL is not set",
			Why:  "The proxy tells the hub its address within the pod then, which nobody reaches: the hub takes it for unreachable.",
			Todo: "set it to the proxy's own URL"})
	case ok && !webURL(value):
		c.exits(name, "access-url must include a scheme (e.g. 'http://' or 'https://)", "CODER_ACCESS_URL is "+value+".",
			"write https://"+strings.TrimPrefix(value, "//"))
	case ok && value == c.known["CODER_PRIMARY_ACCESS_URL"]:
		c.add(Problem{Name: name, Message: "CODER_ACCESS_URL is that of the hub",
			Why:  "The proxy tells the hub that it is reached where the hub is, so that nobody ever comes to it.",
			Todo: "set it to the proxy's own URL, which is beside the hub's, such as https://coder-euw2.example.com"})
	}
}

// webURL reports whether a value is a URL that browsers go to. What does not parse is told elsewhere.
func webURL(value string) bool {
	parsed, err := url.Parse(value)
	return err != nil || parsed.Scheme == "http" || parsed.Scheme == "https"
}
