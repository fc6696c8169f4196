package secretsmanager

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// GiveValue gives a secret of the world its first value, as PutSecretValue does that no Terraform knows of. What the value is nobody asks
// here, so that none is kept. A secret that has one keeps it, and one that is not in the world is nobody's concern. The caller must not
// hold the world.
func GiveValue(w *world.World, arn string) error {
	return w.Do(func() error {
		for _, r := range w.List(nil) {
			if r.Type != "aws_secretsmanager_secret" || r.ID != arn {
				continue
			}
			if hasValue(&model.Call{World: w, Account: r.Account, Region: r.Region, ProviderRegion: r.Region}, r) {
				return nil
			}
			id := arn + "|" + firstVersion
			w.Put(&world.Resource{Type: "aws_secretsmanager_secret_version", ID: id, Account: r.Account, Region: r.Region, Owner: r.Key(),
				Attributes: world.Object{"id": id, "arn": arn, "secret_arn": arn, "secret_id": arn, "version_id": firstVersion,
					"version_stages": []any{"AWSCURRENT"}, "region": r.Region}})
		}
		return nil
	})
}

// firstVersion is the id of a value that no Terraform made.
const firstVersion = "00000000-0000-4000-8000-000000000001"
