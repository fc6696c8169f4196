package permission

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Need is one permission that a call of Terraform's takes.
type Need struct {
	// Type and Operation are those of the call, such as aws_vpc and create.
	Type, Operation string
	// Action is what IAM asks for, on Resource; Foreseen is as much of the resource as is known before anything is made.
	Action, Resource, Foreseen string
	// Context are the condition keys that are known of the call; see iampolicy.Context.
	Context iampolicy.Context
	// Beside says that it is no call of the provider's, but what AWS asks for along with one.
	Beside bool
}

// silent are data sources for which the provider asks nobody.
var silent = []string{"data.aws_arn", "data.aws_default_tags", "data.aws_iam_policy_document", "data.aws_partition", "data.aws_region",
	"data.aws_service", "data.aws_service_principal"}

// Recorded reports whether it is known which calls the provider makes for a type, data.NAME for a data source.
func Recorded(typeName string) bool {
	calls := facts.ProviderCalls()
	return calls.Calls[typeName] != nil || calls.Documented[typeName] != nil || slices.Contains(silent, typeName)
}

// Needs are the permissions that a call takes, those that change something first. They are those of the calls that the real provider was
// seen making, and what AWS asks for along with them.
func Needs(c *model.Call) []Need {
	operation := string(c.Action)
	actions := actionsOf(c.Type.Name, operation)
	slices.SortStableFunc(actions, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	var needs []Need
	add := func(action, resource, foreseen string, beside bool, more iampolicy.Context) {
		context := contextOf(c, action)
		for key, values := range more {
			context[key] = values
		}
		needs = append(needs, Need{Type: c.Type.Name, Operation: operation, Action: action, Resource: resource, Foreseen: foreseen,
			Context: context, Beside: beside})
	}
	for _, action := range actions {
		for _, on := range targets(c, action) {
			add(action, on.arn, on.foreseen, false, on.tags(c))
		}
	}
	for _, one := range besides(c, actions) {
		add(one.action, one.resource, cmp.Or(one.foreseen, one.resource), true, one.context)
	}
	return needs
}

// actionsOf are the actions of the calls for an operation. A change of a type that was not seen being changed is taken to be what makes it:
// many a thing is put anew.
func actionsOf(typeName, operation string) []string {
	recorded, documented := facts.ProviderCalls().Calls[typeName], facts.ProviderCalls().Documented[typeName]
	if operation == string(world.Update) && recorded[operation] == nil && documented[operation] == nil {
		operation = string(world.Create)
	}
	return slices.Concat(recorded[operation], documented[operation])
}

// DataNeeds are the permissions that reading a data source takes.
func DataNeeds(c *model.Call, name string) []Need {
	looking := *c
	looking.Type, looking.Action = &model.Type{Name: "data." + name}, world.Read
	return Needs(&looking)
}

// StartNeeds are those that the provider takes as it starts.
func StartNeeds(c *model.Call) []Need {
	starting := *c
	starting.Type, starting.Action = &model.Type{Name: "provider"}, "configure"
	return Needs(&starting)
}

// rank puts what changes something before what only looks.
func rank(action string) int {
	_, operation, _ := strings.Cut(action, ":")
	for _, looks := range []string{"Describe", "Get", "List", "View", "Validate"} {
		if strings.HasPrefix(operation, looks) {
			return 1
		}
	}
	return 0
}

// nameless are actions that are asked for without a name, so that policies have to allow them for all of a type.
var nameless = []string{"cloudwatch:DescribeAlarms"} // CloudWatch API reference: what it takes for composite alarms

// targets are the resources that an action of a call is done on; "*" for one that is done on none.
func targets(c *model.Call, action string) []place {
	all := []place{{arn: "*", foreseen: "*"}}
	of := facts.ProviderCalls().Actions[action]
	if key := ownKey(c); strings.Contains(action, "Tag") && slices.Contains(slices.Concat(of.On, of.Maybe), key) {
		of.On, of.Maybe = []string{key}, nil // the tags are those of what the call is about
	}
	var found []place
	for _, key := range of.On {
		on, _ := placesOf(c, key)
		found = append(found, on...)
	}
	for _, key := range of.Maybe {
		if on, told := placesOf(c, key); told {
			found = append(found, on...)
		}
	}
	if key := ownKey(c); of.Any && key != "" {
		found, _ = placesOf(c, key)
	}
	if len(found) == 0 && len(of.Maybe) > 0 {
		found, _ = placesOf(c, of.Maybe[0])
	}
	switch {
	case len(found) == 0:
		return all
	case slices.Contains(nameless, action):
		wide := local(c, part().ReplaceAllStringFunc(facts.ProviderCalls().Resources[of.On[0]].ARN, everyName))
		return []place{{arn: wide, foreseen: wide}}
	}
	for i := range found {
		found[i].arn, found[i].foreseen = logsARN(action, found[i].arn), logsARN(action, found[i].foreseen)
	}
	return found
}

// everyName leaves to an ARN what it has of every resource, and any name.
func everyName(name string) string {
	if slices.Contains([]string{"${Partition}", "${Region}", "${Account}"}, name) {
		return name
	}
	return "*"
}

// logsARN is a log group as policies name it: with :* at the end, but for tags (CloudWatch Logs User Guide, resources and operations).
func logsARN(action, arn string) string {
	if !strings.Contains(arn, ":log-group:") || strings.Contains(action, "Tag") {
		return arn
	}
	return strings.TrimSuffix(arn, ":*") + ":*"
}

// contextOf are the condition keys that a rehearsal knows of every call (IAM User Guide, global condition context keys).
func contextOf(c *model.Call, action string) iampolicy.Context {
	region := c.Region
	if region == model.Global { // the endpoints of global services are in one region of their partition
		region = "us-east-1"
		if strings.HasPrefix(c.ProviderRegion, "us-gov-") {
			region = "us-gov-west-1"
		}
	}
	now := c.World.Now()
	context := iampolicy.Context{
		"aws:requestedregion": {region}, "ec2:region": {region},
		"aws:currenttime": {now.Format(time.RFC3339)}, "aws:epochtime": {strconv.FormatInt(now.Unix(), 10)},
		"aws:securetransport": {"true"}, "aws:viaawsservice": {"false"}, "aws:calledvia": nil, "aws:calledviafirst": nil,
		"aws:calledvialast": nil,
		"aws:principaltype": {"AssumedRole"}, "aws:username": nil, "aws:resourceaccount": {c.Account}, "kms:viaservice": nil,
	}
	if c.Action == world.Create || c.Action == world.Update {
		requestTags(context, c, action)
	}
	if strings.HasPrefix(action, "iam:") {
		iamContext(context, c, action)
	}
	return context
}

// tagged are actions that are told tags: those that make something, and those that tag.
func tagged(action string) bool {
	return rank(action) == 0 && slices.ContainsFunc([]string{":Create", "Tag", ":Request", ":Allocate", ":PutMetricAlarm"},
		func(part string) bool { return strings.Contains(action, part) })
}

// requestTags are the tags that a call sends. One that is not among them is not there.
func requestTags(context iampolicy.Context, c *model.Call, action string) {
	context["aws:requesttag/"], context["aws:tagkeys"] = nil, nil
	if !tagged(action) {
		return
	}
	for key, value := range tagsOf(c.Object) {
		context["aws:requesttag/"+strings.ToLower(key)] = []string{value}
		context["aws:tagkeys"] = append(context["aws:tagkeys"], key)
	}
	slices.Sort(context["aws:tagkeys"])
}

// iamContext are the keys that IAM knows of its roles (service authorization reference, AWS Identity and Access Management).
func iamContext(context iampolicy.Context, c *model.Call, action string) {
	boundary := c.String("permissions_boundary")
	if name := c.String("role"); name != "" {
		if role := c.FindBy("aws_iam_role", "name", name); role != nil {
			boundary = role.String("permissions_boundary")
		}
	}
	context["iam:permissionsboundary"] = given(boundary)
	context["iam:policyarn"] = given(c.String("policy_arn"))
}

func given(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// tags are those of what an action is done on, where it is what the call is about; those of other things are not looked up.
func (p place) tags(c *model.Call) iampolicy.Context {
	context := iampolicy.Context{}
	if !p.own {
		return context
	}
	context["aws:resourcetag/"], context["ec2:resourcetag/"] = nil, nil
	for key, value := range tagsOf(c.Prior) {
		context["aws:resourcetag/"+strings.ToLower(key)] = []string{value}
		context["ec2:resourcetag/"+strings.ToLower(key)] = []string{value}
	}
	return context
}
