package house

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// layer says what the files of one package may import of this module.
type layer struct {
	// dir is the package's directory below the repository.
	dir string
	// may are the directories of packages that all its files may import.
	may []string
	// tests are those that only its tests may import.
	tests []string
}

// layers is the direction of imports, from the program down. What is not written here is not allowed: a new package
// gets a row, at the place where it belongs, and a look at what it means for those below.
var layers = []layer{
	// The program.
	{dir: "internal/boot"},
	{dir: "cmd/coderaws", may: []string{".", "internal/boot", "internal/cli", "internal/diagnostic"},
		tests: []string{"internal/proof/awsproxy", "internal/coder/codertest", "internal/engine", "internal/statebucket/buckettest"}},
	{dir: "internal/cli", may: []string{
		"internal/nearest",
		"internal/atomicfile", "internal/account", "internal/bundle", "internal/capacity", "internal/coder", "internal/compliance",
		"internal/configuration", "internal/consequence", "internal/cost",
		"internal/deployment", "internal/detached", "internal/diagnostic", "internal/diagram", "internal/download",
		"internal/egress", "internal/engine",
		"internal/environment",
		"internal/facts", "internal/guide", "internal/inventory", "internal/lifecycle", "internal/linked",
		"internal/iampolicy", "internal/permissions",
		"internal/plan", "internal/preflight", "internal/pricing", "internal/pricing/pricelist", "internal/progress", "internal/rehearsal",
		"internal/spot", "internal/timeline", "internal/upgrade", "internal/versions",
	}, tests: []string{"."}},
	{dir: "internal/preflight", may: []string{"internal/account", "internal/deployment", "internal/diagnostic", "internal/lifecycle",
		"internal/rehearsal"}, tests: []string{"."}},
	{dir: "internal/linked"},
	{dir: "internal/environment", may: []string{"internal/deployment", "internal/diagnostic", "internal/coderd"}},
	{dir: "internal/versions", may: []string{"internal/deployment", "internal/diagnostic", "internal/facts", "internal/nearest"},
		tests: []string{"."}},
	{dir: "internal/upgrade", may: []string{"internal/deployment", "internal/diagnostic", "internal/facts"}},
	{dir: "internal/spot", may: []string{"internal/deployment", "internal/diagnostic", "internal/facts"}, tests: []string{"."}},
	{dir: "internal/rehearsal", may: []string{
		"internal/nearest",
		"internal/account", "internal/coder", "internal/configuration", "internal/deployment", "internal/diagnostic", "internal/egress",
		"internal/engine", "internal/facts", "internal/hclfile", "internal/inventory",
		"internal/lifecycle", "internal/plan", "internal/progress", "internal/sandbox", "internal/sandbox/chart", "internal/sandbox/fault",
		"internal/sandbox/helm",
		"internal/sandbox/model", "internal/sandbox/permission",
		"internal/sandbox/schema", "internal/sandbox/service", "internal/sandbox/service/ec2", "internal/sandbox/service/iam",
		"internal/sandbox/service/route53", "internal/sandbox/service/secretsmanager", "internal/sandbox/world",
		"internal/timeline", "internal/verify",
	}, tests: []string{".", "internal/upgrade"}},
	{dir: "internal/verify", may: []string{"internal/coder", "internal/diagnostic"},
		tests: []string{"internal/proof/awsproxy/awsproxytest", "internal/coder/codertest"}},
	{dir: "internal/lifecycle", may: []string{
		"internal/nearest",
		"internal/account", "internal/atomicfile",
		"internal/coder", "internal/deployment", "internal/diagnostic", "internal/engine", "internal/facts", "internal/plan",
		"internal/progress", "internal/statebucket", "internal/tunnel",
		"internal/verify",
	}, tests: []string{".", "internal/coder/codertest"}},

	// Reports read a plan.
	{dir: "internal/compliance", may: []string{"internal/diagnostic", "internal/iampolicy", "internal/inventory", "internal/nearest",
		"internal/plan"}},
	{dir: "internal/consequence", may: []string{"internal/plan"}},
	{dir: "internal/diagram", may: []string{"internal/egress", "internal/inventory", "internal/plan", "internal/svg"},
		tests: []string{"internal/configuration"}},
	{dir: "internal/egress", may: []string{"internal/coderd", "internal/facts", "internal/iampolicy", "internal/plan"}},
	{dir: "internal/guide", may: []string{"internal/diagnostic", "internal/plan"}, tests: []string{"."}},
	{dir: "internal/permissions", may: []string{"internal/iampolicy"}},
	{dir: "internal/inventory", may: []string{"internal/configuration", "internal/diagnostic", "internal/plan"}},
	{dir: "internal/plan", may: []string{"internal/diagnostic"}},
	{dir: "internal/configuration", may: []string{"internal/diagnostic", "internal/hclfile"}},
	{dir: "internal/hclfile", may: []string{"internal/diagnostic"}},
	{dir: "internal/cost", may: []string{
		"internal/nearest",
		"internal/capacity", "internal/configuration", "internal/diagnostic", "internal/facts", "internal/hclfile", "internal/inventory",
		"internal/plan", "internal/pricing", "internal/cron",
		"internal/svg",
	}},

	// What it is made of. These know nothing of each other, except that progress shows what the engine does.
	{dir: "internal/progress", may: []string{"internal/diagnostic", "internal/plan", "internal/engine"}},
	{dir: "internal/engine", may: []string{"internal/atomicfile", "internal/diagnostic"}, tests: []string{"internal/engine/registrytest"}},
	{dir: "internal/engine/registrytest", may: []string{"internal/atomicfile"}},
	{dir: "internal/deployment", may: []string{"internal/atomicfile", "internal/diagnostic", "internal/hclfile", "internal/nearest"},
		tests: []string{"."}},
	{dir: "internal/statebucket", may: []string{"internal/diagnostic"},
		tests: []string{"internal/proof/awsproxy", "internal/statebucket/buckettest"}},
	{dir: "internal/statebucket/buckettest"},
	{dir: "internal/tunnel", may: []string{"internal/diagnostic"}},
	{dir: "internal/account", may: []string{"internal/atomicfile", "internal/diagnostic"},
		tests: []string{"internal/proof/awsproxy/awsproxytest"}},
	{dir: "internal/coder", may: []string{"internal/diagnostic"},
		tests: []string{"internal/proof/awsproxy/awsproxytest", "internal/coder/codertest"}},
	{dir: "internal/coder/codertest"},
	{dir: "internal/bundle", may: []string{"internal/atomicfile", "internal/diagnostic"},
		tests: []string{"internal/proof/awsproxy/awsproxytest"}},
	{dir: "internal/detached", may: []string{"internal/atomicfile", "internal/diagnostic"}},
	{dir: "internal/download", may: []string{"internal/atomicfile", "internal/diagnostic"}},
	{dir: "internal/pricing", may: []string{"internal/atomicfile", "internal/diagnostic", "internal/facts"}},
	{dir: "internal/pricing/pricelist", may: []string{"internal/diagnostic", "internal/pricing"}},
	{dir: "internal/timeline", may: []string{"internal/svg"}},
	{dir: "internal/svg"},
	{dir: "internal/capacity", may: []string{"internal/plan"}, tests: []string{".", "internal/deployment"}},
	{dir: "internal/diagnostic"},
	{dir: "internal/atomicfile"},
	{dir: "internal/nearest"},
	{dir: ".", tests: []string{"internal/coder/codertest", "internal/facts"}},

	// What is known by heart: facts of AWS and Coder, Coder's rules for its own environment, the notations of schedules, and the language of
	// policies.
	{dir: "internal/facts"},
	{dir: "internal/coderd", may: []string{"internal/cron", "internal/facts"}},
	{dir: "internal/cron"},
	{dir: "internal/iampolicy"},

	// The embedded AWS: of the rest it imports what is known by heart, and the smallest, so that any Terraform can run in it.
	{dir: "internal/sandbox", may: []string{
		"internal/sandbox/chart", "internal/cron", "internal/sandbox/helm", "internal/sandbox/model", "internal/sandbox/permission",
		"internal/sandbox/protocol", "internal/sandbox/renderer",
		"internal/sandbox/service", "internal/sandbox/service/eks", "internal/sandbox/service/scheduler", "internal/sandbox/stepfunctions",
		"internal/sandbox/world",
	}, tests: []string{"internal/sandbox/sandboxtest"}},
	{dir: "internal/sandbox/protocol", may: []string{"internal/facts", "internal/sandbox/fault", "internal/sandbox/model",
		"internal/sandbox/permission", "internal/sandbox/schema", "internal/sandbox/world"},
		tests: []string{"internal/sandbox/sandboxtest", "internal/sandbox/service"}},
	{dir: "internal/sandbox/fault", may: []string{"internal/facts", "internal/sandbox/model", "internal/sandbox/service/ec2",
		"internal/sandbox/world"}},
	{dir: "internal/sandbox/model", may: []string{"internal/facts", "internal/sandbox/world"}},
	{dir: "internal/sandbox/permission", may: []string{"internal/facts", "internal/iampolicy", "internal/sandbox/model",
		"internal/sandbox/world"}},
	{dir: "internal/sandbox/principal", may: []string{"internal/iampolicy", "internal/sandbox/model", "internal/sandbox/world"}},
	{dir: "internal/sandbox/helm", may: []string{
		"internal/facts", "internal/sandbox/chart", "internal/coderd", "internal/sandbox/fault", "internal/sandbox/kubernetes",
		"internal/sandbox/protocol", "internal/sandbox/renderer", "internal/sandbox/schema",
		"internal/sandbox/model", "internal/sandbox/service/eks", "internal/sandbox/service/secretsmanager", "internal/sandbox/world",
	}, tests: []string{"internal/sandbox/chart/charttest", "internal/sandbox/service"}},
	{dir: "internal/sandbox/chart", may: []string{"internal/atomicfile", "internal/nearest"},
		tests: []string{"internal/sandbox/chart/charttest"}},
	{dir: "internal/sandbox/chart/charttest"},
	{dir: "internal/sandbox/renderer", may: []string{"internal/sandbox/chart"}},
	{dir: "internal/sandbox/kubernetes", may: []string{"internal/cron"},
		tests: []string{"internal/sandbox/chart", "internal/sandbox/chart/charttest"}},
	{dir: "internal/sandbox/stepfunctions"},
	{dir: "internal/sandbox/schema", may: []string{"internal/facts"}},
	{dir: "internal/sandbox/world", may: []string{"internal/atomicfile", "internal/facts"}},
	{dir: "internal/sandbox/sandboxtest", may: []string{
		"internal/sandbox/model", "internal/sandbox/protocol", "internal/sandbox/schema", "internal/sandbox/service", "internal/sandbox/world",
	}},

	// The proof and the tools: no part of the program imports them.
	{dir: "internal/proof/awsproxy", tests: []string{"internal/proof/realprovider"}},
	{dir: "internal/proof/admission", tests: []string{"internal/sandbox/chart"}},
	{dir: "internal/proof/cases"},
	{dir: "internal/proof/trivy", tests: []string{"internal/deployment", "internal/engine", "internal/lifecycle", "internal/progress",
		"internal/rehearsal"}},
	{dir: "internal/proof/awsproxy/cmd", may: []string{"internal/proof/awsproxy"}},
	{dir: "internal/proof/awsproxy/awsproxytest", may: []string{"internal/proof/awsproxy"}},
	{dir: "internal/proof/realprovider", tests: []string{
		".", "internal/proof/awsproxy", "internal/deployment", "internal/engine", "internal/lifecycle", "internal/plan", "internal/progress",
		"internal/guide", "internal/rehearsal",
	}},
	{dir: "internal/templates", tests: []string{
		"internal/sandbox", "internal/sandbox/sandboxtest", "internal/sandbox/world", "internal/templates/kubernetestest",
	}},
	{dir: "internal/templates/kubernetestest"},
	{dir: "internal/proof/e2e", tests: []string{"internal/coder", "internal/diagnostic", "internal/coderd", "internal/engine",
		"internal/engine/registrytest", "internal/sandbox/world", "internal/templates/kubernetestest"}},
	{dir: "docs", tests: []string{"internal/sandbox/chart/charttest"}},
	{dir: "internal/docgen"},
	{dir: "internal/proof/house", tests: []string{"internal/sandbox/service"}},
	{dir: "tools/asof", may: []string{"internal/atomicfile"}},
	{dir: "tools/bench"},
	{dir: "tools/charts", may: []string{"tools/codersource"}},
	{dir: "tools/codersource", tests: []string{"internal/sandbox/chart/charttest"}},
	{dir: "tools/coderoptions", may: []string{"internal/atomicfile", "tools/codersource"}},
	{dir: "tools/docgen", may: []string{"internal/docgen"}},
	{dir: "tools/ec2instances", may: []string{"internal/facts", "tools/records"}},
	{dir: "tools/measure", may: []string{"internal/proof/realprovider"}},
	{dir: "tools/notices"},
	{dir: "tools/mutate", may: []string{"tools/mutate/mutant"}},
	{dir: "tools/mutate/mutant"},
	{dir: "tools/providercalls", may: []string{"internal/atomicfile"}},
	{dir: "tools/prices", may: []string{
		"internal/diagnostic", "internal/facts", "internal/pricing", "internal/pricing/pricelist", "tools/asof",
	}},
	{dir: "tools/providerschemas", may: []string{"internal/atomicfile", "tools/asof", "tools/records"}},
	{dir: "tools/records", may: []string{"internal/atomicfile"}},
	{dir: "tools/rdsauthorities"},
	{dir: "tools/schemas"},
	{dir: "tools/testreport"},
	{dir: "tools/vuln"},
}

