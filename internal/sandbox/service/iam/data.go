package iam

import (
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// DataSources declares what Terraform asks IAM, and the policy documents that the provider itself writes.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_iam_policy_document", API: api, Noun: "IAM Policy Document", Call: "none", Read: readPolicyDocument},
		{Name: "aws_iam_role", API: api, Noun: "IAM Role", Call: "GetRole", Read: readRole},
		{Name: "aws_iam_policy", API: api, Noun: "IAM Policy", Call: "ListPolicies", Read: readPolicy},
		{Name: "aws_iam_session_context", API: api, Noun: "IAM Session Context", Call: "GetRole", Read: readSessionContext},
		{Name: "aws_service_principal", API: "none", Noun: "Service Principal", Call: "none", Read: readServicePrincipal},
	}
}

func readRole(c *model.Call) *world.Error {
	role := c.Find("aws_iam_role", c.String("name"))
	if role == nil {
		return roles.missing(c.String("name"))
	}
	for _, attribute := range []string{"id", "arn", "assume_role_policy", "create_date", "description", "max_session_duration", "path",
		"permissions_boundary", "tags", "unique_id"} {
		c.Force(attribute, role.Attributes[attribute])
	}
	c.Force("role_last_used", []any{})
	return nil
}

// readPolicy finds a policy by ARN or by name, below a path if one is given. AWS's own policies exist without being in the world.
func readPolicy(c *model.Call) *world.Error {
	arn, name, prefix := c.String("arn"), c.String("name"), c.String("path_prefix")
	for _, policy := range c.All("aws_iam_policy") {
		if policy.ID == arn || arn == "" && policy.String("name") == name && strings.HasPrefix(policy.String("path"), prefix) {
			for _, attribute := range []string{"arn", "description", "id", "name", "path", "policy", "policy_id", "tags", "attachment_count"} {
				c.Force(attribute, policy.Attributes[attribute])
			}
			return nil
		}
	}
	managed, ours := strings.CutPrefix(arn, "arn:"+c.Partition()+":iam::aws:policy/")
	if !ours {
		return &world.Error{Message: "reading IAM Policy (" + arn + name + "): couldn't find resource"}
	}
	path := "/" + managed[:strings.LastIndex(managed, "/")+1]
	document := `{"Version":"2012-10-17","Statement":[]}` // what it allows is not known
	if known, ok := facts.FindManagedPolicy(arn); ok {
		document = string(known.Document)
	}
	c.Force("id", arn)
	c.Force("name", managed[strings.LastIndex(managed, "/")+1:])
	c.Force("path", path)
	c.Force("policy_id", "ANPA"+c.Upper(17))
	c.Force("description", "")
	c.Force("attachment_count", 0.0)
	c.Force("policy", document)
	return nil
}

// readSessionContext turns the ARN of an assumed role's session into the role behind it.
func readSessionContext(c *model.Call) *world.Error {
	arn := c.String("arn")
	c.Force("id", arn)
	c.Force("issuer_arn", arn)
	for _, attribute := range []string{"issuer_id", "issuer_name", "session_name"} {
		c.Force(attribute, "")
	}
	_, session, assumed := strings.Cut(arn, ":assumed-role/")
	name, sessionName, named := strings.Cut(session, "/")
	if !assumed || !named {
		return nil
	}
	role := c.Find("aws_iam_role", name)
	if role == nil && name == model.CallerRole {
		role = &world.Resource{Attributes: world.Object{
			"arn": c.GlobalARN("iam", "role/"+name), "unique_id": "AROAIOSFODNN7EXAMPLE"}}
	}
	if role == nil {
		return &world.Error{Message: "unable to get role (" + name + "): NoSuchEntity: The role with name " + name + " cannot be found."}
	}
	c.Force("issuer_arn", role.String("arn"))
	c.Force("issuer_id", role.String("unique_id"))
	c.Force("issuer_name", name)
	c.Force("session_name", sessionName)
	return nil
}

// readServicePrincipal writes a service's principal; outside of China none of the services here has one with another domain.
func readServicePrincipal(c *model.Call) *world.Error {
	name, suffix := c.String("service_name"), "amazonaws.com"
	if c.Partition() == "aws-cn" && (name == "ec2" || name == "codedeploy" || name == "elasticmapreduce" || name == "logs") {
		suffix = "amazonaws.com.cn"
	}
	c.Force("suffix", suffix)
	c.Force("name", name+"."+suffix)
	c.Force("id", name+"."+c.Region+"."+suffix)
	return nil
}
