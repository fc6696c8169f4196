package compliance

import (
	"fmt"
	"slices"

	"coderaws/internal/plan"
)

// ingressChecks are about what lets in.
func ingressChecks() []Check {
	groups := []string{"aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_security_group_rule"}
	return []Check{
		{ID: "no-open-admin-ports", What: "no security group lets the whole internet reach SSH or RDP", Reads: groups,
			rule: openings("not 22 and not 3389", func(from, to int) bool { return !spans(from, to, 22) && !spans(from, to, 3389) })},
		{ID: "open-ports", What: "security groups open nothing but HTTP and HTTPS to the whole internet", Reads: groups,
			rule: openings("80 or 443", func(from, to int) bool { return from == to && (from == 80 || from == 443) })},
		{ID: "no-open-ports", What: "no security group opens anything to the whole internet", Reads: groups,
			rule: openings("none", func(int, int) bool { return false })},
		{ID: "load-balancer-internal", What: "load balancers have private addresses alone", Reads: []string{"aws_lb", "aws_alb", "aws_elb"},
			rule: attribute("internal", yes(false), "aws_lb", "aws_alb", "aws_elb")},
		{ID: "kubernetes-api-private", What: "the Kubernetes API answers inside of the VPC, and not on the internet",
			Reads: []string{"aws_eks_cluster"},
			rule: both(attribute("vpc_config.endpoint_public_access", no(true), "aws_eks_cluster"),
				attribute("vpc_config.endpoint_private_access", yes(false), "aws_eks_cluster"))},
		{ID: "kubernetes-api-ranges", What: "if the Kubernetes API answers on the internet, then to named ranges alone",
			Reads: []string{"aws_eks_cluster"},
			rule: func(s *Subject) []Evidence {
				var all []Evidence
				for _, i := range s.of("aws_eks_cluster") {
					if off := i.look("vpc_config.endpoint_public_access", no(true)); off.Answer == Satisfied {
						all = append(all, off)
						continue
					}
					all = append(all, i.look("vpc_config.public_access_cidrs", namedRanges()))
				}
				return all
			}},
		{ID: "database-private", What: "databases have no public address", Reads: []string{"aws_rds_cluster_instance", "aws_db_instance"},
			rule: attribute("publicly_accessible", no(false), "aws_rds_cluster_instance", "aws_db_instance")},
	}
}

// world are the ranges that are the whole internet.
func world(cidr string) bool { return cidr == "0.0.0.0/0" || cidr == "::/0" }

// namedRanges wants a list of ranges of which none is the whole internet. Without one EKS takes it: EKS user guide, cluster endpoint.
func namedRanges() wanted {
	return wanted{"not 0.0.0.0/0", func(v plan.Value) Answer {
		list, state := v.Texts().Get()
		if state == plan.IsUnknown {
			return NotProvable
		}
		return answer(len(list) > 0 && !slices.ContainsFunc(list, world))
	}}
}

// opening is one thing that a security group lets in from the whole internet.
type opening struct {
	item
	from, to int
	words    string
}

func spans(from, to, port int) bool { return from <= port && port <= to }

// openings is the rule that what is open to the whole internet is allowed to be; everything else that lets in satisfies it.
func openings(wantedWords string, allowed func(from, to int) bool) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, i := range s.of("aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_security_group_rule") {
			blocks := i.rules()
			if blocks == nil {
				continue
			}
			e := i.evidence(Satisfied, "from the internet", "nothing", wantedWords)
			for _, block := range blocks {
				o, so := i.opening(block)
				switch {
				case so == NotProvable && e.Answer == Satisfied:
					e.Answer, e.Why = NotProvable, "whom it lets in is known after the plan was applied"
				case so == NotSatisfied && allowed(o.from, o.to):
					if e.Answer == Satisfied {
						e.Found = o.words
					}
				case so == NotSatisfied && e.Answer != NotSatisfied:
					e.Answer, e.Found, e.Why = NotSatisfied, o.words, ""
				}
			}
			all = append(all, e)
		}
		return all
	}
}

// rules are the parts of a resource that let in; nil if it is none that does.
func (i item) rules() []plan.Value {
	switch i.Type {
	case "aws_security_group":
		if blocks := i.Values.Blocks("ingress"); len(blocks) > 0 {
			return blocks
		}
		return nil
	case "aws_security_group_rule":
		if i.Values.Attr("type").Text().Else("", "ingress") != "ingress" {
			return nil
		}
	}
	return []plan.Value{i.Values}
}

// opening says whether a rule lets in the whole internet, and to which ports.
func (i item) opening(block plan.Value) (opening, Answer) {
	so := Satisfied
	for _, name := range []string{"cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"} {
		value := block.Attr(name)
		list, state := value.Texts().Get()
		if one, oneState := value.Text().Get(); oneState == plan.IsKnown {
			list = []string{one}
		}
		switch {
		case slices.ContainsFunc(list, world):
			so = NotSatisfied
		case state == plan.IsUnknown && len(list) == 0 && so == Satisfied:
			so = NotProvable
		}
	}
	o := opening{item: i, from: block.Attr("from_port").Count().Else(0, 0), to: block.Attr("to_port").Count().Else(65535, 65535)}
	protocol := block.Attr("protocol").Text().Else("", "")
	if protocol == "" {
		protocol = block.Attr("ip_protocol").Text().Else("-1", "-1")
	}
	if protocol == "-1" || protocol == "all" {
		o.from, o.to = 0, 65535
	}
	o.words = fmt.Sprintf("%s %d to %d", protocol, o.from, o.to)
	return o, so
}
