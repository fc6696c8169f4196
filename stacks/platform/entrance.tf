# The last release. Whoever becomes the first user owns Coder, so that it has its owner before the load balancer reaches it.
resource "helm_release" "entrance" {
  name      = "entrance"
  namespace = local.namespaces.control
  chart     = "${path.module}/../../charts/entrance"

  # coderd answers when it comes here; its job has five minutes, and most of the time needs seconds.
  timeout = 420

  upgrade_install = true
  version         = yamldecode(file("${path.module}/../../charts/entrance/Chart.yaml")).version

  values = [yamlencode({
    coder = {
      namespace = local.namespaces.control
      name      = local.names.coder
      nodePort  = var.cloud.load_balancer.node_port

      # Local keeps the client's address for the audit log and for rate limits, and asks for a coderd on every control node: the load
      # balancer takes the others for ill.
      externalTrafficPolicy = local.replicas >= var.cloud.control.nodes ? "Local" : "Cluster"
    }

    # The users of a spoke are the hub's.
    owner = !var.first_owner || local.spoke ? null : {
      serviceAccount      = var.cloud.service_accounts["first-owner"].name
      secretProviderClass = local.names.first_owner
    }

    nodeSelector = local.placement.control.node_selector
    image        = "${local.images.coder}:${local.image_tags.coder}"
  })]

  depends_on = [helm_release.coder]
}
