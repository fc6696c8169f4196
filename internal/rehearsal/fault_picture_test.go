package rehearsal

import (
	"strings"
	"testing"
	"time"

	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// TestPictures is the specification of when two worlds are the same: if they are, but for what AWS generates.
func TestPictures(t *testing.T) {
	type object = map[string]any
	vpc := func(id string) *world.Resource {
		return &world.Resource{Type: "aws_vpc", ID: id, Attributes: object{"id": id, "arn": "arn:aws:ec2:us-east-1:123456789012:vpc/" + id,
			"cidr_block": "10.0.0.0/16"}}
	}
	subnet := func(id, vpc, range24 string) *world.Resource {
		return &world.Resource{Type: "aws_subnet", ID: id, Attributes: object{"id": id, "vpc_id": vpc, "cidr_block": range24,
			"made": "2026-11-22T12:00:00Z"}}
	}
	balancer := func(subnets ...any) *world.Resource {
		return &world.Resource{Type: "aws_lb", ID: "lb", Attributes: object{"id": "lb", "subnets": subnets}}
	}
	draw := func(resources ...*world.Resource) picture {
		w := world.New(world.Options{Now: func() time.Time { return time.Time{} }})
		made := map[lifecycle.Place][]*tfjson.StateResource{}
		for i, r := range resources {
			r.Account, r.Region = w.Account(), "us-east-1"
			_ = w.Do(func() error { w.Put(r); return nil }) // a world without a file is not saved
			if r.Owner == "" {
				made[lifecycle.Place{}] = append(made[lifecycle.Place{}], &tfjson.StateResource{Address: r.Type + "." + string(rune('a'+i)),
					Type: r.Type, AttributeValues: r.Attributes})
			}
		}
		return pictured(w, made)
	}
	within := func(id, vpc, subnet string) *world.Resource {
		owner := &world.Resource{Type: "aws_vpc", ID: vpc, Account: world.DefaultAccount, Region: "us-east-1"}
		return &world.Resource{Type: "aws_vpc_part", ID: id, Owner: owner.Key(), Attributes: object{"id": id, "subnet_id": subnet}}
	}
	parts := func(vpcID, b, c string, inOrder ...string) picture {
		there := []*world.Resource{vpc(vpcID), subnet(b, vpcID, "10.0.1.0/24"), subnet(c, vpcID, "10.0.2.0/24")}
		for _, id := range inOrder {
			there = append(there, within("part-"+id[7:], vpcID, id))
		}
		return draw(there...)
	}
	const b, c, otherB, otherC = "subnet-1111111a", "subnet-2222222b", "subnet-9999999c", "subnet-8888888d"
	drawn := parts("vpc-0a1b2c3d4e", b, c, b, c)
	if diff := drawn.differences(parts("vpc-ffff0000ff", otherB, otherC, otherC, otherB)); len(diff) > 0 {
		t.Errorf("what AWS makes along with a network, for subnets in another order, differs: %q", diff)
	}
	if diff := drawn.differences(parts("vpc-ffff0000ff", otherB, otherC, otherC)); len(diff) == 0 {
		t.Error("what AWS makes along with a network for one subnet alone does not differ")
	}
	one := draw(vpc("vpc-0a1b2c3d4e"), subnet("subnet-1111111a", "vpc-0a1b2c3d4e", "10.0.1.0/24"),
		subnet("subnet-2222222b", "vpc-0a1b2c3d4e", "10.0.2.0/24"), balancer("subnet-1111111a", "subnet-2222222b"))
	for _, test := range []struct {
		name  string
		other picture
		want  []string
	}{
		{"other ids, and a list in another order",
			draw(vpc("vpc-ffff0000ff"), subnet("subnet-9999999c", "vpc-ffff0000ff", "10.0.1.0/24"),
				subnet("subnet-8888888d", "vpc-ffff0000ff", "10.0.2.0/24"), balancer("subnet-8888888d", "subnet-9999999c")),
			[]string{}},
		{"a subnet in another network",
			draw(vpc("vpc-ffff0000ff"), subnet("subnet-9999999c", "vpc-ffff0000ff", "10.0.1.0/24"),
				subnet("subnet-8888888d", "vpc-12345678aa", "10.0.2.0/24"), balancer("subnet-8888888d", "subnet-9999999c")),
			[]string{`aws_subnet.c: vpc_id is "vpc-<aws_subnet.c.vpc_id 0>" instead of "vpc-<aws_subnet.b.vpc_id 0>"`}},
		{"a load balancer with one subnet twice",
			draw(vpc("vpc-ffff0000ff"), subnet("subnet-9999999c", "vpc-ffff0000ff", "10.0.1.0/24"),
				subnet("subnet-8888888d", "vpc-ffff0000ff", "10.0.2.0/24"), balancer("subnet-9999999c", "subnet-9999999c")),
			[]string{
				`aws_lb.d: subnets is ["subnet-<aws_subnet.b.id 0>","subnet-<aws_subnet.b.id 0>"] instead of ["subnet-<aws_subnet.b.id 0>","subnet-<aws_subnet.c.id 0>"]`}},
		{"something is missing, and something is left over",
			draw(vpc("vpc-ffff0000ff"), subnet("subnet-9999999c", "vpc-ffff0000ff", "10.0.1.0/24"),
				subnet("subnet-8888888d", "vpc-ffff0000ff", "10.0.2.0/24"),
				&world.Resource{Type: "aws_eip", ID: "eipalloc-1", Owner: "gone", Attributes: object{}}),
			[]string{"aws_lb.d is missing", "nobody's aws_eip 1 is left over"}},
	} {
		if diff := cmp.Diff(test.want, one.differences(test.other)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, strings.ReplaceAll(diff, "\u00a0", " "))
		}
	}
}
