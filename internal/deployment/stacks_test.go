package deployment

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// repository is the source that the program embeds.
func repository() fs.FS { return os.DirFS("../..") }

// licensed is a licence, which some settings need.
const licensed = "secrets = { license = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf\" }\n"

// spoke makes a region serve the Coder of another one.
const spoke = "deployment_features = { workspace_proxy = true }\n"

// models are the settings of the AI gateway, with one of them as it is given.
func models(given string) string {
	settings := map[string]string{"gateway": `"coder"`, "daily_tokens": "200000000", "retention_days": "90", "log_prompts": "false",
		"allow_own_keys": "false",
		"models":         `{ main = "us.anthropic.claude-sonnet-4-6", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }`}
	if name, value, ok := strings.Cut(given, " = "); ok {
		settings[name] = value
	}
	var b strings.Builder
	b.WriteString("deployment_features = { ai_gateway = true }\nai = {\n")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		b.WriteString("  " + name + " = " + settings[name] + "\n")
	}
	return b.String() + "}\n"
}

// brokenRules is, for every rule of the stacks, a setting that breaks it and a part of what the user is told.
var brokenRules = []struct{ setting, want string }{
	{`region = "Virginia"`, "Write the code of an AWS region"},
	{`name = "Coder"`, "3 to 20 lower-case letters"},
	{`name = "internal-coder"`, "does not start with internal-"},
	{`domain = "https://coder.example.com"`, "Write the bare domain"},
	{`domain = "coder"`, "at least two labels"},
	{`dns = { zone_id = "Z123", create_zone = true }`, "dns.zone_id or dns.create_zone, not both"},
	{`dns = { zone_id = "Z123", zone_name = "example.com" }`, "dns.zone_id or dns.zone_name, not both"},
	{`dns = { zone_id = "/hostedzone/Z123" }`, "Write dns.zone_id as Route 53 shows it"},
	{`dns = { zone_name = "example.com." }`, "without a trailing dot"},
	{`dns = { records = "external" }`, "dns.records as public, private or none"},
	{`dns = { records = "none", create_zone = true }`, "Leave dns.zone_id, dns.zone_name and dns.create_zone out"},
	{`dns = { records = "private" }
certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"`, "write ingress.internal = true"},
	{`dns = { records = "none" }`, "Give certificate_arn if dns.records is private or none"},
	{"dns = { records = \"none\" }\ncertificate_arn = \"arn:aws:acm:eu-west-1:123456789012:certificate/01234567\"",
		"with the deployment's own region"},
	{`deployment_features = { high_availability = true }`, "node_groups.control.size of at least 2"},
	{"deployment_features = { high_availability = true }\nnode_groups = { control = { size = 2 } }\n" +
		"network = { availability_zones = [\"us-east-1a\", \"us-east-1b\"] }", "name three zones"},
	{`scaling_schedule = { start_time = "6:45" }`, "as minute, hour, day of month"},
	{`scaling_schedule = { more_windows = { late = { start_time = "*/5 6 * * *", stop_time = "0 8 * * *" } } }`,
		"as minute, hour, day of month"},
	{`scaling_schedule = { stop_time = "15 18 * * 1-5" }`, "weekdays of scaling_schedule by name"},
	{`scaling_schedule = { stop_time = "15 18 * * FRI-MON" }`, "from Sunday on"},
	{`scaling_schedule = { start_time = "45 6 1 * MON" }`, "* for the days of month or for the weekdays"},
	{`scaling_schedule = { timezone = "EST" }`, "timezone of scaling_schedule as the IANA database does"},
	{`scaling_schedule = { holidays = ["2026-02-30"] }`, "dates such as"},
	{`scaling_schedule = { holidays = ["2026-12-25"], timezone = "Pacific/Chatham" }`, "holidays empty in this time zone"},
	{`scaling_schedule = { more_windows = { office = { start_time = "0 6 * * *", stop_time = "0 8 * * *" } } }`,
		"The first window is called office"},
	{`node_groups = { provisioner = { off_peak_min_size = 0 } }`, "off_peak_min_size as a whole number from 1"},
	{`node_groups = { workspace = { off_peak_min_size = 2 } }`, "off_peak_min_size as a whole number from 0"},
	{`deployment_features = { private_egress = true }`, "write ingress.internal = true"},
	{"deployment_features = { private_egress = true, spot_workspaces = true }\ningress = { internal = true }", "spot_workspaces to false"},
	{"deployment_features = { private_egress = true }\ningress = { internal = true }\n" +
		"cluster = { public_access_cidrs = [\"203.0.113.7/32\"] }", "leave cluster.public_access_cidrs empty"},
	{`network = { endpoints = { extra = ["sts"] } }`, "Leave network.endpoints out without deployment_features.private_egress"},
	{`network = { endpoints = { extra = ["s3"] } }`, "each service in network.endpoints.extra once"},
	{`network = { endpoints = { policies = { ec2 = "all" } } }`, "network.endpoints.policies as policies in JSON"},
	{`network = { endpoints = { existing = ["s3"] } }`, "each service in network.endpoints.existing once, of those that the platform calls"},
	{`network = { endpoints = { existing = ["logs"], extra = ["logs"] } }`, "Leave what network.endpoints.existing names out"},
	{`deployment_features = { private_egress = true }
ingress = { internal = true }
network = { endpoints = { existing = ["eks-auth"] }, connections = { agency = { transit_gateway_id = "tgw-0123456789abcdef0",
  cidrs = ["10.100.0.0/16"], names = { "amazonaws.com" = "rslvr-rr-0123456789abcdef0" } } } }`, "that of eks-auth is eks-auth.us-east-1.api.aws"},
	{`network = { connections = { agency = { cidrs = ["10.100.0.0/16"] } } }`, "a transit_gateway_id or a vpc_peering_connection_id"},
	{`network = { connections = { agency = { transit_gateway_id = "tgw-1", cidrs = ["10.100.0.0/16"] } } }`,
		"transit_gateway_id of network.connections as AWS shows it"},
	{`network = { connections = { a = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["10.100.0.0/16"] },
  b = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["10.101.0.0/16"] } } }`, "each transit gateway into one"},
	{`network = { connections = { agency = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["0.0.0.0/0"] } } }`,
		"each of /8 or less and with its first address"},
	{`network = { connections = { agency = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["169.254.0.0/16"] } } }`,
		"of this link (169.254.0.0/16)"},
	{`network = { connections = { a = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["10.100.0.0/16"] },
  b = { vpc_peering_connection_id = "pcx-0123456789abcdef0", cidrs = ["10.100.0.0/16"] } } }`, "Write each range once"},
	{`deployment_features = { private_egress = true }
ingress = { internal = true }
network = { connections = { agency = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["8.8.8.0/24"] } } }`,
		"a public one is a way to the internet"},
	{`deployment_features = { private_egress = true }
ingress = { internal = true }
network = { connections = { agency = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["192.168.0.0/13"] } } }`,
		"a public one is a way to the internet"},
	{`network = { connections = { agency = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["10.0.8.0/24"] } } }`,
		"outside of network.cidr, 10.0.0.0/16"},
	{`network = { connections = { agency = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["10.100.0.0/16"],
  names = { "api.aws" = "zone" } } } }`, "the ID of a private hosted zone"},
	{`network = { connections = { a = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["10.100.0.0/16"], names = { "api.aws" = "Z1" } },
  b = { vpc_peering_connection_id = "pcx-0123456789abcdef0", cidrs = ["10.101.0.0/16"], names = { "api.aws" = "Z2" } } } }`,
		"each domain into the names of one"},
	{"deployment_features = { private_egress = true }\ningress = { internal = true }", "write coder.stun_addresses"},
	{"deployment_features = { private_egress = true }\ningress = { internal = true }\ncoder = { stun_addresses = [\"disable\"], " +
		"telemetry = true }", "leave coder.telemetry at false"},
	{"deployment_features = { private_egress = true }\ningress = { internal = true }\ncoder = { stun_addresses = [\"disable\"] }\n" +
		"images = { coder = \"ghcr.io/coder/coder\" }", "leave images out, or write repositories of your own in ECR"},
	{`deployment_features = { workspace_proxy = true, ai_gateway = true }`, "set deployment_features.ai_gateway to false: the hub's coderd"},
	{spoke + licensed, "leave secrets.license, secrets.oidc_client_secret and secrets.external_auth out"},
	{spoke + `audit = { database_statements = true }`, "leave audit.database_statements out"},
	{spoke + `database = { max_acu = 16 }`, "leave database out: the region serves the Coder of the hub"},
	{spoke + `coder = { telemetry = true }`, "browser_only and telemetry out: the region has no coderd"},
	{spoke + `coder = { sessions = { duration = "8h" } }`, "connection_log_days and sessions out"},
	{spoke + "database_authorities = <<-EOT\n  -----BEGIN CERTIFICATE-----\n  MIIB\n  -----END CERTIFICATE-----\nEOT\n",
		"leave database_authorities out: the region has no database"},
	{`coder = { env = { CODER_PRIMARY_ACCESS_URL = "https://coder.example.com" } }`,
		"a spoke (deployment_features.workspace_proxy) has both by itself"},
	{`deployment_features = { ai_gateway = true }`, "Write ai with deployment_features.ai_gateway = true"},
	{models(`gateway = "litellm"`), "ai.gateway = \"coder\""},
	{models(`models = { main = "anthropic.claude-sonnet-4-6", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }`),
		"ai.models as inference profiles"},
	{models(`models = { main = "eu.anthropic.claude-sonnet-4-6", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }`),
		"ai.models of the geography of us-east-1"},
	{models(`models = { main = "us-gov.anthropic.claude-sonnet-5", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }`),
		"us-gov. from GovCloud and nowhere else"},
	{models(`daily_tokens = 0`), "ai.daily_tokens as a whole number above 0"},
	{models(`retention_days = 0`), "It would take 0 as for ever"},
	{models(``), "deployment_features.ai_gateway needs a Premium licence"},
	{models(``) + licensed + `coder = { version = "2.34.2" }`, "With ai write coder.version of at least 2.35.0, not 2.34.2"},
	{models(``) + licensed + `coder = { env = { CODER_AI_GATEWAY_RETENTION = "24h" } }`, "out of coder.env: ai says it"},
	{`network = { cidr = "10.0.0.0/24" }`, "prefix of /16 to /20"},
	{`network = { cidr = "52.0.0.0/16" }`, "other addresses belong to somebody"},
	{`network = { cidr = "10.0.0.1/16" }`, "with its first address"},
	{`network = { availability_zones = ["us-east-1a"] }`, "two or three different zones"},
	{`network = { flow_logs_retention_days = 31 }`, "flow_logs_retention_days as CloudWatch Logs knows it"},
	{`cluster = { version = 1.4 }`, "minor version in quotes"},
	{`cluster = { public_access_cidrs = ["office"] }`, "up to 40 IPv4 ranges"},
	{`cluster = { public_access_cidrs = ["0.0.0.0/0"] }`, "opens the Kubernetes API to everybody"},
	{`cluster = { public_access_cidrs = ["10.1.0.0/16"] }`, "Leave private ranges out"},
	{`cluster = { admin_role_arns = ["admin"] }`, "ARNs of IAM roles"},
	{`cluster = { addon_versions = { cni = "v1.21.1-eksbuild.7" } }`, "only what is installed"},
	{`cluster = { addon_versions = { coredns = "1.2" } }`, "as AWS does, such as"},
	{`cluster = { log_retention_days = 91 }`, "cluster.log_retention_days as CloudWatch"},
	{`iam = { path = "coder" }`, "iam.path with / at both ends"},
	{`iam = { path = "/aws-service-role/" }`, "does not start with /aws-"},
	{`iam = { permissions_boundary = "boundary" }`, "as the ARN of a policy"},
	{`iam = { permissions_boundary = "arn:aws-us-gov:iam::123456789012:policy/boundary" }`, "in the partition of us-east-1"},
	{`node_groups = { control = { size = 0 } }`, "without a control node nothing runs"},
	{`node_groups = { provisioner = { min_size = 0 } }`, "provisioner.min_size of at least 1"},
	{`node_groups = { workspace = { on_demand_percentage = 101 } }`, "on_demand_percentage as a whole number"},
	{`node_groups = { workspace = { min_size = -1 } }`, "workspace.min_size of at least 0"},
	{`node_groups = { workspace = { min_size = 3, max_size = 2 } }`, "max_size of a node group"},
	{`node_groups = { workspace = { instance_types = [] } }`, "1 to 20 instance types"},
	{`node_groups = { workspace = { disk_gib = 10 } }`, "disk_gib of a node group"},
	{`node_groups = { workspace = { ami_type = "AL2_x86_64" } }`, "ami_type of a node group"},
	{`max_workspaces = 0`, "whole number from 1 to 10000"},
	{`max_workspaces = 500`, "500 workspaces at once need database.max_acu of at least 12.5"},
	{`workspace_profiles = { "Small" = { share = 100, cpu_request = 1, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 } }`, "Name 1 to 20 profiles"},
	{`workspace_profiles = { "small" = { share = 90, cpu_request = 1, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 } }`, "add up to 100, not to 90"},
	{`workspace_profiles = { "small" = { share = 100, cpu_request = 0.05, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 } }`, "cpu_request of at least 0.1"},
	{`workspace_profiles = { "small" = { share = 100, cpu_request = 4, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 } }`, "Wrong in: small."},
	{`workspace_profiles = { "small" = { share = 100, cpu_request = 1, cpu_limit = 2, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 0 } }`, "home_gib in workspace_profiles"},
	{`database = { engine_version = "12" }`, "PostgreSQL version from 13"},
	{`database = { engine_version = "17", allow_major_version_upgrade = true }`, "write database.apply_immediately = true"},
	{`database = { min_acu = 0.7 }`, "in steps of 0.5"},
	{`database = { min_acu = 8 }`, "not below min_acu"},
	{`database = { backup_retention_days = 36 }`, "Aurora keeps no backup longer"},
	{`database = { long_term_backup_days = 30 }`, "up to 35 days backup_retention_days does better"},
	{`ingress = { allowed_cidrs = [] }`, "1 to 50 IPv4 ranges"},
	{`coder = { audit_log_days = 0.5 }`, "as whole numbers of days, such as 913"},
	{"fips = true\nnode_groups = { control = { ami_type = \"AL2023_x86_64_STANDARD\" } }", "as one that ends in _FIPS"},
	{`audit = { trail = "make" }`, "Write audit.trail as create or exists"},
	{`audit = { config = "none" }`, "Write audit.config as create or exists"},
	{`audit = { guardduty = "none" }`, "Write audit.guardduty as create or exists"},
	{`audit = { security_hub = "none" }`, "Write audit.security_hub as create or exists"},
	{`audit = { config = "create", config_role = "mine" }`, "audit.config_role as create or exists"},
	{`audit = { config = "exists", config_role = "create" }`, "with audit.config = \"create\""},
	{`audit = { security_hub = "create" }`, "write audit.config, as create or exists"},
	{`audit = { archive = { lock = "FOREVER" } }`, "as GOVERNANCE or COMPLIANCE"},
	{`audit = { archive = { kms_key_arn = "alias/logs" } }`, "audit.archive.kms_key_arn as KMS shows it"},
	{`audit = { archive = { kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" } }`, "without audit.archive.bucket"},
	{`audit = { trail = "create", archive = { bucket = "agency-log-archive" } }`, "the key of that bucket's owner"},
	{`audit = { archive = { retention_days = 0.5 } }`, "as a whole number of days, such as 913"},
	{`audit = { archive = { bucket = "arn:aws:s3:::logs" } }`, "as a name of S3, such as agency-log-archive"},
	{`observability = { alarm_emails = ["me"] }`, "e-mail addresses in observability.alarm_emails"},
	{`observability = { log_retention_days = 31 }`, "observability.log_retention_days as CloudWatch"},
	{`budget = { monthly_usd = 0 }`, "above 0"},
	{`budget = { monthly_usd = 1, emails = ["me"] }`, "up to 10 e-mail addresses"},
	{`coder = { version = "v2.35.1" }`, "without v"},
	{`coder = { replicas = 0 }`, "whole number from 1 to 20"},
	{`coder = { resources = { cpu_request = 1, memory_request_gib = 4, memory_limit_gib = 2 } }`, "memory_limit_gib not below it"},
	{"coder = { oidc = { issuer_url = \"login.example.com\", client_id = \"coder\" } }\n" +
		"secrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }", "starting with https://"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com/.well-known/openid-configuration\", client_id = " +
		"\"coder\" } }\nsecrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }",
		"without /.well-known/openid-configuration"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\", scopes = [\"email\"] } }\n" +
		"secrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }", "keep openid among"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\", email_domains = " +
		"[\"@example.com\"] } }\nsecrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }",
		"as bare domains"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\" } }",
		"coder.oidc and secrets.oidc_client_secret together"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\", group_mapping = { a = \"b\" " +
		"} } }\nsecrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }",
		"coder.oidc.group_field (the claim"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\", group_field = \"groups\", " +
		"group_regex_filter = \"(\" } }\n" +
		"secrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }", "regular expression of Go"},
	{`coder = { external_auth = [{ id = "Git Hub", client_id = "x" }] }`, "up to 10 providers"},
	{`coder = { external_auth = [{ id = "git", type = "fossil", client_id = "x" }] }`, "needs auth_url and token_url"},
	{`coder = { external_auth = [{ id = "git", client_id = "x" }] }`, "its secret by id in secrets.external_auth"},
	{`coder = { sessions = { duration = "1d" } }`, "a day is 24h"},
	{`coder = { quiet_hours = { default_schedule = "0 22 * * MON-FRI" } }`, "one minute and one hour of every day"},
	{`coder = { strict_transport_security_seconds = -1 }`, "whole number of seconds"},
	{`coder = { stun_addresses = ["stun.example.com"] }`, "as host:port"},
	{`coder = { trusted_proxies = { headers = ["X-Forwarded-For"], origins = ["0.0.0.0/0"] } }`, "anybody could claim any address"},
	{`coder = { env = { coder_docs_url = "x" } }`, "Wrong: coder_docs_url."},
	{`coder = { env = { CODER_ACCESS_URL = "x" } }`, "Leave CODER_ACCESS_URL out of coder.env"},
	{`coder = { env = { CODER_EMAIL_AUTH_PASSWORD = "x" } }`, "Write CODER_EMAIL_AUTH_PASSWORD into secrets.env"},
	{"coder = { env = { CODER_X = \"x\" } }\n" +
		"secrets = { env = { CODER_X = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" } }", "not in both"},
	{`coder = { replicas = 2 }`, "coder.replicas above 1 needs a Premium licence: set secrets.license"},
	{`coder = { external_auth = [{ id = "a", client_id = "x", device_flow = true }, { id = "b", client_id = "x", device_flow = true }] }`,
		"needs a Premium licence: set secrets.license, or keep one"},
	{`coder = { quiet_hours = { default_schedule = "0 22 * * *" } }`, "coder.quiet_hours needs a Premium licence: set secrets.license"},
	{`coder = { browser_only = true }`, "coder.browser_only needs a Premium licence: set secrets.license"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\", group_field = \"groups\" } " +
		"}\nsecrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }",
		"coder.oidc.group_field needs a Premium licence"},
	{"coder = { oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\", user_role_field = \"roles\" " +
		"} }\nsecrets = { oidc_client_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf\" }",
		"coder.oidc.user_role_field needs a Premium licence"},
	{`secrets = { license = "eyJhbGciOiJ" }`, "never the value itself"},
	{`secrets = { license = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:coder/x-AbCdEf" }`, "the deployment's own region"},
	{`secrets = { env = { CODER_PG_CONNECTION_URL = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf" } }`,
		"the database and provisioners have no secret of yours"},
	{`secrets = { kms_key_arns = ["arn:aws:kms:us-east-1:123456789012:alias/x"] }`, "not of aliases"},
	{`secrets = { env = { CODER_SCIM_AUTH_HEADER = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/x-AbCdEf" } }`,
		"CODER_SCIM_AUTH_HEADER in secrets.env needs a Premium licence"},
	{`provisioners = { replicas = 0 }`, "neither started nor stopped"},
	{`provisioners = { replicas = 5 }`, "provisioners.replicas needs a Premium licence"},
	{`provisioners = { memory_limit_gib = 0.5 }`, "a build is a run of Terraform"},
	{`provisioners = { built_in = 0 }`, "built_in as a whole number from 1 to 30"},
	{`provisioners = { env = { TF_TOKEN = "x" } }`, "and no secrets"},
	{`workspaces = { pod_security = "strict" }`, "restricted, baseline or privileged"},
	{`workspaces = { extra_node_groups = ["gpu", "control"] }`, "Leave control and provisioner out"},
	{`workspaces = { quota = { pods = 0 } }`, "whole numbers from 1"},
	{`workspaces = { egress = { internet_ports = [22] } }`, "with 443 among them"},
	{`workspaces = { egress = { allowed_cidrs = ["0.0.0.0/0"] } }`, "ranges of your own networks"},
	{`charts = { coder = { repository = "helm.coder.com/v2" } }`, "with https:// or oci://"},
	{`charts = { cluster_autoscaler = { version = "~> 9" } }`, "one exact version of the chart"},
	{`images = { coder = "ghcr.io/coder/coder:latest" }`, "without tag or digest"},
	{`repositories = ["Devcontainers/base:1"]`, "in lower case, without a registry"},
	{`repositories = ["devcontainers/base"]`, "Leave repositories out without deployment_features.private_egress"},
	{`images = { prefix = "registry.example.com/coder/" }`, "without a slash at its end"},
	{`images = { digests = { "coder/coder:v2.35.1" = "sha256:12" } }`, "with 64 digits"},
	{`images = { digests = { "coder/coder:v2.35.1-providers-1" = "sha256:` + strings.Repeat("1", 64) +
		`", "coder/coder:v2.35.1-providers-2" = "sha256:` + strings.Repeat("2", 64) + `" } }`, "that of the last bundle"},
	{`database_authorities = "https://truststore.pki.rds.amazonaws.com/us-east-1/us-east-1-bundle.pem"`, "as certificates in PEM"},
	{`tags = { "a;b" = "c" }`, "up to 40 tags"},
	{`tags = { Name = "c" }`, "Name and ManagedBy out"},
}

