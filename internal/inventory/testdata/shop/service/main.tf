variable "name" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

resource "aws_launch_template" "this" {
  name_prefix   = var.name
  image_id      = "ami-0abcdef1234567890"
  instance_type = "c7g.large"
}

resource "aws_autoscaling_group" "this" {
  name                = var.name
  min_size            = 2
  max_size            = 6
  vpc_zone_identifier = var.subnet_ids

  launch_template {
    id      = aws_launch_template.this.id
    version = "$Latest"
  }

  dynamic "tag" {
    for_each = { Template = aws_launch_template.this.arn }

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

output "group" {
  value = aws_autoscaling_group.this.name
}
