# PubSec GovCloud: PubSec in AWS GovCloud (US), where certificates are yours and names are found inside the network alone.
#
# As PubSec, with what GovCloud does otherwise: Route 53 has no public zones, so that the domain is found in a private one and by whatever
# names your connected networks have, the certificate is one that you bring, and there is no budget.
#
# Change the first five settings. docs/patterns/pubsec.md says what has to be there beforehand.

# Where everything runs: us-gov-west-1 or us-gov-east-1.
region = "us-gov-west-1"

# Starts the name of everything in AWS. It cannot change later. Two deployments in one account and region need two names.
name = "coder"

# Where Coder is served: https://coder.example.com. Workspace applications get names below it. Use a domain that you own.
domain = "coder.example.com"

# The domain is in a private Route 53 zone, which this network alone asks. For people outside of it, forward the domain from the DNS of
# your networks to a resolver endpoint here, or enter the addresses there that the load balancer has.
dns = {
  records = "private"
}

# A certificate for the domain and its wildcard: import one of your authority's into ACM, and write its ARN.
certificate_arn = "arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"

# Cryptography of modules that NIST validates, as far as AWS has such: node images, TLS at the load balancer, and no direct way to workspaces.
# docs/patterns/pubsec.md says what is not validated.
fips = true

# What this pattern has, and what others add.
deployment_features = {
  high_availability  = true  # nodes, endpoints and database in three zones
  time_based_scaling = true  # fewer nodes outside working hours
  spot_workspaces    = false # cheaper workspace nodes that AWS may take back: not here
  private_egress     = true  # no way to the internet
  workspace_proxy    = false # this region serves another one's Coder
  ai_gateway         = false # AI models through Amazon Bedrock
}

network = {
  # Change it if networks that will be connected to this one already use 10.0.*.*; it cannot change later. /16 to /20.
  cidr = "10.0.0.0/16"

  # Records of every connection, for investigations. More days cost more.
  flow_logs_retention_days = 365

  # Endpoints are made for every service that the platform itself calls. Name more of them for what templates call: sts is for templates
  # that make AWS resources, which need more than that. Each costs by the hour in each zone.
  endpoints = {
    extra = ["sts"]
  }
}

cluster = {
  # One of the versions in standard support by Amazon EKS. Raise it one minor version at a time; it never goes back.
  version = "1.36"

  # Nobody reaches the Kubernetes API over the internet. The platform is installed from inside the VPC, or from a network that is
  # connected to it.
  public_access_cidrs = []

  # What the control plane was asked, by whom. More days cost more.
  log_retention_days = 365

  # Who may administer the cluster, beside the role that creates it (which must not be listed: it already may).
  # Such as ["arn:aws-us-gov:iam::123456789012:role/platform-team"].
  admin_role_arns = []
}

# How many workspaces may run at once at the busiest hour, and the sizes they may have (workspace_profiles: small, medium and large
# unless you write your own). Whatever could not hold them is refused, with the setting to raise; `coderaws capacity` shows up
# to what number these settings go.
max_workspaces = 100

node_groups = {
  # coderd and what the cluster itself needs: one node in each of two zones at least. No schedule touches them.
  control = {
    instance_types = ["m5.xlarge"]
    size           = 2
  }

  # They build, start and stop workspaces. min_size is for the day, off_peak_min_size for the night. Workspaces are also stopped and
  # cleaned up at night and on Sundays, so that one node always stays.
  provisioner = {
    instance_types    = ["c5.2xlarge"]
    min_size          = 1
    off_peak_min_size = 1
    max_size          = 3
  }

  # The workspaces, on demand. min_size is what is ready in the morning, in all zones together, off_peak_min_size what stays at night
  # whether used or not; the autoscaler adds nodes up to max_size, which limits what can be spent.
  workspace = {
    instance_types    = ["m5.2xlarge"]
    min_size          = 3
    off_peak_min_size = 0
    max_size          = 30
    disk_gib          = 150
  }
}