// TestRulesOfTheStacks proves that every validation of the stacks can be evaluated without Terraform, and can fail.
func TestRulesOfTheStacks(t *testing.T) {
	s, err := readSchema(repository())
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, test := range brokenRules {
		t.Run(test.setting, func(t *testing.T) {
			text, region := head, "us-east-1"
			name, _, _ := strings.Cut(test.setting, " ")
			for line := range strings.Lines(head) {
				if strings.HasPrefix(line, name+" ") {
					text = strings.Replace(head, line, "", 1)
				}
			}
			_, list := s.check("us-east-1.tfvars", region, []byte(text+test.setting+"\n"))
			found := false
			for _, d := range list {
				if d.Code != "deployment.invalid_value" {
					continue
				}
				_, rest, _ := strings.Cut(d.Todo, "; ")
				broken[strings.TrimSuffix(rest, " holds the rule.")] = true
				found = found || strings.Contains(d.Why, test.want)
				if d.Where.Line == 0 {
					t.Errorf("%s is not found in the file", d.Summary)
				}
			}
			if !found {
				t.Errorf("no finding says %q: %v", test.want, list)
			}
		})
	}
	for _, name := range s.names {
		for _, v := range s.declarations[name] {
			for _, r := range v.rules {
				if !r.decidable(s.constants[v.stack]) {
					t.Errorf("%s: the rule of %s is over more than variables and constants", r.place, name)
				}
				if !broken[r.place] {
					t.Errorf("%s: no setting in this test breaks the rule of %s: %s", r.place, name, r.text)
				}
			}
		}
	}
}

