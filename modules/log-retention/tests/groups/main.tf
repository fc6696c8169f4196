# A log group for each retention, so that AWS says of each whether it knows it.
variable "days" {
  type = set(number)
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = { for days in var.days : tostring(days) => days }

  name              = "/kept/${each.key}"
  retention_in_days = each.value
}
