# What the releases are given, without a licence and with one. No chart is rendered here: rehearsals do that.
# Run: terraform init && terraform test

mock_provider "helm" {}

variables {
  cloud = {
    region            = "us-east-1"
    name              = "coder"
    domain            = "coder.example.com"
    access_url        = "https://coder.example.com"
    wildcard_domain   = "*.coder.example.com"
    high_availability = true
    zones             = ["us-east-1a", "us-east-1b", "us-east-1c"]

    cluster = {
      name                       = "coder"
      endpoint                   = "https://0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com"
      certificate_authority_data = "LS0tLS1CRUdJTg=="
      version                    = "1.35"
    }
    network = { cidr = "10.0.0.0/16", service_cidr = "172.20.0.0/16" }
    database = {
      host              = "coder.cluster-abc.us-east-1.rds.amazonaws.com"
      port              = 5432
      name              = "coder"
      user              = "coder"
      resource_id       = "cluster-ABC"
      master_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-abc-AbCdEf"
    }
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
    load_balancer = { hostname = "coder-0123456789abcdef.elb.us-east-1.amazonaws.com", node_port = 30080, internal = false, cidrs = ["10.0.240.0/24"] }
    service_accounts = {
      coderd             = { namespace = "coder", name = "coder", role_arn = "arn:aws:iam::123456789012:role/coder-us-east-1-coderd" }
      database-setup     = { namespace = "coder", name = "coder-database-setup", role_arn = "arn:aws:iam::123456789012:role/coder-us-east-1-database-setup" }
      first-owner        = { namespace = "coder", name = "coder-first-owner", role_arn = "arn:aws:iam::123456789012:role/coder-us-east-1-first-owner" }
      provisioner        = { namespace = "coder-provisioners", name = "coder-provisioner", role_arn = "arn:aws:iam::123456789012:role/coder-us-east-1-provisioner" }
      cluster-autoscaler = { namespace = "kube-system", name = "cluster-autoscaler", role_arn = "arn:aws:iam::123456789012:role/coder-us-east-1-cluster-autoscaler" }
    }
    secrets = {
      owner_password  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/owner-password-AbCdEf"
      provisioner_key = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/provisioner-key-AbCdEf"
    }
    images              = {}
    storage_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    alarm_topic_arn     = "arn:aws:sns:us-east-1:123456789012:coder-alarms"
  }
}

run "without_a_licence" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.coder.values[0]).coder.replicaCount == 1 && length(helm_release.provisioner) == 0
    error_message = "Without a licence there is one coderd and no external provisioner."
  }

  assert {
    condition     = { for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => try(env.value, "") }["CODER_PROVISIONER_DAEMONS"] == "3"
    error_message = "Without a licence coderd builds by itself."
  }

  # Whoever answers has to be the database: coderd would give a token of its own to anybody else.
  assert {
    condition     = strcontains({ for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => try(env.value, "") }["CODER_PG_CONNECTION_URL"], "?sslmode=verify-full&sslrootcert=/etc/coder/database-authorities/rds.pem")
    error_message = "coderd verifies the certificate of the database."
  }

  assert {
    condition     = yamldecode(helm_release.foundation.values[0]).database.tls == "verify-full" && strcontains(yamldecode(helm_release.foundation.values[0]).database.authorities.pem, "-----BEGIN CERTIFICATE-----")
    error_message = "So does the job that makes its user."
  }

  assert {
    condition     = [for mount in yamldecode(helm_release.coder.values[0]).coder.volumeMounts : mount.mountPath] == ["/etc/coder/database-authorities"]
    error_message = "The authorities are mounted where the URL says."
  }

  assert {
    condition     = yamldecode(helm_release.foundation.values[0]).workspaces.builder == { name = "coder", namespace = "coder" }
    error_message = "Without a licence coderd may make workspaces."
  }

  # One coderd does not answer on two nodes.
  assert {
    condition     = yamldecode(helm_release.entrance.values[0]).coder.externalTrafficPolicy == "Cluster"
    error_message = "A node without a coderd has to pass on what the load balancer sends."
  }

  assert {
    condition     = length(yamldecode(helm_release.foundation.values[0]).provisioners.schedule) == 0
    error_message = "Without external provisioners nothing has hours."
  }

  assert {
    condition     = yamldecode(helm_release.coder.values[0]).coder.image.tag == "v2.35.1" && yamldecode(helm_release.coder.values[0]).coder.service.type == "ClusterIP"
    error_message = "The image has the chart's version, and the chart makes no load balancer."
  }

  assert {
    condition     = { for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => try(env.value, "") }["CODER_WILDCARD_ACCESS_URL"] == "*.coder.example.com"
    error_message = "coderd exits if the wildcard has a scheme."
  }
}

