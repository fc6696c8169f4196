package eks

import (
	"coderaws/internal/sandbox/fault"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/world"
)

// Perform carries out a call of Amazon EKS that another service makes through the AWS SDK: describeNodegroup or updateNodegroupConfig, with
// names in the SDK's form, such as ClusterName. It answers as EKS does, refusals and missing rights included; known is false for
// calls that it cannot carry out. The caller holds the world (inside Do).
func Perform(k *model.Catalog, w *world.World, by model.Caller, operation string, request map[string]any) (answer map[string]any,
	problem *world.Error, known bool) {
	if operation != "eks:describeNodegroup" && operation != "eks:updateNodegroupConfig" {
		return nil, nil, false
	}
	c := k.CallBy(w, by)
	cluster, _ := request["ClusterName"].(string)
	name, _ := request["NodegroupName"].(string)
	c.Type, c.ID = k.Types["aws_eks_node_group"], cluster+":"+name
	c.Object = world.Object{"cluster_name": cluster, "node_group_name": name}
	if operation == "eks:describeNodegroup" {
		if _, problem = verbs().Read(c); problem == nil && c.Self == nil {
			problem = nodeGroupGone(c)
		}
		if problem != nil {
			return nil, problem, true
		}
		return map[string]any{"Nodegroup": described(c.Self)}, nil, true
	}
	if group := c.Find(c.Type.Name, c.ID); group != nil {
		c.Prior, c.Object = group.Attributes, resized(group, asked(group, request["ScalingConfig"]))
	}
	_, problem = verbs().Update(c)
	return map[string]any{"Update": map[string]any{"Type": "ConfigUpdate", "Status": "InProgress"}}, problem, true
}

// verbs are those of callers that have a role, and that do not try again.
func verbs() model.Verbs { return model.Verbs{Actor: fault.Once(permission.Around(model.Rules{}))} }

// nodeGroupPermissions are what reading and resizing a node group needs.
func nodeGroupPermissions(c *model.Call) []model.Permission {
	operation := map[world.Action]string{world.Read: "eks:DescribeNodegroup", world.Update: "eks:UpdateNodegroupConfig"}[c.Action]
	if operation == "" {
		return nil
	}
	arn := c.ARN("eks", "nodegroup/"+c.String("cluster_name")+"/"+c.String("node_group_name")+"/*")
	if group := c.Find(c.Type.Name, c.ID); group != nil {
		arn = group.String("arn")
	}
	return []model.Permission{{Action: operation, Resource: arn}}
}

// nodeGroupGone is EKS's answer to calls about a node group that does not exist, or whose cluster does not.
func nodeGroupGone(c *model.Call) *world.Error {
	if cluster := c.String("cluster_name"); c.Find("aws_eks_cluster", cluster) == nil {
		return world.NotFound("ResourceNotFoundException", "No cluster found for name: %s.", cluster)
	}
	return world.NotFound("ResourceNotFoundException", "No node group found for name: %s.", c.String("node_group_name"))
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

// asked are the sizes of a node group after UpdateNodegroupConfig: what the request leaves out stays as it is.
func asked(group *world.Resource, config any) world.Object {
	given, _ := config.(map[string]any)
	sizes := world.Object{}
	for ours, theirs := range sizeNames {
		sizes[ours] = model.At(group.Attributes, "scaling_config."+ours)
		if n, told := given[theirs].(float64); told {
			sizes[ours] = n
		}
	}
	return sizes
}

// resized is a node group with other sizes.
func resized(group *world.Resource, sizes world.Object) world.Object {
	attributes := world.CopiedObject(group.Attributes)
	attributes["scaling_config"] = []any{sizes}
	return attributes
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
	c := k.CallBy(w, model.Caller{Account: group.Account, Region: group.Region})
	c.Type, c.ID, c.Prior, c.Object = k.Types[group.Type], group.ID, group.Attributes, resized(group, sizes)
	if _, refused := verbs().Update(c); refused != nil {
		return before, before
	}
	return before, after
}

// NodeStart is how long AWS takes from a higher desired size of a node group to nodes that are ready.
func NodeStart() model.Latency {
	return model.Latency{
		Update: model.Seconds(150, 60, 420),
		Source: "creation of node groups in logs of real deployments, which ends when nodes are ready, 58 to 180 s; the longest is an estimate " +
			"for many nodes and a busy EC2",
	}
}

// SizeChange is how long EKS takes from an accepted change of sizes until its Auto Scaling group has them.
func SizeChange() model.Latency {
	return model.Latency{Update: model.Seconds(20, 5, 60), Source: "estimate"}
}
