package service_test

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// network is a VPC with what most tests of EC2 need.
type network struct {
	vpc, gateway, table object
	// subnets are in the first zones of the region, /24 each.
	subnets []object
}

func networkIn(t *testing.T, d *sandboxtest.Driver, subnets int) network {
	t.Helper()
	n := network{vpc: d.MustCreate(t, "aws_vpc", object{"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": true,
		"enable_dns_support": true})}
	n.gateway = d.MustCreate(t, "aws_internet_gateway", object{"vpc_id": n.vpc["id"]})
	n.table = d.MustCreate(t, "aws_route_table", object{"vpc_id": n.vpc["id"]})
	for i := range subnets {
		zone := string(rune('a' + i))
		n.subnets = append(n.subnets, d.MustCreate(t, "aws_subnet", object{
			"vpc_id": n.vpc["id"], "cidr_block": "10.0." + string(rune('0'+i)) + ".0/24", "availability_zone": "us-east-1" + zone}))
	}
	return n
}

// merged is a configuration with some arguments changed; nil removes one.
func merged(config, change object) object {
	all := maps.Clone(config)
	maps.Copy(all, change)
	return all
}

// text is a name of n letters.
func text(n int) string { return strings.Repeat("a", n) }

// base64Of encodes n bytes.
func base64Of(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }

func isUnknown(value any) bool {
	_, is := value.(world.Unknown)
	return is
}

// noFallbacks holds the models to setting every computed attribute themselves.
func noFallbacks(t *testing.T, d *sandboxtest.Driver) {
	t.Helper()
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("the models left these attributes open: %v", left)
	}
}
