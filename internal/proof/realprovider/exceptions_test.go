package realprovider_test

import (
	"fmt"
	"path"
	"slices"
	"testing"

	"coderaws/internal/proof/realprovider"

	tfjson "github.com/hashicorp/terraform-json"
)

// exception is a difference that is allowed, with the reason.
type exception struct {
	kind, path, reason string
}

func (e exception) covers(d realprovider.Difference) bool {
	matched, err := path.Match(e.path, d.Path)
	return err == nil && matched && e.kind == d.Type
}

const (
	sinceVersion6 = "computed since version 6 of the provider, whose schema the embedded AWS has"
	givenSince6   = "an argument since version 6 of the provider, whose schema the embedded AWS has"
	noZoneGroups  = "moto knows no groups of zones"
	anotherCaller = "moto answers that a user asks, the embedded AWS that a role does, as roles are what people should use"
	madeUpByMoto  = "moto makes the ids of AWS's own services up, and knows some of their names otherwise than AWS documents them"
	notInTable    = "the embedded table of instance types has vCPUs, memory, network interfaces, zones and prices, and no such figure"
)

// patternExceptions are those for the project's own stacks.
var patternExceptions = []exception{
	{"aws_nat_gateway", "secondary_allocation_ids", sinceVersion6},
	{"aws_s3_bucket", "region", givenSince6},
	{"aws_subnet", "ipv6_cidr_block", sinceVersion6},
	{"data.aws_availability_zones", "group_names", noZoneGroups},
	{"data.aws_caller_identity", "arn", anotherCaller},
	{"data.aws_caller_identity", "user_id", anotherCaller},
	{"data.aws_vpc_endpoint_service", "arn", madeUpByMoto},
	{"data.aws_vpc_endpoint_service", "base_endpoint_dns_names", madeUpByMoto},
	{"data.aws_vpc_endpoint_service", "id", madeUpByMoto},
	{"data.aws_vpc_endpoint_service", "private_dns_name", madeUpByMoto},
	{"data.aws_vpc_endpoint_service", "private_dns_names", madeUpByMoto},
	{"data.aws_vpc_endpoint_service", "region", sinceVersion6},
	{"data.aws_vpc_endpoint_service", "service_id", madeUpByMoto},
	{"data.aws_vpc_endpoint_service", "supported_ip_address_types", madeUpByMoto},
	{"data.aws_ec2_instance_type", "auto_recovery_supported", notInTable},
	{"data.aws_ec2_instance_type", "current_generation", notInTable},
	{"data.aws_ec2_instance_type", "ebs_performance_*", notInTable},
	{"data.aws_ec2_instance_type", "encryption_in_transit_supported", notInTable},
	{"data.aws_ec2_instance_type", "hibernation_supported", notInTable},
	{"data.aws_ec2_instance_type", "instance_disks", notInTable},
	{"data.aws_ec2_instance_type", "instance_storage_supported", notInTable},
	{"data.aws_ec2_instance_type", "network_cards", notInTable},
	{"data.aws_ec2_instance_type", "network_performance", notInTable},
	{"data.aws_ec2_instance_type", "nitro_enclaves_support", notInTable},
	{"data.aws_ec2_instance_type", "sustained_clock_speed", notInTable},
	{"data.aws_ec2_instance_type", "total_instance_storage", notInTable},
	{"data.aws_ec2_instance_type", "valid_cores", notInTable},
}

// zooExceptions are those for testdata/zoo.
var zooExceptions = []exception{
	{"aws_glue_catalog_table", "parameters", sinceVersion6},
	{"aws_glue_catalog_table", "table_type", sinceVersion6},
	{"aws_glue_catalog_table", "storage_descriptor.additional_locations", sinceVersion6},
	{"aws_glue_catalog_table", "storage_descriptor.bucket_columns", sinceVersion6},
	{"aws_glue_catalog_table", "storage_descriptor.parameters", sinceVersion6},
	{"aws_glue_catalog_table", "storage_descriptor.*.parameters", sinceVersion6},
	{"aws_instance", "user_data", "shown in clear since version 6 of the provider; before, its SHA-1"},
	{"aws_s3_bucket", "region", givenSince6},
	{"aws_subnet", "ipv6_cidr_block", sinceVersion6},
	{"data.aws_availability_zones", "group_names", noZoneGroups},
	{"data.aws_caller_identity", "arn", anotherCaller},
	{"data.aws_caller_identity", "user_id", anotherCaller},
}

// compare holds the embedded AWS's plan against the real provider's, and prints the figure.
func (p *proof) compare(t *testing.T, name string, real, sandbox *tfjson.Plan, allowed []exception) {
	t.Helper()
	figures, differences := p.schema.Compare(real, sandbox)
	places := map[exception]int{}
	wrong := 0
	for _, d := range differences {
		if i := slices.IndexFunc(allowed, func(e exception) bool { return e.covers(d) }); i >= 0 {
			places[allowed[i]]++
			continue
		}
		wrong++
		t.Error(d)
	}
	found := planFigures{Figures: figures, Exceptions: []exceptionFigures{}}
	text := ""
	for _, e := range allowed {
		if places[e] > 0 {
			found.Exceptions = append(found.Exceptions, exceptionFigures{e.kind, e.path, places[e], e.reason})
			text += fmt.Sprintf("\n\t%s %s (%d): %s", e.kind, e.path, places[e], e.reason)
		}
	}
	t.Logf("%s: %d of %d known values equal; %d addresses; %d values known after apply in both; %d exceptions%s",
		name, figures.Equal, figures.Equal+wrong, figures.Addresses, figures.Later, len(found.Exceptions), text)
	if wrong == 0 {
		hold(t, name, found, func(f *fidelity) map[string]planFigures { return f.Plans })
	}
}

// TestEveryExceptionIsNeeded holds for everybody, by the figures that are written down.
func TestEveryExceptionIsNeeded(t *testing.T) {
	known := readFidelity(t)
	needed := func(e exception, in func(name string) bool) bool {
		for name, plan := range known.Plans {
			if in(name) && slices.ContainsFunc(plan.Exceptions, func(f exceptionFigures) bool { return f.Type == e.kind && f.Path == e.path }) {
				return true
			}
		}
		return false
	}
	isZoo := func(name string) bool { return name == zooName }
	for _, e := range patternExceptions {
		if !needed(e, func(name string) bool { return !isZoo(name) }) {
			t.Errorf("no pattern needs the exception for %s %s any more: take it out", e.kind, e.path)
		}
	}
	for _, e := range zooExceptions {
		if !needed(e, isZoo) {
			t.Errorf("the zoo does not need the exception for %s %s any more: take it out", e.kind, e.path)
		}
	}
}
