package service_test

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// creating is a resource that needs no other.
func creating(typ string, config object) setting {
	return func(*testing.T, *sandboxtest.Driver) (string, object) { return typ, config }
}

// repeating is a resource, with some arguments changed, in a world that has it already.
func repeating(typ string, config, change object) setting {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		t.Helper()
		d.MustCreate(t, typ, config)
		return typ, merged(config, change)
	}
}

// policyWith is a permission policy of one statement, with some of its elements changed; nil removes one.
func policyWith(change object) string {
	statement := object{}
	for name, value := range merged(object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, change) {
		if value != nil {
			statement[name] = value
		}
	}
	return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{statement}})
}

// trustWith is a trust policy of one statement, changed likewise.
func trustWith(change object) string {
	return policyWith(merged(object{"Action": "sts:AssumeRole", "Resource": nil, "Principal": object{"Service": "ec2.amazonaws.com"}}, change))
}

func TestIAMDocuments(t *testing.T) {
	policy := func(text string) setting {
		return func(*testing.T, *sandboxtest.Driver) (string, object) {
			return "aws_iam_policy", object{"name": "p", "policy": text}
		}
	}
	trusting := func(text string) setting {
		return func(*testing.T, *sandboxtest.Driver) (string, object) {
			return "aws_iam_role", object{"name": "r", "assume_role_policy": text}
		}
	}
	const malformed = "MalformedPolicyDocument: "
	check(t, []rule{
		{name: "a policy", given: policy(policyWith(nil))},
		{name: "a statement that is not in a list",
			given: policy(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)},
		{name: "a policy that is no JSON", given: policy(`{"Version":`), refused: malformed + "Syntax errors in policy."},
		{name: "a policy that is no object", given: policy(`[]`), refused: malformed + "Syntax errors in policy."},
		{name: "a policy without a version", given: policy(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
			refused: malformed + "Policy document must be version 2012-10-17 or greater."},
		{name: "a policy of an unknown version",
			given:   policy(`{"Version":"2024-01-01","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
			refused: malformed + "Syntax errors in policy."},
		{name: "a policy without statements", given: policy(`{"Version":"2012-10-17","Statement":[]}`),
			refused: malformed + "Syntax errors in policy."},
		{name: "an unknown element", given: policy(policyWith(object{"Actions": "s3:*"})), refused: malformed + "Syntax errors in policy."},
		{name: "an effect that is none", given: policy(policyWith(object{"Effect": "allow"})), refused: malformed + "Syntax errors in policy."},
		{name: "no action", given: policy(policyWith(object{"Action": nil})), refused: malformed + "Policy statement must contain actions."},
		{name: "an action without a service", given: policy(policyWith(object{"Action": "GetObject"})),
			refused: malformed + "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		{name: "every action", given: policy(policyWith(object{"Action": "*"}))},
		{name: "all actions but one", given: policy(policyWith(object{"Action": nil, "NotAction": []any{"iam:*"}}))},
		{name: "no resource", given: policy(policyWith(object{"Resource": nil})),
			refused: malformed + "Policy statement must contain resources."},
		{name: "a resource that is no ARN", given: policy(policyWith(object{"Resource": "my-bucket"})),
			refused: malformed + `Resource my-bucket must be in ARN format or "*".`},
		{name: "a principal in a permission policy", given: policy(policyWith(object{"Principal": "*"})),
			refused: malformed + "Policy document should not specify a principal."},
		{name: "a condition", given: policy(policyWith(object{"Condition": object{"StringEqualsIfExists": object{"aws:SourceAccount": "1"}}}))},
		{name: "an unknown operator", given: policy(policyWith(object{"Condition": object{"StringSame": object{"aws:SourceAccount": "1"}}})),
			refused: malformed + "Syntax errors in policy."},
		{name: "a condition key without a service",
			given:   policy(policyWith(object{"Condition": object{"StringEquals": object{"SourceAccount": "1"}}})),
			refused: malformed + "Actions/Conditions must be prefaced by a vendor"},
		{name: "a statement id with a hyphen", given: policy(policyWith(object{"Sid": "read-only"})),
			refused: malformed + "Statement IDs (SID) must be alpha-numeric."},
		{name: "a statement id twice", given: policy(sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{
			object{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"},
			object{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}}})),
			refused: malformed + "Statement IDs (SID) in a single policy must be unique."},
		{name: "a policy of 6144 characters", given: policy(sized6144(0))},
		{name: "a larger policy", given: policy(sized6144(1)), refused: "LimitExceeded: Cannot exceed quota for PolicySize: 6144"},

		{name: "a trust policy", given: trusting(trustWith(nil))},
		{name: "a trust policy of the old version", given: trusting(strings.Replace(trustWith(nil), "2012-10-17", "2008-10-17", 1))},
		{name: "a trust policy that is no JSON", given: trusting("ec2.amazonaws.com"), refused: malformed + "This policy contains invalid Json"},
		{name: "a trust policy with a resource", given: trusting(trustWith(object{"Resource": "*"})),
			refused: malformed + "Has prohibited field Resource."},
		{name: "a trust policy for nobody", given: trusting(trustWith(object{"Principal": nil})),
			refused: malformed + "Missing required field Principal"},
		{name: "a trust policy with other actions", given: trusting(trustWith(object{"Action": "s3:GetObject"})),
			refused: malformed + "AssumeRole policy may only specify STS AssumeRole actions."},
		{name: "a trust policy for an account", given: trusting(trustWith(object{"Principal": object{"AWS": "123456789012"}}))},
		{name: "a service without its domain", given: trusting(trustWith(object{"Principal": object{"Service": "ec2"}})),
			refused: malformed + `Invalid principal in policy: "SERVICE":"ec2"`},
		{name: "an AWS principal that is no ARN", given: trusting(trustWith(object{"Principal": object{"AWS": "me"}})),
			refused: malformed + `Invalid principal in policy: "AWS":"me"`},
		{name: "a larger trust policy",
			given:   trusting(trustWith(object{"Condition": object{"StringEquals": object{"aws:SourceAccount": text(2048)}}})),
			refused: "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048"},
	})
}

// sized6144 is a policy of 6144 characters and some more, white space not counted.
func sized6144(more int) string {
	empty := policyWith(object{"Resource": "arn:aws:s3:::"})
	return policyWith(object{"Resource": "arn:aws:s3:::" + text(6144-len(empty)+more)}) + "  "
}

func TestIAMEntities(t *testing.T) {
	role := object{"name": "coder", "assume_role_policy": trust("ec2.amazonaws.com")}
	with := func(change object) setting { return creating("aws_iam_role", merged(role, change)) }
	attach := func(policy string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_iam_role", role)
			return "aws_iam_role_policy_attachment", object{"role": "coder", "policy_arn": policy}
		}
	}
	oidc := object{"url": "https://oidc.eks.us-east-1.amazonaws.com/id/1", "client_id_list": []any{"sts.amazonaws.com"}}
	check(t, []rule{
		{name: "a role", given: with(nil)},
		{name: "a role of 64 letters", given: with(object{"name": text(64)})},
		{name: "a longer name", given: with(object{"name": text(65)}), refused: "ValidationError: 1 validation error detected: Value '" +
			text(65) + "' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64"},
		{name: "a name with a slash", given: with(object{"name": "a/b"}),
			refused: "ValidationError: 1 validation error detected: Value 'a/b' at 'roleName' failed to satisfy constraint: Member must satisfy " +
				"regular expression pattern"},
		{name: "a role twice", given: repeating("aws_iam_role", role, nil), refused: "EntityAlreadyExists: Role with name coder already exists."},
		{name: "a role twice in another case", given: repeating("aws_iam_role", role, object{"name": "Coder"}),
			refused: "EntityAlreadyExists: Role with name Coder already exists."},
		{name: "sessions of twelve hours", given: with(object{"max_session_duration": 43200})},
		{name: "longer sessions", given: with(object{"max_session_duration": 43201}),
			refused: "Value '43201' at 'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200"},
		{name: "a path", given: with(object{"path": "/coder/"})},
		{name: "a path without its slash", given: with(object{"path": "coder"}),
			refused: "ValidationError: 1 validation error detected: Value 'coder' at 'path'"},
		{name: "a policy of AWS as its boundary", given: with(object{"permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess"})},
		{name: "a boundary that is there", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			boundary := d.MustCreate(t, "aws_iam_policy", object{"name": "boundary", "policy": policyWith(nil)})
			return "aws_iam_role", merged(role, object{"permissions_boundary": boundary["arn"]})
		}},
		{name: "a boundary that does not exist", given: with(object{"permissions_boundary": "arn:aws:iam::123456789012:policy/none"}),
			refused: "NoSuchEntity: Scope ARN: arn:aws:iam::123456789012:policy/none does not exist or is not attachable."},
		{name: "a boundary of another partition", given: with(object{"permissions_boundary": "arn:aws-us-gov:iam::aws:policy/PowerUserAccess"}),
			refused: "ValidationError: ARN arn:aws-us-gov:iam::aws:policy/PowerUserAccess is not valid."},
		{name: "a policy of AWS", given: attach("arn:aws:iam::aws:policy/ReadOnlyAccess")},
		{name: "a policy of another partition", given: attach("arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"),
			refused: "ValidationError: ARN arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess is not valid."},
		{name: "a policy that does not exist", given: attach("arn:aws:iam::123456789012:policy/none"),
			refused: "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."},
		{name: "a policy for a role that does not exist",
			given:   creating("aws_iam_role_policy_attachment", object{"role": "none", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
			refused: "NoSuchEntity: The role with name none cannot be found."},
		{name: "an eleventh policy", refused: "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_iam_role", role)
				for i := range 10 {
					d.MustCreate(t, "aws_iam_role_policy_attachment",
						object{"role": "coder", "policy_arn": "arn:aws:iam::aws:policy/" + string(rune('A'+i))})
				}
				return "aws_iam_role_policy_attachment", object{"role": "coder", "policy_arn": "arn:aws:iam::aws:policy/Z"}
			}},
		{name: "inline policies of more than 10240 characters",
			refused: "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role coder",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_iam_role", role)
				d.MustCreate(t, "aws_iam_role_policy", object{"role": "coder", "name": "one", "policy": sized6144(0)})
				return "aws_iam_role_policy", object{"role": "coder", "name": "two", "policy": sized6144(0)}
			}},
		{name: "a policy twice", given: repeating("aws_iam_policy", object{"name": "p", "policy": policyWith(nil)}, nil),
			refused: "EntityAlreadyExists: A policy called p already exists. Duplicate names are not allowed."},
		{name: "an instance profile of no role", given: creating("aws_iam_instance_profile", object{"name": "p", "role": "none"}),
			refused: "NoSuchEntity: The role with name none cannot be found."},
		{name: "an instance profile twice", given: repeating("aws_iam_instance_profile", object{"name": "p"}, nil),
			refused: "EntityAlreadyExists: Instance Profile p already exists."},
		{name: "an OIDC provider", given: creating("aws_iam_openid_connect_provider", oidc)},
		{name: "an OIDC provider twice", given: repeating("aws_iam_openid_connect_provider", oidc, nil),
			refused: "EntityAlreadyExists: Provider with url https://oidc.eks.us-east-1.amazonaws.com/id/1 already exists."},
		{name: "an OIDC provider without TLS", given: creating("aws_iam_openid_connect_provider",
			merged(oidc, object{"url": "http://example.com"})), refused: "ValidationError: Invalid Open ID Connect Provider URL"},
		{name: "a thumbprint that is none",
			given: creating("aws_iam_openid_connect_provider", merged(oidc, object{"thumbprint_list": []any{"abc"}})), refused: "ValidationError"},
		{name: "a service-linked role", given: creating("aws_iam_service_linked_role", object{"aws_service_name": "autoscaling.amazonaws.com"})},
		{name: "a service-linked role twice", given: repeating("aws_iam_service_linked_role", object{"aws_service_name": "eks.amazonaws.com"},
			nil),
			refused: "InvalidInput: Service role name AWSServiceRoleForAmazonEKS has been taken in this account, please try a different suffix."},
		{name: "a suffix where none is allowed",
			given:   creating("aws_iam_service_linked_role", object{"aws_service_name": "eks.amazonaws.com", "custom_suffix": "x"}),
			refused: "InvalidInput: Custom suffix is not allowed for eks.amazonaws.com"},
		{name: "a user twice", given: repeating("aws_iam_user", object{"name": "me"}, nil),
			refused: "EntityAlreadyExists: User with name me already exists."},
		{name: "a group twice", given: repeating("aws_iam_group", object{"name": "us"}, nil),
			refused: "EntityAlreadyExists: Group with name us already exists."},
		{name: "a third access key", refused: "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				d.MustCreate(t, "aws_iam_user", object{"name": "me"})
				d.MustCreate(t, "aws_iam_access_key", object{"user": "me"})
				d.MustCreate(t, "aws_iam_access_key", object{"user": "me"})
				return "aws_iam_access_key", object{"user": "me"}
			}},
	})
}

func TestIAMDeletion(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	role := roleFor(t, d, "coder", "ec2.amazonaws.com")
	policy := d.MustCreate(t, "aws_iam_policy", object{"name": "p", "policy": policyWith(nil)})
	attachment := d.MustCreate(t, "aws_iam_role_policy_attachment", object{"role": "coder", "policy_arn": policy["arn"]})
	expect(t, d.Delete("aws_iam_policy", policy), "DeleteConflict: Cannot delete a policy attached to entities.")
	expect(t, d.Delete("aws_iam_role", role), "DeleteConflict: Cannot delete entity, must detach all policies first.")
	expect(t, d.Delete("aws_iam_role_policy_attachment", attachment), "")
	expect(t, d.Delete("aws_iam_policy", policy), "")

	inline := d.MustCreate(t, "aws_iam_role_policy", object{"role": "coder", "name": "inline", "policy": policyWith(nil)})
	expect(t, d.Delete("aws_iam_role", role), "DeleteConflict: Cannot delete entity, must delete policies first.")
	expect(t, d.Delete("aws_iam_role_policy", inline), "")

	profile := d.MustCreate(t, "aws_iam_instance_profile", object{"name": "p", "role": "coder"})
	expect(t, d.Delete("aws_iam_role", role), "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.")
	expect(t, d.Delete("aws_iam_instance_profile", profile), "")
	expect(t, d.Delete("aws_iam_role", role), "")

	user := d.MustCreate(t, "aws_iam_user", object{"name": "me"})
	key := d.MustCreate(t, "aws_iam_access_key", object{"user": "me"})
	expect(t, d.Delete("aws_iam_user", user), "DeleteConflict: Cannot delete entity, must delete access keys first.")
	expect(t, d.Delete("aws_iam_access_key", key), "")
	expect(t, d.Delete("aws_iam_user", user), "")
}

func TestIAMExclusivePolicies(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	roleFor(t, d, "coder", "ec2.amazonaws.com")
	kept := d.MustCreate(t, "aws_iam_role_policy", object{"role": "coder", "name": "kept", "policy": policyWith(nil)})
	stray := d.MustCreate(t, "aws_iam_role_policy", object{"role": "coder", "name": "stray", "policy": policyWith(nil)})
	exclusive := d.MustCreate(t, "aws_iam_role_policies_exclusive", object{"role_name": "coder", "policy_names": []any{"kept"}})
	if found, err := d.Read("aws_iam_role_policy", kept); err != nil || found == nil {
		t.Errorf("the policy in the list is gone: %v", err)
	}
	if found, err := d.Read("aws_iam_role_policy", stray); err != nil || found != nil {
		t.Errorf("a policy beside the list stays: %v %v", found, err)
	}
	if found, err := d.Read("aws_iam_role_policies_exclusive", exclusive); err != nil || found == nil {
		t.Errorf("a resource without an id is not found again: %v", err)
	}
}

func TestIAMLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	role := roleFor(t, d, "coder", "ec2.amazonaws.com")
	if want := "arn:aws:iam::123456789012:role/coder"; role["arn"] != want {
		t.Errorf("arn = %v, want %s", role["arn"], want)
	}
	d.MustCreate(t, "aws_iam_role", object{"name_prefix": "coder-", "assume_role_policy": trust("ec2.amazonaws.com"), "path": "/coder/"})
	d.MustCreate(t, "aws_iam_policy", object{"name_prefix": "coder-", "policy": policyWith(nil)})
	d.MustCreate(t, "aws_iam_role_policy", object{"role": "coder", "policy": policyWith(nil)})
	d.MustCreate(t, "aws_iam_instance_profile", object{"role": "coder"})
	d.MustCreate(t, "aws_iam_openid_connect_provider", object{"url": "https://example.com", "client_id_list": []any{"x"}})
	d.MustCreate(t, "aws_iam_service_linked_role", object{"aws_service_name": "autoscaling.amazonaws.com", "custom_suffix": "coder"})
	d.MustCreate(t, "aws_iam_user", object{"name": "me"})
	d.MustCreate(t, "aws_iam_user_policy", object{"user": "me", "policy": policyWith(nil)})
	d.MustCreate(t, "aws_iam_access_key", object{"user": "me"})
	d.MustCreate(t, "aws_iam_group", object{"name": "us"})
	for data, config := range map[string]object{
		"aws_iam_role":            {"name": "coder"},
		"aws_iam_policy":          {"arn": "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"},
		"aws_iam_session_context": {"arn": "arn:aws:sts::123456789012:assumed-role/coder/session"},
		"aws_service_principal":   {"service_name": "ec2"},
	} {
		if _, err := d.Data(data, config); err != nil {
			t.Errorf("data.%s: %v", data, err)
		}
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

// TestPolicyData: a policy is found by its ARN, or by its name below a path.
func TestPolicyData(t *testing.T) {
	d := sandboxtest.New(t, "")
	made := d.MustCreate(t, "aws_iam_policy", object{"name": "p", "path": "/team/", "policy": policyWith(nil)})
	for _, test := range []struct {
		name    string
		config  object
		refused bool
	}{
		{"by its ARN", object{"arn": made["arn"]}, false},
		{"by its name", object{"name": "p"}, false},
		{"by its name below its path", object{"name": "p", "path_prefix": "/team/"}, false},
		{"by its name below another path", object{"name": "p", "path_prefix": "/other/"}, true},
		{"by another name", object{"name": "q"}, true},
		{"by the ARN of another", object{"arn": "arn:aws:iam::123456789012:policy/q"}, true},
	} {
		found, err := d.Data("aws_iam_policy", test.config)
		if (err != nil) != test.refused || err == nil && found["arn"] != made["arn"] {
			t.Errorf("%s: %v, %v", test.name, found["arn"], err)
		}
	}
}
