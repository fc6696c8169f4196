package protocol_test

import (
	"sync"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// TestReadsBesideChanges reads a VPC in every way while others change it, as Terraform's walk does. It can fail under the race detector
// alone: `make race` runs it.
func TestReadsBesideChanges(t *testing.T) {
	t.Parallel()
	m := sandboxtest.NewMuseum(t)
	for _, s := range sandboxtest.Specimens()[:6] {
		m.Add(t, s)
	}
	vpc := m.States["vpc"]
	options := m.MustCreate(t, "aws_vpc_dhcp_options", object{"domain_name": "example.com"})
	table := m.MustCreate(t, "aws_route_table", object{"vpc_id": vpc["id"]})
	var others sync.WaitGroup
	beside := func(do func() error) {
		others.Go(func() {
			for range 50 {
				if err := do(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	changing := func(typeName string, config object) {
		beside(func() error {
			state, err := m.Create(typeName, config)
			if err != nil {
				return err
			}
			return m.Delete(typeName, state)
		})
	}
	changing("aws_vpc_dhcp_options_association", object{"vpc_id": vpc["id"], "dhcp_options_id": options["id"]})
	changing("aws_main_route_table_association", object{"vpc_id": vpc["id"], "route_table_id": table["id"]})
	beside(func() error { _, err := m.Read("aws_vpc", vpc); return err })
	beside(func() error { _, err := m.Import("aws_vpc", vpc["id"].(string)); return err })
	beside(func() error { _, err := m.Data("aws_vpc", object{"id": vpc["id"]}); return err })
	beside(func() error {
		_, err := m.Update("aws_vpc", vpc, object{"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": true})
		return err
	})
	beside(func() error { // what was looked up may be read when the world is free again
		var found []*world.Resource
		err := m.World.Do(func() error { found = m.World.List(nil); return nil })
		for _, r := range found {
			_ = sandboxtest.JSON(r.Attributes)
		}
		return err
	})
	others.Wait()
}
