package route53

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// AddHostedZone puts a public hosted zone into a world that no Terraform made: deployments often use a zone that was there before them.
// id is the zone's id; one is made up if it is empty. A zone of that name that exists already stays as it is, unless id and name servers
// say that this is another one: an account may have several zones of one name. The caller must not hold the world.
func AddHostedZone(w *world.World, name, id string, servers ...string) error {
	name = domainName(name)
	return w.Do(func() error {
		for _, r := range w.List(nil) {
			if r.Type == "aws_route53_zone" && r.Account == w.Account() && r.String("name") == name &&
				(id == "" || len(servers) == 0 || r.ID == id) {
				return nil
			}
		}
		call := &model.Call{
			World: w, Type: hostedZone(), Account: w.Account(), Region: model.Global, ProviderRegion: "us-east-1",
			Object: world.Object{"name": name, "comment": "", "force_destroy": false, "tags": world.Object{}, "tags_all": world.Object{},
				"vpc": []any{}},
			Settle: func(c *model.Call) {
				if len(servers) > 0 {
					serveBy(c, servers)
				}
			},
		}
		if call.ID = id; id == "" {
			call.ID = "Z" + call.Upper(20, "existing")
		}
		for _, computed := range []string{"id", "zone_id", "arn", "enable_accelerated_recovery", "name_servers", "primary_name_server"} {
			call.Object[computed] = world.Unknown{}
		}
		call.Object["delegation_set_id"] = ""
		model.Verbs{Actor: model.Rules{}}.Adopt(call)
		return nil
	})
}

// serveBy gives a zone its name servers, in its attributes and in its own NS record.
func serveBy(zone *model.Call, servers []string) {
	var names, records []any
	for _, server := range servers {
		names, records = append(names, server), append(records, server+".")
	}
	zone.Object["name_servers"], zone.Object["primary_name_server"] = names, servers[0]
	for _, made := range zone.Made() {
		if made.String("type") == "NS" {
			made.Attributes["records"] = records
		}
	}
}

const (
	// sharedWithMe is the status of a rule that another account shares with this one.
	sharedWithMe = "SHARED_WITH_ME"
	// elsewhere stands for the VPC of a private hosted zone that this world has not.
	elsewhere = "vpc-of-another-network"
)

var sharedID = model.Expression(`^(Z[A-Z0-9]{1,31}|rslvr-rr-[0-9a-f]{17})$`)

// AddShared puts who answers for a domain into a world, and is of another account, which shares it: a private hosted zone of another
// network, or a resolver rule, as the id says. Of a zone, the account that the world plays owns it: an embedded AWS has one. The caller
// must not hold the world.
func AddShared(w *world.World, domain, id string) error {
	if domain = domainName(domain); !zoneNames().MatchString(domain) || !sharedID().MatchString(id) {
		return fmt.Errorf("%q is no domain, or %q is no id of a private hosted zone or of a resolver rule", domain, id)
	}
	return w.Do(func() error {
		if strings.HasPrefix(id, "rslvr-rr-") {
			w.Put(&world.Resource{Type: "aws_route53_resolver_rule", ID: id, Account: w.Account(), Region: model.Global, Attributes: world.Object{
				"id": id, "domain_name": domain, "rule_type": "FORWARD", "share_status": sharedWithMe}})
			return nil
		}
		w.Put(&world.Resource{Type: "aws_route53_zone", ID: id, Account: w.Account(), Region: model.Global, Attributes: world.Object{
			"id": id, "zone_id": id, "name": domain, "vpc": []any{world.Object{"vpc_id": elsewhere}}}})
		return nil
	})
}

// Shared are the zones and rules of others, as AddShared puts them into a world. The caller must not hold the world.
func Shared(w *world.World) (all []*world.Resource) {
	_ = w.Do(func() error { // looking cannot fail
		all = w.List(func(r *world.Resource) bool {
			return r.Type == "aws_route53_resolver_rule" && r.String("share_status") == sharedWithMe ||
				r.Type == "aws_route53_zone" && slices.Contains(model.Strings(r.Attributes, "vpc.vpc_id"), elsewhere)
		})
		return nil
	})
	return all
}
