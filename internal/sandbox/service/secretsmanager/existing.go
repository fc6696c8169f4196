package secretsmanager

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// AddSecret puts a secret of Secrets Manager into a world that no Terraform made, with a value: deployments are given secrets by their ARN,
// and no value of one is a setting. A secret of that ARN that exists already keeps what it has. It reports whether arn is one of a secret.
// The caller must not hold the world.
func AddSecret(w *world.World, arn, value string) (bool, error) {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) != 7 || parts[0] != "arn" || parts[2] != "secretsmanager" || parts[5] != "secret" || parts[6] == "" {
		return false, nil
	}
	name, region := parts[6], parts[3]
	if dash := len(name) - 7; dash > 0 && name[dash] == '-' {
		name = name[:dash] // what Secrets Manager puts after the name
	}
	return true, w.Do(func() error {
		for _, r := range w.List(nil) {
			if r.Type == "aws_secretsmanager_secret" && r.ID == arn {
				return nil
			}
		}
		call := &model.Call{
			World: w, Type: secret(), Account: w.Account(), Region: region, ProviderRegion: region, ID: arn,
			Object: world.Object{
				"id": arn, "arn": arn, "name": name, "name_prefix": "", "description": "", "kms_key_id": "", "policy": "", "region": region,
				"recovery_window_in_days": 30.0, "replica": []any{}, "tags": world.Object{}, "tags_all": world.Object{},
			},
		}
		call.Make("aws_secretsmanager_secret_version", arn+"|"+firstVersion, world.Object{
			"arn": arn, "secret_arn": arn, "secret_id": arn, "version_id": firstVersion, "version_stages": []any{"AWSCURRENT"},
			"secret_string": value, "secret_binary": "", "has_secret_string_wo": false, "region": region,
		})
		model.Verbs{Actor: model.Rules{}}.Adopt(call)
		return nil
	})
}
