# A workspace as an EC2 instance of its own: a whole Linux machine, for what a container cannot do. instance.tf has the machine and its
# home, agent.tf what Coder runs in it, user-data.sh.tftpl how the machine starts, parameters.tf what people choose, regions.tf and
# region-tags.tf where it is built, variables.tf what the platform sets.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
    coder = {
      source  = "coder/coder"
      version = "~> 2.4"
    }
  }
}

provider "coder" {}

# It signs in by EKS Pod Identity, as the pod that it runs in: a provisioner, or coderd without a licence. iam-policy.json is what that role needs.
provider "aws" {
  region = local.region
}

data "coder_workspace" "me" {}
data "coder_workspace_owner" "me" {}

locals {
  workspace = data.coder_workspace.me
  owner     = data.coder_workspace_owner.me

  # iam-policy.json allows to touch what carries the first of these and nothing else. Ids never change; names may, so that they are
  # for people alone.
  tags = merge(var.tags, {
    Coder_Provisioned  = "true"
    Coder_Workspace_Id = local.workspace.id
    Coder_User_Id      = local.owner.id
    Name               = "coder-${local.owner.name}-${local.workspace.name}"
  })
}
