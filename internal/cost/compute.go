package cost

import (
	"fmt"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// defaultDiskGiB is the root volume that EKS gives a node whose group says nothing (EKS API, CreateNodegroup, diskSize).
const defaultDiskGiB = 20

// compute prices nodes and machines with their root volumes.
func (e *estimate) compute() {
	for i, group := range e.fleet.groups {
		e.nodes(i, group)
	}
	for _, instance := range e.Inventory.Instances {
		u := hourly(1, "")
		u.zone = instance.Zone
		if instance.InstanceType == "" {
			e.missing(instance.Resource, "the plan does not know its instance type")
			continue
		}
		item := pricing.EC2OnDemandHour
		if instance.Type == "aws_spot_instance_request" && e.purchase != OnDemand {
			item = pricing.EC2SpotHour
		}
		e.add(instance.Resource, item, instance.InstanceType, u)
		if instance.Values.Attr("associate_public_ip_address").Bool().Else(false, false) {
			e.add(instance.Resource, pricing.PublicIPv4Hour, "", hourly(1, ""))
		}
		e.disks(instance)
	}
}

// defaultRootGiB is the root volume of Amazon's own images.
const defaultRootGiB = 8

// disks prices the volumes that a machine is started with: that of the root, and those beside it.
func (e *estimate) disks(instance inventory.Instance) {
	root := instance.Values.At("root_block_device", "volume_size").Number()
	switch size, state := root.Default(defaultRootGiB).Get(); {
	case state != plan.IsKnown || size < 0:
		e.missing(instance.Resource, "the plan does not know the size of its root volume")
	case instance.Values.At("root_block_device", "volume_type").Text().Else("gp3", "gp3") != "gp3":
		e.volume(instance.Resource, instance.Values.Blocks("root_block_device")[0], "volume_size", "volume_type", instance.Zone)
	default:
		e.add(instance.Resource, pricing.EBSGP3GBMonth, "", use{
			quantity: decimal.NewFromFloat(size), zone: instance.Zone, title: "root volume, gp3", why: fmt.Sprintf("%g GiB", size),
		})
	}
	for _, disk := range instance.Values.Blocks("ebs_block_device") {
		e.volume(instance.Resource, disk, "volume_size", "volume_type", instance.Zone)
	}
}

// nodes prices the nodes of one group. On demand, AWS takes the first type of the group that it has (EKS User Guide, "Managed node
// groups").
func (e *estimate) nodes(index int, group inventory.NodeGroup) {
	zone := ""
	if len(group.Zones) == 1 {
		zone = group.Zones[0]
	}
	if len(group.InstanceTypes) == 0 {
		e.missing(group.Resource, "the plan does not know its instance types")
		return
	}
	size := e.fleet.sizings[index]
	if size.unknown != "" {
		e.missing(group.Resource, size.unknown)
		return
	}
	u := e.fleet.use(index, decimal.NewFromInt(1), fmt.Sprintf("%s in the hours of %d", e.fleet.span(index), e.report.Year),
		e.loadNames(group)...)
	u.zone = zone
	if size.open {
		u.between(decimal.NewFromInt(int64(size.least)*pricing.HoursPerMonth), "how many of them it begins with")
	}
	switch {
	case group.CapacityType == "" && e.purchase != OnDemand:
		e.perhapsOnSpot(group, u)
	case group.CapacityType == "SPOT" && e.purchase != OnDemand:
		e.onSpot(group, u)
	case commitments[e.purchase].item != "" && !size.open:
		e.committed(index, group, commitments[e.purchase], u)
	default:
		e.add(group.Resource, pricing.EC2OnDemandHour, group.InstanceTypes[0], u)
	}
	disk, state := group.DiskGiB.Default(defaultDiskGiB).Get()
	if state != plan.IsKnown {
		e.missing(group.Resource, "the plan does not know the size of its nodes' root volumes")
		return
	}
	perHour := decimal.NewFromInt(int64(disk)).Div(decimal.NewFromInt(pricing.HoursPerMonth))
	volumes := e.fleet.use(index, perHour, fmt.Sprintf("%d GiB for each of %s while it runs", disk, e.fleet.span(index)), u.assumed...)
	volumes.zone, volumes.title = zone, "root volumes of nodes, gp3"
	if size.open {
		volumes.between(decimal.NewFromInt(int64(disk)*int64(size.least)), "how many nodes there are")
	}
	e.add(group.Resource, pricing.EBSGP3GBMonth, "", volumes)
}

// loadNames are the assumptions that decide how many nodes a group has.
func (e *estimate) loadNames(group inventory.NodeGroup) []string {
	switch {
	case e.Capacity == nil:
		return nil
	case group.Labels[kindLabel] == "workspace":
		return []string{"load", "users", "workspaces_per_user"}
	case group.Labels[kindLabel] == "provisioner":
		return []string{"load", "users", "workspaces_per_user", "builds_per_workspace_day", "build_minutes", "build_burst"}
	}
	return nil
}

// perhapsOnSpot prices nodes of which the plan does not know whether they are on spot: on demand, and at the least on spot.
func (e *estimate) perhapsOnSpot(group inventory.NodeGroup, u use) {
	name, region := group.InstanceTypes[0], e.regionOf(group.Resource)
	least := decimal.Zero
	onDemand, err := e.book.Price(pricing.Key{Item: pricing.EC2OnDemandHour, Of: name, Region: region})
	spot, spotErr := e.book.Price(pricing.Key{Item: pricing.EC2SpotHour, Of: name, Region: region})
	if err == nil && spotErr == nil && onDemand.Rate().Decimal().IsPositive() {
		least = spot.Rate().Decimal().Div(onDemand.Rate().Decimal())
	}
	if u.least != nil {
		least = least.Mul(*u.least)
	} else {
		least = least.Mul(u.quantity)
	}
	u.between(least, "whether they are on spot")
	e.add(group.Resource, pricing.EC2OnDemandHour, name, u)
}

// onSpot shares nodes out equally to the types of a group. AWS prefers cheap types that are seldom taken back, so that this is rather too
// much.
func (e *estimate) onSpot(group inventory.NodeGroup, u use) {
	share := decimal.NewFromInt(1).Div(decimal.NewFromInt(int64(len(group.InstanceTypes))))
	for _, name := range group.InstanceTypes {
		spot, err := e.book.Spot(name, e.regionOf(group.Resource))
		if err != nil {
			e.lacks(group.Resource, err)
			continue
		}
		part := u
		part.quantity, part.rate = u.quantity.Mul(share), u.rate.times(share)
		if u.least != nil {
			least, most := u.least.Mul(share), u.most.Mul(share)
			part.least, part.most = &least, &most
		}
		if len(group.InstanceTypes) > 1 {
			part.why += fmt.Sprintf(", 1 of %d of them of this type", len(group.InstanceTypes))
		}
		e.add(group.Resource, pricing.EC2SpotHour, name, part)
		e.spotType(name, spot)
	}
}

func (e *estimate) spotType(name string, spot pricing.Spot) {
	for _, known := range e.report.Spot {
		if known.Name == name {
			return
		}
	}
	e.report.Spot = append(e.report.Spot, SpotType{name, spot.SavingPercent, spot.Interruption, spot.Source.Date})
}

// savingsPlanNote is why a reservation's price stands for that of an EC2 Instance Savings Plan. Of Compute Savings Plans AWS says the same
// with convertible reservations, whose prices the book does not have.
const savingsPlanNote = "a standard reservation's price: AWS says of EC2 Instance Savings Plans that they save up to 72 %, just like " +
	"standard Reserved Instances (https://aws.amazon.com/savingsplans/faqs/), and publishes no other relation of the two"

// commitment is a way to pay less for hours that are bought in advance.
type commitment struct {
	item pricing.Item
	// plural is what is bought, title what one of it is called on the bill, empty for the item's own words.
	plural, title, note string
}

var commitments = map[Purchase]commitment{
	Reserved1y:    {item: pricing.EC2Reserved1yHour, plural: "reservations"},
	Reserved3y:    {item: pricing.EC2Reserved3yHour, plural: "reservations"},
	SavingsPlan1y: {pricing.EC2Reserved1yHour, "nodes under an EC2 Instance Savings Plan", "under a savings plan for a year", savingsPlanNote},
	SavingsPlan3y: {pricing.EC2Reserved3yHour, "nodes under an EC2 Instance Savings Plan", "under a savings plan for three years",
		savingsPlanNote},
}

// committed commits to each node that runs so many hours of the year that it pays, and buys the rest on demand.
func (e *estimate) committed(index int, group inventory.NodeGroup, to commitment, u use) {
	name, region := group.InstanceTypes[0], e.regionOf(group.Resource)
	onDemand, err := e.book.Price(pricing.Key{Item: pricing.EC2OnDemandHour, Of: name, Region: region})
	if err != nil {
		e.lacks(group.Resource, err)
		return
	}
	covered, kept := decimal.Zero, int64(0)
	if figure, err := e.book.Price(pricing.Key{Item: to.item, Of: name, Region: region}); err == nil {
		month := figure.Rate().Times(decimal.NewFromInt(pricing.HoursPerMonth))
		for nodes := 1; nodes <= e.fleet.sizings[index].most; nodes++ {
			hours := e.fleet.steady(index, nodes)
			if onDemand.Rate().Times(hours).Cmp(month) <= 0 {
				break
			}
			covered, kept = covered.Add(hours), kept+1
		}
	}
	if kept > 0 {
		r := hourly(kept, to.plural)
		r.zone, r.assumed, r.note = u.zone, u.assumed, to.note
		if to.title != "" {
			r.title = name + " " + to.title
			r.why += ", at the price of a standard reservation"
		}
		r.why += ", for nodes that run so much that it pays"
		e.add(group.Resource, to.item, name, r)
	}
	rest := e.fleet.nodes(index)
	u.quantity, u.rate = u.quantity.Sub(covered), func(m moment) decimal.Decimal {
		return decimal.Max(decimal.Zero, rest(m).Sub(decimal.NewFromInt(kept)))
	}
	u.why += fmt.Sprintf(", without the %d that are committed to", kept)
	e.add(group.Resource, pricing.EC2OnDemandHour, name, u)
}

func (e *estimate) regionOf(r inventory.Resource) string {
	if r.Region != "" {
		return r.Region
	}
	return e.region
}
