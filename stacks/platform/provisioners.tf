locals {
  # As many as their nodes hold at their least size; more while these are busy, up to what all the nodes hold.
  provisioners_scale   = local.licensed && var.provisioners.replicas == null
  provisioner_replicas = coalesce(var.provisioners.replicas, var.cloud.provisioners.peak)
}

# External provisioners, each of which does one build at a time.
resource "helm_release" "provisioner" {
  for_each = toset(local.licensed ? [local.names.provisioner] : [])

  name       = each.key
  namespace  = local.namespaces.provisioners
  repository = var.charts.coder.repository
  chart      = "coder-provisioner"
  version    = var.coder.version

  # Their key is issued by a Coder that runs already. Its pods wait for the secret's first value, and then start by themselves.
  wait = false

  upgrade_install = true

  values = [yamlencode({
    coder = {
      image        = local.provisioner_image
      replicaCount = local.provisioner_replicas
      nodeSelector = local.placement.provisioner.node_selector
      tolerations  = local.placement.provisioner.tolerations

      env = concat(
        [
          { name = "CODER_URL", value = local.coder_url },
          { name = "CODER_PROMETHEUS_ENABLE", value = tostring(var.coder.prometheus) },
        ],
        [for name, value in var.provisioners.env : { name = name, value = value }],
      )

      resources = {
        requests = {
          cpu    = "${floor(var.provisioners.cpu_request * 1000)}m"
          memory = "${floor(var.provisioners.memory_request_gib * 1024)}Mi"
        }
        limits = { memory = "${floor(var.provisioners.memory_limit_gib * 1024)}Mi" }
      }

      # Their rights in the namespace of workspaces are charts/foundation's. In their own they need none.
      serviceAccount = {
        name              = var.cloud.service_accounts["provisioner"].name
        workspacePerms    = false
        enableDeployments = false
      }

      securityContext = local.container_security

      volumes = [{
        name = local.names.provisioner_key
        csi = {
          driver           = local.names.secrets_store_driver
          readOnly         = true
          volumeAttributes = { secretProviderClass = local.names.provisioner_key }
        }
      }]
      volumeMounts = [{ name = local.names.provisioner_key, mountPath = local.names.provisioner_key_path, readOnly = true }]
    }

    # The chart takes a key or a pre-shared one, and the latter has a default.
    provisionerDaemon = {
      keySecretName = local.names.provisioner_key
      keySecretKey  = local.names.provisioner_key_in_file
      pskSecretName = ""
    }
  })]
}
