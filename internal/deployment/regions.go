package deployment

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/zclconf/go-cty/cty"
)

// IsSpoke reports whether the region serves the Coder of another one, its hub.
func (r *Region) IsSpoke() bool {
	return r.isTrue("deployment_features.workspace_proxy")
}

func (r *Region) isTrue(path string) bool {
	value := r.Value(path)
	return value != cty.NilVal && value.IsKnown() && !value.IsNull() && value.True()
}

// Hub is the region whose Coder the others serve; nil where no region serves another one's. It may be one that is not worked on: see Only.
func (d *Deployment) Hub() *Region {
	all := d.all()
	if !slices.ContainsFunc(all, func(r *Region) bool { return r.IsSpoke() }) {
		return nil
	}
	if i := slices.IndexFunc(all, func(r *Region) bool { return !r.IsSpoke() }); i >= 0 {
		return all[i]
	}
	return nil
}

// Only is the deployment with these regions to work on, as they are given. The others are known still: a spoke has to find its hub.
func (d *Deployment) Only(regions ...*Region) *Deployment {
	only := &Deployment{Dir: d.Dir}
	for _, r := range regions {
		only.Regions = append(only.Regions, *r)
	}
	for _, r := range d.all() {
		if !slices.ContainsFunc(regions, func(one *Region) bool { return one.Name == r.Name }) {
			only.beside = append(only.beside, *r)
		}
	}
	return only
}

// Beside are the regions of the directory that are not worked on.
func (d *Deployment) Beside() []*Region {
	var all []*Region
	for i := range d.beside {
		all = append(all, &d.beside[i])
	}
	return all
}

// Has reports whether the directory has a file of that region.
func (d *Deployment) Has(region string) bool {
	return slices.ContainsFunc(d.all(), func(r *Region) bool { return r.Name == region })
}

func (d *Deployment) all() []*Region {
	var all []*Region
	for i := range d.Regions {
		all = append(all, &d.Regions[i])
	}
	return append(all, d.Beside()...)
}

// InOrder are the regions as they are made: the hub before those that serve its Coder.
func (d *Deployment) InOrder() []*Region {
	var all []*Region
	for _, spokes := range []bool{false, true} {
		for i := range d.Regions {
			if d.Regions[i].IsSpoke() == spokes {
				all = append(all, &d.Regions[i])
			}
		}
	}
	return all
}

// checkRegions holds regions that serve one Coder to what they have to agree about. Each finding is at the setting of the later file.
func (d *Deployment) checkRegions() diagnostic.List {
	var spokes, hubs []*Region
	for _, r := range d.InOrder() {
		if r.IsSpoke() {
			spokes = append(spokes, r)
		} else {
			hubs = append(hubs, r)
		}
	}
	const feature = "deployment_features.workspace_proxy"
	switch {
	case len(spokes) == 0:
		return nil // deployments of their own, side by side
	case len(hubs) == 0:
		return diagnostic.List{regionFinding(spokes[0], feature, "deployment.no_hub", "no region of "+d.Dir+" is the hub",
			"all of them serve the Coder of another one ("+feature+"), and none has it",
			"Set "+feature+" to false in the region that has coderd and its database, or add that region's file.")}
	case len(hubs) > 1:
		return diagnostic.List{regionFinding(hubs[1], feature, "deployment.two_hubs",
			fmt.Sprintf("%s has two hubs: %s and %s", d.Dir, hubs[0].Name, hubs[1].Name),
			spokes[0].Name+" serves the Coder of another region, and there are two that have one",
			"Set "+feature+" to true in all regions but one, or keep the other deployment in a directory of its own.")}
	}
	var list diagnostic.List
	regions := append(hubs, spokes...)
	for i, later := range regions {
		for _, earlier := range regions[:i] {
			list = append(list, disagree(earlier, later)...)
		}
		list = append(list, closed(later)...)
	}
	return list
}

