# A workspace as a pod of the cluster that Coder itself runs in. workspace.tf has the pod and its home, agent.tf what runs in it,
# parameters.tf what people choose, regions.tf and region-tags.tf where it is built, variables.tf what the platform sets.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    coder = {
      source  = "coder/coder"
      version = "~> 2.4"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.38"
    }
  }
}

provider "coder" {}

# Without arguments it signs in with the service account of the pod that it runs in: a provisioner, or coderd without a licence.
provider "kubernetes" {}

data "coder_workspace" "me" {}
data "coder_workspace_owner" "me" {}

# A user's own sign-in to Git, so that clone and push work without a token in the workspace.
data "coder_external_auth" "git" {
  count = var.external_auth_id == "" ? 0 : 1

  id       = var.external_auth_id
  optional = true
}

locals {
  workspace = data.coder_workspace.me
  owner     = data.coder_workspace_owner.me

  # Ids never change and are never given twice. A name is neither: two people may each have a workspace called dev, and a selector made
  # of names would take one's pod for the other's.
  selector_labels = {
    "app.kubernetes.io/name" = "coder-workspace"
    "com.coder.workspace.id" = local.workspace.id
    "com.coder.user.id"      = local.owner.id
  }

  labels = merge(local.selector_labels, {
    "app.kubernetes.io/instance" = local.workspace.id
    "app.kubernetes.io/part-of"  = "coder"
    "com.coder.resource"         = "true"
    "com.coder.workspace.name"   = local.workspace.name
    "com.coder.user.username"    = local.owner.name
  })
}