// catalogRow is the row of the package that lists all services, which alone imports them all.
func catalogRow() layer {
	row := layer{dir: "internal/sandbox/service", may: []string{"internal/sandbox/model"},
		tests: []string{"internal/sandbox/fault", "internal/sandbox/permission", "internal/sandbox/sandboxtest", "internal/sandbox/world"}}
	for _, one := range services {
		row.may = append(row.may, one.dir)
	}
	return row
}

// services are the services of the embedded AWS: all of them may import the model and the world. What else one stands on is named: as on
// AWS, many services stand on KMS and on policy documents, and some on EC2 and IAM, never the other way round.
var services = []layer{
	serviceRow("acm", "service/route53"),
	serviceRow("autoscaling", "cron", "service/ec2", "service/kms"),
	serviceRow("backup", "cron", "principal", "service/kms"),
	serviceRow("bedrock", "facts"),
	serviceRow("budgets", "facts"),
	serviceRow("cloudtrail", "principal", "service/kms"),
	serviceRow("cloudwatch"),
	serviceRow("configservice", "permission", "principal"),
	serviceRow("dynamodb", "service/kms"),
	serviceRow("ec2", "facts", "iampolicy"),
	serviceRow("ecr", "facts", "iampolicy", "principal", "service/kms"),
	serviceRow("efs", "facts", "service/ec2", "service/kms"),
	serviceRow("eks", "facts", "fault", "permission", "principal", "service/ec2", "service/kms"),
	serviceRow("elasticache", "facts", "service/kms"),
	serviceRow("elb", "facts", "iampolicy", "principal"),
	serviceRow("eventbridge", "cron"),
	serviceRow("guardduty"),
	serviceRow("iam", "facts", "iampolicy", "principal"),
	serviceRow("kms", "iampolicy", "principal"),
	serviceRow("lambda", "principal"),
	serviceRow("logs", "facts", "iampolicy", "principal", "service/kms"),
	serviceRow("rds", "facts", "principal", "service/ec2", "service/kms"),
	serviceRow("route53", "service/elb"),
	serviceRow("route53resolver"),
	serviceRow("s3", "facts", "iampolicy", "principal", "service/kms"),
	serviceRow("scheduler", "cron", "principal"),
	serviceRow("secretsmanager", "iampolicy", "permission", "principal", "service/kms"),
	serviceRow("securityhub"),
	serviceRow("servicequotas"),
	serviceRow("sfn", "permission", "principal", "stepfunctions"),
	serviceRow("sns", "iampolicy", "principal"),
	serviceRow("sqs", "facts", "iampolicy", "principal"),
	serviceRow("ssm", "facts", "service/eks"),
	serviceRow("sts", "facts"),
}

