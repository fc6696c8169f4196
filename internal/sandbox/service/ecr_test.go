package service_test

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// expiry is a lifecycle policy of rules with these priorities.
func expiry(priorities ...int) string {
	rules := []any{}
	for _, priority := range priorities {
		rules = append(rules, object{"rulePriority": priority, "description": text(60), "action": object{"type": "expire"},
			"selection": object{"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}})
	}
	return sandboxtest.JSON(object{"rules": rules})
}

func TestRegistry(t *testing.T) {
	repository := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_ecr_repository", merged(object{"name": "coder/base"}, change))
	}
	inside := func(typeName, policy string) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_ecr_repository", object{"name": "coder/base"})
			return typeName, object{"repository": "coder/base", "policy": policy}
		}
	}
	cache := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_ecr_pull_through_cache_rule",
			merged(object{"ecr_repository_prefix": "quay", "upstream_registry_url": "quay.io"}, change))
	}
	credential := func(name string) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			secret := d.MustCreate(t, "aws_secretsmanager_secret", object{"name": name})
			return cache(object{"upstream_registry_url": "ghcr.io", "credential_arn": secret["arn"]})(t, d)
		}
	}
	check(t, []rule{
		{name: "a repository", given: repository(nil)},
		{name: "a name of one character", given: repository(object{"name": "a"}), refused: "Member must have length greater than or equal to 2"},
		{name: "a name with a capital", given: repository(object{"name": "Coder"}),
			refused: "InvalidParameterException: 1 validation error detected: Value 'Coder' at 'repositoryName'"},
		{name: "an unknown mutability", given: repository(object{"image_tag_mutability": "SOMETIMES"}), refused: "InvalidParameterException"},
		{name: "an unknown encryption", given: repository(object{"encryption_configuration": []object{{"encryption_type": "DES"}}}),
			refused: "InvalidParameterException"},
		{name: "a key that does not exist",
			given:   repository(object{"encryption_configuration": []object{{"encryption_type": "KMS", "kms_key": "alias/none"}}}),
			refused: "KmsException"},
		{name: "a second repository of one name",
			refused: "RepositoryAlreadyExistsException: The repository with name 'coder/base' already exists in the registry with id '123456789012'",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_ecr_repository", object{"name": "coder/base"})
				return repository(nil)(t, d)
			}},
		{name: "a lifecycle policy", given: inside("aws_ecr_lifecycle_policy", expiry(1, 2))},
		{name: "two rules of one priority", given: inside("aws_ecr_lifecycle_policy", expiry(1, 1)), refused: "rulePriority must be unique"},
		{name: "a priority of 0", given: inside("aws_ecr_lifecycle_policy", expiry(0)), refused: "Lifecycle policy validation failure"},
		{name: "a lifecycle policy without rules", given: inside("aws_ecr_lifecycle_policy", `{"rules":[]}`+strings.Repeat(" ", 100)),
			refused: "Lifecycle policy validation failure"},
		{name: "a lifecycle policy of no repository",
			given:   creates("aws_ecr_lifecycle_policy", object{"repository": "none", "policy": expiry(1)}),
			refused: "RepositoryNotFoundException: The repository with name 'none' does not exist"},
		{name: "a policy that names a resource", given: inside("aws_ecr_repository_policy", policyFor("*", "ecr:BatchGetImage")),
			refused: "Invalid repository policy provided"},
		{name: "a policy",
			given: inside("aws_ecr_repository_policy", strings.Replace(policyFor("*", "ecr:BatchGetImage"), `,"Resource":"*"`, "", 1))},
		{name: "a cache of an open registry", given: cache(nil)},
		{name: "a cache of an unknown registry", given: cache(object{"upstream_registry_url": "registry.example.com"}),
			refused: "UnsupportedUpstreamRegistryException"},
		{name: "a cache of a registry that wants a credential", given: cache(object{"upstream_registry_url": "ghcr.io"}),
			refused: "A credential ARN must be specified"},
		{name: "a cache with a credential", given: credential("ecr-pullthroughcache/ghcr")},
		{name: "a cache with a credential of another name", given: credential("ghcr"),
			refused: "The name of the secret must begin with ecr-pullthroughcache/"},
		{name: "a cache with a credential that does not exist",
			given: cache(object{"upstream_registry_url": "ghcr.io",
				"credential_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/none-abcdef"}),
			refused: "SecretNotFoundException"},
		{name: "a prefix of one character", given: cache(object{"ecr_repository_prefix": "q"}), refused: "at 'ecrRepositoryPrefix'"},
		{name: "a second cache of one prefix", refused: "PullThroughCacheRuleAlreadyExistsException",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := cache(nil)(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},
	})
}

func TestRegistryLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	repository := d.MustCreate(t, "aws_ecr_repository",
		object{"name": "coder/base", "encryption_configuration": []object{{"encryption_type": "KMS"}}})
	d.MustCreate(t, "aws_ecr_lifecycle_policy", object{"repository": "coder/base", "policy": expiry(1)})
	if repository["repository_url"] != "123456789012.dkr.ecr.us-east-1.amazonaws.com/coder/base" {
		t.Errorf("URL %v", repository["repository_url"])
	}
	d.MustCreate(t, "aws_ecr_pull_through_cache_rule", object{"ecr_repository_prefix": "quay", "upstream_registry_url": "quay.io"})
	noFallbacks(t, d)
	found, err := d.Data("aws_ecr_repository", object{"name": "coder/base"})
	expect(t, err, "")
	if found["repository_url"] != repository["repository_url"] {
		t.Errorf("the data source found %v", found["repository_url"])
	}
	_, err = d.Data("aws_ecr_repository", object{"name": "none"})
	expect(t, err, "RepositoryNotFoundException")
	token, err := d.Data("aws_ecr_authorization_token", object{})
	expect(t, err, "")
	if token["user_name"] != "AWS" || token["proxy_endpoint"] != "https://123456789012.dkr.ecr.us-east-1.amazonaws.com" {
		t.Errorf("token of %v for %v", token["user_name"], token["proxy_endpoint"])
	}
	expect(t, d.Delete("aws_ecr_repository", repository), "")
}
