# Coder for the engineers of Example Ltd in Berlin and Bangalore: SR-HA in Frankfurt.

region = "eu-central-1"
name   = "coder-prod"
domain = "coder.example.com"

# example.com is a zone of this account, kept by the network team.
dns = {
  zone_name = "example.com"
}

deployment_features = {
  high_availability  = true
  time_based_scaling = true
  spot_workspaces    = true
}

# 10.40.0.0/16 was given to Coder in the company's address plan.
network = {
  cidr                     = "10.40.0.0/16"
  availability_zones       = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  flow_logs_retention_days = 90
}

cluster = {
  version = "1.36"
  # The exit of the company's VPN, through which the platform is installed.
  public_access_cidrs = ["203.0.113.7/32"]
  admin_role_arns     = ["arn:aws:iam::123456789012:role/platform-engineers"]
  log_retention_days  = 365
}

# 320 engineers, of whom up to 240 have a workspace running in the afternoon hours that both offices share.
max_workspaces = 240

node_groups = {
  control = {
    instance_types = ["m6i.xlarge"]
    size           = 3
  }
  provisioner = {
    instance_types    = ["c6i.2xlarge"]
    min_size          = 3
    off_peak_min_size = 1
    max_size          = 6
  }
  workspace = {
    instance_types       = ["m7i-flex.2xlarge", "m5a.2xlarge", "m5dn.2xlarge"]
    min_size             = 9
    off_peak_min_size    = 0
    max_size             = 57
    on_demand_percentage = 25
    disk_gib             = 200
  }
}

# By Berlin's clock, as Aurora and most engineers are there. Bangalore begins at 9:00, which is 4:30 here in winter and 5:30 in
# summer. On Saturdays the release team works. The holidays are those that both offices have.
scaling_schedule = {
  start_time = "15 4 * * MON-FRI"
  stop_time  = "30 18 * * MON-FRI"
  timezone   = "Europe/Berlin"
  holidays   = ["2026-12-25", "2027-01-01", "2027-05-01"]
  more_windows = {
    saturday = {
      start_time = "45 8 * * SAT"
      stop_time  = "0 14 * * SAT"
    }
  }
}

# Everybody signs in with the company's Keycloak, from whose groups teams and administrators come.
coder = {
  version = "2.35.1"
  oidc = {
    issuer_url         = "https://login.example.com/realms/staff"
    client_id          = "coder"
    email_domains      = ["example.com"]
    group_field        = "groups"
    group_regex_filter = "^coder-"
    group_auto_create  = true
    user_role_field    = "roles"
    user_role_mapping  = { coder-admins = ["owner"], coder-template-authors = ["template-admin"] }
  }
  external_auth = [
    { id = "github", client_id = "Iv1.0123456789abcdef", display_name = "GitHub" },
    { id = "gitlab", type = "gitlab", client_id = "5f0c7d", regex = "^(https?://)?gitlab\\.example\\.com(/.*)?$", auth_url = "https://gitlab.example.com/oauth/authorize", token_url = "https://gitlab.example.com/oauth/token", validate_url = "https://gitlab.example.com/oauth/token/info" },
  ]
  sessions = {
    duration           = "12h"
    max_token_lifetime = "720h"
  }
  quiet_hours                    = { default_schedule = "CRON_TZ=Europe/Berlin 0 20 * * *" }
  disable_owner_workspace_access = true
  env                            = { CODER_DOCS_URL = "https://wiki.example.com/coder" }
}

# All of them are encrypted with the security team's own key.
secrets = {
  license            = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coder/license-AbCdEf"
  oidc_client_secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coder/oidc-GhIjKl"
  external_auth = {
    github = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coder/github-MnOpQr"
    gitlab = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coder/gitlab-StUvWx"
  }
  kms_key_arns = ["arn:aws:kms:eu-central-1:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"]
}

# Workspaces reach the internet by HTTPS and SSH alone, and the Git server in the office network.
workspaces = {
  egress = {
    internet_ports = [22, 443]
    allowed_cidrs  = ["10.8.20.0/24"]
  }
}

database = {
  engine_version        = "17"
  min_acu               = 1
  max_acu               = 16
  backup_retention_days = 35
  long_term_backup_days = 400
}

ingress = {
  # The networks of both offices and of the VPN.
  allowed_cidrs = ["203.0.113.0/26", "198.51.100.0/27", "203.0.113.128/28"]
}

observability = {
  alarm_emails       = ["platform-on-call@example.com"]
  log_retention_days = 90
  container_logs     = true # Coder's audit log among it
}

budget = {
  monthly_usd = 18000
  emails      = ["platform-lead@example.com", "finance@example.com"]
}

tags = {
  CostCenter = "4711"
  DataClass  = "internal"
}
