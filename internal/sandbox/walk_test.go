package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

type object = sandboxtest.Object

func trusting(principal string) string {
	return sandboxtest.JSON(object{"Version": "2012-10-17",
		"Statement": []any{object{"Effect": "Allow", "Principal": object{"Service": principal}, "Action": "sts:AssumeRole"}}})
}

func allowing(actions ...string) string {
	return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{object{"Effect": "Allow", "Action": actions, "Resource": "*"}}})
}

// raise is a state machine that sets the sizes of its input.
const raise = `{"QueryLanguage": "JSONata", "StartAt": "Update", "States": {"Update": {
	"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:eks:updateNodegroupConfig",
	"Arguments": {"ClusterName": "coder", "NodegroupName": "{% $states.input.group %}", "ScalingConfig": "{% $states.input.sizes %}"}, "End": true}}}`

// scene is a world with a node group of one to five nodes, and a schedule for a state machine that sets its sizes.
type scene struct {
	*sandboxtest.Driver
	starter, runner object
}

func newScene(t *testing.T) scene {
	t.Helper()
	s := scene{Driver: sandboxtest.New(t, "")}
	role := func(name, principal, policy string) object {
		made := s.MustCreate(t, "aws_iam_role", object{"name": name, "assume_role_policy": trusting(principal)})
		if policy != "" {
			s.MustCreate(t, "aws_iam_role_policy", object{"name": "p", "role": name, "policy": policy})
		}
		return made
	}
	vpc := s.MustCreate(t, "aws_vpc", object{"cidr_block": "10.0.0.0/16"})
	subnets := []any{}
	for i, zone := range []string{"a", "b"} {
		subnet := s.MustCreate(t, "aws_subnet", object{"vpc_id": vpc["id"],
			"cidr_block": "10.0." + string(rune('0'+i)) + ".0/24", "availability_zone": "us-east-1" + zone})
		subnets = append(subnets, subnet["id"])
	}
	cluster := role("eks", "eks.amazonaws.com", "")
	s.MustCreate(t, "aws_iam_role_policy_attachment", object{"role": "eks", "policy_arn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"})
	s.MustCreate(t, "aws_eks_cluster", object{"name": "coder", "role_arn": cluster["arn"], "version": "1.35",
		"vpc_config": []any{object{"subnet_ids": subnets}}})
	node := role("node", "ec2.amazonaws.com", allowing("ec2:*", "ecr:*"))
	s.MustCreate(t, "aws_ec2_transit_gateway_vpc_attachment", object{"transit_gateway_id": "tgw-0123456789abcdef0", "vpc_id": vpc["id"],
		"subnet_ids": subnets})
	s.MustCreate(t, "aws_route", object{"route_table_id": vpc["main_route_table_id"], "destination_cidr_block": "0.0.0.0/0",
		"transit_gateway_id": "tgw-0123456789abcdef0"})
	s.MustCreate(t, "aws_eks_node_group", object{"cluster_name": "coder", "node_group_name": "workspace",
		"node_role_arn": node["arn"], "subnet_ids": subnets,
		"scaling_config": []any{object{"min_size": 1.0, "desired_size": 1.0, "max_size": 5.0}}})
	s.runner = role("runner", "states.amazonaws.com", allowing("eks:UpdateNodegroupConfig"))
	s.starter = role("starter", "scheduler.amazonaws.com", allowing("states:StartExecution", "eks:UpdateNodegroupConfig"))
	s.MustCreate(t, "aws_sfn_state_machine", object{"name": "raise", "role_arn": s.runner["arn"], "definition": raise})
	return s
}

func (s scene) schedule(t *testing.T, name, expression, input string, change object) {
	t.Helper()
	target := object{"arn": "arn:aws:states:us-east-1:123456789012:stateMachine:raise", "role_arn": s.starter["arn"], "input": input}
	for key, value := range change {
		target[key] = value
	}
	s.MustCreate(t, "aws_scheduler_schedule", object{"name": name, "schedule_expression": expression,
		"schedule_expression_timezone": "America/New_York",
		"flexible_time_window":         []any{object{"mode": "OFF"}}, "target": []any{target}})
}

