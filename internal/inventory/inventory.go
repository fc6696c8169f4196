// Package inventory reads a plan and says, in types, what will exist once it is applied: networks, clusters, databases, load balancers
// and the rest, each with its address, and how they hang together. It reads the plan of any Terraform, not only ours. References
// that are unknown while planning are found through the configuration's expressions. Reports (diagram, cost, compliance) and the
// verbs of package lifecycle import it. What does not belong here: HCL, prices, times, drawings.
package inventory

import (
	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"
)

// Inventory is what will exist. Numbers and answers that the plan does not know yet are unknown, and null in JSON; AWS's defaults are
// filled in where the plan leaves something to it. Lists are in the order of addresses. A reference to another resource is its address; if
// it is not part of the plan, its id, if that is known; empty if neither is.
type Inventory struct {
	// Regions are the regions that anything is in.
	Regions          []string          `json:"regions"`
	VPCs             []VPC             `json:"vpcs"`
	Subnets          []Subnet          `json:"subnets"`
	InternetGateways []InternetGateway `json:"internet_gateways"`
	NATGateways      []NATGateway      `json:"nat_gateways"`
	RouteTables      []RouteTable      `json:"route_tables"`
	Endpoints        []Endpoint        `json:"endpoints"`
	Clusters         []Cluster         `json:"clusters"`
	NodeGroups       []NodeGroup       `json:"node_groups"`
	Instances        []Instance        `json:"instances"`
	Databases        []Database        `json:"databases"`
	LoadBalancers    []LoadBalancer    `json:"load_balancers"`
	Certificates     []Certificate     `json:"certificates"`
	Records          []Record          `json:"records"`
	Keys             []Key             `json:"keys"`
	Secrets          []Secret          `json:"secrets"`
	LogGroups        []LogGroup        `json:"log_groups"`
	Alarms           []Alarm           `json:"alarms"`
	Schedules        []Schedule        `json:"schedules"`
	// Loose are the database instances of which the plan does not say which database they belong to.
	Loose []DatabaseInstance `json:"loose_database_instances,omitempty"`
	// Others are all resources that have no type of their own here.
	Others []Resource `json:"others"`
	// Opaque are the local values whose meaning was not at hand; what hangs on them can be missing from references.
	Opaque []string `json:"unresolved_local_values,omitempty"`
	// zones are those of the subnets, by address; nil in an inventory that was not read from a plan.
	zones map[string]string
	// reading is what it was read with; nil in an inventory that was not read from a plan.
	reading *reading
}

// Action is what a plan does to a resource that will exist.
type Action string

// The actions; what is deleted will not exist, and is in no inventory.
const (
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Keep    Action = "keep"
)

// Resource is what every entry has.
type Resource struct {
	// Address is Terraform's address of the instance.
	Address string `json:"address"`
	// Type is Terraform's type, such as aws_subnet.
	Type   string `json:"type"`
	Action Action `json:"action"`
	// Region is the region that the resource is in; empty for what is in no region, and for other providers.
	Region string `json:"region,omitempty"`
	// Name is the tag Name, or else the name argument, if it is known.
	Name string `json:"name,omitempty"`
	// Candidates are the arguments of which is only known what they can name, because the plan does not know it yet: the references
	// of the entry then list all that can be meant.
	Candidates []string `json:"candidates,omitempty"`
	// Where says where the resource's block stands, if its file is at hand.
	Where *diagnostic.Range `json:"where,omitempty"`
	// Values are its attributes, secrets included.
	Values plan.Value `json:"-"`
}

// VPC is a network. One that the plan uses and does not hold has no address.
type VPC struct {
	Resource
	CIDRs []string `json:"cidrs"`
}

// SubnetKind says how far a subnet's routes lead.
type SubnetKind string

// The kinds, by the default route.
const (
	// Public subnets have a default route to an internet gateway.
	Public SubnetKind = "public"
	// Private subnets have a default route to something else, such as a NAT gateway.
	Private SubnetKind = "private"
	// Isolated subnets have none.
	Isolated SubnetKind = "isolated"
)

// Subnet is a range of addresses of a VPC in one zone.
type Subnet struct {
	Resource
	VPC string `json:"vpc,omitempty"`
	// Zone is the availability zone, empty if AWS chooses it.
	Zone       string     `json:"zone,omitempty"`
	CIDR       string     `json:"cidr,omitempty"`
	Kind       SubnetKind `json:"kind"`
	RouteTable string     `json:"route_table,omitempty"`
}

// InternetGateway is a VPC's door to the internet.
type InternetGateway struct {
	Resource
	VPC string `json:"vpc,omitempty"`
}

// NATGateway lets private subnets out.
type NATGateway struct {
	Resource
	Subnet string `json:"subnet,omitempty"`
	Zone   string `json:"zone,omitempty"`
	// Private gateways lead to other networks, not to the internet.
	Private plan.Maybe[bool] `json:"private"`
}

// RouteTable says where traffic goes.
type RouteTable struct {
	Resource
	VPC    string  `json:"vpc,omitempty"`
	Routes []Route `json:"routes"`
}

// Route is one destination with the resource that leads to it.
type Route struct {
	Destination string `json:"destination"`
	// Kind is the target's type, such as aws_nat_gateway.
	Kind   string `json:"kind"`
	Target string `json:"target,omitempty"`
}

