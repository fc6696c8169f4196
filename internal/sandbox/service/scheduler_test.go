package service_test

import (
	"testing"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/world"
)

// confused is a trust policy with a condition against the confused deputy.
func confused(principal, operator string, sources object) string {
	return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{object{
		"Effect": "Allow", "Principal": object{"Service": principal}, "Action": "sts:AssumeRole", "Condition": object{operator: sources}}}})
}

const machineARN = "arn:aws:states:us-east-1:123456789012:stateMachine:scale"

// scheduleFor is a schedule that AWS takes, with a role for it that trusts as told.
func scheduleFor(t *testing.T, d *sandboxtest.Driver, policy string, change object) (string, object) {
	t.Helper()
	if policy == "" {
		policy = trust("scheduler.amazonaws.com")
	}
	role := d.MustCreate(t, "aws_iam_role", object{"name": "starter", "assume_role_policy": policy})
	return "aws_scheduler_schedule", merged(object{
		"name": "morning", "schedule_expression": "cron(45 6 ? * MON-FRI *)", "schedule_expression_timezone": "America/New_York",
		"flexible_time_window": []any{object{"mode": "OFF"}}, "target": []any{object{"arn": machineARN, "role_arn": role["arn"], "input": "{}"}},
	}, change)
}

func TestSchedules(t *testing.T) {
	with := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) { return scheduleFor(t, d, "", change) }
	}
	due := func(expression string) setting { return with(object{"schedule_expression": expression}) }
	trusting := func(policy string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) { return scheduleFor(t, d, policy, nil) }
	}
	calling := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typ, config := scheduleFor(t, d, "", nil)
			target := config["target"].([]any)[0].(object)
			return typ, merged(config, object{"target": []any{merged(target, change)}})
		}
	}
	window := func(mode string, minutes any) setting {
		return with(object{"flexible_time_window": []any{object{"mode": mode, "maximum_window_in_minutes": minutes}}})
	}
	const (
		resize = "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupConfig"
		role   = "ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
		group  = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/"
	)
	check(t, []rule{
		{name: "a schedule", given: with(nil)},
		{name: "a name of 65 letters", given: with(object{"name": text(65)}), refused: "Member must have length less than or equal to 64"},
		{name: "a name with a slash", given: with(object{"name": "a/b"}), refused: "Member must satisfy regular expression pattern"},
		{name: "a rate", given: due("rate(1 hours)")},
		{name: "a single time", given: due("at(2026-12-24T12:00:00)")},
		{name: "a cron of Unix", given: due("cron(45 6 * * MON-FRI)"),
			refused: "ValidationException: Invalid Schedule Expression cron(45 6 * * MON-FRI)."},
		{name: "seconds", given: due("rate(30 seconds)"), refused: "ValidationException: Invalid Schedule Expression rate(30 seconds)."},
		{name: "two kinds of days", given: due("cron(45 6 1 * MON *)"),
			refused: "ValidationException: Invalid Schedule Expression cron(45 6 1 * MON *)."},
		{name: "an unknown zone", given: with(object{"schedule_expression_timezone": "America/New_Amsterdam"}),
			refused: "ValidationException: Invalid Schedule Expression Timezone America/New_Amsterdam."},
		{name: "a zone that is fixed", given: with(object{"schedule_expression_timezone": "Etc/GMT+5"})},
		{name: "a start an hour ago", given: with(object{"start_date": "2026-11-22T11:00:00Z"}),
			refused: "ValidationException: The StartDate you specify cannot be earlier than 5 minutes ago."},
		{name: "an end before the start", given: with(object{"start_date": "2026-11-23T00:00:00Z", "end_date": "2026-11-22T18:00:00Z"}),
			refused: "ValidationException"},
		{name: "a window of an hour", given: window("FLEXIBLE", 60)},
		{name: "a window without length", given: window("FLEXIBLE", nil), refused: "ValidationException"},
		{name: "a length without window", given: window("OFF", 60), refused: "ValidationException"},
		{name: "a window of more than a day", given: window("FLEXIBLE", 1441), refused: "Member must have value less than or equal to 1440"},
		{name: "an unknown state", given: with(object{"state": "PAUSED"}), refused: "Member must satisfy enum value set: [ENABLED, DISABLED]"},
		{name: "in a group that there is not", given: with(object{"group_name": "none"}),
			refused: "ResourceNotFoundException: Schedule group none does not exist."},
		{name: "a schedule twice", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typ, config := scheduleFor(t, d, "", nil)
			d.MustCreate(t, typ, config)
			return typ, merged(config, object{"schedule_expression": "rate(1 days)"})
		}, refused: "ConflictException: Schedule morning already exists."},
		{name: "a role that there is not", given: calling(object{"role_arn": "arn:aws:iam::123456789012:role/none"}), refused: role},
		{name: "a role for rules of EventBridge", given: trusting(trust("events.amazonaws.com")), refused: role},
		{name: "a role for this group of schedules",
			given: trusting(confused("scheduler.amazonaws.com", "StringEquals",
				object{"aws:SourceAccount": "123456789012", "aws:SourceArn": group + "default"}))},
		{name: "a role for another group",
			given: trusting(confused("scheduler.amazonaws.com", "StringEquals", object{"aws:SourceArn": group + "other"})), refused: role},
		{name: "a role for any group", given: trusting(confused("scheduler.amazonaws.com", "ArnLike", object{"aws:SourceArn": group + "*"}))},
		{name: "a role for one schedule, which AWS does not name",
			given: trusting(confused("scheduler.amazonaws.com", "StringLike",
				object{"aws:SourceArn": "arn:aws:scheduler:us-east-1:123456789012:schedule/default/*"})), refused: role},
		{name: "a role for another account",
			given: trusting(confused("scheduler.amazonaws.com", "StringEquals", object{"aws:SourceAccount": "210987654321"})), refused: role},
		{name: "a target that is no ARN", given: calling(object{"arn": "scale"}),
			refused: "ValidationException: Provided Arn is not in correct format."},
		{name: "a call of EKS", given: calling(object{"arn": resize, "input": `{"ClusterName": "coder", "NodegroupName": "workspace"}`})},
		{name: "a call of EKS with the names of its REST API",
			given: calling(object{"arn": resize, "input": `{"clusterName": "coder", "nodegroupName": "workspace"}`}),
			refused: "ValidationException: Invalid RequestJson provided. Reason Request payload is missing the following field(s): ClusterName, " +
				"NodegroupName."},
		{name: "a call that reads", given: calling(object{"arn": "arn:aws:scheduler:::aws-sdk:eks:describeNodegroup"}),
			refused: "ValidationException"},
		{name: "too many retries", given: calling(object{"retry_policy": []any{object{"maximum_retry_attempts": 186}}}),
			refused: "Member must have value less than or equal to 185"},
	})
}

