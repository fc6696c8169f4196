# Who calls AWS from inside of the VPC, and what may therefore be called through endpoints where there is no other way. Identity policies
# say what each role may do; these say besides that nobody else's credentials are of use here, so that no data leaves with them.
locals {
  role_arn = "arn:${local.partition}:iam::${local.account_id}:role${var.iam.path}%s"
  node     = module.cluster.node_role_name

  autoscaler         = "${local.global_name}-cluster-autoscaler"
  autoscaler_actions = flatten(local.platform_identities["cluster-autoscaler"].statements[*].Action)
  own_arn            = "arn:${local.partition}:%s:${var.region}:${local.account_id}:%s"

  # Callers of each service, by role. Nodes pull images, join and hand out pod identities; what AWS's own policies let them and add-ons do
  # grows with their versions, so that those are named by families of actions.
  endpoint_callers = merge(
    {
      "ecr.api" = [{ roles = [local.node], actions = local.pull_actions, resources = "*" }]
      "ecr.dkr" = [{ roles = [local.node], actions = local.pull_actions, resources = "*" }]

      "eks-auth" = [{ roles = [local.node], actions = ["eks-auth:AssumeRoleForPodIdentity"], resources = module.cluster.arn }]

      ec2 = [
        { roles = [local.node], actions = ["ec2:Describe*"], resources = "*" },
        {
          roles     = ["${local.global_name}-vpc-cni"]
          actions   = ["ec2:Describe*", "ec2:*NetworkInterface*", "ec2:*PrivateIpAddresses", "ec2:CreateTags"]
          resources = "*"
        },
        {
          roles     = ["${local.global_name}-aws-ebs-csi-driver"]
          actions   = ["ec2:Describe*", "ec2:*Volume*", "ec2:*Snapshot*", "ec2:CreateTags", "ec2:DeleteTags"]
          resources = "*"
        },
        {
          roles     = [local.autoscaler]
          actions   = [for action in local.autoscaler_actions : action if startswith(action, "ec2:")]
          resources = "*"
        },
      ]

      autoscaling = [{
        roles     = [local.autoscaler]
        actions   = [for action in local.autoscaler_actions : action if startswith(action, "autoscaling:")]
        resources = "*"
      }]

      # The autoscaler asks for a group's labels and taints while it has no node.
      eks = [{
        roles     = [local.autoscaler]
        actions   = [for action in local.autoscaler_actions : action if startswith(action, "eks:")]
        resources = format(local.own_arn, "eks", "nodegroup/${var.name}/*/*")
      }]

      # Every workload that may read a secret. By the names of secrets, as the ARN of one ends in letters that AWS chooses.
      secretsmanager = [{
        roles = [
          for name, identity in local.workload_identities : "${local.global_name}-${name}"
          if contains(flatten(identity.statements[*].Action), "secretsmanager:GetSecretValue")
        ]
        actions = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
        resources = concat(
          [for name in concat(["${var.name}/*"], local.spoke ? [] : ["rds!cluster-*"]) : format(local.own_arn, "secretsmanager", "secret:${name}")],
          local.coderd_secret_arns,
        )
      }]

      # Session Manager, in place of SSH.
      ssm = [{
        roles     = [local.node]
        actions   = [for action in module.cluster.session_manager_actions : action if startswith(action, "ssm:")]
        resources = "*"
      }]
      ssmmessages = [{
        roles     = [local.node]
        actions   = [for action in module.cluster.session_manager_actions : action if startswith(action, "ssmmessages:")]
        resources = "*"
      }]
    },
    {
      for group in values(aws_cloudwatch_log_group.coder) : "logs" => [{
        roles     = ["${local.global_name}-logs"]
        actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        resources = [for streams in ["", ":*"] : format(local.own_arn, "logs", "log-group:${group.name}${streams}")]
      }]
    },
    !var.deployment_features.ai_gateway ? {} : {
      # Bedrock itself goes on to the regions of a profile: nothing but this endpoint is called from here.
      "bedrock-runtime" = [{
        roles     = ["${local.global_name}-coderd"]
        actions   = local.model_actions
        resources = concat(local.profile_arns, local.model_arns)
      }]
    },
  )

  pull_actions = [
    "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
  ]

  own_account = { StringEquals = { "aws:PrincipalAccount" = local.account_id } }

  endpoint_policies = merge(
    {
      for service, callers in local.endpoint_callers : service => jsonencode({
        Version = "2012-10-17"
        Statement = [
          for caller in callers : {
            Effect    = "Allow"
            Principal = "*"
            Action    = caller.actions
            Resource  = caller.resources
            Condition = { ArnEquals = { "aws:PrincipalArn" = [for name in caller.roles : format(local.role_arn, name)] } }
          }
        ]
      })
    },
    {
      for service in var.network.endpoints.extra : service => jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*", Condition = local.own_account }]
      })
    },
    {
      # Layers of images, which ECR keeps in a bucket of AWS's and nodes fetch by URLs that ECR has signed: no caller of this account is
      # seen. Nothing can be written there.
      s3 = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "*"
          Action    = "s3:GetObject"
          Resource  = "arn:${local.partition}:s3:::prod-${var.region}-starport-layer-bucket/*"
        }]
      })
    },
    var.network.endpoints.policies,
  )
}

# All of AWS that is called from inside of the VPC without a way to the internet (ADR-006).
module "endpoints" {
  source = "../../modules/endpoints"
  count  = var.deployment_features.private_egress ? 1 : 0

  name         = var.name
  vpc_id       = module.network.vpc_id
  client_cidrs = { vpc = var.network.cidr }
  subnet_ids   = { for zone in local.active_zones : zone => module.network.system_subnet_ids[zone] }
  services = {
    for service, policy in local.endpoint_policies : service => { policy = policy }
    if !contains(concat(["s3"], var.network.endpoints.existing), service)
  }
}
