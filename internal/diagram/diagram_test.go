package diagram

import (
	"compress/gzip"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"coderaws/internal/configuration"
	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/svg"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the expected pictures in testdata; such a run never passes")

// TestShop holds the picture of Terraform that is not ours to the one in testdata, which somebody has looked at.
func TestShop(t *testing.T) {
	shop := filepath.Join("..", "inventory", "testdata", "shop")
	written, err := configuration.Load(shop, shop)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := inventory.Read(read(t, filepath.Join(shop, "made.json.gz")), written)
	if err != nil {
		t.Fatal(err)
	}
	got := Draw([]Picture{{Title: "shop", Inventory: inv}})
	file := filepath.Join("testdata", "shop.svg")
	want, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("picture (-want +got):\n%s", diff)
	}
	if err := legible(got); err != nil {
		t.Error(err)
	}
}

func read(t testing.TB, name string) *plan.Plan {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	p, refused := plan.Decode(text)
	if refused != nil {
		t.Fatal(refused)
	}
	return p
}

// TestLegible: whatever there is to draw, all is on the paper, no text runs into another, and everything that has an address is drawn or
// counted.
func TestLegible(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		inv := drawInventory(rt)
		picture := Draw([]Picture{{Title: word(rt, "title"), Inventory: inv}})
		if err := legible(picture); err != nil {
			rt.Fatal(err)
		}
		for _, group := range inv.NodeGroups {
			if !strings.Contains(picture, "<title>"+group.Address+"</title>") {
				rt.Fatalf("%s is not drawn", group.Address)
			}
		}
		if picture != Draw([]Picture{{Title: titleOf(picture), Inventory: inv}}) {
			rt.Fatal("the same inventory gives another picture")
		}
	})
}

func titleOf(picture string) string {
	_, rest, _ := strings.Cut(picture, `<title id="title">`)
	title, _, _ := strings.Cut(rest, "</title>")
	return title
}

func word(t *rapid.T, label string) string {
	return rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9_. -]{0,50}`).Draw(t, label)
}

// drawInventory draws any number of networks, zones and subnets, with groups of nodes in any of them.
func drawInventory(t *rapid.T) *inventory.Inventory {
	inv := &inventory.Inventory{}
	if rapid.Bool().Draw(t, "a region") {
		inv.Regions = []string{"eu-west-1"}
	}
	region := strings.Join(inv.Regions, "")
	kinds := []inventory.SubnetKind{inventory.Public, inventory.Private, inventory.Isolated}
	for v := range rapid.IntRange(0, 2).Draw(t, "networks") {
		vpc := inventory.VPC{Resource: inventory.Resource{Address: fmt.Sprintf("aws_vpc.v%d", v), Name: word(t, "name"), Region: region},
			CIDRs: []string{"10.0.0.0/16"}}
		inv.VPCs = append(inv.VPCs, vpc)
		if rapid.Bool().Draw(t, "gateway") {
			inv.InternetGateways = append(inv.InternetGateways, inventory.InternetGateway{VPC: vpc.Address})
		}
		zones := rapid.IntRange(0, 6).Draw(t, "zones")
		for band := range rapid.IntRange(0, 4).Draw(t, "bands") {
			for zone := range zones {
				if rapid.IntRange(0, 5).Draw(t, "missing") == 0 {
					continue
				}
				subnet := inventory.Subnet{
					Resource: inventory.Resource{Address: fmt.Sprintf("aws_subnet.v%db%d[%d]", v, band, zone), Region: region}, VPC: vpc.Address,
					CIDR: fmt.Sprintf("10.100.%d.0/24", zone), Kind: kinds[band%3],
				}
				if zone < 5 {
					subnet.Zone = "eu-west-1" + string(rune('a'+zone))
				}
				inv.Subnets = append(inv.Subnets, subnet)
			}
		}
	}
	for g := range rapid.IntRange(0, 6).Draw(t, "groups") {
		group := inventory.NodeGroup{
			Resource: inventory.Resource{Address: fmt.Sprintf("aws_eks_node_group.g%d", g), Name: word(t, "group"), Region: region},
			Min:      plan.Known(g), Max: plan.Known(g * 10),
			InstanceTypes: rapid.SliceOfN(rapid.SampledFrom([]string{"m5.2xlarge", "m7i-flex.24xlarge"}), 0, 5).Draw(t, "types"),
		}
		for _, subnet := range inv.Subnets {
			if rapid.IntRange(0, 2).Draw(t, "in") == 0 {
				group.Subnets = append(group.Subnets, subnet.Address)
			}
		}
		inv.NodeGroups = append(inv.NodeGroups, group)
	}
	if len(inv.Subnets) > 0 && rapid.Bool().Draw(t, "load balancer") {
		subnet := rapid.SampledFrom(inv.Subnets).Draw(t, "its subnet")
		inv.LoadBalancers = append(inv.LoadBalancers, inventory.LoadBalancer{
			Resource: inventory.Resource{Name: word(t, "lb"), Region: region}, Kind: "network", Subnets: []string{subnet.Address},
			Zones: []string{subnet.Zone}, Internal: plan.Known(rapid.Bool().Draw(t, "internal")),
		})
	}
	for k := range rapid.IntRange(0, 3).Draw(t, "keys") {
		inv.Keys = append(inv.Keys, inventory.Key{Resource: inventory.Resource{Address: fmt.Sprint(k), Region: region},
			Description: word(t, "key")})
	}
	return inv
}

// box is where a text stands.
type box struct {
	text                     string
	left, right, top, bottom float64
}

// legible finds what reaches over the paper, and texts that run into one another.
func legible(picture string) error {
	decoder := xml.NewDecoder(strings.NewReader(picture))
	width, height := 0.0, 0.0
	var boxes []box
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		number, words := map[string]float64{}, map[string]string{}
		for _, attribute := range element.Attr {
			number[attribute.Name.Local], _ = strconv.ParseFloat(attribute.Value, 64)
			words[attribute.Name.Local] = attribute.Value
		}
		switch element.Name.Local {
		case "svg":
			width, height = number["width"], number["height"]
		case "rect":
			if number["x"] < 0 || number["y"] < 0 || number["x"]+number["width"] > width || number["y"]+number["height"] > height {
				return fmt.Errorf("a rectangle at %v reaches over the paper of %v x %v", number, width, height)
			}
		case "text":
			var text string
			if err := decoder.DecodeElement(&text, &element); err != nil {
				return err
			}
			boxes = append(boxes, boxOf(text, number, words))
		}
	}
	for i, a := range boxes {
		if a.left < 0 || a.right > width || a.bottom > height {
			return fmt.Errorf("the text %q reaches over the paper", a.text)
		}
		for _, b := range boxes[:i] {
			if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
				return fmt.Errorf("the texts %q and %q run into one another", a.text, b.text)
			}
		}
	}
	return nil
}

func boxOf(text string, number map[string]float64, words map[string]string) box {
	size := number["font-size"]
	room := svg.Width(text, svg.Type{Size: size, Bold: words["font-weight"] != ""})
	b := box{text: text, left: number["x"], top: number["y"] - size*0.75, bottom: number["y"] + size*0.2}
	switch words["text-anchor"] {
	case "end":
		b.left -= room
	case "middle":
		b.left -= room / 2
	}
	b.right = b.left + room
	return b
}
