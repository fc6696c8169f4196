package eks

import (
	"fmt"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/world"
)

// Blocked finds what keeps pods of a cluster, wherever they may run, from a service: of the barriers in the subnets of its node groups, the
// first. A caller that is empty stands for the nodes themselves, each with the role of its group.
func Blocked(c *model.Call, cluster *world.Resource, caller, service, action, resource string) *ec2.Barrier {
	return first(c, cluster, func(role string, groups []string) ec2.Ask {
		if caller != "" {
			role = caller
		}
		return ec2.Ask{Service: service, Caller: role, Action: action, Resource: resource, Groups: groups}
	})
}

// first asks from each subnet of the node groups of a cluster.
func first(c *model.Call, cluster *world.Resource, ask func(role string, groups []string) ec2.Ask) *ec2.Barrier {
	for _, group := range c.Where("aws_eks_node_group", "cluster_name", cluster.String("name")) {
		template := nodeTemplate(&model.Call{World: c.World, Catalog: c.Catalog, Account: c.Account, Region: c.Region,
			ProviderRegion: c.ProviderRegion, Object: group.Attributes})
		for _, subnet := range model.Strings(group.Attributes, "subnet_ids") {
			if barrier := ec2.Blocked(c, subnet, ask(group.String("node_role_arn"), nodeGroups(cluster, template))); barrier != nil {
				return barrier
			}
		}
	}
	return nil
}

// closed finds a subnet of the node groups of a cluster that has no way out of its VPC.
func closed(c *model.Call, cluster *world.Resource) (subnet string, found bool) {
	for _, group := range c.Where("aws_eks_node_group", "cluster_name", cluster.String("name")) {
		for _, subnet := range model.Strings(group.Attributes, "subnet_ids") {
			if ec2.WayOut(c, subnet) == ec2.NoWay {
				return subnet, true
			}
		}
	}
	return "", false
}

// layers is an object of the bucket in which ECR keeps layers of images (AWS documentation: interface VPC endpoints of Amazon ECR).
func layers(c *model.Call) string {
	return "arn:" + c.Partition() + ":s3:::prod-" + c.Region + "-starport-layer-bucket/layer"
}

// registry matches the host of a registry of Amazon ECR: account and region.
var registry = model.Expression(`^([0-9]{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.[a-z.]+)$`)

// Pull is what containerd says of an image that nodes of a cluster cannot pull; empty if nothing of their network keeps them from it. why
// explains it. Source of the words: containerd's and the kubelet's, as public reports show them.
func Pull(c *model.Call, cluster *world.Resource, image string) (message, why string) {
	host, repository, reference := parts(image)
	match := registry().FindStringSubmatch(host)
	if match == nil || match[2] != c.Region {
		subnet, found := closed(c, cluster)
		if !found {
			return "", ""
		}
		return timeout(image, host, repository, reference), "Nodes in " + subnet + " do not reach the registry " + host +
			": they cannot leave their VPC, and its endpoints serve ECR of " + c.Region + " alone."
	}
	if barrier := Blocked(c, cluster, "", "ecr.api", "ecr:GetAuthorizationToken", "*"); barrier != nil {
		return fmt.Sprintf("failed to pull and unpack image %q: failed to resolve reference %q: pull access denied, repository does not exist "+
			"or may require authorization: authorization failed: no basic auth credentials", image, image), told(barrier)
	}
	arn := fmt.Sprintf("arn:%s:ecr:%s:%s:repository/%s", c.Partition(), c.Region, match[1], repository)
	if barrier := Blocked(c, cluster, "", "ecr.dkr", "ecr:BatchGetImage", arn); barrier != nil {
		if barrier.Refused {
			return fmt.Sprintf("failed to pull and unpack image %q: failed to resolve reference %q: unexpected status from HEAD request to "+
				"https://%s/v2/%s/manifests/%s: 403 Forbidden", image, image, host, repository, reference), told(barrier)
		}
		return timeout(image, host, repository, reference), told(barrier)
	}
	barrier := first(c, cluster, func(_ string, groups []string) ec2.Ask {
		return ec2.Ask{Service: "s3", Action: "s3:GetObject", Resource: layers(c), Groups: groups}
	})
	switch {
	case barrier == nil:
		return "", ""
	case barrier.Refused:
		return fmt.Sprintf("failed to pull and unpack image %q: failed to copy: httpReadSeeker: failed open: unexpected status code: 403 "+
			"Forbidden", image), told(barrier)
	}
	return fmt.Sprintf("failed to pull and unpack image %q: failed to copy: httpReadSeeker: failed open: failed to do request: Get "+
		"\"https://prod-%s-starport-layer-bucket.s3.%s.amazonaws.com/\": dial tcp: i/o timeout", image, c.Region, c.Region), told(barrier)
}

func told(barrier *ec2.Barrier) string { return "Of the network of the nodes: " + barrier.Why + "." }

func timeout(image, host, repository, reference string) string {
	return fmt.Sprintf("failed to pull and unpack image %q: failed to resolve reference %q: failed to do request: Head "+
		"\"https://%s/v2/%s/manifests/%s\": dial tcp: i/o timeout", image, image, host, repository, reference)
}

// parts are the host, the repository and the tag or digest of an image, with what container runtimes take where one is left out.
func parts(image string) (host, repository, reference string) {
	name, digest, pinned := strings.Cut(image, "@")
	host, repository, found := strings.Cut(name, "/")
	if !found || !strings.ContainsAny(host, ".:") && host != "localhost" {
		host, repository = "registry-1.docker.io", name
	}
	repository, tag, tagged := strings.Cut(repository, ":")
	switch {
	case pinned:
		return host, repository, digest
	case tagged:
		return host, repository, tag
	}
	return host, repository, "latest"
}

// Unanswered finds what keeps pods of a cluster, wherever they may run, from a host over HTTPS; nil if nothing does.
func Unanswered(c *model.Call, cluster *world.Resource, host string) *ec2.Silence {
	for _, group := range c.Where("aws_eks_node_group", "cluster_name", cluster.String("name")) {
		for _, subnet := range model.Strings(group.Attributes, "subnet_ids") {
			if silence := ec2.Unanswered(c, subnet, host); silence != nil {
				return silence
			}
		}
	}
	return nil
}
