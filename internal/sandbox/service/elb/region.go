package elb

import (
	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// balancerZones are the Route 53 zones that load balancers are aliased in, network and application, and the account that writes the access
// logs of application load balancers ("" where a service principal does), by region (measured: provider 5.100.0).
var balancerZones = map[string][3]string{
	"af-south-1":     {"Z203XCE67M25HM", "Z268VQBMOI5EKX", "098369216593"},
	"ap-east-1":      {"Z12Y7K3UBGUAD1", "Z3DQVH9N71FHZ0", "754344448648"},
	"ap-northeast-1": {"Z31USIVHYNEOWT", "Z14GRHDCWA56QT", "582318560864"},
	"ap-northeast-2": {"ZIBE1TIR4HY56", "ZWKZPGTI48KDX", "600734575887"},
	"ap-northeast-3": {"Z1GWIQ4HH19I5X", "Z5LXEXXYW11ES", "383597477331"},
	"ap-south-1":     {"ZVDDRBQ08TROA", "ZP97RAFLXTNZK", "718504428378"},
	"ap-south-2":     {"Z0711778386UTO08407HT", "Z0173938T07WNTVAEPZN", ""},
	"ap-southeast-1": {"ZKVM4W9LS7TM", "Z1LMS91P8CMLE5", "114774131450"},
	"ap-southeast-2": {"ZCT6FZBF4DROD", "Z1GM3OXH4ZPM65", "783225319266"},
	"ap-southeast-3": {"Z01971771FYVNCOVWJU1G", "Z08888821HLRG5A9ZRTER", "589379963580"},
	"ap-southeast-4": {"Z01156963G8MIIL7X90IV", "Z09517862IB2WZLPXG76F", ""},
	"ap-southeast-5": {"Z026317210H9ACVTRO6FB", "Z06010284QMVVW7WO5J", ""},
	"ap-southeast-7": {"Z054363131YWATEMWRG5L", "Z0390008CMBRTHFGWBCB", ""},
	"ca-central-1":   {"Z2EPGBW3API2WT", "ZQSVJUPU6J1EY", "985666609251"},
	"ca-west-1":      {"Z02754302KBB00W2LKWZ9", "Z06473681N0SF6OS049SD", ""},
	"eu-central-1":   {"Z3F0SRJ5LGBH90", "Z215JYRZR1TBD5", "054676820928"},
	"eu-central-2":   {"Z02239872DOALSIDCX66S", "Z06391101F2ZOEP8P5EB3", ""},
	"eu-north-1":     {"Z1UDT6IFJ4EJM", "Z23TAZ6LKFMNIO", "897822967062"},
	"eu-south-1":     {"Z23146JA1KNAFP", "Z3ULH7SSC9OV64", "635631232127"},
	"eu-south-2":     {"Z1011216NVTVYADP1SSV", "Z0956581394HF5D5LXGAP", ""},
	"eu-west-1":      {"Z2IFOLAFXWLO4F", "Z32O12XQLNTSW2", "156460612806"},
	"eu-west-2":      {"ZD4D7Y8KGAS4G", "ZHURV8PSTC4K8", "652711504416"},
	"eu-west-3":      {"Z1CMS0P5QUZ6D5", "Z3Q77PNBQS71R4", "009996457667"},
	"il-central-1":   {"Z0313266YDI6ZRHTGQY4", "Z09170902867EHPV2DABU", ""},
	"me-central-1":   {"Z00282643NTTLPANJJG2P", "Z08230872XQRWHG2XF6I", ""},
	"me-south-1":     {"Z3QSRYVP46NYYV", "ZS929ML54UICD", "076674570225"},
	"mx-central-1":   {"Z02031231H3ID6HYJ9A7U", "Z023552324OKD1BB28BH5", ""},
	"sa-east-1":      {"ZTK26PT1VY4CU", "Z2P70J7HTTTPLU", "507241528517"},
	"us-east-1":      {"Z26RNL4JYFTOTI", "Z35SXDOTRQ7X7K", "127311923021"},
	"us-east-2":      {"ZLMOA37VPKANP", "Z3AADJGX6KTTL2", "033677994240"},
	"us-gov-east-1":  {"Z1ZSMQQ6Q24QQ8", "Z166TLBEWOO7G0", "190560391635"},
	"us-gov-west-1":  {"ZMG1MZ2THAWF1", "Z33AYJ8TM3BH4J", "048591011584"},
	"us-west-1":      {"Z24FKFUX50B4VW", "Z368ELLRRE2KJ0", "027434742980"},
	"us-west-2":      {"Z18D5FSROUN65G", "Z1H1FL5HABSF5", "797873946194"},
}

// balancerZone is the Route 53 zone of the load balancers of a kind in a region.
func balancerZone(kind, region string) string {
	zones := balancerZones[region]
	if kind == networkLB || kind == gatewayLB {
		return zones[0]
	}
	return zones[1]
}

// DataSources declares what Terraform reads about load balancers.
func DataSources() []*model.DataSource {
	var sources []*model.DataSource
	for _, prefix := range []string{"aws_lb", "aws_alb"} {
		sources = append(sources,
			&model.DataSource{Name: prefix, API: api, Noun: "ELBv2 Load Balancer", Call: "DescribeLoadBalancers",
				Read: model.ReadOne(LoadBalancers, "arn", "name")},
			&model.DataSource{Name: prefix + "_target_group", API: api, Noun: "ELBv2 Target Group", Call: "DescribeTargetGroups",
				Read: model.ReadOne(targetGroups, "arn", "name")},
			&model.DataSource{Name: prefix + "_listener", API: api, Noun: "ELBv2 Listener", Call: "DescribeListeners",
				Read: model.ReadOne(listeners, "arn", "load_balancer_arn", "port")},
		)
	}
	return append(sources,
		&model.DataSource{Name: "aws_lbs", API: api, Noun: "ELBv2 Load Balancers", Call: "DescribeLoadBalancers", Read: readBalancers},
		&model.DataSource{Name: "aws_lb_hosted_zone_id", API: api, Noun: "ELBv2 Hosted Zone ID", Call: "DescribeLoadBalancers",
			Read: readBalancerZone},
		&model.DataSource{Name: "aws_elb_service_account", API: api, Noun: "ELB Service Account", Call: "DescribeLoadBalancers",
			Read: readBalancerAccount},
	)
}

func readBalancerZone(c *model.Call) *world.Error {
	id := balancerZone(kindOf(c.Object), c.Region)
	if id == "" {
		return &world.Error{Message: "unsupported AWS Region: " + c.Region}
	}
	c.Force("id", id)
	return nil
}

func readBalancerAccount(c *model.Call) *world.Error {
	account := balancerZones[c.Region][2]
	if account == "" {
		return &world.Error{Message: "unsupported AWS Region: " + c.Region}
	}
	c.Force("id", account)
	c.Force("arn", "arn:"+facts.Partition(c.Region)+":iam::"+account+":root")
	return nil
}

// readBalancers lists the load balancers with all of the wanted tags.
func readBalancers(c *model.Call) *world.Error {
	arns := []any{}
	for _, r := range model.Matching(c, LoadBalancers, nil) {
		arns = append(arns, r.ID)
	}
	c.Force("id", c.Region)
	c.Force("arns", arns)
	return nil
}

// AliasedIn reports whether a Route 53 zone is one that load balancers are aliased in.
func AliasedIn(zone string) bool {
	for _, zones := range balancerZones {
		if zones[0] == zone || zones[1] == zone {
			return true
		}
	}
	return false
}
