variable "region" {
  description = "AWS region of the deployment, such as us-east-1. One region is one deployment with its own state."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Write the code of an AWS region, such as us-east-1 or eu-west-2."
  }
}

variable "name" {
  description = "Name of the deployment, unique in its account and region. It starts the name of everything in it, and cannot change later."
  type        = string
  default     = "coder"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9])*$", var.name)) && length(var.name) >= 3 && length(var.name) <= 20
    error_message = "Write 3 to 20 lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen, such as coder-eu."
  }

  validation {
    condition     = !startswith(var.name, "internal-")
    error_message = "Write a name that does not start with internal-, which AWS keeps for its own names of load balancers."
  }
}

variable "domain" {
  description = "Domain of Coder. It is served at https://<domain>, and workspace applications below it at <name>.<domain>. It cannot change later."
  type        = string
  nullable    = false

  validation {
    condition     = !strcontains(var.domain, "://") && !endswith(var.domain, ".") && !startswith(var.domain, "*")
    error_message = "Write the bare domain: coder.example.com, not https://coder.example.com, not coder.example.com. and not *.coder.example.com, which is added by itself."
  }

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$", var.domain)) && length(var.domain) <= 64
    error_message = "Write at least two labels of lower-case letters, digits and inner hyphens, such as coder.example.com, with up to 64 characters: a certificate takes no more."
  }
}

variable "dns" {
  description = "How the domain is found. With records = public (the default), by records in a public Route 53 zone. With zone_id that zone is used. With create_zone a zone is made, called zone_name (default: the domain), to be delegated from its parent. Otherwise the zone called zone_name (default: the domain without its first label, or the domain itself if it has two) is looked up. With records = private, a private zone of the domain is made, which this network alone asks, and which leads to an internal load balancer; with none there are no records, and you enter the load balancer's name where people look. Both take a certificate_arn. GovCloud has no public zones."
  type = object({
    records     = optional(string, "public")
    zone_id     = optional(string)
    zone_name   = optional(string)
    create_zone = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.dns.zone_id == null || !var.dns.create_zone
    error_message = "Give dns.zone_id or dns.create_zone, not both: a zone that has an ID exists already."
  }

  validation {
    condition     = var.dns.zone_id == null || var.dns.zone_name == null
    error_message = "Give dns.zone_id or dns.zone_name, not both: a zone that is given by ID is not looked up by name."
  }

  validation {
    condition     = var.dns.zone_id == null ? true : can(regex("^Z[A-Z0-9]{1,31}$", var.dns.zone_id))
    error_message = "Write dns.zone_id as Route 53 shows it, such as Z0123456789ABCDEFGHIJ, without /hostedzone/."
  }

  validation {
    condition     = var.dns.zone_name == null ? true : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{2,63}$", var.dns.zone_name))
    error_message = "Write dns.zone_name as a domain without a trailing dot, such as example.com."
  }

  validation {
    condition     = contains(["public", "private", "none"], var.dns.records)
    error_message = "Write dns.records as public, private or none."
  }

  validation {
    condition     = var.dns.records == "public" || (var.dns.zone_id == null && var.dns.zone_name == null && !var.dns.create_zone)
    error_message = "Leave dns.zone_id, dns.zone_name and dns.create_zone out unless dns.records is public: they say which public zone holds the records."
  }
}

variable "certificate_arn" {
  description = "ARN of an issued ACM certificate in the deployment's region for the domain and its wildcard, such as one that you imported or that your private authority issued, for dns.records other than public. Left out, a certificate is made, and validated in the public zone."
  type        = string
  default     = null

  validation {
    condition     = (var.certificate_arn == null) == (var.dns.records == "public")
    error_message = "Give certificate_arn if dns.records is private or none, and only then: ACM validates a certificate in a public zone alone, and where there is one, a certificate is made and renewed by itself."
  }

  validation {
    condition     = var.certificate_arn == null ? true : can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]+$", var.certificate_arn)) && try(split(":", var.certificate_arn)[3] == var.region, true)
    error_message = "Write certificate_arn as ACM shows it, with the deployment's own region, such as arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab."
  }

  # Not among the rules of dns: Terraform would keep quiet about all of those where ingress is wrong.
  validation {
    condition     = var.certificate_arn == null || var.dns.records != "private" || var.ingress.internal
    error_message = "With dns.records = \"private\" write ingress.internal = true: the records lead to private addresses of the load balancer."
  }
}

