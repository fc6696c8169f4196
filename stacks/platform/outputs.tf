output "url" {
  description = "Where Coder is."
  value       = var.cloud.access_url
}

output "namespaces" {
  description = "Namespaces of coderd (control), of provisioners, and of workspaces."
  value       = local.namespaces
}

output "templates" {
  description = "What workspace templates for Kubernetes need to know: namespace, nodes, storage class, priority class, and sizes; and without a way to the internet, that nothing is downloaded at the start of a workspace."

  value = merge(
    {
      namespace      = local.namespaces.workspaces
      node_selector  = local.placement.workspace.node_selector
      tolerations    = local.placement.workspace.tolerations
      storage_class  = local.names.storage_class
      priority_class = local.names.workspace_priority
      profiles       = var.cloud.workspaces.profiles
    },
    # What templates download as a workspace starts: code-server from GitHub, and what a devcontainer.json names.
    { for name, value in { code_server_version = "", dev_containers = "false" } : name => value if var.deployment_features.private_egress },
  )
}

output "coderd" {
  description = "How many coderd and provisioners there are, and whether a licence is expected: what runs without one, or with it."

  value = {
    version      = var.coder.version
    replicas     = local.replicas
    licensed     = local.licensed
    provisioners = local.licensed ? local.provisioner_replicas : 0
    built_in     = local.licensed ? 0 : var.provisioners.built_in
  }
}

output "images" {
  description = "Container images of the platform: where each is published, and where nodes take it from."

  value = {
    for name, published in local.published_images : name => {
      published = "${published}:${local.image_versions[name]}"
      taken     = "${local.images[name]}:${local.image_tags[name]}"
    }
  }
}
