// Package ecr declares Amazon Elastic Container Registry: repositories, their policies and pull-through caches. Beside the model it
// imports iampolicy and kms; the catalog imports it.
//
// Rules: API model (botocore); messages: moto, unless marked unverified.
package ecr

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

const api = "ECR"

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{
		repository(),
		repositoryDocument("aws_ecr_lifecycle_policy", "ECR Lifecycle Policy", "LifecyclePolicy", lifecycleDocument, "repository", "policy"),
		repositoryDocument("aws_ecr_repository_policy", "ECR Repository Policy", "RepositoryPolicy", repositoryPolicyDocument, "repository"),
		pullThroughCacheRule(),
	}
}

func repositoryMissing(c *model.Call, name string) *world.Error {
	return world.Fail("RepositoryNotFoundException", "The repository with name '%s' does not exist in the registry with id '%s'",
		name, c.Account)
}

func repository() *model.Type {
	return &model.Type{
		Name: "aws_ecr_repository", API: api, Noun: "ECR Repository",
		CreateCall: "CreateRepository", UpdateCall: "PutImageTagMutability", DeleteCall: "DeleteRepository",
		Identify: model.IDFrom("name"),
		Unique: []model.Unique{{Attribute: "name", Taken: func(c *model.Call, name string) *world.Error {
			return world.Fail("RepositoryAlreadyExistsException", "The repository with name '%s' already exists in the registry with id '%s'",
				name, c.Account)
		}}},
		Checks: []model.Check{
			model.Length("InvalidParameterException", "name", "repositoryName", 2, 256),
			model.Pattern("InvalidParameterException", "name", "repositoryName", `(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*`),
			model.OneOf("InvalidParameterException", "image_tag_mutability", "imageTagMutability", "MUTABLE", "IMMUTABLE",
				"IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"),
			repositoryEncryption,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-CFEB8E8D", Service: "ecr", Name: "Registered repositories", Default: 100000},
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceededException", "The maximum number of repositories has been reached") // unverified text
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ecr", "repository/"+c.ID))
			c.Set("registry_id", c.Account)
			c.Set("repository_url", registryHost(c)+"/"+c.ID)
			key := ""
			if c.String("encryption_configuration.encryption_type") == "KMS" {
				key = kms.ManagedKey(c, "ecr")
			}
			c.SetIn("encryption_configuration", "kms_key", key)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

func registryHost(c *model.Call) string {
	return c.Account + ".dkr.ecr." + c.Region + "." + facts.DNSSuffix(c.Region)
}

func repositoryEncryption(c *model.Call) *world.Error {
	kind, key := c.String("encryption_configuration.encryption_type"), c.String("encryption_configuration.kms_key")
	switch {
	case kind != "" && !slices.Contains([]string{"AES256", "KMS", "KMS_DSSE"}, kind):
		return model.Unsatisfied("InvalidParameterException", kind, "encryptionConfiguration.encryptionType",
			"Member must satisfy enum value set: [KMS, AES256, KMS_DSSE]")
	case key != "" && !kms.KeyExists(c, key):
		return world.Fail("KmsException", "The KMS key %s does not exist or cannot be used", key) // unverified text
	}
	return nil
}

// repositoryDocument declares one of the two documents that a repository may have. They go with it.
func repositoryDocument(name, noun, api string, check model.Check, replace ...string) *model.Type {
	return &model.Type{
		Name: name, API: api, Noun: noun,
		CreateCall: "Put" + api, UpdateCall: "Put" + api, DeleteCall: "Delete" + api,
		Identify:   model.IDFrom("repository"),
		References: []model.Reference{{Path: "repository", To: []string{"aws_ecr_repository"}, Inside: true}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			if c.Find("aws_ecr_repository", c.String("repository")) == nil {
				return repositoryMissing(c, c.String("repository"))
			}
			return nil
		}, check},
		Replace: model.ReplacedBy(replace...),
		Fill:    func(c *model.Call) { c.Set("registry_id", c.Account) },
		Latency: model.Instant("logs of real deployments"),
	}
}

// repositoryPolicyDocument holds a policy to the policy language; a repository's policy names no resource, as it can only mean the
// repository.
func repositoryPolicyDocument(c *model.Call) *world.Error {
	document, fault := iampolicy.Parse(c.String("policy"))
	named := slices.ContainsFunc(document.Statements, func(s iampolicy.Statement) bool { return len(s.Resources)+len(s.NotResources) > 0 })
	if fault != "" || named || iampolicy.Fault(iampolicy.Resource, c.String("policy")) != "" {
		return world.Fail("InvalidParameterException",
			"Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'")
	}
	if principal.Nobody(c, c.String("policy")) != "" {
		return world.Fail("InvalidParameterException", "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'")
	}
	return nil
}

// lifecycleDocument holds a lifecycle policy to its size and to rules of different priorities.
func lifecycleDocument(c *model.Call) *world.Error {
	text := c.String("policy")
	var document struct {
		Rules []struct {
			RulePriority float64
			Selection    struct {
				TagStatus, CountType       string
				TagPrefixList, TagPatterns []string `json:",omitempty"`
			}
			Action struct{ Type string }
		}
	}
	invalid := func(reason string) *world.Error {
		return world.Fail("InvalidParameterException",
			"Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure:\n%s'", reason)
	}
	if len(text) < 100 || len(text) > 30720 {
		return model.Unsatisfied("InvalidParameterException", text, "lifecyclePolicyText", "Member must have length between 100 and 30720")
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil || len(document.Rules) == 0 {
		return invalid("object has missing required properties ([\"rules\"])")
	}
	seen := map[float64]bool{}
	for _, rule := range document.Rules {
		switch {
		case rule.RulePriority < 1:
			return invalid("numeric instance is lower than the required minimum (minimum: 1)")
		case seen[rule.RulePriority]:
			return invalid("rulePriority must be unique")
		case !slices.Contains([]string{"tagged", "untagged", "any"}, rule.Selection.TagStatus):
			return invalid("instance value (\"" + rule.Selection.TagStatus +
				"\") not found in enum (possible values: [\"any\",\"tagged\",\"untagged\"])")
		case !slices.Contains([]string{"expire", "transition"}, rule.Action.Type):
			return invalid("instance value (\"" + rule.Action.Type + "\") not found in enum (possible values: [\"expire\",\"transition\"])")
		}
		seen[rule.RulePriority] = true
	}
	return nil
}

// upstreams are the registries that ECR caches, and whether they want a secret with credentials (API model; the host of Chainguard is
// unverified).
var upstreams = map[string]bool{
	"public.ecr.aws": false, "quay.io": false, "registry.k8s.io": false,
	"registry-1.docker.io": true, "ghcr.io": true, "registry.gitlab.com": true, "cgr.dev": true,
}

var (
	azureRegistry = model.Expression(`^[a-z0-9]+\.azurecr\.io$`)
	otherRegistry = model.Expression(`^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$`)
	cachePrefixes = model.Expression(`^((?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*/?|ROOT)$`)
	cacheSecrets  = model.Expression(`^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache/[A-Za-z0-9/_+=.@-]+$`)
)

func pullThroughCacheRule() *model.Type {
	return &model.Type{
		Name: "aws_ecr_pull_through_cache_rule", API: api, Noun: "ECR Pull Through Cache Rule",
		CreateCall: "CreatePullThroughCacheRule", UpdateCall: "UpdatePullThroughCacheRule", DeleteCall: "DeletePullThroughCacheRule",
		Identify:   model.IDFrom("ecr_repository_prefix"),
		References: []model.Reference{{Path: "credential_arn", To: []string{"aws_secretsmanager_secret"}, By: "arn", Weak: true}},
		Unique: []model.Unique{{Attribute: "ecr_repository_prefix", Taken: func(c *model.Call, prefix string) *world.Error {
			// unverified text
			return world.Fail("PullThroughCacheRuleAlreadyExistsException",
				"A pull through cache rule for the repository prefix '%s' already exists in the registry with id '%s'", prefix, c.Account)
		}}},
		Checks: []model.Check{cacheRule},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-89EA2CA4", Service: "ecr", Name: "Pull through cache rules per registry", Default: 50},
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceededException", "The maximum number of pull through cache rules has been reached") // unverified text
			},
		}},
		Fill:    func(c *model.Call) { c.Set("registry_id", c.Account) },
		Latency: model.Instant("logs of real deployments"),
	}
}

