package deployment

import (
	"strings"
	"testing"
)

// TestRangesOfConnections: what another network may be said to have, where nothing shall have a way to the internet.
func TestRangesOfConnections(t *testing.T) {
	s, err := readSchema(repository())
	if err != nil {
		t.Fatal(err)
	}
	const public = "a public one is a way to the internet"
	for _, test := range []struct {
		name, cidrs, more string
		refused           string
	}{
		{"private ranges", `"10.100.0.0/16", "172.16.0.0/12", "172.31.8.0/24", "192.168.0.0/16", "192.168.4.0/22"`, "", ""},
		{"ranges that carriers share, as some connected networks use them", `"100.64.0.0/10", "100.127.0.0/16"`, "", ""},
		{"public ranges of one's own", `"198.18.0.0/15", "8.8.8.0/24"`, "owns_public_cidrs = true, ", ""},
		{"a public range", `"8.8.8.0/24"`, "", public},
		{"a range that is private in part", `"192.168.0.0/13"`, "", public},
		{"what comes after 172.31", `"172.32.0.0/16"`, "", public},
		{"what comes before what carriers share", `"100.0.0.0/10"`, "", public},
		{"this link, whoever owns it", `"169.254.0.0/16"`, "owns_public_cidrs = true, ", "of this link (169.254.0.0/16)"},
		{"multicast", `"224.0.0.0/8"`, "owns_public_cidrs = true, ", "of this link (169.254.0.0/16)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, list := s.check("us-east-1.tfvars", "us-east-1", []byte(head+"deployment_features = { private_egress = true }\n"+
				"network = { connections = { agency = { "+test.more+`transit_gateway_id = "tgw-0123456789abcdef0", cidrs = [`+test.cidrs+"] } } }\n"))
			var about []string
			for _, d := range list {
				if strings.Contains(d.Why, "cidrs of network.connections") {
					about = append(about, d.Why)
				}
			}
			switch {
			case test.refused == "" && len(about) > 0:
				t.Errorf("refused: %v", about)
			case test.refused != "" && !strings.Contains(strings.Join(about, "\n"), test.refused):
				t.Errorf("no finding says %q: %v", test.refused, about)
			}
		})
	}
}
