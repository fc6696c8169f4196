package guide

import (
	"encoding/json"
	"io/fs"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"coderaws"
	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	tfjson "github.com/hashicorp/terraform-json"
)

// TestEveryTypeOfTheStacksIsDeclared holds the declarations to the modules: a resource of the cloud without one would stop every guide.
func TestEveryTypeOfTheStacksIsDeclared(t *testing.T) {
	written := regexp.MustCompile(`(?m)^resource "([a-z0-9_]+)"`)
	declared, used := kinds(), map[string]bool{"helm_release": true} // which is of the platform
	for _, root := range []string{"modules", "stacks"} {
		err := fs.WalkDir(coderaws.Source, root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".tf") {
				return err
			}
			text, err := fs.ReadFile(coderaws.Source, path)
			for _, match := range written.FindAllStringSubmatch(string(text), -1) {
				used[match[1]] = true
				if declared[match[1]] == nil && match[1] != "helm_release" {
					t.Errorf("%s makes %s, which no declaration knows", path, match[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for typ := range declared {
		if !used[typ] {
			t.Errorf("%s is declared, and no module makes one", typ)
		}
	}
}

// state is a small state: a VPC, two subnets in it, and a route table association whose ids occur in each other.
func state(t *testing.T, resources string) *plan.Plan {
	t.Helper()
	var module tfjson.StateModule
	if err := json.Unmarshal([]byte(`{"resources": [`+resources+`]}`), &module); err != nil {
		t.Fatal(err)
	}
	return plan.Read(&tfjson.Plan{PlannedValues: &tfjson.StateValues{RootModule: &module}})
}

const (
	account = `{"address": "data.aws_caller_identity.current", "mode": "data", "type": "aws_caller_identity",
		"values": {"account_id": "111122223333"}}`
	vpc = `{"address": "module.network.aws_vpc.this", "mode": "managed", "type": "aws_vpc", "values": {"id": "vpc-0123456789abcdef0",
		"cidr_block": "10.0.0.0/16", "enable_dns_support": true, "enable_dns_hostnames": true,
		"tags_all": {"Name": "coder", "coderaws:deployment": "coder"}}}`
	subnet = `{"address": "module.network.aws_subnet.public[\"us-east-1a\"]", "mode": "managed", "type": "aws_subnet", "values": {
		"id": "subnet-0123456789abcdef0", "vpc_id": "vpc-0123456789abcdef0", "cidr_block": "10.0.1.0/24", "availability_zone": "us-east-1a",
		"tags_all": {"Name": "coder-public", "coderaws:deployment": "coder"}}}`
	zone = `{"address": "module.certificate.aws_route53_zone.this", "mode": "managed", "type": "aws_route53_zone", "values": {
		"zone_id": "Z0123456789ABC", "name": "coder.example.com", "comment": "Public zone."}}`
	bucket = `{"address": "module.archive.aws_s3_bucket.this", "mode": "managed", "type": "aws_s3_bucket", "values": {"bucket": "records",
		"region": "us-east-1"}}, {"address": "module.archive.aws_s3_bucket_server_side_encryption_configuration.this", "mode": "managed",
		"type": "aws_s3_bucket_server_side_encryption_configuration", "values": {"bucket": "records", "rule": [{"bucket_key_enabled": true,
		"apply_server_side_encryption_by_default": [{"kms_master_key_id": "arn:aws:kms:us-east-1:111122223333:alias/k"}]}]}}`
	role = `{"address": "module.network.aws_iam_role.logs", "mode": "managed", "type": "aws_iam_role", "values": {"name": "logs",
		"assume_role_policy": "{\"Resource\": \"arn:aws:ec2:us-east-1:111122223333:vpc/vpc-0123456789abcdef0\", \"Text\": \"${version}\"}"}}`
)

func TestIdsBecomeVariables(t *testing.T) {
	g, err := New(state(t, account+","+role+","+subnet+","+vpc+","+zone+","+bucket), Options{Name: "coder", Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	files := filesOf(t, g)
	for _, want := range []struct{ what, file, text string }{
		{"a file refers to the VPC by its variable", "in/network_subnet_public_us_east_1a.make.json", `"VpcId": "@{NETWORK_VPC_ID}"`},
		{"an ARN within a document does, too, and the account is the reader's", "in/network_role_logs.make.json",
			`arn:aws:ec2:us-east-1:@{ACCOUNT_ID}:vpc/@{NETWORK_VPC_ID}`},
		{"what is literal stays so", "in/network_role_logs.make.json", "${version}"},
		{"a command stops where a variable is empty", "in/resources.sh", `--vpc-id "${NETWORK_VPC_ID:?does not exist yet}"`},
		{"a zone that the account lacks is found out first", "in/steps.sh", "require_zones us-east-1a"},
		{"a thing is made after what its documents name", "in/steps.sh",
			"step_3() {\n  ensure network_subnet_public_us_east_1a NETWORK_SUBNET_PUBLIC_US_EAST_1A_ID"},
		{"Terraform takes over by the ids of the account", "in/imports.tf",
			"import {\n  to = module.network.aws_vpc.this\n  id = \"@{NETWORK_VPC_ID}\"\n}"},
		{"nothing goes on before the internet asks the new zone", "in/resources.sh",
			"delegated \"${CERTIFICATE_HOSTED_ZONE_ID:?does not exist yet}\" coder.example.com"},
		{"which is a part of the step that makes it", "in/steps.sh",
			"  finish certificate_hosted_zone CERTIFICATE_HOSTED_ZONE_ID\n"},
		{"what a bucket sets is found by what this deployment sets", "in/resources.sh",
			"[?ApplyServerSideEncryptionByDefault.KMSMasterKeyID=='arn:aws:kms:us-east-1:${ACCOUNT_ID:?does not exist yet}:alias/k']"},
		{"a bucket of the first region has no place named", "in/archive_bucket.make.json", "{\n  \"Bucket\": \"records\"\n}\n"},
		{"a page shows what is run", "02-network.md", "aws ec2 create-vpc --cli-input-json \"$input\""},
	} {
		if !strings.Contains(files[want.file], want.text) {
			t.Errorf("%s: %s lacks %s\n%s", want.what, want.file, want.text, files[want.file])
		}
	}
	for name, text := range files {
		if found := regexp.MustCompile(`0123456789abcdef0|111122223333|<[a-z-]+>`).FindString(text); found != "" {
			t.Errorf("%s holds %s, which is of the rehearsal, or is to be edited", name, found)
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON:\n%s", name, text)
		}
	}
}

func TestTheSameSettingsGiveTheSameGuide(t *testing.T) {
	one, err := New(state(t, account+","+vpc+","+subnet+","+role), Options{Name: "coder", Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	other, err := New(state(t, role+","+subnet+","+vpc+","+account), Options{Name: "coder", Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(filesOf(t, one), filesOf(t, other)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeWrittenIsRefused(t *testing.T) {
	for _, c := range []struct{ name, resources, says string }{
		{"a type without a declaration", `{"address": "aws_lambda_function.a", "mode": "managed", "type": "aws_lambda_function", "values": {}}`,
			"the guide does not know how aws_lambda_function is made by hand"},
		{"an id that nobody owns", subnet, "would hold vpc-0123456789abcdef0, which exists in the rehearsal alone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(state(t, c.resources), Options{})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

func TestScriptsParse(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	g, err := New(state(t, account+","+vpc+","+subnet+","+role), Options{Name: "coder", Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range filesOf(t, g) {
		if strings.HasSuffix(name, ".sh") {
			cmd := exec.CommandContext(t.Context(), bash, "-n")
			cmd.Stdin = strings.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	}
}

func TestQuote(t *testing.T) {
	for _, c := range []struct{ argument, want string }{
		{"us-east-1a", "us-east-1a"}, {"a b", "'a b'"}, {"[?a=='b']", `"[?a=='b']"`}, {"x'$y`", "\"x'\\$y\\`\""},
		{"@{VPC_ID}", `"${VPC_ID:?does not exist yet}"`}, {"$x/@{VPC_ID}", `"\$x/${VPC_ID:?does not exist yet}"`},
	} {
		if got := quote(c.argument); got != c.want {
			t.Errorf("quote(%s) = %s, want %s", c.argument, got, c.want)
		}
	}
}

// filesOf are the files of a guide by name.
func filesOf(t *testing.T, g *Guide) map[string]string {
	t.Helper()
	files, err := g.Files()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, file := range files {
		texts[file.Name] = file.Text
	}
	return texts
}

// TestEveryModuleHasItsStage: what is of no stage would be made last, and whatever needs it with it.
func TestEveryModuleHasItsStage(t *testing.T) {
	staged := map[string]bool{}
	for _, s := range stages() {
		for _, module := range s.modules {
			staged[module] = true
		}
	}
	called := regexp.MustCompile(`(?m)^module "([a-z0-9_]+)"`)
	files, err := fs.Glob(coderaws.Source, "stacks/cloud/*.tf")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(coderaws.Source, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range called.FindAllStringSubmatch(string(text), -1) {
			if !staged[match[1]] {
				t.Errorf("%s calls module %s, which is of no stage", file, match[1])
			}
			delete(staged, match[1])
		}
	}
	delete(staged, "")
	if len(staged) > 0 {
		t.Errorf("stages name modules that nobody calls: %v", staged)
	}
}

func TestTakeover(t *testing.T) {
	g, err := New(state(t, vpc+","+`{"address": "terraform_data.note", "mode": "managed", "type": "terraform_data", "values": {}},
		{"address": "aws_iam_role.a", "mode": "managed", "type": "aws_iam_role", "values": {"name": "a"}}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := Takeover{Imported: []string{"module.network.aws_vpc.this", "aws_iam_role.a"}, Anew: []string{"terraform_data.note"},
		Remembered: map[string][]string{"aws_iam_role.a": {"force_detach_policies"}}}
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff(want, g.Takeover(), cmpopts.SortSlices(less)); diff != "" {
		t.Error(diff)
	}
}