// TestRulesEvaluate applies every rule to the defaults: a rule that calls a function which is not there would be silent in
// the other test if another rule of the same variable failed first.
func TestRulesEvaluate(t *testing.T) {
	s, err := readSchema(repository())
	if err != nil {
		t.Fatal(err)
	}
	scope := map[string]cty.Value{"region": cty.StringVal("us-east-1"), "domain": cty.StringVal("coder.example.com")}
	for _, name := range s.names {
		if v := s.declarations[name][0]; !v.required() {
			scope[name] = v.fallback
		}
	}
	contexts := s.contexts(scope)
	for _, name := range s.names {
		for _, v := range s.declarations[name] {
			for _, r := range v.rules {
				if val, diags := r.condition.Value(contexts[v.stack]); diags.HasErrors() || !val.RawEquals(cty.True) {
					t.Errorf("%s: the default breaks the rule of %s: %v %v", r.place, name, val, diags)
				}
				if _, diags := r.message.Value(contexts[v.stack]); diags.HasErrors() {
					t.Errorf("%s: the message of %s: %v", r.place, name, diags)
				}
			}
		}
	}
}

func TestPatternsOfTheRepository(t *testing.T) {
	patterns, err := Patterns(repository())
	if err != nil || len(patterns) == 0 {
		t.Fatalf("%d patterns, %v", len(patterns), err)
	}
	for _, p := range patterns {
		t.Run(p.Name, func(t *testing.T) {
			if p.Title == "" || p.Summary == "" {
				t.Errorf("title %q, summary %q: the file starts with a comment of both", p.Title, p.Summary)
			}
			if _, list := p.Deployment(""); list != nil {
				t.Errorf("the pattern is not valid: %v", list)
			}
			dir := t.TempDir()
			answers := Answers{"domain": "dev.example.org", "region": "eu-west-1"}
			region := answers["region"]
			if len(p.Files) > 1 {
				delete(answers, "region")
				region = p.Files[0].Region()
			}
			questions, err := p.Questions()
			if err != nil {
				t.Fatal(err)
			}
			certificate := "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
			for _, q := range questions {
				if err := p.Valid(q, q.Default, answers); err != nil {
					t.Errorf("a question about %s, whose default is refused: %v", q.Setting, err)
				}
				if q.Setting == "certificate_arn" {
					answers[q.Setting] = certificate
				}
			}
			if err := Init(dir, p, answers); err != nil {
				t.Fatal(err)
			}
			d, list := Load(dir, repository())
			if list != nil {
				t.Fatal(list)
			}
			if r := d.InOrder()[0]; r.Name != region || r.String("domain") != "dev.example.org" {
				t.Errorf("got region %s, domain %s", r.Name, r.String("domain"))
			} else if asked := answers["certificate_arn"]; asked != "" && r.String("certificate_arn") != asked {
				t.Errorf("got certificate %s", r.String("certificate_arn"))
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	p, err := FindPattern(repository(), "sr-simple")
	if err != nil {
		b.Fatal(err)
	}
	if err := Init(dir, p, Answers{"domain": "coder.example.com"}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, list := Load(dir, repository()); list != nil {
			b.Fatal(list)
		}
	}
}
