package main

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// answer is what an engine says of a small provider.
const answer = `{"format_version":"1.0","provider_schemas":{"registry.opentofu.org/hashicorp/aws":{
"provider":{"version":0,"block":{"attributes":{"region":{"type":"string","description":"Where","description_kind":"plain","optional":true}},
 "description_kind":"plain"}},
"resource_schemas":{
 "aws_vpc":{"version":1,"block":{"attributes":{"id":{"type":"string","computed":true},
  "secret":{"type":"string","optional":true,"sensitive":true,"write_only":true,"deprecated":true},
  "rules":{"nested_type":{"attributes":{"n":{"type":"number","required":true,"description_kind":"plain"}},"nesting_mode":"list"},
   "optional":true}},
  "block_types":{"timeouts":{"nesting_mode":"single","block":{"attributes":{"create":{"type":"string","optional":true}},"deprecated":true}},
   "tag":{"nesting_mode":"set","min_items":1,"max_items":9,"block":{}}}}},
 "aws_wafv2_web_acl":{"version":0,"block":{}}},
"data_source_schemas":{"aws_region":{"version":0,"block":{"attributes":{"name":{"type":["list","string"],"computed":true}}}}},
"ephemeral_resource_schemas":{"aws_secret":{"version":0,"block":{}}},"functions":{"arn_parse":{}}}}}`

// engine writes a program that says this answer to `providers schema`, and fails where the first word of fails is its first argument.
func engine(t *testing.T, answer, fails string) string {
	t.Helper()
	dir := t.TempDir()
	script := `#!/bin/sh
[ "$1" = "` + fails + `" ] && { echo "no such provider" >&2; exit 1; }
grep -q 'source  = "hashicorp/aws"' main.tf && grep -q 'version = "6.66.0"' main.tf || exit 3
[ -d "$(sed -n 's/.*path = "\(.*\)"/\1/p' cli.tfrc)" ] || exit 4
[ "$1" = providers ] && cat "` + dir + `/answer" || echo "Initialized"
`
	for name, text := range map[string]string{"engine": script, "answer": answer} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "engine")
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	table := filepath.Join(dir, "table.go")
	row := "{\n\tName: ProviderSchemas, What: \"Schemas\",\n\tAsOf: \"2025-11-01\", GoodUntil: \"2027-11-01\",\n}\n"
	if err := os.WriteFile(table, []byte(row), 0o644); err != nil {
		t.Fatal(err)
	}
	o := order{
		provider: "hashicorp/aws", version: "6.66.0", engine: engine(t, answer, "nothing"), mirror: dir,
		file: filepath.Join(dir, "aws.json.gz"), released: "2026-05-06", table: table,
	}
	if err := run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	const want = `{"format_version":"1.0","provider_schemas":{"registry.terraform.io/hashicorp/aws":{
"provider":{"block":{"attributes":{"region":{"optional":true,"type":"string"}}},"version":0},
"resource_schemas":{
"aws_vpc":{"block":{"attributes":{"id":{"computed":true,"type":"string"},"rules":{"nested_type":` +
		`{"attributes":{"n":{"required":true,"type":"number"}},"nesting_mode":"list"},"optional":true},` +
		`"secret":{"optional":true,"sensitive":true,"type":"string","write_only":true}},"block_types":{` +
		`"tag":{"block":{},"max_items":9,"min_items":1,"nesting_mode":"set"},` +
		`"timeouts":{"block":{"attributes":{"create":{"optional":true,"type":"string"}}},"nesting_mode":"single"}}},"version":1}
},
"data_source_schemas":{
"aws_region":{"block":{"attributes":{"name":{"computed":true,"type":["list","string"]}}},"version":0}
}
}}}
`
	if got := unzipped(t, o.file); got != want {
		t.Errorf("%s", got)
	}
	if text, err := os.ReadFile(table); err != nil || !strings.Contains(string(text), `AsOf: "2026-05-06", GoodUntil: "2028-05-06"`) {
		t.Errorf("the table of facts: %s, %v", text, err)
	}
	o.file, o.released = filepath.Join(dir, "aws.json"), ""
	if err := run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(o.file); err != nil || !strings.HasPrefix(string(text), "{\n \"format_version\": \"1.0\",\n") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestRunFails(t *testing.T) {
	for _, row := range []struct {
		name, want string
		change     func(*testing.T, *order)
	}{
		{name: "the provider is not to be had", want: "no such provider",
			change: func(t *testing.T, o *order) { o.engine = engine(t, answer, "init") }},
		{name: "an answer of another provider", want: "has no provider hashicorp/aws",
			change: func(t *testing.T, o *order) {
				o.engine = engine(t, strings.ReplaceAll(answer, "/aws", "/helm"), "nothing")
			}},
		{name: "an answer that is none", want: "is not JSON", change: func(t *testing.T, o *order) { o.engine = engine(t, "oops", "nothing") }},
		{name: "no engine", want: "from the mirror", change: func(_ *testing.T, o *order) { o.engine = "/absent/terraform" }},
		{name: "no version", want: "-version", change: func(_ *testing.T, o *order) { o.version = "" }},
		{name: "a day that is none", want: "2026-11-01", change: func(_ *testing.T, o *order) { o.released = "today" }},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			o := order{provider: "hashicorp/aws", version: "6.66.0", mirror: dir, file: filepath.Join(dir, "aws.json.gz"),
				engine: engine(t, answer, "nothing")}
			row.change(t, &o)
			if err := run(t.Context(), o); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want %s", err, row.want)
			}
			if _, err := os.Stat(o.file); err == nil {
				t.Error("a file was written all the same")
			}
		})
	}
}

func unzipped(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
