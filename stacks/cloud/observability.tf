# The days that validations of variables allow.
module "log_retention" {
  source = "../../modules/log-retention"
}

module "observability" {
  source = "../../modules/observability"

  name         = var.name
  kms_key_arn  = module.kms["observability"].key_arn
  alarm_emails = var.observability.alarm_emails

  database = local.spoke ? null : {
    cluster_identifier = module.database[0].cluster_identifier
    max_acu            = var.database.max_acu
    max_connections    = local.max_connections
  }
  node_groups = {
    for name, group in module.node_group : name => { autoscaling_group_name = group.autoscaling_group_name }
  }
  availability_zones = toset(local.active_zones)
  load_balancer = {
    arn_suffix              = module.ingress.arn_suffix
    target_group_arn_suffix = module.ingress.target_group_arn_suffix
  }
  ai = !var.deployment_features.ai_gateway ? null : {
    models       = toset(values(var.ai.models))
    daily_tokens = var.ai.daily_tokens
  }
}

# What coderd and provisioners log. coderd writes Coder's audit log there, too.
resource "aws_cloudwatch_log_group" "coder" {
  for_each = toset(var.observability.container_logs ? ["coder"] : [])

  name              = "/coderaws/${var.name}/${each.key}"
  retention_in_days = var.observability.log_retention_days
  kms_key_id        = module.kms["observability"].key_arn

  tags = { Name = "${var.name}-${each.key}" }
}

module "budget" {
  source   = "../../modules/budget"
  for_each = var.budget == null ? {} : { monthly = var.budget }

  name        = local.global_name
  monthly_usd = each.value.monthly_usd
  emails      = each.value.emails
  topic_arn   = module.observability.topic_arn
  cost_tag    = local.cost_tag
}
