package rehearsal

import (
	"context"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/world"
)

// Global is the region of what has none, such as roles and hosted zones.
const Global = model.Global

// Need is what a deployment wants of an account.
type Need struct {
	// Usages are how much of each quota it needs at its largest.
	Usages []Usage
	// Names are those that it will take.
	Names []Name
	// Launches are what starts instances, with their types and zones.
	Launches []Launch
	// Zones are the hosted zones of the account that it writes into, by id, each with the address of one record.
	Zones map[string]string
	// Private are the addresses of clusters whose API answers inside of their VPC alone.
	Private []string
}

// Quota is one quota of AWS's.
type Quota struct {
	// Service and Code are those of Service Quotas, such as ec2 and L-0263D0A3.
	Service, Code, Name string
	// Default is what AWS allows a new account.
	Default float64
	// Error is the code of AWS's answer over the quota.
	Error string
	// Shared says that everything in the account counts together (per zone for some quotas); others count inside one resource, such as
	// the rules of a security group.
	Shared bool
}

// Usage is how much of a quota a deployment needs at its largest.
type Usage struct {
	Quota
	// Region and Scope say where: the region, and inside it what the quota counts per (a zone, a VPC); Scope may be empty.
	Region, Scope string
	Peak          float64
}

// Launch is what starts instances: its types, and the names of the zones that it may launch them in.
type Launch struct {
	ID, Region           string
	InstanceTypes, Zones []string
}

// Name is a name that a deployment will take, in a place where it may be taken already.
type Name struct {
	Type, Name, Region, Address string
}

// NameRule says when AWS takes a name of a type for taken.
type NameRule struct {
	// Noun is what AWS calls a thing of the type, and FoldCase says that case tells no names apart.
	Noun     string
	FoldCase bool
	// Answer is what AWS answers, to a request for the name in a region of an account.
	Answer func(account, region string, name Name) *diagnostic.Diagnostic
}

// NameRules are the rules about names that are unique in a region or in an account, by type.
func NameRules() map[string][]NameRule {
	rules := map[string][]NameRule{}
	for typ, t := range service.NewCatalog().Types {
		for _, unique := range t.Unique {
			if unique.Within == "" {
				rules[typ] = append(rules[typ], NameRule{Noun: t.Noun, FoldCase: unique.FoldCase, Answer: answer(unique)})
			}
		}
	}
	return rules
}

// answer words what AWS says of a name that is taken. The words need a call with the account and the name, and no world.
func answer(unique model.Unique) func(account, region string, name Name) *diagnostic.Diagnostic {
	return func(account, region string, name Name) *diagnostic.Diagnostic {
		said := unique.Taken(&model.Call{
			Account: account, Region: region, ProviderRegion: name.Region, Object: world.Object{unique.Attribute: name.Name},
		}, name.Name)
		d := diagnostic.Errorf("%s", said.Error())
		d.Code = said.Code
		return d
	}
}

// Quotas are all quotas that may count for a deployment.
func Quotas() []Quota {
	var all []Quota
	for _, q := range service.NewCatalog().Quotas() {
		all = append(all, Quota{q.Service, q.Code, q.Name, q.Default, q.Error, q.Shared})
	}
	return all
}

// VCPUs says which quota a running instance counts against, and how much.
func VCPUs(instanceType string, spot bool) (code string, vcpus int) {
	quota, vcpus := ec2.VCPUs(instanceType, spot)
	return quota.Code, vcpus
}

// usages are how much of each quota was needed so far.
func (e *Embedded) usages() []Usage {
	known := map[string]Quota{}
	for _, quota := range Quotas() {
		known[quota.Code] = quota
	}
	var all []Usage
	for _, u := range e.world.Usages() {
		quota := known[u.Quota.Code]
		quota.Service, quota.Code, quota.Name, quota.Default = u.Quota.Service, u.Quota.Code, u.Quota.Name, u.Quota.Default
		all = append(all, Usage{quota, u.Region, u.Scope, u.Peak})
	}
	return all
}

// launches are what starts instances so far.
func (e *Embedded) launches() []Launch {
	var all []Launch
	for _, l := range service.NewCatalog().Launchers(e.world) {
		all = append(all, Launch{l.ID, l.Region, l.InstanceTypes, l.Zones})
	}
	return all
}

// Learn lives the making of a deployment on this target, which must be fresh. It gets the zones of the account and refuses nothing for want
// of a quota, nor any name. ask is called with the instance types that a region's plan names before they are used, so that the snapshot can
// be completed; nil asks nobody. What was learnt until an error is returned with it.
func (e *Embedded) Learn(ctx context.Context, r *lifecycle.Runner, s *account.Snapshot, d *deployment.Deployment,
	ask func(region string, instanceTypes []string) error,
) (*Need, error) {
	everywhere := map[string]bool{}
	for name := range s.Regions {
		everywhere[name] = true
	}
	need := &Need{Zones: map[string]string{}}
	if err := e.Furnish(s, everywhere); err != nil {
		return need, err
	}
	e.world.CountOnly()
	catalog := service.NewCatalog()
	err := e.Try(ctx, r, d, func(p lifecycle.Planned) error {
		planned := plan.Read(p.Plan.JSON)
		for _, change := range planned.Changes() {
			if change.Actions.Create() {
				need.read(catalog, p.Region, change)
			}
		}
		if ask == nil {
			return nil
		}
		if err := ask(p.Region, instanceTypes(planned)); err != nil {
			return err
		}
		if region := s.Regions[p.Region]; region != nil {
			offer(e.world, p.Region, region)
		}
		return nil
	})
	need.Usages = e.usages()
	need.Launches = e.launches()
	return need, err
}

// read notes the names that a planned resource takes, and the hosted zone that it is in.
func (n *Need) read(catalog *model.Catalog, region string, change plan.Change) {
	known := func(path ...string) string { return change.After.At(path...).Text().Else("", "") }
	if t := catalog.Types[change.Type]; t != nil {
		for _, unique := range t.Unique {
			if name := known(unique.Attribute); name != "" && unique.Within == "" {
				n.Names = append(n.Names, Name{change.Type, name, region, change.Address})
			}
		}
	}
	// AWS's default is that the API is public; what is not known yet is taken to be so.
	if public := change.After.At("vpc_config", "endpoint_public_access").Bool().Else(true, true); change.Type == "aws_eks_cluster" && !public {
		n.Private = append(n.Private, change.Address)
	}
	if id := known("zone_id"); id != "" && change.Type == "aws_route53_record" && n.Zones[id] == "" {
		n.Zones[id] = change.Address
	}
}

// instanceTypes are the types that the resources of a plan name, in any argument that is called instance_type or instance_types.
func instanceTypes(p *plan.Plan) []string {
	found := map[string]bool{}
	for _, change := range p.Changes() {
		collect(change.After.Known(), false, found)
	}
	return slices.Sorted(maps.Keys(found))
}

func collect(value any, named bool, found map[string]bool) {
	switch v := value.(type) {
	case string:
		if named && strings.Contains(v, ".") {
			found[v] = true
		}
	case []any:
		for _, element := range v {
			collect(element, named, found)
		}
	case map[string]any:
		for name, inner := range v {
			collect(inner, name == "instance_type" || name == "instance_types", found)
		}
	}
}
