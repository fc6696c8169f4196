package egress

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/plan"
)

// call is what a role asks of a service.
type call struct {
	// role is the caller's ARN; empty for a URL that somebody else has signed.
	role    string
	service string
	// action and resource are as policies name them.
	action, resource string
	// pattern is what a policy of the role names, of which the resource is one.
	pattern string
	// via is the service of AWS that makes the call for its caller; empty for what the caller makes.
	via string
}

// caller is who makes a call, by the name of a role.
func (c call) caller() string {
	if c.role == "" {
		return "what ECR has signed"
	}
	return c.role[strings.LastIndex(c.role, "/")+1:]
}

// services are the endpoints of the services that prefixes of actions stand for, where their names differ.
var services = map[string]string{"ecr": "ecr.api", "bedrock": "bedrock-runtime"}

// managed are actions that AWS's own policies let roles do, as far as what has the role is known to make them each time. Sources: the AWS
// managed policy reference; nodeadm of amazon-eks-ami; the Amazon EKS user guide on private clusters.
var managed = map[string][]string{
	"AmazonEKSWorkerNodePolicy":          {"ec2:DescribeInstances"},
	"AmazonEC2ContainerRegistryPullOnly": {"ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
	"AmazonSSMManagedInstanceCore":       {"ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:OpenDataChannel"},
	"AmazonEKS_CNI_Policy": {"ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface",
		"ec2:AttachNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:CreateTags"},
	"AmazonEBSCSIDriverPolicy": {"ec2:DescribeAvailabilityZones", "ec2:DescribeVolumes", "ec2:CreateVolume", "ec2:AttachVolume",
		"ec2:DetachVolume", "ec2:ModifyVolume", "ec2:DeleteVolume", "ec2:CreateTags"},
}

// symptoms are what is seen first if a service is not reached. Sources: issues of eks-pod-identity-agent, amazon-eks-user-guide and
// autoscaler.
var symptoms = map[string]string{
	"ec2":             "nodes do not join, or their network add-on gives no addresses and they stay NotReady (NodeCreationFailure)",
	"ecr.api":         "images are not pulled: no basic auth credentials (ImagePullBackOff), and nodes do not join",
	"ecr.dkr":         "images are not pulled: dial tcp: i/o timeout (ImagePullBackOff), and nodes do not join",
	"s3":              "layers of images are not pulled: i/o timeout or 403 Forbidden (ImagePullBackOff)",
	"eks-auth":        "no pod gets credentials: the network add-on gives no addresses, and nodes stay NotReady",
	"eks":             "the cluster autoscaler times out at each loop, and starts no node in an empty group",
	"autoscaling":     "the cluster autoscaler restarts for ever: RequestError: dial tcp: i/o timeout",
	"secretsmanager":  "pods stay in ContainerCreating: MountVolume.SetUp failed, failed to fetch secret",
	"logs":            "what coderd logs, its audit log among it, does not arrive",
	"ssm":             "Session Manager does not see the nodes",
	"ssmmessages":     "sessions of Session Manager do not open",
	"bedrock-runtime": "coderd's AI gateway gives no answer: dial tcp: i/o timeout, and agents in workspaces wait",
}

// calls are those that are known to be made: by nodes, by what has a pod identity, and what both need before.
func (n *network) calls() []call {
	var all []call
	add := func(c call) {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	nodes := map[string]bool{}
	for _, r := range n.all["aws_eks_node_group"] {
		nodes[text(r, "node_role_arn")] = true
	}
	pods := map[string]bool{}
	for _, r := range n.all["aws_eks_pod_identity_association"] {
		pods[text(r, "role_arn")] = true
	}
	for _, role := range n.all["aws_iam_role"] {
		arn := text(role, "arn")
		if !nodes[arn] && !pods[arn] {
			continue // what AWS's services act with does not call from inside
		}
		for _, c := range n.allowed(role, arn) {
			add(c)
		}
		if !nodes[arn] {
			continue
		}
		for _, cluster := range n.all["aws_eks_cluster"] {
			if len(pods) > 0 {
				add(call{role: arn, service: "eks-auth", action: "eks-auth:AssumeRoleForPodIdentity", resource: text(cluster, "arn")})
			}
		}
		add(call{role: arn, service: "ecr.dkr", action: "ecr:BatchGetImage", resource: "*", pattern: "*"})
		add(call{service: "s3", action: "s3:GetObject", resource: n.layers() + "any"})
	}
	return all
}

// layers is where ECR keeps layers of images.
func (n *network) layers() string {
	partition := "aws"
	for _, cluster := range n.all["aws_eks_cluster"] {
		if parts := strings.Split(text(cluster, "arn"), ":"); len(parts) > 1 {
			partition = parts[1]
		}
	}
	return "arn:" + partition + ":s3:::prod-" + n.region + "-starport-layer-bucket/"
}

// allowed are the calls that a role's policies let it make.
func (n *network) allowed(role plan.Resource, arn string) []call {
	var all []call
	for _, r := range n.all["aws_iam_role_policy_attachment"] {
		if text(r, "role") != text(role, "name") {
			continue
		}
		name := text(r, "policy_arn")
		for _, action := range managed[name[strings.LastIndex(name, "/")+1:]] {
			all = append(all, call{role: arn, service: serviceOf(action), action: action, resource: "*", pattern: "*"})
		}
	}
	for _, policy := range n.policies[arn] {
		for _, s := range policy.Statements {
			if s.Effect != "Allow" {
				continue
			}
			via := through(s)
			for _, action := range s.Actions {
				// A database is signed in to with what IAM signs at hand.
				if strings.HasPrefix(action, "rds-db:") {
					continue
				}
				for _, pattern := range s.Resources {
					resource := pattern
					if resource != "*" {
						resource = strings.ReplaceAll(resource, "*", "any")
					}
					all = append(all, call{arn, serviceOf(action), action, resource, pattern, via})
				}
			}
		}
	}
	return all
}

// through is the service of AWS that makes the calls of a statement on its side; empty for those that its caller makes.
func through(s iampolicy.Statement) string {
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Key, "kms:ViaService") && len(c.Values) > 0 {
			return c.Values[0]
		}
	}
	return ""
}

