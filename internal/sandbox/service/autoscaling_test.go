package service_test

import (
	"fmt"
	"slices"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// workers is an Auto Scaling group over two zones.
func workers(t *testing.T, d *sandboxtest.Driver, change object) (string, object) {
	t.Helper()
	n := networkIn(t, d, 2)
	template := d.MustCreate(t, "aws_launch_template",
		object{"name": "workers", "instance_type": "m5.large", "image_id": "ami-0123456789abcdef0"})
	return "aws_autoscaling_group", merged(object{"name": "workers", "min_size": 1, "max_size": 3,
		"vpc_zone_identifier": []any{n.subnets[0]["id"], n.subnets[1]["id"]},
		"launch_template":     []object{{"id": template["id"], "version": "$Latest"}}}, change)
}

func TestAutoScalingGroups(t *testing.T) {
	group := func(change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) { return workers(t, d, change) }
	}
	launch := func(template object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := workers(t, d, nil)
			made := d.MustCreate(t, "aws_launch_template", template)
			return typeName, merged(config, object{"launch_template": []object{{"id": made["id"], "version": "$Default"}}})
		}
	}
	tags := func(count int) []object {
		var all []object
		for i := range count {
			all = append(all, object{"key": fmt.Sprint(i), "value": "x", "propagate_at_launch": true})
		}
		return all
	}
	check(t, []rule{
		{name: "a group", given: group(nil)},
		{name: "a name of 255 characters", given: group(object{"name": text(255)})},
		{name: "a name of 256 characters", given: group(object{"name": text(256)}), refused: "ValidationError"},
		{name: "a name with a colon", given: group(object{"name": "a:b"}), refused: "ValidationError"},
		{name: "desired at the lower bound", given: group(object{"desired_capacity": 1})},
		{name: "desired at the upper bound", given: group(object{"desired_capacity": 3})},
		{name: "desired below the lower bound", given: group(object{"desired_capacity": 0}),
			refused: "ValidationError: Desired capacity:0 must be between the specified min size:1 and max size:3"},
		{name: "desired above the upper bound", given: group(object{"desired_capacity": 4}),
			refused: "ValidationError: Desired capacity:4 must be between the specified min size:1 and max size:3"},
		{name: "no machine at all", given: group(object{"min_size": 0, "max_size": 0, "desired_capacity": 0})},
		{name: "fewer than none", given: group(object{"min_size": -1}), refused: "ValidationError"},
		{name: "50 tags", given: group(object{"tag": tags(50)})},
		{name: "51 tags", given: group(object{"tag": tags(51)}), refused: "ValidationError: You tried to create more tags than allowed"},
		{name: "bounds that cross", given: group(object{"min_size": 4}),
			refused: "ValidationError: Max bound, 3, must be greater than or equal to min bound, 4"},
		{name: "in subnets by another order than that of their zones", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := workers(t, d, nil)
			slices.Reverse(config["vpc_zone_identifier"].([]any))
			return typeName, config
		}},
		{name: "nowhere", given: group(object{"vpc_zone_identifier": nil}),
			refused: "ValidationError: At least one Availability Zone or VPC Subnet is required."},
		{name: "in no subnet", given: group(object{"vpc_zone_identifier": []any{"subnet-0"}}),
			refused: "ValidationError: The subnet ID 'subnet-0' does not exist"},
		{name: "in zones that the subnets are not in", given: group(object{"availability_zones": []any{"us-east-1c"}}),
			refused: "ValidationError: The availability zones of the specified subnets and the Auto Scaling group do not match"},
		{name: "from no template", given: group(object{"launch_template": nil}),
			refused: "ValidationError: Valid requests must contain either LaunchTemplate"},
		{name: "from a template that there is not", given: group(object{"launch_template": []object{{"id": "lt-0", "version": "1"}}}),
			refused: "ValidationError: You must use a valid fully-formed launch template. The specified launch template, with template ID lt-0, " +
				"does not exist."},
		{name: "from a template by its name", given: group(object{"launch_template": []object{{"name": "workers", "version": "1"}}})},
		{name: "from a version that there is not", given: group(object{"launch_template": []object{{"name": "workers", "version": "2"}}}),
			refused: "Could not find the specified version 2"},
		{name: "of an unknown type", given: launch(object{"name": "odd", "instance_type": "m5.gigantic"}),
			refused: "ValidationError: You must use a valid fully-formed launch template. Invalid value 'm5.gigantic' for InstanceType."},
		{name: "for longer than a year", given: group(object{"max_instance_lifetime": 31536001}), refused: "ValidationError"},
		{name: "for an hour", given: group(object{"max_instance_lifetime": 3600}), refused: "ValidationError"},
		{name: "for a day", given: group(object{"max_instance_lifetime": 86400})},
		{name: "with an unknown kind of health check", given: group(object{"health_check_type": "PING"}), refused: "ValidationError"},
		{name: "with an unknown way to choose what to end", given: group(object{"termination_policies": []any{"Random"}}),
			refused: "ValidationError"},
		{name: "with too short a hook",
			given: group(object{"initial_lifecycle_hook": []object{{"name": "wait", "lifecycle_transition": "autoscaling:EC2_INSTANCE_LAUNCHING",
				"heartbeat_timeout": 29}}}),
			refused: "ValidationError"},
		{name: "for targets that there are not",
			given:   group(object{"target_group_arns": []any{"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0"}}),
			refused: "ValidationError: Provided Target Groups may not be valid. Please ensure they exist and try again."},
		{name: "a name that is taken",
			refused: "AlreadyExists: AutoScalingGroup by this name already exists - A group with the name workers already exists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := workers(t, d, nil)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},
		{name: "of a type that its zone does not offer",
			refused: "Your requested instance type (m5.large) is not supported in your requested Availability Zone (us-east-1e).",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := workers(t, d, nil)
				vpc := vpcOf(t, d)
				subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1e"})
				return typeName, merged(config, object{"vpc_zone_identifier": []any{subnet["id"]}})
			}},
		{name: "over a limit on vCPUs",
			refused: "VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 5 allows",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				limit(d, "L-1216C47A", 5)
				return workers(t, d, nil)
			}},
		{name: "under a limit on vCPUs", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			limit(d, "L-1216C47A", 6)
			return workers(t, d, nil)
		}},
	})
}

