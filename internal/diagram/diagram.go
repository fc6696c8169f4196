// Package diagram draws an inventory as a picture: the region, its networks with their zones as columns and their subnets as rows, what
// is in them, and what is beside them; and the ways out of a network that shall have no others. It draws what the inventory and the report
// on these ways say and works out nothing about AWS by itself. The command line imports it; it imports internal/inventory, internal/egress
// and internal/svg.
package diagram

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"coderaws/internal/egress"
	"coderaws/internal/inventory"
	"coderaws/internal/svg"
)

// Picture is one inventory to draw, with what it is called.
type Picture struct {
	Title     string
	Inventory *inventory.Inventory
	// Egress is what may leave the network; nil where that is not drawn.
	Egress *egress.Report
}

// Draw draws pictures below one another as one SVG file. The same inventories give the same file.
func Draw(pictures []Picture) string {
	var regions []*region
	width, height := 0.0, margin
	for _, picture := range pictures {
		for i, name := range regionsOf(picture.Inventory) {
			r := newRegion(picture, name, i == 0)
			regions = append(regions, r)
			width = math.Max(width, r.width+2*margin)
			height += r.height + margin
		}
	}
	c := &svg.Canvas{}
	c.Rect(0.5, 0.5, width-1, height-1, svg.Look{Fill: paper, Stroke: frame, Radius: 8})
	y := margin
	for _, r := range regions {
		r.draw(c, margin, y)
		y += r.height + margin
	}
	return c.Document(width, height, pictures[0].Title, describe(pictures))
}

// regionsOf are the regions to draw; one without a name, if nothing says where it is.
func regionsOf(inv *inventory.Inventory) []string {
	if len(inv.Regions) == 0 {
		return []string{""}
	}
	return inv.Regions
}

// region is one region laid out.
type region struct {
	title, name   string
	nets          []*network
	panel         *panel
	ways          *ways
	waysTop       float64
	users         string
	netWidth      float64
	width, height float64
}

func newRegion(picture Picture, name string, first bool) *region {
	inv := picture.Inventory
	r := &region{title: picture.Title, name: name, users: usersOf(inv, name)}
	placed := map[string]bool{}
	for _, vpc := range inv.VPCs {
		if vpc.Region == name || vpc.Region == "" && first {
			r.nets = append(r.nets, newNetwork(inv, vpc, placed))
		}
	}
	r.panel = newPanel(inv, name, first, placed)
	netsHeight := 0.0
	for _, net := range r.nets {
		r.netWidth = math.Max(r.netWidth, net.width)
		netsHeight += net.height + gap
	}
	body := math.Max(netsHeight-gap, r.panel.height)
	r.width = 2*pad + r.panel.width
	if r.netWidth > 0 {
		r.width += r.netWidth + pad
	}
	r.height = titleHeight + usersHeight + regionHead + body + pad
	if !first {
		return r
	}
	if r.ways = newWays(picture.Egress, inv, r.width-2*pad); r.ways != nil {
		r.width = r.ways.width + 2*pad
		r.waysTop = r.height
		r.height += r.ways.height + pad
	}
	return r
}

// usersOf says who comes in, and from where; empty if there is no load balancer to come to.
func usersOf(inv *inventory.Inventory, region string) string {
	users := ""
	for _, lb := range inv.LoadBalancers {
		if lb.Region != region && lb.Region != "" {
			continue
		}
		if !lb.Internal.Else(false, false) {
			return "Users on the internet"
		}
		users = "Users in private networks"
	}
	return users
}

