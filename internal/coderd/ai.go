package coderd

import (
	"slices"
	"strings"
)

// aiSeeds begin the names of variables that describe providers of AI models.
func aiSeeds(name string) bool {
	for _, prefix := range []string{"CODER_AIBRIDGE_", "CODER_AI_GATEWAY_"} {
		rest, ok := strings.CutPrefix(name, prefix)
		begins := func(of string) bool { return strings.HasPrefix(rest, of) }
		if ok && slices.ContainsFunc([]string{"OPENAI_", "ANTHROPIC_", "BEDROCK_", "PROVIDER_"}, begins) {
			return true
		}
	}
	return false
}

// aiProviders looks for providers of AI models in the environment, of which each range of versions makes something else. Source:
// docs/ai-coder/ai-gateway/providers.md of Coder 2.33 to 2.38.
func (c *checker) aiProviders() {
	seen := map[string]bool{}
	for _, s := range c.Settings {
		if !aiSeeds(s.Name) || !c.present[s.Name] || seen[s.Name] {
			continue
		}
		seen[s.Name] = true
		p := Problem{Name: s.Name, Todo: "take it out, and make the provider by coderd's API: POST /api/v2/ai/providers"}
		switch {
		case compare(c.Version, "2.38.0") >= 0:
			p.Message = c.what() + " passes over " + s.Name
			p.Why = "Since 2.38 providers of AI models are in its database alone."
		case compare(c.Version, "2.34.0") >= 0:
			p.Message = s.Name + " can never be changed again"
			p.Why = "Since 2.34 coderd copies it into its database at its first start, and refuses to start where it differs later."
		default:
			continue
		}
		c.add(p)
	}
}
