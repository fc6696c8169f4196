variable "secrets" {
  description = "ARNs of secrets in Secrets Manager that you made, in the deployment's region: Coder's licence, the client secret of coder.oidc, those of coder.external_auth by id, and values of further CODER_* variables by name (env). Each holds its value as plain text. kms_key_arns are your own keys that encrypt them. coderd may read exactly these, and the licence nobody in the cluster."
  type = object({
    license            = optional(string)
    oidc_client_secret = optional(string)
    external_auth      = optional(map(string), {})
    env                = optional(map(string), {})
    kms_key_arns       = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for arn in concat([for arn in [var.secrets.license, var.secrets.oidc_client_secret] : arn if arn != null], values(var.secrets.external_auth), values(var.secrets.env)) : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$", arn))])
    error_message = "Write secrets as the whole ARN that Secrets Manager shows, such as arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf, never the value itself."
  }

  validation {
    condition     = alltrue([for arn in concat([for arn in [var.secrets.license, var.secrets.oidc_client_secret] : arn if arn != null], values(var.secrets.external_auth), values(var.secrets.env), var.secrets.kms_key_arns) : try(split(":", arn)[3] == var.region, true)])
    error_message = "Name secrets and keys of ${var.region}, the deployment's own region: replicate a secret of another one to it (aws secretsmanager replicate-secret-to-regions) and write that replica's ARN."
  }

  validation {
    condition     = alltrue([for name in keys(var.secrets.env) : can(regex("^[A-Z_][A-Z0-9_]*$", name))]) && length(setintersection(keys(var.secrets.env), ["CODER_OIDC_CLIENT_SECRET", "CODER_PG_CONNECTION_URL", "CODER_PROVISIONER_DAEMON_PSK"])) == 0
    error_message = "Write names in secrets.env as coderd reads them, such as CODER_SCIM_AUTH_HEADER. The client secret of OIDC has a setting of its own, and the database and provisioners have no secret of yours."
  }

  validation {
    condition     = alltrue([for arn in var.secrets.kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", arn))])
    error_message = "Write secrets.kms_key_arns as ARNs of keys, such as arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab, not of aliases: a policy knows keys alone. Secrets without a key of yours need none."
  }
}

locals {
  # Values that coderaws issues once Coder runs, and can issue again. Terraform makes the secrets without a value: none is ever in a
  # state. Until provisioners have their key, their pods wait for it.
  issued_secrets = merge(
    { provisioner-key = "Key by which external provisioners sign in to coderd." },
    local.spoke ? {
      proxy-token = "Token by which workspace proxies of this region sign in to the hub's coderd."
      } : {
      owner-password = "Password of Coder's first owner, for days on which the identity provider is down."
    },
  )

  # Secrets of yours that coderd reads at its start. The licence is not among them: it is given to coderd by its API.
  coderd_secret_arns = concat(
    var.secrets.oidc_client_secret == null ? [] : [var.secrets.oidc_client_secret],
    values(var.secrets.external_auth),
    values(var.secrets.env),
  )

  # For a role's policy: a secret, and its key through Secrets Manager alone.
  through_secrets_manager = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.region}.${data.aws_partition.current.dns_suffix}" } }
}

resource "aws_secretsmanager_secret" "issued" {
  for_each = local.issued_secrets

  name        = "${var.name}/${each.key}"
  description = each.value
  kms_key_id  = module.kms["cluster"].key_arn

  # They can be issued again, and a new deployment may have the same name.
  recovery_window_in_days = 0

  # The second tag tells coderaws that nothing is lost with it.
  tags = { Name = "${var.name}/${each.key}", "coderaws:issued" = "true" }
}
