locals {
  # What EKS needs between a cluster and nodes that do not carry its group: the Kubernetes API, the kubelet, and CoreDNS, which runs on other
  # nodes. "View Amazon EKS security group requirements for clusters" in AWS's guide, "Restricting cluster traffic".
  into_cluster = merge(
    {
      kubernetes-api = { protocol = "tcp", port = 443 }
      dns-tcp        = { protocol = "tcp", port = 53 }
      dns-udp        = { protocol = "udp", port = 53 }
    },
    { for name, port in var.cluster_ports : name => { protocol = "tcp", port = port } },
  )

  # Logs, exec and port-forward come from the control plane, figures from metrics-server.
  kubelet_port = 10250
}

# The VPC CNI gives it to each network interface that it adds to a node, so that pods have it as well.
resource "aws_security_group" "this" {
  name        = "${var.name}-nodes"
  description = "Nodes of ${var.name}: kubelet from the cluster in, everything out"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-nodes" }
}

# No rule admits the group itself: nodes do not reach each other.
resource "aws_vpc_security_group_ingress_rule" "kubelet" {
  security_group_id            = aws_security_group.this.id
  description                  = "Kubelet from the cluster"
  ip_protocol                  = "tcp"
  from_port                    = local.kubelet_port
  to_port                      = local.kubelet_port
  referenced_security_group_id = var.cluster_security_group_id

  tags = { Name = "${var.name}-nodes-kubelet" }
}

# Who is called decides: the database and the rest of the VPC admit other groups, endpoints and the load balancer whom they serve.
resource "aws_vpc_security_group_egress_rule" "everywhere" {
  security_group_id = aws_security_group.this.id
  description       = "Everything out"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"

  tags = { Name = "${var.name}-nodes-everywhere" }
}

resource "aws_vpc_security_group_ingress_rule" "cluster" {
  for_each = local.into_cluster

  security_group_id            = var.cluster_security_group_id
  description                  = "${each.key} from nodes of ${var.name}"
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = aws_security_group.this.id

  tags = { Name = "${var.name}-cluster-${each.key}" }
}
