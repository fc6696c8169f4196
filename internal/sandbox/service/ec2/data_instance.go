package ec2

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func readAvailabilityZone(c *model.Call) *world.Error {
	var found []facts.Zone
	for _, zone := range c.World.Zones(c.Region) {
		name, id := c.String("name"), c.String("zone_id")
		if (name == "" || name == zone.Name) && (id == "" || id == zone.ID) && zoneMatches(c, zone) {
			found = append(found, zone)
		}
	}
	switch {
	case len(found) == 0:
		return &world.Error{Message: "no matching EC2 Availability Zone found"}
	case len(found) > 1:
		return &world.Error{Message: "multiple EC2 Availability Zones matched; use additional constraints to reduce matches to a single EC2 " +
			"Availability Zone"}
	}
	zone := found[0]
	for name, value := range map[string]any{
		"id": zone.Name, "name": zone.Name, "zone_id": zone.ID, "name_suffix": strings.TrimPrefix(zone.Name, c.Region),
		"group_name":      c.Region + "-zg-1",
		"group_long_name": c.Region + " 1", "network_border_group": c.Region, "opt_in_status": "opt-in-not-required", "parent_zone_id": "",
		"parent_zone_name": "",
		"state":            "available", "zone_type": "availability-zone",
	} {
		c.Force(name, value)
	}
	return nil
}

// xen matches the types that came before the Nitro hypervisor: they take no blocks of addresses on an interface.
var xen = model.Expression(`^([cm][1-4]|cc[12]|cr1|d2|f1|g[23]|g3s|h1|hi1|hs1|i[23]|p[23]|r[34]|t[12]|x1e?)\.`)

// undedicated matches the types that no Dedicated Host runs. Source: DescribeInstanceTypes, as moto 5.2.1 has its answers.
var undedicated = model.Expression(`^(t[124]|t3a|[cmr]5ad?\.|.*-flex\.|hpc|c1\.|m[12]\.|[cm]8ine\.|d3|g6f|gr6|is4gen|p4de|p5|p6|trn1n|trn2)`)

// clocked matches the types with a hardware clock for the Precision Time Protocol, by the same source.
var clocked = model.Expression(
	`^([cmr](7(a|gd|i)|8(a|gd?|i|id|i-flex))\.|[mr]7g\.|hpc7a|i7ie?\.|i8ge?\.|mac-m4|p6|u7in?-|x8(aedz|g|i)\.)`)

func readInstanceType(c *model.Call) *world.Error {
	name := c.String("instance_type")
	kind := facts.Instance(name)
	if kind == nil || !slices.ContainsFunc(c.World.Zones(c.Region), func(zone facts.Zone) bool {
		return c.World.Offered(c.Region, name, zone.ID)
	}) {
		return world.Fail("InvalidInstanceType", "The following supplied instance types do not exist: [%s]", name)
	}
	architectures := []any{}
	for _, architecture := range kind.Architectures {
		architectures = append(architectures, architecture)
	}
	threads := 1.0
	if slices.Contains(kind.Architectures, "x86_64") && kind.VCPU > 1 {
		threads = 2
	}
	burstable := strings.HasPrefix(name, "t")
	hypervisor := "nitro"
	if xen().MatchString(name) {
		hypervisor = "xen"
	}
	bare := strings.Contains(name, ".metal")
	if bare {
		hypervisor = ""
	}
	clock := "unsupported"
	if clocked().MatchString(name) {
		clock = "supported"
	}
	gpus := []any{}
	if kind.GPUs > 0 {
		gpus = append(gpus, world.Object{"count": float64(kind.GPUs), "manufacturer": "NVIDIA", "memory_size": 0.0, "name": ""})
	}
	boot, threadCounts := []any{"uefi"}, []any{1.0}
	if threads == 2 {
		boot, threadCounts = []any{"legacy-bios", "uefi"}, []any{1.0, 2.0}
	}
	placements := []any{"cluster", "partition", "spread"}
	flex := strings.Contains(name, "-flex.")
	if burstable || flex {
		placements = placements[1:]
	}
	// What a type does not have is null, not zero.
	for _, attribute := range []string{"efa_maximum_interfaces", "total_fpga_memory", "total_inference_memory", "total_instance_storage",
		"total_media_memory", "total_neuron_device_memory"} {
		c.Force(attribute, nil)
	}
	if kind.GPUs == 0 {
		c.Force("total_gpu_memory", nil)
	}
	// What the embedded table knows; the rest are the values of most current types.
	for attribute, value := range map[string]any{
		"id": name, "default_vcpus": float64(kind.VCPU), "default_cores": float64(kind.VCPU) / threads, "default_threads_per_core": threads,
		"memory_size": kind.MemoryGiB * 1024, "supported_architectures": architectures, "maximum_network_interfaces": float64(kind.MaxENIs),
		"maximum_ipv4_addresses_per_interface": float64(kind.IPv4PerENI), "maximum_ipv6_addresses_per_interface": float64(kind.IPv4PerENI),
		"gpus": gpus, "bare_metal": bare, "hypervisor": hypervisor, "burstable_performance_supported": burstable,
		"current_generation":     kind.Generation == "current",
		"ebs_encryption_support": "supported", "ebs_nvme_support": "required", "ebs_optimized_support": "default", "ena_support": "required",
		"ipv6_supported":                  true,
		"encryption_in_transit_supported": true, "auto_recovery_supported": !bare, "supported_root_device_types": []any{"ebs"},
		"supported_placement_strategies": placements, "supported_usages_classes": []any{"on-demand", "spot"},
		"supported_virtualization_types": []any{"hvm"}, "maximum_network_cards": 1.0, "valid_threads_per_core": threadCounts, "boot_modes": boot,
		"dedicated_hosts_supported": !undedicated().MatchString(name),
		"nitro_tpm_support":         "supported", "nitro_tpm_supported_versions": []any{"2.0"}, "nitro_enclaves_support": "unsupported",
		"phc_support":        clock,
		"free_tier_eligible": name == "t3.micro" || name == "t2.micro",
	} {
		c.Force(attribute, value)
	}
	return nil
}

func readInstanceTypeOfferings(c *model.Call) *world.Error {
	kind := c.String("location_type")
	if kind == "" {
		kind = "region"
	}
	types, locations, kinds := []any{}, []any{}, []any{}
	add := func(name, location string) {
		if MatchesFilters(c, map[string][]string{"instance-type": {name}, "location": {location}}) {
			types, locations, kinds = append(types, name), append(locations, location), append(kinds, kind)
		}
	}
	for _, name := range facts.InstanceNames() {
		instance := facts.Instance(name)
		if kind == "region" {
			if instance.OfferedIn(c.Region, "") || slices.ContainsFunc(c.World.Zones(c.Region), func(z facts.Zone) bool {
				return instance.OfferedIn(c.Region, z.ID)
			}) {
				add(name, c.Region)
			}
			continue
		}
		for _, zone := range c.World.Zones(c.Region) {
			if instance.OfferedIn(c.Region, zone.ID) {
				add(name, map[string]string{"availability-zone": zone.Name, "availability-zone-id": zone.ID}[kind])
			}
		}
	}
	c.Force("id", c.Region)
	c.Force("instance_types", types)
	c.Force("locations", locations)
	c.Force("location_types", kinds)
	return nil
}

func templateQuery() query {
	return query{typ: "aws_launch_template", noun: "EC2 Launch Template", arguments: map[string]string{"id": "id", "name": "name"},
		filters: func(_ *model.Call, r *world.Resource) map[string][]string {
			return attributes(r, map[string]string{"launch-template-name": "name"})
		}}
}
