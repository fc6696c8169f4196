package ssm

import (
	"encoding/json"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// imagePaths are forms of paths under which AWS and its partners publish the id of an image (their documentation of public parameters).
var imagePaths = model.Expression(`^/aws/service/(` + strings.Join([]string{
	`ami-amazon-linux-latest/al2023-ami(-minimal)?-kernel-(default|6\.1|6\.12)-(x86_64|arm64)`,
	`ami-amazon-linux-latest/amzn2-ami-(minimal-)?hvm-(x86_64|arm64)-(gp2|ebs)`,
	`ami-amazon-linux-latest/amzn2-ami-kernel-5\.10-hvm-(x86_64|arm64)-gp2`,
	`ami-windows-latest/(TPM-|EC2LaunchV2-)?Windows_Server-20(16|19|22|25)-[A-Za-z]+-(Full|Core)-[A-Za-z0-9_.-]+`,
	`canonical/ubuntu/(pro-)?server(-minimal)?/(\d\d\.\d\d|[a-z]+)/stable/(current|[0-9.]+)/(amd64|arm64)/hvm/ebs-gp[23]/ami-id`,
	`debian/(daily|release)/\d+/latest/(amd64|arm64)`,
	`bottlerocket/aws-ecs-[12](-nvidia|-fips)?/(x86_64|arm64)/latest/image_id`,
	`ecs/optimized-ami/` + ecsImages + `/recommended/image_id`,
}, "|") + `)$`)

// ecsImages are the families of images that ECS publishes.
const ecsImages = `(amazon-linux-2023|amazon-linux-2)(/arm64|/gpu|/inf|/neuron|/kernel-5\.10)?`

var (
	ecsImage = model.Expression(`^/aws/service/ecs/optimized-ami/` + ecsImages +
		`/recommended(/(image_name|os|ecs_agent_version|ecs_runtime_version))?$`)
	eksRecommended  = model.Expression(`^/aws/service/eks/optimized-ami/[^ ]+/recommended$`)
	fluentBit       = model.Expression(`^/aws/service/aws-for-fluent-bit/(stable|latest|\d+\.\d+\.\d+)$`)
	ecsBottlerocket = model.Expression(`^/aws/service/bottlerocket/aws-ecs-[12](-nvidia|-fips)?/(x86_64|arm64)/latest/image_version$`)
)

// imageParameter answers the public parameters of which nothing but the form is known, "" for no such parameter: an id that is made up and
// the same each time, or what AWS publishes beside it.
func imageParameter(c *model.Call, path string) string {
	image := "ami-" + c.World.Digest(17, c.Region, path)
	switch {
	case imagePaths().MatchString(path):
		return image
	case eksRecommended().MatchString(path):
		id, release := publicParameter(c, path+"/image_id"), publicParameter(c, path+"/release_version")
		if id == "" {
			return ""
		}
		return described(world.Object{"schema_version": "2", "image_id": id, "image_name": publicParameter(c, path+"/image_name"),
			"release_version": release})
	case fluentBit().MatchString(path):
		return "public.ecr.aws/aws-observability/aws-for-fluent-bit:" + path[strings.LastIndex(path, "/")+1:]
	case ecsBottlerocket().MatchString(path):
		return "1.48.0-" + c.World.Digest(8, path)
	}
	match := ecsImage().FindStringSubmatch(path)
	if match == nil {
		return ""
	}
	known := world.Object{"schema_version": 1, "image_id": imageParameter(c, strings.TrimSuffix(path, match[3])+"/image_id"),
		"image_name": "al2023-ami-ecs-hvm-2023.0.20260801-kernel-6.1-x86_64", "os": "Amazon Linux 2023", "ecs_agent_version": "1.98.0",
		"ecs_runtime_version": "Docker version 25.0.8"}
	if match[1] == "amazon-linux-2" {
		known["image_name"], known["os"] = "amzn2-ami-ecs-hvm-2.0.20260801-x86_64-ebs", "Amazon Linux 2"
	}
	if match[4] != "" {
		text, _ := known[match[4]].(string)
		return text
	}
	return described(known)
}

// described is a parameter that holds several values, as JSON.
func described(values world.Object) string {
	text, err := json.Marshal(values)
	if err != nil {
		return "" // strings and numbers always marshal
	}
	return string(text)
}
