package preflight_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/account"
	"coderaws/internal/preflight"
	"coderaws/internal/rehearsal"
)

var taken = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

// room is an account with AWS's defaults, in which nothing is used: the tests change what they are about.
func room() *account.Snapshot {
	part := func(quotas map[string]float64) account.Part {
		usage := map[string]map[string]float64{}
		for code := range quotas {
			usage[code] = map[string]float64{}
		}
		return account.Part{Quotas: quotas, Usage: usage, Names: map[string][]string{}}
	}
	return &account.Snapshot{
		Format: account.Format, Account: "111122223333", Taken: taken, Global: part(map[string]float64{"L-FE177D64": 1000}),
		HostedZones: []account.HostedZone{{Name: "example.com", ID: "Z1", NameServers: []string{"ns-1.awsdns-00.com", "ns-2.awsdns-00.net"},
			Delegation: &account.Delegation{NameServers: []string{"ns-1.awsdns-00.com", "ns-2.awsdns-00.net"}}}},
		Regions: map[string]*account.Region{"us-east-1": {
			Part:  part(map[string]float64{vcpus.Code: 100, addresses.Code: 5, natGateways.Code: 5, rules.Code: 60}),
			Zones: []account.Zone{{Name: "us-east-1a", ID: "use1-az1"}, {Name: "us-east-1b", ID: "use1-az2"}},
			Offers: map[string][]string{
				"m5.large": {"use1-az1", "use1-az2"}, "m5a.large": {"use1-az1"}, "m9.large": {},
			},
		}},
	}
}

var (
	vcpus       = quota("L-1216C47A")
	addresses   = quota("L-0263D0A3")
	natGateways = quota("L-FE5A380F")
	rules       = quota("L-0EA8095F")
	roles       = quota("L-FE177D64")
)

// quota is one that the rehearsal knows.
func quota(code string) rehearsal.Quota {
	all := rehearsal.Quotas()
	return all[slices.IndexFunc(all, func(q rehearsal.Quota) bool { return q.Code == code })]
}

func uses(quota rehearsal.Quota, scope string, peak float64) *rehearsal.Need {
	region := "us-east-1"
	if quota.Service == "iam" {
		region = rehearsal.Global
	}
	return &rehearsal.Need{Usages: []rehearsal.Usage{{Quota: quota, Region: region, Scope: scope, Peak: peak}}}
}

func takes(typ, name string) *rehearsal.Need {
	return &rehearsal.Need{Names: []rehearsal.Name{{Type: typ, Name: name, Region: "us-east-1", Address: "module.x." + typ + ".this"}}}
}

func launches(zones []string, types ...string) *rehearsal.Need {
	return &rehearsal.Need{Launches: []rehearsal.Launch{{ID: "coder:workspace", Region: "us-east-1", InstanceTypes: types, Zones: zones}}}
}

func writesTo(zone string) *rehearsal.Need {
	return &rehearsal.Need{Zones: map[string]string{zone: "aws_route53_record.this"}}
}

