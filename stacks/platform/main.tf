locals {
  namespaces = {
    control      = var.cloud.service_accounts["coderd"].namespace
    provisioners = var.cloud.service_accounts["provisioner"].namespace
    workspaces   = "coder-workspaces"
  }

  # Premium begins with the licence: several coderd, builds outside of them, and what the variables refuse without it. A spoke has no
  # licence of its own, and would be nothing without the hub's.
  licensed = var.secrets.license != null || local.spoke

  # One coderd on each control node, so that each answers the load balancer for itself.
  replicas = local.licensed ? coalesce(var.coder.replicas, var.cloud.high_availability ? var.cloud.control.nodes : 1) : 1

  # Pods on nodes of each kind: where they go, and which taint they have to tolerate there.
  placement = {
    for kind, group in var.cloud.node_groups : kind => {
      node_selector = group.labels
      tolerations = [
        for key, taint in group.taints : {
          key      = key
          operator = "Equal"
          value    = taint.value
          effect   = { NO_SCHEDULE = "NoSchedule", NO_EXECUTE = "NoExecute", PREFER_NO_SCHEDULE = "PreferNoSchedule" }[taint.effect]
        }
      ]
    }
  }

  # Pods of ours meet the pod security standard "restricted". The charts of Coder set the rest of it themselves.
  container_security = {
    capabilities = { drop = ["ALL"] }
  }

  # Names that more than one release uses.
  names = {
    coder                   = "coder"
    provisioner             = "coder-provisioner"
    storage_class           = "gp3-encrypted"
    workspace_priority      = "coder-workspace"
    coder_secrets           = "coder-secrets"
    first_owner             = "coder-first-owner"
    provisioner_key         = "coder-provisioner-key"
    secrets_store_driver    = "secrets-store.csi.k8s.io"
    coder_secrets_path      = "/var/run/secrets/coder"
    provisioner_key_path    = "/var/run/secrets/provisioner"
    provisioner_key_in_file = "key"

    database_authorities      = "coder-database-authorities"
    database_authorities_path = "/etc/coder/database-authorities"
    database_authorities_file = "rds.pem"
  }

  # Where images are published, and what they are called below a prefix of a registry of one's own.
  published_images = {
    coder              = "ghcr.io/coder/coder"
    cluster_autoscaler = "registry.k8s.io/autoscaling/cluster-autoscaler"
    postgres           = "public.ecr.aws/docker/library/postgres"
    fluent_bit         = "public.ecr.aws/aws-observability/aws-for-fluent-bit"
  }
  image_names = { for name, published in local.published_images : name => regex("/(.*)$", published)[0] }

  # What a setting says, else the deployment's own copy, else where the image is published.
  images = {
    for name, published in local.published_images : name => coalesce(
      var.images[name],
      var.images.prefix == null ? lookup(var.cloud.images, name, published) : "${coalesce(var.images.prefix, "-")}/${local.image_names[name]}",
    )
  }

  # The autoscaler reckons as the scheduler of its own minor version does.
  image_versions = {
    coder              = "v${var.coder.version}"
    cluster_autoscaler = "v${var.cloud.cluster.version}.0"
    postgres           = local.postgres_version
    fluent_bit         = local.fluent_bit_version
  }

  # With a digest, the tag says to people what it is, and the digest to nodes.
  image_digests = { for name, version in local.image_versions : name => lookup(var.images.digests, "${local.image_names[name]}:${version}", "") }
  image_tags = {
    for name, version in local.image_versions : name => join("@", compact([version, local.image_digests[name]]))
  }

  coder_image = { repo = local.images.coder, tag = local.image_tags.coder }

  # Coder's image with providers of Terraform in it, for builds that reach no registry. `coderaws bundle push` makes it, with a digest among
  # the others.
  provisioner_tags = [
    for image, digest in var.images.digests : "${trimprefix(image, "${local.image_names.coder}:")}@${digest}"
    if startswith(image, "${local.image_names.coder}:${local.image_versions.coder}-providers-")
  ]
  provisioner_image = { repo = local.images.coder, tag = coalesce(one(local.provisioner_tags), local.image_tags.coder) }

  # The client that makes the database user. It talks to every server that Aurora has.
  postgres_version = "17.6-bookworm"

  # AWS's build of Fluent Bit, which takes credentials of EKS Pod Identity from 2.32.5 on.
  fluent_bit_version = "2.32.5"
}