variable "deployment_features" {
  description = "What makes one pattern differ from another (ADR-001): high_availability spreads nodes, NAT gateways and database over three zones; spot_workspaces runs workspaces on spot capacity with a share on demand; time_based_scaling follows scaling_schedule; private_egress leaves no way to the internet, only endpoints of AWS's services (ADR-006); workspace_proxy makes this region a spoke: it has workspaces, what builds them and a proxy near its people, and serves the Coder of another region, the hub, which has the database; it cannot change later; ai_gateway gives workspaces AI models as ai says (ADR-016). What this version does not build is rejected, so that nothing is silently ignored."
  type = object({
    high_availability  = optional(bool, false)
    time_based_scaling = optional(bool, false)
    spot_workspaces    = optional(bool, false)
    private_egress     = optional(bool, false)
    workspace_proxy    = optional(bool, false)
    ai_gateway         = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = !var.deployment_features.high_availability || var.node_groups.control.size >= 2
    error_message = "With deployment_features.high_availability write node_groups.control.size of at least 2: with one node, coderd is down whenever that node is (ADR-001)."
  }

  validation {
    condition     = !var.deployment_features.high_availability || var.network.availability_zones == null ? true : length(var.network.availability_zones) == 3
    error_message = "With deployment_features.high_availability name three zones in network.availability_zones, or leave it out: two survive the loss of one without half of everything gone (ADR-001)."
  }

  validation {
    condition     = !var.deployment_features.private_egress || var.ingress.internal
    error_message = "With deployment_features.private_egress write ingress.internal = true: a load balancer that faces the internet needs the internet gateway that is not there (ADR-006)."
  }

  validation {
    condition     = !var.deployment_features.private_egress || !var.deployment_features.spot_workspaces
    error_message = "With deployment_features.private_egress set deployment_features.spot_workspaces to false: AWS takes a spot node back within two minutes, and with it the records that it has not sent yet (ADR-006, ADR-004)."
  }

  validation {
    condition     = !var.deployment_features.private_egress || length(var.cluster.public_access_cidrs) == 0
    error_message = "With deployment_features.private_egress leave cluster.public_access_cidrs empty: the Kubernetes API is then reached from inside the VPC and from networks that are connected to it (ADR-006)."
  }

  validation {
    condition     = var.deployment_features.private_egress || length(var.network.endpoints.extra) + length(var.network.endpoints.policies) + length(var.network.endpoints.existing) == 0
    error_message = "Leave network.endpoints out without deployment_features.private_egress: what nodes call then goes through NAT gateways."
  }

  # Private are the ranges of RFC 1918 and RFC 6598.
  validation {
    condition = !var.deployment_features.private_egress || alltrue(flatten([
      for connection in values(var.network.connections) : [
        for cidr in connection.cidrs : connection.owns_public_cidrs || can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.0\\.0/16|192\\.168\\..*/(1[7-9]|2[0-9]|3[0-2])$|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.)", cidr))
      ]
    ]))
    error_message = "With deployment_features.private_egress write private ranges into cidrs of network.connections, such as 10.100.0.0/16: a public one is a way to the internet, unless it is your organization's own and its network keeps it. Then write owns_public_cidrs = true beside it."
  }

  # Not among the rules of network: Terraform would keep quiet about all of those where region is wrong. SDKs look most services up as
  # SERVICE.REGION.amazonaws.com with the parts of SERVICE in reverse, and eks-auth by a name of the newer kind.
  validation {
    condition = !var.deployment_features.private_egress || alltrue([
      for service in var.network.endpoints.existing : anytrue([
        for domain in flatten([for connection in values(var.network.connections) : keys(connection.names)]) : endswith(
          ".${service == "eks-auth" ? "eks-auth.${var.region}.api.aws" : "${join(".", reverse(split(".", service)))}.${var.region}.amazonaws.com${startswith(var.region, "cn-") ? ".cn" : ""}"}",
          ".${domain}",
        )
      ])
    ])
    error_message = "Say in names of network.connections who answers for the name of each service in network.endpoints.existing, such as secretsmanager.${var.region}.amazonaws.com or all of amazonaws.com; that of eks-auth is eks-auth.${var.region}.api.aws. Without, the name leads to the internet, to which there is no way."
  }

  validation {
    condition     = !var.deployment_features.workspace_proxy || !var.deployment_features.ai_gateway
    error_message = "With deployment_features.workspace_proxy set deployment_features.ai_gateway to false: the hub's coderd has the gateway, and workspaces of all regions reach it there."
  }

  # What is the hub's. Here, as rules of each of these variables would keep quiet where a feature is wrong.
  validation {
    condition     = !var.deployment_features.workspace_proxy || (var.secrets.license == null && var.secrets.oidc_client_secret == null && length(var.secrets.external_auth) == 0)
    error_message = "With deployment_features.workspace_proxy leave secrets.license, secrets.oidc_client_secret and secrets.external_auth out: people sign in to the hub, and its licence holds for all regions."
  }

  validation {
    condition     = !var.deployment_features.workspace_proxy || !var.audit.database_statements
    error_message = "With deployment_features.workspace_proxy leave audit.database_statements out: the region has no database. Write it into the hub's settings."
  }

  # The defaults, to the letter: a spoke without a word of a database has one that nothing is made of.
  validation {
    condition = !var.deployment_features.workspace_proxy || jsonencode(var.database) == jsonencode({
      engine_version              = "17"
      allow_major_version_upgrade = false
      apply_immediately           = false
      min_acu                     = 0.5
      max_acu                     = 4
      backup_retention_days       = 7
      long_term_backup_days       = null
    })
    error_message = "With deployment_features.workspace_proxy leave database out: the region serves the Coder of the hub, which has the database."
  }
}

