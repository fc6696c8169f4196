package compliance

import (
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// transitChecks are about data on its way.
func transitChecks() []Check {
	listeners := []string{"aws_lb_listener", "aws_alb_listener"}
	encrypted := func(i item) bool {
		return slices.Contains([]string{"TLS", "HTTPS"}, i.Values.Attr("protocol").Text().Else("", ""))
	}
	return []Check{
		{ID: "listener-tls", What: "load balancers take connections with TLS alone", Reads: listeners, rule: listenerTLS},
		{ID: "listener-policy", What: "load balancers take TLS 1.2 and newer alone", Reads: listeners,
			rule: only(encrypted, "ssl_policy", text("TLS 1.2 or 1.3 alone", "", modern), listeners...)},
		{ID: "listener-fips", What: "load balancers use validated cryptography for TLS", Reads: listeners,
			rule: only(encrypted, "ssl_policy", text("a policy with FIPS", "", func(s string) bool {
				return strings.Contains(s,
					"FIPS")
			}), listeners...)},
		{ID: "database-tls", What: "databases refuse connections without TLS", Reads: []string{"aws_rds_cluster", "aws_db_instance",
			"aws_rds_cluster_parameter_group", "aws_db_parameter_group"}, rule: databaseTLS},
	}
}

// modern reports whether a policy of Elastic Load Balancing takes nothing older than TLS 1.2. Names: Network Load Balancer guide, security
// policies.
func modern(policy string) bool {
	for _, beginning := range []string{
		"ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-", "ELBSecurityPolicy-TLS-1-2-2017", "ELBSecurityPolicy-TLS-1-2-Ext-2018",
		"ELBSecurityPolicy-FS-1-2-",
	} {
		if strings.HasPrefix(policy, beginning) {
			return true
		}
	}
	return false
}

func listenerTLS(s *Subject) []Evidence {
	var all []Evidence
	for _, i := range s.of("aws_lb_listener", "aws_alb_listener") {
		e := i.look("protocol", oneOf("HTTP", "TLS", "HTTPS"))
		switch protocol := i.Values.Attr("protocol").Text().Else("HTTP", ""); {
		case protocol == "HTTP" && i.Values.At("default_action", "type").Text().Else("", "") == "redirect" &&
			i.Values.At("default_action", "redirect", "protocol").Text().Else("", "") == "HTTPS":
			e.Answer, e.Found = Satisfied, "HTTP, which is sent to HTTPS"
		case protocol == "TCP" || protocol == "TCP_UDP":
			e.Answer, e.Why = NotProvable, "what it passes on can be TLS: the target decides"
		}
		all = append(all, e)
	}
	return all
}

// databaseTLS looks for the parameter that refuses connections without TLS. RDS for PostgreSQL has it on from 15, Aurora PostgreSQL
// from 17, MySQL never: RDS user guide, Requiring an SSL/TLS connection; Aurora user guide, Securing Aurora PostgreSQL data with
// SSL/TLS.
func databaseTLS(s *Subject) []Evidence {
	var all []Evidence
	for _, i := range s.of("aws_rds_cluster", "aws_db_instance") {
		argument, group := "parameter_group_name", "aws_db_parameter_group"
		if i.Type == "aws_rds_cluster" {
			argument, group = "db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group"
		}
		name := "rds.force_ssl"
		if engine := i.Values.Attr("engine").Text().Else("", ""); strings.Contains(engine, "mysql") || strings.Contains(engine, "maria") {
			name = "require_secure_transport"
		}
		e := i.evidence(NotProvable, name, "not set", "1")
		e.Why = "AWS's own parameter group counts, which differs by version: `aws rds describe-db-cluster-parameters`"
		groups := i.refers(argument, group)
		for _, parameters := range s.of(group) {
			if !slices.Contains(groups, parameters.Address) || parameters.place != i.place {
				continue
			}
			for _, parameter := range parameters.Values.Blocks("parameter") {
				if parameter.Attr("name").Text().Else("", "") != name {
					continue
				}
				value, state := parameter.Attr("value").Text().Get()
				if state == plan.IsKnown {
					e.Answer, e.Found, e.Why, e.Where = answer(value == "1" || strings.EqualFold(value, "on")), value,
						"in "+parameters.Address, parameters.Where
				}
			}
		}
		all = append(all, e)
	}
	return all
}
