package guide

func clusterKinds() []*kind {
	return []*kind{
		{
			typ: "aws_eks_cluster", noun: "cluster", why: "The Kubernetes control plane, which AWS runs.", apart: true,
			find: func(r *resource) look { return look{aws("eks describe-cluster", "--name", r.text("name")), "cluster"} },
			owns: []own{
				{attr: "endpoint", field: "endpoint", as: "ENDPOINT"},
				{attr: "certificate_authority.0.data", field: "certificateAuthority.data", as: "CERTIFICATE"},
				{attr: "identity.0.oidc.0.issuer", field: "identity.oidc.issuer", as: "ISSUER"},
				{attr: "vpc_config.0.cluster_security_group_id", field: "resourcesVpcConfig.clusterSecurityGroupId", as: "SECURITY_GROUP_ID"},
			},
			make: one(func(r *resource) call {
				logged := r.sorted("enabled_cluster_log_types")
				network := fields{"subnetIds": r.sorted("vpc_config.0.subnet_ids"), "securityGroupIds": r.sorted("vpc_config.0.security_group_ids"),
					"endpointPublicAccess":  r.truth("vpc_config.0.endpoint_public_access"),
					"endpointPrivateAccess": r.truth("vpc_config.0.endpoint_private_access")}
				if r.text("vpc_config.0.endpoint_public_access") == "true" {
					network["publicAccessCidrs"] = r.sorted("vpc_config.0.public_access_cidrs")
				}
				input := fields{"name": r.text("name"), "version": r.text("version"), "roleArn": r.text("role_arn"),
					"resourcesVpcConfig": network,
					// Left out, AWS would take CONFIG_MAP, and put add-ons of its own into the cluster.
					"accessConfig": fields{"authenticationMode": r.text("access_config.0.authentication_mode"),
						"bootstrapClusterCreatorAdminPermissions": r.truth("access_config.0.bootstrap_cluster_creator_admin_permissions")},
					"bootstrapSelfManagedAddons": r.truth("bootstrap_self_managed_addons"),
					"upgradePolicy":              fields{"supportType": r.text("upgrade_policy.0.support_type")},
					"kubernetesNetworkConfig": fields{"ipFamily": r.text("kubernetes_network_config.0.ip_family"),
						"serviceIpv4Cidr": r.text("kubernetes_network_config.0.service_ipv4_cidr")},
					"tags": r.keyed("tags_all")}
				// Older versions of AWS CLI 2 do not know it, and unsaid it is off.
				if r.text("deletion_protection") == "true" {
					input["deletionProtection"] = true
				}
				if len(logged) > 0 {
					input["logging"] = fields{"clusterLogging": []fields{{"types": logged, "enabled": true}}}
				}
				for _, encrypted := range r.blocks("encryption_config") {
					input["encryptionConfig"] = []fields{{"resources": encrypted.sorted("resources"),
						"provider": fields{"keyArn": encrypted.text("provider.0.key_arn")}}}
				}
				return send("eks create-cluster", input)
			}),
			wait: one(func(r *resource) call { return run("eks wait cluster-active", "--name", r.text("name")) }),
			end: func(r *resource) []call {
				end := []call{run("eks delete-cluster", "--name", r.text("name")), run("eks wait cluster-deleted", "--name", r.text("name"))}
				if r.text("deletion_protection") == "true" {
					end = append([]call{run("eks update-cluster-config", "--name", r.text("name"), "--no-deletion-protection"),
						run("eks wait cluster-active", "--name", r.text("name"))}, end...)
				}
				return end
			},
			id: attribute("name"), memory: []string{"bootstrap_self_managed_addons"},
		},
		{
			typ: "aws_eks_addon", noun: "add-on", why: "A part of the cluster that AWS keeps up to date.",
			find: func(r *resource) look {
				return look{aws("eks describe-addon", "--cluster-name", r.text("cluster_name"), "--addon-name", r.text("addon_name")),
					"addon.addonName"}
			},
			make: one(func(r *resource) call {
				input := fields{"clusterName": r.text("cluster_name"), "addonName": r.text("addon_name"),
					"addonVersion":          r.text("addon_version"),
					"configurationValues":   r.text("configuration_values"),
					"serviceAccountRoleArn": r.text("service_account_role_arn"),
					"resolveConflicts":      r.text("resolve_conflicts_on_create"), "tags": r.keyed("tags_all")}
				return send("eks create-addon", input)
			}),
			wait: one(func(r *resource) call {
				return run("eks wait addon-active", "--cluster-name", r.text("cluster_name"), "--addon-name", r.text("addon_name"))
			}),
			end: func(r *resource) []call {
				addon := []string{"--cluster-name", r.text("cluster_name"), "--addon-name", r.text("addon_name")}
				return []call{run("eks delete-addon", addon...), run("eks wait addon-deleted", addon...)}
			},
			id:     joined(":", "cluster_name", "addon_name"),
			memory: []string{"resolve_conflicts_on_create", "resolve_conflicts_on_update", "preserve"},
		},
		{
			typ: "aws_eks_pod_identity_association", noun: "pod identity", why: "Lets the pods of one service account act as one role.",
			find: func(r *resource) look {
				return look{aws("eks list-pod-identity-associations", "--cluster-name", r.text("cluster_name"), "--namespace",
					r.text("namespace"), "--service-account", r.text("service_account")), "associations[0]"}
			},
			owns: []own{{attr: "association_id", field: "associationId", as: "ID"}},
			make: one(func(r *resource) call {
				return send("eks create-pod-identity-association", fields{"clusterName": r.text("cluster_name"),
					"namespace": r.text("namespace"), "serviceAccount": r.text("service_account"), "roleArn": r.text("role_arn"),
					"disableSessionTags": r.truth("disable_session_tags"), "tags": r.keyed("tags_all")})
			}),
			end: one(func(r *resource) call {
				return run("eks delete-pod-identity-association", "--cluster-name", r.text("cluster_name"), "--association-id",
					r.text("association_id"))
			}),
			id: joined(",", "cluster_name", "association_id"),
		},
		{
			typ: "aws_eks_access_entry", noun: "access entry", why: "Lets somebody into the cluster.",
			find: func(r *resource) look {
				return look{aws("eks describe-access-entry", "--cluster-name", r.text("cluster_name"), "--principal-arn",
					r.text("principal_arn")), "accessEntry.principalArn"}
			},
			make: one(func(r *resource) call {
				return send("eks create-access-entry", fields{"clusterName": r.text("cluster_name"), "principalArn": r.text("principal_arn"),
					"kubernetesGroups": r.sorted("kubernetes_groups"), "type": r.text("type"), "tags": r.keyed("tags_all")})
			}),
			end: one(func(r *resource) call {
				return run("eks delete-access-entry", "--cluster-name", r.text("cluster_name"), "--principal-arn", r.text("principal_arn"))
			}),
			id: joined(":", "cluster_name", "principal_arn"),
		},
		{
			typ: "aws_eks_access_policy_association", noun: "access policy", why: "What somebody may do in the cluster.",
			find: func(r *resource) look {
				return look{aws("eks list-associated-access-policies", "--cluster-name", r.text("cluster_name"), "--principal-arn",
					r.text("principal_arn")), "associatedAccessPolicies[?policyArn=='" + r.text("policy_arn") + "'].policyArn | [0]"}
			},
			make: one(func(r *resource) call {
				return send("eks associate-access-policy", fields{"clusterName": r.text("cluster_name"),
					"principalArn": r.text("principal_arn"), "policyArn": r.text("policy_arn"),
					"accessScope": fields{"type": r.text("access_scope.0.type"), "namespaces": r.sorted("access_scope.0.namespaces")}})
			}),
			end: one(func(r *resource) call {
				return run("eks disassociate-access-policy", "--cluster-name", r.text("cluster_name"), "--principal-arn",
					r.text("principal_arn"), "--policy-arn", r.text("policy_arn"))
			}),
			id: joined("#", "cluster_name", "principal_arn", "policy_arn"),
		},
	}
}

