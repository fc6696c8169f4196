# What people choose when they create a workspace. Coder applies these rules in its form, its CLI and its API.

locals {
  # By memory, then CPU, so that the list is in order and the first one is the smallest.
  size_names = values({
    for name, size in var.profiles : format("%012.3f %012.3f %s", size.memory_request_gib, size.cpu_request, name) => name
  })
  smallest = var.profiles[local.size_names[0]]

  dev_container_option = "devcontainer"
}

data "coder_parameter" "size" {
  name         = "size"
  display_name = "Size"
  description  = "What the workspace may use. Change it at any time; it takes effect when the workspace starts again."
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
      description = "${var.profiles[option.value].cpu_request} to ${var.profiles[option.value].cpu_limit} vCPU, ${var.profiles[option.value].memory_request_gib} to ${var.profiles[option.value].memory_limit_gib} GiB memory"
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
  default      = tostring(local.smallest.home_gib)

  validation {
    min       = 1
    max       = var.max_home_gib
    monotonic = "increasing"
    error     = "Choose {min} to {max} GiB."
  }
}

data "coder_parameter" "environment" {
  name         = "environment"
  display_name = "Environment"
  description  = "The container image that the workspace runs${var.dev_containers ? ", or what a repository describes in its devcontainer.json" : ""}."
  icon         = "/icon/container.svg"
  order        = 3
  type         = "string"
  mutable      = true
  default      = keys(var.images)[0]

  dynamic "option" {
    for_each = merge({ for name in keys(var.images) : name => name }, var.dev_containers ? { (local.dev_container_option) = "Dev container" } : {})

    content {
      name  = option.value
      value = option.key
    }
  }
}

data "coder_parameter" "repository" {
  count = var.dev_containers ? 1 : 0

  name         = "repository"
  display_name = "Repository of the dev container"
  description  = "Git repository with a devcontainer.json, by https. Only used if the environment is a dev container."
  icon         = "/icon/git.svg"
  order        = 4
  type         = "string"
  mutable      = true
  default      = ""

  validation {
    regex = "^$|^https://[A-Za-z0-9.-]+(:[0-9]+)?/[^ ]+$"
    error = "Write the URL of a repository by https, such as https://github.com/example/app."
  }
}
