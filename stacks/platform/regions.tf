variable "hub" {
  description = "For a spoke (deployment_features.workspace_proxy): the region whose Coder it serves, that region's name and access URL, and the addresses that its nodes are seen by, as the cloud stack takes it. coderaws writes it."
  type = object({
    region     = string
    name       = string
    access_url = string
    nat_cidrs  = list(string)
  })
  default = null

  validation {
    condition     = (var.hub != null) == var.deployment_features.workspace_proxy
    error_message = "Give hub with deployment_features.workspace_proxy, and only then: proxy and provisioners of a spoke go to its access_url. coderaws writes it where another region of the deployment is the hub."
  }

  validation {
    condition     = var.hub == null ? true : can(regex("^https://[^/]+$", var.hub.access_url)) && var.hub.access_url != var.cloud.access_url
    error_message = "Write hub.access_url as the output platform of the hub's cloud stack has it, such as https://coder.example.com: this region's own name is that of its proxy."
  }
}

locals {
  # In a spoke, the chart of Coder runs workspace proxies in the place of coderd: they have no database and no users, and ask the hub.
  spoke = var.deployment_features.workspace_proxy

  # Where provisioners find coderd. Those of a spoke, and agents, come in through the hub's load balancer.
  coder_url = local.spoke ? var.hub.access_url : "http://${helm_release.coder.name}.${local.namespaces.control}.svc.cluster.local"

  # What a workspace proxy reads of coderd's settings, and of its own: enterprise/cli/proxyserver.go of Coder.
  proxy_environment = {
    CODER_PRIMARY_ACCESS_URL = one([for hub in [var.hub] : hub.access_url if hub != null])

    CODER_ACCESS_URL          = var.cloud.access_url
    CODER_WILDCARD_ACCESS_URL = var.cloud.wildcard_domain

    CODER_SECURE_AUTH_COOKIE        = "true"
    CODER_STRICT_TRANSPORT_SECURITY = tostring(var.coder.strict_transport_security_seconds)
    CODER_PROXY_TRUSTED_HEADERS     = try(join(",", var.coder.trusted_proxies.headers), null)
    CODER_PROXY_TRUSTED_ORIGINS     = try(join(",", var.coder.trusted_proxies.origins), null)

    CODER_PROMETHEUS_ENABLE              = tostring(var.coder.prometheus)
    CODER_BLOCK_DIRECT                   = tostring(var.coder.block_direct_connections || var.fips)
    CODER_DISABLE_OWNER_WORKSPACE_ACCESS = tostring(var.coder.disable_owner_workspace_access)
    CODER_DISABLE_PATH_APPS              = tostring(var.coder.disable_path_apps)
  }
}
