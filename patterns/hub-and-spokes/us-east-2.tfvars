# Hub and spokes: one Coder for people in three regions, up to 600 workspaces at once in office hours. For production.
#
# The hub, us-east-2, has coderd and its database, over three availability zones. The spokes, us-west-2 and eu-west-2, have workspaces, the
# provisioners that build them, and a workspace proxy near their people each, and no database. People sign in to one Coder.
#
# Change the first settings of each file, the licence below, and the working hours. All others may stay as they are.

# Where the hub runs: in the middle of the people who use the dashboard. Which region is the hub cannot change later.
region = "us-east-2"

# Starts the name of everything in AWS, in this region. It cannot change later. The spokes may have the same name.
name = "coder"

# Where Coder is served: https://coder.example.com. People sign in here, whichever region they work in. The spokes have names beside this
# one, such as coder-usw2.example.com, and never below it: browsers would mix up what they keep of both.
domain = "coder.example.com"

# The Route 53 zone that answers for the domain. With create_zone = true a zone is made for this domain alone, to be delegated from its parent:
# enter its name servers there as soon as it exists, as the certificate waits for it. If example.com is in Route 53 already, in this account,
# write dns = {} in all three files instead: nothing waits.
dns = {
  create_zone = true
}

deployment_features = {
  high_availability  = true  # nodes, NAT gateways and database in three zones
  time_based_scaling = true  # fewer nodes outside working hours
  spot_workspaces    = true  # cheaper workspace nodes that AWS may take back
  private_egress     = false # no way to the internet
  workspace_proxy    = false # the hub: a spoke says true
  ai_gateway         = false # AI models through Amazon Bedrock
}

network = {
  # Each region has a range of its own, so that the networks can be connected one day. It cannot change later.
  cidr = "10.0.0.0/16"
}

cluster = {
  # From where kubectl, Helm and this program may reach the Kubernetes API, beside the VPC itself, such as ["203.0.113.7/32"].
  public_access_cidrs = []
}

# How many workspaces may run at once in this region. The control nodes and the database serve those of all regions: see below.
max_workspaces = 300

node_groups = {
  # coderd, for the workspaces of all three regions: 600.
  control = {
    instance_types = ["m5.xlarge"]
    size           = 3
  }

  # They build the workspaces of this region, and check every template.
  provisioner = {
    instance_types    = ["c5.2xlarge"]
    min_size          = 2
    off_peak_min_size = 1
    max_size          = 6
  }

  # The workspaces of this region. AWS seldom takes these types back here: `coderaws check` knows which are so in other regions, and they must
  # be alike in vCPU and memory.
  workspace = {
    instance_types       = ["m7i-flex.2xlarge", "m5a.2xlarge", "m5d.2xlarge"]
    min_size             = 9
    off_peak_min_size    = 0
    max_size             = 69
    on_demand_percentage = 20
    disk_gib             = 150
  }
}

# Working hours, by the clock of an IANA time zone. Each region has those of its own people.
scaling_schedule = {
  start_time = "45 6 * * MON-FRI"
  stop_time  = "15 18 * * MON-FRI"
  timezone   = "America/New_York"
  holidays   = []
}

# Coder itself. Hub and spokes have one version: raise it in all three files at once.
coder = {
  version = "2.35.1"

  # Sign-in, Git providers and all else that concerns people stands here, in the hub, alone.
  telemetry = false
}

# Workspace proxies and provisioners outside of coderd are Premium features: without a licence there are no spokes. Make the secret, and write
# its ARN here. The spokes need none of their own.
#   aws secretsmanager create-secret --region us-east-2 --name coder/license --secret-string file://license.txt
secrets = {
  license = "arn:aws:secretsmanager:us-east-2:123456789012:secret:coder/license-AbCdEf"
}

# For the workspaces of all three regions: 16 ACU hold 640.
database = {
  min_acu = 1
  max_acu = 16

  # Any second of these days can be restored, 1 to 35.
  backup_retention_days = 14
}

deletion_protection = {
  database = true
}

ingress = {
  # Who may reach Coder. If you name the networks of your company, the other regions' own addresses are admitted besides.
  allowed_cidrs = ["0.0.0.0/0"]
  internal      = false
}

observability = {
  # Who is told when something is wrong, such as ["platform-team@example.com"]. AWS asks each address to confirm.
  alarm_emails = []
}

# Who connected to Coder, when and with which encryption, kept for 30 months in a bucket of the deployment's own.
audit = {
  load_balancer_logs = true
}

# On everything, such as { CostCenter = "1234" }.
tags = {}