// serviceRow is the row of one service of AWS, with what it imports besides: facts, cron, iampolicy, and what lies below internal/sandbox.
func serviceRow(name string, also ...string) layer {
	row := layer{dir: "internal/sandbox/service/" + name, may: []string{"internal/sandbox/model", "internal/sandbox/world"},
		tests: []string{"internal/sandbox/sandboxtest"}}
	for _, dir := range also {
		if dir != "facts" && dir != "cron" && dir != "iampolicy" {
			dir = "sandbox/" + dir
		}
		row.may = append(row.may, "internal/"+dir)
	}
	return row
}

// owners names the only packages that may import a library, so that it can be replaced in one place.
var owners = []struct {
	library string
	dirs    []string
	why     string
}{
	{"github.com/spf13/cobra", []string{"internal/cli"}, "the command line is one package"},
	{"golang.org/x/term", []string{"internal/cli"}, "only the command line knows whether somebody is looking"},
	{"github.com/aws/", []string{"internal/account", "internal/bundle", "internal/coder", "internal/statebucket", "internal/pricing/pricelist",
		"internal/proof/awsproxy/awsproxytest",
		"internal/tunnel", "internal/verify", "tools/ec2instances"}, "everything else reaches AWS through Terraform"},
	{"github.com/agext/levenshtein", []string{"internal/coderd", "internal/nearest"},
		"what a name may have been meant for is decided in one place; coderd compares words"},
	{"github.com/blues/jsonata-go", []string{"internal/sandbox/stepfunctions"}, "JSONata is known where state machines run"},
	{"github.com/google/go-containerregistry", []string{"internal/bundle"}, "images are carried in one place"},
	{"github.com/opentofu/tofudl", []string{"internal/download"}, "downloads happen in one place, when asked for"},
	{"github.com/hashicorp/hcl/", []string{"internal/configuration", "internal/cost", "internal/deployment", "internal/docgen",
		"internal/hclfile"}, "HCL decides; reports read the plan, and cost a file of assumptions"},
	{"github.com/hashicorp/go-plugin", []string{"internal/sandbox/protocol", "internal/proof/realprovider",
		"internal/templates/kubernetestest"}, "the plugin protocol has one server and one client, and a stand-in for tests"},
	{"helm.sh/helm/", []string{"internal/sandbox/chart", "internal/sandbox/helm", "tools/charts"},
		"charts are found and rendered in one place; the provider merges values as Helm does"},
	{"github.com/hashicorp/terraform-plugin-go", []string{
		"internal/sandbox/protocol", "internal/sandbox/helm", "internal/sandbox/schema", "internal/sandbox/sandboxtest",
		"internal/proof/realprovider",
		"internal/templates/kubernetestest",
	}, "a service of the embedded AWS knows resources, not the plugin protocol"},
}

