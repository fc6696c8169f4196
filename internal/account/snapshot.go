package account

import (
	"slices"
	"time"
)

// Format is the version of the snapshot files that this program writes and reads.
const Format = 1

// Snapshot is what an account answered to the questions of Take: what it may have, what it has, and which names are taken. It holds no
// secrets. What was not answered is absent (nil), which is not the same as none (empty).
type Snapshot struct {
	Format  int       `json:"format"`
	Account string    `json:"account"`
	ARN     string    `json:"arn"`
	Taken   time.Time `json:"taken"`
	// Global is what services without regions answered: IAM and Route 53.
	Global Part `json:"global"`
	// HostedZones are those of Route 53.
	HostedZones []HostedZone `json:"hosted_zones"`
	// Policies are the ARNs of the managed policies that are the account's own, in alphabetical order. What they say is not asked.
	Policies []string           `json:"policies,omitempty"`
	Regions  map[string]*Region `json:"regions"`
}

// Part is the answers of one region, or of the services that have none.
type Part struct {
	// Quotas are the values of quotas by their codes.
	Quotas map[string]float64 `json:"quotas"`
	// Usage is how much of a quota is used, by the quota's code and what it counts per: the name of a zone, or "" for all.
	Usage map[string]map[string]float64 `json:"usage"`
	// Names are taken names by Terraform's resource type, in alphabetical order.
	Names map[string][]string `json:"names"`
	// Unanswered are the questions that AWS did not answer.
	Unanswered []Unanswered `json:"unanswered,omitempty"`
}

// Region is the answers of one region.
type Region struct {
	Part
	// Zones are the availability zones that the account may use, by their names.
	Zones []Zone `json:"zones"`
	// Offers are the ids of the zones that offer an instance type, for the types that were asked about.
	Offers map[string][]string `json:"offers"`
	// Deployments are the names of coderaws deployments that exist: the tag coderaws:deployment of EKS clusters.
	Deployments []string `json:"deployments"`
}

// Zone is an availability zone. Its name means different places in different accounts, its id the same place in all.
type Zone struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// HostedZone is a zone of Route 53.
type HostedZone struct {
	// Name has no dot at its end.
	Name    string `json:"name"`
	ID      string `json:"id"`
	Private bool   `json:"private"`
	// NameServers are Route 53's for this zone, in alphabetical order; none for a private zone.
	NameServers []string `json:"name_servers,omitempty"`
	// Delegation is what DNS answers about the name; nil if it was not asked.
	Delegation *Delegation `json:"delegation,omitempty"`
}

// Delegation is what the internet's DNS says of who answers for a name.
type Delegation struct {
	// NameServers are those that DNS names, in alphabetical order; none if the name is delegated to nobody.
	NameServers []string `json:"name_servers"`
	// Failure is why DNS did not answer; "" if it did.
	Failure string `json:"failure,omitempty"`
}

// Unanswered is a question that AWS refused or failed to answer.
type Unanswered struct {
	// Action is the IAM action that the question needs, such as ec2:DescribeAddresses.
	Action string `json:"action"`
	// About is what is not known for want of the answer, such as "elastic IPs in use".
	About string `json:"about"`
	// Code is AWS's error code, "" if AWS was not reached, and Why its message.
	Code string `json:"code"`
	Why  string `json:"why"`
}

// Delegated reports whether the internet finds the zone at Route 53's name servers. known is false where that was not found out.
func (z *HostedZone) Delegated() (delegated, known bool) {
	if z.Delegation == nil || z.Delegation.Failure != "" || len(z.NameServers) == 0 {
		return false, false
	}
	// A delegation is good if every server that it names answers for the zone; it may name fewer than all.
	for _, server := range z.Delegation.NameServers {
		if !slices.Contains(z.NameServers, server) {
			return false, true
		}
	}
	return len(z.Delegation.NameServers) > 0, true
}

// Quota is a quota that shall be asked about.
type Quota struct {
	// Service and Code are those of Service Quotas, such as ec2 and L-0263D0A3.
	Service, Code string
}

// globalServices have their quotas in one region of a partition (AWS documentation: Service Quotas of IAM, Route 53 and S3's buckets).
var globalServices = []string{"iam", "route53", "s3"}

// QuotaRegion is the region in which the quotas of a service are found and raised for resources in region.
func QuotaRegion(service, region string) string {
	if !slices.Contains(globalServices, service) {
		return region
	}
	switch {
	case len(region) > 7 && region[:7] == "us-gov-":
		return "us-gov-west-1"
	case len(region) > 3 && region[:3] == "cn-":
		return "cn-north-1"
	default:
		return "us-east-1"
	}
}