variable "network" {
  description = "Range of the VPC (/16 to /20, private), the two or three zones that subnets are made in (default: the region's first three that EKS can use), and days that flow logs are kept. Range and zones cannot change later; the order of zones says nothing, and without high_availability nodes are in the first by name. With deployment_features.private_egress, endpoints are made for each service of AWS that the platform calls; endpoints.extra names more of them, such as sts for templates that make AWS resources, and endpoints.policies replaces the policy of one by a JSON of yours, and makes an endpoint with it where there is none yet. Each costs by the hour and zone. endpoints.existing names services whose endpoints are in a network that is connected already, such as one that an agency shares: none is made of them here. connections are such networks by name: a transit gateway, which the network is attached to, or a VPC peering connection; the ranges that it leads to (cidrs; with deployment_features.private_egress private ones, unless owns_public_cidrs says that public ones are your organization's own); and, by domain, who answers for names there (names): the ID of a private hosted zone whose owner authorizes this VPC, or of a resolver rule that is shared with this account."
  type = object({
    cidr                     = optional(string, "10.0.0.0/16")
    availability_zones       = optional(list(string))
    flow_logs_retention_days = optional(number, 30)
    endpoints = optional(object({
      extra    = optional(list(string), [])
      policies = optional(map(string), {})
      existing = optional(list(string), [])
    }), {})
    connections = optional(map(object({
      transit_gateway_id        = optional(string)
      vpc_peering_connection_id = optional(string)
      cidrs                     = list(string)
      owns_public_cidrs         = optional(bool, false)
      names                     = optional(map(string), {})
    })), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(cidrsubnet(var.network.cidr, 8, 255)) && can(regex("/(1[6-9]|20)$", var.network.cidr))
    error_message = "Write network.cidr as an IPv4 range with a prefix of /16 to /20, such as 10.0.0.0/16: a /21 leaves workspaces too few addresses, and AWS refuses more than a /16."
  }

  validation {
    condition     = can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.)", var.network.cidr))
    error_message = "Write network.cidr within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10: other addresses belong to somebody on the internet."
  }

  validation {
    condition     = try(cidrhost(var.network.cidr, 0) == split("/", var.network.cidr)[0], true)
    error_message = "Write network.cidr with its first address, such as 10.0.0.0/16, not 10.0.0.1/16."
  }

  validation {
    condition     = var.network.availability_zones == null ? true : contains([2, 3], length(distinct(var.network.availability_zones))) && length(distinct(var.network.availability_zones)) == length(var.network.availability_zones)
    error_message = "Name two or three different zones in network.availability_zones, such as [\"us-east-1a\", \"us-east-1b\", \"us-east-1c\"], or leave it out. EKS and Aurora need two even where nodes run in one."
  }

  validation {
    condition     = contains(module.log_retention.days, var.network.flow_logs_retention_days)
    error_message = "Write network.flow_logs_retention_days as CloudWatch Logs knows it: ${join(", ", module.log_retention.days)}."
  }

  validation {
    condition     = length(distinct(var.network.endpoints.extra)) == length(var.network.endpoints.extra) && alltrue([for service in var.network.endpoints.extra : can(regex("^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*$", service)) && !contains(["s3", "dynamodb"], service)])
    error_message = "Write each service in network.endpoints.extra once, as its endpoint's name ends, such as sts or kms. S3 has a gateway endpoint already."
  }

  validation {
    condition     = alltrue([for policy in values(var.network.endpoints.policies) : can(jsondecode(policy).Statement)])
    error_message = "Write network.endpoints.policies as policies in JSON by service, such as { s3 = \"{ ... }\" }: <<-JSON ... JSON takes several lines."
  }

  validation {
    condition     = length(distinct(var.network.endpoints.existing)) == length(var.network.endpoints.existing) && length(setsubtract(var.network.endpoints.existing, ["ecr.api", "ecr.dkr", "eks-auth", "ec2", "autoscaling", "eks", "secretsmanager", "ssm", "ssmmessages", "logs", "bedrock-runtime"])) == 0
    error_message = "Name each service in network.endpoints.existing once, of those that the platform calls: ecr.api, ecr.dkr, eks-auth, ec2, autoscaling, eks, secretsmanager, ssm, ssmmessages, logs and bedrock-runtime. S3 has a gateway endpoint, which is always this network's own."
  }

  validation {
    condition     = length(setintersection(var.network.endpoints.existing, concat(var.network.endpoints.extra, keys(var.network.endpoints.policies)))) == 0
    error_message = "Leave what network.endpoints.existing names out of network.endpoints.extra and network.endpoints.policies: these make an endpoint here, and the policies of those elsewhere are their owner's."
  }

  validation {
    condition     = alltrue([for connection in values(var.network.connections) : (connection.transit_gateway_id == null) != (connection.vpc_peering_connection_id == null)])
    error_message = "Give each of network.connections a transit_gateway_id or a vpc_peering_connection_id, not both."
  }

  validation {
    condition     = alltrue([for connection in values(var.network.connections) : can(regex("^(tgw-[0-9a-f]{17}|pcx-[0-9a-f]{8,17})$", coalesce(connection.transit_gateway_id, connection.vpc_peering_connection_id, "none")))])
    error_message = "Write transit_gateway_id of network.connections as AWS shows it, such as tgw-0123456789abcdef0, and vpc_peering_connection_id such as pcx-0123456789abcdef0."
  }

  validation {
    condition     = length(distinct(compact(values(var.network.connections)[*].transit_gateway_id))) == length(compact(values(var.network.connections)[*].transit_gateway_id))
    error_message = "Write each transit gateway into one of network.connections, with all its cidrs: AWS attaches a network to it once."
  }

  validation {
    condition     = alltrue([for connection in values(var.network.connections) : length(connection.cidrs) > 0 && alltrue([for cidr in connection.cidrs : can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]) >= 8 && cidrhost(cidr, 0) == split("/", cidr)[0], false)])])
    error_message = "Write the IPv4 ranges of each of network.connections as its cidrs, each of /8 or less and with its first address, such as 10.100.0.0/16: a wider one would be a way to everywhere."
  }

  # One is in the other if the wider has all fixed bits of the narrower's address.
  validation {
    condition     = alltrue(flatten([for connection in values(var.network.connections) : [for cidr in connection.cidrs : try(cidrhost("${split("/", cidr)[0]}/${split("/", var.network.cidr)[1]}", 0) != cidrhost(var.network.cidr, 0) || tonumber(split("/", cidr)[1]) < tonumber(split("/", var.network.cidr)[1]), true)]]))
    error_message = "Write cidrs of network.connections outside of network.cidr, ${var.network.cidr}: AWS routes nothing of a network's own range elsewhere."
  }

  # 0.0.0.0/8 is this network, 127.0.0.0/8 this machine, 169.254.0.0/16 this link, and what is above 224.0.0.0 multicast or reserved (RFC 6890).
  validation {
    condition     = alltrue(flatten([for connection in values(var.network.connections) : [for cidr in connection.cidrs : !can(regex("^(0|127|169\\.254|22[4-9]|2[3-5][0-9])\\.", cidr))]]))
    error_message = "Write ranges of another network into cidrs of network.connections: those of this machine, of this link (169.254.0.0/16), multicast and reserved ones lead to none."
  }

  validation {
    condition     = length(flatten(values(var.network.connections)[*].cidrs)) == length(distinct(flatten(values(var.network.connections)[*].cidrs)))
    error_message = "Write each range once, into the cidrs of one of network.connections: a route table has one route to it, and AWS refuses a second (RouteAlreadyExists)."
  }

  validation {
    condition     = alltrue(flatten([for connection in values(var.network.connections) : [for domain, id in connection.names : can(regex("^([a-z0-9_]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", domain)) && can(regex("^(Z[A-Z0-9]{1,31}|rslvr-rr-[0-9a-f]{17})$", id))]]))
    error_message = "Write names of network.connections by domain, such as amazonaws.com, with the ID of a private hosted zone (Z0123456789ABCDEFGHIJ) or of a resolver rule (rslvr-rr-0123456789abcdef0)."
  }

  validation {
    condition     = length(flatten([for connection in values(var.network.connections) : keys(connection.names)])) == length(distinct(flatten([for connection in values(var.network.connections) : keys(connection.names)])))
    error_message = "Write each domain into the names of one of network.connections: one zone or rule answers for it."
  }
}