# Working hours, by the clock of an IANA time zone. Nodes that start at 06:45 are ready by 07:00. In the evening only the minimum
# falls: nodes with workspaces on them stay until those stop. Times are cron: minute, hour, day of month, month, weekdays.
scaling_schedule = {
  start_time = "45 6 * * MON-FRI"
  stop_time  = "15 18 * * MON-FRI"
  timezone   = "America/New_York"

  # Dates on which nothing starts in the morning, such as ["2026-12-25", "2027-01-01"].
  holidays = []

  # Further windows, such as { saturday = { start_time = "45 8 * * SAT", stop_time = "15 13 * * SAT" } }.
  more_windows = {}
}

# Coder itself. Its version is one of https://github.com/coder/coder/releases.
coder = {
  version = "2.35.1"

  # How people sign in. Until this is set, they have passwords, which the first owner gives them. With it, write the ARN of the client
  # secret into secrets.oidc_client_secret; once an owner has signed in this way, passwords are off. coderd asks the provider at its
  # start, and stops if it does not answer: it must be in this network or in one that is connected to it.
  #
  # oidc = {
  #   issuer_url    = "https://login.example.com"
  #   client_id     = "coder"
  #   email_domains = ["example.com"]
  # }

  # Git providers whose repositories workspaces may clone, in this network or a connected one, with their secrets in
  # secrets.external_auth.
  external_auth = []

  # Agents and people would be told their addresses by servers of Google's. Without them they meet through coderd.
  stun_addresses = ["disable"]

  # Anything else that coderd reads: https://coder.com/docs/reference/cli/server. A name that this version does not know is an error.
  env = {}
}

# Where secrets are: ARNs of secrets that you make in Secrets Manager, never the values themselves. Such as
#   aws secretsmanager create-secret --name coder/license --secret-string file://license.txt
#
# A Premium licence makes Coder itself highly available: one coderd on each control node, and builds on the provisioner nodes. Without it,
# one coderd runs and builds workspaces itself, and starts again within minutes if its zone is lost; the provisioner nodes stay empty.
secrets = {
  # license            = "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:coder/license-AbCdEf"
  # oidc_client_secret = "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:coder/oidc-AbCdEf"
  # external_auth      = { github = "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:coder/github-AbCdEf" }
}

database = {
  # Capacity follows the load within these bounds, in units of about 2 GiB of memory (ACU). The lower one is what an idle night
  # costs. Raise the upper one when the alarm database-capacity says so.
  min_acu = 1
  max_acu = 8

  # Any second of these days can be restored, 1 to 35.
  backup_retention_days = 35

  # Daily snapshots beyond that, kept by AWS Backup.
  long_term_backup_days = 365
}

# The way out. AWS refuses to delete the database while this is true: to destroy the deployment, set it to false and apply first.
# A last snapshot is taken even then.
deletion_protection = {
  database = true
}

ingress = {
  # Who may reach Coder: the ranges of the networks that are connected to this one. Workspaces themselves are always allowed.
  allowed_cidrs = ["10.0.0.0/8"]

  # The load balancer has private addresses alone.
  internal = true
}

observability = {
  # Who is told when something is wrong, such as ["platform-team@example.com"]. AWS asks each address to confirm.
  alarm_emails = []

  # What coderd and provisioners log goes to CloudWatch Logs; with a licence Coder's audit log is among it.
  container_logs     = true
  log_retention_days = 365
}

# Records for who looks into what happened. The first five are things that an account has once: create makes them, exists says that your
# organization has them already, and makes nothing. AWS refuses a second recorder of AWS Config, detector of GuardDuty or Security Hub, and a
# second trail is paid for.
audit = {
  trail        = "create" # who did what in the account, of all regions, locked against deletion
  config       = "create" # what changed
  config_role  = "create" # AWS Config's own role, which Security Hub wants
  guardduty    = "create" # what looks like an attack
  security_hub = "create" # what falls short of AWS's own standard and of NIST SP 800-53

  resolver_queries    = true # which names were looked up in the network
  load_balancer_logs  = true # who connected to Coder
  database_statements = true # who changed tables and roles of the database

  # Where trail, AWS Config and the load balancer write: buckets of the deployment's own, where each record is kept for 30 months. With
  # bucket and kms_key_arn, those of a log-archive account instead.
  archive = {
    retention_days = 913
  }
}

# On everything, such as { CostCenter = "1234" }.
tags = {}
