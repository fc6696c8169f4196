package awsproxy

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// nodeImage is an image that moto always has; EKS would choose its own by amiType and release.
const nodeImage = "ami-12c6146b"

func (p *Proxy) handleNodeGroups(mux *http.ServeMux) {
	p.handle(mux, "POST /clusters/{name}/node-groups", p.createNodeGroup)
	p.handle(mux, "GET /clusters/{name}/node-groups", p.listNodeGroups)
	p.handle(mux, "GET /clusters/{name}/node-groups/{group}", p.describeNodeGroup)
	p.handle(mux, "DELETE /clusters/{name}/node-groups/{group}", p.deleteNodeGroup)
	p.handle(mux, "POST /clusters/{name}/node-groups/{group}/update-config", p.updateNodeGroupConfig)
	p.handle(mux, "POST /clusters/{name}/node-groups/{group}/update-version", p.updateNodeGroupVersion)
}

func (p *Proxy) nodeGroup(c call) (document, error) {
	if d, ok := p.store.documents[c.at("clusters", c.PathValue("name"), "node-groups", c.PathValue("group"))]; ok {
		return d, nil
	}
	return nil, notFound("No node group found for name: %s.", c.PathValue("group"))
}

func (p *Proxy) createNodeGroup(c call) (document, error) {
	cluster, err := p.cluster(c)
	if err != nil {
		return nil, err
	}
	clusterName, name := c.PathValue("name"), text(c.in, "nodegroupName")
	at := c.at("clusters", clusterName, "node-groups", name)
	if _, ok := p.store.documents[at]; ok {
		return nil, inUse("NodeGroup already exists with name %s and cluster name %s", name, clusterName)
	}
	if c.in["launchTemplate"] != nil && c.in["diskSize"] != nil {
		return nil, invalidParameter("Disk size must be specified within the launch template.")
	}
	id := p.store.newUUID()
	d := pick(c.in, "nodegroupName", "amiType", "capacityType", "diskSize", "instanceTypes", "labels", "nodeRole",
		"nodeRepairConfig", "releaseVersion", "remoteAccess", "scalingConfig", "subnets", "tags", "taints", "updateConfig", "version")
	maps.Copy(d, document{
		"clusterName":  clusterName,
		"nodegroupArn": eksARN(c, "nodegroup", clusterName, name, id),
		"createdAt":    p.timestamp(),
		"modifiedAt":   p.timestamp(),
		"health":       document{"issues": []any{}},
		"status":       "ACTIVE",
		"resources":    document{"autoScalingGroups": []any{document{"name": "eks-" + name + "-" + id}}},
	})
	setDefault(d, "amiType", "AL2023_x86_64_STANDARD")
	setDefault(d, "capacityType", "ON_DEMAND")
	setDefault(d, "instanceTypes", []any{"t3.medium"})
	setDefault(d, "labels", document{})
	setDefault(d, "taints", []any{})
	setDefault(d, "tags", document{})
	setDefault(d, "scalingConfig", document{"minSize": 1, "maxSize": 2, "desiredSize": 2})
	setDefault(d, "updateConfig", document{"maxUnavailable": 1})
	setDefault(d, "version", cluster["version"])
	setDefault(d, "releaseVersion", text(d, "version")+".0-20260101")
	if template := object(c.in, "launchTemplate"); template != nil {
		if d["launchTemplate"], err = p.resolveLaunchTemplate(c, template); err != nil {
			return nil, err
		}
	} else {
		setDefault(d, "diskSize", 20)
	}
	if err := p.createAutoScalingGroup(c, d, id); err != nil {
		return nil, err
	}
	p.store.documents[at] = d
	p.admitNodes(c, text(d, "nodeRole"))
	return document{"nodegroup": d}, nil
}

// resolveLaunchTemplate gives id, name and version, of which a request names the first or the second.
func (p *Proxy) resolveLaunchTemplate(c call, template document) (document, error) {
	params := url.Values{}
	if id := text(template, "id"); id != "" {
		params.Set("LaunchTemplateId.1", id)
	} else {
		params.Set("LaunchTemplateName.1", text(template, "name"))
	}
	var answer struct {
		Templates []struct {
			ID     string `xml:"launchTemplateId"`
			Name   string `xml:"launchTemplateName"`
			Latest string `xml:"latestVersionNumber"`
		} `xml:"launchTemplates>item"`
	}
	if err := p.ec2(c, "DescribeLaunchTemplates", params, &answer); err != nil || len(answer.Templates) != 1 {
		return nil, invalidRequest("The launch template %v could not be found: %v", template, err)
	}
	found := answer.Templates[0]
	return document{"id": found.ID, "name": found.Name, "version": cmp.Or(text(template, "version"), found.Latest)}, nil
}

