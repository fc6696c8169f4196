package diagram

import (
	"math"
	"slices"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/svg"
)

// place puts what is in the network's subnets into its bands, and notes what was placed.
func (n *network) place(inv *inventory.Inventory, placed map[string]bool) {
	for _, lb := range inv.LoadBalancers {
		if n.holds(lb.Subnets) {
			n.edge = append(n.edge, n.atEdge(loadBalancerCard(lb), lb.Subnets))
			placed[lb.Address] = true
		}
	}
	for _, cluster := range inv.Clusters {
		if n.holds(cluster.Subnets) {
			n.edge = append(n.edge, n.atEdge(clusterCard(cluster), cluster.Subnets))
			placed[cluster.Address] = true
		}
	}
	for _, nat := range inv.NATGateways {
		n.put(nat.Address, natCard(nat), []string{nat.Subnet}, placed)
	}
	for _, group := range inv.NodeGroups {
		n.put(group.Address, nodeGroupCard(group), group.Subnets, placed)
	}
	for _, instance := range inv.Instances {
		n.put(instance.Address, instanceCard(instance), []string{instance.Subnet}, placed)
	}
	for _, database := range inv.Databases {
		n.put(database.Address, databaseCard(database), database.Subnets, placed)
		for _, instance := range database.Instances {
			if instance.Type == "aws_rds_cluster_instance" {
				n.put(instance.Address, databaseInstanceCard(instance), inZone(inv, database.Subnets, instance.Zone), placed)
			}
		}
	}
	for _, endpoint := range inv.Endpoints {
		if len(endpoint.Subnets) > 0 {
			n.put(endpoint.Address, endpointCard(endpoint), endpoint.Subnets, placed)
		} else if endpoint.VPC == n.vpc.Address || endpoint.VPC == n.vpc.Name {
			k := endpointCard(endpoint)
			k.lines = []string{"a gateway in the route tables"}
			n.foot = append(n.foot, k)
			placed[endpoint.Address] = true
		}
	}
	pack(n.edge, len(n.zones))
	for _, b := range n.bands {
		pack(b.items, len(n.zones))
	}
}

// atEdge places a card above the columns that hold any of its subnets.
func (n *network) atEdge(k card, subnets []string) *item {
	it := &item{card: k, from: -1}
	for _, b := range n.bands {
		for _, span := range b.spans(subnets) {
			if it.from < 0 || span[0] < it.from {
				it.from = span[0]
			}
			it.to = max(it.to, span[1])
		}
	}
	return it
}

// inZone are those of some subnets that are in a zone; all, if the zone is not known.
func inZone(inv *inventory.Inventory, subnets []string, zone string) []string {
	var kept []string
	for _, subnet := range inv.Subnets {
		if slices.Contains(subnets, subnet.Address) && subnet.Zone == zone {
			kept = append(kept, subnet.Address)
		}
	}
	if zone == "" || len(kept) == 0 {
		return subnets
	}
	return kept
}

// holds tells whether any of the subnets is in the network.
func (n *network) holds(subnets []string) bool {
	for _, b := range n.bands {
		if slices.ContainsFunc(subnets, b.has) {
			return true
		}
	}
	return false
}

// put places a card in the band that holds most of its subnets, over the columns of these.
func (n *network) put(address string, k card, subnets []string, placed map[string]bool) {
	var best *band
	most := 0
	for _, b := range n.bands {
		count := 0
		for _, subnet := range subnets {
			if b.has(subnet) {
				count++
			}
		}
		if count > most {
			best, most = b, count
		}
	}
	if best == nil {
		return
	}
	placed[address] = true
	for _, span := range best.spans(subnets) {
		best.items = append(best.items, &item{card: k, from: span[0], to: span[1]})
	}
}

// spans are the runs of neighbouring columns that hold any of the subnets.
func (b *band) spans(subnets []string) [][2]int {
	var spans [][2]int
	for column, own := range b.subnets {
		if !slices.ContainsFunc(own, func(s inventory.Subnet) bool { return slices.Contains(subnets, s.Address) }) {
			continue
		}
		if last := len(spans) - 1; last >= 0 && spans[last][1] == column-1 {
			spans[last][1] = column
		} else {
			spans = append(spans, [2]int{column, column})
		}
	}
	return spans
}

// pack gives each item the first row in which all its columns are free, below what came before it.
func pack(items []*item, columns int) {
	free := make([]int, columns)
	for _, it := range items {
		for column := it.from; column <= it.to; column++ {
			it.row = max(it.row, free[column])
		}
		for column := it.from; column <= it.to; column++ {
			free[column] = it.row + 1
		}
	}
}

