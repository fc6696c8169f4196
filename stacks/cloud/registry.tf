locals {
  # Images that do not come from AWS's own registry of the region, by the name that the platform gives them. Where nodes have no way to where
  # they come from, they are copied into repositories of the deployment's own.
  copied_images = {
    coder              = "coder/coder"
    cluster_autoscaler = "autoscaling/cluster-autoscaler"
    postgres           = "docker/library/postgres"
    fluent_bit         = "aws-observability/aws-for-fluent-bit"
  }
}

module "registry" {
  source = "../../modules/registry"
  count  = var.deployment_features.private_egress ? 1 : 0

  name         = var.name
  repositories = merge({ for name in var.repositories : name => name if !contains(values(local.copied_images), name) }, local.copied_images)
  kms_key_arn  = module.kms["images"].key_arn
}