func (r *region) draw(c *svg.Canvas, x, y float64) {
	c.Text(x, y+18, titleType, svg.Fit(r.title, titleType, r.width))
	top := y + titleHeight + usersHeight
	name := r.name
	if name == "" {
		name = "a region that the plan does not name"
	}
	c.Group("AWS region "+name, func() {
		c.Rect(x, top, r.width, r.height-titleHeight-usersHeight, svg.Look{Fill: regionFill, Stroke: regionLine, Dash: "6 4", Radius: 10})
		// On the side that leaves room for the way in.
		at := x + pad
		if len(r.nets) > 0 && r.nets[0].edgeCenter() < r.nets[0].width/2-1 {
			at = x + r.width - pad - svg.Width("AWS region", headType(regionLine)) - 4 - svg.Width(name, textType)
		}
		c.Text(at, top+22, headType(regionLine), "AWS region")
		c.Text(at+svg.Width("AWS region", headType(regionLine))+4, top+22, textType, name)
	})
	netTop := top + regionHead
	at := netTop
	for i, net := range r.nets {
		net.draw(c, x+pad, at)
		if i == 0 && r.users != "" {
			r.drawUsers(c, x, y+titleHeight, net, at)
		}
		at += net.height + gap
	}
	panelX := x + pad
	if len(r.nets) > 0 {
		panelX += r.netWidth + pad
	}
	r.panel.draw(c, panelX, netTop)
	if r.ways != nil {
		r.ways.draw(c, x+pad, y+r.waysTop)
	}
}

// drawUsers draws where people come from, and their way to the load balancer.
func (r *region) drawUsers(c *svg.Canvas, x, y float64, net *network, netTop float64) {
	center := x + pad + net.edgeCenter()
	wide := svg.Width(r.users, strongType) + 36
	c.Group(r.users, func() {
		c.Rect(center-wide/2, y, wide, 30, svg.Look{Fill: ink, Radius: 15})
		white := strongType
		white.Fill, white.Anchor = paper, "middle"
		c.Text(center, y+20, white, r.users)
	})
	bottom := netTop - gatewayHeight/2
	if !net.hasGateway() || strings.Contains(r.users, "private") {
		bottom = netTop + net.edgeTop()
	}
	arrow(c, center, y+30, bottom)
	if bottom < netTop {
		arrow(c, center, netTop+gatewayHeight/2, netTop+net.edgeTop())
	}
}

// arrow draws a way down.
func arrow(c *svg.Canvas, x, from, to float64) {
	c.Line(x, from, x, to-6, svg.Look{Stroke: ink, StrokeWidth: 1.5})
	c.Path(fmt.Sprintf("M %.1f %.1f l -4.5 -8 h 9 z", x, to), svg.Look{Fill: ink})
}

// describe tells the picture in words.
func describe(pictures []Picture) string {
	var b strings.Builder
	for _, picture := range pictures {
		inv := picture.Inventory
		for _, vpc := range inv.VPCs {
			var parts []string
			for _, kind := range []inventory.SubnetKind{inventory.Public, inventory.Private, inventory.Isolated} {
				count := 0
				for _, subnet := range inv.Subnets {
					if subnet.VPC == vpc.Address && subnet.Kind == kind {
						count++
					}
				}
				if count > 0 {
					parts = append(parts, fmt.Sprintf("%s %s", plural(count, string(kind)+" subnet"), ""))
				}
			}
			for i := range parts {
				parts[i] = strings.TrimSpace(parts[i])
			}
			fmt.Fprintf(&b, "VPC %s %s with %s. ", vpc.Name, strings.Join(vpc.CIDRs, ", "), strings.Join(parts, ", "))
		}
		for _, group := range inv.NodeGroups {
			fmt.Fprintf(&b, "Node group %s: %s, %s. ", group.Name, strings.Join(group.InstanceTypes, ", "), nodes(group))
		}
		for _, database := range inv.Databases {
			fmt.Fprintf(&b, "Database %s with %s. ", database.Name, plural(len(database.Instances), "instance"))
		}
		if picture.Egress != nil {
			fmt.Fprintf(&b, "Ways out of the network: %s. ", wayCounts(picture.Egress))
		}
	}
	return strings.TrimSpace(b.String())
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sortedZones are the zones of a network's subnets; the empty one, which AWS chooses, is last.
func sortedZones(subnets []inventory.Subnet) []string {
	var zones []string
	for _, subnet := range subnets {
		if !slices.Contains(zones, subnet.Zone) {
			zones = append(zones, subnet.Zone)
		}
	}
	slices.SortFunc(zones, func(a, b string) int {
		if (a == "") != (b == "") {
			return strings.Compare(b, a)
		}
		return strings.Compare(a, b)
	})
	return zones
}
