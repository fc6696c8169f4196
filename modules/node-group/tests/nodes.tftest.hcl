# What a node is, and who decides how many there are. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "key" {
  module {
    source = "../kms"
  }

  variables {
    name        = "coder/test"
    description = "All of this test."
    grants      = { log_groups = true, volumes = true }
  }
}

run "network" {
  module {
    source = "../network"
  }

  variables {
    name               = "coder"
    cidr               = "10.0.0.0/16"
    availability_zones = ["us-east-1a", "us-east-1b"]
    nat_gateway_zones  = ["us-east-1a"]
    flow_logs          = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

run "cluster" {
  module {
    source = "../cluster"
  }

  variables {
    name                = "coder"
    kubernetes_version  = "1.35"
    subnet_ids          = values(run.network.system_subnet_ids)
    secrets_kms_key_arn = run.key.key_arn
    logs                = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

run "network_addon" {
  module {
    source = "../addons"
  }

  variables {
    cluster_name = run.cluster.name
    addons       = { vpc-cni = { version = "v1.21.1-eksbuild.7" } }
  }
}

# Without the right to give pods addresses, nodes never become ready.
run "network_identity" {
  module {
    source = "../pod-identity"
  }

  variables {
    cluster_name        = run.cluster.name
    cluster_arn         = run.cluster.arn
    role_name           = "coder-vpc-cni"
    description         = "Network interfaces and addresses of pods."
    service_account     = { namespace = "kube-system", name = "aws-node" }
    managed_policy_arns = { cni = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" }
  }
}

variables {
  name           = "workspace"
  cluster        = { name = "coder", version = "1.35" }
  node_role_arn  = "arn:aws:iam::123456789012:role/node"
  subnet_ids     = ["subnet-a", "subnet-b"]
  instance_types = ["m5.xlarge", "m5a.xlarge"]
  autoscaled     = true
  size           = { min = 1, max = 5 }
  disk           = { gib = 100, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  labels         = { "coder.com/node-group" = "workspace" }
  taints         = { "coder.com/node-group" = { value = "workspace", effect = "NO_SCHEDULE" } }
  instance_tags  = { "coderaws:deployment" = "coder" }
}

run "autoscaled" {
  variables {
    node_role_arn = run.cluster.node_role_arn
    subnet_ids    = values(run.network.workspace_subnet_ids)
    disk          = { gib = 100, kms_key_arn = run.key.key_arn }
  }

  assert {
    condition     = length(aws_eks_node_group.autoscaled) == 1 && length(aws_eks_node_group.static) == 0
    error_message = "There is not exactly the group whose size the cluster autoscaler decides."
  }

  assert {
    condition     = aws_eks_node_group.autoscaled[0].scaling_config[0].desired_size == 1
    error_message = "The group does not start with its least size."
  }

  assert {
    condition = alltrue([
      aws_launch_template.this.metadata_options[0].http_tokens == "required",
      aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1,
    ])
    error_message = "Pods reach the credentials of their node."
  }

  assert {
    condition = alltrue([
      aws_launch_template.this.block_device_mappings[0].ebs[0].encrypted == "true",
      aws_launch_template.this.block_device_mappings[0].ebs[0].kms_key_id == run.key.key_arn,
      aws_launch_template.this.block_device_mappings[0].ebs[0].volume_size == 100,
    ])
    error_message = "The disk is not encrypted with the key, or has another size."
  }

  # Named groups replace the cluster's own, which the database and the load balancer trust; an image or type replaces EKS's choice.
  assert {
    condition = alltrue([
      for decision in [
        aws_launch_template.this.vpc_security_group_ids,
        aws_launch_template.this.network_interfaces,
        aws_launch_template.this.image_id,
        aws_launch_template.this.instance_type,
        aws_launch_template.this.user_data,
      ] : try(length(decision), 0) == 0
    ])
    error_message = "The launch template decides what EKS must decide."
  }

  assert {
    condition = {
      for tags in aws_launch_template.this.tag_specifications : tags.resource_type => "${tags.tags["coderaws:deployment"]} ${tags.tags.Name}"
      } == {
      for type in ["instance", "network-interface", "volume"] : type => "coder coder-workspace"
    }
    error_message = "What a group launches is missing from cost reports."
  }

  assert {
    condition     = [for taint in aws_eks_node_group.autoscaled[0].taint : "${taint.key}=${taint.value}:${taint.effect}"] == ["coder.com/node-group=workspace:NO_SCHEDULE"]
    error_message = "Pods of others may run on the group's nodes."
  }

  assert {
    condition     = output.name == aws_eks_node_group.autoscaled[0].node_group_name && startswith(output.autoscaling_group_name, "eks-workspace-")
    error_message = "Other names are told than EKS's own."
  }
}

# The autoscaler has its own mind about the current size, and the module scaling about the least.
run "terraform_changes_the_most_alone" {
  command = plan

  variables {
    node_role_arn = run.cluster.node_role_arn
    subnet_ids    = values(run.network.workspace_subnet_ids)
    disk          = { gib = 100, kms_key_arn = run.key.key_arn }
    size          = { min = 3, max = 8 }
  }

  assert {
    condition     = aws_eks_node_group.autoscaled[0].scaling_config[0].max_size == 8
    error_message = "The most nodes of an autoscaled group are not Terraform's."
  }

  assert {
    condition = alltrue([
      aws_eks_node_group.autoscaled[0].scaling_config[0].min_size == 1,
      aws_eks_node_group.autoscaled[0].scaling_config[0].desired_size == 1,
    ])
    error_message = "Terraform stops nodes under running workspaces."
  }
}

run "static" {
  variables {
    node_role_arn = run.cluster.node_role_arn
    subnet_ids    = values(run.network.workspace_subnet_ids)
    disk          = { gib = 100, kms_key_arn = run.key.key_arn }
    name          = "control"
    autoscaled    = false
    size          = { min = 2, max = 2 }
  }

  assert {
    condition     = length(aws_eks_node_group.static) == 1 && length(aws_eks_node_group.autoscaled) == 0
    error_message = "There is not exactly the group whose size Terraform decides."
  }

  assert {
    condition     = startswith(output.name, "control-")
    error_message = "Another name is told than EKS's own."
  }
}

run "terraform_changes_the_size_of_a_static_group" {
  command = plan

  variables {
    node_role_arn = run.cluster.node_role_arn
    subnet_ids    = values(run.network.workspace_subnet_ids)
    disk          = { gib = 100, kms_key_arn = run.key.key_arn }
    name          = "control"
    autoscaled    = false
    size          = { min = 3, max = 3 }
  }

  assert {
    condition     = aws_eks_node_group.static[0].scaling_config[0] == { desired_size = 3, max_size = 3, min_size = 3 }
    error_message = "A new size of a static group takes no effect."
  }
}

# For example where pods are others' work, which the database is not to trust.
run "a_group_of_their_own" {
  command = plan

  variables {
    security_group_ids = ["sg-1"]
  }

  assert {
    condition     = aws_launch_template.this.vpc_security_group_ids == toset(["sg-1"])
    error_message = "Nodes carry the cluster's own security group."
  }
}

run "refused" {
  command = plan

  variables {
    name           = "Workspace"
    capacity_type  = "spot"
    instance_types = []
    ami_type       = "AL2_x86_64"
    size           = { min = 2, max = 1 }
    disk           = { gib = 19, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
    taints         = { a = { value = "b", effect = "NoSchedule" } }
  }

  expect_failures = [var.name, var.capacity_type, var.instance_types, var.ami_type, var.size, var.disk, var.taints]
}

# Terraform judges it by the image family, and not at all where that is refused.
run "a_release_for_another_version" {
  command = plan

  variables {
    release_version = "1.10.0-20180101"
  }

  expect_failures = [var.release_version]
}

run "more_than_the_quota" {
  command = plan

  variables {
    size = { min = 0, max = 451 }
  }

  expect_failures = [var.size]
}

# It keeps images and pods on its second volume.
run "bottlerocket" {
  command = plan

  variables {
    ami_type = "BOTTLEROCKET_x86_64_FIPS"
  }

  assert {
    condition = {
      for mapping in aws_launch_template.this.block_device_mappings : mapping.device_name => one(mapping.ebs).volume_size
    } == { "/dev/xvda" = 4, "/dev/xvdb" = 100 }
    error_message = "Images and pods have another volume than they were given."
  }

  assert {
    condition     = alltrue([for mapping in aws_launch_template.this.block_device_mappings : one(mapping.ebs).encrypted == "true" && one(mapping.ebs).kms_key_id == var.disk.kms_key_arn])
    error_message = "A volume is not encrypted with the key."
  }
}
