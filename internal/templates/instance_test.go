package templates_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// network makes what a template for EC2 is given in us-east-1: subnets in two zones, and a security group.
func (p *program) network() map[string]string {
	p.t.Helper()
	return networkIn(p.t, p.aws, "us-east-1")
}

// networkIn makes it in the region that a driver is configured for.
func networkIn(t *testing.T, aws *sandboxtest.Driver, region string) map[string]string {
	t.Helper()
	vpc := aws.MustCreate(t, "aws_vpc", sandboxtest.Object{"cidr_block": "10.0.0.0/16"})
	var subnets []string
	for zone, cidr := range map[string]string{region + "a": "10.0.0.0/24", region + "b": "10.0.1.0/24"} {
		subnet := aws.MustCreate(t, "aws_subnet", sandboxtest.Object{"vpc_id": vpc["id"], "availability_zone": zone, "cidr_block": cidr})
		subnets = append(subnets, subnet["id"].(string))
	}
	slices.Sort(subnets)
	group := aws.MustCreate(t, "aws_security_group",
		sandboxtest.Object{"vpc_id": vpc["id"], "name": "workspaces", "description": "Workspaces."})
	text := func(value any) string {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded)
	}
	return map[string]string{"region": region, "subnet_ids": text(subnets), "security_group_ids": text([]any{group["id"]})}
}

