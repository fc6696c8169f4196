# What the releases are given in a region that serves the Coder of another one. No chart is rendered here: rehearsals do that.
# Run: terraform init && terraform test

mock_provider "helm" {}

variables {
  cloud = {
    region            = "us-west-2"
    name              = "coder"
    domain            = "coder-usw2.example.com"
    access_url        = "https://coder-usw2.example.com"
    wildcard_domain   = "*.coder-usw2.example.com"
    high_availability = true
    zones             = ["us-west-2a", "us-west-2b", "us-west-2c"]

    cluster = {
      name                       = "coder"
      endpoint                   = "https://0123456789ABCDEF0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com"
      certificate_authority_data = "LS0tLS1CRUdJTg=="
      version                    = "1.35"
    }
    network = { cidr = "10.0.0.0/16", service_cidr = "172.20.0.0/16" }
    node_groups = {
      control     = { labels = { "coder.com/node-group" = "control" }, taints = {} }
      provisioner = { labels = { "coder.com/node-group" = "provisioner" }, taints = { "coder.com/node-group" = { value = "provisioner", effect = "NO_SCHEDULE" } } }
      workspace   = { labels = { "coder.com/node-group" = "workspace" }, taints = { "coder.com/node-group" = { value = "workspace", effect = "NO_SCHEDULE" } } }
    }
    control = { nodes = 2, cpu_millicores = 3000, memory_mib = 12000 }
    provisioners = {
      peak     = 21
      off_peak = 7
      max      = 63
      schedule = {
        timezone = "America/New_York"
        holidays = ["2026-12-25"]
        windows  = { office = { start_time = "45 6 * * MON-FRI", stop_time = "15 18 * * MON-FRI" } }
      }
    }
    workspaces = {
      supported = 512
      profiles = {
        large = { cpu_request = 2, cpu_limit = 8, memory_request_gib = 8, memory_limit_gib = 16, home_gib = 50 }
        small = { cpu_request = 0.5, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 }
      }
    }
    autoscaler    = { max_nodes = 119, priorities = { "20" = ["^eks-workspace-spot-.*"], "10" = [".*"] } }
    load_balancer = { hostname = "coder-0123456789abcdef.elb.us-west-2.amazonaws.com", node_port = 30080, internal = false, cidrs = ["10.0.240.0/24"] }
    service_accounts = {
      coderd             = { namespace = "coder", name = "coder", role_arn = "arn:aws:iam::123456789012:role/coder-us-west-2-coderd" }
      provisioner        = { namespace = "coder-provisioners", name = "coder-provisioner", role_arn = "arn:aws:iam::123456789012:role/coder-us-west-2-provisioner" }
      cluster-autoscaler = { namespace = "kube-system", name = "cluster-autoscaler", role_arn = "arn:aws:iam::123456789012:role/coder-us-west-2-cluster-autoscaler" }
    }
    secrets = {
      proxy_token     = "arn:aws:secretsmanager:us-west-2:123456789012:secret:coder/proxy-token-AbCdEf"
      provisioner_key = "arn:aws:secretsmanager:us-west-2:123456789012:secret:coder/provisioner-key-AbCdEf"
    }
    images              = {}
    storage_kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    alarm_topic_arn     = "arn:aws:sns:us-west-2:123456789012:coder-alarms"
  }

  deployment_features = { high_availability = true, workspace_proxy = true }
  hub = {
    region     = "us-east-2"
    name       = "coder"
    access_url = "https://coder.example.com"
    nat_cidrs  = ["203.0.113.7/32"]
  }
}

run "proxy" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.coder.values[0]).coder.workspaceProxy && yamldecode(helm_release.coder.values[0]).coder.replicaCount == 2
    error_message = "In the place of coderd there is a proxy on each control node."
  }

  # All that a proxy reads: what is coderd's is no setting of it.
  assert {
    condition = { for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => try(env.value, env.valueFrom.secretKeyRef.name) } == {
      CODER_PRIMARY_ACCESS_URL             = "https://coder.example.com"
      CODER_PROXY_SESSION_TOKEN            = "coder-secrets"
      CODER_ACCESS_URL                     = "https://coder-usw2.example.com"
      CODER_WILDCARD_ACCESS_URL            = "*.coder-usw2.example.com"
      CODER_SECURE_AUTH_COOKIE             = "true"
      CODER_STRICT_TRANSPORT_SECURITY      = "31536000"
      CODER_PROMETHEUS_ENABLE              = "true"
      CODER_BLOCK_DIRECT                   = "false"
      CODER_DISABLE_OWNER_WORKSPACE_ACCESS = "false"
      CODER_DISABLE_PATH_APPS              = "false"
    }
    error_message = "A proxy is told ${jsonencode(yamldecode(helm_release.coder.values[0]).coder.env)}."
  }

  assert {
    condition     = yamldecode(helm_release.foundation.values[0]).coder.secrets == { CODER_PROXY_SESSION_TOKEN = var.cloud.secrets.proxy_token }
    error_message = "Its token comes from the region's secret, and nothing else does."
  }

  assert {
    condition     = [for mount in yamldecode(helm_release.coder.values[0]).coder.volumeMounts : mount.mountPath] == ["/var/run/secrets/coder"]
    error_message = "It mounts its token, and no authorities of a database."
  }

  assert {
    condition     = yamldecode(helm_release.foundation.values[0]).database == null && yamldecode(helm_release.foundation.values[0]).owner == null && yamldecode(helm_release.entrance.values[0]).owner == null
    error_message = "A spoke has a job for a database or a first owner."
  }

  # Without a licence of its own: the hub's holds.
  assert {
    condition     = { for env in yamldecode(helm_release.provisioner["coder-provisioner"].values[0]).coder.env : env.name => env.value }["CODER_URL"] == "https://coder.example.com"
    error_message = "Provisioners of a spoke ask the hub."
  }

  assert {
    condition     = helm_release.coder.version == helm_release.provisioner["coder-provisioner"].version && output.coderd.licensed
    error_message = "Proxy and provisioners have one version."
  }
}

run "without_a_hub" {
  command = plan

  variables {
    hub = null
  }

  expect_failures = [var.hub]
}

run "its_own_hub" {
  command = plan

  variables {
    hub = { region = "us-east-2", name = "coder", access_url = "https://coder-usw2.example.com", nat_cidrs = [] }
  }

  expect_failures = [var.hub]
}

# What coderd alone reads is refused where it is written.
run "settings_of_a_hub" {
  command = plan

  variables {
    coder                = { audit_log_days = 30 }
    database_authorities = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
  }

  expect_failures = [var.coder, var.database_authorities]
}
