package service_test

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

type object = sandboxtest.Object

// rule is one rule of AWS: what a test makes first, and the answer to breaking the rule.
type rule struct {
	name string
	// given sets the scene and returns what to create.
	given func(t *testing.T, d *sandboxtest.Driver) (typeName string, config object)
	// refused is a part of AWS's answer; empty means that AWS accepts it.
	refused string
	region  string
}

// check runs a table of rules, each in a world of its own. What AWS accepts, it has to answer as testdata says.
func check(t *testing.T, rules []rule) {
	t.Helper()
	known := answersOf(t)
	var names []string
	for _, r := range rules {
		names = append(names, r.name)
	}
	t.Cleanup(func() { known.end(t, names) })
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, r.region)
			typeName, config := r.given(t, d)
			state, err := d.Create(typeName, config)
			expect(t, err, r.refused)
			if err == nil {
				known.hold(t, r.name, answered(d, typeName, config, state))
			}
		})
	}
}

// expect holds an error to AWS's answer.
func expect(t *testing.T, err error, refused string) {
	t.Helper()
	switch {
	case refused == "" && err != nil:
		t.Errorf("AWS accepts this, the sandbox answers %v", err)
	case refused != "" && err == nil:
		t.Errorf("the sandbox accepts this, AWS answers %s", refused)
	case refused != "" && !strings.Contains(err.Error(), refused):
		t.Errorf("the sandbox answers %v, AWS %s", err, refused)
	}
}

func vpcOf(t *testing.T, d *sandboxtest.Driver) string {
	t.Helper()
	return d.MustCreate(t, "aws_vpc", object{"cidr_block": "10.0.0.0/16"})["id"].(string)
}

func TestVPC(t *testing.T) {
	vpcWith := func(cidr string) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(*testing.T, *sandboxtest.Driver) (string, object) { return "aws_vpc", object{"cidr_block": cidr} }
	}
	subnetWith := func(cidr string, extra object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config := object{"vpc_id": vpcOf(t, d), "cidr_block": cidr}
			for name, value := range extra {
				config[name] = value
			}
			return "aws_subnet", config
		}
	}
	check(t, []rule{
		{name: "a VPC of /16", given: vpcWith("10.0.0.0/16")},
		{name: "a VPC of /28", given: vpcWith("10.0.0.0/28")},
		{name: "a VPC larger than /16", given: vpcWith("10.0.0.0/15"), refused: "InvalidVpc.Range: The CIDR '10.0.0.0/15' is invalid."},
		{name: "a VPC smaller than /28", given: vpcWith("10.0.0.0/29"), refused: "InvalidVpc.Range"},
		{name: "a VPC in the link-local range", given: vpcWith("169.254.0.0/16"), refused: "InvalidVpc.Range"},
		{name: "a VPC in the carrier-grade NAT range", given: vpcWith("100.64.0.0/16")},
		{name: "a VPC range that is none", given: vpcWith("ten"),
			refused: "InvalidParameterValue: Value (ten) for parameter cidrBlock is invalid."},
		{name: "a subnet inside its VPC", given: subnetWith("10.0.1.0/24", nil)},
		{name: "a subnet outside its VPC", given: subnetWith("10.1.1.0/24", nil),
			refused: "InvalidSubnet.Range: The CIDR '10.1.1.0/24' is invalid."},
		{name: "a subnet larger than its VPC", given: subnetWith("10.0.0.0/15", nil), refused: "InvalidSubnet.Range"},
		{name: "a subnet smaller than /28", given: subnetWith("10.0.1.0/29", nil), refused: "InvalidSubnet.Range"},
		{name: "a subnet in a zone of another region", given: subnetWith("10.0.1.0/24", object{"availability_zone": "eu-west-1a"}),
			refused: "InvalidParameterValue: Value (eu-west-1a) for parameter availabilityZone is invalid. Subnets can currently only be created " +
				"in the following availability zones: us-east-1a"},
		{name: "a subnet of no VPC", refused: "InvalidVpcID.NotFound: The vpc ID 'vpc-0' does not exist",
			given: func(*testing.T, *sandboxtest.Driver) (string, object) {
				return "aws_subnet", object{"vpc_id": "vpc-0", "cidr_block": "10.0.0.0/24"}
			}},
		{name: "a subnet that overlaps another", refused: "InvalidSubnet.Conflict: The CIDR '10.0.1.128/25' conflicts with another subnet",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				vpc := vpcOf(t, d)
				d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "cidr_block": "10.0.1.0/24"})
				return "aws_subnet", object{"vpc_id": vpc, "cidr_block": "10.0.1.128/25"}
			}},
		{name: "a sixth VPC", refused: "VpcLimitExceeded: The maximum number of VPCs has been reached.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				for range 5 {
					vpcOf(t, d)
				}
				return "aws_vpc", object{"cidr_block": "10.0.0.0/16"}
			}},
		{name: "a sixth Elastic IP", refused: "AddressLimitExceeded: The maximum number of addresses has been reached.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				for range 5 {
					d.MustCreate(t, "aws_eip", object{})
				}
				return "aws_eip", object{}
			}},
		{name: "a second internet gateway", refused: "Resource.AlreadyAssociated",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				vpc := vpcOf(t, d)
				d.MustCreate(t, "aws_internet_gateway", object{"vpc_id": vpc})
				return "aws_internet_gateway", object{"vpc_id": vpc}
			}},
		{name: "a NAT gateway without an internet gateway", refused: "Gateway.NotAttached: Network vpc-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpcOf(t, d), "cidr_block": "10.0.0.0/24"})
				eip := d.MustCreate(t, "aws_eip", object{})
				return "aws_nat_gateway", object{"subnet_id": subnet["id"], "allocation_id": eip["id"]}
			}},
		{name: "a second NAT gateway on one address", refused: "Resource.AlreadyAssociated: elastic ip address eipalloc-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config := natConfig(t, d)
				d.MustCreate(t, "aws_nat_gateway", config)
				return "aws_nat_gateway", config
			}},
	})
}

func natConfig(t *testing.T, d *sandboxtest.Driver) object {
	t.Helper()
	vpc := vpcOf(t, d)
	d.MustCreate(t, "aws_internet_gateway", object{"vpc_id": vpc})
	subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "cidr_block": "10.0.0.0/24"})
	eip := d.MustCreate(t, "aws_eip", object{})
	return object{"subnet_id": subnet["id"], "allocation_id": eip["id"]}
}

func TestVPCDeletion(t *testing.T) {
	d := sandboxtest.New(t, "")
	config := natConfig(t, d)
	nat := d.MustCreate(t, "aws_nat_gateway", config)
	subnet, err := d.Import("aws_subnet", nat["subnet_id"].(string))
	expect(t, err, "")
	eip, err := d.Import("aws_eip", nat["allocation_id"].(string))
	expect(t, err, "")
	vpc, err := d.Import("aws_vpc", subnet["vpc_id"].(string))
	expect(t, err, "")

	expect(t, d.Delete("aws_subnet", subnet), "DependencyViolation: The subnet '"+subnet["id"].(string)+
		"' has dependencies and cannot be deleted.")
	expect(t, d.Delete("aws_eip", eip), "AuthFailure")
	expect(t, d.Delete("aws_vpc", vpc), "DependencyViolation: The vpc '"+vpc["id"].(string)+"' has dependencies and cannot be deleted.")
	expect(t, d.Delete("aws_nat_gateway", nat), "")
	expect(t, d.Delete("aws_subnet", subnet), "")
	expect(t, d.Delete("aws_eip", eip), "")
}
