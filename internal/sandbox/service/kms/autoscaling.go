package kms

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// scalingRole is the role with which Auto Scaling launches instances. No policy of its own lets it use the keys of an account, so that the
// key's policy, or a grant, has to name it (AWS documentation: key policies for encrypted volumes, Amazon EC2 Auto Scaling).
const scalingRole = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"

// ClosedToAutoScaling is the first of some keys of this world that Auto Scaling may not use for disks, "" if there is none.
func ClosedToAutoScaling(c *model.Call, names []string) string {
	for _, name := range names {
		key := FindKey(c, name)
		if key == nil || admitsAutoScaling(c, Policy(c, key)) {
			continue
		}
		granted := slices.ContainsFunc(c.All("aws_kms_grant"), func(grant *world.Resource) bool {
			id := grant.String("key_id")
			return (id == key.ID || id == key.String("arn")) && strings.Contains(grant.String("grantee_principal"), scalingRole)
		})
		if !granted {
			return name
		}
	}
	return ""
}

// admitsAutoScaling reports whether a key's policy lets Auto Scaling's role make grants for disks. That the account may is not enough, as
// the role has no policy that says so. Conditions, such as kms:ViaService, are taken to hold.
func admitsAutoScaling(c *model.Call, policy string) bool {
	document, _ := iampolicy.Parse(policy)
	return slices.ContainsFunc(document.Statements, func(s iampolicy.Statement) bool {
		meant := s.Principals.Everybody() || slices.ContainsFunc(s.Principals["AWS"], func(principal string) bool {
			return strings.Contains(principal, scalingRole)
		})
		return meant && s.Effect == "Allow" && s.Speaks("kms:CreateGrant")
	})
}

// AutoScalingAdvice says what to do where Auto Scaling may not use a key.
func AutoScalingAdvice(c *model.Call, key string) string {
	role := c.GlobalARN("iam", "role/"+scalingRole)
	return "The policy of the key " + key + " of the disks does not let Auto Scaling use it: allow " + role +
		" kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKey* and kms:ReEncrypt*."
}
