# A spoke of hub and spokes: workspaces in us-west-2, and a workspace proxy near its people.
#
# The hub is in us-east-2: see us-east-2.tfvars. Here are no database, no sign-in and no licence.

# Where the workspaces run: near the people, since every keystroke travels there and back.
region = "us-west-2"

# Starts the name of everything in AWS, in this region. It cannot change later.
name = "coder"

# Where this region's proxy is reached: https://coder-usw2.example.com, beside the hub's coder.example.com. People seldom see it: their browsers go
# there for terminals and applications of workspaces once they have chosen this region.
domain = "coder-usw2.example.com"

# As in the hub.
dns = {
  create_zone = true
}

deployment_features = {
  high_availability  = true  # nodes and NAT gateways in three zones, a proxy on each control node
  time_based_scaling = true  # fewer nodes outside working hours
  spot_workspaces    = true  # cheaper workspace nodes that AWS may take back
  private_egress     = false # no way to the internet
  workspace_proxy    = true  # this region serves another one's Coder
  ai_gateway         = false # the hub has it, for all regions
}

network = {
  # None of the ranges of the other regions. It cannot change later.
  cidr = "10.1.0.0/16"
}

cluster = {
  # As in the hub: from where the Kubernetes API of this region is reached, such as ["203.0.113.7/32"].
  public_access_cidrs = []
}

# How many workspaces may run at once in this region.
max_workspaces = 150

node_groups = {
  # The workspace proxy: one on each of two nodes in different zones.
  control = {
    instance_types = ["m5.large"]
    size           = 2
  }

  # They build the workspaces of this region, and of no other: their key, which this program has the hub issue, says so.
  provisioner = {
    instance_types    = ["c5.xlarge"]
    min_size          = 2
    off_peak_min_size = 1
    max_size          = 6
  }

  # The workspaces of this region.
  workspace = {
    instance_types       = ["m7i-flex.2xlarge", "m7i.2xlarge", "m6in.2xlarge"]
    min_size             = 6
    off_peak_min_size    = 0
    max_size             = 42
    on_demand_percentage = 20
    disk_gib             = 150
  }
}

# The working hours of the people here.
scaling_schedule = {
  start_time = "45 6 * * MON-FRI"
  stop_time  = "15 18 * * MON-FRI"
  timezone   = "America/Los_Angeles"
  holidays   = []
}

# The version of the hub: proxy, provisioners and coderd are one release.
coder = {
  version = "2.35.1"
}

ingress = {
  # Who may reach the proxy: the people of all regions. The addresses of the other regions are admitted besides.
  allowed_cidrs = ["0.0.0.0/0"]
  internal      = false
}

observability = {
  # Who is told when something is wrong here.
  alarm_emails = []
}

audit = {
  load_balancer_logs = true
}

tags = {}
