package diagram

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/svg"
)

// panel is what stands beside the networks: services of the region that are in no network.
type panel struct {
	cards         []card
	width, height float64
}

// newPanel lists what belongs to a region and to no network. The first region also has what belongs to none.
func newPanel(inv *inventory.Inventory, region string, first bool, placed map[string]bool) *panel {
	p := &panel{width: panelWidth}
	here := func(r inventory.Resource) bool { return r.Region == region || r.Region == "" && first }
	p.names(inv, here)
	p.lost(inv, here, placed)
	p.records(inv, here)
	p.others(inv, here)
	for _, k := range p.cards {
		p.height += k.height(p.width) + cardGap
	}
	p.height = max(p.height-cardGap, 0)
	return p
}

func (p *panel) add(k card) {
	if k.list = true; len(k.lines) > 0 {
		p.cards = append(p.cards, k)
	}
}

// names are what users type, and what proves it.
func (p *panel) names(inv *inventory.Inventory, here func(inventory.Resource) bool) {
	dns := card{title: "DNS (Route 53)", accent: networkC}
	for _, record := range inv.Records {
		if here(record.Resource) && record.Name != "" && !strings.HasPrefix(record.Name, "_") {
			dns.lines = append(dns.lines, record.Name)
		}
	}
	p.add(dns)
	certificates := card{title: "Certificate (ACM)", accent: securityC}
	for _, certificate := range inv.Certificates {
		if here(certificate.Resource) {
			certificates.lines = append(certificates.lines, strings.Join(certificate.Domains, ", "))
		}
	}
	p.add(certificates)
}

// lost are what belongs into a network, and of which the plan does not say where.
func (p *panel) lost(inv *inventory.Inventory, here func(inventory.Resource) bool, placed map[string]bool) {
	add := func(resource inventory.Resource, k card) {
		if here(resource) && !placed[resource.Address] {
			k.lines = append(k.lines, "in a network that the plan does not name")
			p.cards = append(p.cards, k)
		}
	}
	for _, lb := range inv.LoadBalancers {
		add(lb.Resource, loadBalancerCard(lb))
	}
	for _, cluster := range inv.Clusters {
		add(cluster.Resource, clusterCard(cluster))
	}
	for _, group := range inv.NodeGroups {
		add(group.Resource, nodeGroupCard(group))
	}
	for _, instance := range inv.Instances {
		add(instance.Resource, instanceCard(instance))
	}
	for _, database := range inv.Databases {
		add(database.Resource, databaseCard(database))
	}
	for _, nat := range inv.NATGateways {
		add(nat.Resource, natCard(nat))
	}
	for _, endpoint := range inv.Endpoints {
		add(endpoint.Resource, endpointCard(endpoint))
	}
}

// records are keys, secrets and what watches.
func (p *panel) records(inv *inventory.Inventory, here func(inventory.Resource) bool) {
	keys := card{title: "Encryption keys (KMS)", accent: securityC}
	for _, key := range inv.Keys {
		if here(key.Resource) {
			keys.lines = append(keys.lines, strings.TrimSuffix(or(key.Description, or(key.Name, key.Address)), "."))
		}
	}
	p.add(keys)
	secrets := card{title: "Secrets", accent: securityC}
	for _, secret := range inv.Secrets {
		if here(secret.Resource) {
			secrets.lines = append(secrets.lines, or(secret.Name, secret.Address))
		}
	}
	p.add(secrets)
	logs, unknown := map[int]int{}, 0
	for _, group := range inv.LogGroups {
		if here(group.Resource) {
			if group.RetentionDays.IsUnknown() {
				unknown++
				continue
			}
			logs[group.RetentionDays.Else(0, 0)]++
		}
	}
	k := card{title: "Logs (CloudWatch)", accent: operationC}
	for _, days := range slices.Sorted(maps.Keys(logs)) {
		kept := "kept for ever"
		if days > 0 {
			kept = "kept " + plural(days, "day")
		}
		k.lines = append(k.lines, fmt.Sprintf("%s, %s", plural(logs[days], "log group"), kept))
	}
	if unknown > 0 {
		k.lines = append(k.lines, plural(unknown, "log group")+", for how long is not known yet")
	}
	p.add(k)
	alarms := 0
	for _, alarm := range inv.Alarms {
		if here(alarm.Resource) {
			alarms++
		}
	}
	if alarms > 0 {
		p.add(card{title: "Alarms (CloudWatch)", lines: []string{plural(alarms, "alarm")}, accent: operationC})
	}
	schedules := card{title: "Schedules", accent: operationC}
	for _, schedule := range inv.Schedules {
		if here(schedule.Resource) {
			schedules.lines = append(schedules.lines, strings.TrimSpace(or(schedule.Name, "at")+": "+schedule.Expression+" "+schedule.Timezone))
		}
	}
	p.add(schedules)
}

// mostOthers is how many types are listed one by one.
const mostOthers = 14

// others are all types that have no place of their own in the picture, counted.
func (p *panel) others(inv *inventory.Inventory, here func(inventory.Resource) bool) {
	counts := map[string]int{}
	for _, other := range inv.Others {
		if here(other) && strings.HasPrefix(other.Type, "aws_") {
			counts[inventory.ShortType(other.Type)]++
		}
	}
	names := slices.Collect(maps.Keys(counts))
	slices.SortFunc(names, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	k := card{title: "Also in the plan", accent: otherC}
	rest := 0
	for i, name := range names {
		if i >= mostOthers && len(names) > mostOthers+1 {
			rest += counts[name]
			continue
		}
		k.lines = append(k.lines, fmt.Sprintf("%d × %s", counts[name], name))
	}
	if rest > 0 {
		k.lines = append(k.lines, fmt.Sprintf("and %d more", rest))
	}
	p.add(k)
}

func (p *panel) draw(c *svg.Canvas, x, y float64) {
	for _, k := range p.cards {
		height := k.height(p.width)
		k.draw(c, x, y, p.width, height)
		y += height + cardGap
	}
}
