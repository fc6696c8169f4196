data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  # Add-ons need their rights before they start, workloads only when the platform is installed.
  addon_identities = {
    vpc-cni = {
      description     = "Network interfaces and addresses of pods."
      service_account = { namespace = "kube-system", name = "aws-node" }
      policy          = "AmazonEKS_CNI_Policy"
    }
    aws-ebs-csi-driver = {
      description     = "Volumes of workspaces."
      service_account = { namespace = "kube-system", name = "ebs-csi-controller-sa" }
      policy          = "service-role/AmazonEBSCSIDriverPolicy"
    }
  }

  database_users = { application = "coder", master = "coder_admin" }

  workload_identities = merge(
    local.platform_identities,
    { for name, identity in local.hub_identities : name => identity if !local.spoke },
    { for name, identity in local.spoke_identities : name => identity if local.spoke },
    {
      for name in keys(aws_cloudwatch_log_group.coder) : "logs" => {
        description     = "Writes what coderd and provisioners log."
        service_account = { namespace = "kube-system", name = "coder-logs" }
        statements = [{
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.coder[name].arn}:*"
        }]
      }
    },
  )

  # Of secrets that you made.
  secret_statements = concat(
    length(local.coderd_secret_arns) == 0 ? [] : [{
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
      Resource = local.coderd_secret_arns
    }],
    length(var.secrets.kms_key_arns) == 0 ? [] : [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = var.secrets.kms_key_arns
      Condition = local.through_secrets_manager
    }],
  )

  # Of secrets that coderaws issues, by their names.
  issued_statements = {
    for name, secret in aws_secretsmanager_secret.issued : name => [
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
        Resource = secret.arn
      },
      {
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = module.kms["cluster"].key_arn
        Condition = local.through_secrets_manager
      },
    ]
  }

  # In the place of coderd, as the same chart runs it.
  spoke_identities = {
    coderd = {
      description     = "The workspace proxy reads its session token."
      service_account = { namespace = "coder", name = "coder" }
      statements      = concat(lookup(local.issued_statements, "proxy-token", []), local.secret_statements)
    }
  }

  # What coderd is and has. Nothing here waits for more of the database than its cluster: to go through module.database would.
  hub_identities = {
    coderd = {
      description     = "coderd signs in to its database without a password, and reads its secrets."
      service_account = { namespace = "coder", name = "coder" }
      statements = concat(
        local.spoke ? [] : [{
          Effect   = "Allow"
          Action   = ["rds-db:connect"]
          Resource = ["arn:${local.partition}:rds-db:${var.region}:${local.account_id}:dbuser:${module.database[0].resource_id}/${local.database_users.application}"]
        }],
        local.secret_statements,
        local.model_statements,
      )
    }

    # A job of the platform reads the master secret once, to make coderd's user. coderd itself never can.
    database-setup = {
      description     = "Makes the database user of coderd."
      service_account = { namespace = "coder", name = "coder-database-setup" }
      statements = [
        {
          Effect   = "Allow"
          Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
          Resource = try(module.database[0].master_secret_arn, null)
        },
        {
          Effect    = "Allow"
          Action    = "kms:Decrypt"
          Resource  = try(module.kms["database"].key_arn, null)
          Condition = local.through_secrets_manager
        },
      ]
    }

    # A job of the platform makes Coder's first user with this password, before the load balancer reaches coderd.
    first-owner = {
      description     = "Makes the first owner of Coder."
      service_account = { namespace = "coder", name = "coder-first-owner" }
      statements      = lookup(local.issued_statements, "owner-password", [])
    }
  }

  platform_identities = {
    # Workspaces are pods, which need no right in AWS. Templates that create AWS resources need a policy of your own on this role.
    provisioner = {
      description     = "Provisioners read their own key: no other rights in AWS until a template needs some."
      service_account = { namespace = "coder-provisioners", name = "coder-provisioner" }
      statements      = local.issued_statements["provisioner-key"]
    }

    cluster-autoscaler = {
      description     = "Resizes the node groups of this cluster."
      service_account = { namespace = "kube-system", name = "cluster-autoscaler" }
      statements = [
        {
          # None of these takes a resource.
          Effect = "Allow"
          Action = [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
          ]
          Resource = "*"
        },
        {
          Effect   = "Allow"
          Action   = "eks:DescribeNodegroup"
          Resource = "arn:${local.partition}:eks:${var.region}:${local.account_id}:nodegroup/${var.name}/*/*"
        },
        {
          # EKS puts this tag on the Auto Scaling groups of managed node groups.
          Effect    = "Allow"
          Action    = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
          Resource  = "arn:${local.partition}:autoscaling:${var.region}:${local.account_id}:autoScalingGroup:*:autoScalingGroupName/eks-*"
          Condition = { StringEquals = { "aws:ResourceTag/k8s.io/cluster-autoscaler/${var.name}" = "owned" } }
        },
      ]
    }
  }
}

module "addon_identity" {
  source   = "../../modules/pod-identity"
  for_each = local.addon_identities

  cluster_name        = module.cluster.name
  cluster_arn         = module.cluster.arn
  role_name           = "${local.global_name}-${each.key}"
  iam                 = var.iam
  description         = each.value.description
  service_account     = each.value.service_account
  managed_policy_arns = { (each.value.policy) = "arn:${local.partition}:iam::aws:policy/${each.value.policy}" }
}

module "workload_identity" {
  source   = "../../modules/pod-identity"
  for_each = local.workload_identities

  cluster_name    = module.cluster.name
  cluster_arn     = module.cluster.arn
  role_name       = "${local.global_name}-${each.key}"
  iam             = var.iam
  description     = each.value.description
  service_account = each.value.service_account
  policies        = { (each.key) = jsonencode({ Version = "2012-10-17", Statement = each.value.statements }) }
}
