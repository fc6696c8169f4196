resource "aws_eks_addon" "this" {
  for_each = var.addons

  cluster_name         = var.cluster_name
  addon_name           = each.key
  addon_version        = each.value.version
  configuration_values = each.value.configuration

  # The cluster starts without self-managed copies. What somebody changed by hand since is put back by an update.
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  tags = { Name = "${var.cluster_name}-${each.key}" }
}