// disagree reports what two regions of one Coder cannot both have.
func disagree(a, b *Region) diagnostic.List {
	var list diagnostic.List
	first, err := netip.ParsePrefix(a.String("network.cidr"))
	second, fault := netip.ParsePrefix(b.String("network.cidr"))
	if err == nil && fault == nil && first.Overlaps(second) {
		list = append(list, regionFinding(b, "network.cidr", "deployment.overlapping_networks",
			fmt.Sprintf("the networks of %s and %s overlap: %s and %s", a.Name, b.Name, first, second),
			"networks with the same addresses can never be connected, and a network's range cannot change later",
			"Give each region a range of its own, such as 10.1.0.0/16. "+at(a, "network.cidr")))
	}
	one, other := a.String("domain"), b.String("domain")
	switch {
	case one == "" || other == "":
	case one == other:
		list = append(list, regionFinding(b, "domain", "deployment.same_domain",
			fmt.Sprintf("%s and %s have the same domain %s", a.Name, b.Name, one),
			"Coder answers at the hub's name, and each workspace proxy at its own",
			"Give each region a name of its own, such as "+sibling(one, b.Name)+". "+at(a, "domain")))
	case strings.HasSuffix(other, "."+one) || strings.HasSuffix(one, "."+other):
		list = append(list, regionFinding(b, "domain", "deployment.nested_domain",
			fmt.Sprintf("of the domains %s and %s, one is below the other", one, other),
			"below one another, cookies of workspace applications of both get mixed, and browsers are sent in circles "+
				"(https://github.com/coder/coder/pull/19930)",
			"Write names beside each other, such as "+sibling(min(one, other), b.Name)+". "+at(a, "domain")))
	}
	if was, is := a.String("coder.version"), b.String("coder.version"); was != is {
		list = append(list, regionFinding(b, "coder.version", "deployment.versions_differ",
			fmt.Sprintf("coder.version is %s in %s and %s in %s", was, a.Name, is, b.Name),
			"nothing stops a workspace proxy of another version than coderd, and it breaks workspace applications quietly",
			"Write one version in all regions. "+at(a, "coder.version")))
	}
	return list
}

// closed reports a load balancer that the other regions do not come in through.
func closed(r *Region) diagnostic.List {
	if r.isTrue("deployment_features.private_egress") {
		// Such a region has to have an internal load balancer: who were told to open it would be told to close it again.
		return diagnostic.List{regionFinding(r, "deployment_features.private_egress", "deployment.private_region",
			"regions of one Coder reach each other by public names, and nothing of "+r.Name+" leaves its network",
			"a network between the regions is not built in this version", "Set deployment_features.private_egress to false.")}
	}
	if r.isTrue("ingress.internal") {
		return diagnostic.List{regionFinding(r, "ingress.internal", "deployment.internal_region",
			"regions of one Coder reach each other by public names, and the load balancer of "+r.Name+" is internal",
			"a network between the regions is not built in this version", "Set ingress.internal to false.")}
	}
	allowed := r.Value("ingress.allowed_cidrs")
	if allowed == cty.NilVal || allowed.IsNull() || !allowed.IsWhollyKnown() {
		return nil
	}
	for _, cidr := range allowed.AsValueSlice() {
		if cidr.AsString() == "0.0.0.0/0" {
			return nil
		}
	}
	return diagnostic.List{regionFinding(r, "ingress.allowed_cidrs", "deployment.closed_region",
		"the load balancer of "+r.Name+" does not admit the other regions",
		"proxies, provisioners and coderd of the regions call each other from the addresses of their NAT gateways, which are not admitted by "+
			"themselves in this version",
		`Write ingress.allowed_cidrs = ["0.0.0.0/0"]: people are kept out by Coder's own sign-in.`)}
}

func regionFinding(r *Region, path, code, summary, why, todo string) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("%s", summary)
	d.Code, d.Why, d.Todo, d.Where = code, why, todo, r.Place(path)
	return d
}

// at says where the other setting is.
func at(r *Region, path string) string {
	where := r.Place(path)
	if where.Line == 0 {
		return "The other one is the default in " + where.File + "."
	}
	return fmt.Sprintf("The other one is at %s:%d.", where.File, where.Line)
}

// sibling is a name for a region beside a domain: coder.example.com and eu-west-2 make coder-eu-west-2.example.com.
func sibling(domain, region string) string {
	label, rest, _ := strings.Cut(domain, ".")
	return label + "-" + region + "." + rest
}
