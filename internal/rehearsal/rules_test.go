package rehearsal_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"
)

// Pieces of Terraform that the rules below build on.
const (
	header = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "region" { type = string }
provider "aws" { region = var.region }
`
	network = `
resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "zone" {
  for_each          = { a = 0, b = 1, e = 4 }
  vpc_id            = aws_vpc.this.id
  availability_zone = "us-east-1${each.key}"
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, each.value)

  map_public_ip_on_launch = true
}
`
	// Nodes join over it.
	internet = `
resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }
resource "aws_route" "internet" {
  route_table_id         = aws_vpc.this.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}
`
	roles = `
resource "aws_iam_role" "eks" {
  name               = "eks"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "eks.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role_policy_attachment" "eks" {
  role       = aws_iam_role.eks.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}
resource "aws_iam_role" "node" {
  name               = "node"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role_policy_attachment" "node" {
  for_each   = toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"])
  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
`
	goodCluster = network + roles + `
resource "aws_eks_cluster" "this" {
  name     = "this"
  role_arn = aws_iam_role.eks.arn
  version  = "1.35"
  vpc_config { subnet_ids = [aws_subnet.zone["a"].id, aws_subnet.zone["b"].id] }
  depends_on = [aws_iam_role_policy_attachment.eks]
}
`
	trust = `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })`
)

func cluster(name, version, subnets string) string {
	return network + roles + `
resource "aws_eks_cluster" "broken" {
  name     = "` + name + `"
  role_arn = aws_iam_role.eks.arn
  version  = "` + version + `"
  vpc_config { subnet_ids = [` + subnets + `] }
  depends_on = [aws_iam_role_policy_attachment.eks]
}
`
}

func nodeGroup(zone, instanceType, desired string) string {
	return goodCluster + `
resource "aws_eks_node_group" "broken" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "broken"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = [aws_subnet.zone["` + zone + `"].id]
  instance_types  = ["` + instanceType + `"]
  scaling_config {
    min_size     = 1
    max_size     = 3
    desired_size = ` + desired + `
  }
  depends_on = [aws_iam_role_policy_attachment.node, aws_route.internet]
}
` + internet
}

func aurora(version, minACU, maxACU, retention string) string {
	return network + `
resource "aws_db_subnet_group" "this" {
  name       = "this"
  subnet_ids = [aws_subnet.zone["a"].id, aws_subnet.zone["b"].id]
}
resource "aws_rds_cluster" "broken" {
  cluster_identifier          = "broken"
  engine                      = "aurora-postgresql"
  engine_mode                 = "provisioned"
  engine_version              = "` + version + `"
  master_username             = "coder_admin"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.this.name
  backup_retention_period     = ` + retention + `
  skip_final_snapshot         = true
  serverlessv2_scaling_configuration {
    min_capacity = ` + minACU + `
    max_capacity = ` + maxACU + `
  }
}
`
}

func subnet(cidr string) string {
	return network + `
resource "aws_subnet" "broken" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "` + cidr + `"
  depends_on = [aws_subnet.zone]
}
`
}

// twice makes the same thing again after the first.
func twice(typeName, body string) string {
	return network + `
resource "` + typeName + `" "first" {` + body + `}
resource "` + typeName + `" "broken" {` + body + `
  depends_on = [` + typeName + `.first]
}
`
}

// TestRulesOfAWS breaks AWS's rules one by one, and expects AWS's error code and the line of the resource that breaks the rule,
// as a user sees them.
func TestRulesOfAWS(t *testing.T) {
	binary := engineOrSkip(t)
	for _, test := range []struct{ name, hcl, code string }{
		{"a subnet outside its VPC", subnet("10.1.0.0/24"), "InvalidSubnet.Range"},
		{"a subnet that overlaps another", subnet("10.0.1.0/25"), "InvalidSubnet.Conflict"},
		{"a subnet smaller than /28", subnet("10.0.9.0/29"), "InvalidSubnet.Range"},
		{"a subnet larger than /16", subnet("10.0.0.0/15"), "InvalidSubnet.Range"},
		{"EKS in one zone", cluster("x", "1.35", `aws_subnet.zone["a"].id`), "InvalidParameterException"},
		{"EKS in a zone that it does not support", cluster("x", "1.35", `aws_subnet.zone["a"].id, aws_subnet.zone["e"].id`),
			"UnsupportedAvailabilityZoneException"},
		{"an EKS version that is not offered", cluster("x", "1.12", `aws_subnet.zone["a"].id, aws_subnet.zone["b"].id`),
			"InvalidParameterException"},
		{"an EKS name with a dot", cluster("x.y", "1.35", `aws_subnet.zone["a"].id, aws_subnet.zone["b"].id`), "InvalidParameterException"},
		{"a database subnet group over one zone", network + `
