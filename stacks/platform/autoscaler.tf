resource "helm_release" "cluster_autoscaler" {
  name       = "cluster-autoscaler"
  namespace  = var.cloud.service_accounts["cluster-autoscaler"].namespace
  repository = var.charts.cluster_autoscaler.repository
  chart      = "cluster-autoscaler"
  version    = var.charts.cluster_autoscaler.version
  timeout    = 300

  upgrade_install = true

  values = [yamlencode({
    fullnameOverride = "cluster-autoscaler"
    cloudProvider    = "aws"
    awsRegion        = var.cloud.region

    # EKS tags the Auto Scaling groups of its node groups so.
    autoDiscovery = { clusterName = var.cloud.cluster.name }

    image = { repository = local.images.cluster_autoscaler, tag = local.image_tags.cluster_autoscaler }

    rbac = { serviceAccount = { name = var.cloud.service_accounts["cluster-autoscaler"].name } }

    # Spot before on demand. A group that AWS has no capacity for is left out for a while, and the next priority is taken.
    expanderPriorities = var.cloud.autoscaler.priorities
    extraArgs = {
      expander                      = "priority"
      max-nodes-total               = var.cloud.autoscaler.max_nodes
      balance-similar-node-groups   = true
      skip-nodes-with-local-storage = false

      # As long as a build may take, which the chart of provisioners gives them to end.
      max-graceful-termination-sec = 600
    }

    nodeSelector   = local.placement.control.node_selector
    podAnnotations = { "cluster-autoscaler.kubernetes.io/safe-to-evict" = "false" }
    resources = {
      requests = { cpu = "100m", memory = "300Mi" }
      limits   = { memory = "1Gi" }
    }

    securityContext = { runAsNonRoot = true, runAsUser = 65534, seccompProfile = { type = "RuntimeDefault" } }
    containerSecurityContext = merge(local.container_security, {
      allowPrivilegeEscalation = false
      readOnlyRootFilesystem   = true
    })
  })]

  depends_on = [helm_release.foundation]
}
