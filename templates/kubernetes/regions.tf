# Where one Coder serves several regions, people choose one, and the workspace is built there. With none or one, nobody is asked.

locals {
  # The hub's region is the first one: what exists from before there was a choice is there.
  region_codes = concat(
    [for code, region in var.regions : code if region.hub],
    [for code, region in var.regions : code if !region.hub],
  )
  region_choice = length(local.region_codes) > 1
  region        = local.region_choice ? data.coder_parameter.region[0].value : ""

  # What is right where the workspace is: what the region has of its own, and of all else what holds everywhere. What people choose depends
  # on variables alone: coderd cannot make options of a parameter that depend on another one that is not always there.
  here = merge(
    {
      namespace           = var.namespace
      storage_class       = var.storage_class
      priority_class      = var.priority_class
      node_selector       = var.node_selector
      tolerations         = var.tolerations
      profiles            = var.profiles
      dev_containers      = var.dev_containers
      code_server_version = var.code_server_version
    },
    { for name, value in try(var.regions[local.region], {}) : name => value if value != null },
  )

  code_server_version = local.here.code_server_version

  # Whether it is outside of the hub's region, for the agent to keep: 0 or 1.
  away = try(var.regions[local.region].hub, true) ? 0 : 1
}

# A home cannot leave its region, and neither can the workspace.
data "coder_parameter" "region" {
  count = local.region_choice ? 1 : 0

  name         = "region"
  display_name = "Region"
  description  = "Where the workspace and its home are: choose what is near you. It cannot change later."
  icon         = "/emojis/1f310.png"
  order        = 0
  type         = "string"
  mutable      = false
  default      = local.region_codes[0]

  dynamic "option" {
    for_each = local.region_codes

    content {
      name        = var.regions[option.value].name
      value       = option.value
      description = option.value
    }
  }
}