resource "aws_db_subnet_group" "broken" {
  name       = "x"
  subnet_ids = [aws_subnet.zone["a"].id]
}
`, "DBSubnetGroupDoesNotCoverEnoughAZs"},
		{"ACUs not in half steps", aurora("17", "0.7", "4", "7"), "InvalidParameterValue"},
		{"more ACUs at least than at most", aurora("17", "8", "4", "7"), "InvalidParameterValue"},
		{"too many ACUs", aurora("17", "1", "300", "7"), "InvalidParameterValue"},
		{"backups kept for no day", aurora("17", "1", "4", "0"), "InvalidParameterValue"},
		{"backups kept for 36 days", aurora("17", "1", "4", "36"), "InvalidParameterValue"},
		{"an engine version that is not offered with Serverless v2", aurora("12.4", "1", "4", "7"), "InvalidParameterCombination"},
		{"a node group that wants more than its most", nodeGroup("a", "m5.large", "9"), "InvalidParameterException"},
		{"an instance type that does not exist", nodeGroup("a", "m5.huge", "1"), "InvalidParameterException"},
		{"an instance type of another architecture", nodeGroup("a", "m7g.large", "1"), "InvalidParameterException"},
		{"an instance type that its zone does not offer", nodeGroup("e", "m7i.large", "1"), "AsgInstanceLaunchFailures"},
		{"two roles of one name", twice("aws_iam_role", "\n name = \"x\"\n assume_role_policy = "+trust+"\n"), "EntityAlreadyExists"},
		{"two security groups of one name", twice("aws_security_group", "\n name = \"x\"\n vpc_id = aws_vpc.this.id\n"),
			"InvalidGroup.Duplicate"},
		{"two log groups of one name", twice("aws_cloudwatch_log_group", "\n name = \"x\"\n"), "ResourceAlreadyExistsException"},
		{"two target groups of one name",
			twice("aws_lb_target_group", "\n name = \"x\"\n port = 1\n protocol = \"TCP\"\n vpc_id = aws_vpc.this.id\n"),
			"DuplicateTargetGroupName"},
		{"a role name that is too long", `
resource "aws_iam_role" "broken" {
  name               = "` + strings.Repeat("x", 65) + `"
  assume_role_policy = ` + trust + `
}
`, "ValidationError"},
		{"a trust policy that is no JSON", `
resource "aws_iam_role" "broken" {
  name               = "x"
  assume_role_policy = "{"
}
`, "MalformedPolicyDocument"},
		{"a policy without an effect", `
resource "aws_iam_policy" "broken" {
  name   = "x"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = "s3:GetObject", Resource = "*" }] })
}
`, "MalformedPolicyDocument"},
		{"a NAT gateway without an internet gateway", network + `
resource "aws_eip" "this" {}
resource "aws_nat_gateway" "broken" {
  subnet_id     = aws_subnet.zone["a"].id
  allocation_id = aws_eip.this.id
}
`, "Gateway.NotAttached"},
		{"a sixth VPC", `
resource "aws_vpc" "broken" {
  count      = 6
  cidr_block = "10.0.0.0/16"
}
`, "VpcLimitExceeded"},
		{"a sixth Elastic IP", `
resource "aws_eip" "broken" {
  count = 6
}
`, "AddressLimitExceeded"},
		{"a cron that Auto Scaling refuses", goodCluster + internet + `
resource "aws_eks_node_group" "this" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "this"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = [aws_subnet.zone["a"].id]
  scaling_config {
    min_size     = 1
    max_size     = 3
    desired_size = 1
  }
  depends_on = [aws_iam_role_policy_attachment.node, aws_route.internet]
}
resource "aws_autoscaling_schedule" "broken" {
  scheduled_action_name  = "morning"
  autoscaling_group_name = aws_eks_node_group.this.resources[0].autoscaling_groups[0].name
  min_size               = 2
  recurrence             = "45 6 ? * MON-FRI *"
}
`, "ValidationError"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := rehearse(t, binary, header+test.hcl)
			findings := diagnostic.From(err)
			if len(findings) == 0 {
				t.Fatalf("the sandbox accepts this; AWS answers %s", test.code)
			}
			for _, d := range findings {
				if !strings.Contains(d.Code+" "+d.Summary+" "+d.Why, test.code) {
					t.Errorf("got %v, want %s", d, test.code)
				}
				if d.Where == nil || d.Where.File != "stacks/cloud/main.tf" || !strings.Contains(d.Where.Text, `"broken"`) {
					t.Errorf("the finding points to %v, not to the resource that breaks the rule", d.Where)
				}
				if !strings.Contains(d.Address, ".broken") {
					t.Errorf("the finding is about %q", d.Address)
				}
			}
		})
	}
}

// TestGoodLife holds what the rules above build on to be right: without it, they could all fail for another reason.
func TestGoodLife(t *testing.T) {
	binary := engineOrSkip(t)
	for _, test := range []struct{ name, hcl string }{
		{"a cluster with nodes", nodeGroup("a", "m5.large", "2")},
		{"a database", aurora("17", "0.5", "4", "7")},
		{"a subnet", subnet("10.0.9.0/24")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			report, err := rehearse(t, binary, header+test.hcl)
			if err != nil {
				t.Fatal(err)
			}
			if !report.Good() {
				t.Errorf("second plan %v, left %v", report.Places[0].Differences, report.Left)
			}
			if len(report.Invented) > 0 || len(report.Unmodelled) > 0 {
				t.Errorf("made up %v, not modelled %v", report.Invented, report.Unmodelled)
			}
		})
	}
}

func engineOrSkip(t *testing.T) engine.Binary {
	t.Helper()
	binary, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()})
	if err != nil {
		t.Skipf("no Terraform or OpenTofu to rehearse with: %v", err)
	}
	return binary
}

// environ is the environment of runs, which ask no network for charts.
func environ() []string { return append(os.Environ(), rehearsal.OfflineVariable+"=1") }

// chance is a source of secrets that always gives the same.
func chance() io.Reader { return bytes.NewReader(make([]byte, 64)) }

// rehearse lives the life of a stack that is one file.
func rehearse(t *testing.T, binary engine.Binary, hcl string) (*rehearsal.Report, error) {
	t.Helper()
	source := fstest.MapFS{"stacks/cloud/main.tf": {Data: []byte(hcl)}}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/us-east-1.tfvars", []byte("region = \"us-east-1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, source)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	runner := &lifecycle.Runner{
		Source: source, Program: "test", Binary: binary, Environ: environ(),
		Reporter: progress.NewPlain(io.Discard, now), Now: now, Random: chance(),
	}
	return rehearsal.New("test", now).Rehearse(t.Context(), runner, "test", d)
}
