locals {
  # Half of what a control node has for coderd: in an upgrade the new pod starts beside the old one, and coderd's deployment waits for
  # it. Either may use all of the node's CPU while the other does not. A node of Coder's validated architectures, 2 vCPU and 8 GiB
  # for 1,000 users, has so much for one coderd; `coderaws capacity` says how many workspaces the control nodes serve.
  coder_resources = {
    requests = {
      cpu    = var.coder.resources == null ? "${floor(var.cloud.control.cpu_millicores / 2)}m" : "${floor(var.coder.resources.cpu_request * 1000)}m"
      memory = var.coder.resources == null ? "${floor(var.cloud.control.memory_mib / 2)}Mi" : "${floor(var.coder.resources.memory_request_gib * 1024)}Mi"
    }
    limits = {
      memory = var.coder.resources == null ? "${floor(var.cloud.control.memory_mib)}Mi" : "${floor(var.coder.resources.memory_limit_gib * 1024)}Mi"
    }
  }
}

resource "helm_release" "coder" {
  name       = local.names.coder
  namespace  = local.namespaces.control
  repository = var.charts.coder.repository
  chart      = "coder"
  version    = var.coder.version

  # The image of 2 GiB, migrations of the database, and one pod after the other.
  timeout = 900

  upgrade_install = true

  # A proxy's arguments and component are the chart's own; a hub's values have no word of it.
  values = [yamlencode({
    coder = merge(local.spoke ? { workspaceProxy = true } : {}, {
      image        = local.licensed ? local.coder_image : local.provisioner_image
      replicaCount = local.replicas
      env          = local.coder_env
      resources    = local.coder_resources
      nodeSelector = local.placement.control.node_selector
      tolerations  = local.placement.control.tolerations

      # Inside of the cluster alone: the load balancer is the cloud stack's, and reaches coderd by the Service of charts/foundation.
      service = { type = "ClusterIP" }

      # Its rights in the namespace of workspaces are charts/foundation's, and end where external provisioners build. In its own
      # namespace it needs none.
      serviceAccount = {
        name              = var.cloud.service_accounts["coderd"].name
        workspacePerms    = false
        enableDeployments = false
      }

      # Counted per version, so that an upgrade ends as evenly as it began.
      topologySpreadConstraints = [
        for key in ["kubernetes.io/hostname", "topology.kubernetes.io/zone"] : {
          topologyKey       = key
          maxSkew           = 1
          whenUnsatisfiable = key == "kubernetes.io/hostname" ? "DoNotSchedule" : "ScheduleAnyway"
          labelSelector     = { matchLabels = { "app.kubernetes.io/instance" = local.names.coder } }
          matchLabelKeys    = ["pod-template-hash"]
        }
      ]

      securityContext = local.container_security

      # A secret reaches the environment only of a pod that mounts it as well.
      volumes = concat(
        length(local.coder_secrets) == 0 ? [] : [{
          name = local.names.coder_secrets
          csi = {
            driver           = local.names.secrets_store_driver
            readOnly         = true
            volumeAttributes = { secretProviderClass = local.names.coder_secrets }
          }
        }],
        !local.mounts_authorities ? [] : [{
          name      = local.names.database_authorities
          configMap = { name = local.names.database_authorities }
        }],
      )
      volumeMounts = concat(
        length(local.coder_secrets) == 0 ? [] : [{
          name      = local.names.coder_secrets
          mountPath = local.names.coder_secrets_path
          readOnly  = true
        }],
        !local.mounts_authorities ? [] : [{
          name      = local.names.database_authorities
          mountPath = local.names.database_authorities_path
          readOnly  = true
        }],
      )
    })
  })]

  # The database user, the secrets' classes and the namespace.
  depends_on = [helm_release.foundation]

  lifecycle {
    precondition {
      condition     = local.replicas <= var.cloud.control.nodes
      error_message = "coder.replicas is ${local.replicas}, and there are ${var.cloud.control.nodes} control nodes, each of which takes one coderd. Lower coder.replicas, or raise node_groups.control.size."
    }
  }
}
