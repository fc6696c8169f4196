package secretsmanager

import (
	"fmt"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// PodSecret is what Secrets Manager answers to a pod of a cluster that asks for the value of a secret, by ARN or name, as a service account
// with EKS Pod Identity; nil if it gets the value. empty says that the secret exists and has no value yet. The Timing of the answer says
// what to do.
//
// A secret that is named by ARN and not in the world is one that was there before, and has a value: who may read it is all that can be
// told.
func PodSecret(c *model.Call, cluster, namespace, serviceAccount, id string) (answer *world.Error, empty bool) {
	role, association := podRole(c, cluster, namespace, serviceAccount)
	if role == nil {
		who := fmt.Sprintf("service account %s of namespace %s", serviceAccount, namespace)
		if association {
			// text unverified
			return advise(world.Fail("AccessDeniedException",
				"Unauthorized Exception! EKS does not have permissions to assume the associated role."),
				"The role of the Pod Identity association of %s does not exist any more.", who), false
		}
		// text unverified
		return advise(world.NotFound("ResourceNotFoundException", "No Pod Identity association found for %s", who),
			"Make an aws_eks_pod_identity_association for it.", ""), false
	}
	secret := secretOf(c, id)
	arn := id
	switch {
	case secret != nil:
		arn = secret.ID
	case !strings.HasPrefix(id, "arn:"):
		return advise(world.Fail("ResourceNotFoundException", "Secrets Manager can't find the specified secret."), "There is no secret %s.", id),
			false
	}
	caller := fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/eks-%s", c.Partition(), c.Account, role.String("name"), cluster)
	policy, _ := c.Look(secret)["policy"].(string)
	if refusal := permission.Refusal(c, role, "secretsmanager:GetSecretValue", arn, policy); refusal != "" {
		todo, about := "Allow it in a policy of the role %s.", role.String("name")
		switch {
		case strings.Contains(refusal, "permissions boundary"):
			todo, about = "Allow it in the permissions boundary of the role, %s.", role.String("permissions_boundary")
		case strings.Contains(refusal, "deny"):
			todo = "Let the policies of the secret and of the role %s not deny it: a denial is stronger than what allows."
		}
		return advise(world.Fail("AccessDeniedException",
			"User: %s is not authorized to perform: secretsmanager:GetSecretValue on resource: %s %s", caller, arn, refusal),
			todo, about), false
	}
	if secret == nil {
		return nil, false
	}
	if key := ownKey(c, secret.String("kms_key_id")); key != nil &&
		!permission.Opens(c, role, key.String("arn"), kms.Policy(c, key), "secretsmanager") {
		return advise(world.Fail("AccessDeniedException", "Access to KMS is not allowed"), "The secret is encrypted with %s: "+
			"allow kms:Decrypt on it in a policy of its reader. The policy of the key has to let the account's policies decide, or the reader in.",
			key.String("arn")), false
	}
	if !hasValue(c, secret) {
		return advise(world.Fail("ResourceNotFoundException",
			"Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"), "The secret %s has no value yet.",
			secret.String("name")), true
	}
	return nil, false
}

// PodRole is the role that pods of a service account have by EKS Pod Identity; nil if they have none.
func PodRole(c *model.Call, cluster, namespace, serviceAccount string) *world.Resource {
	role, _ := podRole(c, cluster, namespace, serviceAccount)
	return role
}

// ARN is that of a secret that is named by it or by its name.
func ARN(c *model.Call, id string) string {
	if secret := secretOf(c, id); secret != nil {
		return secret.ID
	}
	return id
}

func advise(err *world.Error, format, about string) *world.Error {
	err.Timing = format
	if strings.Contains(format, "%s") {
		err.Timing = fmt.Sprintf(format, about)
	}
	return err
}

// podRole is the role that pods of a service account have; association says that there is an association at all.
func podRole(c *model.Call, cluster, namespace, serviceAccount string) (role *world.Resource, association bool) {
	for _, r := range c.All("aws_eks_pod_identity_association") {
		if r.String("cluster_name") == cluster && r.String("namespace") == namespace && r.String("service_account") == serviceAccount {
			return c.FindBy("aws_iam_role", "arn", r.String("role_arn")), true
		}
	}
	return nil, false
}

// ownKey is a customer's own key, by ARN or id; nil for AWS's, and for keys that are not in the world.
func ownKey(c *model.Call, named string) *world.Resource {
	if named == "" {
		return nil
	}
	return kms.FindKey(c, named)
}

// hasValue reports whether a secret has a value: somebody put one, or the service that owns it does.
func hasValue(c *model.Call, secret *world.Resource) bool {
	if secret.Owner != "" || strings.HasPrefix(secret.String("name"), "rds!") {
		return true
	}
	for _, version := range c.All("aws_secretsmanager_secret_version") {
		if version.String("secret_arn") == secret.ID || version.String("arn") == secret.ID || version.String("secret_id") == secret.ID {
			return true
		}
	}
	return false
}