variable "cluster" {
  description = "Kubernetes version; ranges that reach the Kubernetes API over the internet (none: inside the VPC alone); IAM roles that administer the cluster besides its creator, which must not be among them; add-on versions by name, where AWS's default is not wanted; days that control-plane logs are kept."
  type = object({
    version             = optional(string, "1.36")
    public_access_cidrs = optional(list(string), [])
    admin_role_arns     = optional(list(string), [])
    addon_versions      = optional(map(string), {})
    log_retention_days  = optional(number, 90)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.cluster.version))
    error_message = "Write cluster.version as a minor version in quotes, such as \"1.36\"."
  }

  validation {
    condition     = alltrue([for cidr in var.cluster.public_access_cidrs : can(cidrnetmask(cidr))]) && length(var.cluster.public_access_cidrs) <= 40
    error_message = "Write up to 40 IPv4 ranges in cluster.public_access_cidrs, such as 203.0.113.7/32 for one address."
  }

  validation {
    condition     = !contains(var.cluster.public_access_cidrs, "0.0.0.0/0")
    error_message = "Name the networks of your administrators in cluster.public_access_cidrs: 0.0.0.0/0 opens the Kubernetes API to everybody."
  }

  validation {
    condition     = alltrue([for cidr in var.cluster.public_access_cidrs : !can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", cidr))])
    error_message = "Leave private ranges out of cluster.public_access_cidrs: EKS refuses them, and the VPC always reaches the API."
  }

  validation {
    condition     = alltrue([for arn in var.cluster.admin_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "Write ARNs of IAM roles in cluster.admin_role_arns, such as arn:aws:iam::123456789012:role/platform-team."
  }

  validation {
    condition     = length(setsubtract(keys(var.cluster.addon_versions), ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "aws-secrets-store-csi-driver-provider", "coredns", "metrics-server", "aws-ebs-csi-driver"])) == 0
    error_message = "Pin in cluster.addon_versions only what is installed: vpc-cni, kube-proxy, eks-pod-identity-agent, aws-secrets-store-csi-driver-provider, coredns, metrics-server, aws-ebs-csi-driver."
  }

  validation {
    condition     = alltrue([for version in values(var.cluster.addon_versions) : can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "Write versions in cluster.addon_versions as AWS does, such as v1.21.1-eksbuild.7."
  }

  validation {
    condition     = contains(module.log_retention.days, var.cluster.log_retention_days)
    error_message = "Write cluster.log_retention_days as CloudWatch Logs knows it: ${join(", ", module.log_retention.days)}."
  }
}

variable "iam" {
  description = "For accounts with rules of their own for IAM, such as those of a landing zone: the path of each role that is made, such as /coder/, and the ARN of the policy that bounds what each may do (permissions_boundary), which has to be there before. The boundary can change at any time; the path cannot change later, as roles and all that acts with them would be made anew."
  type = object({
    path                 = optional(string, "/")
    permissions_boundary = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^/([a-zA-Z0-9+=,.@_-]+/)*$", var.iam.path)) && length(var.iam.path) <= 512
    error_message = "Write iam.path with / at both ends, such as /coder/, of up to 512 letters, digits and the characters + = , . @ _ -."
  }

  validation {
    condition     = !startswith(var.iam.path, "/aws-")
    error_message = "Write an iam.path that does not start with /aws-, which AWS keeps for roles of its own services."
  }

  validation {
    condition     = var.iam.permissions_boundary == null ? true : can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.iam.permissions_boundary))
    error_message = "Write iam.permissions_boundary as the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary."
  }

  validation {
    condition     = var.iam.permissions_boundary == null ? true : startswith(var.iam.permissions_boundary, "arn:aws-us-gov:") == startswith(var.region, "us-gov-") && startswith(var.iam.permissions_boundary, "arn:aws-cn:") == startswith(var.region, "cn-")
    error_message = "Write iam.permissions_boundary in the partition of ${var.region}: arn:aws-us-gov: in GovCloud, arn:aws-cn: in China, arn:aws: elsewhere."
  }
}

variable "node_groups" {
  description = "The three groups of nodes: control (coderd and what the cluster itself needs; a fixed size), provisioner (Terraform runs that build workspaces; at least one node, as they also stop and clean up at night), workspace. min_size and max_size bound all zones together; Terraform changes max_size; the module scaling sets min_size and, outside of the working hours of time_based_scaling, off_peak_min_size. With spot_workspaces, on_demand_percentage of the workspace nodes stay on demand, and all of them may be when there is no spot capacity. Each group with instance types of one architecture and like size, image family (ami_type: AL2023_x86_64_STANDARD unless said, with fips BOTTLEROCKET_x86_64_FIPS), its release (release_version, such as 1.36.2-20261108; another one replaces the nodes one after the other, and without one they stay on that with which they came to their version of Kubernetes), and GiB of the disk that holds images and pods."
  type = object({
    control = optional(object({
      instance_types  = optional(list(string), ["m5.large"])
      size            = optional(number, 1)
      disk_gib        = optional(number, 50)
      ami_type        = optional(string)
      release_version = optional(string)
    }), {})
    provisioner = optional(object({
      instance_types    = optional(list(string), ["c5.xlarge"])
      min_size          = optional(number, 1)
      off_peak_min_size = optional(number, 1)
      max_size          = optional(number, 2)
      disk_gib          = optional(number, 50)
      ami_type          = optional(string)
      release_version   = optional(string)
    }), {})
    workspace = optional(object({
      instance_types       = optional(list(string), ["m5.xlarge"])
      min_size             = optional(number, 1)
      off_peak_min_size    = optional(number, 0)
      max_size             = optional(number, 10)
      on_demand_percentage = optional(number, 20)
      disk_gib             = optional(number, 100)
      ami_type             = optional(string)
      release_version      = optional(string)
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.node_groups.control.size >= 1 && var.node_groups.control.size <= 10 && floor(var.node_groups.control.size) == var.node_groups.control.size
    error_message = "Write node_groups.control.size as a whole number from 1 to 10: without a control node nothing runs."
  }

  validation {
    condition     = var.node_groups.provisioner.min_size >= 1
    error_message = "Write node_groups.provisioner.min_size of at least 1: stopping and cleaning up workspaces are builds too, at night and on Sundays."
  }

  validation {
    condition     = var.node_groups.workspace.min_size >= 0
    error_message = "Write node_groups.workspace.min_size of at least 0."
  }

  validation {
    condition     = var.node_groups.workspace.on_demand_percentage >= 0 && var.node_groups.workspace.on_demand_percentage <= 100 && floor(var.node_groups.workspace.on_demand_percentage) == var.node_groups.workspace.on_demand_percentage
    error_message = "Write node_groups.workspace.on_demand_percentage as a whole number from 0 to 100: the share of workspace nodes that stay on demand when spot_workspaces is on (ADR-004)."
  }

  validation {
    condition     = var.node_groups.provisioner.off_peak_min_size >= 1 && var.node_groups.provisioner.off_peak_min_size <= var.node_groups.provisioner.min_size && floor(var.node_groups.provisioner.off_peak_min_size) == var.node_groups.provisioner.off_peak_min_size
    error_message = "Write node_groups.provisioner.off_peak_min_size as a whole number from 1 to min_size: workspaces are stopped and cleaned up at night and on Sundays, too (ADR-003)."
  }

  validation {
    condition     = var.node_groups.workspace.off_peak_min_size >= 0 && var.node_groups.workspace.off_peak_min_size <= var.node_groups.workspace.min_size && floor(var.node_groups.workspace.off_peak_min_size) == var.node_groups.workspace.off_peak_min_size
    error_message = "Write node_groups.workspace.off_peak_min_size as a whole number from 0 to min_size: it is what stays outside of working hours (ADR-003)."
  }

  validation {
    condition     = alltrue([for group in [var.node_groups.provisioner, var.node_groups.workspace] : group.max_size >= max(1, group.min_size) && group.max_size <= 450])
    error_message = "Write max_size of a node group as at least its min_size, at least 1 and at most 450, AWS's quota for one group."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : length(group.instance_types) >= 1 && length(group.instance_types) <= 20])
    error_message = "Name 1 to 20 instance types for each node group, such as [\"m5.xlarge\"]."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.disk_gib >= 20 && group.disk_gib <= 16384])
    error_message = "Write disk_gib of a node group from 20 to 16384: below that, images alone fill the disk."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.ami_type == null ? true : contains(["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD", "AL2023_x86_64_NVIDIA", "AL2023_ARM_64_NVIDIA", "AL2023_x86_64_NEURON", "BOTTLEROCKET_x86_64_FIPS", "BOTTLEROCKET_ARM_64_FIPS", "BOTTLEROCKET_x86_64_NVIDIA_FIPS", "BOTTLEROCKET_ARM_64_NVIDIA_FIPS"], group.ami_type)])
    error_message = "Write ami_type of a node group as AL2023_x86_64_STANDARD, AL2023_ARM_64_STANDARD, AL2023_x86_64_NVIDIA, AL2023_ARM_64_NVIDIA, AL2023_x86_64_NEURON, BOTTLEROCKET_x86_64_FIPS, BOTTLEROCKET_ARM_64_FIPS, BOTTLEROCKET_x86_64_NVIDIA_FIPS or BOTTLEROCKET_ARM_64_NVIDIA_FIPS, or leave it out."
  }
}

variable "scaling_schedule" {
  description = "Working hours, for deployment_features.time_based_scaling. At start_time node groups get their min_size, at stop_time their off_peak_min_size; both are cron of five fields (minute, hour, day of month, month, weekdays by name) by the clock of timezone, an IANA name. Nodes are ready about 4 minutes after start_time, 10 at most. On holidays, dates such as 2026-12-25, nothing starts. more_windows are further windows by name, by the same clock; they must not overlap."
  type = object({
    start_time = optional(string, "45 6 * * MON-FRI")
    stop_time  = optional(string, "15 18 * * MON-FRI")
    timezone   = optional(string, "America/New_York")
    holidays   = optional(list(string), [])
    more_windows = optional(map(object({
      start_time = string
      stop_time  = string
    })), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for time in flatten([for window in concat([var.scaling_schedule], values(var.scaling_schedule.more_windows)) : [window.start_time, window.stop_time]]) : can(regex("^[0-5]?[0-9] ([01]?[0-9]|2[0-3]) [^ ]+ [^ ]+ [^ ]+$", time))])
    error_message = "Write start_time and stop_time of scaling_schedule as minute, hour, day of month, month and weekdays, such as \"45 6 * * MON-FRI\" for 06:45 from Monday to Friday, with one minute and one hour as plain numbers."
  }

  validation {
    condition     = alltrue([for time in flatten([for window in concat([var.scaling_schedule], values(var.scaling_schedule.more_windows)) : [window.start_time, window.stop_time]]) : try(alltrue([for part in split(",", split(" ", time)[4]) : can(regex("^(\\*|SUN(-(MON|TUE|WED|THU|FRI|SAT))?|MON(-(TUE|WED|THU|FRI|SAT))?|TUE(-(WED|THU|FRI|SAT))?|WED(-(THU|FRI|SAT))?|THU(-(FRI|SAT))?|FRI(-SAT)?|SAT)$", part))]), true)])
    error_message = "Write weekdays of scaling_schedule by name and from Sunday on, such as MON-FRI, SUN-THU or SAT,SUN: Unix counts them from 0 and AWS from 1."
  }

  validation {
    condition     = alltrue([for time in flatten([for window in concat([var.scaling_schedule], values(var.scaling_schedule.more_windows)) : [window.start_time, window.stop_time]]) : try(split(" ", time)[2] == "*" || split(" ", time)[4] == "*", true)])
    error_message = "Write * for the days of month or for the weekdays in each time of scaling_schedule: AWS takes only one of them."
  }

  validation {
    condition     = can(regex("^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$", var.scaling_schedule.timezone))
    error_message = "Write timezone of scaling_schedule as the IANA database does, such as America/New_York, Europe/Berlin or UTC: abbreviations such as EST know no daylight saving time."
  }

  validation {
    condition     = length(var.scaling_schedule.holidays) <= 1000 && alltrue([for date in var.scaling_schedule.holidays : try(formatdate("YYYY-MM-DD", "${date}T00:00:00Z") == date, false)])
    error_message = "Write scaling_schedule.holidays as up to 1000 dates such as \"2026-12-25\"."
  }

  validation {
    condition     = length(var.scaling_schedule.holidays) == 0 || !can(regex("^(Pacific/(Kiritimati|Chatham|Niue|Midway|Pago_Pago|Samoa)|US/Samoa|Etc/GMT(\\+1[12]|-14))$", var.scaling_schedule.timezone))
    error_message = "Leave scaling_schedule.holidays empty in this time zone: the date there is told from the clock, which works from UTC-10 to UTC+13 alone."
  }

  validation {
    condition     = alltrue([for name in keys(var.scaling_schedule.more_windows) : can(regex("^[a-z][a-z0-9-]{0,39}$", name)) && name != "office"])
    error_message = "Write names in scaling_schedule.more_windows with up to 40 lower-case letters, digits and hyphens, such as late-shift. The first window is called office."
  }
}

variable "max_workspaces" {
  description = "Workspaces that may run at once at the busiest hour. A plan is refused if nodes, addresses, control nodes, builds or database cannot hold them, in a spoke if nodes, addresses or builds cannot; `coderaws capacity` shows up to what number they can. It starts nothing by itself."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.max_workspaces >= 1 && var.max_workspaces <= 10000 && floor(var.max_workspaces) == var.max_workspaces
    error_message = "Write max_workspaces as a whole number from 1 to 10000: the workspaces that run at once at the busiest hour."
  }

  validation {
    condition     = var.deployment_features.workspace_proxy || var.max_workspaces <= (var.database.max_acu <= 30 ? var.database.max_acu * 40 : max(1200, var.database.max_acu * 30))
    error_message = "${var.max_workspaces} workspaces at once need database.max_acu of at least ${var.max_workspaces <= 1200 ? ceil(var.max_workspaces / 20) / 2 : max(30, ceil(var.max_workspaces / 15) / 2)}: Coder's validated architectures have 2 GiB of database memory, which is 1 ACU, for 40 running workspaces, and for 30 above 1,200. Raise it, or lower max_workspaces."
  }
}