// TestCompare is the specification of what is said of an account that is not as a deployment needs it.
func TestCompare(t *testing.T) {
	east := func(s *account.Snapshot) *account.Region { return s.Regions["us-east-1"] }
	for _, test := range []struct {
		name  string
		need  *rehearsal.Need
		given func(*account.Snapshot)
		own   map[string]bool
		// says are the findings, each as severity, code and parts of its text that must all be there; none if it is empty.
		says [][]string
	}{
		{name: "a quota with room", need: uses(vcpus, "", 100)},
		{name: "a quota without room", need: uses(vcpus, "", 154),
			says: [][]string{{"error", "VcpuLimitExceeded", "us-east-1 has no room for this deployment: it needs 154 vCPUs of",
				"quota L-1216C47A of ec2 allows 100, with 0 in use already",
				"--service-code ec2 --quota-code L-1216C47A --desired-value 160 --region us-east-1"}}},
		{name: "a quota that others use", need: uses(addresses, "", 3), given: func(s *account.Snapshot) {
			east(s).Usage[addresses.Code][""] = 3
		},
			says: [][]string{{"error", "AddressLimitExceeded", "it needs 3 of", "allows 5, with 3 in use already", "--desired-value 6 "}}},
		{name: "a quota that exactly suffices beside others", need: uses(addresses, "", 2), given: func(s *account.Snapshot) {
			east(s).Usage[addresses.Code][""] = 3
		}},
		{name: "a quota without limit", need: uses(vcpus, "", 5000), given: func(s *account.Snapshot) { east(s).Quotas[vcpus.Code] = -1 }},
		{name: "a quota whose use is not known", need: uses(addresses, "", 6), given: func(s *account.Snapshot) {
			delete(east(s).Usage, addresses.Code)
		},
			says: [][]string{{"error", "AddressLimitExceeded", "how much is in use already is not known"}}},
		{name: "a quota whose value is not known, within AWS's default", need: uses(addresses, "", 5), given: func(s *account.Snapshot) {
			delete(east(s).Quotas, addresses.Code)
		}},
		{name: "a quota whose value is not known, over AWS's default", need: uses(vcpus, "", 50), given: func(s *account.Snapshot) {
			delete(east(s).Quotas, vcpus.Code)
		},
			says: [][]string{{"warning", "VcpuLimitExceeded", "it is not known whether us-east-1 has room", "AWS's default is less",
				"--desired-value 50 "}}},
		{name: "a quota by zone, used up in another zone", need: uses(natGateways, "us-east-1a", 1), given: func(s *account.Snapshot) {
			east(s).Usage[natGateways.Code]["us-east-1b"] = 5
		}},
		{name: "a quota by zone, used up there", need: uses(natGateways, "us-east-1b", 1), given: func(s *account.Snapshot) {
			east(s).Usage[natGateways.Code]["us-east-1b"] = 5
		},
			says: [][]string{{"error", "NatGatewayLimitExceeded", "5 in use already in us-east-1b", "--desired-value 6 "}}},
		{name: "a quota inside one resource", need: uses(rules, "sg-1 ingress", 61),
			says: [][]string{{"error", "RulesPerSecurityGroupLimitExceeded", "it needs 61"}}},
		{name: "a quota of a service without regions", need: uses(roles, "", 20), given: func(s *account.Snapshot) {
			s.Global.Usage[roles.Code][""] = 990
		},
			says: [][]string{{"error", "LimitExceeded", "the account has no room", "990 in use already",
				"--service-code iam --quota-code L-FE177D64 --desired-value 1100 --region us-east-1"}}},
		{name: "a quota that the deployment itself uses already", need: uses(addresses, "", 3), given: func(s *account.Snapshot) {
			east(s).Usage[addresses.Code][""] = 5
		}, own: map[string]bool{"us-east-1": true},
			says: [][]string{{"warning", "account.deployed", "exists in account 111122223333 in us-east-1 already"}}},

		{name: "a name that is free", need: takes("aws_eks_cluster", "coder"), given: func(s *account.Snapshot) {
			east(s).Names["aws_eks_cluster"] = []string{"coder-2"}
		}},
		{name: "a name that is taken", need: takes("aws_eks_cluster", "coder"), given: func(s *account.Snapshot) {
			east(s).Names["aws_eks_cluster"] = []string{"coder"}
		},
			says: [][]string{{"error", "ResourceInUseException", "the name coder is taken: there is another EKS Cluster of that name in us-east-1",
				"AWS would answer: ResourceInUseException", "module.x.aws_eks_cluster.this"}}},
		{name: "a name that differs in case, where AWS sees none", need: takes("aws_iam_role", "Coder"), given: func(s *account.Snapshot) {
			s.Global.Names["aws_iam_role"] = []string{"coder"}
		},
			says: [][]string{{"error", "EntityAlreadyExists", "in the account"}}},
		{name: "a name that differs in case, where AWS sees it", need: takes("aws_eks_cluster", "Coder"), given: func(s *account.Snapshot) {
			east(s).Names["aws_eks_cluster"] = []string{"coder"}
		}},
		{name: "a name of another type", need: takes("aws_lb", "coder"), given: func(s *account.Snapshot) {
			east(s).Names["aws_eks_cluster"] = []string{"coder"}
		}},

		{name: "an instance type that is offered", need: launches([]string{"us-east-1a", "us-east-1b"}, "m5.large")},
		{name: "an instance type that one zone lacks", need: launches([]string{"us-east-1a", "us-east-1b"}, "m5a.large"),
			says: [][]string{{"warning", "Unsupported", "coder:workspace has no nodes in us-east-1b", "launches all of them in us-east-1a"}}},
		{name: "an instance type that one zone lacks, beside another that it has",
			need: launches([]string{"us-east-1a", "us-east-1b"}, "m5a.large", "m5.large")},
		{name: "an instance type that the only zone lacks", need: launches([]string{"us-east-1b"}, "m5a.large"),
			says: [][]string{{"error", "Unsupported", "coder:workspace cannot launch anything: m5a.large is not offered in us-east-1b",
				"or zones that offer them: us-east-1a"}}},
		{name: "an instance type that is offered nowhere", need: launches([]string{"us-east-1a"}, "m9.large"),
			says: [][]string{{"error", "Unsupported", "choose other instance types"}}},
		{name: "an instance type that was not asked about", need: launches([]string{"us-east-1a"}, "r5.large")},

		{name: "a zone that the internet finds", need: writesTo("Z1")},
		{name: "a zone that nobody is sent to", need: writesTo("Z1"), given: func(s *account.Snapshot) {
			s.HostedZones[0].Delegation.NameServers = nil
		},
			says: [][]string{{"error", "dns.not_delegated", "the internet does not find the hosted zone example.com (Z1)", "nobody answers for it",
				"ns-1.awsdns-00.com, ns-2.awsdns-00.net"}}},
		{name: "a zone for which others answer", need: writesTo("Z1"), given: func(s *account.Snapshot) {
			s.HostedZones[0].Delegation.NameServers = []string{"ns.registrar.example"}
		},
			says: [][]string{{"error", "dns.not_delegated", "ns.registrar.example answers for it"}}},
		{name: "a zone that DNS says nothing about", need: writesTo("Z1"), given: func(s *account.Snapshot) {
			s.HostedZones[0].Delegation.Failure = "i/o timeout"
		},
			says: [][]string{{"warning", "dns.unknown", "did not answer: i/o timeout", "dig NS example.com"}}},
		{name: "a zone that the deployment makes itself", need: writesTo("Z2")},
		{name: "a zone for a VPC", need: writesTo("Z1"), given: func(s *account.Snapshot) {
			s.HostedZones[0].Private, s.HostedZones[0].Delegation = true, nil
		}},

		{name: "permissions that are missing", need: &rehearsal.Need{}, given: func(s *account.Snapshot) {
			east(s).Unanswered = []account.Unanswered{
				{Action: "ec2:DescribeVpcs", About: "VPCs", Code: "UnauthorizedOperation"},
				{Action: "ec2:DescribeAddresses", About: "elastic IPs", Code: "UnauthorizedOperation"},
			}
		}, says: [][]string{{"warning", "account.denied", "not known: VPCs, elastic IPs", "may not ask: ec2:DescribeAddresses, ec2:DescribeVpcs",
			"check --policy"}}},
		{name: "a question that failed", need: &rehearsal.Need{}, given: func(s *account.Snapshot) {
			s.Global.Unanswered = []account.Unanswered{{Action: "iam:ListRoles", About: "names of roles", Code: "Throttling", Why: "Rate exceeded"}}
		}, says: [][]string{{"warning", "account.unanswered", "not known: names of roles", "iam:ListRoles: Throttling: Rate exceeded"}}},
		{name: "questions that failed alike", need: &rehearsal.Need{}, given: func(s *account.Snapshot) {
			s.Global.Unanswered = []account.Unanswered{{Action: "servicequotas:ListServiceQuotas", About: "quotas of iam", Why: "no answer"}}
			east(s).Unanswered = []account.Unanswered{{Action: "servicequotas:ListServiceQuotas", About: "quotas of ec2", Why: "no answer"}}
		}, says: [][]string{{"warning", "account.unanswered", "not known: quotas of iam, quotas of ec2", "no answer"}}},
		{name: "an API that is private", need: &rehearsal.Need{Private: []string{"module.cluster.aws_eks_cluster.this"}},
			says: [][]string{{"warning", "cluster.private", "module.cluster.aws_eks_cluster.this", "public_access_cidrs"}}},
		{name: "answers of last week", need: &rehearsal.Need{}, given: func(s *account.Snapshot) {
			s.Taken = taken.AddDate(0, 0, -8)
		}, says: [][]string{{"warning", "account.old", "8 days old"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := room()
			if test.given != nil {
				test.given(s)
			}
			verdict := preflight.Compare(s, test.need, test.own, taken.Add(time.Hour))
			if len(verdict.Findings) != len(test.says) {
				t.Fatalf("%d findings, want %d:\n%v", len(verdict.Findings), len(test.says), verdict.Findings)
			}
			for i, want := range test.says {
				d := verdict.Findings[i]
				if string(d.Severity) != want[0] || d.Code != want[1] || d.Todo == "" {
					t.Errorf("finding %s %s (%s), want %s %s and something to do", d.Severity, d.Code, d.Summary, want[0], want[1])
				}
				text := strings.Join([]string{d.Summary, d.Why, d.Todo, d.Address}, "\n")
				for _, part := range want[2:] {
					if !strings.Contains(text, part) {
						t.Errorf("the finding does not say %q:\n%s", part, text)
					}
				}
			}
		})
	}
}

func TestRound(t *testing.T) {
	for value, want := range map[float64]float64{0: 0, 1: 1, 6: 6, 9.5: 10, 12: 12, 50: 50, 99: 99, 101: 110, 154: 160, 1234: 1300,
		2000: 2000, 0.4: 1} {
		if got := preflight.Round(value); got != want {
			t.Errorf("%v is asked for as %v, want %v", value, got, want)
		}
	}
}

// TestUsageIsAsked holds the questions to the quotas: the use of each that a whole account shares is either asked about or excused.
func TestUsageIsAsked(t *testing.T) {
	excused := map[string]string{
		"L-CDE20ADC": "Auto Scaling groups", "L-F141DD1D": "certificates", "L-C2F1777E": "KMS keys", "L-CFEB8E8D": "repositories",
		"L-89EA2CA4": "cache rules",
		"L-848C634D": "file systems", "L-24F2C81C": "trails", "L-F98FE922": "tables", "L-DC2B2D3D": "buckets",
		"L-858F3967": "OpenID Connect providers",
	}
	_, codes := preflight.Instance()
	asked := map[string]bool{}
	for _, code := range append(codes, account.Counted()...) {
		asked[code] = true
	}
	for _, quota := range rehearsal.Quotas() {
		switch _, excuse := excused[quota.Code]; {
		case quota.Shared && !asked[quota.Code] && !excuse:
			t.Errorf("how much is used of %s (%s of %s) is not asked", quota.Name, quota.Code, quota.Service)
		case excuse && asked[quota.Code]:
			t.Errorf("%s is asked about, and excused from it", quota.Name)
		}
		delete(asked, quota.Code)
	}
	for code := range asked {
		t.Errorf("the use of %s is asked, which nothing counts", code)
	}
}
