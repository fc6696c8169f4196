# SR-HA 24x7: one region, three availability zones, up to 500 workspaces at once at any hour. For teams around the world.
#
# It survives the loss of a zone: nodes, NAT gateways and database are in three of them. There is no office hour, so that no schedule
# moves the nodes: the autoscaler alone follows the load. Workspace nodes run on spot capacity, a third of them on demand.
#
# Change the first four settings. All others may stay as they are.

# Where everything runs. Choose the region nearest to the people who will work in it: every keystroke travels there and back.
region = "us-east-1"

# Starts the name of everything in AWS. It cannot change later. Two deployments in one account and region need two names.
name = "coder"

# Where Coder is served: https://coder.example.com. Workspace applications get names below it. Use a domain that you own.
domain = "coder.example.com"

# The Route 53 zone that answers for the domain.
#
# create_zone = true makes a zone for the domain alone, so that this pattern needs nothing beforehand. The internet asks that zone
# only after its four name servers are entered as NS records of "coder" in the zone of example.com. Do it as soon as the zone
# exists (its name servers are in the Route 53 console, and in the output name_servers): until then the certificate is not
# issued, and the deployment waits for it for up to 75 minutes, then fails. Run it again to go on.
#
# If example.com is in Route 53 already, in this account, write dns = {} instead: nothing waits. If several zones of that name
# exist, or the zone is not the domain's parent, say which with zone_id = "Z..." or zone_name = "...".
dns = {
  create_zone = true
}

# What this pattern has, and what others add.
deployment_features = {
  high_availability  = true  # nodes, NAT gateways and database in three zones
  time_based_scaling = false # fewer nodes outside working hours
  spot_workspaces    = true  # cheaper workspace nodes that AWS may take back
  private_egress     = false # no way to the internet
  workspace_proxy    = false # this region serves another one's Coder
  ai_gateway         = false # AI models through Amazon Bedrock
}

network = {
  # Change it if networks that will be connected to this one already use 10.0.*.*; it cannot change later. /16 to /20.
  cidr = "10.0.0.0/16"

  # Records of every connection, for investigations. More days cost more.
  flow_logs_retention_days = 30
}

cluster = {
  # One of the versions in standard support by Amazon EKS. Raise it one minor version at a time; it never goes back.
  version = "1.36"

  # From where kubectl, Helm and this program may reach the Kubernetes API, beside the VPC itself: the public addresses of your
  # office or VPN, such as ["203.0.113.7/32"]. Empty, the platform can only be installed from inside the VPC.
  public_access_cidrs = []

  # Who may administer the cluster, beside the role that creates it (which must not be listed: it already may).
  # Such as ["arn:aws:iam::123456789012:role/platform-team"].
  admin_role_arns = []
}

# How many workspaces may run at once at the busiest hour, and the sizes they may have (workspace_profiles: small, medium and large
# unless you write your own). Whatever could not hold them is refused, with the setting to raise; `coderaws capacity` shows up
# to what number these settings go.
max_workspaces = 500

node_groups = {
  # coderd and what the cluster itself needs: one node in each of two zones at least. No schedule touches them.
  control = {
    instance_types = ["m5.xlarge"]
    size           = 2
  }

  # They build, start and stop workspaces, at every hour.
  provisioner = {
    instance_types = ["c5.2xlarge"]
    min_size       = 3
    max_size       = 9
  }

  # The workspaces. min_size is what is always there, in all zones together; the autoscaler adds nodes up to max_size, which
  # limits what can be spent. Several instance types make it likely that there is spot capacity; they must be alike in vCPU
  # and memory, as the autoscaler plans with the first. These are seldom taken back in us-east-1, and `coderaws check` knows which
  # are in other regions.
  workspace = {
    instance_types       = ["m7i-flex.2xlarge", "m5d.2xlarge", "m5n.2xlarge"]
    min_size             = 15
    max_size             = 108
    on_demand_percentage = 33
    disk_gib             = 150
  }
}

# Coder itself. Its version is one of https://github.com/coder/coder/releases.
coder = {
  version = "2.35.1"

  # How people sign in. Until this is set, they have passwords, which the first owner gives them. With it, write the ARN of the client
  # secret into secrets.oidc_client_secret; once an owner has signed in this way, passwords are off.
  #
  # oidc = {
  #   issuer_url    = "https://login.example.com"
  #   client_id     = "coder"
  #   email_domains = ["example.com"]
  # }

  # Git providers whose repositories workspaces may clone, such as [{ id = "github", client_id = "Iv1.0123456789abcdef" }], with their
  # secrets in secrets.external_auth.
  external_auth = []

  # Whether Coder, the company, gets figures on how this deployment is used.
  telemetry = false

  # Anything else that coderd reads: https://coder.com/docs/reference/cli/server. A name that this version does not know is an error.
  env = {}
}

# Where secrets are: ARNs of secrets that you make in Secrets Manager, never the values themselves. Such as
#   aws secretsmanager create-secret --name coder/license --secret-string file://license.txt
#
# A Premium licence makes Coder itself highly available: one coderd on each control node, and builds on the provisioner nodes. Without it,
# one coderd runs and builds workspaces itself, and starts again within minutes if its zone is lost; the provisioner nodes stay empty.
secrets = {
  # license            = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf"
  # oidc_client_secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/oidc-AbCdEf"
  # external_auth      = { github = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/github-AbCdEf" }
}

database = {
  # Capacity follows the load within these bounds, in units of about 2 GiB of memory (ACU). The lower one is what an idle night
  # costs. Raise the upper one when the alarm database-capacity says so.
  min_acu = 1
  max_acu = 16

  # Any second of these days can be restored, 1 to 35. To keep daily snapshots longer, add long_term_backup_days = 365.
  backup_retention_days = 14
}

# The way out. AWS refuses to delete the database while this is true: to destroy the deployment, set it to false and apply first.
# A last snapshot is taken even then.
deletion_protection = {
  database = true
}

ingress = {
  # Who may reach Coder. Everybody may reach the sign-in page with 0.0.0.0/0; name the networks of your company to be stricter.
  # Workspaces themselves are always allowed.
  allowed_cidrs = ["0.0.0.0/0"]

  # true for people who come through a VPN or Direct Connect only.
  internal = false
}

observability = {
  # Who is told when something is wrong, such as ["platform-team@example.com"]. AWS asks each address to confirm.
  alarm_emails = []

  # true keeps what coderd and provisioners log in CloudWatch Logs for log_retention_days, 30 unless set; with a licence Coder's audit log is
  # among it.
  container_logs = false
}

# Who connected to Coder, when and with which encryption, kept for 30 months in a bucket of the deployment's own.
audit = {
  load_balancer_logs = true
}

# A warning before the bill, not a limit. Add your address, and activate the tag coderaws:deployment for cost allocation in the
# billing console a day after the first deployment.
budget = {
  monthly_usd = 25000
  emails      = []
}

# On everything, such as { CostCenter = "1234" }.
tags = {}
