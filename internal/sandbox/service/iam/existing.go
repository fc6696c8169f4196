package iam

import (
	"fmt"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// everything is the policy of which no more is known than that it is there.
const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// AddPolicy puts a managed policy into a world that no Terraform made, such as the permissions boundary that an account's owners require
// of every role. document is what it says; where it is empty, it allows everything. A policy of that ARN that exists already gets the
// document. The caller must not hold the world.
func AddPolicy(w *world.World, arn, document string) error {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[2] != "iam" || !strings.HasPrefix(parts[5], "policy/") || strings.HasSuffix(arn, "/") {
		return fmt.Errorf("%q is not the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary", arn)
	}
	if document == "" {
		document = everything
	}
	if fault := iampolicy.Fault(iampolicy.Identity, document); fault != "" {
		return fmt.Errorf("what %s says is no policy: %s", arn, fault)
	}
	resource := strings.TrimPrefix(parts[5], "policy")
	name := resource[strings.LastIndex(resource, "/")+1:]
	return w.Do(func() error {
		if r := w.Get(w.Account(), model.Global, "aws_iam_policy", arn); r != nil {
			attributes := world.CopiedObject(r.Attributes)
			attributes["policy"] = document
			w.Change(r, attributes)
			return nil
		}
		call := &model.Call{
			World: w, Type: policy(), Account: w.Account(), Region: model.Global, ProviderRegion: "us-east-1", ID: arn,
			Object: world.Object{"name": name, "path": strings.TrimSuffix(resource, name), "policy": document, "description": "",
				"tags": world.Object{}, "tags_all": world.Object{}},
		}
		for _, computed := range []string{"id", "arn", "policy_id", "name_prefix", "attachment_count"} {
			call.Object[computed] = world.Unknown{}
		}
		model.Verbs{Actor: model.Rules{}}.Adopt(call)
		return nil
	})
}
