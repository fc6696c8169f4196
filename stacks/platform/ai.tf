variable "ai" {
  description = "What deployment_features.ai_gateway gives workspaces, as the cloud stack takes it."
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
    condition     = var.ai == null || var.secrets.license != null
    error_message = "deployment_features.ai_gateway needs a Premium licence: set secrets.license, or set it to false. coderd answers every request for a model with 403 otherwise."
  }

  # Bedrock by the credentials of a pod is read since 2.33, and names of settings begin with CODER_AI_GATEWAY_ since 2.35.
  validation {
    condition     = var.ai == null || can(regex("^(2\\.(3[5-9]|[4-9][0-9]|[1-9][0-9]{2})|[3-9]|[1-9][0-9]+)\\.", var.coder.version))
    error_message = "With ai write coder.version of at least 2.35.0, not ${var.coder.version}: earlier gateways are set otherwise."
  }

  validation {
    condition     = var.ai == null || length(setintersection(keys(var.coder.env), ["CODER_AI_GATEWAY_ENABLED", "CODER_AI_GATEWAY_RETENTION", "CODER_AI_GATEWAY_STRUCTURED_LOGGING", "CODER_AI_GATEWAY_ALLOW_BYOK"])) == 0
    error_message = "Leave ${join(", ", setintersection(keys(var.coder.env), ["CODER_AI_GATEWAY_ENABLED", "CODER_AI_GATEWAY_RETENTION", "CODER_AI_GATEWAY_STRUCTURED_LOGGING", "CODER_AI_GATEWAY_ALLOW_BYOK"]))} out of coder.env: ai says it."
  }
}

locals {
  # As one number: 2035 is 2.35, of any patch.
  coder_release = try(tonumber(split(".", var.coder.version)[0]) * 1000 + tonumber(split(".", var.coder.version)[1]), 0)

  # Providers are not among them: since 2.34 coderd keeps them in its database, takes these variables as a seed once, and refuses to start
  # where one changes later. Since 2.34 the gateway is on unless it is switched off.
  ai_environment = var.deployment_features.ai_gateway ? {
    CODER_AI_GATEWAY_ENABLED            = "true"
    CODER_AI_GATEWAY_RETENTION          = "${var.ai.retention_days * 24}h"
    CODER_AI_GATEWAY_STRUCTURED_LOGGING = tostring(var.ai.log_prompts)
    CODER_AI_GATEWAY_ALLOW_BYOK         = tostring(var.ai.allow_own_keys)
    } : local.coder_release < 2034 ? {} : {
    "CODER_${local.coder_release >= 2035 ? "AI_GATEWAY" : "AIBRIDGE"}_ENABLED" = "false"
  }
}
