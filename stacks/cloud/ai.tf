variable "ai" {
  description = "What deployment_features.ai_gateway gives workspaces, every attribute written: none of money or privacy has a default. gateway = coder is Coder's own AI Gateway inside of coderd, which needs a Premium licence that holds it (ADR-016). models are inference profiles of Amazon Bedrock, as it lists them: main answers, small does the work in the background. The first part of a profile says where requests may be answered: eu. in the European Union, us., jp., au. and us-gov. likewise, global. anywhere. daily_tokens is how many tokens in and out all people together use in a day before the alarm topic is told; nothing stops there. retention_days is how long Coder keeps who asked what, with prompts and tools. log_prompts writes the same to coderd's log, which observability.container_logs sends to CloudWatch Logs. allow_own_keys lets people use keys of their own, past your models. The platform stack takes the same variable."
  type = object({
    gateway        = string
    models         = object({ main = string, small = string })
    daily_tokens   = number
    retention_days = number
    log_prompts    = bool
    allow_own_keys = bool
  })
  default = null

  validation {
    condition     = (var.ai != null) == var.deployment_features.ai_gateway
    error_message = "Write ai with deployment_features.ai_gateway = true, and leave it out without: it says which models there are, when somebody is told, and what is kept about people."
  }

  validation {
    condition     = var.ai == null ? true : var.ai.gateway == "coder"
    error_message = "Write ai.gateway = \"coder\": this version builds no other (ADR-016)."
  }

  validation {
    condition     = var.ai == null ? true : alltrue([for id in values(var.ai.models) : can(regex("^(us|eu|apac|jp|au|us-gov|global)\\.[a-z0-9-]+\\.[a-z0-9.:-]+$", id))])
    error_message = "Write ai.models as inference profiles, such as us.anthropic.claude-sonnet-4-6, as `aws bedrock list-inference-profiles` shows them: Bedrock answers to newer models' bare names with an error."
  }

  # Where a deployment is, says which profiles it may name: Bedrock has those of its own geography alone, and global ones outside of GovCloud.
  validation {
    condition = var.ai == null ? true : alltrue([
      for id in values(var.ai.models) : can(regex({
        us = "^(us|ca)-[a-z]+-", eu = "^eu-", apac = "^ap-", jp = "^ap-northeast-", au = "^ap-southeast-", us-gov = "^us-gov-", global = "^[a-z]{2}-[a-z]+-[0-9]$"
      }[split(".", id)[0]], var.region)) && startswith(split(".", id)[0], "us-gov") == startswith(var.region, "us-gov-")
      if can(regex("^(us|eu|apac|jp|au|us-gov|global)\\.", id))
    ])
    error_message = "Write ai.models of the geography of ${var.region}: us. is called from North America, eu. from Europe, apac., jp. and au. from Asia and the Pacific, us-gov. from GovCloud and nowhere else; global., where answers may come from anywhere, from all but GovCloud."
  }

  validation {
    condition     = var.ai == null ? true : var.ai.daily_tokens >= 1 && floor(var.ai.daily_tokens) == var.ai.daily_tokens
    error_message = "Write ai.daily_tokens as a whole number above 0, such as 200000000: the tokens of a day, of all people together, from which on the alarm topic is told."
  }

  validation {
    condition     = var.ai == null ? true : var.ai.retention_days >= 1 && floor(var.ai.retention_days) == var.ai.retention_days
    error_message = "Write ai.retention_days as a whole number from 1: how many days Coder keeps who asked which model what. It would take 0 as for ever."
  }
}

# What Bedrock says of each profile: its ARN here, and the model in each region that it sends requests to. One that this region lacks is so
# told by the plan.
data "aws_bedrock_inference_profile" "this" {
  for_each = toset(var.deployment_features.ai_gateway ? values(var.ai.models) : [])

  inference_profile_id = each.value
}

locals {
  model_actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
  profile_arns  = sort([for profile in data.aws_bedrock_inference_profile.this : profile.inference_profile_arn])
  model_arns    = sort(distinct(flatten([for profile in data.aws_bedrock_inference_profile.this : profile.models[*].model_arn])))

  # Bedrock asks twice: for the profile, and for the model in the region that it has chosen. The second is of no use without the first.
  model_statements = [
    for statement in [
      { Resource = local.profile_arns, Condition = {} },
      { Resource = local.model_arns, Condition = { StringEquals = { "bedrock:InferenceProfileArn" = local.profile_arns } } },
    ] : merge({ Effect = "Allow", Action = local.model_actions }, statement) if var.deployment_features.ai_gateway
  ]
}