func (s scene) until(day int) []sandbox.Action {
	walk := sandbox.Walk{World: s.World, Catalog: service.NewCatalog()}
	return walk.Until(sandboxtest.Now(), time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC))
}

const toThree = `{"group": "workspace", "sizes": {"MinSize": 3, "DesiredSize": 3}}`

func TestWalk(t *testing.T) {
	s := newScene(t)
	s.schedule(t, "morning", "cron(45 6 ? * MON-FRI *)", toThree, nil)
	s.schedule(t, "evening", "cron(15 18 ? * MON-FRI *)", `{"group": "workspace", "sizes": {"MinSize": 1}}`, nil)
	actions := s.until(24) // from Sunday to Tuesday
	var seen []string
	for _, a := range actions {
		if a.Failure != nil || len(a.Calls) != 1 || a.Calls[0].Refused != nil {
			t.Fatalf("%+v", a)
		}
		seen = append(seen, a.Schedule+" "+a.Due.Format(time.RFC3339))
	}
	if diff := cmp.Diff([]string{"morning 2026-11-23T06:45:00-05:00", "evening 2026-11-23T18:15:00-05:00",
		"morning 2026-11-24T06:45:00-05:00"}, seen); diff != "" {
		t.Fatal(diff)
	}
	for i, want := range []sandbox.Resize{
		{Before: sandbox.Sizes{Min: 1, Desired: 1, Max: 5}, After: sandbox.Sizes{Min: 3, Desired: 3, Max: 5}},
		{Before: sandbox.Sizes{Min: 3, Desired: 3, Max: 5}, After: sandbox.Sizes{Min: 1, Desired: 3, Max: 5}},
		{Before: sandbox.Sizes{Min: 1, Desired: 3, Max: 5}, After: sandbox.Sizes{Min: 3, Desired: 3, Max: 5}},
	} {
		if got := actions[i].Calls[0]; got.Before != want.Before || got.After != want.After {
			t.Errorf("%s: %+v -> %+v", seen[i], got.Before, got.After)
		}
	}
	first := actions[0].Calls[0]
	if early, late := first.Ready.Earliest.Sub(actions[0].Due),
		first.Ready.Latest.Sub(actions[0].Due); early < time.Minute || late > 15*time.Minute || late <= early {
		t.Errorf("nodes are ready %v to %v after the schedule is due", early, late)
	}
	if third := actions[2].Calls[0]; third.Ready.Latest.Sub(third.Accepted.Latest) > time.Minute {
		t.Error("nodes that are there need no time to start")
	}
}

func TestWalkWithAnAutoscaler(t *testing.T) {
	s := newScene(t)
	s.schedule(t, "morning", "cron(45 6 ? * MON-FRI *)", toThree, nil)
	at := func(day int) int {
		walk := sandbox.Walk{World: s.World, Catalog: service.NewCatalog(), Needed: func(*world.Resource, time.Time) int { return 9 }}
		walk.Until(sandboxtest.Now().AddDate(0, 0, day-1), sandboxtest.Now().AddDate(0, 0, day))
		group := s.World.List(func(r *world.Resource) bool { return r.Type == "aws_eks_node_group" })[0]
		desired, _ := model.At(group.Attributes, "scaling_config.desired_size").(float64)
		return int(desired)
	}
	if got := at(1); got != 5 {
		t.Errorf("nine nodes are needed, five are the most, and there are %d", got)
	}
}