func limit(d *sandboxtest.Driver, code string, value float64) {
	_ = d.World.Do(func() error { d.World.SetLimit(code, value); return nil })
}

func TestAutoScalingSchedules(t *testing.T) {
	// The time in test worlds is 2026-11-22 12:00 UTC.
	schedule := func(change object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := workers(t, d, nil)
			d.MustCreate(t, typeName, config)
			d.MustCreate(t, "aws_autoscaling_schedule", object{"autoscaling_group_name": "workers", "scheduled_action_name": "evening",
				"recurrence": "0 20 * * *", "min_size": 0})
			return "aws_autoscaling_schedule", merged(object{"autoscaling_group_name": "workers", "scheduled_action_name": "morning",
				"recurrence": "0 8 * * MON-FRI", "time_zone": "Europe/Berlin", "min_size": 1}, change)
		}
	}
	recurrence := func(text string) given { return schedule(object{"recurrence": text}) }
	check(t, []rule{
		{name: "every weekday morning", given: schedule(nil)},
		{name: "every five minutes", given: recurrence("*/5 * * * *")},
		{name: "lists and ranges", given: recurrence("0,30 6-9 1,15 1-6 0")},
		{name: "with a question mark", given: recurrence("0 8 ? * MON-FRI"),
			refused: "ValidationError: Given recurrence string: 0 8 ? * MON-FRI is invalid"},
		{name: "with six fields", given: recurrence("0 8 * * MON-FRI *"),
			refused: "ValidationError: Given recurrence string: 0 8 * * MON-FRI * is invalid"},
		{name: "as EventBridge writes it", given: recurrence("cron(0 8 * * ? *)"), refused: "ValidationError: Given recurrence string"},
		{name: "at minute 60", given: recurrence("60 8 * * *"), refused: "ValidationError: Given recurrence string: 60 8 * * * is invalid"},
		{name: "at hour 24", given: recurrence("0 24 * * *"), refused: "ValidationError: Given recurrence string"},
		{name: "on the last Friday", given: recurrence("0 8 * * 5L"), refused: "ValidationError: Given recurrence string"},
		{name: "in UTC", given: schedule(object{"time_zone": nil})},
		{name: "in a zone of an abbreviation that is none", given: schedule(object{"time_zone": "PDT"}),
			refused: "ValidationError: Time zone specified does not conform to standardized time zones found in IANA Time Zone Database"},
		{name: "in local time", given: schedule(object{"time_zone": "Local"}), refused: "ValidationError: Time zone specified does not conform"},
		{name: "without a size", given: schedule(object{"min_size": nil}),
			refused: "ValidationError: At least one of MinSize, MaxSize, or DesiredCapacity must be specified."},
		{name: "with sizes that all stay", given: schedule(object{"min_size": -1, "max_size": -1, "desired_capacity": -1}),
			refused: "ValidationError: At least one of MinSize"},
		{name: "with bounds that cross", given: schedule(object{"min_size": 5, "max_size": 3}),
			refused: "ValidationError: Min bound, 5, must be less than or equal to max bound, 3"},
		{name: "with a desired size out of bounds", given: schedule(object{"min_size": 1, "max_size": 3, "desired_capacity": 4}),
			refused: "ValidationError: Desired capacity:4"},
		{name: "once", given: schedule(object{"recurrence": nil, "start_time": "2026-11-22T13:00:00Z"})},
		{name: "once, in the past", given: schedule(object{"recurrence": nil, "start_time": "2026-11-22T11:00:00Z"}),
			refused: "ValidationError: Given start time is in the past"},
		{name: "until before it starts", given: schedule(object{"start_time": "2026-11-23T13:00:00Z", "end_time": "2026-11-23T12:00:00Z"}),
			refused: "ValidationError: Given end time is before the start time"},
		{name: "never", given: schedule(object{"recurrence": nil}),
			refused: "ValidationError: Either StartTime or Recurrence must be specified."},
		{name: "at the same time as another", given: schedule(object{"recurrence": "0 20 * * *", "time_zone": nil}), refused: "AlreadyExists"},
		{name: "under the name of another", given: schedule(object{"scheduled_action_name": "evening"}), refused: "AlreadyExists"},
		{name: "of no group", given: schedule(object{"autoscaling_group_name": "none"}),
			refused: "ValidationError: AutoScalingGroup name not found"},
	})
}