func TestScheduleGroups(t *testing.T) {
	check(t, []rule{
		{name: "a group", given: creating("aws_scheduler_schedule_group", object{"name": "office"})},
		{name: "AWS's own", given: creating("aws_scheduler_schedule_group", object{"name": "default"}),
			refused: "ConflictException: Schedule group default already exists."},
		{name: "a group twice", given: repeating("aws_scheduler_schedule_group", object{"name": "office"}, object{"tags": object{"a": "b"}}),
			refused: "ConflictException: Schedule group office already exists."},
		{name: "a name with a space", given: creating("aws_scheduler_schedule_group", object{"name": "o f"}),
			refused: "Member must satisfy regular expression pattern"},
	})
}

func TestAGroupGoesWithItsSchedules(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	group := d.MustCreate(t, "aws_scheduler_schedule_group", object{"name_prefix": "office-"})
	typ, config := scheduleFor(t, d, "", object{"group_name": group["name"], "name": nil, "name_prefix": "morning-"})
	schedule := d.MustCreate(t, typ, config)
	expect(t, d.Delete("aws_scheduler_schedule_group", group), "")
	if left, err := d.Read(typ, schedule); err != nil || left != nil {
		t.Errorf("a schedule outlives its group: %v %v", left, err)
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

func TestStateMachines(t *testing.T) {
	with := func(policy string, change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			role := d.MustCreate(t, "aws_iam_role", object{"name": "scale", "assume_role_policy": policy})
			return "aws_sfn_state_machine", merged(object{"name": "scale", "role_arn": role["arn"],
				"definition": `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`}, change)
		}
	}
	trusted := trust("states.amazonaws.com")
	logging := func(actions []any) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			role := d.MustCreate(t, "aws_iam_role", object{"name": "scale", "assume_role_policy": trusted})
			d.MustCreate(t, "aws_iam_role_policy", object{"role": role["name"], "name": "logs",
				"policy": policyWith(object{"Action": actions, "Resource": "*"})})
			group := d.MustCreate(t, "aws_cloudwatch_log_group", object{"name": "/aws/vendedlogs/states/scale"})
			return "aws_sfn_state_machine", object{"name": "scale", "role_arn": role["arn"],
				"definition":            `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`,
				"logging_configuration": []any{object{"level": "ERROR", "log_destination": group["arn"].(string) + ":*"}}}
		}
	}
	const role = "AccessDeniedException: Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role."
	check(t, []rule{
		{name: "a state machine", given: with(trusted, nil)},
		{name: "one of the region's principal", given: with(trust("states.us-east-1.amazonaws.com"), nil)},
		{name: "a name of 81 letters", given: with(trusted, object{"name": text(81)}),
			refused: "Member must have length less than or equal to 80"},
		{name: "a name with a space", given: with(trusted, object{"name": "a b"}), refused: "InvalidName: Invalid Name: 'a b'"},
		{name: "a definition that is no JSON", given: with(trusted, object{"definition": "{"}),
			refused: "InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION"},
		{name: "a state that nothing leads to",
			given:   with(trusted, object{"definition": `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}}`}),
			refused: `InvalidDefinition: Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B'`},
		{name: "a role that there is not", given: with(trusted, object{"role_arn": "arn:aws:iam::123456789012:role/none"}), refused: role},
		{name: "a role for functions", given: with(trust("lambda.amazonaws.com"), nil), refused: role},
		{name: "a role for this state machine", given: with(confused("states.amazonaws.com", "ArnEquals", object{"aws:SourceArn": machineARN}),
			nil)},
		{name: "a role for another one", given: with(confused("states.amazonaws.com", "ArnEquals", object{"aws:SourceArn": machineARN + "2"}),
			nil), refused: role},
		{name: "an unknown type", given: with(trusted, object{"type": "FAST"}),
			refused: "Member must satisfy enum value set: [STANDARD, EXPRESS]"},
		{name: "a log by a role that sets its delivery up", given: logging(logDeliveryActions)},
		{name: "a log by a role that may not look for deliveries", given: logging(logDeliveryActions[1:]),
			refused: "AccessDeniedException: The state machine IAM Role is not authorized to access the Log Destination"},
		{name: "no log by such a role", given: with(trusted, object{"logging_configuration": []any{object{"level": "OFF"}}})},
		{name: "logs into nothing", given: with(trusted, object{"logging_configuration": []any{object{"level": "ALL"}}}),
			refused: "InvalidLoggingConfiguration"},
		{name: "a data key that is used for a minute", given: with(trusted, dataKey("CUSTOMER_MANAGED_KMS_KEY", 60))},
		{name: "a data key that is used for a quarter of an hour", given: with(trusted, dataKey("CUSTOMER_MANAGED_KMS_KEY", 900))},
		{name: "a data key that is used for less than a minute", given: with(trusted, dataKey("CUSTOMER_MANAGED_KMS_KEY", 59)),
			refused: "ValidationException"},
		{name: "a data key that is used for longer", given: with(trusted, dataKey("CUSTOMER_MANAGED_KMS_KEY", 901)),
			refused: "ValidationException"},
		{name: "no data key, with a key that AWS owns", given: with(trusted, dataKey("AWS_OWNED_KEY", 0))},
		{name: "a state machine twice", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typ, config := with(trusted, nil)(t, d)
			d.MustCreate(t, typ, config)
			return typ, merged(config, object{"type": "EXPRESS"})
		}, refused: "StateMachineAlreadyExists: State Machine Already Exists: '" + machineARN + "'"},
	})
}

func TestStateMachineLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	role := d.MustCreate(t, "aws_iam_role", object{"name": "scale", "assume_role_policy": trust("states.amazonaws.com")})
	config := object{"name_prefix": "scale-", "role_arn": role["arn"], "publish": true,
		"definition": `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`}
	made := d.MustCreate(t, "aws_sfn_state_machine", config)
	changed, err := d.Update("aws_sfn_state_machine", made,
		merged(config, object{"name_prefix": "scale-", "definition": `{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}`}))
	if err != nil {
		t.Fatal(err)
	}
	if made["revision_id"] == changed["revision_id"] {
		t.Error("a new definition is no new revision")
	}
	expect(t, d.Delete("aws_sfn_state_machine", changed), "")
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

// logDeliveryActions are what Step Functions does as a state machine's role before it logs (AWS Step Functions guide, logging).
var logDeliveryActions = []any{"logs:ListLogDeliveries", "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery",
	"logs:DeleteLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"}

// TestPerform is the specification of what EKS answers to calls of other services.
func TestPerform(t *testing.T) {
	allowing := func(change object) string {
		return policyWith(merged(object{"Action": []any{"eks:DescribeNodegroup", "eks:UpdateNodegroupConfig"},
			"Resource": "arn:aws:eks:us-east-1:123456789012:nodegroup/coder/workspace/*"}, change))
	}
	for _, test := range []struct {
		name, policy      string
		cluster, group    string
		config            object
		refused           string
		min, desired, max float64
	}{
		{name: "a higher minimum with its desired size", config: object{"MinSize": 3.0, "DesiredSize": 3.0}, min: 3, desired: 3, max: 5},
		{name: "a lower minimum alone", config: object{"MinSize": 1.0}, min: 1, desired: 2, max: 5},
		{name: "a minimum above the desired size", config: object{"MinSize": 3.0},
			refused: "InvalidParameterException: Minimum capacity 3 can't be greater than desired size 2", min: 2, desired: 2, max: 5},
		{name: "a minimum above the maximum", config: object{"MinSize": 6.0, "DesiredSize": 6.0},
			refused: "InvalidParameterException: desired capacity 6 can't be greater than max size 5", min: 2, desired: 2, max: 5},
		{name: "a group that there is not", group: "none", policy: allowing(object{"Resource": "*"}),
			refused: "ResourceNotFoundException: No node group found for name: none.", min: 2, desired: 2, max: 5},
		{name: "a cluster that there is not", cluster: "none", policy: allowing(object{"Resource": "*"}),
			refused: "ResourceNotFoundException: No cluster found for name: none.", min: 2, desired: 2, max: 5},
		{name: "a role without the right", policy: allowing(object{"Action": "eks:DescribeNodegroup"}), config: object{"MinSize": 1.0},
			refused: "AccessDeniedException: User: ", min: 2, desired: 2, max: 5},
		{name: "a role with the right to other groups",
			policy: allowing(object{"Resource": "arn:aws:eks:us-east-1:123456789012:nodegroup/coder/control/*"}), config: object{"MinSize": 1.0},
			refused: "AccessDeniedException: User: ", min: 2, desired: 2, max: 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			config, _ := nodeGroupConfig(t, d)
			group := d.MustCreate(t, "aws_eks_node_group", merged(config, sized(2, 2, 5)))
			role := roleFor(t, d, "scale", "states.amazonaws.com")
			if test.policy == "" {
				test.policy = allowing(nil)
			}
			d.MustCreate(t, "aws_iam_role_policy", object{"name": "p", "role": role["name"], "policy": test.policy})
			request := object{"ClusterName": "coder", "NodegroupName": "workspace", "ScalingConfig": test.config}
			if test.cluster != "" {
				request["ClusterName"] = test.cluster
			}
			if test.group != "" {
				request["NodegroupName"] = test.group
			}
			by := model.Caller{Account: "123456789012", Region: "us-east-1", Role: role["arn"].(string)}
			var problem *world.Error
			_ = d.World.Do(func() error {
				_, problem, _ = eks.Perform(service.NewCatalog(), d.World, by, "eks:updateNodegroupConfig", request)
				return nil
			})
			var err error
			if problem != nil {
				err = problem
			}
			expect(t, err, test.refused)
			now, err := d.Read("aws_eks_node_group", group)
			if err != nil {
				t.Fatal(err)
			}
			sizes := now["scaling_config"].([]any)[0].(object)
			if sizes["min_size"] != test.min || sizes["desired_size"] != test.desired || sizes["max_size"] != test.max {
				t.Errorf("the sizes are %v", sizes)
			}
		})
	}
}

// dataKey is the encryption of a state machine whose data key is used for some seconds.
func dataKey(kind string, seconds int) object {
	return object{"encryption_configuration": []object{{"type": kind, "kms_data_key_reuse_period_seconds": float64(seconds)}}}
}
