# `coderaws templates push` sets namespace, storage_class and priority_class from the outputs of the platform. GPU nodes are not
# part of it: README.md says how to add them, and gpu_node_selector and gpu_tolerations say how to find them.

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

variable "gpu_node_selector" {
  description = "Labels of the nodes with GPUs."
  type        = map(string)
  default     = { "coder.com/node-group" = "gpu" }
}

variable "gpu_tolerations" {
  description = "Tolerations of the taints of these nodes. Without one for each taint the pod stays Pending. nvidia.com/gpu is the taint that keeps pods without GPUs away."
  type = list(object({
    key      = string
    operator = string
    value    = string
    effect   = string
  }))
  default = [
    { key = "coder.com/node-group", operator = "Equal", value = "gpu", effect = "NoSchedule" },
    { key = "nvidia.com/gpu", operator = "Exists", value = "", effect = "NoSchedule" },
  ]

  validation {
    condition     = alltrue([for toleration in var.gpu_tolerations : contains(["NoSchedule", "PreferNoSchedule", "NoExecute"], toleration.effect)])
    error_message = "Write effect of gpu_tolerations as NoSchedule, PreferNoSchedule or NoExecute, as Kubernetes has it; NO_SCHEDULE is how EKS writes it."
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

variable "gpus" {
  description = "Numbers of GPUs that people choose from: whole ones, as the device plugin gives them out. None may be more than one node has, nor have more CPU and memory than the namespace's limit range allows (README.md)."
  type        = list(number)
  default     = [1]

  validation {
    condition     = length(var.gpus) > 0 && alltrue([for count in var.gpus : count >= 1 && floor(count) == count])
    error_message = "Write gpus as whole numbers from 1, such as [1, 4, 8]."
  }
}

variable "per_gpu" {
  description = "CPU (vCPU) and memory (GiB) of a workspace for each GPU. The default leaves room for what else runs on a g5.xlarge and on a quarter of a g5.12xlarge."
  type = object({
    cpu        = number
    memory_gib = number
  })
  default = { cpu = 3, memory_gib = 12 }
}

variable "home_gib" {
  description = "GiB of a home to begin with, and that it may grow to."
  type = object({
    default = number
    max     = number
  })
  default = { default = 100, max = 2000 }
}

variable "images" {
  description = "Container images that people choose from, by the name they see. Each needs a user with the id 1000, curl or wget, a CUDA that the nodes' driver supports, and a tag that is not latest."
  type        = map(string)
  default     = { "PyTorch" = "docker.io/pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel" }

  validation {
    condition     = length(var.images) > 0 && alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image)) || can(regex(":[A-Za-z0-9_][A-Za-z0-9._-]*$", image)) && !endswith(image, ":latest")])
    error_message = "Write images with a tag or a digest, such as example.com/team/cuda:2026-10-01, and not with latest, which is another image tomorrow."
  }
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
