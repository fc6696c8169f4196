# There is no default for what differs from one deployment to the next: a push without it is refused. README.md shows where to find it.

variable "region" {
  description = "AWS region of the workspaces, such as us-east-1: that of the subnets. Where several serve this Coder, that of the hub."
  type        = string
}

variable "regions" {
  description = "Regions that serve this Coder, by their codes such as eu-west-2: the names that people see, and which of them is the hub. Those with an entry in networks, and the hub, are what people choose from."
  type = map(object({
    name = string
    hub  = optional(bool, false)
  }))
  default = {}

  validation {
    condition     = length(var.regions) < 2 || join(",", [for code, region in var.regions : code if region.hub]) == var.region
    error_message = "Write hub = true for one of regions, the one that region names: what runs there has no tag."
  }
}

variable "networks" {
  description = "What instances need in regions other than the hub's, by their codes: as subnet_ids, security_group_ids, kms_key_arn and instance_profile."
  type = map(object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
    kms_key_arn        = optional(string, "")
    instance_profile   = optional(string, "")
  }))
  default = {}

  validation {
    condition     = alltrue([for code, network in var.networks : code != var.region && length(network.subnet_ids) > 0 && length(network.security_group_ids) > 0])
    error_message = "Write at least one subnet and one security group for each of networks. Those of the hub's region are subnet_ids and security_group_ids."
  }
}

variable "subnet_ids" {
  description = "Private subnets with a way to Coder, in one or several zones. A workspace stays in the zone of its home: remove a subnet only when no workspace is in its zone."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) > 0 && alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "Write at least one subnet in subnet_ids, such as subnet-0123456789abcdef0."
  }
}

variable "security_group_ids" {
  description = "Security groups of the instances. None needs to let anything in: the agent calls Coder. The VPC's default group is no good, as its members reach each other."
  type        = list(string)

  validation {
    condition     = length(var.security_group_ids) > 0 && alltrue([for id in var.security_group_ids : startswith(id, "sg-")])
    error_message = "Write at least one security group in security_group_ids, such as sg-0123456789abcdef0."
  }
}

variable "kms_key_arn" {
  description = "KMS key of disks; empty for the account's key for EBS."
  type        = string
  default     = ""
}

variable "instance_profile" {
  description = "Name of an instance profile, which every user of a workspace can act as. Session Manager needs ssm:UpdateInstanceInformation and, of ssmmessages, CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel; AmazonSSMManagedInstanceCore lets them read each parameter of the account besides. Empty for none. The role of provisioners needs iam:PassRole on its role."
  type        = string
  default     = ""
}

variable "sizes" {
  description = "Sizes that people choose from: the instance type and GiB of the home to begin with. All types have one CPU architecture."
  type = map(object({
    instance_type = string
    home_gib      = number
  }))
  default = {
    small  = { instance_type = "m7i-flex.large", home_gib = 20 }
    medium = { instance_type = "m7i-flex.xlarge", home_gib = 50 }
    large  = { instance_type = "m7i-flex.2xlarge", home_gib = 100 }
  }

  validation {
    condition     = length(var.sizes) > 0
    error_message = "Name at least one size."
  }
}

variable "architecture" {
  description = "CPU architecture of the instance types: x86_64, or arm64 for Graviton."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "Write architecture as x86_64 or arm64, as EC2 has it."
  }
}

variable "max_home_gib" {
  description = "GiB that a home may grow to, up to the 16384 of an EBS volume."
  type        = number
  default     = 1000

  validation {
    condition     = var.max_home_gib >= 1 && var.max_home_gib <= 16384
    error_message = "Write max_home_gib from 1 to 16384, the largest gp3 volume."
  }
}

variable "root_gib" {
  description = "GiB of the system's disk, which is new at every start."
  type        = number
  default     = 30
}

variable "tags" {
  description = "Tags of your own on instances and homes."
  type        = map(string)
  default     = {}
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
