# What people choose when they create a workspace. Coder applies these rules in its form, its CLI and its API.

data "coder_parameter" "gpus" {
  name         = "gpus"
  display_name = "GPUs"
  description  = "GPUs of the workspace, with ${var.per_gpu.cpu} vCPU and ${var.per_gpu.memory_gib} GiB memory each. They cost while the workspace runs, whether used or not."
  icon         = "/icon/memory.svg"
  order        = 1
  type         = "number"
  mutable      = true
  default      = tostring(min(var.gpus...))

  dynamic "option" {
    for_each = sort(formatlist("%03d", var.gpus))

    content {
      name  = "${tonumber(option.value)} GPU${tonumber(option.value) == 1 ? "" : "s"}"
      value = tostring(tonumber(option.value))
    }
  }
}

# Kubernetes cannot shrink a volume, and its Terraform provider would replace it by an empty one. Coder refuses less than before.
data "coder_parameter" "home_gib" {
  name         = "home_gib"
  display_name = "Home (GiB)"
  description  = "Size of the home, which outlives stops and restarts. It can grow later and never shrink."
  icon         = "/icon/folder.svg"
  order        = 2
  type         = "number"
  mutable      = true
  default      = tostring(var.home_gib.default)

  validation {
    min       = 1
    max       = var.home_gib.max
    monotonic = "increasing"
    error     = "Choose {min} to {max} GiB."
  }
}

data "coder_parameter" "image" {
  name         = "image"
  display_name = "Image"
  description  = "The container image that the workspace runs."
  icon         = "/icon/container.svg"
  order        = 3
  type         = "string"
  mutable      = true
  default      = keys(var.images)[0]

  dynamic "option" {
    for_each = keys(var.images)

    content {
      name  = option.value
      value = option.value
    }
  }
}
