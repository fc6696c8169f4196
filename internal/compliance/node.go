package compliance

import (
	"encoding/json"
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// nodeChecks are about nodes, instances, and what runs on all of them.
func nodeChecks() []Check {
	machines := []string{"aws_launch_template", "aws_instance"}
	return []Check{
		{ID: "imds-tokens", What: "instance metadata answers to tokens alone (IMDSv2)", Reads: machines,
			rule: attribute("metadata_options.http_tokens", oneOf("optional", "required"), machines...)},
		{ID: "imds-hops", What: "pods do not reach instance metadata", Reads: machines,
			rule: attribute("metadata_options.http_put_response_hop_limit", atMost(1, 2), machines...)},
		{ID: "nodes-fips", What: "nodes have an image with a validated module", Reads: []string{"aws_eks_node_group"},
			rule: attribute("ami_type", text("an image with FIPS", "AL2023_x86_64_STANDARD",
				func(s string) bool { return strings.HasSuffix(s, "_FIPS") }),
				"aws_eks_node_group")},
		{ID: "nodes-on-demand", What: "AWS takes back no node before its time", Reads: []string{"aws_eks_node_group"},
			rule: attribute("capacity_type", oneOf("ON_DEMAND", "ON_DEMAND", "CAPACITY_BLOCK"), "aws_eks_node_group")},
		{ID: "network-policies-on", What: "the VPC CNI enforces network policies", Reads: []string{"aws_eks_addon"}, rule: networkPolicyEngine},
		{ID: "pod-identities", What: "pods that call AWS have roles of their own", Reads: []string{"aws_eks_pod_identity_association"},
			rule: attribute("role_arn", something("a role"), "aws_eks_pod_identity_association")},
		{ID: "no-remote-access", What: "nobody signs in to nodes with SSH", Reads: []string{"aws_eks_node_group"},
			rule: only(nil, "remote_access.ec2_ssh_key", wanted{"not set", func(v plan.Value) Answer {
				set := something("").holds(v)
				if set == NotProvable {
					return NotProvable
				}
				return answer(set == NotSatisfied)
			}}, "aws_eks_node_group")},
	}
}

// networkPolicyEngine looks into the settings of the VPC CNI, of which AWS's default is off: EKS user guide, network policies.
func networkPolicyEngine(s *Subject) []Evidence {
	var all []Evidence
	for _, i := range s.of("aws_eks_addon") {
		if !seen(i.Values.Attr("addon_name"), "vpc-cni") {
			continue
		}
		var settings struct {
			EnableNetworkPolicy any `json:"enableNetworkPolicy"`
		}
		value := i.Values.Attr("configuration_values")
		document, state := value.Text().Get()
		e := i.evidence(NotSatisfied, "enableNetworkPolicy", "not set", "true")
		if state == plan.IsUnknown {
			e.Answer, e.Attribute = NotProvable, "configuration_values"
		} else if json.Unmarshal([]byte(document), &settings) == nil && settings.EnableNetworkPolicy != nil {
			e.Answer, e.Found = NotSatisfied, "false"
			if settings.EnableNetworkPolicy == "true" || settings.EnableNetworkPolicy == true {
				e.Answer, e.Found = Satisfied, "true"
			}
		}
		all = append(all, e.explained())
	}
	return all
}

// imageChecks are about repositories of images.
func imageChecks() []Check {
	repository := []string{"aws_ecr_repository"}
	return []Check{
		{ID: "scan-on-push", What: "images are looked through for known holes as they arrive", Reads: repository,
			rule: attribute("image_scanning_configuration.scan_on_push", yes(false), repository...)},
		{ID: "tags-immutable", What: "a tag of an image cannot be given to another", Reads: repository,
			rule: attribute("image_tag_mutability", oneOf("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"), repository...)},
		{ID: "repository-lifecycle", What: "repositories forget images that nobody uses", Reads: append(slices.Clone(repository),
			"aws_ecr_lifecycle_policy"),
			rule: has("aws_ecr_repository", "repository", []string{"aws_ecr_lifecycle_policy"}, "lifecycle policy", "one", nil)},
	}
}
