package route53

import (
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
