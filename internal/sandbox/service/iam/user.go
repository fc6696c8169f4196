package iam

import (
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func user() *model.Type {
	return &model.Type{
		Name: "aws_iam_user", API: api, Noun: "IAM User",
		CreateCall: "CreateUser", UpdateCall: "UpdateUser", DeleteCall: "DeleteUser",
		Identify:   model.IDFrom("name"),
		References: []model.Reference{{Path: "permissions_boundary", To: []string{"aws_iam_policy"}, By: "arn", Missing: boundaryMissing}},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "User with name %s already exists.", name)
		}}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "userName", 1, 64),
			model.Pattern("ValidationError", "name", "userName", `[\w+=,.@-]+`),
			validPath,
			policyPartition("permissions_boundary"),
		},
		Quotas: []model.Quota{quota("L-F55AF5E4", "Users per account", "UsersPerAccount", 5000)},
		Fill: func(c *model.Call) {
			c.Force("arn", c.GlobalARN("iam", "user"+pathOf(c)+c.String("name")))
			c.Set("unique_id", "AIDA"+c.Upper(17))
		},
		InUse: func(c *model.Call, by *world.Resource) *world.Error {
			if c.Bool("force_destroy") {
				return nil
			}
			switch by.Type {
			case "aws_iam_access_key":
				return mustDelete("access keys")
			case "aws_iam_user_policy_attachment":
				return mustDetach()
			case "aws_iam_user_policy":
				return mustDelete("policies")
			}
			return nil
		},
		Deleted: users.deleted,
		Latency: iamLatency,
	}
}

func accessKey() *model.Type {
	return &model.Type{
		Name: "aws_iam_access_key", API: api, Noun: "IAM Access Key",
		CreateCall: "CreateAccessKey", UpdateCall: "UpdateAccessKey", DeleteCall: "DeleteAccessKey",
		Identify:   func(c *model.Call) string { return "AKIA" + c.Upper(16) },
		References: []model.Reference{users.reference("user")},
		Checks: []model.Check{
			model.OneOf("ValidationError", "status", "status", "Active", "Inactive"),
			func(c *model.Call) *world.Error {
				keys := 0
				for _, other := range c.All("aws_iam_access_key") {
					if other.String("user") == c.String("user") {
						keys++
					}
				}
				if c.Creating() && keys >= 2 {
					return world.Conflict("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
				}
				return nil
			},
		},
		Fill: func(c *model.Call) {
			c.Set("create_date", c.World.Now().Format(time.RFC3339))
			if c.String("pgp_key") != "" {
				// With a key, the provider keeps the secret encrypted alone.
				c.Set("encrypted_secret", c.Hex(64, "encrypted secret"))
				c.Set("encrypted_ses_smtp_password_v4", c.Hex(64, "encrypted password"))
				c.Set("key_fingerprint", c.Hex(40, "fingerprint"))
				for _, attribute := range []string{"secret", "ses_smtp_password_v4"} {
					c.Set(attribute, nil)
				}
				return
			}
			// A secret of the world opens nothing; it has the length of a real one.
			c.Set("secret", strings.ToLower(c.Upper(40, "secret")))
			c.Set("ses_smtp_password_v4", "B"+c.Upper(43, "password"))
			for _, attribute := range []string{"encrypted_secret", "encrypted_ses_smtp_password_v4", "key_fingerprint"} {
				c.Set(attribute, nil)
			}
		},
		Latency: iamLatency,
	}
}
