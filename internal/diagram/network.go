package diagram

import (
	"math"
	"slices"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/svg"
)

const (
	zoneGap    = 14.0
	zonePad    = 10.0
	zoneHead   = 30.0
	subnetHead = 40.0
	subnetGap  = 12.0
	cardGap    = 8.0
	netHead    = 40.0
	edgeSpace  = 26.0
)

// network is a VPC laid out: what stands at its edge, and a grid of zones and bands of subnets.
type network struct {
	vpc     inventory.VPC
	gateway *inventory.InternetGateway
	zones   []string
	column  float64
	// edge are the load balancers and control planes, above the zones that they serve.
	edge []*item
	// bands are the rows of the grid.
	bands []*band
	// foot are the endpoints that are in no subnet.
	foot          []card
	width, height float64
}

// band is one row of the grid: the subnets that one block makes, one for each zone as a rule.
type band struct {
	name string
	kind inventory.SubnetKind
	// subnets are those of each column.
	subnets [][]inventory.Subnet
	// exits say where the subnets of each column lead out.
	exits  []string
	items  []*item
	height float64
}

// item is a card in a band, over one or more columns.
type item struct {
	card
	from, to int
	row      int
}

func newNetwork(inv *inventory.Inventory, vpc inventory.VPC, placed map[string]bool) *network {
	n := &network{vpc: vpc}
	var subnets []inventory.Subnet
	for _, subnet := range inv.Subnets {
		if subnet.VPC == vpc.Address || vpc.Address == "" && subnet.VPC == vpc.Name {
			subnets = append(subnets, subnet)
		}
	}
	n.zones = sortedZones(subnets)
	n.column = columnWidth(len(n.zones))
	for i, gateway := range inv.InternetGateways {
		if gateway.VPC == vpc.Address && vpc.Address != "" {
			n.gateway = &inv.InternetGateways[i]
		}
	}
	n.bands = bandsOf(inv, subnets, n.zones)
	n.place(inv, placed)
	n.layout()
	return n
}

// columnWidth gives few zones more room than many.
func columnWidth(zones int) float64 {
	switch {
	case zones <= 2:
		return 320
	case zones == 3:
		return 272
	default:
		return 224
	}
}

// bandsOf puts subnets into rows: those of one block and one kind, the public ones first.
func bandsOf(inv *inventory.Inventory, subnets []inventory.Subnet, zones []string) []*band {
	var bands []*band
	index := map[string]*band{}
	for _, subnet := range subnets {
		block := plan.Block(subnet.Address)
		key := block + string(subnet.Kind)
		b := index[key]
		if b == nil {
			b = &band{
				name: block[strings.LastIndexByte(block, '.')+1:], kind: subnet.Kind,
				subnets: make([][]inventory.Subnet, len(zones)), exits: make([]string, len(zones)),
			}
			index[key] = b
			bands = append(bands, b)
		}
		column := slices.Index(zones, subnet.Zone)
		b.subnets[column] = append(b.subnets[column], subnet)
		b.exits[column] = exit(inv, subnet)
	}
	order := []inventory.SubnetKind{inventory.Public, inventory.Private, inventory.Isolated}
	slices.SortStableFunc(bands, func(a, b *band) int { return slices.Index(order, a.kind) - slices.Index(order, b.kind) })
	return bands
}

// exit words where a subnet's default route leads.
func exit(inv *inventory.Inventory, subnet inventory.Subnet) string {
	switch subnet.Kind {
	case inventory.Public:
		return "open to the internet"
	case inventory.Isolated:
		return "no route to the internet"
	}
	for _, table := range inv.RouteTables {
		if table.Address != subnet.RouteTable {
			continue
		}
		for _, route := range table.Routes {
			if route.Destination != "0.0.0.0/0" {
				continue
			}
			for _, nat := range inv.NATGateways {
				if nat.Address == route.Target && nat.Zone != "" {
					return "out by NAT in " + nat.Zone
				}
			}
			return "out by " + inventory.ShortType(route.Kind)
		}
	}
	return "out by another network"
}

// has tells whether a subnet is in the band.
func (b *band) has(address string) bool {
	for _, column := range b.subnets {
		for _, subnet := range column {
			if subnet.Address == address {
				return true
			}
		}
	}
	return false
}

