# `coderaws templates push` sets these from the outputs of the platform. The defaults are those of a deployment that changes nothing.

variable "namespace" {
  description = "Kubernetes namespace of workspaces. Provisioners may create pods there and nowhere else."
  type        = string
  default     = "coder-workspaces"
}

variable "storage_class" {
  description = "Storage class of homes. It must encrypt, allow expansion, and bind when the pod is placed, as homes and pods must be in one zone. A home keeps the class that it was made with."
  type        = string
  default     = "gp3-encrypted"
}

variable "priority_class" {
  description = "Priority class of workspaces, the only one that their namespace admits; empty for the default of another cluster."
  type        = string
  default     = "coder-workspace"
}

variable "node_selector" {
  description = "Labels of the nodes that workspaces run on."
  type        = map(string)
  default     = { "coder.com/node-group" = "workspace" }
}

variable "tolerations" {
  description = "Tolerations of the taints of these nodes. Without one for each taint the pod stays Pending."
  type = list(object({
    key      = string
    operator = string
    value    = string
    effect   = string
  }))
  default = [{ key = "coder.com/node-group", operator = "Equal", value = "workspace", effect = "NoSchedule" }]

  validation {
    condition     = alltrue([for toleration in var.tolerations : contains(["NoSchedule", "PreferNoSchedule", "NoExecute"], toleration.effect)])
    error_message = "Write effect of tolerations as NoSchedule, PreferNoSchedule or NoExecute, as Kubernetes has it; NO_SCHEDULE is how EKS writes it."
  }
}

variable "architecture" {
  description = "CPU architecture of these nodes: amd64, or arm64 for Graviton."
  type        = string
  default     = "amd64"

  validation {
    condition     = contains(["amd64", "arm64"], var.architecture)
    error_message = "Write architecture as amd64 or arm64."
  }
}

variable "regions" {
  description = "Regions that serve this Coder, by their codes such as eu-west-2; with two or more, people choose one. One of them is the hub, whose provisioners have no tags; each other has provisioners with the tag region and its code. What a region has of its own stands beside its name, and holds there in place of the variable of that name."
  type = map(object({
    name           = string
    hub            = optional(bool, false)
    namespace      = optional(string)
    storage_class  = optional(string)
    priority_class = optional(string)
    node_selector  = optional(map(string))
    tolerations = optional(list(object({
      key      = string
      operator = string
      value    = string
      effect   = string
    })))
    profiles = optional(map(object({
      cpu_request        = number
      cpu_limit          = number
      memory_request_gib = number
      memory_limit_gib   = number
      home_gib           = number
    })))
    dev_containers      = optional(bool)
    code_server_version = optional(string)
  }))
  default = {}

  validation {
    condition     = length(var.regions) < 2 || length([for region in values(var.regions) : region if region.hub]) == 1
    error_message = "Write hub = true for one of regions, that of Coder itself: what runs there has no tag."
  }
}

variable "profiles" {
  description = "Sizes that people choose from: CPU (vCPU) and memory (GiB) that a workspace is sure of (request) and may use while others do not (limit), and GiB of its home to begin with. They are the deployment's workspace_profiles, by which its capacity is reckoned."
  type = map(object({
    cpu_request        = number
    cpu_limit          = number
    memory_request_gib = number
    memory_limit_gib   = number
    home_gib           = number
  }))
  default = {
    small  = { cpu_request = 0.5, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 }
    medium = { cpu_request = 1, cpu_limit = 4, memory_request_gib = 4, memory_limit_gib = 8, home_gib = 20 }
    large  = { cpu_request = 2, cpu_limit = 8, memory_request_gib = 8, memory_limit_gib = 16, home_gib = 50 }
  }

  validation {
    condition     = length(var.profiles) > 0 && alltrue([for profile in values(var.profiles) : profile.cpu_request <= profile.cpu_limit && profile.memory_request_gib <= profile.memory_limit_gib])
    error_message = "Name at least one profile, with limits that are not below the requests: Kubernetes refuses a pod that may use less than it is sure of."
  }
}

variable "max_home_gib" {
  description = "GiB that a home may grow to."
  type        = number
  default     = 500
}

variable "images" {
  description = "Container images that people choose from, by the name they see. Each needs a user with the id 1000, curl or wget, and a tag that is not latest, so that a workspace that starts again is the same."
  type        = map(string)
  default     = { "Ubuntu 24.04" = "mcr.microsoft.com/devcontainers/base:2.1.7-ubuntu24.04" }

  validation {
    condition     = length(var.images) > 0 && alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image)) || can(regex(":[A-Za-z0-9_][A-Za-z0-9._-]*$", image)) && !endswith(image, ":latest")])
    error_message = "Write images with a tag or a digest, such as example.com/team/dev:2026-10-01, and not with latest, which is another image tomorrow."
  }
}

variable "dev_containers" {
  description = "Offer dev containers: envbuilder builds what a repository's devcontainer.json describes, in the workspace's own pod. It runs as root inside its container, so that the namespace must enforce the Pod Security Standard baseline (workspaces.pod_security, as it is by default) and not restricted."
  type        = bool
  default     = false
}

variable "envbuilder_image" {
  description = "Image of envbuilder, for dev containers."
  type        = string
  default     = "ghcr.io/coder/envbuilder:1.3.0"
}

variable "external_auth_id" {
  description = "Id of a Git provider among Coder's external authentications, such as github; empty for none."
  type        = string
  default     = ""
}

variable "code_server_version" {
  description = "Version of code-server, VS Code in the browser. It is downloaded from GitHub into the home once. Empty for none: VS Code on the desktop, SSH and the terminal work without it."
  type        = string
  default     = "4.114.0"

  validation {
    condition     = var.code_server_version == "" || can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.code_server_version))
    error_message = "Write code_server_version as a version, such as 4.114.0, or leave it empty for none."
  }
}

variable "code_server_sha256" {
  description = "SHA-256 of the archive of code-server for the version and the architecture of workspaces, as GitHub shows it beside the files of a release. Another archive is then not installed. Empty: whatever the release has."
  type        = string
  default     = ""

  validation {
    condition     = var.code_server_sha256 == "" || can(regex("^[0-9a-f]{64}$", var.code_server_sha256))
    error_message = "Write code_server_sha256 as 64 hexadecimal digits in lower case, or leave it empty."
  }
}
