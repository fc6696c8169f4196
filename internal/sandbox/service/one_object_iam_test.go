package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"

// people makes a role, a user and a group, all named coder.
func people(t *testing.T, d *sandboxtest.Driver) object {
	t.Helper()
	roleFor(t, d, "coder", "ec2.amazonaws.com")
	d.MustCreate(t, "aws_iam_user", object{"name": "coder"})
	d.MustCreate(t, "aws_iam_group", object{"name": "coder"})
	return object{}
}

func iamShared() []shared {
	// As the provider writes a policy.
	const inline = `{"Version":"2012-10-17","Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":"*"}]}`
	role := object{"name": "other", "assume_role_policy": trust("ec2.amazonaws.com")}
	all := []shared{
		{
			whole: "aws_iam_role", config: role, argument: "inline_policy", none: []any{object{}},
			written: []any{object{"name": "read", "policy": inline}},
			finer:   "aws_iam_role_policy",
			part:    func(object, object) object { return object{"role": "other", "name": "read", "policy": inline} },
		},
		{
			whole: "aws_iam_role", config: role, argument: "managed_policy_arns", written: []any{readOnly}, none: []any{},
			finer: "aws_iam_role_policy_attachment",
			part:  func(object, object) object { return object{"role": "other", "policy_arn": readOnly} },
		},
	}
	for _, kind := range []string{"role", "user", "group"} {
		all = append(all, shared{
			whole:  "aws_iam_policy_attachment",
			config: object{"name": "a", "policy_arn": readOnly, "roles": []any{"other"}, kind + "s": []any{"other"}},
			scene: func(t *testing.T, d *sandboxtest.Driver) object {
				roleFor(t, d, "other", "ec2.amazonaws.com")
				d.MustCreate(t, "aws_iam_user", object{"name": "other"})
				d.MustCreate(t, "aws_iam_group", object{"name": "other"})
				return people(t, d)
			},
			argument: kind + "s", written: []any{"other", "coder"}, none: []any{"other"}, strict: true,
			finer: "aws_iam_" + kind + "_policy_attachment",
			part:  func(object, object) object { return object{kind: "coder", "policy_arn": readOnly} },
		})
	}
	return all
}

func iamTwice() []twice {
	var all []twice
	for _, kind := range []string{"role", "user", "group"} {
		all = append(all,
			twice{name: "an attachment to a " + kind, scene: func(t *testing.T, d *sandboxtest.Driver) (string, object, object) {
				people(t, d)
				config := object{kind: "coder", "policy_arn": readOnly}
				return "aws_iam_" + kind + "_policy_attachment", config, config
			}},
			twice{name: "a policy of a " + kind, scene: func(t *testing.T, d *sandboxtest.Driver) (string, object, object) {
				people(t, d)
				config := object{kind: "coder", "name": "p", "policy": policyWith(nil)}
				return "aws_iam_" + kind + "_policy", config, merged(config, object{"policy": policyWith(object{"Action": "s3:PutObject"})})
			}})
	}
	role := object{"name": "coder", "assume_role_policy": trust("ec2.amazonaws.com")}
	return append(all, twice{name: "a role", refused: "EntityAlreadyExists",
		scene: func(*testing.T, *sandboxtest.Driver) (string, object, object) { return "aws_iam_role", role, role }})
}

// TestIAMDeletionCountsEverything: IAM counts the policies of an entity, whoever made them; the provider takes away first what the state
// of the entity shows.
func TestIAMDeletionCountsEverything(t *testing.T) {
	const (
		detach = "DeleteConflict: Cannot delete entity, must detach all policies first."
		remove = "DeleteConflict: Cannot delete entity, must delete policies first."
	)
	const attachment = "_policy_attachment"
	attached, inline := object{"policy_arn": readOnly}, object{"name": "p", "policy": policyWith(nil)}
	for _, test := range []struct {
		name, kind string
		change     object
		finer      string
		part       object
		read       bool
		refused    string
	}{
		{name: "a role with an attachment that its state does not show", kind: "role", finer: attachment, part: attached, refused: detach},
		{name: "a role with an attachment that its state shows", kind: "role", finer: attachment, part: attached, read: true},
		{name: "a role whose policies are to go first", kind: "role",
			change: object{"force_detach_policies": true}, finer: attachment, part: attached},
		{name: "a role with an inline policy that its state does not show", kind: "role", finer: "_policy", part: inline, refused: remove},
		{name: "a role with an inline policy that its state shows", kind: "role", finer: "_policy", part: inline, read: true},
		{name: "a user with an attachment", kind: "user", finer: attachment, part: attached, read: true, refused: detach},
		{name: "a group with an attachment", kind: "group", finer: attachment, part: attached, read: true, refused: detach},
		{name: "a group with a policy", kind: "group", finer: "_policy", part: inline, read: true, refused: remove},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			config := merged(object{"name": "x"}, test.change)
			if test.kind == "role" {
				config["assume_role_policy"] = trust("ec2.amazonaws.com")
			}
			typ := "aws_iam_" + test.kind
			state := d.MustCreate(t, typ, config)
			d.MustCreate(t, typ+test.finer, merged(test.part, object{test.kind: "x"}))
			if test.read {
				state, _ = d.Read(typ, state)
			}
			expect(t, d.Delete(typ, state), test.refused)
			if left := len(d.World.List(nil)); test.refused == "" && left > 0 {
				t.Errorf("%d resources are left", left)
			}
		})
	}
	t.Run("a group with a user", func(t *testing.T) {
		d := sandboxtest.New(t, "")
		people(t, d)
		group, err := d.Import("aws_iam_group", "coder")
		expect(t, err, "")
		membership := d.MustCreate(t, "aws_iam_group_membership", object{"name": "m", "group": "coder", "users": []any{"coder"}})
		expect(t, d.Delete("aws_iam_group", group), "DeleteConflict: Cannot delete entity, must remove users from group first.")
		expect(t, d.Delete("aws_iam_group_membership", membership), "")
		expect(t, d.Delete("aws_iam_group", group), "")
	})
	t.Run("a policy that a role names among its own", func(t *testing.T) {
		d := sandboxtest.New(t, "")
		policy := d.MustCreate(t, "aws_iam_policy", object{"name": "p", "policy": policyWith(nil)})
		d.MustCreate(t, "aws_iam_role", object{"name": "x", "assume_role_policy": trust("ec2.amazonaws.com"),
			"managed_policy_arns": []any{policy["arn"]}})
		expect(t, d.Delete("aws_iam_policy", policy), "DeleteConflict: Cannot delete a policy attached to entities.")
	})
}

