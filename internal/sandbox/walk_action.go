package sandbox

import (
	"encoding/json"
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/service/scheduler"
	"coderaws/internal/sandbox/stepfunctions"
	"coderaws/internal/sandbox/world"
)

// How long Step Functions takes from state to state, and EKS to answer a call. Both are estimates.
const (
	transitionTime = 50 * time.Millisecond
	callTime       = 400 * time.Millisecond
)

// act carries out what a schedule is for.
func (w Walk) act(a *alarm) Action {
	s := a.schedule
	block := func(path string) string {
		text, _ := model.At(s.Attributes, path).(string)
		return text
	}
	action := Action{
		Due: a.due, Region: s.Region, Schedule: s.String("name"), Group: s.String("group_name"),
		Expression: s.String("schedule_expression"), Timezone: s.String("schedule_expression_timezone"),
	}
	action.Began = Moment{a.due, a.due, a.due}.after(scheduler.Due().Create)
	target, input := block("target.arn"), fillIn(block("target.input"), a)
	by := model.Caller{Account: s.Account, Region: s.Region, Role: block("target.role_arn")}
	var took time.Duration
	if _, call, universal := strings.Cut(target, ":scheduler:::aws-sdk:"); universal {
		_, took, action.Failure = w.call(&action, by, call, input, 0)
	} else {
		took = w.run(&action, by, target, input)
	}
	action.Ended = action.Began.plus(took)
	return action
}

// fillIn replaces the context attributes of EventBridge Scheduler in the input of a target.
func fillIn(input string, a *alarm) string {
	return strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", a.schedule.String("arn"),
		"<aws.scheduler.scheduled-time>", a.due.UTC().Format(time.RFC3339),
		"<aws.scheduler.execution-id>", a.due.UTC().Format("20060102T150405Z"),
		"<aws.scheduler.attempt-number>", "1",
	).Replace(input)
}

// run starts a state machine and waits for its end.
func (w Walk) run(action *Action, by model.Caller, arn, input string) time.Duration {
	fail := func(name, cause string) time.Duration {
		action.Failure = &stepfunctions.Failure{Error: name, Cause: cause}
		return 0
	}
	machine := w.World.Get(by.Account, by.Region, "aws_sfn_state_machine", arn)
	if machine == nil {
		if strings.Contains(arn, ":stateMachine:") {
			return fail("StateMachineDoesNotExist", "State Machine Does Not Exist: '"+arn+"'")
		}
		return fail("NotModelled", "the embedded AWS does not run the target "+arn)
	}
	start := model.Permission{Action: "states:StartExecution", Resource: arn}
	if refused := permission.Check(w.Catalog.CallBy(w.World, by), start); refused != nil {
		return fail(refused.Code, refused.Message)
	}
	if input == "" { // a schedule without input starts a state machine with none
		input = "{}"
	}
	var value any
	if err := json.Unmarshal([]byte(input), &value); err != nil {
		return fail("InvalidExecutionInput", "Invalid State Machine Execution Input: '"+err.Error()+"'")
	}
	definition, err := stepfunctions.Parse(machine.String("definition"))
	if err != nil {
		return fail("InvalidDefinition", err.Error())
	}
	runs := model.Caller{Account: machine.Account, Region: machine.Region, Role: machine.String("role_arn")}
	outcome := definition.Run(stepfunctions.Execution{
		Name: action.Schedule + "-" + action.Due.UTC().Format("20060102T150405Z"), Start: action.Began.Typical, Input: value,
		Transition: transitionTime,
		Call: func(after time.Duration, resource string, arguments map[string]any) (any, time.Duration, *stepfunctions.Failure) {
			_, call, sdk := strings.Cut(resource, ":states:::aws-sdk:")
			if !sdk {
				return nil, 0, &stepfunctions.Failure{Error: "States.Runtime", Cause: "the embedded AWS does not carry out " + resource}
			}
			text, err := json.Marshal(arguments)
			if err != nil {
				return nil, 0, &stepfunctions.Failure{Error: "States.Runtime", Cause: err.Error()}
			}
			return w.call(action, runs, call, string(text), after)
		},
	})
	action.Failure, action.Transitions = outcome.Failure, outcome.Transitions
	return outcome.Took
}

// call makes a call through the AWS SDK so long after the start of an action, and notes it if it changes sizes.
func (w Walk) call(action *Action, by model.Caller, operation, input string, after time.Duration) (any, time.Duration,
	*stepfunctions.Failure) {
	var request map[string]any
	if err := json.Unmarshal([]byte(input), &request); err != nil {
		return nil, 0, &stepfunctions.Failure{Error: "States.Runtime", Cause: err.Error()}
	}
	cluster, _ := request["ClusterName"].(string)
	name, _ := request["NodegroupName"].(string)
	change := Resize{Cluster: cluster, NodeGroup: name, Accepted: action.Began.plus(after + callTime)}
	find := func() *world.Resource {
		return w.World.Get(by.Account, by.Region, "aws_eks_node_group", cluster+":"+name)
	}
	group := find()
	change.Before = sizesOf(group)
	answer, problem, known := eks.Perform(w.Catalog, w.World, by, operation, request)
	if !known {
		return nil, 0, &stepfunctions.Failure{Error: "States.Runtime", Cause: "the embedded AWS does not carry out " + operation}
	}
	change.After = sizesOf(find())
	action.note(group, change)
	if strings.HasPrefix(operation, "eks:update") {
		change.Refused = problem
		change.Ready = change.Accepted.after(eks.SizeChange().Update)
		if change.After.Desired > change.Before.Desired {
			change.Ready = change.Ready.after(eks.NodeStart().Update)
		}
		action.Calls = append(action.Calls, change)
	}
	if problem != nil {
		return nil, callTime, &stepfunctions.Failure{Error: "Eks." + problem.Code, Cause: problem.Message}
	}
	return answer, callTime, nil
}

// note keeps the sizes of a group that a target looked at.
func (a *Action) note(group *world.Resource, change Resize) {
	if group == nil {
		return
	}
	for i := range a.NodeGroups {
		if a.NodeGroups[i].Name == change.NodeGroup {
			a.NodeGroups[i].After = change.After
			return
		}
	}
	a.NodeGroups = append(a.NodeGroups, NodeGroup{change.NodeGroup, change.Before, change.After})
}

func sizesOf(group *world.Resource) Sizes {
	if group == nil {
		return Sizes{}
	}
	size := func(name string) int {
		n, _ := model.At(group.Attributes, "scaling_config."+name).(float64)
		return int(n)
	}
	return Sizes{Min: size("min_size"), Desired: size("desired_size"), Max: size("max_size")}
}