// rowHeights are the heights of the rows of items, whose widths depend on where they are.
func rowHeights(items []*item, width func(*item) float64) []float64 {
	var rows []float64
	for _, it := range items {
		for len(rows) <= it.row {
			rows = append(rows, 0)
		}
		rows[it.row] = math.Max(rows[it.row], it.height(width(it)))
	}
	return rows
}

// drawItems draws items in their rows. at says where an item begins and how wide it is.
func drawItems(c *svg.Canvas, items []*item, y float64, at func(*item) (x, width float64)) {
	rows := rowHeights(items, func(it *item) float64 {
		_, width := at(it)
		return width
	})
	for _, it := range items {
		top := y
		for _, height := range rows[:it.row] {
			top += height + cardGap
		}
		x, width := at(it)
		it.draw(c, x, top, width, rows[it.row])
	}
}

// inside is the width of a card in the subnets of its columns.
func inside(it *item, column float64) float64 {
	return float64(it.to-it.from+1)*(column+zoneGap) - zoneGap - 4*zonePad
}

// stack is how many subnets the fullest column of a band has.
func (b *band) stack() int {
	most := 1
	for _, column := range b.subnets {
		most = max(most, len(column))
	}
	return most
}

func (b *band) layout(column float64) {
	b.height = subnetHead + 18*float64(b.stack()-1) + 2
	for _, height := range rowHeights(b.items, func(it *item) float64 { return inside(it, column) }) {
		b.height += height + cardGap
	}
}

// kindLooks are the colours of the kinds of subnets.
var kindLooks = map[inventory.SubnetKind][2]string{
	inventory.Public: {publicC, publicF}, inventory.Private: {privateC, privateF}, inventory.Isolated: {isolatedC, isolatedF},
}

// drawZones draws the grid and returns where it ends.
func (n *network) drawZones(c *svg.Canvas, x, y float64) float64 {
	height := zoneHead + zonePad - 2
	for _, b := range n.bands {
		height += b.height + subnetGap
	}
	left := func(column int) float64 { return x + n.left(column) }
	for i, zone := range n.zones {
		label := "Availability zone"
		if zone == "" {
			label = "A zone that AWS chooses"
		}
		c.Rect(left(i), y, n.column, height-subnetGap+zonePad-4, svg.Look{Fill: zoneFill, Stroke: zoneLine, Dash: "5 4", Radius: 8})
		t := faintType
		c.Text(left(i)+zonePad+2, y+20, t, label)
		c.Text(left(i)+zonePad+8+svg.Width(label, t), y+20, strongType, svg.Fit(zone, strongType, n.column-2*zonePad-8-svg.Width(label, t)))
	}
	at := y + zoneHead
	for _, b := range n.bands {
		b.draw(c, at, n.column, left)
		at += b.height + subnetGap
	}
	return at + zonePad
}

func (b *band) draw(c *svg.Canvas, y, column float64, left func(int) float64) {
	look := kindLooks[b.kind]
	for i, subnets := range b.subnets {
		if len(subnets) == 0 {
			continue
		}
		var tips []string
		for _, subnet := range subnets {
			tips = append(tips, subnet.Address)
		}
		c.Group(strings.Join(tips, ", "), func() {
			x, width := left(i)+zonePad, column-2*zonePad
			c.Rect(x, y, width, b.height, svg.Look{Fill: look[1], Stroke: look[0], Radius: 6})
			name, way := string(b.kind), b.exits[i]
			if b.name != name && b.name != "this" {
				name, way = b.name, name+": "+way
			}
			cidr := textType
			cidr.Anchor = "end"
			room := width - 2*cardPad
			for j, subnet := range subnets {
				c.Text(x+width-cardPad, y+17+18*float64(j), cidr, subnet.CIDR)
				room = math.Min(room, width-2*cardPad-svg.Width(subnet.CIDR, cidr)-6)
			}
			c.Text(x+cardPad, y+17, headType(look[0]), svg.Fit(name, headType(look[0]), room))
			c.Text(x+cardPad, y+32, faintType, svg.Fit(way, faintType, width-2*cardPad))
		})
	}
	top := y + subnetHead + 18*float64(b.stack()-1)
	drawItems(c, b.items, top, func(it *item) (float64, float64) { return left(it.from) + 2*zonePad, inside(it, column) })
}
