package deployment

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/hclfile"

	"github.com/google/go-cmp/cmp"
)

// fixture is a small pair of stacks with every kind of variable; the real ones have their own test.
func fixture() fs.FS { return os.DirFS("testdata/source") }

// directory writes files into a new directory.
func directory(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// lines renders findings as "line:column code: summary | todo", with the underlined text in brackets.
func lines(list diagnostic.List) []string {
	var out []string
	for _, d := range list {
		place := "file"
		if d.Where != nil && d.Where.Line > 0 {
			place = fmt.Sprintf("%d:%d", d.Where.Line, d.Where.Column)
			if d.Where.Column > 0 {
				place += " [" + d.Where.Text[d.Where.Column-1:d.Where.EndColumn-1] + "]"
			}
		}
		out = append(out, fmt.Sprintf("%s %s: %s | %s", place, strings.TrimPrefix(d.Code, "deployment."), d.Summary, d.Todo))
	}
	return out
}

const head = "region = \"us-east-1\"\ndomain = \"coder.example.com\"\n"

// TestSettings is the specification of what is wrong in a file: the text after the two required settings, and its findings.
func TestSettings(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{name: "the required settings are enough"},
		{name: "all kinds of values", text: `
name = "dev-1"
network = { cidr = "10.1.0.0/16", availability_zones = ["us-east-1a", "us-east-1b"] }
cluster = { "version" = "1.34", addon_versions = { "vpc-cni" = "v1.20", coredns : "v1.11" } }
node_groups = { control = { instance_types = ["m5.large"] } }
taints = [{ key = "a" }]
database = { min_acu = 1, snapshot = null }
budget = { monthly_usd = 100, emails = [] }
tags = { "cost-center" = 42 }
helm = { timeout = "900" }`},
		{name: "null takes a default", text: `name = null`},

		{name: "unknown setting, near", text: `databse = {}`,
			want: []string{"3:1 [databse] unknown_setting: there is no setting databse | Did you mean database?"}},
		{name: "unknown setting, in another case and with hyphens", text: `deployment-features = {}`,
			want: []string{"3:1 [deployment-features] unknown_setting: there is no setting deployment-features | Did you mean " +
				"deployment_features?"}},
		{name: "unknown setting, at the wrong level", text: `max_acu = 4`,
			want: []string{"3:1 [max_acu] unknown_setting: there is no setting max_acu | Did you mean database.max_acu?"}},
		{name: "unknown setting, near nothing", text: `zzzzzzzzzz = 4`,
			want: []string{"3:1 [zzzzzzzzzz] unknown_setting: there is no setting zzzzzzzzzz | Remove it, or use one of: " +
				"budget, cluster, database, deployment_features, domain, helm, name, network, node_groups, region, tags, taints."}},
		{name: "the platform stack's input is no setting", text: `cloud = {}`,
			want: []string{"3:1 [cloud] unknown_setting: there is no setting cloud | Remove it, or use one of: budget, " +
				"cluster, database, deployment_features, domain, helm, name, network, node_groups, region, tags, taints."}},
		{name: "unknown in an object", text: "database = {\n  max_acus = 4\n}",
			want: []string{"4:3 [max_acus] unknown_setting: there is no setting database.max_acus | Did you mean database.max_acu?"}},
		{name: "unknown in a list of objects", text: `taints = [{ key = "a" }, { key = "b", efect = "x" }]`,
			want: []string{"3:39 [efect] unknown_setting: there is no setting taints[1].efect | Did you mean taints[1].effect?"}},
		{name: "unknown in a map of objects", text: `node_groups = { "a b" = { instance_types = [], sise = 2 } }`,
			want: []string{`3:48 [sise] unknown_setting: there is no setting node_groups["a b"].sise | Did you mean node_groups["a b"].size?`}},
		{name: "a misspelt required attribute is reported once", text: `budget = { monthly_us = 1, emails = [] }`,
			want: []string{"3:12 [monthly_us] unknown_setting: there is no setting budget.monthly_us | Did you mean budget.monthly_usd?"}},

		{name: "set twice", text: "name = \"abc\"\nname = \"abd\"",
			want: []string{"4:1 [name] duplicate_setting: name is set twice | Remove one of the two."}},
		{name: "set twice in an object", text: `database = { max_acu = 4, "max_acu" = 8 }`,
			want: []string{`3:27 ["max_acu"] duplicate_setting: database.max_acu is set twice | Remove one of the two.`}},
		{name: "missing in an object", text: `budget = { emails = [] }`,
			want: []string{"3:10 [{] missing_setting: budget.monthly_usd is not set | Add `monthly_usd = ...` to budget, a number."}},

		{name: "text for a number", text: `database = { min_acu = "a lot" }`,
			want: []string{`3:24 ["a lot"] wrong_type: database.min_acu must be a number | Write a number.`}},
		{name: "a string for a list", text: `cluster = { public_access_cidrs = "10.0.0.0/8" }`,
			want: []string{
				`3:35 ["10.0.0.0/8"] wrong_type: cluster.public_access_cidrs must be a list of strings | Write it in square brackets: ["10.0.0.0/8"].`}},
		{name: "a list for an object", text: `database = [1]`,
			want: []string{"3:12 [[1]] wrong_type: database must be an object with backup_retention_days, max_acu, min_acu, " +
				"snapshot | Write an object with backup_retention_days, max_acu, min_acu, snapshot."}},
		{name: "a word for a boolean", text: `database = { snapshot = "yes" }`,
			want: []string{`3:25 ["yes"] wrong_type: database.snapshot must be true or false | Write true or false.`}},
		{name: "an object in a map of strings", text: `tags = { a = { b = 1 } }`,
			want: []string{`3:14 [{ b = 1 }] wrong_type: tags.a must be a string | Write a string.`}},
		{name: "a number of a gigabyte of digits", text: `name = 1e999999999`,
			want: []string{`3:8 [1e999999999] wrong_type: name is out of range | Write the number in full.`}},

		{name: "a bare word", text: `name = dev`,
			want: []string{"3:8 [dev] not_literal: name is set to `dev`, which is not a value | Write it in quotes: \"dev\"."}},
		{name: "yes", text: `database = { snapshot = yes }`,
			want: []string{"3:25 [yes] not_literal: database.snapshot is set to `yes`, which is not a value | Write true."}},
		{name: "a variable", text: `name = var.name`,
			want: []string{"3:8 [var.name] not_literal: name refers to `var.name` | Write the value itself."}},
		{name: "a variable in a string", text: `name = "a-${var.name}"`,
			want: []string{"3:13 [var.name] not_literal: name refers to `var.name` | Write the value itself."}},
		{name: "a function", text: `database = { max_acu = max(1, 2) }`,
			want: []string{"3:24 [max(1, 2)] not_literal: database.max_acu calls the function max | Write the value itself."}},
		{name: "arithmetic", text: `database = { max_acu = 2 * 2 }`,
			want: []string{"3:24 [2 * 2] not_literal: database.max_acu is computed from `2 * 2` | Write the value itself."}},
		{name: "a computed key", text: `tags = { (var.a) = "b" }`,
			want: []string{"3:10 [(var.a)] not_literal: tags is computed from `(var.a)` | Write the value itself."}},
		{name: "a block", text: "database {\n}",
			want: []string{"3:1 [database] syntax: database is written as a block | Write `database = {`."}},

		{name: "a rule", text: `database = { backup_retention_days = 36 }`,
			want: []string{"3:38 [36] invalid_value: database.backup_retention_days cannot be 36 | Change " +
				"database.backup_retention_days; stacks/cloud/variables.tf:101 holds the rule."}},
		{name: "a rule over a default", text: `database = { min_acu = 8 }`,
			want: []string{"3:24 [8] invalid_value: database.min_acu cannot be 8 | Change database.min_acu; " +
				"stacks/cloud/variables.tf:97 holds the rule."}},
		{name: "a rule inside a list", text: `cluster = { public_access_cidrs = ["home"] }`,
			want: []string{
				`3:35 [["home"]] invalid_value: cluster.public_access_cidrs cannot be ["home"] | Change cluster.public_access_cidrs; stacks/cloud/variables.tf:67 holds the rule.`}},
		{name: "a rule over two variables", text: "name = \"free\"\nbudget = { monthly_usd = 1, emails = [] }",
			want: []string{
				`4:26 [1] invalid_value: budget.monthly_usd cannot be 1 | Change budget.monthly_usd; stacks/cloud/variables.tf:110 holds the rule.`}},
		{name: "no rule is applied to a value of the wrong type, and all rules to those beside it",
			text: `database = { backup_retention_days = "x", min_acu = 8 }`,
			want: []string{`3:38 ["x"] wrong_type: database.backup_retention_days must be a number | Write a number.`,
				"3:53 [8] invalid_value: database.min_acu cannot be 8 | Change database.min_acu; stacks/cloud/variables.tf:97 holds the rule."}},
		{name: "no rule is applied to the default in place of a misspelt setting",
			text: `database = { max_acuu = 16, min_acu = 8, backup_retention_days = 0 }`,
			want: []string{"3:14 [max_acuu] unknown_setting: there is no setting database.max_acuu | Did you mean database.max_acu?",
				"3:66 [0] invalid_value: database.backup_retention_days cannot be 0 | Change database.backup_retention_days; " +
					"stacks/cloud/variables.tf:101 holds the rule."}},
		{name: "all at once, in order of place", text: "tags = []\nname = \"UP\"\nnam = 1\n",
			want: []string{
				"3:8 [[]] wrong_type: tags must be a map of strings | Write a map of strings.",
				`4:8 ["UP"] invalid_value: name cannot be "UP" | Change name; stacks/cloud/variables.tf:14 holds the rule.`,
				"5:1 [nam] unknown_setting: there is no setting nam | Did you mean name?"}},
		{name: "more findings than anybody reads", text: strings.Repeat("x {}\n", maxFindings+7),
			want: append(slices.Collect(func(yield func(string) bool) {
				for i := range maxFindings {
					yield(fmt.Sprintf("%d:1 [x] unknown_setting: there is no setting x | Remove it, or use one of: budget, cluster, "+
						"database, deployment_features, domain, helm, name, network, node_groups, region, tags, taints.", i+3))
				}
			}), "103:0 more_findings: 7 more findings are not shown | Correct the first ones and check again.")},
		{name: "columns are bytes, in a line with CRLF and letters beyond ASCII", text: "tags = { a = \"äö\", b = [] }\r\n",
			want: []string{"3:26 [[]] wrong_type: tags.b must be a string | Write a string."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, list := Load(directory(t, map[string]string{"us-east-1.tfvars": head + test.text}), fixture())
			if diff := cmp.Diff(test.want, lines(list)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if (d == nil) != list.HasErrors() {
				t.Errorf("deployment is %v with findings %v", d, list)
			}
			for _, f := range list {
				if f.Where == nil || f.Where.File == "" || f.Why == "" || f.Todo == "" {
					t.Errorf("finding without file, reason or way out: %+v", f)
				}
			}
		})
	}
}

// TestFiles is the specification of what is wrong with a directory and its files as a whole.
func TestFiles(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{name: "no file", want: []string{"file not_a_deployment: DIR is not a deployment | Name another directory, or " +
			"start a deployment here with `coderaws init DIR --pattern sr-simple`."}},
		{name: "two regions", files: map[string]string{"us-east-1.tfvars": head,
			"eu-west-1.tfvars": strings.Replace(head, "us-east-1", "eu-west-1", 1)}},
		{name: "other files do not matter", files: map[string]string{"us-east-1.tfvars": head,
			".us-east-1.tfvars.swp": "\x00", "README.md": "x", "us-east-1.tfvars~": "y"}},
		{name: "auto file beside the region's own", files: map[string]string{"us-east-1.tfvars": head, "us-east-1.auto.tfvars": head},
			want: []string{"file two_files: two files for the region us-east-1: us-east-1.tfvars and us-east-1.auto.tfvars | " +
				"Move the settings of us-east-1.auto.tfvars into us-east-1.tfvars and remove it."}},
		{name: "JSON beside the region's own", files: map[string]string{"us-east-1.tfvars": head, "us-east-1.tfvars.json": "{}"},
			want: []string{"file two_files: two files for the region us-east-1: us-east-1.tfvars and us-east-1.tfvars.json | " +
				"Move the settings of us-east-1.tfvars.json into us-east-1.tfvars and remove it."}},
		{name: "JSON alone", files: map[string]string{"us-east-1.tfvars.json": "{}"},
			want: []string{"file other_format: us-east-1.tfvars.json is not a file of a deployment | Write its settings as " +
				"`name = value` lines into us-east-1.tfvars and remove it."}},
		{name: "not a region", files: map[string]string{"prod.tfvars": head, "us-esat-1.tfvars": head, "us_east_1.tfvars": head},
			want: []string{
				`file invalid_region: "prod" is not the name of an AWS region | Rename the file to the region that it describes.`,
				`1:10 ["us-east-1"] region_mismatch: region is "us-east-1" in the file of us-esat-1 | Write ` +
					"`region = \"us-esat-1\"`" + `, or rename the file to us-east-1.tfvars.`,
				`file invalid_region: "us_east_1" is not the name of an AWS region | Did you mean us-east-1.tfvars?`}},
		{name: "the region is not the file's", files: map[string]string{"eu-west-1.tfvars": head},
			want: []string{`1:10 ["us-east-1"] region_mismatch: region is "us-east-1" in the file of eu-west-1 | Write ` +
				"`region = \"eu-west-1\"`" + `, or rename the file to us-east-1.tfvars.`}},
		{name: "missing settings", files: map[string]string{"us-east-1.tfvars": `name = "abc"`},
			want: []string{"file missing_setting: domain is not set | Add `domain = ...`, a string.",
				"file missing_setting: region is not set | Add `region = ...`, a string."}},
		{name: "a misspelt required setting is reported once",
			files: map[string]string{"us-east-1.tfvars": "region = \"us-east-1\"\ndomian = \"a.b\""},
			want:  []string{"2:1 [domian] unknown_setting: there is no setting domian | Did you mean domain?"}},
		{name: "a region of the wrong type", files: map[string]string{"us-east-1.tfvars": "region = []\ndomain = \"a.b\""},
			want: []string{"1:10 [[]] wrong_type: region must be a string | Write a string."}},
		{name: "required is null", files: map[string]string{"us-east-1.tfvars": "region = \"us-east-1\"\ndomain = null"},
			want: []string{"2:1 [domain = null] missing_setting: domain is not set | Add `domain = ...`, a string."}},
		{name: "empty", files: map[string]string{"us-east-1.tfvars": " \n"},
			want: []string{"file empty_file: the file is empty | Write the settings, or remove the file and start again with `coderaws init`."}},
		{name: "comments alone", files: map[string]string{"us-east-1.tfvars": "# later\n"},
			want: []string{"file empty_file: the file sets nothing | Write the settings, or remove the file and start again with `coderaws init`."}},
		{name: "half-written", files: map[string]string{"us-east-1.tfvars": head + "database = {\n  min_acu = 1\n"},
			want: []string{"3:12 [{] syntax: the file ends before this { is closed | Close it, or restore the file from version control."}},
		{name: "cut off in a string", files: map[string]string{"us-east-1.tfvars": head + "name = \"co"},
			want: []string{"3:8 [\"] syntax: the file ends before this \" is closed | Close it, or restore the file from version control."}},
		{name: "a quote that was forgotten",
			files: map[string]string{"us-east-1.tfvars": head + "name = \"coder\ncidr = \"10.0.0.0/16\"\nzones = \"a\"\n"},
			want: []string{"3:14 [] syntax: the file is not valid: invalid multi-line string | Close the text on its own line: a quote (\") is " +
				"missing at the place above."}},
		{name: "a quote that was forgotten, before an even number of others",
			files: map[string]string{"us-east-1.tfvars": head + "name = \"coder\nzones = [\"a, b\", \"c, d\"]\nowner = a\"\n"},
			want: []string{"3:14 [] syntax: the file is not valid: invalid multi-line string | Close the text on its own line: a quote (\") is " +
				"missing at the place above."}},
		{name: "no value", files: map[string]string{"us-east-1.tfvars": head + "name =\n"},
			want: []string{"3:7 [] syntax: the file is not valid: invalid expression | Settings are written as `name = " +
				"value`, one a line; correct the place above. If the file was cut off, restore it."}},
		{name: "BOM of UTF-8", files: map[string]string{"us-east-1.tfvars": "\ufeff" + head}},
		{name: "BOM of UTF-8 before an error", files: map[string]string{"us-east-1.tfvars": "\ufeffregoin = \"us-east-1\"\ndomain = \"a.b\""},
			want: []string{"1:1 [regoin] unknown_setting: there is no setting regoin | Did you mean region?"}},
		{name: "UTF-16", files: map[string]string{"us-east-1.tfvars": "\xff\xfer\x00"},
			want: []string{"file encoding: the file is UTF-16 | Save it again as UTF-8 in your editor."}},
		{name: "Latin 1", files: map[string]string{"us-east-1.tfvars": head + "# \xe4"},
			want: []string{"3:0 encoding: the file is not UTF-8 | Save it again as UTF-8 in your editor."}},
		{name: "NUL bytes", files: map[string]string{"us-east-1.tfvars": head + "\x00\x00"},
			want: []string{"3:0 encoding: the file holds a NUL byte | Restore it from version control, or write it again."}},
		{name: "huge", files: map[string]string{"us-east-1.tfvars": head + strings.Repeat("#", hclfile.Settings.Size)},
			want: []string{"file too_large: the file is too large for a tfvars file | Check that it is the right file."}},
		{name: "nested beyond reason",
			files: map[string]string{"us-east-1.tfvars": head + "tags = " + strings.Repeat("[", hclfile.Settings.Size/2)},
			want:  []string{"3:72 [[] syntax: the file is nested too deeply | Check that it is the right file."}},
		{name: "operators beyond reason",
			files: map[string]string{"us-east-1.tfvars": head + "name = " + strings.Repeat("!", hclfile.Settings.Size/2)},
			want:  []string{"3:208 [!] syntax: the file is nested too deeply | Check that it is the right file."}},
		{name: "this format", files: map[string]string{"us-east-1.tfvars": "# coderaws deployment format 1\n" + head}},
		{name: "a later format", files: map[string]string{"us-east-1.tfvars": "# coderaws deployment format 2\n" + head + "other = true"},
			want: []string{"1:1 [# coderaws deployment format 2] other_version: deployment format 2 is not known | Install " +
				"the coderaws that wrote it, or a newer one. Do not edit the number: the settings may mean something else there."}},
		{name: "no number for a format", files: map[string]string{"us-east-1.tfvars": "# mine\n# coderaws deployment format v1\n" + head},
			want: []string{"2:1 [# coderaws deployment format v1] other_version: deployment format v1 is not known | Write `# " +
				"coderaws deployment format 1`, or remove the line."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := directory(t, test.files)
			_, list := Load(dir, fixture())
			got := lines(list)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], dir, "DIR")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "us-east-1.tfvars")
	tests := []struct {
		name, dir string
		prepare   func() error
		want      string
	}{
		{name: "no directory", dir: filepath.Join(dir, "none"), want: "deployment.no_such_directory"},
		{name: "a directory for a file", dir: dir, prepare: func() error { return os.Mkdir(file, 0o700) }, want: "deployment.unreadable"},
		{name: "a dangling link", dir: dir, prepare: func() error { return os.Symlink("nowhere", file) }, want: "deployment.unreadable"},
		{name: "a file for the directory", dir: file, prepare: func() error { return os.WriteFile(file, nil, 0o600) },
			want: "deployment.not_a_directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_ = os.Remove(file)
			if test.prepare != nil {
				if err := test.prepare(); err != nil {
					t.Fatal(err)
				}
			}
			_, list := Load(test.dir, fixture())
			if len(list) != 1 || list[0].Code != test.want || list[0].Todo == "" || list[0].Where == nil {
				t.Errorf("got %+v, want one %s", list, test.want)
			}
		})
	}
}

