variable "deployment_features" {
  description = "What makes one pattern differ from another (ADR-001), as the cloud stack takes it. Without a way to the internet (private_egress), nothing here looks for one."
  type = object({
    high_availability  = optional(bool, false)
    time_based_scaling = optional(bool, false)
    spot_workspaces    = optional(bool, false)
    private_egress     = optional(bool, false)
    workspace_proxy    = optional(bool, false)
    ai_gateway         = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "fips" {
  description = "As the cloud stack takes it. What goes between people and workspaces is encrypted by WireGuard, whose ciphers no FIPS module has: with fips it goes through coderd's relays alone, inside of the load balancer's TLS."
  type        = bool
  default     = false
  nullable    = false
}

variable "coder" {
  description = "Coder itself, as its administrators know it: version, replicas and resources of coderd, in a spoke of its workspace proxy (default: by licence, high availability and the control nodes), sign-in by OIDC, Git providers (external_auth), sessions, quiet hours, days that the audit log and the log of connections stay in the database (audit_log_days, connection_log_days; left out: for ever), and what users may do. env takes any other CODER_* variable that coderd of this version reads. Secrets belong into the variable secrets."
  type = object({
    version  = optional(string, "2.35.1")
    replicas = optional(number)
    resources = optional(object({
      cpu_request        = number
      memory_request_gib = number
      memory_limit_gib   = number
    }))

    oidc = optional(object({
      issuer_url            = string
      client_id             = string
      email_domains         = optional(list(string), [])
      scopes                = optional(list(string), ["openid", "profile", "email"])
      username_field        = optional(string, "preferred_username")
      email_field           = optional(string, "email")
      ignore_email_verified = optional(bool, false)
      allow_signups         = optional(bool, true)
      sign_in_text          = optional(string, "Sign in with single sign-on")
      icon_url              = optional(string)
      group_field           = optional(string)
      group_mapping         = optional(map(string), {})
      group_auto_create     = optional(bool, false)
      group_regex_filter    = optional(string)
      user_role_field       = optional(string)
      user_role_mapping     = optional(map(list(string)), {})
      user_role_default     = optional(list(string), [])
    }))

    external_auth = optional(list(object({
      id           = string
      type         = optional(string, "github")
      client_id    = string
      display_name = optional(string)
      auth_url     = optional(string)
      token_url    = optional(string)
      validate_url = optional(string)
      regex        = optional(string)
      scopes       = optional(list(string), [])
      device_flow  = optional(bool, false)
    })), [])

    sessions = optional(object({
      duration                 = optional(string, "24h")
      max_token_lifetime       = optional(string, "2160h")
      max_admin_token_lifetime = optional(string, "168h")
    }), {})

    quiet_hours = optional(object({
      default_schedule = string
      allow_custom     = optional(bool, true)
    }))

    audit_log_days      = optional(number)
    connection_log_days = optional(number)

    telemetry                         = optional(bool, false)
    prometheus                        = optional(bool, true)
    browser_only                      = optional(bool, false)
    block_direct_connections          = optional(bool, false)
    disable_owner_workspace_access    = optional(bool, false)
    disable_path_apps                 = optional(bool, false)
    strict_transport_security_seconds = optional(number, 31536000)
    stun_addresses                    = optional(list(string), [])
    trusted_proxies = optional(object({
      headers = list(string)
      origins = list(string)
    }))

    env = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$", var.coder.version))
    error_message = "Write coder.version as Coder's releases are numbered, without v, such as 2.35.1."
  }

  validation {
    condition     = var.coder.replicas == null ? true : var.coder.replicas >= 1 && var.coder.replicas <= 20 && floor(var.coder.replicas) == var.coder.replicas
    error_message = "Write coder.replicas as a whole number from 1 to 20, or leave it out: with a licence and high availability there is one on each control node."
  }

  validation {
    condition     = var.coder.resources == null ? true : var.coder.resources.cpu_request >= 0.1 && var.coder.resources.memory_request_gib >= 0.5 && var.coder.resources.memory_limit_gib >= var.coder.resources.memory_request_gib
    error_message = "Write coder.resources with cpu_request of at least 0.1, memory_request_gib of at least 0.5, and memory_limit_gib not below it; or leave it out for half of what a control node has, so that a new version starts beside the old."
  }

  validation {
    condition     = var.coder.oidc == null ? true : can(regex("^https://[^/?#]+[^?#]*$", var.coder.oidc.issuer_url))
    error_message = "Write coder.oidc.issuer_url as the identity provider shows it, starting with https://, such as https://login.example.com/realms/main. /.well-known/openid-configuration is added by itself."
  }

  validation {
    condition     = var.coder.oidc == null ? true : !endswith(var.coder.oidc.issuer_url, "/.well-known/openid-configuration")
    error_message = "Write coder.oidc.issuer_url without /.well-known/openid-configuration: coderd adds it."
  }

  validation {
    condition     = var.coder.oidc == null ? true : length(var.coder.oidc.client_id) > 0 && contains(var.coder.oidc.scopes, "openid")
    error_message = "Write coder.oidc.client_id as the identity provider gave it, and keep openid among coder.oidc.scopes: without it there is no identity."
  }

  validation {
    condition     = var.coder.oidc == null ? true : alltrue([for domain in var.coder.oidc.email_domains : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", domain))])
    error_message = "Write coder.oidc.email_domains as bare domains, such as [\"example.com\"], without @."
  }

  validation {
    condition     = (var.coder.oidc == null) == (var.secrets.oidc_client_secret == null)
    error_message = "Give coder.oidc and secrets.oidc_client_secret together: the first says who signs people in, the second is the ARN of the secret that holds the client secret."
  }

  validation {
    condition     = var.coder.oidc == null ? true : (var.coder.oidc.group_field != null || (length(var.coder.oidc.group_mapping) == 0 && !var.coder.oidc.group_auto_create && var.coder.oidc.group_regex_filter == null)) && (var.coder.oidc.user_role_field != null || length(var.coder.oidc.user_role_mapping) + length(var.coder.oidc.user_role_default) == 0)
    error_message = "Write coder.oidc.group_field (the claim with groups, such as groups) with any other group_ setting, and coder.oidc.user_role_field with any other user_role_ setting: without the claim coderd ignores them."
  }

  validation {
    condition     = var.coder.oidc == null ? true : can(regexall(coalesce(var.coder.oidc.group_regex_filter, ".*"), ""))
    error_message = "Write coder.oidc.group_regex_filter as a regular expression of Go (RE2), such as ^coder-."
  }

  validation {
    condition     = length(var.coder.external_auth) <= 10 && length(distinct(var.coder.external_auth[*].id)) == length(var.coder.external_auth) && alltrue([for auth in var.coder.external_auth : can(regex("^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$", auth.id)) && length(auth.client_id) > 0])
    error_message = "Name up to 10 providers in coder.external_auth, each with a client_id and an id of its own of lower-case letters, digits and inner hyphens, such as github: templates ask for it, and it ends the callback URL. coderd reads no more than 10."
  }

  validation {
    condition     = alltrue([for auth in var.coder.external_auth : contains(["github", "gitlab", "bitbucket-cloud", "bitbucket-server", "azure-devops", "azure-devops-entra", "gitea", "slack", "jfrog"], auth.type) || (auth.auth_url != null && auth.token_url != null)])
    error_message = "Write type of a provider in coder.external_auth as github, gitlab, bitbucket-cloud, bitbucket-server, azure-devops, azure-devops-entra, gitea, slack or jfrog; any other needs auth_url and token_url as well."
  }

  validation {
    condition     = alltrue([for auth in var.coder.external_auth : contains(keys(var.secrets.external_auth), auth.id) || auth.device_flow]) && length(setsubtract(keys(var.secrets.external_auth), var.coder.external_auth[*].id)) == 0
    error_message = "Give each provider of coder.external_auth its secret by id in secrets.external_auth, such as { github = \"arn:aws:secretsmanager:...\" }, and no other. Only one with device_flow = true does without."
  }

  validation {
    condition     = alltrue([for duration in values(var.coder.sessions) : can(regex("^([0-9]+(h|m|s))+$", duration))])
    error_message = "Write durations in coder.sessions as Go does, in hours, minutes and seconds, such as 24h or 1h30m: a day is 24h."
  }

  validation {
    condition     = alltrue([for days in [var.coder.audit_log_days, var.coder.connection_log_days] : days == null ? true : days >= 1 && floor(days) == days])
    error_message = "Write coder.audit_log_days and coder.connection_log_days as whole numbers of days, such as 913, or leave them out: coderd then deletes nothing."
  }

  validation {
    condition     = var.coder.quiet_hours == null ? true : can(regex("^(CRON_TZ=[A-Za-z_/+-]+ )?[0-5]?[0-9] ([01]?[0-9]|2[0-3]) \\* \\* \\*$", var.coder.quiet_hours.default_schedule))
    error_message = "Write coder.quiet_hours.default_schedule as one minute and one hour of every day, with a time zone if it is not UTC, such as \"CRON_TZ=Europe/Berlin 0 22 * * *\"."
  }

  validation {
    condition     = var.coder.strict_transport_security_seconds >= 0 && floor(var.coder.strict_transport_security_seconds) == var.coder.strict_transport_security_seconds
    error_message = "Write coder.strict_transport_security_seconds as a whole number of seconds, or 0 for none."
  }

  validation {
    condition     = alltrue([for address in var.coder.stun_addresses : address == "disable" || can(regex("^[^:/ ]+:[0-9]{1,5}$", address))])
    error_message = "Write coder.stun_addresses as host:port, such as stun.example.com:3478, or [\"disable\"] for none."
  }

  validation {
    condition     = var.coder.trusted_proxies == null ? true : length(var.coder.trusted_proxies.headers) > 0 && length(var.coder.trusted_proxies.origins) > 0 && alltrue([for cidr in var.coder.trusted_proxies.origins : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "Write coder.trusted_proxies with at least one header, such as X-Forwarded-For, and the ranges of your own proxies as origins, such as [\"10.20.0.0/24\"]: with /0 anybody could claim any address."
  }

  validation {
    condition     = alltrue([for name in keys(var.coder.env) : can(regex("^[A-Z_][A-Z0-9_]*$", name))])
    error_message = "Write names in coder.env as coderd reads them, such as CODER_DOCS_URL. Wrong: ${join(", ", [for name in keys(var.coder.env) : name if !can(regex("^[A-Z_][A-Z0-9_]*$", name))])}."
  }

  validation {
    condition     = length(setintersection(keys(var.coder.env), ["CODER_PRIMARY_ACCESS_URL", "CODER_PROXY_SESSION_TOKEN"])) == 0
    error_message = "Leave CODER_PRIMARY_ACCESS_URL and CODER_PROXY_SESSION_TOKEN out of coder.env: a spoke (deployment_features.workspace_proxy) has both by itself, and coderd reads neither."
  }

  validation {
    condition     = length(setintersection(keys(var.coder.env), ["CODER_ACCESS_URL", "CODER_WILDCARD_ACCESS_URL", "CODER_HTTP_ADDRESS", "CODER_PG_AUTH", "CODER_PG_CONNECTION_URL", "CODER_PROMETHEUS_ADDRESS", "CODER_PPROF_ADDRESS", "CODER_TLS_ENABLE", "CODER_TLS_ADDRESS", "CODER_DERP_SERVER_RELAY_URL", "CODER_PROVISIONER_DAEMONS", "CODER_DISABLE_PASSWORD_AUTH", "KUBE_POD_IP", "AWS_REGION"])) == 0
    error_message = "Leave ${join(", ", setintersection(keys(var.coder.env), ["CODER_ACCESS_URL", "CODER_WILDCARD_ACCESS_URL", "CODER_HTTP_ADDRESS", "CODER_PG_AUTH", "CODER_PG_CONNECTION_URL", "CODER_PROMETHEUS_ADDRESS", "CODER_PPROF_ADDRESS", "CODER_TLS_ENABLE", "CODER_TLS_ADDRESS", "CODER_DERP_SERVER_RELAY_URL", "CODER_PROVISIONER_DAEMONS", "CODER_DISABLE_PASSWORD_AUTH", "KUBE_POD_IP", "AWS_REGION"]))} out of coder.env: the deployment itself decides it."
  }

  validation {
    condition     = alltrue([for name in keys(var.coder.env) : !can(regex("(_SECRET|_PASSWORD|_PSK|_KEY|_KEYS|_TOKEN|_AUTH_HEADER)$", name))])
    error_message = "Write ${join(", ", [for name in keys(var.coder.env) : name if can(regex("(_SECRET|_PASSWORD|_PSK|_KEY|_KEYS|_TOKEN|_AUTH_HEADER)$", name))])} into secrets.env, as the ARN of a secret in Secrets Manager: what is in coder.env is in the plan, the state and the cluster for all to read."
  }

  validation {
    condition     = length(setintersection(keys(var.secrets.env), keys(var.coder.env))) == 0
    error_message = "Write ${join(", ", setintersection(keys(var.secrets.env), keys(var.coder.env)))} in secrets.env or in coder.env, not in both."
  }

  # What coderd alone reads is of no use to a workspace proxy.
  validation {
    condition = !var.deployment_features.workspace_proxy || (
      var.coder.oidc == null && length(var.coder.external_auth) == 0 && var.coder.quiet_hours == null && !var.coder.browser_only && !var.coder.telemetry
    )
    error_message = "With deployment_features.workspace_proxy leave coder.oidc, external_auth, quiet_hours, browser_only and telemetry out: the region has no coderd. Write them into the hub's settings."
  }

  validation {
    condition     = !var.deployment_features.workspace_proxy || (var.coder.audit_log_days == null && var.coder.connection_log_days == null && var.coder.sessions == { duration = "24h", max_token_lifetime = "2160h", max_admin_token_lifetime = "168h" })
    error_message = "With deployment_features.workspace_proxy leave coder.audit_log_days, connection_log_days and sessions out: users, and what is kept of them, are the hub's. Write them into the hub's settings."
  }

  # What looks for the internet where there is no way to it.
  validation {
    condition     = !var.deployment_features.private_egress || join(",", var.coder.stun_addresses) == "disable"
    error_message = "With deployment_features.private_egress write coder.stun_addresses = [\"disable\"]: coderd would ask Google's servers, which nothing here reaches, for the way between two agents (ADR-006)."
  }

  validation {
    condition     = !var.deployment_features.private_egress || !var.coder.telemetry
    error_message = "With deployment_features.private_egress leave coder.telemetry at false: there is no way to where it is sent (ADR-006)."
  }

  # What needs a licence. Each message names the setting, so that nobody looks for a fault in coderd's log.
  validation {
    condition     = var.secrets.license != null || var.deployment_features.workspace_proxy || coalesce(var.coder.replicas, 1) == 1
    error_message = "coder.replicas above 1 needs a Premium licence: set secrets.license to the ARN of the secret that holds it, or leave replicas out."
  }

  validation {
    condition     = var.secrets.license != null || length(var.coder.external_auth) <= 1
    error_message = "More than one provider in coder.external_auth needs a Premium licence: set secrets.license, or keep one."
  }

  validation {
    condition     = var.secrets.license != null || var.coder.quiet_hours == null
    error_message = "coder.quiet_hours needs a Premium licence: set secrets.license, or leave it out."
  }

  validation {
    condition     = var.secrets.license != null || !var.coder.browser_only
    error_message = "coder.browser_only needs a Premium licence: set secrets.license, or set it to false."
  }

  validation {
    condition     = var.secrets.license != null || try(var.coder.oidc.group_field, null) == null
    error_message = "coder.oidc.group_field needs a Premium licence, as all group sync does: set secrets.license, or leave it out."
  }

  validation {
    condition     = var.secrets.license != null || try(var.coder.oidc.user_role_field, null) == null
    error_message = "coder.oidc.user_role_field needs a Premium licence, as all role sync does: set secrets.license, or leave it out."
  }
}

variable "secrets" {
  description = "ARNs of secrets in Secrets Manager that you made, in the deployment's region: Coder's licence, the client secret of coder.oidc, those of coder.external_auth by id, and values of further CODER_* variables by name (env). Each holds its value as plain text. kms_key_arns are your own keys that encrypt them. The cloud stack takes the same variable, and lets coderd read exactly these."
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
    condition     = var.secrets.license != null || length(setintersection(keys(var.secrets.env), ["CODER_SCIM_AUTH_HEADER", "CODER_EXTERNAL_TOKEN_ENCRYPTION_KEYS"])) == 0
    error_message = "${join(" and ", setintersection(keys(var.secrets.env), ["CODER_SCIM_AUTH_HEADER", "CODER_EXTERNAL_TOKEN_ENCRYPTION_KEYS"]))} in secrets.env needs a Premium licence: set secrets.license, or leave it out."
  }
}

variable "provisioners" {
  description = "What builds workspaces. With a licence these are pods on the provisioner nodes, each doing one build at a time: replicas (default: as many as those nodes hold at their least size, by the hour where there is a schedule, and more while they are busy, up to what the nodes hold at max_size) and resources of each. Without a licence coderd builds by itself, built_in at a time."
  type = object({
    replicas           = optional(number)
    cpu_request        = optional(number, 1)
    memory_request_gib = optional(number, 1)
    memory_limit_gib   = optional(number, 2)
    env                = optional(map(string), {})
    built_in           = optional(number, 3)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.provisioners.replicas == null ? true : var.provisioners.replicas >= 1 && var.provisioners.replicas <= 500 && floor(var.provisioners.replicas) == var.provisioners.replicas
    error_message = "Write provisioners.replicas as a whole number from 1 to 500: with none, workspaces are neither started nor stopped."
  }

  validation {
    condition     = var.secrets.license != null || var.deployment_features.workspace_proxy || var.provisioners.replicas == null
    error_message = "provisioners.replicas needs a Premium licence, as external provisioners do: set secrets.license, or leave it out and set provisioners.built_in."
  }

  validation {
    condition     = var.provisioners.cpu_request >= 0.1 && var.provisioners.memory_request_gib >= 0.25 && var.provisioners.memory_limit_gib >= var.provisioners.memory_request_gib
    error_message = "Write provisioners.cpu_request of at least 0.1, memory_request_gib of at least 0.25, and memory_limit_gib not below it: a build is a run of Terraform."
  }

  validation {
    condition     = var.provisioners.built_in >= 1 && var.provisioners.built_in <= 30 && floor(var.provisioners.built_in) == var.provisioners.built_in
    error_message = "Write provisioners.built_in as a whole number from 1 to 30, the builds that coderd does at once without a licence."
  }

  validation {
    condition     = alltrue([for name in keys(var.provisioners.env) : can(regex("^[A-Z_][A-Z0-9_]*$", name)) && !can(regex("(_SECRET|_PASSWORD|_PSK|_KEY|_KEYS|_TOKEN)$", name))])
    error_message = "Write names in provisioners.env as environment variables, such as TF_CLI_ARGS_init, and no secrets: what is there is for all to read."
  }
}

variable "workspaces" {
  description = "The namespace that workspaces run in: how strict Kubernetes is with their pods (pod_security: restricted, baseline or privileged), how many pods, volumes and GiB of volumes there may be (default: as many pods as the nodes hold, volumes without bound), and what they reach: the internet on all ports or on internet_ports alone, further private ranges (allowed_cidrs, without what is of the VPC, of the cluster's Services or link-local in them), and the Pod Identity agent if a template gives workspaces rights in AWS. They never reach each other, the database, or instance metadata. Pods run on the deployment's workspace nodes alone, and on node groups of your own whose label coder.com/node-group has a value of extra_node_groups, such as gpu."
  type = object({
    pod_security      = optional(string, "baseline")
    extra_node_groups = optional(list(string), [])
    quota = optional(object({
      pods        = optional(number)
      volumes     = optional(number)
      storage_gib = optional(number)
    }), {})
    egress = optional(object({
      internet_ports = optional(list(number))
      allowed_cidrs  = optional(list(string), [])
      pod_identity   = optional(bool, false)
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["restricted", "baseline", "privileged"], var.workspaces.pod_security)
    error_message = "Write workspaces.pod_security as restricted, baseline or privileged, the levels of Kubernetes's pod security standards. baseline lets images run as root; privileged is for Docker inside of workspaces."
  }

  validation {
    condition     = alltrue([for group in var.workspaces.extra_node_groups : can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$", group)) && !contains(["control", "provisioner", "workspace"], group)])
    error_message = "Write workspaces.extra_node_groups as values of the label coder.com/node-group of node groups of your own, such as gpu. Leave control and provisioner out, where templates' pods would be beside Coder and its secrets, and workspace, which is among them by itself."
  }

  validation {
    condition     = alltrue([for limit in values(var.workspaces.quota) : limit == null ? true : limit >= 1 && floor(limit) == limit])
    error_message = "Write limits in workspaces.quota as whole numbers from 1, or leave them out."
  }

  validation {
    condition     = var.workspaces.egress.internet_ports == null ? true : contains(var.workspaces.egress.internet_ports, 443) && alltrue([for port in var.workspaces.egress.internet_ports : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "Write workspaces.egress.internet_ports as TCP ports with 443 among them, through which workspaces reach Coder, such as [22, 443]; or leave it out for all."
  }

  validation {
    condition     = alltrue([for cidr in var.workspaces.egress.allowed_cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "Write IPv4 ranges of your own networks in workspaces.egress.allowed_cidrs, such as 10.20.0.0/16 for a Git server: the internet is open as internet_ports says."
  }
}

variable "first_owner" {
  description = "Whether a job in the cluster makes Coder's first owner, with the password of the secret owner_password, before the load balancer reaches Coder. coderaws puts a password there. With Terraform alone put one there yourself, or set this to false, and let ingress.allowed_cidrs admit nobody but you until you have made the owner: whoever is first owns Coder."
  type        = bool
  default     = true
  nullable    = false
}

variable "database_authorities" {
  description = "Certificates, in PEM, of the authorities that sign those of the database. Only for a region whose authorities of RDS this release does not carry: AWS publishes them as https://truststore.pki.rds.amazonaws.com/REGION/REGION-bundle.pem."
  type        = string
  default     = null

  validation {
    condition     = var.database_authorities == null || !var.deployment_features.workspace_proxy
    error_message = "With deployment_features.workspace_proxy leave database_authorities out: the region has no database."
  }

  validation {
    condition     = var.database_authorities == null ? true : can(regex("^\\s*-----BEGIN CERTIFICATE-----\\n[A-Za-z0-9+/=\\n]+\\n-----END CERTIFICATE-----", var.database_authorities))
    error_message = "Write database_authorities as certificates in PEM, from -----BEGIN CERTIFICATE----- on: the file that AWS publishes for the region, between <<-EOT and EOT."
  }
}

variable "charts" {
  description = "Where charts come from. A repository is https:// or, for a mirror of your own in ECR, oci://. The chart foundation is this repository's own."
  type = object({
    coder = optional(object({
      repository = optional(string, "https://helm.coder.com/v2")
    }), {})
    cluster_autoscaler = optional(object({
      repository = optional(string, "https://kubernetes.github.io/autoscaler")
      version    = optional(string, "9.59.0")
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for chart in [var.charts.coder, var.charts.cluster_autoscaler] : can(regex("^(https|oci)://[^/]+", chart.repository))])
    error_message = "Write repository in charts with https:// or oci://, such as oci://123456789012.dkr.ecr.us-east-1.amazonaws.com/charts."
  }

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.charts.cluster_autoscaler.version))
    error_message = "Write charts.cluster_autoscaler.version as one exact version of the chart, such as 9.59.0: a range would change the cluster without a change of yours."
  }
}

variable "images" {
  description = "Where images come from, without tags, which follow the versions. For registries of your own: prefix is what all of them have there before the names that they are published by, and digests the digests that they must have, by name and tag; `coderaws bundle push` writes both, and among them Coder's image with providers of Terraform in it (coder/coder:v…-providers-…), in which workspaces are built then. A setting of one image wins over prefix. Default: where they are published; with deployment_features.private_egress, the repositories that the cloud stack makes in ECR."
  type = object({
    coder              = optional(string)
    cluster_autoscaler = optional(string)
    postgres           = optional(string)
    fluent_bit         = optional(string)
    prefix             = optional(string)
    digests            = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for image in compact([var.images.coder, var.images.cluster_autoscaler, var.images.postgres, var.images.fluent_bit, var.images.prefix]) : can(regex("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$", image))])
    error_message = "Write images without tag or digest, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/ghcr/coder/coder: the tag is the version. prefix is written as they are, without a slash at its end."
  }

  validation {
    condition     = !var.deployment_features.private_egress || alltrue([for image in compact([var.images.coder, var.images.cluster_autoscaler, var.images.postgres, var.images.fluent_bit, var.images.prefix]) : can(regex("^[0-9]{12}\\.dkr\\.ecr(-fips)?\\.", image))])
    error_message = "With deployment_features.private_egress leave images out, or write repositories of your own in ECR, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/coder/coder: nodes reach no other registry (ADR-006). Wrong: ${join(", ", [for image in compact([var.images.coder, var.images.cluster_autoscaler, var.images.postgres, var.images.fluent_bit, var.images.prefix]) : image if !can(regex("\\.dkr\\.ecr", image))])}."
  }

  validation {
    condition     = length([for image in keys(var.images.digests) : image if startswith(image, "coder/coder:v${var.coder.version}-providers-")]) <= 1
    error_message = "Keep one image of Coder with providers in images.digests, that of the last bundle: there are ${join(" and ", [for image in keys(var.images.digests) : image if startswith(image, "coder/coder:v${var.coder.version}-providers-")])}."
  }

  validation {
    condition     = alltrue([for image, digest in var.images.digests : can(regex("^[a-z0-9._/-]+[:@]", image)) && can(regex("^sha256:[0-9a-f]{64}$", digest))])
    error_message = "Write images.digests as coderaws bundle push does: a name with its tag, and the whole digest, such as \"coder/coder:v2.35.1\" = \"sha256:...\" with 64 digits."
  }
}
