package deployment

import (
	"strings"
	"testing"

	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

// TestLoadBackend is the specification of a deployment's own choice of where its states are kept.
func TestLoadBackend(t *testing.T) {
	type place struct {
		Place    string
		Settings map[string]string
	}
	for _, test := range []struct {
		name    string
		files   map[string]string
		several bool
		// want is the place of stack cloud of eu-west-1 of a deployment named coder; empty where there is none.
		want place
		// code, summary and line are those of the first finding.
		code, summary string
		line          int
	}{
		{name: "no file", files: map[string]string{"eu-west-1.tfvars": ""}},
		{name: "a bucket alone", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nuse_lockfile = true\n"},
			want: place{"s3://ours/coder/eu-west-1/cloud.tfstate",
				map[string]string{"key": "coder/eu-west-1/cloud.tfstate", "region": "eu-west-1"}}},
		{name: "a bucket with key and region", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nkey = " +
			"\"x/{stack}\"\nregion = \"us-east-1\"\ndynamodb_table = \"locks\"\n"},
			want: place{"s3://ours/x/cloud", map[string]string{"key": "x/cloud"}}},
		{name: "the long name of the same", files: map[string]string{"backend.s3.tfbackend": "bucket = \"ours\"\nkey = " +
			"\"{name}-{region}-{stack}\"\nregion = \"us-east-1\"\nuse_lockfile = true\n"},
			several: true, want: place{"s3://ours/coder-eu-west-1-cloud", map[string]string{"key": "coder-eu-west-1-cloud"}}},
		{name: "another backend", files: map[string]string{"backend.gcs.tfbackend": "bucket = \"ours\"\nprefix = \"coder/{stack}\"\n"},
			want: place{"gcs of backend.gcs.tfbackend (prefix=coder/cloud)", map[string]string{"prefix": "coder/cloud"}}},
		{name: "settings that are no texts",
			files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nuse_lockfile = true\nassume_role = {\n  role_arn = " +
				"\"arn:aws:iam::111122223333:role/state\"\n}\n"},
			want: place{"s3://ours/coder/eu-west-1/cloud.tfstate",
				map[string]string{"key": "coder/eu-west-1/cloud.tfstate", "region": "eu-west-1"}}},

		{name: "no lock", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nuse_lockfile = false\n"},
			want: place{"s3://ours/coder/eu-west-1/cloud.tfstate", map[string]string{"key": "coder/eu-west-1/cloud.tfstate", "region": "eu-west-1"}},
			code: "deployment.no_lock", summary: "nothing keeps two people from changing this state at once"},
		{name: "one key for all stacks", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nkey = " +
			"\"coder.tfstate\"\nuse_lockfile = true\n"},
			code: "deployment.shared_state", summary: "no setting of this file holds {stack}"},
		{name: "one key for all regions", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nkey = " +
			"\"{stack}.tfstate\"\nuse_lockfile = true\n"}, several: true,
			code: "deployment.shared_state", summary: "no setting of this file holds {region}"},
		{name: "one place for all stacks of another backend",
			files: map[string]string{"backend.http.tfbackend": "address = \"https://state.example.com/coder\"\n"},
			code:  "deployment.shared_state", summary: "no setting of this file holds {stack}"},
		{name: "a secret", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nsecret_key = \"hunter2\"\n"},
			code: "deployment.secret", summary: "secret_key is a secret, and has no place in a file of the deployment", line: 2},
		{name: "Terraform's own placeholders", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\nkey = \"${stack}.tfstate\"\n"},
			code: "deployment.not_literal", summary: "key is not a plain value", line: 2},
		{name: "two files", files: map[string]string{"backend.tfbackend": "bucket = \"ours\"\n", "backend.gcs.tfbackend": "bucket = \"ours\"\n"},
			code: "deployment.two_backends", summary: "there are two files that say where the state is kept"},
		{name: "an empty file", files: map[string]string{"backend.tfbackend": "\n"}, code: "deployment.empty_file", summary: "the file is empty"},
		{name: "no HCL", files: map[string]string{"backend.tfbackend": "bucket: ours\n"}, code: "deployment.syntax",
			summary: "the file is not valid: argument or block definition required", line: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &Deployment{Dir: directory(t, test.files), Regions: make([]Region, 1)}
			if test.several {
				d.Regions = make([]Region, 2)
			}
			backend, list := LoadBackend(d)
			got := place{}
			if backend != nil {
				got = place{backend.Place("coder", "eu-west-1", "cloud"), backend.Settings("coder", "eu-west-1", "cloud")}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("place (-want +got):\n%s", diff)
			}
			if test.code == "" {
				if len(list) > 0 {
					t.Error(list)
				}
				return
			}
			found := list[0]
			if found.Code != test.code || found.Summary != test.summary || found.Todo == "" || found.Where == nil ||
				test.line > 0 && found.Where.Line != test.line {
				t.Errorf("finding %s", cmp.Diff(&diagnostic.Diagnostic{Code: test.code, Summary: test.summary}, found))
			}
			if strings.Contains(list.Error()+found.Where.Text, "hunter2") {
				t.Errorf("the secret is shown: %v", list)
			}
		})
	}
}
