variable "name" {
  description = "Prefix of the names of everything here."
  type        = string
  nullable    = false
}

variable "vpc_id" {
  description = "VPC of the nodes and of the cluster."
  type        = string
  nullable    = false
}

variable "cluster_security_group_id" {
  description = "The cluster's own security group, which EKS gives to its control plane and to all other nodes."
  type        = string
  nullable    = false
}

variable "cluster_ports" {
  description = "TCP ports of pods on the cluster's other nodes that pods here call, by name. DNS and the Kubernetes API are open by themselves."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for port in values(var.cluster_ports) : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "Write ports as whole numbers from 1 to 65535."
  }

  validation {
    condition     = length(distinct(values(var.cluster_ports))) == length(var.cluster_ports)
    error_message = "Name each port once: AWS refuses a second rule for one."
  }

  validation {
    condition     = length(setintersection(keys(var.cluster_ports), ["kubernetes-api", "dns-tcp", "dns-udp"])) == 0 && length(setintersection(values(var.cluster_ports), [443, 53])) == 0
    error_message = "Leave DNS (53) and the Kubernetes API (443) out: they are open by themselves."
  }
}
