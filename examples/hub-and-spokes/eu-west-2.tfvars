# A spoke: workspaces, what builds them, and a workspace proxy for Europe, in London. Coder itself is the hub's, in us-east-2.

region = "eu-west-2"
name   = "coder-europe"
domain = "coder-europe.example.com"

dns = {
  zone_name = "example.com"
}

deployment_features = {
  workspace_proxy = true # this region serves the hub's Coder
}

network = {
  cidr = "10.2.0.0/16"
}

cluster = {
  public_access_cidrs = ["203.0.113.7/32"]
}

max_workspaces = 30

node_groups = {
  control = {
    instance_types = ["m5.large"]
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

ingress = {
  allowed_cidrs = ["0.0.0.0/0"]
}
