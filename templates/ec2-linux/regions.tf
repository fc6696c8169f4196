# Where one Coder serves several regions, people choose one, and the workspace is built there. With none or one, nobody is asked.

locals {
  # The hub's region is the first one: what exists from before there was a choice is there. Others are offered once their networks are known.
  region_codes = concat(
    [for code, region in var.regions : code if region.hub],
    [for code, region in var.regions : code if !region.hub && contains(keys(var.networks), code)],
  )
  region_choice = length(local.region_codes) > 1
  region        = local.region_choice ? data.coder_parameter.region[0].value : var.region

  # What is right where the workspace is.
  network = try(var.networks[local.region], {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
    kms_key_arn        = var.kms_key_arn
    instance_profile   = var.instance_profile
  })

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
