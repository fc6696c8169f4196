package service_test

import (
	"testing"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
)

// TestPermits asks what a role may do, by its policies.
func TestPermits(t *testing.T) {
	const (
		action   = "secretsmanager:GetSecretValue"
		resource = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf"
	)
	statement := func(effect, action, resource string) object {
		return object{"Effect": effect, "Action": action, "Resource": resource}
	}
	policy := func(statements ...any) string {
		return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": statements})
	}
	for _, test := range []struct {
		name string
		// inline are the policies of the role itself, attached those of its own, and managed those of AWS.
		inline, attached, managed []string
		// boundary is what the role's permissions boundary says, if it has one.
		boundary string
		// written are arguments of the role itself.
		written object
		want    bool
	}{
		{name: "a role without a policy"},
		{name: "a policy that allows it", inline: []string{policy(statement("Allow", action, resource))}, want: true},
		{name: "a policy of its own", attached: []string{policy(statement("Allow", action, resource))}, want: true},
		{name: "a policy of AWS's, of which nothing is known", managed: []string{"arn:aws:iam::aws:policy/SecretsManagerReadWrite"}, want: true},
		{name: "a pattern, in letters of another case",
			inline: []string{policy(statement("Allow", "SecretsManager:get*", "arn:aws:secretsmanager:*:*:secret:coder/*"))}, want: true},
		{name: "another action", inline: []string{policy(statement("Allow", "secretsmanager:PutSecretValue", resource))}},
		{name: "another resource", inline: []string{policy(statement("Allow", action, resource+"x"))}},
		{name: "a denial after it in the same policy",
			inline: []string{policy(statement("Allow", action, resource), statement("Deny", action, resource))}},
		{name: "a denial before it", inline: []string{policy(statement("Deny", action, resource), statement("Allow", action, resource))}},
		{name: "a denial in another policy, by a pattern", inline: []string{policy(statement("Allow", action, resource))},
			attached: []string{policy(statement("Deny", "secretsmanager:*", "*"))}},
		{name: "a denial beside a policy of AWS's", managed: []string{"arn:aws:iam::aws:policy/SecretsManagerReadWrite"},
			inline: []string{policy(statement("Deny", action, resource))}},
		{name: "a denial of another resource", inline: []string{policy(statement("Allow", action, "*"), statement("Deny", action, resource+"x"))},
			want: true},
		{name: "a denial of another action", inline: []string{policy(statement("Allow", "*", resource), statement("Deny", "kms:Decrypt", "*"))},
			want: true},
		{name: "a policy in a block of the role", want: true,
			written: object{"inline_policy": []object{{"name": "p", "policy": policy(statement("Allow", action, resource))}}}},
		{name: "a policy of AWS's that the role names", want: true,
			written: object{"managed_policy_arns": []any{"arn:aws:iam::aws:policy/SecretsManagerReadWrite"}}},
		{name: "a denial in a block of the role", inline: []string{policy(statement("Allow", action, resource))},
			written: object{"inline_policy": []object{{"name": "p", "policy": policy(statement("Deny", action, "*"))}}}},
		{name: "a boundary that allows it, too", inline: []string{policy(statement("Allow", action, resource))},
			boundary: policy(statement("Allow", "secretsmanager:*", "*")), want: true},
		{name: "a boundary that allows it alone", boundary: policy(statement("Allow", action, resource))},
		{name: "a boundary that does not allow it", inline: []string{policy(statement("Allow", "*", "*"))},
			boundary: policy(statement("Allow", "kms:*", "*"))},
		{name: "a boundary that denies it", inline: []string{policy(statement("Allow", "*", "*"))},
			boundary: policy(statement("Allow", "*", "*"), statement("Deny", action, "*"))},
		{name: "a boundary of AWS's, of which nothing is known", inline: []string{policy(statement("Allow", action, resource))}, want: true,
			written: object{"permissions_boundary": "arn:aws:iam::aws:policy/job-function/Billing"}},
		{name: "a boundary of AWS's that has no such action", inline: []string{policy(statement("Allow", action, resource))},
			written: object{"permissions_boundary": "arn:aws:iam::aws:policy/AmazonEC2FullAccess"}},
		{name: "a denial alone", inline: []string{policy(statement("Deny", "kms:Decrypt", "*"))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			arguments := merged(object{"name": "reader", "assume_role_policy": trust("pods.eks.amazonaws.com")}, test.written)
			if test.boundary != "" {
				boundary := d.MustCreate(t, "aws_iam_policy", object{"name": "boundary", "policy": test.boundary})
				arguments["permissions_boundary"] = boundary["arn"]
			}
			role := d.MustCreate(t, "aws_iam_role", arguments)
			for i, text := range test.inline {
				d.MustCreate(t, "aws_iam_role_policy", object{"name": string(rune('a' + i)), "role": "reader", "policy": text})
			}
			for i, text := range test.attached {
				own := d.MustCreate(t, "aws_iam_policy", object{"name": string(rune('a' + i)), "policy": text})
				d.MustCreate(t, "aws_iam_role_policy_attachment", object{"role": "reader", "policy_arn": own["arn"]})
			}
			for _, arn := range test.managed {
				d.MustCreate(t, "aws_iam_role_policy_attachment", object{"role": "reader", "policy_arn": arn})
			}
			by := model.Caller{Account: "123456789012", Region: "us-east-1", Role: role["arn"].(string)}
			var got bool
			if err := d.World.Do(func() error {
				got = permission.Check(service.NewCatalog().CallBy(d.World, by), model.Permission{Action: action, Resource: resource}) == nil
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("permitted: %t, want %t", got, test.want)
			}
		})
	}
}