// Endpoint is a private way to an AWS service.
type Endpoint struct {
	Resource
	VPC string `json:"vpc,omitempty"`
	// Service is its short name, such as s3 or ecr.api.
	Service string `json:"service"`
	// Kind is Gateway, Interface or GatewayLoadBalancer; empty if it is not known.
	Kind    string   `json:"kind"`
	Subnets []string `json:"subnets,omitempty"`
}

// Cluster is a Kubernetes control plane on EKS.
type Cluster struct {
	Resource
	Version string   `json:"version,omitempty"`
	Subnets []string `json:"subnets"`
	// PublicEndpoint tells whether the Kubernetes API answers on the internet.
	PublicEndpoint plan.Maybe[bool] `json:"public_endpoint"`
}

// NodeGroup is a managed node group of EKS, or an Auto Scaling group of one's own.
type NodeGroup struct {
	Resource
	Cluster string `json:"cluster,omitempty"`
	// InstanceTypes are those that nodes can have, the first of them first; none if they are not known.
	InstanceTypes []string `json:"instance_types"`
	// CapacityType is ON_DEMAND or SPOT; empty if it is not known.
	CapacityType string `json:"capacity_type"`
	// Min, Desired and Max are numbers of nodes. Desired is null where AWS begins with the least.
	Min     plan.Maybe[int] `json:"min"`
	Desired plan.Maybe[int] `json:"desired"`
	Max     plan.Maybe[int] `json:"max"`
	Subnets []string        `json:"subnets"`
	Zones   []string        `json:"zones"`
	// DiskGiB is the size of each node's volumes together; null where AWS or the image decides.
	DiskGiB plan.Maybe[int]   `json:"disk_gib,omitzero"`
	Labels  map[string]string `json:"labels,omitempty"`
}

// Instance is a single virtual machine.
type Instance struct {
	Resource
	InstanceType string `json:"instance_type"`
	Subnet       string `json:"subnet,omitempty"`
	Zone         string `json:"zone,omitempty"`
}

// Database is an Aurora cluster with its instances, or a database instance of RDS by itself.
type Database struct {
	Resource
	Engine  string `json:"engine"`
	Version string `json:"version,omitempty"`
	// MinACU and MaxACU bound Aurora Serverless, in Aurora capacity units of about 2 GiB; both are null for fixed instances.
	MinACU    plan.Maybe[float64] `json:"min_acu,omitzero"`
	MaxACU    plan.Maybe[float64] `json:"max_acu,omitzero"`
	Subnets   []string            `json:"subnets"`
	Instances []DatabaseInstance  `json:"instances"`
	Encrypted plan.Maybe[bool]    `json:"encrypted"`
	// BackupDays is how long automated backups are kept.
	BackupDays plan.Maybe[int] `json:"backup_days"`
}

// DatabaseInstance is one server of a database.
type DatabaseInstance struct {
	Resource
	Zone  string `json:"zone,omitempty"`
	Class string `json:"class"`
	// Writer is the instance that is meant to take writes: the one with the lowest promotion tier.
	Writer bool `json:"writer"`
}

// LoadBalancer spreads traffic.
type LoadBalancer struct {
	Resource
	// Kind is application, network, gateway or classic; empty if it is not known.
	Kind     string           `json:"kind"`
	Internal plan.Maybe[bool] `json:"internal"`
	Subnets  []string         `json:"subnets"`
	Zones    []string         `json:"zones"`
	// Ports are those it listens on, as protocol and number, such as TLS 443.
	Ports []string `json:"ports"`
}

// Certificate is a TLS certificate of ACM.
type Certificate struct {
	Resource
	// Domains are the names that it is for.
	Domains []string `json:"domains"`
}

// Record is a DNS record.
type Record struct {
	Resource
	Kind string `json:"kind"`
	// Target is the load balancer of an alias, if it is in the plan.
	Target string `json:"target,omitempty"`
}

// Key is a KMS key.
type Key struct {
	Resource
	Description string           `json:"description,omitempty"`
	Rotates     plan.Maybe[bool] `json:"rotates"`
}

// Secret is a secret of Secrets Manager, without its value.
type Secret struct{ Resource }

// LogGroup is a log group of CloudWatch.
type LogGroup struct {
	Resource
	// RetentionDays is how long events are kept; 0 means for ever.
	RetentionDays plan.Maybe[int] `json:"retention_days"`
}

// Alarm is an alarm of CloudWatch.
type Alarm struct{ Resource }

// Schedule is something that AWS starts by the clock.
type Schedule struct {
	Resource
	// Expression is the cron or rate expression, Timezone its IANA zone, empty for UTC.
	Expression string `json:"expression"`
	Timezone   string `json:"timezone,omitempty"`
	// Group is the group of nodes that a schedule of EC2 Auto Scaling moves; empty for others.
	Group string `json:"group,omitempty"`
}

// empty is an inventory whose lists are lists, so that scripts find [] and not null.
func empty() *Inventory {
	return &Inventory{
		Regions: []string{}, VPCs: []VPC{}, Subnets: []Subnet{}, InternetGateways: []InternetGateway{}, NATGateways: []NATGateway{},
		RouteTables: []RouteTable{}, Endpoints: []Endpoint{}, Clusters: []Cluster{}, NodeGroups: []NodeGroup{}, Instances: []Instance{},
		Databases: []Database{}, LoadBalancers: []LoadBalancer{}, Certificates: []Certificate{}, Records: []Record{}, Keys: []Key{},
		Secrets: []Secret{}, LogGroups: []LogGroup{}, Alarms: []Alarm{}, Schedules: []Schedule{}, Others: []Resource{},
	}
}