func nodeKinds() []*kind {
	return []*kind{
		{
			typ: "aws_launch_template", noun: "launch template", why: "What the nodes of a group have in common: disk, tags, metadata.",
			fresh: "name_prefix",
			find:  seen("ec2 describe-launch-templates", "LaunchTemplates[0]"),
			owns:  []own{{attr: "name", field: "LaunchTemplateName", as: "NAME"}, {attr: "id", field: "LaunchTemplateId", as: "ID"}},
			make: one(func(r *resource) call {
				data := fields{"UserData": r.text("user_data"), "ImageId": r.text("image_id"),
					"SecurityGroupIds": r.sorted("vpc_security_group_ids")}
				var disks []fields
				for _, disk := range r.blocks("block_device_mappings") {
					disks = append(disks, fields{"DeviceName": disk.text("device_name"), "Ebs": fields{
						"VolumeSize": disk.number("ebs.0.volume_size"), "VolumeType": disk.text("ebs.0.volume_type"),
						"Encrypted": disk.truth("ebs.0.encrypted"), "KmsKeyId": disk.text("ebs.0.kms_key_id"),
						"DeleteOnTermination": disk.truth("ebs.0.delete_on_termination")}})
				}
				data["BlockDeviceMappings"] = disks
				for _, m := range r.blocks("metadata_options") {
					data["MetadataOptions"] = fields{"HttpEndpoint": m.text("http_endpoint"), "HttpTokens": m.text("http_tokens"),
						"HttpPutResponseHopLimit": m.number("http_put_response_hop_limit"),
						"InstanceMetadataTags":    m.text("instance_metadata_tags")}
				}
				var tagged []fields
				for _, t := range r.blocks("tag_specifications") {
					tagged = append(tagged, fields{"ResourceType": t.text("resource_type"), "Tags": tagList(t.keyed("tags"), "Key", "Value")})
				}
				data["TagSpecifications"] = tagged
				return send("ec2 create-launch-template", fields{"LaunchTemplateName": r.text("name"), "VersionDescription": r.text("description"),
					"LaunchTemplateData": data, "TagSpecifications": r.tagged("launch-template")})
			}),
			end: one(func(r *resource) call {
				return run("ec2 delete-launch-template", "--launch-template-id", r.text("id"))
			}),
			id: attribute("id"),
			// With the second, the provider does not foretell the first, which stays as it is.
			memory: []string{"default_version", "update_default_version"},
		},
		{
			typ: "aws_eks_node_group", noun: "node group", why: "Machines of one kind, as many as its sizes allow.",
			fresh: "node_group_name_prefix", apart: true,
			find: func(r *resource) look {
				// Its name begins as written, and ends with the 26 digits that Terraform gives to such names.
				prefix := r.text("node_group_name_prefix")
				return look{argv: []string{"find_node_group", r.text("cluster_name"), prefix}}
			},
			owns: []own{{attr: "node_group_name", as: "NAME"}, {attr: "resources.0.autoscaling_groups.0.name", as: "AUTO_SCALING_GROUP"},
				{attr: "arn", as: "ARN"}},
			make: one(func(r *resource) call {
				var taints []fields
				for _, t := range r.blocks("taint") {
					taints = append(taints, fields{"key": t.text("key"), "value": t.text("value"), "effect": t.text("effect")})
				}
				return send("eks create-nodegroup", fields{"clusterName": r.text("cluster_name"), "nodegroupName": r.text("node_group_name"),
					"scalingConfig": fields{"minSize": r.number("scaling_config.0.min_size"), "maxSize": r.number("scaling_config.0.max_size"),
						"desiredSize": r.number("scaling_config.0.desired_size")},
					"subnets": r.sorted("subnet_ids"), "instanceTypes": r.listed("instance_types"), "amiType": r.text("ami_type"),
					"capacityType": r.text("capacity_type"), "nodeRole": r.text("node_role_arn"), "labels": r.keyed("labels"), "taints": taints,
					"version": r.text("version"),
					"launchTemplate": fields{"id": r.text("launch_template.0.id"),
						"version": r.text("launch_template.0.version")},
					"updateConfig": fields{"maxUnavailable": r.number("update_config.0.max_unavailable")}, "tags": r.keyed("tags_all")})
			}),
			wait: one(func(r *resource) call {
				return run("eks wait nodegroup-active", "--cluster-name", r.text("cluster_name"), "--nodegroup-name", r.text("node_group_name"))
			}),
			end: func(r *resource) []call {
				group := []string{"--cluster-name", r.text("cluster_name"), "--nodegroup-name", r.text("node_group_name")}
				return []call{run("eks delete-nodegroup", group...), run("eks wait nodegroup-deleted", group...)}
			},
			id: joined(":", "cluster_name", "node_group_name"),
		},
	}
}
