# The home outlives the pod: the pod is there while the workspace runs, the home until the workspace is deleted.

locals {
  gpus   = tonumber(data.coder_parameter.gpus.value)
  image  = var.images[data.coder_parameter.image.value]
  cpu    = "${floor(local.gpus * var.per_gpu.cpu * 1000)}m"
  memory = "${floor(local.gpus * var.per_gpu.memory_gib * 1024)}Mi"
}

resource "kubernetes_persistent_volume_claim_v1" "home" {
  # It is bound when the pod is placed, so that it is in the pod's zone.
  wait_until_bound = false

  metadata {
    name      = "coder-${local.workspace.id}-home"
    namespace = var.namespace
    labels    = local.labels
  }

  spec {
    access_modes       = ["ReadWriteOnce"]
    storage_class_name = var.storage_class

    resources {
      requests = { storage = "${data.coder_parameter.home_gib.value}Gi" }
    }
  }

  lifecycle {
    # To change either would replace the home by an empty one. A home stays what and where it was made.
    ignore_changes = [metadata[0].namespace, spec[0].storage_class_name]
  }
}

# A Deployment and not a bare pod: if its node fails, the pod is made again on another one of the zone with the same home, and the
# agent signs in again with the same token.
resource "kubernetes_deployment_v1" "workspace" {
  count = local.workspace.start_count

  # Coder shows the agent's progress; waiting here would hold a provisioner while a node starts.
  wait_for_rollout = false

  metadata {
    name      = "coder-${local.workspace.id}"
    namespace = kubernetes_persistent_volume_claim_v1.home.metadata[0].namespace
    labels    = local.labels
  }

  spec {
    replicas = 1

    # Never two pods on one home.
    strategy {
      type = "Recreate"
    }

    selector {
      match_labels = local.selector_labels
    }

    template {
      metadata {
        labels = local.labels
        annotations = {
          # The cluster autoscaler leaves a node alone while somebody works on it.
          "cluster-autoscaler.kubernetes.io/safe-to-evict" = "false"
        }
      }

      spec {
        automount_service_account_token  = false
        enable_service_links             = false
        priority_class_name              = var.priority_class == "" ? null : var.priority_class
        node_selector                    = merge(var.gpu_node_selector, { "kubernetes.io/arch" = var.architecture })
        termination_grace_period_seconds = 60

        dynamic "toleration" {
          for_each = var.gpu_tolerations

          content {
            key      = toleration.value.key
            operator = toleration.value.operator
            value    = toleration.value.value == "" ? null : toleration.value.value
            effect   = toleration.value.effect
          }
        }

        security_context {
          run_as_non_root        = true
          run_as_user            = 1000
          run_as_group           = 1000
          fs_group               = 1000
          fs_group_change_policy = "OnRootMismatch"

          seccomp_profile {
            type = "RuntimeDefault"
          }
        }

        container {
          name    = "workspace"
          image   = local.image
          command = ["sh", "-c", coder_agent.main.init_script]

          security_context {
            allow_privilege_escalation = false

            capabilities {
              drop = ["ALL"]
            }
          }

          env {
            name  = "CODER_AGENT_TOKEN"
            value = coder_agent.main.token
          }
          env {
            name  = "HOME"
            value = local.home_path
          }

          # A GPU is never shared, and Kubernetes takes its limit for its request. CPU and memory are as sure as the GPU.
          resources {
            requests = {
              cpu    = local.cpu
              memory = local.memory
            }
            limits = {
              cpu              = local.cpu
              memory           = local.memory
              "nvidia.com/gpu" = tostring(local.gpus)
            }
          }

          volume_mount {
            name       = "home"
            mount_path = local.home_path
          }

          # Data loaders of PyTorch and the like exchange batches here; a container's own 64 MiB are too few.
          volume_mount {
            name       = "shared-memory"
            mount_path = "/dev/shm"
          }
        }

        volume {
          name = "home"

          persistent_volume_claim {
            claim_name = kubernetes_persistent_volume_claim_v1.home.metadata[0].name
          }
        }

        volume {
          name = "shared-memory"

          empty_dir {
            medium     = "Memory"
            size_limit = "${floor(local.gpus * var.per_gpu.memory_gib * 512)}Mi"
          }
        }
      }
    }
  }
}

resource "coder_metadata" "workspace" {
  count = local.workspace.start_count

  resource_id = kubernetes_deployment_v1.workspace[0].id
  icon        = "/icon/container.svg"

  item {
    key   = "gpus"
    value = tostring(local.gpus)
  }
  item {
    key   = "image"
    value = local.image
  }
}

resource "coder_metadata" "home" {
  resource_id = kubernetes_persistent_volume_claim_v1.home.id
  icon        = "/icon/folder.svg"

  item {
    key   = "size"
    value = "${data.coder_parameter.home_gib.value} GiB"
  }
}
