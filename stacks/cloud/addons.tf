locals {
  # The network must be configured before the first node joins: prefix delegation decides how many pods a node may have, and
  # without the policy agent network policies are accepted and enforce nothing.
  addons_before_nodes = {
    vpc-cni = jsonencode({
      enableNetworkPolicy = "true"
      env                 = { ENABLE_PREFIX_DELEGATION = "true", WARM_PREFIX_TARGET = "1" }
    })
    kube-proxy             = null
    eks-pod-identity-agent = null

    # Secrets reach coderd, provisioners and the database job as files, and where a variable has to be, as a Kubernetes secret. The AWS
    # provider runs where those run. Workspace nodes get none: no workspace can mount a secret.
    aws-secrets-store-csi-driver-provider = jsonencode({
      awsRegion = var.region
      tolerations = [
        for key, taint in local.node_kinds.provisioner.taints :
        { key = key, operator = "Equal", value = taint.value, effect = "NoSchedule" }
      ]
      secrets-store-csi-driver = { syncSecret = { enabled = true } }
    })
  }

  # These are deployments: without nodes they would never become healthy.
  addons_after_nodes = {
    coredns            = null
    metrics-server     = null
    aws-ebs-csi-driver = jsonencode({ controller = { extraVolumeTags = { (local.cost_tag.key) = local.cost_tag.value } } })
  }

  addon_names = toset(concat(keys(local.addons_before_nodes), keys(local.addons_after_nodes)))
  addon_versions = {
    for name in local.addon_names :
    name => try(var.cluster.addon_versions[name], data.aws_eks_addon_version.default[name].version)
  }
}

# The version that AWS gives the add-on by default for this Kubernetes version, unless it is pinned. Add-ons so follow an upgrade
# of the cluster in the same run, and a new default of AWS is a change that the next plan shows. It depends on nothing that is
# created, so it is always known when planning.
data "aws_eks_addon_version" "default" {
  for_each = setsubtract(local.addon_names, keys(var.cluster.addon_versions))

  addon_name         = each.key
  kubernetes_version = var.cluster.version
  most_recent        = false
}

module "addons_before_nodes" {
  source = "../../modules/addons"

  cluster_name = module.cluster.name
  addons = {
    for name, configuration in local.addons_before_nodes :
    name => { version = local.addon_versions[name], configuration = configuration }
  }

  depends_on = [module.addon_identity]
}

module "addons_after_nodes" {
  source = "../../modules/addons"

  cluster_name = module.cluster.name
  addons = {
    for name, configuration in local.addons_after_nodes :
    name => { version = local.addon_versions[name], configuration = configuration }
  }

  depends_on = [module.node_group, module.addon_identity]
}
