package eks

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/iam"
	"coderaws/internal/sandbox/world"
)

// Perform carries out a call of Amazon EKS that another service makes through the AWS SDK: describeNodegroup or updateNodegroupConfig, with
// names in the SDK's form, such as ClusterName. It answers as EKS does, refusals and missing rights included; known is false for
// calls that it cannot carry out. The caller holds the world (inside Do).
func Perform(k *model.Catalog, w *world.World, by model.Caller, operation string, request map[string]any) (answer map[string]any, problem *world.Error, known bool) {
	if operation != "eks:describeNodegroup" && operation != "eks:updateNodegroupConfig" {
		return nil, nil, false
	}
	c := k.CallBy(w, by)
	cluster, _ := request["ClusterName"].(string)
	name, _ := request["NodegroupName"].(string)
	arn := c.ARN("eks", "nodegroup/"+cluster+"/"+name+"/*")
	group := c.Find("aws_eks_node_group", cluster+":"+name)
	if group != nil {
		arn = group.String("arn")
	}
	action := "eks:" + strings.ToUpper(operation[4:5]) + operation[5:]
	switch {
	case !iam.CallerPermitted(k, w, by, action, arn):
		return nil, &world.Error{Status: 403, Code: "AccessDeniedException",
			Message: "User: " + by.Role + " is not authorized to perform: " + action + " on resource: " + arn}, true
	case c.Find("aws_eks_cluster", cluster) == nil:
		return nil, world.NotFound("ResourceNotFoundException", "No cluster found for name: %s.", cluster), true
	case group == nil:
		return nil, world.NotFound("ResourceNotFoundException", "No node group found for name: %s.", name), true
	case operation == "eks:describeNodegroup":
		return map[string]any{"Nodegroup": described(group)}, nil, true
	}
	problem = resize(k, w, by, group, request["ScalingConfig"])
	return map[string]any{"Update": map[string]any{"Type": "ConfigUpdate", "Status": "InProgress"}}, problem, true
}

// described is what DescribeNodegroup answers, as far as a state machine has use for it.
func described(group *world.Resource) map[string]any {
	sizes, _ := model.At(group.Attributes, "scaling_config").([]any)
	config := map[string]any{}
	for _, block := range sizes {
		if size, ok := block.(world.Object); ok {
			config = inSDKForm(size)
		}
	}
	return map[string]any{
		"ClusterName": group.String("cluster_name"), "NodegroupName": group.String("node_group_name"), "NodegroupArn": group.String("arn"),
		"Status": "ACTIVE", "CapacityType": group.String("capacity_type"), "ScalingConfig": config,
	}
}

// sizeNames are the sizes of a node group in Terraform and in the AWS SDK.
var sizeNames = map[string]string{"min_size": "MinSize", "max_size": "MaxSize", "desired_size": "DesiredSize"}

func inSDKForm(block world.Object) map[string]any {
	config := map[string]any{}
	for ours, theirs := range sizeNames {
		config[theirs] = block[ours]
	}
	return config
}

// resize is UpdateNodegroupConfig: what the request leaves out stays as it is.
func resize(k *model.Catalog, w *world.World, by model.Caller, group *world.Resource, config any) *world.Error {
	asked, _ := config.(map[string]any)
	sizes := world.Object{}
	for ours, theirs := range sizeNames {
		sizes[ours] = model.At(group.Attributes, "scaling_config."+ours)
		if n, given := asked[theirs].(float64); given {
			sizes[ours] = n
		}
	}
	return setSizes(k, w, by, group, sizes)
}

// setSizes changes the sizes of a node group, by the rules that hold for everybody.
func setSizes(k *model.Catalog, w *world.World, by model.Caller, group *world.Resource, sizes world.Object) *world.Error {
	c := k.CallBy(w, by)
	c.Type, c.ID, c.Prior = k.Types[group.Type], group.ID, group.Attributes
	c.Object = world.CopiedObject(group.Attributes)
	c.Object["scaling_config"] = []any{sizes}
	_, refusal := model.Verbs{Actor: model.Rules{}}.Update(c)
	return refusal
}

// Autoscale sets the desired size of a node group to what its pods need, within its bounds, as the cluster autoscaler does through the
// group's Auto Scaling group. It returns the desired sizes before and after. The caller holds the world (inside Do).
func Autoscale(k *model.Catalog, w *world.World, group *world.Resource, needed int) (before, after int) {
	size := func(name string) int {
		n, _ := model.At(group.Attributes, "scaling_config."+name).(float64)
		return int(n)
	}
	before, after = size("desired_size"), min(max(needed, size("min_size")), size("max_size"))
	if before == after {
		return before, after
	}
	sizes := world.Object{"min_size": float64(size("min_size")), "max_size": float64(size("max_size")), "desired_size": float64(after)}
	if setSizes(k, w, model.Caller{Account: group.Account, Region: group.Region}, group, sizes) != nil {
		return before, before
	}
	return before, after
}

// NodeStart is how long AWS takes from a higher desired size of a node group to nodes that are ready.
func NodeStart() model.Latency {
	return model.Latency{
		Update: model.Seconds(150, 60, 420),
		Source: "creation of node groups in logs of real deployments, which ends when nodes are ready, 58 to 180 s; the longest is an estimate for many nodes and a busy EC2",
	}
}

// SizeChange is how long EKS takes from an accepted change of sizes until its Auto Scaling group has them.
func SizeChange() model.Latency {
	return model.Latency{Update: model.Seconds(20, 5, 60), Source: "estimate"}
}