run "a_way_to_the_cluster_without_tls" {
  command = plan

  variables {
    cluster_access = { host = "http://127.0.0.1:8443", tls_server_name = "0123ABCD.gr7.us-east-1.eks.amazonaws.com" }
  }

  expect_failures = [var.cluster_access]
}

run "a_way_to_the_cluster" {
  command = plan

  variables {
    cluster_access = { host = "https://127.0.0.1:8443", tls_server_name = "0123ABCD.gr7.us-east-1.eks.amazonaws.com" }
  }

  assert {
    condition     = keys(helm_release.provisioner) == [] && helm_release.coder.name == "coder"
    error_message = "The Helm provider takes the way, and what is installed is the same."
  }
}

run "with_a_licence" {
  command = plan

  variables {
    secrets = {
      license            = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf"
      oidc_client_secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/oidc-AbCdEf"
      external_auth      = { gitlab = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/gitlab-AbCdEf" }
    }
    coder = {
      oidc = { issuer_url = "https://login.example.com", client_id = "coder", group_field = "groups" }
      external_auth = [
        { id = "github", client_id = "abc", device_flow = true },
        { id = "gitlab", type = "gitlab", client_id = "def" },
      ]
    }
    oidc_proven = true
  }

  assert {
    condition     = yamldecode(helm_release.coder.values[0]).coder.replicaCount == 2 && yamldecode(helm_release.provisioner["coder-provisioner"].values[0]).coder.replicaCount == 21
    error_message = "With a licence there is a coderd on each control node, and as many provisioners as their nodes hold."
  }

  # In an upgrade the new pod starts beside the old one.
  assert {
    condition     = yamldecode(helm_release.coder.values[0]).coder.resources.requests == { cpu = "1500m", memory = "6000Mi" }
    error_message = "coderd asks for half of a control node."
  }

  assert {
    condition     = !helm_release.provisioner["coder-provisioner"].wait && yamldecode(helm_release.provisioner["coder-provisioner"].values[0]).provisionerDaemon.pskSecretName == ""
    error_message = "Provisioners wait for their key by themselves, and have no pre-shared one."
  }

  assert {
    condition     = [for taint in yamldecode(helm_release.provisioner["coder-provisioner"].values[0]).coder.tolerations : "${taint.key}=${taint.value}:${taint.effect}"] == ["coder.com/node-group=provisioner:NoSchedule"]
    error_message = "Provisioners tolerate the taint of their nodes."
  }

  assert {
    condition     = yamldecode(helm_release.foundation.values[0]).workspaces.builder.namespace == "coder-provisioners" && yamldecode(helm_release.entrance.values[0]).coder.externalTrafficPolicy == "Local"
    error_message = "With a licence provisioners make workspaces, and each control node has a coderd that sees its clients' addresses."
  }

  assert {
    condition = [for edge in yamldecode(helm_release.foundation.values[0]).provisioners.schedule : [edge.name, edge.replicas, edge.heedsHolidays]] == [
      ["office-start", 21, true], ["office-stop", 7, false],
    ]
    error_message = "Provisioners follow the hours of their nodes."
  }

  assert {
    condition     = yamldecode(helm_release.foundation.values[0]).provisioners.scaling == { min = 21, max = 63 }
    error_message = "While they are busy, there are as many provisioners as all their nodes hold."
  }

  # By number of the provider: coderd reads them in that order.
  assert {
    condition     = join(" ", [for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name if can(env.valueFrom)]) == "CODER_EXTERNAL_AUTH_1_CLIENT_SECRET CODER_OIDC_CLIENT_SECRET"
    error_message = "coderd gets each secret from Secrets Manager."
  }

  assert {
    condition     = yamldecode(helm_release.coder.values[0]).coder.volumes[0].csi.volumeAttributes.secretProviderClass == "coder-secrets"
    error_message = "A secret reaches the environment only of a pod that mounts it."
  }

  assert {
    condition     = { for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => try(env.value, "") }["CODER_DISABLE_PASSWORD_AUTH"] == "true"
    error_message = "Once somebody has signed in by OIDC, passwords are off."
  }

  # The licence is given to coderd's API.
  assert {
    condition     = !anytrue([for release in [helm_release.foundation, helm_release.coder] : strcontains(release.values[0], "coder/license")])
    error_message = "The licence does not enter the cluster."
  }
}

# More coderd than control nodes would wait for a node for ever.
run "more_replicas_than_control_nodes" {
  command = plan

  variables {
    secrets = { license = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf" }
    coder   = { replicas = 3 }
  }

  expect_failures = [helm_release.coder]
}

run "premium_without_a_licence" {
  command = plan

  variables {
    coder        = { browser_only = true }
    provisioners = { replicas = 2 }
  }

  expect_failures = [var.coder, var.provisioners]
}

run "premium_secrets_without_a_licence" {
  command = plan

  variables {
    secrets = { env = { CODER_SCIM_AUTH_HEADER = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/scim-AbCdEf" } }
  }

  expect_failures = [var.secrets]
}

# A Git server somewhere in 10.0.0.0/8 does not open the database, which is there as well.
run "ranges_around_the_vpc" {
  command = plan

  variables {
    workspaces = { egress = { allowed_cidrs = ["10.0.0.0/8", "10.20.0.0/16", "172.16.0.0/12", "0.0.0.0/1", "128.0.0.0/1"] } }
  }

  assert {
    condition = { for range in yamldecode(helm_release.foundation.values[0]).workspaces.egress.ranges : range.cidr => range.except } == {
      "10.0.0.0/8"    = ["10.0.0.0/16"]
      "10.20.0.0/16"  = []
      "172.16.0.0/12" = ["172.20.0.0/16"]
      "0.0.0.0/1"     = ["10.0.0.0/16"]
      "128.0.0.0/1"   = ["172.20.0.0/16", "169.254.0.0/16"]
    }
    error_message = "The VPC, the cluster's Services and link-local addresses are cut out of ranges around them."
  }
}

# The VPC is closed to workspaces, and an internal load balancer is in it.
run "an_internal_load_balancer" {
  command = plan

  variables {
    cloud = merge(var.cloud, { load_balancer = merge(var.cloud.load_balancer, { internal = true }) })
  }

  assert {
    condition     = yamldecode(helm_release.foundation.values[0]).workspaces.egress.ranges == [{ cidr = "10.0.240.0/24", except = [], ports = [443] }]
    error_message = "Workspaces reach the load balancer's subnets in the VPC, by HTTPS alone."
  }
}

run "the_vpc_itself" {
  command = plan

  variables {
    workspaces = { egress = { allowed_cidrs = ["10.0.0.0/16"] } }
  }

  expect_failures = [helm_release.foundation]
}

run "a_subnet_of_the_vpc" {
  command = plan

  variables {
    workspaces = { egress = { allowed_cidrs = ["10.0.128.0/20"] } }
  }

  expect_failures = [helm_release.foundation]
}

# The Kubernetes API is 172.20.0.1, too.
run "services_of_the_cluster" {
  command = plan

  variables {
    workspaces = { egress = { allowed_cidrs = ["172.20.8.0/24"] } }
  }

  expect_failures = [helm_release.foundation]
}

run "instance_metadata" {
  command = plan

  variables {
    workspaces = { egress = { allowed_cidrs = ["169.254.169.254/32"] } }
  }

  expect_failures = [helm_release.foundation]
}

# As `coderaws bundle push` writes it.
run "images_by_digest" {
  command = plan

  variables {
    images = {
      prefix = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team"
      digests = {
        "coder/coder:v2.35.1"                         = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
        "autoscaling/cluster-autoscaler:v1.35.0"      = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
        "docker/library/postgres:17.6-bookworm"       = "sha256:3333333333333333333333333333333333333333333333333333333333333333"
        "aws-observability/aws-for-fluent-bit:2.32.5" = "sha256:4444444444444444444444444444444444444444444444444444444444444444"
        "devcontainers/base:2.1.7-ubuntu24.04"        = "sha256:5555555555555555555555555555555555555555555555555555555555555555"
      }
    }
  }

  assert {
    condition = yamldecode(helm_release.coder.values[0]).coder.image == {
      repo = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/coder/coder"
      tag  = "v2.35.1@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    }
    error_message = "coderd runs the image of the digest, and people see its version."
  }

  assert {
    condition = yamldecode(helm_release.cluster_autoscaler.values[0]).image == {
      repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/autoscaling/cluster-autoscaler"
      tag        = "v1.35.0@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    }
    error_message = "So does the autoscaler."
  }

  assert {
    condition     = alltrue([for image in values(yamldecode(helm_release.foundation.values[0]).images) : can(regex("^123456789012.*@sha256:[1-4]{64}$", image))])
    error_message = "So do all jobs and shippers of the foundation."
  }

  assert {
    condition     = output.images.coder.published == "ghcr.io/coder/coder:v2.35.1" && endswith(output.images.coder.taken, "@sha256:1111111111111111111111111111111111111111111111111111111111111111")
    error_message = "The output says where each is published and where it is taken from."
  }
}

# Who builds workspaces has the providers: coderd, or with a licence the provisioners alone. Those of another version are of no use.
run "providers_in_the_image" {
  command = plan

  variables {
    deployment_features = { private_egress = true }
    coder               = { stun_addresses = ["disable"] }
    images = {
      prefix = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team"
      digests = {
        "coder/coder:v2.35.1"                         = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
        "coder/coder:v2.35.1-providers-0123456789ab"  = "sha256:6666666666666666666666666666666666666666666666666666666666666666"
        "coder/coder:v2.34.0-providers-0123456789ab"  = "sha256:7777777777777777777777777777777777777777777777777777777777777777"
        "autoscaling/cluster-autoscaler:v1.35.0"      = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
        "docker/library/postgres:17.6-bookworm"       = "sha256:3333333333333333333333333333333333333333333333333333333333333333"
        "aws-observability/aws-for-fluent-bit:2.32.5" = "sha256:4444444444444444444444444444444444444444444444444444444444444444"
      }
    }
  }

  assert {
    condition = yamldecode(helm_release.coder.values[0]).coder.image == {
      repo = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/coder/coder"
      tag  = "v2.35.1-providers-0123456789ab@sha256:6666666666666666666666666666666666666666666666666666666666666666"
    }
    error_message = "Without a licence coderd builds, and finds the providers in its image."
  }

  assert {
    condition     = output.templates.code_server_version == "" && output.templates.dev_containers == "false"
    error_message = "Workspaces without a way to the internet download nothing at their start."
  }
}

run "providers_in_the_image_of_provisioners" {
  command = plan

  variables {
    secrets = { license = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf" }
    images = {
      digests = {
        "coder/coder:v2.35.1"                         = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
        "coder/coder:v2.35.1-providers-0123456789ab"  = "sha256:6666666666666666666666666666666666666666666666666666666666666666"
        "autoscaling/cluster-autoscaler:v1.35.0"      = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
        "docker/library/postgres:17.6-bookworm"       = "sha256:3333333333333333333333333333333333333333333333333333333333333333"
        "aws-observability/aws-for-fluent-bit:2.32.5" = "sha256:4444444444444444444444444444444444444444444444444444444444444444"
      }
    }
  }

  assert {
    condition     = endswith(yamldecode(helm_release.provisioner["coder-provisioner"].values[0]).coder.image.tag, "-providers-0123456789ab@sha256:6666666666666666666666666666666666666666666666666666666666666666") && endswith(yamldecode(helm_release.coder.values[0]).coder.image.tag, "v2.35.1@sha256:1111111111111111111111111111111111111111111111111111111111111111")
    error_message = "With a licence provisioners build, and coderd needs no providers."
  }
}

# A version that was raised, and no bundle of it.
run "an_image_without_a_digest" {
  command = plan

  variables {
    images = { digests = { "coder/coder:v2.34.0" = "sha256:1111111111111111111111111111111111111111111111111111111111111111" } }
  }

  expect_failures = [helm_release.foundation]
}

# Coder has its AI Gateway on since 2.34, and calls it otherwise since 2.35.
run "no_models" {
  command = plan

  assert {
    condition     = { for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => env.value if strcontains(env.name, "_AI") } == { CODER_AI_GATEWAY_ENABLED = "false" }
    error_message = "A gateway that nobody decided on is off, by name."
  }
}

run "no_models_by_the_former_name" {
  command = plan

  variables {
    coder = { version = "2.34.2" }
  }

  assert {
    condition     = { for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => env.value if strcontains(env.name, "_AI") } == { CODER_AIBRIDGE_ENABLED = "false" }
    error_message = "Coder 2.34 has it on as well, by its former name."
  }
}

run "no_models_where_there_is_no_gateway" {
  command = plan

  variables {
    coder = { version = "2.27.0" }
  }

  assert {
    condition     = length([for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name if strcontains(env.name, "_AI")]) == 0
    error_message = "Before 2.34 nothing has to be switched off."
  }
}

run "models" {
  command = plan

  variables {
    deployment_features = { ai_gateway = true }
    secrets             = { license = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf" }
    ai = {
      gateway        = "coder"
      models         = { main = "us.anthropic.claude-sonnet-4-6", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }
      daily_tokens   = 200000000
      retention_days = 90
      log_prompts    = false
      allow_own_keys = false
    }
  }

  assert {
    condition = { for env in yamldecode(helm_release.coder.values[0]).coder.env : env.name => env.value if strcontains(env.name, "_AI") } == {
      CODER_AI_GATEWAY_ALLOW_BYOK         = "false"
      CODER_AI_GATEWAY_ENABLED            = "true"
      CODER_AI_GATEWAY_RETENTION          = "2160h"
      CODER_AI_GATEWAY_STRUCTURED_LOGGING = "false"
    }
    error_message = "coderd is told what the settings say, and of no provider."
  }
}
