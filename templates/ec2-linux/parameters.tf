# What people choose when they create a workspace. Coder applies these rules in its form, its CLI and its API.

locals {
  # By the size of the home, so that the list is in order and the first one is the smallest.
  size_names = values({ for name, size in var.sizes : format("%08d %s", size.home_gib, name) => name })
}

data "coder_parameter" "size" {
  name         = "size"
  display_name = "Size"
  description  = "The machine. Change it at any time; it takes effect when the workspace starts again."
  icon         = "/icon/memory.svg"
  order        = 1
  type         = "string"
  mutable      = true
  default      = local.size_names[0]

  dynamic "option" {
    for_each = local.size_names

    content {
      name        = title(option.value)
      value       = option.value
      description = var.sizes[option.value].instance_type
    }
  }
}

# EBS cannot shrink a volume. Coder refuses less than before.
data "coder_parameter" "home_gib" {
  name         = "home_gib"
  display_name = "Home (GiB)"
  description  = "Size of the home, which outlives stops and restarts. It can grow, at most once in six hours, and never shrink."
  icon         = "/icon/folder.svg"
  order        = 2
  type         = "number"
  mutable      = true
  default      = tostring(var.sizes[local.size_names[0]].home_gib)

  validation {
    min       = 1
    max       = var.max_home_gib
    monotonic = "increasing"
    error     = "Choose {min} to {max} GiB."
  }
}