// layout works out all lengths.
func (n *network) layout() {
	n.width = 2*pad + float64(max(len(n.zones), 1))*(n.column+zoneGap) - zoneGap
	if len(n.zones) == 0 {
		n.width = 2*pad + 320
	}
	n.height = n.edgeTop() + n.edgeHeight()
	if len(n.zones) > 0 {
		n.height += zoneHead + zonePad
		for _, b := range n.bands {
			b.layout(n.column)
			n.height += b.height + subnetGap
		}
	}
	if len(n.foot) > 0 {
		n.height += n.footHeight() + cardGap
	}
	n.height += pad - 4
}

// edgeTop is where the things at the edge begin, below the network's top.
func (n *network) edgeTop() float64 {
	if n.hasGateway() {
		return netHead + edgeSpace - 8
	}
	return netHead
}

func (n *network) edgeHeight() float64 {
	height := 0.0
	for _, row := range rowHeights(n.edge, n.over) {
		height += row + cardGap
	}
	if height > 0 {
		height += 6
	}
	return height
}

// over is the width of a card over whole columns.
func (n *network) over(it *item) float64 {
	return float64(it.to-it.from+1)*(n.column+zoneGap) - zoneGap
}

// left is where a column begins, from the network's left.
func (n *network) left(column int) float64 { return pad + float64(column)*(n.column+zoneGap) }

func (n *network) footHeight() float64 {
	height := 0.0
	for _, k := range n.foot {
		height = math.Max(height, k.height(n.footWidth()))
	}
	return height
}

func (n *network) footWidth() float64 {
	count := float64(len(n.foot))
	return math.Min((n.width-2*pad-(count-1)*cardGap)/count, n.column)
}

func (n *network) hasGateway() bool { return n.gateway != nil }

// edgeCenter is where people come in, from the network's left: above the first load balancer, or else in the middle.
func (n *network) edgeCenter() float64 {
	if len(n.edge) == 0 {
		return n.width / 2
	}
	return n.left(n.edge[0].from) + n.over(n.edge[0])/2
}

func (n *network) draw(c *svg.Canvas, x, y float64) {
	name := strings.TrimSpace("VPC " + n.vpc.Name)
	c.Group(or(n.vpc.Address, name), func() {
		c.Rect(x, y, n.width, n.height, svg.Look{Fill: vpcFill, Stroke: vpcLine, Radius: 8, StrokeWidth: 1.5})
		n.drawTitle(c, x, y, name)
	})
	if n.hasGateway() {
		n.drawGateway(c, x+n.edgeCenter(), y)
	}
	at := y + n.edgeTop()
	drawItems(c, n.edge, at, func(it *item) (float64, float64) { return x + n.left(it.from), n.over(it) })
	at += n.edgeHeight()
	if len(n.zones) > 0 {
		at = n.drawZones(c, x, at)
	}
	for i, k := range n.foot {
		k.draw(c, x+pad+float64(i)*(n.footWidth()+cardGap), at, n.footWidth(), n.footHeight())
	}
}

// drawTitle writes name and addresses, on the side where the way in leaves room.
func (n *network) drawTitle(c *svg.Canvas, x, y float64, name string) {
	cidrs := strings.Join(n.vpc.CIDRs, ", ")
	if n.vpc.Address == "" {
		cidrs = "is there already: the plan only uses it"
	}
	room := n.width - 2*pad
	right := n.edgeCenter() < n.width/2-1
	if n.hasGateway() && len(n.edge) > 0 {
		room = math.Max(n.edgeCenter(), n.width-n.edgeCenter()) - pad - 90
	}
	head := headType(vpcLine)
	name = svg.Fit(name, head, room)
	cidrs = svg.Fit(cidrs, textType, math.Max(room-svg.Width(name, head)-8, 0))
	if right {
		t := textType
		t.Anchor, head.Anchor = "end", "end"
		c.Text(x+n.width-pad, y+24, t, cidrs)
		c.Text(x+n.width-pad-svg.Width(cidrs, textType)-8, y+24, head, name)
		return
	}
	c.Text(x+pad, y+24, head, name)
	c.Text(x+pad+svg.Width(name, head)+8, y+24, textType, cidrs)
}

// drawGateway draws the internet gateway on the network's upper edge.
func (n *network) drawGateway(c *svg.Canvas, center, y float64) {
	const label = "Internet gateway"
	wide := svg.Width(label, strongType) + 28
	c.Group(n.gateway.Address, func() {
		c.Rect(center-wide/2, y-gatewayHeight/2, wide, gatewayHeight, svg.Look{Fill: paper, Stroke: vpcLine, Radius: 13, StrokeWidth: 1.5})
		t := headType(vpcLine)
		t.Size, t.Anchor = 12, "middle"
		c.Text(center, y+4.5, t, label)
	})
}