func cacheRule(c *model.Call) *world.Error {
	prefix, url, credential := c.String("ecr_repository_prefix"), c.String("upstream_registry_url"), c.String("credential_arn")
	authenticated, known := upstreams[url]
	switch {
	case len(prefix) < 2 || len(prefix) > 30 || !cachePrefixes().MatchString(prefix):
		return model.Unsatisfied("InvalidParameterException", prefix, "ecrRepositoryPrefix",
			`Member must satisfy regular expression pattern: ((?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*/?|ROOT)`)
	case !known && !azureRegistry().MatchString(url) && !otherRegistry().MatchString(url):
		// unverified text
		return world.Fail("UnsupportedUpstreamRegistryException", "The specified upstream registry URL %s is not supported", url)
	case (authenticated || azureRegistry().MatchString(url)) && credential == "":
		// unverified text
		return world.Fail("InvalidParameterException",
			"Invalid parameter at 'credentialArn' failed to satisfy constraint: 'A credential ARN must be specified for the upstream registry %s'",
			url)
	case credential != "" && !cacheSecrets().MatchString(credential):
		// unverified text
		return world.Fail("InvalidParameterException",
			"Invalid parameter at 'credentialArn' failed to satisfy constraint: 'The name of the secret must begin with ecr-pullthroughcache/'")
	case credential != "" && c.FindBy("aws_secretsmanager_secret", "arn", credential) == nil:
		return world.Fail("SecretNotFoundException", "The ARN of the secret specified in the pull through cache rule was not found: %s",
			credential)
	}
	return nil
}

