# What coderd is told. Names are coderd's own; a rehearsal holds each to the list of those that this version reads.
locals {
  oidc_environment = var.coder.oidc == null ? {} : {
    CODER_OIDC_ISSUER_URL            = var.coder.oidc.issuer_url
    CODER_OIDC_CLIENT_ID             = var.coder.oidc.client_id
    CODER_OIDC_EMAIL_DOMAIN          = length(var.coder.oidc.email_domains) > 0 ? join(",", var.coder.oidc.email_domains) : null
    CODER_OIDC_SCOPES                = join(",", var.coder.oidc.scopes)
    CODER_OIDC_USERNAME_FIELD        = var.coder.oidc.username_field
    CODER_OIDC_EMAIL_FIELD           = var.coder.oidc.email_field
    CODER_OIDC_IGNORE_EMAIL_VERIFIED = tostring(var.coder.oidc.ignore_email_verified)
    CODER_OIDC_ALLOW_SIGNUPS         = tostring(var.coder.oidc.allow_signups)
    CODER_OIDC_SIGN_IN_TEXT          = var.coder.oidc.sign_in_text
    CODER_OIDC_ICON_URL              = var.coder.oidc.icon_url
    CODER_OIDC_GROUP_FIELD           = var.coder.oidc.group_field
    CODER_OIDC_GROUP_MAPPING         = length(var.coder.oidc.group_mapping) > 0 ? jsonencode(var.coder.oidc.group_mapping) : null
    CODER_OIDC_GROUP_AUTO_CREATE     = var.coder.oidc.group_auto_create ? "true" : null
    CODER_OIDC_GROUP_REGEX_FILTER    = var.coder.oidc.group_regex_filter
    CODER_OIDC_USER_ROLE_FIELD       = var.coder.oidc.user_role_field
    CODER_OIDC_USER_ROLE_MAPPING     = length(var.coder.oidc.user_role_mapping) > 0 ? jsonencode(var.coder.oidc.user_role_mapping) : null
    CODER_OIDC_USER_ROLE_DEFAULT     = length(var.coder.oidc.user_role_default) > 0 ? join(",", var.coder.oidc.user_role_default) : null
  }

  # coderd counts providers from 0 and stops at the first that is missing.
  external_auth_environment = merge([
    for index, auth in var.coder.external_auth : {
      for key, value in {
        ID           = auth.id
        TYPE         = auth.type
        CLIENT_ID    = auth.client_id
        DISPLAY_NAME = auth.display_name
        AUTH_URL     = auth.auth_url
        TOKEN_URL    = auth.token_url
        VALIDATE_URL = auth.validate_url
        REGEX        = auth.regex
        SCOPES       = length(auth.scopes) > 0 ? join(" ", auth.scopes) : null
        DEVICE_FLOW  = auth.device_flow ? "true" : null
      } : "CODER_EXTERNAL_AUTH_${index}_${key}" => value
    }
  ]...)

  # Of coderd, or of the proxies in its place.
  coder_environment = merge(
    { for name, value in local.server_environment : name => value if !local.spoke },
    { for name, value in local.proxy_environment : name => value if local.spoke },
    var.coder.env,
  )

  server_environment = merge(
    {
      # With a scheme, coderd would take the wildcard for a bad pattern and exit.
      CODER_ACCESS_URL          = var.cloud.access_url
      CODER_WILDCARD_ACCESS_URL = var.cloud.wildcard_domain

      # The load balancer ends TLS, and answers on 443 alone: cookies never travel in the clear. Idle connections live 350 seconds
      # there, and coderd's web sockets and relays send something each minute.
      CODER_SECURE_AUTH_COOKIE        = "true"
      CODER_STRICT_TRANSPORT_SECURITY = tostring(var.coder.strict_transport_security_seconds)

      # A network load balancer adds no header: the address of a connection is the client's own, as far as it is kept (see the Service
      # of charts/foundation). To trust X-Forwarded-For here would let anybody write any address into the audit log.
      CODER_PROXY_TRUSTED_HEADERS = try(join(",", var.coder.trusted_proxies.headers), null)
      CODER_PROXY_TRUSTED_ORIGINS = try(join(",", var.coder.trusted_proxies.origins), null)

      # coderd signs in with a token of IAM instead of a password, and gives it to nobody but the database.
      CODER_PG_AUTH           = "awsiamrds"
      CODER_PG_CONNECTION_URL = local.spoke ? null : "postgres://${var.cloud.database.user}@${var.cloud.database.host}:${var.cloud.database.port}/${var.cloud.database.name}?sslmode=${local.database_tls}${local.database_authorities == null ? "" : "&sslrootcert=${local.names.database_authorities_path}/${local.names.database_authorities_file}"}"
      AWS_REGION              = var.cloud.region

      CODER_PROVISIONER_DAEMONS      = local.licensed ? "0" : tostring(var.provisioners.built_in)
      CODER_DISABLE_PASSWORD_AUTH    = tostring(var.oidc_proven && var.coder.oidc != null)
      CODER_SESSION_DURATION         = var.coder.sessions.duration
      CODER_MAX_TOKEN_LIFETIME       = var.coder.sessions.max_token_lifetime
      CODER_MAX_ADMIN_TOKEN_LIFETIME = var.coder.sessions.max_admin_token_lifetime

      # Otherwise everybody with an account at GitHub sees a way in, through an application that belongs to Coder.
      CODER_OAUTH2_GITHUB_DEFAULT_PROVIDER_ENABLE = "false"

      CODER_TELEMETRY_ENABLE               = tostring(var.coder.telemetry)
      CODER_PROMETHEUS_ENABLE              = tostring(var.coder.prometheus)
      CODER_BLOCK_DIRECT                   = tostring(var.coder.block_direct_connections || var.fips)
      CODER_DISABLE_OWNER_WORKSPACE_ACCESS = tostring(var.coder.disable_owner_workspace_access)
      CODER_DISABLE_PATH_APPS              = tostring(var.coder.disable_path_apps)
      CODER_DERP_SERVER_STUN_ADDRESSES     = length(var.coder.stun_addresses) > 0 ? join(",", var.coder.stun_addresses) : null

      # Both look on the internet, at the start and then again and again.
      CODER_UPDATE_CHECK             = var.deployment_features.private_egress ? "false" : null
      CODER_DISABLE_TEMPLATE_BUILDER = var.deployment_features.private_egress ? "true" : null

      # What is older goes from the database. coderd has written the audit log to its own log besides.
      CODER_AUDIT_LOGS_RETENTION      = var.coder.audit_log_days == null ? null : "${var.coder.audit_log_days * 24}h"
      CODER_CONNECTION_LOGS_RETENTION = var.coder.connection_log_days == null ? null : "${var.coder.connection_log_days * 24}h"

      # Premium: refused by the variables without a licence, and not even named to coderd.
      CODER_BROWSER_ONLY                 = var.coder.browser_only ? "true" : null
      CODER_QUIET_HOURS_DEFAULT_SCHEDULE = try(var.coder.quiet_hours.default_schedule, null)
      CODER_ALLOW_CUSTOM_QUIET_HOURS     = try(tostring(var.coder.quiet_hours.allow_custom), null)
    },
    local.oidc_environment,
    local.external_auth_environment,
    local.ai_environment,
  )

  # By the name of the variable: where its value is. The pod gets it through the Secrets Store CSI driver, and no state ever holds it.
  coder_secrets = merge(
    local.spoke ? { CODER_PROXY_SESSION_TOKEN = var.cloud.secrets.proxy_token } : {},
    var.secrets.oidc_client_secret == null ? {} : { CODER_OIDC_CLIENT_SECRET = var.secrets.oidc_client_secret },
    {
      for index, auth in var.coder.external_auth :
      "CODER_EXTERNAL_AUTH_${index}_CLIENT_SECRET" => var.secrets.external_auth[auth.id] if contains(keys(var.secrets.external_auth), auth.id)
    },
    var.secrets.env,
  )

  coder_env = concat(
    [for name, value in local.coder_environment : { name = name, value = value } if value != null],
    [
      for name in keys(local.coder_secrets) : {
        name      = name
        valueFrom = { secretKeyRef = { name = local.names.coder_secrets, key = name } }
      }
    ],
  )
}
