# The home outlives the pod: the pod is there while the workspace runs, the home until the workspace is deleted.

locals {
  # A region may have less of a size than the hub, which has those that people choose from.
  size = lookup(local.here.profiles, data.coder_parameter.size.value, var.profiles[data.coder_parameter.size.value])

  dev_container = data.coder_parameter.environment.value == local.dev_container_option
  repository    = try(data.coder_parameter.repository[0].value, "")
  image         = local.dev_container ? var.envbuilder_image : var.images[data.coder_parameter.environment.value]

  # envbuilder replaces the container's whole file system but for /workspaces, where it clones to.
  home_path = local.dev_container ? "/workspaces" : "/home/coder"

  # What envbuilder is told. It builds as root, and starts the agent as the user that devcontainer.json names.
  dev_container_environment = local.dev_container ? {
    ENVBUILDER_GIT_URL        = local.repository
    ENVBUILDER_GIT_USERNAME   = try(data.coder_external_auth.git[0].access_token, "")
    ENVBUILDER_FALLBACK_IMAGE = values(var.images)[0]
    ENVBUILDER_INIT_SCRIPT    = coder_agent.main.init_script
    CODER_AGENT_URL           = local.workspace.access_url
  } : { HOME = local.home_path }
}

resource "kubernetes_persistent_volume_claim_v1" "home" {
  # It is bound when the pod is placed, so that it is in the pod's zone.
  wait_until_bound = false

  metadata {
    name      = "coder-${local.workspace.id}-home"
    namespace = local.here.namespace
    labels    = local.labels
  }

  spec {
    access_modes       = ["ReadWriteOnce"]
    storage_class_name = local.here.storage_class

    resources {
      requests = { storage = "${data.coder_parameter.home_gib.value}Gi" }
    }
  }

  lifecycle {
    # To change either would replace the home by an empty one. A home stays what and where it was made.
    ignore_changes = [metadata[0].namespace, spec[0].storage_class_name]

    # coderd lets people choose a region for a workspace from before there was a choice. Its cluster would not find the home, and make another.
    precondition {
      condition     = coalesce(coder_agent.main.order, 0) == local.away
      error_message = "The home of this workspace was made in another region, and cannot move: choose the region that it was made in, which is the hub's if nobody chose one then."
    }
  }
}

# A Deployment and not a bare pod: if AWS takes a spot node back, the pod is made again on another node of the zone with the same
# home, and the agent signs in again with the same token.
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
        automount_service_account_token = false
        enable_service_links            = false
        priority_class_name             = local.here.priority_class == "" ? null : local.here.priority_class
        node_selector                   = merge(local.here.node_selector, { "kubernetes.io/arch" = var.architecture })

        # AWS gives two minutes' notice of taking a spot node back.
        termination_grace_period_seconds = 60

        dynamic "toleration" {
          for_each = local.here.tolerations

          content {
            key      = toleration.value.key
            operator = toleration.value.operator
            value    = toleration.value.value == "" ? null : toleration.value.value
            effect   = toleration.value.effect
          }
        }

        security_context {
          run_as_non_root        = !local.dev_container
          run_as_user            = local.dev_container ? 0 : 1000
          run_as_group           = local.dev_container ? 0 : 1000
          fs_group               = 1000
          fs_group_change_policy = "OnRootMismatch"

          seccomp_profile {
            type = "RuntimeDefault"
          }
        }

        container {
          name    = "workspace"
          image   = local.image
          command = local.dev_container ? null : ["sh", "-c", coder_agent.main.init_script]

          security_context {
            allow_privilege_escalation = false

            # envbuilder changes owners and users while it builds, with what every container may do unless told otherwise.
            dynamic "capabilities" {
              for_each = local.dev_container ? [] : [true]

              content {
                drop = ["ALL"]
              }
            }
          }

          env {
            name  = "CODER_AGENT_TOKEN"
            value = coder_agent.main.token
          }

          dynamic "env" {
            for_each = local.dev_container_environment

            content {
              name  = env.key
              value = env.value
            }
          }

          resources {
            requests = {
              cpu    = "${floor(local.size.cpu_request * 1000)}m"
              memory = "${floor(local.size.memory_request_gib * 1024)}Mi"
            }
            limits = {
              cpu    = "${floor(local.size.cpu_limit * 1000)}m"
              memory = "${floor(local.size.memory_limit_gib * 1024)}Mi"
            }
          }

          volume_mount {
            name       = "home"
            mount_path = local.home_path
          }
        }

        volume {
          name = "home"

          persistent_volume_claim {
            claim_name = kubernetes_persistent_volume_claim_v1.home.metadata[0].name
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = !local.dev_container || local.repository != ""
      error_message = "A dev container needs a repository: write the https URL of one with a devcontainer.json in the parameter \"Repository of the dev container\"."
    }

    precondition {
      condition     = !local.dev_container || tobool(local.here.dev_containers)
      error_message = "There are no dev containers in ${local.region}: choose another environment."
    }

    precondition {
      condition     = contains(keys(local.here.profiles), data.coder_parameter.size.value)
      error_message = "The size ${data.coder_parameter.size.value} is not one of ${local.region}: choose ${join(" or ", keys(local.here.profiles))}."
    }
  }
}

resource "coder_metadata" "workspace" {
  count = local.workspace.start_count

  resource_id = kubernetes_deployment_v1.workspace[0].id
  icon        = "/icon/container.svg"

  item {
    key   = "size"
    value = data.coder_parameter.size.value
  }
  item {
    key   = "image"
    value = local.dev_container ? local.repository : local.image
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