// TestWalkFails is the specification of what goes wrong when a schedule is due, which AWS does not look at before.
func TestWalkFails(t *testing.T) {
	const daily = "cron(0 8 * * ? *)"
	for _, test := range []struct {
		name, input string
		target      object
		spoil       func(t *testing.T, s scene)
		want        string
	}{
		{name: "a state machine that there is not", input: toThree,
			target: object{"arn": "arn:aws:states:us-east-1:123456789012:stateMachine:none"},
			want:   "StateMachineDoesNotExist: State Machine Does Not Exist: 'arn:aws:states:us-east-1:123456789012:stateMachine:none'"},
		{name: "a target that is not modelled", input: toThree,
			target: object{"arn": "arn:aws:sqs:us-east-1:123456789012:queue"}, want: "NotModelled: "},
		{name: "an input that is no JSON", input: "morning", want: "InvalidExecutionInput: "},
		{name: "sizes that EKS refuses", input: `{"group": "workspace", "sizes": {"MinSize": 3}}`,
			want: "Eks.InvalidParameterException: Minimum capacity 3 can't be greater than desired size 1"},
		{name: "a group that there is not", input: `{"group": "none", "sizes": {}}`,
			want: "Eks.ResourceNotFoundException: No node group found for name: none."},
		{name: "a schedule without rights", input: toThree,
			want:  "AccessDeniedException: User: arn:aws:iam::123456789012:role/starter is not authorized to perform: states:StartExecution",
			spoil: func(t *testing.T, s scene) { s.forget("starter") }},
		{name: "a state machine without rights", input: toThree,
			want:  "Eks.AccessDeniedException: User: arn:aws:iam::123456789012:role/runner is not authorized to perform: eks:UpdateNodegroupConfig",
			spoil: func(t *testing.T, s scene) { s.forget("runner") }},
		{name: "a call of EKS without state machine",
			input:  `{"ClusterName": "coder", "NodegroupName": "workspace", "ScalingConfig": {"MinSize": 9}}`,
			target: object{"arn": "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupConfig"}, want: "Eks.InvalidParameterException: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.schedule(t, "daily", daily, test.input, test.target)
			if test.spoil != nil {
				test.spoil(t, s)
			}
			actions := s.until(23)
			if len(actions) != 1 || actions[0].Failure == nil {
				t.Fatalf("%+v", actions)
			}
			if got := actions[0].Failure.Error + ": " + actions[0].Failure.Cause; !strings.HasPrefix(got, test.want) {
				t.Errorf("it fails with %s, want %s", got, test.want)
			}
		})
	}
}

// forget takes the rights of a role away.
func (s scene) forget(role string) {
	_ = s.World.Do(func() error {
		for _, r := range s.World.List(func(r *world.Resource) bool { return r.Type == "aws_iam_role_policy" && r.String("role") == role }) {
			s.World.Remove(r)
		}
		return nil
	})
}

func TestWalkKeepsToDates(t *testing.T) {
	s := newScene(t)
	for name, change := range map[string]object{
		"disabled": {"state": "DISABLED"}, "over": {"end_date": "2026-11-23T12:00:00Z"},
		"later": {"start_date": "2026-11-25T12:00:00Z"}, "always": {},
	} {
		config := object{"name": name, "schedule_expression": "cron(0 8 * * ? *)", "schedule_expression_timezone": "UTC",
			"flexible_time_window": []any{object{"mode": "OFF"}},
			"target": []any{object{"arn": "arn:aws:states:us-east-1:123456789012:stateMachine:raise",
				"role_arn": s.starter["arn"], "input": toThree}}}
		for key, value := range change {
			config[key] = value
		}
		s.MustCreate(t, "aws_scheduler_schedule", config)
	}
	count := map[string]int{}
	for _, a := range s.until(27) {
		count[a.Schedule]++
	}
	if diff := cmp.Diff(map[string]int{"always": 5, "over": 1, "later": 2}, count); diff != "" {
		t.Error(diff)
	}
}

func TestCopyIsAWorldOfItsOwn(t *testing.T) {
	s := newScene(t)
	s.schedule(t, "daily", "cron(0 8 * * ? *)", toThree, nil)
	before := sandboxtest.JSON(s.World.List(nil))
	walk := sandbox.Walk{World: s.World.Copy(), Catalog: service.NewCatalog()}
	if actions := walk.Until(sandboxtest.Now(), sandboxtest.Now().AddDate(0, 0, 1)); len(actions) != 1 || actions[0].Failure != nil {
		t.Fatalf("%+v", actions)
	}
	if diff := cmp.Diff(before, sandboxtest.JSON(s.World.List(nil))); diff != "" {
		t.Error("the world changes with its copy")
	}
}
