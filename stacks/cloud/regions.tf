# A deployment over several regions has one hub, where coderd and its database are, and spokes (deployment_features.workspace_proxy): regions
# with workspaces, what builds them, and a workspace proxy near the people there. What one region has to know of the others, coderaws writes.

variable "hub" {
  description = "For a spoke (deployment_features.workspace_proxy): the region whose Coder it serves, that region's name and access URL, and the addresses that its nodes are seen by. coderaws writes it; the hub itself, and a deployment of one region, have none. The platform stack takes the same variable."
  type = object({
    region     = string
    name       = string
    access_url = string
    nat_cidrs  = list(string)
  })
  default = null

  validation {
    condition     = var.hub == null || var.deployment_features.workspace_proxy
    error_message = "Leave hub out without deployment_features.workspace_proxy: this region has a Coder of its own."
  }

  validation {
    condition     = var.hub == null ? true : var.hub.region != var.region
    error_message = "Write the region of the hub into hub.region, not this one's: a spoke is in another region than its hub."
  }

  validation {
    condition     = var.hub == null ? true : can(regex("^https://[^/]+$", var.hub.access_url)) && var.hub.access_url != "https://${var.domain}"
    error_message = "Write hub.access_url as the output platform of the hub's cloud stack has it, such as https://coder.example.com, and give the spoke a domain of its own."
  }

  # A name below the hub's is one that the hub's wildcard answers for.
  validation {
    condition     = var.hub == null ? true : !endswith(var.domain, ".${trimprefix(var.hub.access_url, "https://")}") && !endswith(var.hub.access_url, ".${var.domain}")
    error_message = "Write names of hub and spoke beside each other, such as coder.example.com and coder-euw2.example.com: below one another, cookies of workspace applications of both get mixed, and browsers are sent in circles."
  }

  validation {
    condition     = var.hub == null ? true : alltrue([for cidr in var.hub.nat_cidrs : can(cidrnetmask(cidr))])
    error_message = "Write hub.nat_cidrs as the output nat_addresses of the hub's cloud stack has it, such as [\"203.0.113.7/32\"]."
  }
}

variable "peers" {
  description = "The other regions of the deployment, and the addresses that their nodes are seen by from outside: the output nat_addresses of each. coderaws writes it. An ingress that is open to everybody needs no rule for them."
  type        = map(object({ nat_cidrs = list(string) }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue(flatten([for peer in values(var.peers) : [for cidr in peer.nat_cidrs : can(cidrnetmask(cidr))]]))
    error_message = "Write nat_cidrs of peers as the output nat_addresses of their cloud stacks has it, such as { us-west-2 = { nat_cidrs = [\"203.0.113.7/32\"] } }."
  }

  # A security group holds 60 rules of each direction, of which three are for this network's own addresses.
  validation {
    condition     = length(var.ingress.allowed_cidrs) + length(distinct(flatten(values(var.peers)[*].nat_cidrs))) <= 57
    error_message = "Write fewer ranges in ingress.allowed_cidrs: with the addresses of the deployment's other regions they are more than the 57 rules that its security group has for both."
  }
}

locals {
  # A spoke has no coderd, and so none of what is coderd's alone: database, first owner, licence, models.
  spoke = var.deployment_features.workspace_proxy

  # Proxies and provisioners of other regions, and health checks of the hub, come from these addresses.
  peer_cidrs = distinct(flatten(concat(
    [for peer in values(var.peers) : peer.nat_cidrs],
    var.hub == null ? [] : [var.hub.nat_cidrs],
  )))
}

output "nat_addresses" {
  description = "The addresses that nodes of this region are seen by from outside, each as a range: what peers and hub of the other regions take. None without a way to the internet."
  value       = sort([for address in values(module.network.nat_public_ips) : "${address}/32"])
}
