// Package ssm declares Systems Manager's Parameter Store, with the parameters that AWS publishes. Beside the model it imports eks; the
// catalog imports it.
//
// Rules: API model (botocore ssm 2014-11-06), moto's record of real answers.
package ssm

import (
	"fmt"
	"regexp"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{parameter()}
}

const api = "SSM"

var parameterName = model.Expression(`^[a-zA-Z0-9_.\-/]+$`)

func parameter() *model.Type {
	return &model.Type{
		Name: "aws_ssm_parameter", API: api, Noun: "SSM Parameter",
		CreateCall: "PutParameter", UpdateCall: "PutParameter", DeleteCall: "DeleteParameter",
		Identify: model.IDFrom("name"),
		Checks: []model.Check{
			validName,
			func(c *model.Call) *world.Error {
				if c.Creating() && !c.Bool("overwrite") && c.Find("aws_ssm_parameter", c.String("name")) != nil {
					return world.Fail("ParameterAlreadyExists",
						"The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
				}
				return nil
			},
			model.OneOf("ValidationException", "type", "type", "SecureString", "String", "StringList"),
			model.OneOf("ValidationException", "tier", "tier", "Advanced", "Standard", "Intelligent-Tiering"),
			validValue,
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ssm", "parameter/"+strings.TrimPrefix(c.ID, "/")))
			c.Set("data_type", "text")
			c.Set("tier", "Standard")
			c.Set("key_id", map[bool]string{true: "alias/aws/ssm", false: ""}[c.String("type") == "SecureString"])
			c.Set("has_value_wo", !model.IsUnset(c.Object["value_wo"]))
			fillParameterValue(c)
			version := 1.0
			if before, ok := c.Prior["version"].(float64); ok {
				version = before + 1
			}
			c.Set("version", version)
		},
		Recompute: map[string][]string{"version": {"value"}, "value": {"insecure_value"}, "insecure_value": {"value"}},
		Replace: map[string]func(*model.Call) bool{"tier": func(c *model.Call) bool {
			before, _ := c.Prior["tier"].(string)
			return before == "Advanced" && c.String("tier") == "Standard" // AWS takes no way back
		}},
		Latency: model.Instant("estimate"),
	}
}

// fillParameterValue sets both forms of the value: the one that Terraform hides, and the open one, which a secret has not.
func fillParameterValue(c *model.Call) {
	value := c.Object["value"]
	if model.IsUnset(value) {
		value = c.Object["insecure_value"]
	}
	if model.IsUnset(value) {
		value = nil // given write-only
	}
	c.Set("value", value)
	if c.String("type") == "SecureString" {
		value = ""
	}
	c.Set("insecure_value", value)
}

func validName(c *model.Call) *world.Error {
	name := c.String("name")
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(name), "/"), "/")
	switch {
	case name == "":
		return nil
	case strings.HasPrefix(first, "aws") || strings.HasPrefix(first, "ssm"):
		return world.Fail("ValidationException",
			`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`)
	case !parameterName().MatchString(name) || len(name) > 1011:
		// text unverified
		return world.Fail("ValidationException",
			"Parameter name: can't be longer than 1011 characters and can only contain letters, numbers and the following symbols .-_/")
	case strings.Contains(name, "/") && !strings.HasPrefix(name, "/"):
		return world.Fail("ValidationException", "Parameter name must be a fully qualified name.")
	case strings.Count(name, "/") > 15:
		return world.Fail("HierarchyLevelLimitExceededException", "Parameter name can have at most 15 levels.") // text unverified
	}
	return nil
}

func validValue(c *model.Call) *world.Error {
	value := c.String("value") + c.String("insecure_value")
	most, tier := 4096, "standard"
	if c.String("tier") == "Advanced" {
		most, tier = 8192, "advanced"
	}
	if len(value) > most && c.String("tier") != "Intelligent-Tiering" {
		return world.Fail("ValidationException", "%s%s tier parameters support a maximum parameter value of %d characters.",
			strings.ToUpper(tier[:1]), tier[1:], most)
	}
	if allowed := c.String("allowed_pattern"); allowed != "" && value != "" {
		if compiled, err := regexp.Compile(allowed); err != nil || !compiled.MatchString(value) {
			return world.Fail("ParameterPatternMismatchException", "Parameter value, cannot be validated against allowedPattern: %s", allowed)
		}
	}
	return nil
}

// DataSources declares what Terraform asks Parameter Store.
func DataSources() []*model.DataSource {
	return []*model.DataSource{{Name: "aws_ssm_parameter", API: api, Noun: "SSM Parameter", Call: "GetParameter", Read: readParameter}}
}

func readParameter(c *model.Call) *world.Error {
	name := c.String("name")
	kind, value, version := "String", "", 1.0
	var arn string
	if own := c.Find("aws_ssm_parameter", name); own != nil {
		kind, arn = own.String("type"), own.String("arn")
		value = own.String("value") + map[bool]string{true: own.String("insecure_value"), false: ""}[own.String("value") == ""]
		version, _ = own.Attributes["version"].(float64)
	} else if public := publicParameter(c, name); public != "" {
		value = public
		arn = fmt.Sprintf("arn:%s:ssm:%s::parameter%s", c.Partition(), c.Region, name)
	} else {
		return &world.Error{Message: "reading SSM Parameter (" + name + "): couldn't find resource"}
	}
	for attribute, v := range map[string]any{"id": name, "arn": arn, "type": kind, "value": value, "version": version} {
		c.Force(attribute, v)
	}
	c.Force("insecure_value", nil)
	if kind != "SecureString" {
		c.Force("insecure_value", value)
	}
	return nil
}

var eksImage = model.Expression(
	`^/aws/service/eks/optimized-ami/(\d\.\d+)/(amazon-linux-2023/(x86_64|arm64)/(standard|nvidia|neuron)|amazon-linux-2(-arm64|-gpu)?)/recommended/(image_id|image_name|release_version)$`)
var bottlerocketImage = model.Expression(
	`^/aws/service/bottlerocket/aws-k8s-(\d\.\d+)(-nvidia|-fips)?/(x86_64|arm64)/latest/(image_id|image_version)$`)

// publicParameter answers the paths under which AWS publishes images: of EKS, Bottlerocket and Amazon Linux. Their ids are made up, and
// differ by region and path as real ones do.
func publicParameter(c *model.Call, path string) string {
	image := "ami-" + c.World.Digest(17, c.Region, path)
	if match := eksImage().FindStringSubmatch(path); match != nil {
		version, ok := facts.Kubernetes(match[1], c.World.Now())
		current := strings.HasPrefix(match[2], "amazon-linux-2023/")
		if !ok || !current && eks.Minor(match[1]) >= 33 { // Amazon Linux 2 ended with Kubernetes 1.32
			return ""
		}
		release := version.Release(c.World.Now())
		switch match[6] {
		case "release_version":
			return release
		case "image_name":
			day := release[strings.LastIndex(release, "-")+1:]
			if current {
				return "amazon-eks-node-al2023-" + match[3] + "-" + match[4] + "-" + version.Name + "-v" + day
			}
			return "amazon-eks" + strings.TrimPrefix(match[2], "amazon-linux-2") + "-node-" + version.Name + "-v" + day
		}
		return image
	}
	if match := bottlerocketImage().FindStringSubmatch(path); match != nil {
		if _, ok := facts.Kubernetes(match[1], c.World.Now()); !ok {
			return ""
		}
		if match[4] == "image_version" {
			return "1.48.0-" + c.World.Digest(8, path)
		}
		return image
	}
	return imageParameter(c, path)
}
