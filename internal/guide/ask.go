package guide

import (
	"fmt"
	"slices"
	"strings"
)

// question is something that AWS is asked again, as it differs by account or by day.
type question struct {
	name, value, what string
	argv              []string
	// of is the resource that alone it means; nil for all.
	of *thing
}

// ask finds what AWS has to be asked again: whatever the modules asked it for.
func (g *Guide) ask(data []*resource) {
	seen := map[string]bool{}
	add := func(q question) {
		if !seen[q.name] && q.value != "" {
			seen[q.name] = true
			g.asked = append(g.asked, q)
		}
	}
	for _, d := range data {
		switch d.typ {
		case "aws_caller_identity":
			add(question{name: accountVariable, value: d.text("account_id")})
		case "aws_route53_zone":
			name := strings.TrimSuffix(d.text("name"), ".")
			add(question{name: strings.ToUpper(d.slug("hosted_zone") + "_ID"), value: d.text("zone_id"), what: "public hosted zone " + name,
				argv: aws("route53 list-hosted-zones-by-name", "--dns-name", name, "--query",
					"HostedZones[?Name=='"+name+".' && !Config.PrivateZone].Id", "--output", "text")})
		}
	}
	for _, t := range g.things {
		if zone := t.text("availability_zone"); t.typ == "aws_subnet" && !slices.Contains(g.zones, zone) {
			g.zones = append(g.zones, zone)
		}
		if t.typ != "aws_eks_addon" {
			continue
		}
		for _, d := range data {
			if d.typ == "aws_eks_addon_version" && d.text("addon_name") == t.text("addon_name") && d.text("version") == t.text("addon_version") {
				add(question{name: strings.ToUpper(t.slug + "_VERSION"), value: d.text("version"), of: t,
					what: "default version of add-on " + d.text("addon_name"),
					argv: aws("eks describe-addon-versions", "--addon-name", d.text("addon_name"), "--kubernetes-version",
						d.text("kubernetes_version"), "--query",
						"addons[0].addonVersions[?compatibilities[0].defaultVersion].addonVersion | [0]", "--output", "text")})
			}
		}
	}
	slices.Sort(g.zones)
}

// asks is what AWS is asked for a thing alone; nil if there is nothing.
func (g *Guide) asks(t *thing) *question {
	for i := range g.asked {
		if g.asked[i].of == t {
			return &g.asked[i]
		}
	}
	return nil
}

// preparation is the first step: the account, and what it is asked.
func (g *Guide) preparation() string {
	var b strings.Builder
	b.WriteString("step_0() {\n")
	if len(g.zones) > 0 {
		fmt.Fprintf(&b, "  require_zones %s\n", strings.Join(g.zones, " "))
	}
	for _, q := range g.asked {
		if q.argv != nil {
			fmt.Fprintf(&b, "  ask %s %s %s\n", q.name, quote(q.what), g.line(q.argv))
		}
	}
	b.WriteString("  :\n}\n")
	return b.String()
}
