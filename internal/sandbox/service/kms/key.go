package kms

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
	"fmt"
	"slices"
	"strings"
)

// FindKey finds the KMS key that an argument names by id, ARN, alias or ARN of an alias; nil if there is none in this world.
func FindKey(c *model.Call, name string) *world.Resource {
	if _, alias, found := strings.Cut(name, ":alias/"); found {
		name = "alias/" + alias
	}
	if alias := c.Find("aws_kms_alias", name); alias != nil {
		name = alias.String("target_key_arn")
	}
	if r := c.FindBy("aws_kms_key", "arn", name); r != nil {
		return r
	}
	return c.Find("aws_kms_key", name)
}

// Policy is the policy of a key, whichever resource has written it.
func Policy(c *model.Call, key *world.Resource) string {
	text, _ := c.Look(key)["policy"].(string)
	return text
}

// KeyElsewhere reports whether an argument names a key that this world cannot know: AWS's own, or one of another account.
func KeyElsewhere(c *model.Call, name string) bool {
	parts := strings.Split(name, ":")
	return strings.HasPrefix(name, "alias/aws/") || strings.Contains(name, ":alias/aws/") || len(parts) >= 6 && parts[0] == "arn" &&
		parts[4] != c.Account
}

// KeyExists reports whether an argument names a KMS key of this world, or one that the world cannot know.
func KeyExists(c *model.Call, name string) bool {
	return FindKey(c, name) != nil || KeyElsewhere(c, name) || slices.ContainsFunc(managedKeys, func(service string) bool {
		return name == ManagedKey(c, service)
	})
}

// ManagedKey is the ARN of the key that AWS manages for a service in this account and region.
func ManagedKey(c *model.Call, service string) string {
	h := c.World.Digest(32, c.Account, c.Region, "alias/aws/"+service)
	return c.ARN("kms", fmt.Sprintf("key/%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:]))
}

// ManagedKeyID is the id of the key that AWS manages for a service, such as aws/backup.
func ManagedKeyID(c *model.Call, service string) string {
	h := c.World.Digest(32, c.Account, c.Region, "aws/"+service)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// managedKeys are the services for which AWS manages a key that databases, secrets, buckets and file systems use if none is named.
var managedKeys = []string{"rds", "secretsmanager", "s3", "ecr", "elasticfilesystem", "dynamodb"}