variable "workspace_profiles" {
  description = "Sizes of workspaces, by name: share of all running workspaces in percent, CPU (vCPU) and memory (GiB) that one is sure of (request) and may use while others do not (limit), and GiB of its home volume. Capacity is reckoned with the requests; templates should offer these sizes."
  type = map(object({
    share              = number
    cpu_request        = number
    cpu_limit          = number
    memory_request_gib = number
    memory_limit_gib   = number
    home_gib           = number
  }))
  default = {
    small  = { share = 50, cpu_request = 0.5, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 }
    medium = { share = 35, cpu_request = 1, cpu_limit = 4, memory_request_gib = 4, memory_limit_gib = 8, home_gib = 20 }
    large  = { share = 15, cpu_request = 2, cpu_limit = 8, memory_request_gib = 8, memory_limit_gib = 16, home_gib = 50 }
  }
  nullable = false

  validation {
    condition     = length(var.workspace_profiles) >= 1 && length(var.workspace_profiles) <= 20 && alltrue([for name in keys(var.workspace_profiles) : can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", name))])
    error_message = "Name 1 to 20 profiles in workspace_profiles, each with up to 32 lower-case letters, digits and inner hyphens, starting with a letter, such as small or data-science."
  }

  validation {
    condition     = sum(concat([0], [for profile in values(var.workspace_profiles) : profile.share])) == 100 && alltrue([for profile in values(var.workspace_profiles) : profile.share >= 1 && floor(profile.share) == profile.share])
    error_message = "Write share of the workspace_profiles as whole numbers of at least 1 that add up to 100, not to ${sum(concat([0], [for profile in values(var.workspace_profiles) : profile.share]))}: they are the percent of running workspaces that have each size."
  }

  validation {
    condition     = alltrue([for profile in values(var.workspace_profiles) : profile.cpu_request >= 0.1 && profile.memory_request_gib >= 0.125])
    error_message = "Write cpu_request of at least 0.1 and memory_request_gib of at least 0.125 in workspace_profiles: Coder's own agent in a workspace takes that much."
  }

  validation {
    condition     = alltrue([for profile in values(var.workspace_profiles) : profile.cpu_request <= profile.cpu_limit && profile.memory_request_gib <= profile.memory_limit_gib])
    error_message = "Write limits in workspace_profiles that are not below the requests: Kubernetes refuses a pod that may use less than it is sure of. Wrong in: ${join(", ", [for name, profile in var.workspace_profiles : name if profile.cpu_request > profile.cpu_limit || profile.memory_request_gib > profile.memory_limit_gib])}."
  }

  validation {
    condition     = alltrue([for profile in values(var.workspace_profiles) : profile.home_gib >= 1 && profile.home_gib <= 16384 && floor(profile.home_gib) == profile.home_gib])
    error_message = "Write home_gib in workspace_profiles as a whole number from 1 to 16384: a home is an EBS volume."
  }
}

variable "database" {
  description = "Aurora PostgreSQL Serverless v2: version (17 follows AWS's default minor version, 17.7 stays), whether a database that exists may go to a later major version (allow_major_version_upgrade: Coder is away for 10 to 30 minutes, and nothing leads back but a snapshot) and changes its version at once instead of in its maintenance window (apply_immediately), least and most capacity in ACU of about 2 GiB memory, days of Aurora's own backups (1 to 35), and days of daily snapshots kept by AWS Backup (more than 35; leave out for none)."
  type = object({
    engine_version              = optional(string, "17")
    allow_major_version_upgrade = optional(bool, false)
    apply_immediately           = optional(bool, false)
    min_acu                     = optional(number, 0.5)
    max_acu                     = optional(number, 4)
    backup_retention_days       = optional(number, 7)
    long_term_backup_days       = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^1[3-9](\\.[0-9]{1,2})?$", var.database.engine_version))
    error_message = "Write database.engine_version as a PostgreSQL version from 13 in quotes, such as \"17\" or \"17.7\"."
  }

  validation {
    condition     = !var.database.allow_major_version_upgrade || var.database.apply_immediately
    error_message = "With database.allow_major_version_upgrade write database.apply_immediately = true, and make the change when Coder may be away: the parameter group of the old version goes in the same run, and AWS deletes none that a cluster still has."
  }

  validation {
    condition     = alltrue([for acu in [var.database.min_acu, var.database.max_acu] : acu * 2 == floor(acu * 2)])
    error_message = "Write database.min_acu and database.max_acu in steps of 0.5."
  }

  validation {
    condition     = var.database.min_acu >= 0.5 && var.database.max_acu >= 1 && var.database.max_acu <= 256 && var.database.min_acu <= var.database.max_acu
    error_message = "Write database.min_acu of at least 0.5 (a database that pauses lets coderd wait), and database.max_acu from 1 to 256 and not below min_acu."
  }

  validation {
    condition     = var.database.backup_retention_days >= 1 && var.database.backup_retention_days <= 35 && floor(var.database.backup_retention_days) == var.database.backup_retention_days
    error_message = "Write database.backup_retention_days as a whole number from 1 to 35: Aurora keeps no backup longer. For more, set database.long_term_backup_days."
  }

  validation {
    condition     = var.database.long_term_backup_days == null ? true : var.database.long_term_backup_days > 35
    error_message = "Write database.long_term_backup_days as more than 35, or leave it out: up to 35 days backup_retention_days does better."
  }
}

variable "deletion_protection" {
  description = "What refuses to be destroyed. To destroy a deployment, set what holds data to false and apply first: database for the Aurora cluster (a final snapshot is still taken), backups for the vault of long-term backups (which are then deleted with it), records for buckets of audit records (as far as their lock allows)."
  type = object({
    database = optional(bool, true)
    backups  = optional(bool, true)
    records  = optional(bool, true)
  })
  default  = {}
  nullable = false
}

variable "ingress" {
  description = "IPv4 ranges that may reach Coder, and whether its load balancer has private addresses alone. To change internal replaces the load balancer."
  type = object({
    allowed_cidrs = optional(list(string), ["0.0.0.0/0"])
    internal      = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for cidr in var.ingress.allowed_cidrs : can(cidrnetmask(cidr))]) && length(var.ingress.allowed_cidrs) >= 1 && length(var.ingress.allowed_cidrs) <= 50
    error_message = "Write 1 to 50 IPv4 ranges in ingress.allowed_cidrs, such as 203.0.113.0/24, or 0.0.0.0/0 for everybody: a security group holds 60 rules."
  }
}

variable "observability" {
  description = "Addresses that alarms are sent to, each of which must confirm once; days that logs of the database and of Coder are kept; and whether what coderd and provisioners log goes to CloudWatch Logs (container_logs), with a licence the audit log among it."
  type = object({
    alarm_emails       = optional(list(string), [])
    log_retention_days = optional(number, 30)
    container_logs     = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for email in var.observability.alarm_emails : can(regex("^[^@ ]+@[^@ ]+$", email))])
    error_message = "Write e-mail addresses in observability.alarm_emails, such as platform-team@example.com."
  }

  validation {
    condition     = contains(module.log_retention.days, var.observability.log_retention_days)
    error_message = "Write observability.log_retention_days as CloudWatch Logs knows it: ${join(", ", module.log_retention.days)}."
  }
}

variable "fips" {
  description = "Whether cryptography is that of modules that NIST validates, as far as AWS has such: node images of Bottlerocket with FIPS, a FIPS policy for TLS at the load balancer, and workspaces that are reached through coderd's relays alone, never directly. It is no claim beyond that: docs/patterns/pubsec.md says what is not validated. To change it replaces all nodes."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.fips || alltrue([for group in var.node_groups : group.ami_type == null ? true : endswith(group.ami_type, "_FIPS")])
    error_message = "With fips = true write ami_type of each node group as one that ends in _FIPS, or leave it out: Amazon Linux has no image of EKS's with FIPS."
  }
}