func TestRegion(t *testing.T) {
	dir := directory(t, map[string]string{"us-east-1.tfvars": head + "database = { max_acu = 8 }\ntags = { team = \"dev\" }\nhelm = {}\n" +
		"deployment_features = { high_availability = true }"})
	d, list := Load(dir, fixture())
	if list != nil {
		t.Fatal(list)
	}
	r, err := d.Region("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"domain": "coder.example.com", "name": "coder", "database.min_acu": "0.5", "database.max_acu": "8", "tags.team": "dev",
		"tags.none": "", "database": "", "none": "", "budget.emails": "", "helm.timeout": "600", "database.snapshot": "true",
	} {
		if got := r.String(path); got != want {
			t.Errorf("String(%q) = %q, want %q", path, got, want)
		}
	}
	if diff := cmp.Diff([]string{"high_availability"}, r.Features()); diff != "" {
		t.Errorf("Features (-want +got):\n%s", diff)
	}
	for stack, want := range map[string]string{
		"cloud": `{
  "database": {
    "max_acu": 8
  },
  "deployment_features": {
    "high_availability": true
  },
  "domain": "coder.example.com",
  "region": "us-east-1",
  "tags": {
    "team": "dev"
  }
}`,
		"platform": `{
  "helm": {},
  "region": "us-east-1"
}`,
	} {
		got, err := r.Variables(stack)
		if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
			t.Errorf("Variables(%q): %v (-want +got):\n%s", stack, err, diff)
		}
	}
	if _, err := d.Region("us-east-2"); diagnostic.From(err)[0].Todo != "Did you mean us-east-1?" {
		t.Errorf("Region: %v", err)
	}
}

func TestLoadWithoutStacks(t *testing.T) {
	dir := directory(t, map[string]string{"us-east-1.tfvars": head})
	_, list := Load(dir, os.DirFS(t.TempDir()))
	if len(list) != 1 || list[0].Code != "deployment.invalid_stacks" {
		t.Errorf("got %v", list)
	}
}