func TestImportsPointOneWay(t *testing.T) {
	report(t, "imports point one way; the table is `layers` in internal/proof/house/imports_test.go",
		checkImports(slices.Concat(layers, []layer{catalogRow()}, services), sources(t)))
}

// TestTheSandboxHasOneDoor: the program knows the embedded AWS through the rehearsal alone. Tests of what runs in it, the proof and the
// tools may look inside.
func TestTheSandboxHasOneDoor(t *testing.T) {
	var found []finding
	for _, s := range sources(t) {
		dir := s.dir()
		if s.test() || dir == "internal/rehearsal" || slices.ContainsFunc([]string{"internal/sandbox", "internal/proof", "tools"},
			func(room string) bool {
				return dir == room || strings.HasPrefix(dir, room+"/")
			}) {
			continue
		}
		s.imports(func(name string, at token.Pos) {
			if inLibrary(name, module+"/internal/sandbox") {
				found = append(found, s.at(at, "%s imports %s", dir, name))
			}
		})
	}
	report(t, "who wants to know something of the embedded AWS asks internal/rehearsal", found)
}

func TestLibrariesHaveOwners(t *testing.T) {
	var found []finding
	for _, s := range sources(t) {
		s.imports(func(name string, at token.Pos) {
			for _, o := range owners {
				if inLibrary(name, o.library) && !slices.Contains(o.dirs, s.dir()) && !s.test() {
					found = append(found, s.at(at, "%s imports %s", s.dir(), name))
				}
			}
		})
	}
	report(t, "a library has owners, named with reasons in `owners` in internal/proof/house/imports_test.go", found)
}

