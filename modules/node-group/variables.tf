variable "name" {
  description = "Name of the group within its cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,29}$", var.name))
    error_message = "Write up to 30 lower-case letters, digits and hyphens, starting with a letter."
  }
}

variable "cluster" {
  description = "Name and Kubernetes version of the cluster. Nodes follow the control plane's version."
  type = object({
    name    = string
    version = string
  })
  nullable = false
}

variable "node_role_arn" {
  description = "Role of the nodes."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets of the nodes, with a route to the internet or to the endpoints that nodes need to join."
  type        = list(string)
  nullable    = false
}

variable "security_group_ids" {
  description = "Security groups of the nodes and their pods in place of the cluster's own, such as the module node-security-group makes. None: the cluster's own, which EKS adds. To change it replaces the nodes one after the other."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "capacity_type" {
  description = "How the nodes are bought: ON_DEMAND, or SPOT, which AWS may take back with a notice of two minutes and which is not always there. EKS takes the pool of the best price and capacity for SPOT, and the first instance type that there is for ON_DEMAND. To change it replaces the group."
  type        = string
  default     = "ON_DEMAND"
  nullable    = false

  validation {
    condition     = contains(["ON_DEMAND", "SPOT"], var.capacity_type)
    error_message = "Write ON_DEMAND or SPOT."
  }
}

variable "instance_types" {
  description = "EC2 instance types, all of the architecture of ami_type and of like size, the first one preferred."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.instance_types) >= 1 && length(var.instance_types) <= 20
    error_message = "Name 1 to 20 instance types."
  }
}

variable "ami_type" {
  description = "Image family that EKS chooses the image from."
  type        = string
  default     = "AL2023_x86_64_STANDARD"
  nullable    = false

  validation {
    condition     = contains(["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD", "AL2023_x86_64_NVIDIA", "AL2023_ARM_64_NVIDIA", "AL2023_x86_64_NEURON", "BOTTLEROCKET_x86_64_FIPS", "BOTTLEROCKET_ARM_64_FIPS", "BOTTLEROCKET_x86_64_NVIDIA_FIPS", "BOTTLEROCKET_ARM_64_NVIDIA_FIPS"], var.ami_type)
    error_message = "Write AL2023_x86_64_STANDARD, AL2023_ARM_64_STANDARD, AL2023_x86_64_NVIDIA, AL2023_ARM_64_NVIDIA, AL2023_x86_64_NEURON, BOTTLEROCKET_x86_64_FIPS, BOTTLEROCKET_ARM_64_FIPS, BOTTLEROCKET_x86_64_NVIDIA_FIPS or BOTTLEROCKET_ARM_64_NVIDIA_FIPS."
  }
}

variable "release_version" {
  description = "Release of the image, such as 1.36.2-20261108, as EKS names it for ami_type and the version of the cluster. To change it replaces the nodes one after the other. None: the newest as the group is made or comes to another version of Kubernetes, which then stays."
  type        = string
  default     = null

  validation {
    condition     = var.release_version == null ? true : startswith(var.ami_type, "BOTTLEROCKET_") || startswith(var.release_version, "${var.cluster.version}.")
    error_message = "Write a release_version that is made for the cluster's version, such as ${var.cluster.version}.2-20261108, or leave it out."
  }
}

variable "autoscaled" {
  description = "Whether the cluster autoscaler decides how many nodes there are. If not, Terraform does: as many as size.min. To change it replaces the group."
  type        = bool
  nullable    = false
}

variable "size" {
  description = "Least and most nodes. The group starts with the least. Of an autoscaled group Terraform changes the most alone afterwards; the module scaling moves the least."
  type = object({
    min = number
    max = number
  })
  nullable = false

  validation {
    condition     = var.size.min >= 0 && var.size.max >= 1 && var.size.min <= var.size.max && var.size.max <= 450
    error_message = "Write 0 <= min <= max and 1 <= max <= 450, the quota of EKS for one node group."
  }
}

variable "disk" {
  description = "Size in GiB of the volume that holds images and ephemeral storage of pods, the root volume or, with Bottlerocket, the second one, and the ARN of the KMS key that encrypts it."
  type = object({
    gib         = number
    kms_key_arn = string
  })
  nullable = false

  validation {
    condition     = var.disk.gib >= 20 && var.disk.gib <= 16384
    error_message = "Write 20 to 16384 GiB: below that, images alone fill the disk."
  }
}

variable "labels" {
  description = "Kubernetes labels of the nodes."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "taints" {
  description = "Kubernetes taints of the nodes by key. Empty: every pod may run here."
  type = map(object({
    value  = string
    effect = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for taint in var.taints : contains(["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"], taint.effect)])
    error_message = "Write the effect as EKS does: NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE."
  }
}

variable "instance_tags" {
  description = "Tags of instances, volumes and network interfaces, where the provider's default tags do not reach."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "nodes_after" {
  description = "Modules and resources that must be there before the first node joins, such as routes and the network add-on. All else here is made beside them."
  type        = any
  default     = null
}
