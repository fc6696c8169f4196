package preflight

import (
	"context"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/world"

	tfjson "github.com/hashicorp/terraform-json"
)

// Need is what a deployment wants of an account.
type Need struct {
	// Usages are how much of each quota it needs at its largest.
	Usages []world.Usage
	// Names are those that it will take.
	Names []Name
	// Launches are what starts instances, with their types and zones.
	Launches []model.Launcher
	// Zones are the hosted zones of the account that it writes into, by id, each with the address of one record.
	Zones map[string]string
	// Private are the addresses of clusters whose API answers inside of their VPC alone.
	Private []string
}

// Name is a name that a deployment will take, in a place where it may be taken already.
type Name struct {
	Type, Name, Region, Address string
}

// Quotas are all quotas that may count for a deployment, as an account is asked for them.
func Quotas() []account.Quota {
	var all []account.Quota
	for _, quota := range service.NewCatalog().Quotas() {
		all = append(all, account.Quota{Service: quota.Service, Code: quota.Code})
	}
	return all
}

// Instance says which quota a running instance counts against, in the form that package account asks for it; codes are all that it may give.
func Instance() (count func(instanceType string, spot bool) (code string, vcpus int), codes []string) {
	for _, quota := range service.NewCatalog().Quotas() {
		if slices.Contains(launchErrors, quota.Error) {
			codes = append(codes, quota.Code)
		}
	}
	return func(instanceType string, spot bool) (string, int) {
		quota, vcpus := ec2.VCPUs(instanceType, spot)
		return quota.Code, vcpus
	}, codes
}

// Learn lives the making of a deployment on the runner's target, which must be a fresh *lifecycle.Embedded. It gets the zones of the account and
// refuses nothing for want of a quota, nor any name. ask is called with the instance types that a region's plan names before they are used, so
// that the snapshot can be completed; nil asks nobody. What was learnt until an error is returned with it.
func Learn(ctx context.Context, r *lifecycle.Runner, target *lifecycle.Embedded, s *account.Snapshot, d *deployment.Deployment,
	ask func(region string, instanceTypes []string) error,
) (*Need, error) {
	everywhere := map[string]bool{}
	for name := range s.Regions {
		everywhere[name] = true
	}
	need := &Need{Zones: map[string]string{}}
	if err := Furnish(target.World, s, everywhere); err != nil {
		return need, err
	}
	target.World.CountOnly()
	catalog := service.NewCatalog()
	err := r.Try(ctx, d, func(p lifecycle.Planned) error {
		for _, change := range p.Plan.JSON.ResourceChanges {
			if change.Mode == tfjson.ManagedResourceMode && change.Change != nil && change.Change.Actions.Create() {
				need.read(catalog, p.Region, change)
			}
		}
		if ask == nil {
			return nil
		}
		if err := ask(p.Region, instanceTypes(p.Plan.JSON)); err != nil {
			return err
		}
		if region := s.Regions[p.Region]; region != nil {
			offer(target.World, p.Region, region)
		}
		return nil
	})
	need.Usages = target.World.Usages()
	need.Launches = service.NewCatalog().Launchers(target.World)
	return need, err
}

// read notes the names that a planned resource takes, and the hosted zone that it is in.
func (n *Need) read(catalog *model.Catalog, region string, change *tfjson.ResourceChange) {
	after, _ := change.Change.After.(map[string]any)
	if t := catalog.Types[change.Type]; t != nil {
		for _, unique := range t.Unique {
			if name, _ := after[unique.Attribute].(string); name != "" && unique.Within == "" {
				n.Names = append(n.Names, Name{change.Type, name, region, change.Address})
			}
		}
	}
	if vpc, _ := after["vpc_config"].([]any); change.Type == "aws_eks_cluster" && len(vpc) == 1 {
		if config, _ := vpc[0].(map[string]any); config["endpoint_public_access"] == false {
			n.Private = append(n.Private, change.Address)
		}
	}
	if id, _ := after["zone_id"].(string); id != "" && change.Type == "aws_route53_record" && n.Zones[id] == "" {
		n.Zones[id] = change.Address
	}
}

// instanceTypes are the types that the resources of a plan name, in any argument that is called instance_type or instance_types.
func instanceTypes(plan *tfjson.Plan) []string {
	found := map[string]bool{}
	for _, change := range plan.ResourceChanges {
		if change.Mode == tfjson.ManagedResourceMode && change.Change != nil {
			collect(change.Change.After, false, found)
		}
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
