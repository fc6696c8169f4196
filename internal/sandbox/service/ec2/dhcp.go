package ec2

import (
	"net/netip"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// networkSettingTypes declares what a VPC may be given after its creation: more address ranges and DHCP options. Error codes and texts: EC2
// API model and moto's record of real answers, unless a comment says otherwise.
func networkSettingTypes() []*model.Type {
	return []*model.Type{secondaryRange(), dhcpOptions(), dhcpOptionsAssociation()}
}

// checkCIDR refuses text that is no range of addresses.
func checkCIDR(text string) *world.Error {
	if _, err := netip.ParsePrefix(text); err != nil {
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", text)
	}
	return nil
}

func secondaryRange() *model.Type {
	return &model.Type{
		Name: "aws_vpc_ipv4_cidr_block_association", API: api, Noun: "EC2 VPC IPv4 CIDR Block Association",
		CreateCall: "AssociateVpcCidrBlock", UpdateCall: "AssociateVpcCidrBlock", DeleteCall: "DisassociateVpcCidrBlock",
		Identify:   model.GeneratedID("vpc-cidr-assoc-", 17),
		References: []model.Reference{{Path: "vpc_id", To: []string{"aws_vpc"}, Inside: true, Missing: vpcMissing}},
		Checks:     []model.Check{vpcRange, secondaryRangeFits, secondaryRangeCount},
		Counted:    []model.CountedQuota{{Quota: rangesPerVPC, Error: "CidrLimitExceeded"}},
		Fill:       func(c *model.Call) { c.Set("cidr_block", "") },
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			whole, err := netip.ParsePrefix(c.String("cidr_block"))
			if err != nil {
				return nil
			}
			for _, subnet := range c.All("aws_subnet") {
				part, err := netip.ParsePrefix(subnet.String("cidr_block"))
				if err == nil && subnet.String("vpc_id") == c.String("vpc_id") && whole.Overlaps(part) {
					// unverified
					return world.Fail("InvalidCidrBlock.InUse", "The vpc currently has a subnet within CIDR block %s", c.String("cidr_block"))
				}
			}
			return nil
		}},
		Latency: model.Latency{Create: model.Seconds(10, 2, 30), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(10, 2, 30),
			Source: "estimate, unverified"},
	}
}

// privateRanges are the ranges of RFC 1918; a VPC in one of them takes no second range out of another (VPC documentation).
var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
}

// secondaryRangeFits refuses ranges that overlap one that the VPC has, and those that AWS does not combine.
func secondaryRangeFits(c *model.Call) *world.Error {
	added, err := netip.ParsePrefix(c.String("cidr_block"))
	if err != nil || !c.Creating() {
		return nil
	}
	for _, text := range vpcRanges(c, c.String("vpc_id")) {
		own, err := netip.ParsePrefix(text)
		if err != nil {
			continue
		}
		if own.Overlaps(added) {
			return world.Fail("CidrConflict", "The CIDR '%s' conflicts with another subnet or range of the VPC", added) // text: unverified
		}
		for _, private := range privateRanges {
			inside := private.Contains(own.Addr())
			for _, other := range privateRanges {
				if inside && other != private && other.Contains(added.Addr()) {
					return world.Fail("InvalidVpc.Range",
						"The CIDR '%s' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a "+
							"publicly-routable CIDR.", added)
				}
			}
		}
	}
	return nil
}

// vpcRanges lists the primary range of a VPC and all that were added.
func vpcRanges(c *model.Call, id string) []string {
	var ranges []string
	if vpc := c.Find("aws_vpc", id); vpc != nil {
		ranges = append(ranges, vpc.String("cidr_block"))
	}
	for _, added := range c.All("aws_vpc_ipv4_cidr_block_association") {
		if added.String("vpc_id") == id {
			ranges = append(ranges, added.String("cidr_block"))
		}
	}
	return ranges
}

var rangesPerVPC = world.Quota{Code: "L-83CA0A9D", Service: "vpc", Name: "IPv4 CIDR blocks per VPC", Default: 5}

// secondaryRangeCount counts all ranges of the VPC, the primary one among them.
func secondaryRangeCount(c *model.Call) *world.Error {
	vpc := c.String("vpc_id")
	if c.Creating() && !c.World.Use(rangesPerVPC, c.Region, vpc, float64(len(vpcRanges(c, vpc))+1)) {
		return world.Fail("CidrLimitExceeded", "This network %s has met its maximum number of allowed CIDRs: %s", vpc,
			model.FormatNumber(c.World.LimitIn(rangesPerVPC, c.Region)))
	}
	return nil
}

func dhcpOptions() *model.Type {
	return &model.Type{
		Name: "aws_vpc_dhcp_options", API: api, Noun: "EC2 DHCP Options Set",
		CreateCall: "CreateDhcpOptions", UpdateCall: "CreateTags", DeleteCall: "DeleteDhcpOptions",
		Identify: model.GeneratedID("dopt-", 17),
		Checks: []model.Check{func(c *model.Call) *world.Error {
			if kind := c.String("netbios_node_type"); kind != "" &&
				(len(kind) != 1 || kind[0] != '1' && kind[0] != '2' && kind[0] != '4' && kind[0] != '8') {
				return world.Fail("InvalidParameterValue", "Invalid value for DHCP option 'netbios-node-type': %s", kind)
			}
			for _, option := range []string{"domain_name_servers", "ntp_servers", "netbios_name_servers"} {
				if len(c.Strings(option)) > 4 {
					return world.Fail("InvalidParameterValue", "Too many values for DHCP option %s: at most 4 are allowed", option) // text: unverified
				}
			}
			return nil
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "dhcp-options/"+c.ID))
			c.Set("owner_id", c.Account)
		},
		InUse:   model.DependencyViolation("The dhcpOptions '%s' has dependencies and cannot be deleted."),
		Latency: model.Instant("logs of real deployments"),
	}
}

func dhcpOptionsAssociation() *model.Type {
	setOptions := func(c *model.Call, options string) {
		if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil {
			c.World.Change(vpc, world.Object{"dhcp_options_id": options})
		}
	}
	return &model.Type{
		Name: "aws_vpc_dhcp_options_association", API: api, Noun: "EC2 DHCP Options Set Association",
		CreateCall: "AssociateDhcpOptions", UpdateCall: "AssociateDhcpOptions", DeleteCall: "AssociateDhcpOptions",
		Identify: func(c *model.Call) string { return c.String("dhcp_options_id") + "-" + c.String("vpc_id") },
		References: []model.Reference{
			{Path: "vpc_id", To: []string{"aws_vpc"}, Inside: true, Missing: vpcMissing},
			{Path: "dhcp_options_id", To: []string{"aws_vpc_dhcp_options"}, Missing: func(id string) *world.Error {
				if id == "default" {
					return nil
				}
				return world.Fail("InvalidDhcpOptionID.NotFound", "DhcpOptionID %s does not exist.", id)
			}},
		},
		Fill:    func(c *model.Call) { setOptions(c, c.String("dhcp_options_id")) },
		Deleted: func(c *model.Call) { setOptions(c, "default") },
		ImportBy: func(c *model.Call, id string) *world.Resource {
			return c.FindBy("aws_vpc_dhcp_options_association", "vpc_id", id)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}
