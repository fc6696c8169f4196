package versions

import (
	"fmt"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/nearest"

	"github.com/zclconf/go-cty/cty"
)

// place warns of a region that is not known: it is taken for a new one, or for a slip of the pen.
func place(r *deployment.Region) diagnostic.List {
	const path = "region"
	switch {
	case len(facts.Zones(r.Name)) == 0:
		d := warn(r, path, "facts.unknown_region", "AWS has no region %s", r.Name)
		d.Why = "neither is it among the regions that are known, nor has it the form of a new one; the embedded AWS refuses it"
		d.Todo = "check the spelling" + meant(r.Name, facts.Regions())
		return diagnostic.List{d}
	case !facts.NewerRegion(r.Name):
		return nil
	}
	if name := facts.RegionName(r.Name); name != r.Name {
		d := warn(r, path, "facts.no_zones", "of %s, %s, this program knows neither zones nor prices", r.Name, name)
		d.Why = fmt.Sprintf("it is taken for a region of the partition %s with three zones, where all is offered at the prices of us-east-1",
			facts.Partition(r.Name))
		d.Todo = "expect AWS to answer otherwise where the two differ, and take no bill for true"
		return diagnostic.List{d}
	}
	d := warn(r, path, "facts.newer", "%s is not among the regions that are known: %s", r.Name,
		facts.Find(facts.RegionZones).Outside("AWS's regions"))
	d.Why = fmt.Sprintf("it is taken for a new region of the partition %s with three zones, where all is offered at the prices of us-east-1",
		facts.Partition(r.Name))
	d.Todo = "check the spelling, and " + goOn
	return diagnostic.List{d}
}

// partition warns of a region that is not in the partition of its hub: an account is in one partition, and so are its credentials.
func partition(r, hub *deployment.Region) diagnostic.List {
	if hub == nil || facts.Partition(r.Name) == facts.Partition(hub.Name) {
		return nil
	}
	const path = "region"
	d := warn(r, path, "facts.partitions", "%s is in the partition %s, and the hub, %s, in %s",
		r.Name, facts.Partition(r.Name), hub.Name, facts.Partition(hub.Name))
	d.Why = "an account is in one partition, so that no credentials make both; the sandbox takes any"
	d.Todo = "write regions of one partition, or make a deployment of its own there"
	return diagnostic.List{d}
}

// instances warns of instance types that are not known: each is taken for a newer one, or for a slip of the pen.
func instances(r *deployment.Region) diagnostic.List {
	var list diagnostic.List
	for _, group := range []string{"control", "provisioner", "workspace"} {
		path := "node_groups." + group + ".instance_types"
		v := r.Value(path)
		if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
			continue
		}
		for i, value := range v.AsValueSlice() {
			if value.IsNull() || !value.IsKnown() || value.Type() != cty.String {
				continue
			}
			if d := instance(r, fmt.Sprintf("%s[%d]", path, i), value.AsString()); d != nil {
				list = append(list, d)
			}
		}
	}
	return list
}

// instance is the warning of one instance type; nil if it is known.
func instance(r *deployment.Region, path, name string) *diagnostic.Diagnostic {
	kind := facts.Instance(name)
	switch {
	case kind == nil:
		d := warn(r, path, "facts.unknown_type", "EC2 has no instance type %s", name)
		d.Why = "neither is it among the instance types that are known, nor has it the form of a newer one; the embedded AWS refuses it"
		d.Todo = "check the spelling" + meant(name, facts.InstanceNames())
		return d
	case !kind.Newer:
		return nil
	}
	d := warn(r, path, "facts.newer", "%s is newer than known: %s", name, facts.Find(facts.InstanceTypes).Outside("EC2 instance types"))
	d.Why = fmt.Sprintf("it is taken for one like %s, and as offered in every zone", facts.NewerInstance(name))
	d.Todo = goOn
	return d
}

// meant asks for the known name that is most like one that is not known; it is empty if none is like it.
func meant(name string, names []string) string {
	near := nearest.Name(name, names)
	if near == "" {
		return ""
	}
	return ": did you mean " + near + "?"
}

// charts warns of a chart that is newer than known. Coder's own has the version of Coder.
func charts(r *deployment.Region) diagnostic.List {
	const path, name = "charts.cluster_autoscaler.version", "cluster-autoscaler"
	version := r.String(path)
	if !facts.NewerChart(name, version) {
		return nil
	}
	return diagnostic.List{newer(r, path, version, "the chart "+name, facts.NewestChart(name), facts.ChartVersions)}
}