// DataSources declares what Terraform reads about registries.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_ecr_authorization_token", API: api, Noun: "ECR Authorization Token", Call: "GetAuthorizationToken", Read: readToken},
		{Name: "aws_ecr_pull_through_cache_rule", API: api, Noun: "ECR Pull Through Cache Rule", Call: "DescribePullThroughCacheRules",
			Read: model.ReadOne([]string{"aws_ecr_pull_through_cache_rule"}, "ecr_repository_prefix")},
		{Name: "aws_ecr_repositories", API: api, Noun: "ECR Repositories", Call: "DescribeRepositories", Read: func(c *model.Call) *world.Error {
			names := []any{}
			for _, r := range c.All("aws_ecr_repository") {
				names = append(names, r.ID)
			}
			c.Force("id", c.Region)
			c.Force("names", names)
			return nil
		}},
		{Name: "aws_ecr_repository", API: api, Noun: "ECR Repository", Call: "DescribeRepositories", Read: func(c *model.Call) *world.Error {
			found := c.Find("aws_ecr_repository", c.String("name"))
			if found == nil {
				return repositoryMissing(c, c.String("name"))
			}
			model.CopyAttributes(c, found)
			c.Set("most_recent_image_tags", []any{})
			return nil
		}},
	}
}

// readToken gives a token that opens nothing.
func readToken(c *model.Call) *world.Error {
	password := c.World.Digest(64, c.Account, c.Region, "ecr-token")
	c.Force("id", c.Region)
	c.Set("user_name", "AWS")
	c.Set("password", password)
	c.Set("authorization_token", base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "AWS:%s", password)))
	c.Set("expires_at", c.World.Now().Add(12*time.Hour).Format(time.RFC3339))
	host := registryHost(c)
	if registry := c.String("registry_id"); registry != "" {
		host = strings.Replace(host, c.Account, registry, 1)
	}
	c.Set("proxy_endpoint", "https://"+host)
	return nil
}