func serviceOf(action string) string {
	prefix, _, _ := strings.Cut(action, ":")
	if service, differs := services[prefix]; differs {
		return service
	}
	return prefix
}

// way finds the way of a call from every subnet that has nodes, and notes the statement that lets it through.
func (n *network) way(c call, used map[*iampolicy.Statement]bool) Way {
	way := Way{Caller: c.caller(), Calls: c.action + " (" + c.service + ")", Symptom: symptoms[c.service]}
	var e *endpoint
	for _, candidate := range n.endpoints {
		if candidate.service == c.service {
			e = candidate
		}
	}
	var open []string
	for _, subnet := range n.nodes {
		if route, found := n.out(subnet); found && (e == nil || !n.takes(subnet, e)) {
			open = append(open, route)
			continue
		}
		if e == nil {
			if by := n.connected(subnet, c.service); by != "" {
				open = append(open, by)
				continue
			}
			way.Missing = "no endpoint of " + c.service + ", and " + n.subnets[subnet].Address + " has no other way"
			way.Todo = "make an endpoint of it, or connect one that exists"
			return way
		}
		if way.Missing = n.reaches(subnet, e); way.Missing != "" {
			way.Todo = "give the endpoint what it lacks"
			return way
		}
	}
	if len(open) == len(n.nodes) {
		way.By, way.Symptom = strings.Join(slices.Compact(open), ", "), ""
		return n.lawful(way, c, nil)
	}
	s, missing := n.decide(c, e)
	if s == nil {
		way.Missing = missing
		way.Todo = "allow it there; network.endpoints.policies replaces the policy of a service"
		return way
	}
	used[s] = true
	way.By, way.Symptom = e.Address, ""
	return n.lawful(way, c, e)
}

// lawful is a way, if no policy of the role or of what is called forbids the call.
func (n *network) lawful(way Way, c call, e *endpoint) Way {
	if way.Missing = n.forbidden(c, n.request(c, e)); way.Missing != "" {
		way.By, way.Symptom = "", "AccessDeniedException; "+symptoms[c.service]
		way.Todo = "let the policy not deny it: a denial is stronger than what allows"
	}
	return way
}