variable "audit" {
  description = "Records for who looks into what happened. trail (CloudTrail, all regions), config (AWS Config), guardduty and security_hub are things that an account or a region of it has once: create makes one, exists says that others have it, such as your organization, and makes nothing; left out, nothing is said. AWS refuses a second recorder, detector or hub, and a second trail is paid for. config_role, likewise: the service-linked role of AWS Config, which Security Hub's control Config.1 wants and an account has once; left out, AWS Config records with a role of the deployment's own. resolver_queries keeps what is looked up by name in the network; load_balancer_logs who connected to Coder, when and with which encryption, as well as AWS can tell it; database_statements what changes the database's roles and tables (pgaudit: takes effect as the database starts). archive is where trail, config and load_balancer_logs go: buckets of the deployment's own, encrypted with a key of its own, in which each record is kept for retention_days (913 are 30 months), the trail behind an object lock (GOVERNANCE, which a few may open; COMPLIANCE, which nobody does, so that the bucket outlives the deployment); or bucket, of that name in this region, such as one of a log-archive account, with its kms_key_arn, whose owner lets AWS's services write into it, and keeps and deletes what is in it. In CloudWatch Logs records are kept for observability.log_retention_days, and of the network for network.flow_logs_retention_days."
  type = object({
    trail               = optional(string)
    config              = optional(string)
    config_role         = optional(string)
    guardduty           = optional(string)
    security_hub        = optional(string)
    resolver_queries    = optional(bool, false)
    load_balancer_logs  = optional(bool, false)
    database_statements = optional(bool, false)
    archive = optional(object({
      bucket         = optional(string)
      kms_key_arn    = optional(string)
      retention_days = optional(number, 913)
      lock           = optional(string, "GOVERNANCE")
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.audit.trail == null ? true : contains(["create", "exists"], var.audit.trail)
    error_message = "Write audit.trail as create or exists, or leave it out: exists is for a trail that your account or organization has already."
  }

  validation {
    condition     = var.audit.config == null ? true : contains(["create", "exists"], var.audit.config)
    error_message = "Write audit.config as create or exists, or leave it out: exists is for a recorder that your account or organization has already."
  }

  validation {
    condition     = var.audit.guardduty == null ? true : contains(["create", "exists"], var.audit.guardduty)
    error_message = "Write audit.guardduty as create or exists, or leave it out: exists is for a detector that your account or organization has already."
  }

  validation {
    condition     = var.audit.security_hub == null ? true : contains(["create", "exists"], var.audit.security_hub)
    error_message = "Write audit.security_hub as create or exists, or leave it out: exists is for a hub that your account or organization has already."
  }

  validation {
    condition     = var.audit.config_role == null ? true : contains(["create", "exists"], var.audit.config_role) && var.audit.config == "create"
    error_message = "Write audit.config_role as create or exists, with audit.config = \"create\", or leave it out: it is what AWS Config records with."
  }

  validation {
    condition     = var.audit.security_hub != "create" || var.audit.config != null
    error_message = "With audit.security_hub = \"create\" write audit.config, as create or exists: most of what Security Hub looks at is what AWS Config records."
  }

  validation {
    condition     = var.audit.archive.retention_days >= 1 && floor(var.audit.archive.retention_days) == var.audit.archive.retention_days
    error_message = "Write audit.archive.retention_days as a whole number of days, such as 913."
  }

  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.audit.archive.lock)
    error_message = "Write audit.archive.lock as GOVERNANCE or COMPLIANCE."
  }

  validation {
    condition     = var.audit.archive.bucket == null ? true : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.audit.archive.bucket))
    error_message = "Write audit.archive.bucket as a name of S3, such as agency-log-archive, not as an ARN."
  }

  validation {
    condition     = var.audit.archive.kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.audit.archive.kms_key_arn))
    error_message = "Write audit.archive.kms_key_arn as KMS shows it, such as arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab."
  }

  validation {
    condition     = var.audit.archive.kms_key_arn == null || var.audit.archive.bucket != null
    error_message = "Leave audit.archive.kms_key_arn out without audit.archive.bucket: the deployment's own buckets have a key of their own."
  }

  validation {
    condition     = var.audit.archive.bucket == null || var.audit.trail != "create" || var.audit.archive.kms_key_arn != null
    error_message = "With audit.archive.bucket and audit.trail = \"create\" write audit.archive.kms_key_arn: the key of that bucket's owner that encrypts the trail."
  }
}

