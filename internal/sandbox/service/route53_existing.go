package service

import (
	"coderaws/internal/sandbox/world"
)

// AddHostedZone puts a public hosted zone into a world that no Terraform made: deployments often use a zone that was there before them.
// id is the zone's id; one is made up if it is empty. A zone of that name that exists already stays as it is. The caller must not
// hold the world.
func AddHostedZone(w *world.World, name, id string) error {
	name = domainName(name)
	return w.Do(func() error {
		for _, r := range w.List(nil) {
			if r.Type == "aws_route53_zone" && r.Account == w.Account() && r.String("name") == name {
				return nil
			}
		}
		call := &Call{
			World: w, Account: w.Account(), Region: Global, ProviderRegion: "us-east-1",
			Object: world.Object{"name": name, "comment": "", "force_destroy": false, "tags": world.Object{}, "tags_all": world.Object{}, "vpc": []any{}},
		}
		if call.ID = id; id == "" {
			call.ID = "Z" + call.Upper(20, "existing")
		}
		for _, computed := range []string{"zone_id", "arn", "enable_accelerated_recovery", "name_servers", "primary_name_server"} {
			call.Object[computed] = world.Unknown{}
		}
		call.Object["id"], call.Object["delegation_set_id"] = call.ID, ""
		fillZone(call)
		zone := &world.Resource{Type: "aws_route53_zone", ID: call.ID, Account: call.Account, Region: Global, Attributes: call.Object}
		w.Put(zone)
		for _, made := range call.Made() {
			made.Owner = zone.Key()
			w.Put(made)
		}
		return nil
	})
}
