# The home outlives the machine: a stopped workspace pays for its home alone. Every start makes a new machine from Amazon's latest image, so that
# it is patched, and its user data runs and knows the agent's token.

locals {
  architecture = var.architecture == "arm64" ? "arm64" : "amd64"
  home_path    = "/home/coder"
  zones        = { for subnet in data.aws_subnet.workspace : subnet.availability_zone => subnet.id... }
  zone_names   = sort(keys(local.zones))
}

data "aws_subnet" "workspace" {
  for_each = toset(local.network.subnet_ids)

  id = each.key
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${var.architecture}"
}

resource "aws_ebs_volume" "home" {
  # Workspaces are spread over the zones by their ids.
  availability_zone = local.zone_names[parseint(substr(sha256(local.workspace.id), 0, 8), 16) % length(local.zone_names)]

  type       = "gp3"
  size       = tonumber(data.coder_parameter.home_gib.value)
  encrypted  = true
  kms_key_id = local.network.kms_key_arn == "" ? null : local.network.kms_key_arn
  tags       = merge(local.tags, { Name = "${local.tags.Name}-home" })

  lifecycle {
    # To change the zone or the key would replace the home by an empty one, and tags are set only when it is made (iam-policy.json).
    ignore_changes = [availability_zone, encrypted, kms_key_id, tags, tags_all]

    # coderd lets people choose a region for a workspace from before there was a choice. AWS would not find the home there, and make another.
    precondition {
      condition     = coalesce(coder_agent.main.order, 0) == local.away
      error_message = "The home of this workspace was made in another region, and cannot move: choose the region that it was made in, which is the hub's if nobody chose one then."
    }
  }
}

resource "aws_instance" "workspace" {
  count = local.workspace.start_count

  ami                    = data.aws_ssm_parameter.image.insecure_value
  instance_type          = var.sizes[data.coder_parameter.size.value].instance_type
  subnet_id              = local.zones[aws_ebs_volume.home.availability_zone][0]
  vpc_security_group_ids = local.network.security_group_ids
  iam_instance_profile   = local.network.instance_profile == "" ? null : local.network.instance_profile

  # Reached through its agent and Session Manager alone.
  associate_public_ip_address = false

  # A container on the machine is one hop further away, and gets no credentials.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type           = "gp3"
    volume_size           = var.root_gib
    encrypted             = true
    kms_key_id            = local.network.kms_key_arn == "" ? null : local.network.kms_key_arn
    delete_on_termination = true
  }

  user_data = templatefile("${path.module}/user-data.sh.tftpl", {
    agent_script = base64encode(coder_agent.main.init_script)
    agent_token  = coder_agent.main.token
    home_path    = local.home_path
    # A Nitro machine names its disks in its own way; this link has the volume's id.
    home_device = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${replace(aws_ebs_volume.home.id, "-", "")}"
  })
  user_data_replace_on_change = true

  tags = local.tags

  lifecycle {
    # A running machine keeps its image, and the next one has the latest.
    ignore_changes = [ami, tags, tags_all]

    precondition {
      condition     = contains(keys(local.zones), aws_ebs_volume.home.availability_zone)
      error_message = "The home of this workspace is in ${aws_ebs_volume.home.availability_zone}, and no subnet that the template is given there is. Add one: a volume cannot move to another zone."
    }
  }
}

resource "aws_volume_attachment" "home" {
  count = local.workspace.start_count

  device_name = "/dev/sdf"
  instance_id = aws_instance.workspace[0].id
  volume_id   = aws_ebs_volume.home.id

  # Stopping ends the file system in order; to detach a mounted volume would not.
  stop_instance_before_detaching = true
}

resource "coder_metadata" "instance" {
  count = local.workspace.start_count

  resource_id = aws_instance.workspace[0].id
  icon        = "/icon/aws.svg"

  item {
    key   = "instance"
    value = aws_instance.workspace[0].id
  }
  item {
    key   = "type"
    value = aws_instance.workspace[0].instance_type
  }
}

resource "coder_metadata" "home" {
  resource_id = aws_ebs_volume.home.id
  icon        = "/icon/folder.svg"

  item {
    key   = "size"
    value = "${aws_ebs_volume.home.size} GiB"
  }
}
