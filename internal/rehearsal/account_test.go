package rehearsal_test

import (
	"testing"
	"time"

	"coderaws/internal/account"
	"coderaws/internal/rehearsal"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

// The quotas of room.
var (
	vcpus     = world.Quota{Code: "L-1216C47A", Service: "ec2", Name: "Standard instances", Default: 5, Granted: true}
	addresses = world.Quota{Code: "L-0263D0A3", Service: "ec2", Name: "Elastic IPs", Default: 5}
)

// room is an account in which nothing is used.
func room() *account.Snapshot {
	return &account.Snapshot{
		Format: account.Format, Account: "111122223333", Global: account.Part{Names: map[string][]string{}},
		HostedZones: []account.HostedZone{{Name: "example.com", ID: "Z1", NameServers: []string{"ns-1.awsdns-00.com", "ns-2.awsdns-00.net"}}},
		Regions: map[string]*account.Region{"us-east-1": {
			Part: account.Part{
				Quotas: map[string]float64{vcpus.Code: 100, addresses.Code: 5}, Usage: map[string]map[string]float64{addresses.Code: {}},
				Names: map[string][]string{},
			},
			Zones:  []account.Zone{{Name: "us-east-1a", ID: "use1-az1"}, {Name: "us-east-1b", ID: "use1-az2"}},
			Offers: map[string][]string{"m5a.large": {"use1-az1"}},
		}},
	}
}

// TestFurnish is what a world knows of an account that it plays, as a new deployment and as one that exists there already meet it.
func TestFurnish(t *testing.T) {
	for _, test := range []struct {
		name string
		own  map[string]bool
		// mayUse is up to how many elastic IPs of the account's five may be used, and taken whether names are.
		mayUse float64
		taken  bool
	}{
		{name: "a new deployment", mayUse: 2, taken: true},
		{name: "one that exists there", own: map[string]bool{"us-east-1": true}, mayUse: 5},
		{name: "one that exists elsewhere", own: map[string]bool{"us-east-1": false}, mayUse: 2, taken: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := room()
			s.Regions["us-east-1"].Usage[addresses.Code][""] = 3
			s.Regions["us-east-1"].Names["aws_eks_cluster"] = []string{"coder"}
			s.Global.Names["aws_iam_role"] = []string{"coder-node"}
			s.HostedZones = append(s.HostedZones, account.HostedZone{Name: "example.com", ID: "Z2", NameServers: []string{"ns-9.awsdns-09.org"}},
				account.HostedZone{Name: "internal", ID: "Z3", Private: true})
			s.Policies = []string{"arn:aws:iam::111122223333:policy/lz/boundary"}
			target := rehearsal.NewIn(s.Account, "", time.Now)
			if err := target.Furnish(s, test.own); err != nil {
				t.Fatal(err)
			}
			w := target.World()
			if !w.Use(addresses, "us-east-1", "", test.mayUse) || w.Use(addresses, "us-east-1", "", test.mayUse+1) {
				t.Errorf("not exactly %v elastic IPs may be used", test.mayUse)
			}
			if w.Use(vcpus, "us-east-1", "", 101) {
				t.Error("more vCPUs are granted than the account has")
			}
			if w.NameTaken("aws_eks_cluster", "us-east-1", "coder", false) != test.taken ||
				w.NameTaken("aws_iam_role", "aws-global", "coder-node", false) != test.taken {
				t.Errorf("names are taken is not %v", test.taken)
			}
			if w.ZoneID("us-east-1", "us-east-1a") != "use1-az1" || w.ZoneID("us-east-1", "us-east-1c") != "" ||
				w.Offered("us-east-1", "m5a.large", "use1-az2") {
				t.Error("zones or offers are not the account's")
			}
			if diff := cmp.Diff(s.Policies, listed(w, "aws_iam_policy")); diff != "" {
				t.Errorf("policies, such as a permissions boundary (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(map[string]any{"Z1": "ns-1.awsdns-00.com", "Z2": "ns-9.awsdns-09.org"}, hostedZones(w)); diff != "" {
				t.Errorf("public hosted zones with their first name servers (-want +got):\n%s", diff)
			}
		})
	}
}

// listed are the ids of what a world has of a type.
func listed(w *world.World, typ string) (ids []string) {
	_ = w.Do(func() error { // looking cannot fail
		for _, r := range w.List(func(r *world.Resource) bool { return r.Type == typ }) {
			ids = append(ids, r.ID)
		}
		return nil
	})
	return ids
}

func hostedZones(w *world.World) map[string]any {
	zones := map[string]any{}
	_ = w.Do(func() error { // looking cannot fail
		for _, r := range w.List(func(r *world.Resource) bool { return r.Type == "aws_route53_zone" }) {
			zones[r.ID] = r.Attributes["primary_name_server"]
		}
		return nil
	})
	return zones
}