func TestAutoScalingScheduleAttributes(t *testing.T) {
	d := sandboxtest.New(t, "")
	typeName, config := workers(t, d, nil)
	group := d.MustCreate(t, typeName, config)
	other := d.MustCreate(t, typeName, merged(config, object{"name": "others"}))
	morning := object{"autoscaling_group_name": "workers", "scheduled_action_name": "morning", "recurrence": "0 8 * * MON-FRI",
		"time_zone": "Europe/Berlin", "min_size": 1}
	first := d.MustCreate(t, "aws_autoscaling_schedule", morning)
	second := d.MustCreate(t, "aws_autoscaling_schedule", merged(morning, object{"autoscaling_group_name": "others", "min_size": 2}))

	// 2026-11-22 is a Sunday; Berlin is one hour ahead of UTC in November.
	if first["start_time"] != "2026-11-23T07:00:00Z" {
		t.Errorf("the first start is %v, want Monday at eight in Berlin, 2026-11-23T07:00:00Z", first["start_time"])
	}
	if first["max_size"] != -1.0 || first["desired_capacity"] != -1.0 {
		t.Errorf("sizes that the action leaves are %v and %v, want -1", first["max_size"], first["desired_capacity"])
	}
	// Two groups may have actions of one name.
	for _, want := range []object{first, second} {
		got, err := d.Read("aws_autoscaling_schedule", want)
		if err != nil || got["min_size"] != want["min_size"] {
			t.Errorf("the action of %v reads min_size %v, want %v (%v)", want["autoscaling_group_name"], got["min_size"], want["min_size"], err)
		}
		imported, err := d.Import("aws_autoscaling_schedule", want["autoscaling_group_name"].(string)+"/morning")
		if err != nil || imported["arn"] != want["arn"] {
			t.Errorf("imported %v, want %v (%v)", imported["arn"], want["arn"], err)
		}
	}
	expect(t, d.Delete(typeName, group), "")
	if left, err := d.Read("aws_autoscaling_schedule", first); err != nil || left != nil {
		t.Errorf("the action outlived its group (%v)", err)
	}
	if left, err := d.Read("aws_autoscaling_schedule", second); err != nil || left == nil {
		t.Errorf("the action of the other group went too (%v)", err)
	}
	expect(t, d.Delete(typeName, other), "")
	noFallbacks(t, d)
}

// EKS makes an Auto Scaling group along with a node group. What belongs to groups works on it too.
func TestAutoScalingOfNodeGroups(t *testing.T) {
	d := sandboxtest.New(t, "")
	_ = d.World.Do(func() error {
		d.World.Put(&world.Resource{Type: "aws_autoscaling_group", ID: "eks-workers-1", Account: d.World.Account(), Region: "us-east-1",
			Owner: "a node group", Attributes: object{"id": "eks-workers-1", "name": "eks-workers-1"}})
		return nil
	})
	d.MustCreate(t, "aws_autoscaling_schedule", object{"autoscaling_group_name": "eks-workers-1", "scheduled_action_name": "evening",
		"recurrence": "0 20 * * *", "min_size": 0})
	targets := d.MustCreate(t, "aws_lb_target_group", object{"name": "web", "port": 80, "protocol": "TCP", "vpc_id": vpcOf(t, d)})
	attachment := d.MustCreate(t, "aws_autoscaling_attachment",
		object{"autoscaling_group_name": "eks-workers-1", "lb_target_group_arn": targets["arn"]})
	expect(t, d.Delete("aws_autoscaling_attachment", attachment), "")
	noFallbacks(t, d)
}