variable "budget" {
  description = "Monthly budget in US dollars, and the addresses that are told at 80 %, at 100 % and when the forecast exceeds it. Leave out for none. It counts once the tag coderaws:deployment is activated for cost allocation."
  type = object({
    monthly_usd = number
    emails      = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.budget == null ? true : var.budget.monthly_usd > 0
    error_message = "Write budget.monthly_usd above 0, or leave budget out."
  }

  validation {
    condition     = var.budget == null ? true : length(var.budget.emails) <= 10 && alltrue([for email in var.budget.emails : can(regex("^[^@ ]+@[^@ ]+$", email))])
    error_message = "Write up to 10 e-mail addresses in budget.emails, which is all that AWS Budgets takes."
  }
}

variable "repositories" {
  description = "Further repositories in Amazon ECR, below the deployment's name, for what is copied there beside the platform's own images: images of workspace templates, such as devcontainers/base, and charts, such as charts/coder. Only with deployment_features.private_egress. The images in a repository are deleted with it."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.repositories : can(regex("^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$", name))])
    error_message = "Write repositories in lower case, without a registry, the deployment's name and a tag, such as devcontainers/base."
  }

  validation {
    condition     = length(var.repositories) == 0 || var.deployment_features.private_egress
    error_message = "Leave repositories out without deployment_features.private_egress: nodes reach the registries in which images are published."
  }
}

variable "tags" {
  description = "Tags of your own on everything that takes tags, such as a cost centre."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 40 && alltrue([for key, value in var.tags : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", key)) && can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$", value))])
    error_message = "Write up to 40 tags of letters, digits, spaces and _ . : / = + - @, keys with up to 128 characters and values with up to 256."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !startswith(lower(key), "aws:") && !startswith(key, "coderaws:") && !contains(["Name", "ManagedBy"], key)])
    error_message = "Leave tags that start with aws: or coderaws:, Name and ManagedBy out: AWS and this stack set those."
  }
}