// exists lists the ids of the resources of a type in the embedded AWS.
func (p *program) exists(typeName string) []string {
	p.t.Helper()
	var ids []string
	if err := p.aws.World.Do(func() error {
		for _, r := range p.aws.World.List(func(r *world.Resource) bool { return r.Type == typeName }) {
			ids = append(ids, r.ID)
		}
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
	return ids
}

// TestInstances lives through the days of a workspace on EC2 in the embedded AWS: stopped it costs its home alone, and deleted nothing.
func TestInstances(t *testing.T) {
	t.Parallel()
	p := open(t, "ec2-linux")
	w := dev("ada")
	w.variables = p.network()
	p.must(nil, "init", "-no-color")

	p.must(w.environment("start"), "apply", "-auto-approve", "-no-color")
	state := p.state()
	instance := state["aws_instance.workspace[0]"].Values
	home := state["aws_ebs_volume.home"].Values
	for path, want := range map[string]any{
		"metadata_options.0.http_tokens":                 "required",
		"metadata_options.0.http_put_response_hop_limit": 1.0,
		"root_block_device.0.encrypted":                  true,
		"root_block_device.0.volume_type":                "gp3",
		"associate_public_ip_address":                    false,
		"tags.Coder_Provisioned":                         "true",
		"tags.Coder_Workspace_Id":                        w.id,
		"tags.Coder_User_Id":                             ownerID("ada"),
		"availability_zone":                              home["availability_zone"],
	} {
		if got := at(t, instance, path); got != want {
			t.Errorf("%s of the instance is %v, want %v", path, got, want)
		}
	}
	for path, want := range map[string]any{"encrypted": true, "type": "gp3", "size": 20.0, "tags.Coder_Provisioned": "true"} {
		if got := at(t, home, path); got != want {
			t.Errorf("%s of the home is %v, want %v", path, got, want)
		}
	}
	if data := instance["user_data"].(string); !strings.Contains(data,
		"CODER_AGENT_TOKEN="+state["coder_agent.main"].Values["token"].(string)) ||
		!strings.Contains(data, strings.ReplaceAll(home["id"].(string), "-", "")) || strings.Contains(data, "${") {
		t.Errorf("the user data knows not both the agent's token and the home:\n%s", data)
	}

	parses(t, "bash", instance["user_data"])

	p.must(w.environment("stop"), "apply", "-auto-approve", "-no-color")
	if left := p.exists("aws_instance"); len(left) != 0 {
		t.Errorf("the stopped workspace still has the instance %v", left)
	}

	w.parameters, w.previous = map[string]string{"size": "large", "home_gib": "40"}, map[string]string{"size": "small", "home_gib": "20"}
	p.must(w.environment("start"), "apply", "-auto-approve", "-no-color")
	state = p.state()
	if again := state["aws_instance.workspace[0]"].Values; again["id"] == instance["id"] || again["instance_type"] != "m7i-flex.2xlarge" {
		t.Errorf("started again it is %v of type %v", again["id"], again["instance_type"])
	}
	if again := state["aws_ebs_volume.home"].Values; again["id"] != home["id"] || again["size"] != 40.0 {
		t.Errorf("the home was %v and is %v with %v GiB", home["id"], again["id"], again["size"])
	}

	// What an administrator changes later leaves homes alone, and so does another name of the workspace.
	key := p.aws.MustCreate(t, "aws_kms_key", sandboxtest.Object{})
	w.variables["kms_key_arn"], w.name = key["arn"].(string), "prod"
	if actions := p.actions(w.environment("start")); actions["aws_ebs_volume.home"] != "" || actions["aws_instance.workspace[0]"] == "" {
		t.Errorf("another key and name would come to %v", actions)
	}
	w.variables["kms_key_arn"] = ""
	var subnets []string
	if err := json.Unmarshal([]byte(w.variables["subnet_ids"]), &subnets); err != nil {
		t.Fatal(err)
	}
	elsewhere := slices.DeleteFunc(subnets, func(id string) bool { return id == instance["subnet_id"] })
	both := w.variables["subnet_ids"]
	w.variables["subnet_ids"] = `["` + strings.Join(elsewhere, `","`) + `"]`
	if output, err := p.run(w.environment("start"), "plan", "-no-color"); err == nil ||
		!strings.Contains(strings.Join(strings.Fields(output), " "), "a volume cannot move to another zone") {
		t.Errorf("without a subnet in the home's zone: %v\n%s", err, output)
	}
	w.variables["subnet_ids"] = both

	p.must(w.environment("stop"), "destroy", "-auto-approve", "-no-color")
	if left := append(p.exists("aws_instance"), p.exists("aws_ebs_volume")...); len(left) != 0 {
		t.Errorf("the deleted workspace leaves %v", left)
	}
}

// TestPolicyOfInstances: a condition on a tag of the request belongs to calls that create and tag, one on a tag of the
// resource to all that change what exists. The other way round AWS denies everything. To describe takes no resource, but for the attributes
// of an instance, of which user data has the token of a workspace's agent.
func TestPolicyOfInstances(t *testing.T) {
	text, err := os.ReadFile("../../templates/ec2-linux/iam-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	var policy struct {
		Statement []struct {
			Sid       string
			Action    any
			Resource  any
			Condition map[string]map[string]any
		}
	}
	if err := json.Unmarshal(text, &policy); err != nil {
		t.Fatal(err)
	}
	creates := []string{"ec2:RunInstances", "ec2:CreateVolume"}
	for _, statement := range policy.Statement {
		actions := list(statement.Action)
		var keys []string
		for _, test := range statement.Condition {
			for key := range test {
				keys = append(keys, key)
			}
		}
		for _, action := range actions {
			verb := strings.TrimPrefix(action, "ec2:")
			switch {
			case strings.HasPrefix(verb, "Describe") && verb != "DescribeInstanceAttribute":
			case slices.Contains(list(statement.Resource), "*"):
				t.Errorf("%s: %s takes a resource, and is allowed on all", statement.Sid, action)
			case slices.Contains(keys, "aws:RequestTag/Coder_Provisioned") && !slices.Contains(creates, action):
				t.Errorf("%s: a request of %s carries no tags", statement.Sid, action)
			case slices.Contains(keys, "aws:ResourceTag/Coder_Provisioned") && slices.Contains(creates, action):
				t.Errorf("%s: what %s makes does not exist yet", statement.Sid, action)
			case strings.HasPrefix(action, "ec2:") && len(keys) == 0 && action != "ec2:RunInstances":
				t.Errorf("%s: %s is allowed without a condition", statement.Sid, action)
			case len(keys) == 0 && slices.ContainsFunc(list(statement.Resource),
				func(arn string) bool { return strings.Contains(arn, "instance/") }):
				t.Errorf("%s: instances can be started without the tag", statement.Sid)
			}
		}
	}
}

// list is a string or a list of strings as a list.
func list(value any) []string {
	if text, ok := value.(string); ok {
		return []string{text}
	}
	var texts []string
	for _, item := range value.([]any) {
		texts = append(texts, item.(string))
	}
	return texts
}