// TestIAMExclusiveAttachments: a list that is exclusive attaches what it names, detaches all else at each apply, and leaves everything
// when it goes.
func TestIAMExclusiveAttachments(t *testing.T) {
	for _, kind := range []string{"role", "user", "group"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			people(t, d)
			typ := "aws_iam_" + kind + "_policy_attachment"
			stray := d.MustCreate(t, typ, object{kind: "coder", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"})
			config := object{kind + "_name": "coder", "policy_arns": []any{readOnly}}
			list := d.MustCreate(t, typ+"s_exclusive", config)
			if found, _ := d.Read(typ, stray); found != nil {
				t.Errorf("what the list does not name is still attached: %v", found)
			}
			d.MustCreate(t, typ, stray)
			list, err := d.Read(typ+"s_exclusive", list)
			expect(t, err, "")
			if arns := list["policy_arns"].([]any); len(arns) != 2 {
				t.Errorf("the list shows %v, and two policies are attached", arns)
			}
			list, err = d.Update(typ+"s_exclusive", list, config)
			expect(t, err, "")
			if found, _ := d.Read(typ, stray); found != nil {
				t.Errorf("what the list does not name is still attached after an apply: %v", found)
			}
			expect(t, d.Delete(typ+"s_exclusive", list), "")
			if found, _ := d.Read(typ, object{kind: "coder", "policy_arn": readOnly, "id": "x"}); found == nil {
				t.Error("with the list went what it had attached")
			}
		})
	}
	d := sandboxtest.New(t, "")
	people(t, d)
	_, err := d.Create("aws_iam_role_policies_exclusive", object{"role_name": "coder", "policy_names": []any{"none"}})
	expect(t, err, "missing required field, PutRolePolicyInput.PolicyDocument")
}

// TestIAMGroupMembership: a user is in a group once, whether the group lists it or the user lists the group.
func TestIAMGroupMembership(t *testing.T) {
	d := sandboxtest.New(t, "")
	people(t, d)
	d.MustCreate(t, "aws_iam_user", object{"name": "other"})
	d.MustCreate(t, "aws_iam_group", object{"name": "others"})
	byGroup := object{"name": "m", "group": "coder", "users": []any{"other"}}
	group := d.MustCreate(t, "aws_iam_group_membership", byGroup)
	byUser := object{"user": "coder", "groups": []any{"coder", "others"}}
	user := d.MustCreate(t, "aws_iam_user_group_membership", byUser)
	other := d.MustCreate(t, "aws_iam_user_group_membership", object{"user": "coder", "groups": []any{"others"}})

	group, err := d.Read("aws_iam_group_membership", group)
	expect(t, err, "")
	if users := group["users"].([]any); len(users) != 2 {
		t.Errorf("the group shows %v, and two users are in it", users)
	}
	if other, _ = d.Read("aws_iam_user_group_membership", other); len(other["groups"].([]any)) != 1 {
		t.Errorf("the user's list shows groups that it does not name: %v", other["groups"])
	}
	_, err = d.Update("aws_iam_group_membership", group, byGroup)
	expect(t, err, "")
	user, err = d.Read("aws_iam_user_group_membership", user)
	expect(t, err, "")
	if groups := user["groups"].([]any); len(groups) != 1 || groups[0] != "others" {
		t.Errorf("the group's list has put the user out, and the user's list shows %v", groups)
	}
	expect(t, d.Delete("aws_iam_user_group_membership", user), "")
	if other, _ = d.Read("aws_iam_user_group_membership", other); other != nil {
		t.Errorf("a list of groups that the user is in no more is still there: %v", other)
	}
	// Terraform has forgotten the list by now, so that nothing of it may be left to stand in the way of another.
	if err := d.World.Do(func() error {
		if left := d.World.Of("aws_iam_user_group_membership"); len(left) > 0 {
			return fmt.Errorf("%d lists", len(left))
		}
		return nil
	}); err != nil {
		t.Errorf("AWS still keeps %v", err)
	}
}
