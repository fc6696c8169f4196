package coderd

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Premium is a setting that does nothing, or does harm, without a licence.
type Premium struct {
	// Name is the variable.
	Name string
	// Feature is what the licence must hold, in Coder's words; AddOn says that Premium licences hold it only since August 2026, and earlier
	// ones with an add-on.
	Feature string
	AddOn   bool
	// Source is where Coder says so.
	Source string
}

// premium lists them; a name that ends in * stands for all that begin so.
func premium() []Premium {
	const options = "codersdk/deployment.go, option marked enterprise"
	return []Premium{
		{Name: "CODER_BROWSER_ONLY", Feature: "browser-only connections", Source: options},
		{Name: "CODER_SCIM_AUTH_HEADER", Feature: "SCIM", Source: options},
		{Name: "CODER_EXTERNAL_TOKEN_ENCRYPTION_KEYS", Feature: "database encryption", Source: options},
		{Name: "CODER_OIDC_GROUP_*", Feature: "group sync", Source: "docs/admin/users/idp-sync.md"},
		{Name: "CODER_OIDC_ALLOWED_GROUPS", Feature: "group sync", Source: "docs/admin/users/idp-sync.md"},
		{Name: "CODER_OIDC_USER_ROLE_*", Feature: "role sync", Source: "docs/admin/users/idp-sync.md"},
		{Name: "CODER_OIDC_ORGANIZATION_*", Feature: "organization sync", Source: "docs/admin/users/idp-sync.md"},
		{Name: "CODER_QUIET_HOURS_DEFAULT_SCHEDULE", Feature: "advanced template scheduling",
			Source: "enterprise/coderd/coderd.go, FeatureAdvancedTemplateScheduling"},
		{Name: "CODER_ALLOW_CUSTOM_QUIET_HOURS", Feature: "advanced template scheduling",
			Source: "enterprise/coderd/coderd.go, FeatureAdvancedTemplateScheduling"},
		{Name: "CODER_PROVISIONER_DAEMON_PSK", Feature: "external provisioners",
			Source: "enterprise/coderd/coderd.go, FeatureExternalProvisionerDaemons"},
		{Name: "CODER_PROVISIONER_DAEMON_KEY*", Feature: "external provisioners",
			Source: "enterprise/coderd/coderd.go, FeatureExternalProvisionerDaemons"},
		{Name: "CODER_PROXY_HEALTH_INTERVAL", Feature: "workspace proxies", Source: "enterprise/coderd/coderd.go, FeatureWorkspaceProxy"},
		{Name: "CODER_AUDIT_LOGS_RETENTION", Feature: "audit logs", Source: "enterprise/coderd/coderd.go, FeatureAuditLog"},
		{Name: "CODER_CONNECTION_LOGS_RETENTION", Feature: "connection logs", Source: "enterprise/coderd/coderd.go, FeatureConnectionLog"},
		{Name: "CODER_WORKSPACE_PREBUILDS_*", Feature: "prebuilt workspaces", Source: "codersdk/deployment.go, FeatureWorkspacePrebuilds"},
		{Name: "CODER_AIBRIDGE_*", Feature: "AI Gateway", AddOn: true, Source: "docs/ai-coder/ai-governance.md"},
		{Name: "CODER_AI_GATEWAY_*", Feature: "AI Gateway", AddOn: true, Source: "docs/ai-coder/ai-governance.md"},
	}
}

// Licensed finds the settings of an environment that need a licence, in order of name, each with the reason as Why.
func Licensed(settings []Setting) []Problem {
	set, providers := map[string]bool{}, map[string]bool{}
	for _, s := range settings {
		if off(s) {
			continue
		}
		set[s.Name] = true
		for _, prefix := range externalPrefixes() {
			if rest, ok := strings.CutPrefix(s.Name, prefix); ok && indexed(s.Name) {
				number, _, _ := strings.Cut(rest, "_")
				providers[prefix+number] = true
			}
		}
	}
	var found []Problem
	for _, name := range slices.Sorted(keysOf(set)) {
		for _, p := range premium() {
			if p.covers(name) {
				found = append(found, p.problem(name))
				break
			}
		}
	}
	if len(providers) > 1 {
		found = append(found, Problem{Name: "CODER_EXTERNAL_AUTH_1_ID",
			Message: fmt.Sprintf("%d providers of external authentication need a Premium licence", len(providers)),
			Why: "You have multiple External Auth Providers configured but this is an Enterprise feature. Reduce to one. " +
				"(enterprise/coderd/license/license.go)", Todo: "keep one provider, or set a licence"})
	}
	return found
}

func (p Premium) covers(name string) bool {
	if prefix, all := strings.CutSuffix(p.Name, "*"); all {
		return strings.HasPrefix(name, prefix)
	}
	return p.Name == name
}

func (p Premium) problem(name string) Problem {
	licence := "a Premium licence"
	if p.AddOn {
		licence = "a licence that holds AI Governance, as Premium ones do since August 2026"
	}
	return Problem{Name: name, Message: name + " needs " + licence,
		Why:  fmt.Sprintf("It belongs to %s (%s); without a licence it has no effect.", p.Feature, p.Source),
		Todo: "take it out, or set a licence"}
}

// off reports whether a setting has a value that switches nothing on.
func off(s Setting) bool {
	return s.Known && slices.Contains([]string{"", "false", "0", "{}", "[]", "null"}, strings.TrimSpace(s.Value))
}

func keysOf(m map[string]bool) iter.Seq[string] { return maps.Keys(m) }
