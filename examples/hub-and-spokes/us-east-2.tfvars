# The hub: coderd, its database and the workspaces of the Americas, in Ohio. People in all regions sign in here.

region = "us-east-2"
name   = "coder"
domain = "coder.example.com"

dns = {
  zone_name = "example.com"
}

# Each region has a range of its own, so that the three can be connected one day.
network = {
  cidr = "10.0.0.0/16"
}

cluster = {
  public_access_cidrs = ["203.0.113.7/32"]
}

max_workspaces = 30

node_groups = {
  control = {
    instance_types = ["m5.xlarge"]
    size           = 1
  }
  provisioner = {
    instance_types = ["c5.xlarge"]
    min_size       = 1
    max_size       = 2
  }
  workspace = {
    instance_types = ["m5.2xlarge"]
    min_size       = 1
    max_size       = 10
  }
}

coder = {
  version = "2.35.1"
}

# Workspace proxies and provisioners outside of coderd are features of a Premium licence. The hub's holds for all regions.
secrets = {
  license = "arn:aws:secretsmanager:us-east-2:123456789012:secret:coder/license-AbCdEf"
}

database = {
  min_acu = 1
  max_acu = 8
}

# The other regions call coderd from the internet, and Coder's own sign-in keeps people out.
ingress = {
  allowed_cidrs = ["0.0.0.0/0"]
}