func inLibrary(name, library string) bool {
	return name == library || strings.HasPrefix(name, strings.TrimSuffix(library, "/")+"/")
}

// checkImports compares what files import with the table. A package without a row is a finding, unless it is tests that
// import nothing of the module; and so are rows and allowances that stand for nothing, since they would hide the next mistake.
func checkImports(table []layer, all []*source) []finding {
	rows := map[string]layer{}
	for _, row := range table {
		rows[row.dir] = row
	}
	var found []finding
	packages, used := map[string]bool{}, map[[2]string]bool{}
	for _, s := range all {
		dir := s.dir()
		row, known := rows[dir]
		if !known && !packages[dir] && !s.test() {
			found = append(found, s.at(s.ast.Package, "package %s has no row in the table", dir))
		}
		packages[dir] = true
		s.imports(func(name string, at token.Pos) {
			to, ours := directory(name)
			if !ours || to == dir {
				return
			}
			used[[2]string{dir, to}] = true
			allowed := slices.Contains(row.may, to) || s.test() && slices.Contains(row.tests, to)
			if !allowed && (known || s.test()) {
				found = append(found, s.at(at, "%s imports %s, which no row allows", dir, to))
			}
		})
	}
	for _, row := range table {
		if !packages[row.dir] {
			found = append(found, finding{row.dir, 0, "has a row in the table and no Go files"})
			continue
		}
		for _, to := range row.may {
			if !used[[2]string{row.dir, to}] {
				found = append(found, finding{row.dir, 0, fmt.Sprintf("may import %s and does not: take it out of its row", to)})
			}
		}
	}
	return found
}

// directory turns an import path of this module into a directory.
func directory(name string) (dir string, ours bool) {
	if name == module {
		return ".", true
	}
	return strings.CutPrefix(name, module+"/")
}
