package autoscaling

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/world"
	"slices"
	"strings"
)

// DataSources declares what Terraform asks Auto Scaling.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_autoscaling_group", API: api, Noun: "Auto Scaling Group", Call: "DescribeAutoScalingGroups", Read: readAutoScalingGroup},
		{Name: "aws_autoscaling_groups", API: api, Noun: "Auto Scaling Groups", Call: "DescribeAutoScalingGroups", Read: readAutoScalingGroups},
	}
}

func readAutoScalingGroup(c *model.Call) *world.Error {
	r := c.Find("aws_autoscaling_group", c.String("name"))
	if r == nil {
		return &world.Error{Message: "no matching Auto Scaling Group found"}
	}
	model.CopyAttributes(c, r)
	c.Force("vpc_zone_identifier", strings.Join(model.Strings(r.Attributes, "vpc_zone_identifier"), ","))
	protected, _ := r.Attributes["protect_from_scale_in"].(bool)
	c.Force("new_instances_protected_from_scale_in", protected)
	c.Force("status", "")
	return nil
}

func readAutoScalingGroups(c *model.Call) *world.Error {
	names, arns := []any{}, []any{}
	var chosen []*world.Resource
	wanted := c.Strings("names")
	for _, r := range c.All("aws_autoscaling_group") {
		values := map[string][]string{}
		for _, tag := range model.Every(c.Look(r), "tag") {
			object, _ := tag.(world.Object)
			key, _ := object["key"].(string)
			value, _ := object["value"].(string)
			values["tag:"+key] = []string{value}
			values["tag-key"], values["tag-value"] = append(values["tag-key"], key), append(values["tag-value"], value)
		}
		if (len(wanted) == 0 || slices.Contains(wanted, r.ID)) && ec2.MatchesFilters(c, values) {
			chosen = append(chosen, r)
		}
	}
	slices.SortFunc(chosen, func(a, b *world.Resource) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range chosen {
		names, arns = append(names, r.ID), append(arns, r.String("arn"))
	}
	c.Force("id", c.Region)
	c.Force("names", names)
	c.Force("arns", arns)
	return nil
}
