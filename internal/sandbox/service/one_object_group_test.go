package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// fleet is the least that makes an Auto Scaling group, with a target group to attach.
func fleet(t *testing.T, d *sandboxtest.Driver) object {
	t.Helper()
	n := networkIn(t, d, 2)
	d.MustCreate(t, "aws_launch_template", object{"name": "fleet", "image_id": "ami-0123456789abcdef0", "instance_type": "m7i.large"})
	d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, object{"name": "fleet"}))
	return object{}
}

func groupShared() []shared {
	config := object{"name": "fleet", "min_size": 0, "max_size": 1, "availability_zones": []any{"us-east-1a"},
		"launch_template": []object{{"name": "fleet", "version": "$Latest"}}}
	tag := object{"key": "k", "value": "v", "propagate_at_launch": true}
	return []shared{
		{
			whole: "aws_autoscaling_group", config: config, scene: fleet, argument: "load_balancers", written: []any{"classic"}, none: []any{},
			finer: "aws_autoscaling_attachment",
			part:  func(object, object) object { return object{"autoscaling_group_name": "fleet", "elb": "classic"} },
		},
		{
			whole: "aws_autoscaling_group", config: config, scene: fleet, argument: "tag", written: []any{tag}, none: []any{}, strict: true,
			finer: "aws_autoscaling_group_tag",
			part:  func(object, object) object { return object{"autoscaling_group_name": "fleet", "tag": []any{tag}} },
		},
	}
}

func groupTwice() []twice {
	return []twice{{name: "a target", scene: func(t *testing.T, d *sandboxtest.Driver) (string, object, object) {
		targets := d.MustCreate(t, "aws_lb_target_group", tcpGroup(networkIn(t, d, 2), object{"name": "fleet", "target_type": "ip"}))
		target := object{"target_group_arn": targets["arn"], "target_id": "10.0.0.9", "port": 80}
		return "aws_lb_target_group_attachment", target, target
	}}}
}

// TestGroupTargets: a target group is attached to an Auto Scaling group once, by the group or by an attachment.
func TestGroupTargets(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 2)
	d.MustCreate(t, "aws_launch_template", object{"name": "fleet", "image_id": "ami-0123456789abcdef0", "instance_type": "m7i.large"})
	targets := d.MustCreate(t, "aws_lb_target_group", tcpGroup(n, object{"name": "fleet"}))
	config := object{"name": "fleet", "min_size": 0, "max_size": 1, "availability_zones": []any{"us-east-1a"},
		"launch_template": []object{{"name": "fleet", "version": "$Latest"}}}
	group := d.MustCreate(t, "aws_autoscaling_group", config)
	attach := object{"autoscaling_group_name": "fleet", "lb_target_group_arn": targets["arn"]}
	first := d.MustCreate(t, "aws_autoscaling_attachment", attach)
	second := d.MustCreate(t, "aws_autoscaling_attachment", attach)
	group, err := d.Read("aws_autoscaling_group", group)
	expect(t, err, "")
	if arns := group["target_group_arns"].([]any); len(arns) != 1 || arns[0] != targets["arn"] {
		t.Errorf("the group shows the target groups %v", arns)
	}
	// Written as none, the group takes it away from both.
	group, err = d.Update("aws_autoscaling_group", group, merged(config, object{"target_group_arns": []any{}}))
	expect(t, err, "")
	for _, state := range []object{first, second} {
		if found, _ := d.Read("aws_autoscaling_attachment", state); found != nil {
			t.Errorf("the group has let go of what is still attached: %v", found)
		}
	}
	_, err = d.Update("aws_autoscaling_group", group, merged(config, object{"target_group_arns": []any{targets["arn"]}}))
	expect(t, err, "")
	if found, _ := d.Read("aws_autoscaling_attachment", first); found == nil {
		t.Error("what the group has attached is not what an attachment means")
	}
}