// createAutoScalingGroup makes the Auto Scaling group that the node group names, with a launch template of its own
// (as EKS does), in moto. moto's EKS names a group that does not exist, so that nothing can be attached to it.
func (p *Proxy) createAutoScalingGroup(c call, d document, id string) error {
	types := texts(list(d, "instanceTypes"))
	if err := p.ec2(c, "CreateLaunchTemplate", url.Values{
		"LaunchTemplateName":              {"eks-" + id},
		"LaunchTemplateData.ImageId":      {nodeImage},
		"LaunchTemplateData.InstanceType": {types[0]},
	}, nil); err != nil {
		return err
	}
	scaling := object(d, "scalingConfig")
	params := url.Values{
		"AutoScalingGroupName":              {autoScalingGroup(d)},
		"LaunchTemplate.LaunchTemplateName": {"eks-" + id},
		"LaunchTemplate.Version":            {"$Latest"},
		"MinSize":                           {fmt.Sprint(scaling["minSize"])},
		"MaxSize":                           {fmt.Sprint(scaling["maxSize"])},
		"DesiredCapacity":                   {fmt.Sprint(scaling["desiredSize"])},
		"VPCZoneIdentifier":                 {strings.Join(texts(list(d, "subnets")), ",")},
	}
	tags := map[string]string{
		"eks:cluster-name":   text(d, "clusterName"),
		"eks:nodegroup-name": text(d, "nodegroupName"),
		"kubernetes.io/cluster/" + text(d, "clusterName"):     "owned",
		"k8s.io/cluster-autoscaler/enabled":                   "true",
		"k8s.io/cluster-autoscaler/" + text(d, "clusterName"): "owned",
	}
	for i, k := range slices.Sorted(maps.Keys(tags)) {
		member := fmt.Sprintf("Tags.member.%d.", i+1)
		params.Set(member+"Key", k)
		params.Set(member+"Value", tags[k])
		params.Set(member+"PropagateAtLaunch", "true")
	}
	return p.autoscaling(c, "CreateAutoScalingGroup", params)
}

func autoScalingGroup(d document) string {
	group, _ := list(object(d, "resources"), "autoScalingGroups")[0].(document)
	return text(group, "name")
}

func (p *Proxy) listNodeGroups(c call) (document, error) {
	if _, err := p.cluster(c); err != nil {
		return nil, err
	}
	names := []any{}
	for _, d := range p.store.children(c.at("clusters", c.PathValue("name"), "node-groups")) {
		names = append(names, d["nodegroupName"])
	}
	return document{"nodegroups": names}, nil
}

func (p *Proxy) describeNodeGroup(c call) (document, error) {
	d, err := p.nodeGroup(c)
	return document{"nodegroup": d}, err
}

func (p *Proxy) deleteNodeGroup(c call) (document, error) {
	d, err := p.nodeGroup(c)
	if err != nil {
		return nil, err
	}
	group := autoScalingGroup(d)
	if err := p.autoscaling(c, "DeleteAutoScalingGroup", url.Values{"AutoScalingGroupName": {group}, "ForceDelete": {"true"}}); err != nil {
		return nil, err
	}
	id := strings.TrimPrefix(group, "eks-"+text(d, "nodegroupName")+"-")
	if err := p.ec2(c, "DeleteLaunchTemplate", url.Values{"LaunchTemplateName": {"eks-" + id}}, nil); err != nil {
		return nil, err
	}
	p.store.removeTree(c.at("clusters", c.PathValue("name"), "node-groups", c.PathValue("group")))
	d["status"] = "DELETING"
	return document{"nodegroup": d}, nil
}

func (p *Proxy) updateNodeGroupConfig(c call) (document, error) {
	d, err := p.nodeGroup(c)
	if err != nil {
		return nil, err
	}
	if labels := object(c.in, "labels"); labels != nil {
		maps.Copy(object(d, "labels"), object(labels, "addOrUpdateLabels"))
		for _, k := range texts(list(labels, "removeLabels")) {
			delete(object(d, "labels"), k)
		}
	}
	if taints := object(c.in, "taints"); taints != nil {
		d["taints"] = changeTaints(list(d, "taints"), list(taints, "addOrUpdateTaints"), list(taints, "removeTaints"))
	}
	if scaling := object(c.in, "scalingConfig"); scaling != nil {
		maps.Copy(object(d, "scalingConfig"), scaling)
		if err := p.autoscaling(c, "UpdateAutoScalingGroup", url.Values{
			"AutoScalingGroupName": {autoScalingGroup(d)},
			"MinSize":              {fmt.Sprint(object(d, "scalingConfig")["minSize"])},
			"MaxSize":              {fmt.Sprint(object(d, "scalingConfig")["maxSize"])},
			"DesiredCapacity":      {fmt.Sprint(object(d, "scalingConfig")["desiredSize"])},
		}); err != nil {
			return nil, err
		}
	}
	for _, field := range []string{"updateConfig", "nodeRepairConfig"} {
		if change := object(c.in, field); change != nil {
			d[field] = change
		}
	}
	d["modifiedAt"] = p.timestamp()
	return p.recordUpdate(c, "ConfigUpdate"), nil
}

// changeTaints gives the taints without those in removed and with those in added; a key and an effect name a taint.
func changeTaints(current, added, removed []any) []any {
	same := func(a any) func(any) bool {
		x, _ := a.(document)
		return func(b any) bool {
			y, _ := b.(document)
			return text(x, "key") == text(y, "key") && text(x, "effect") == text(y, "effect")
		}
	}
	out := slices.Clone(current)
	for _, t := range slices.Concat(added, removed) {
		out = slices.DeleteFunc(out, same(t))
	}
	return append(out, added...)
}

// updateNodeGroupVersion: moto lacks the call.
func (p *Proxy) updateNodeGroupVersion(c call) (document, error) {
	d, err := p.nodeGroup(c)
	if err != nil {
		return nil, err
	}
	if template := object(c.in, "launchTemplate"); template != nil {
		if d["launchTemplate"], err = p.resolveLaunchTemplate(c, template); err != nil {
			return nil, err
		}
	}
	if version := text(c.in, "version"); version != "" {
		d["version"] = version
		d["releaseVersion"] = version + ".0-20260101"
	}
	if release := text(c.in, "releaseVersion"); release != "" {
		d["releaseVersion"] = release
	}
	d["modifiedAt"] = p.timestamp()
	return p.recordUpdate(c, "VersionUpdate"), nil
}