func TestAutoScalingParts(t *testing.T) {
	part := func(typeName string, config object) given {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			groupType, group := workers(t, d, nil)
			d.MustCreate(t, groupType, group)
			return typeName, merged(object{"autoscaling_group_name": "workers"}, config)
		}
	}
	hook := func(change object) given {
		return part("aws_autoscaling_lifecycle_hook",
			merged(object{"name": "drain", "lifecycle_transition": "autoscaling:EC2_INSTANCE_TERMINATING"}, change))
	}
	policy := func(config object) given {
		return part("aws_autoscaling_policy", merged(object{"name": "cpu"}, config))
	}
	tracking := object{"policy_type": "TargetTrackingScaling", "target_tracking_configuration": []object{{"target_value": 50,
		"predefined_metric_specification": []object{{"predefined_metric_type": "ASGAverageCPUUtilization"}}}}}
	check(t, []rule{
		{name: "a hook", given: hook(nil)},
		{name: "a hook of two hours", given: hook(object{"heartbeat_timeout": 7200})},
		{name: "a hook of more than two hours", given: hook(object{"heartbeat_timeout": 7201}), refused: "ValidationError"},
		{name: "a hook that retries", given: hook(object{"default_result": "RETRY"}), refused: "ValidationError"},
		{name: "a hook on an unknown transition", given: hook(object{"lifecycle_transition": "autoscaling:SLEEP"}), refused: "ValidationError"},
		{name: "a hook to no ARN", given: hook(object{"notification_target_arn": "queue"}),
			refused: "ValidationError: 'NotificationTargetARN' must be a valid ARN"},
		{name: "a policy that follows a metric", given: policy(tracking)},
		{name: "a policy that follows nothing", given: policy(object{"policy_type": "TargetTrackingScaling"}),
			refused: "ValidationError: TargetTrackingConfiguration is required"},
		{name: "a simple policy", given: policy(object{"adjustment_type": "ChangeInCapacity", "scaling_adjustment": 1})},
		{name: "a simple policy without a step", given: policy(object{"adjustment_type": "ChangeInCapacity"}),
			refused: "ValidationError: ScalingAdjustment is required"},
		{name: "a policy of no kind", given: policy(object{"policy_type": "Magic"}), refused: "ValidationError"},
		{name: "a tag", given: part("aws_autoscaling_group_tag",
			object{"tag": []object{{"key": "k8s.io/cluster-autoscaler/enabled", "value": "true", "propagate_at_launch": false}}})},
		{name: "a tag of AWS's", given: part("aws_autoscaling_group_tag",
			object{"tag": []object{{"key": "aws:owner", "value": "me", "propagate_at_launch": false}}}), refused: "ValidationError"},
		{name: "an attachment to no target group", given: part("aws_autoscaling_attachment", object{"lb_target_group_arn": "arn:aws:none"}),
			refused: "ValidationError: Provided Target Groups may not be valid."},
		{name: "a hook in no group", given: hook(object{"autoscaling_group_name": "none"}),
			refused: "ValidationError: AutoScalingGroup name not found"},
	})
	d := sandboxtest.New(t, "")
	for _, make := range []given{hook(nil), policy(tracking)} {
		d := sandboxtest.New(t, "")
		typeName, config := make(t, d)
		d.MustCreate(t, typeName, config)
		noFallbacks(t, d)
	}
	typeName, config := workers(t, d, object{"launch_template": nil, "mixed_instances_policy": []object{{
		"instances_distribution": []object{{"on_demand_base_capacity": 1}},
		"launch_template": []object{{"launch_template_specification": []object{{"launch_template_name": "workers"}},
			"override": []object{{"instance_type": "m5.large"}, {"instance_type": "m5.xlarge"}}}}}}})
	mixed := d.MustCreate(t, typeName, config)
	distribution := mixed["mixed_instances_policy"].([]any)[0].(object)["instances_distribution"].([]any)[0].(object)
	if distribution["on_demand_percentage_above_base_capacity"] != 100.0 || distribution["spot_allocation_strategy"] != "lowest-price" {
		t.Errorf("the distribution is %v, want all on demand", distribution)
	}
	noFallbacks(t, d)
}
