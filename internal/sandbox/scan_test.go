package sandbox

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScan(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"app/main.tf":                             `resource "aws_sqs_queue" "q" {}`,
		"app/data.tofu":                           `data "aws_region" "r" {}`,
		"app/json.tf.json":                        `{"resource": {"aws_sns_topic": {"t": {}}}}`,
		"app/terraform.tfstate":                   `{"resources": [{"type": "aws_vpc"}]}`,
		"app/notes.txt":                           `"aws_lambda_function"`,
		"app/.terraform/modules/modules.json":     `{"Modules": [{"Key": "", "Dir": "."}, {"Key": "m", "Dir": "../shared"}]}`,
		"app/.terraform/modules/far/main.tf":      `resource "aws_ecr_repository" "r" {}`,
		"shared/main.tf":                          `resource "aws_efs_file_system" "f" {}`,
		"shared/inner/main.tf":                    `resource "aws_kms_key" "k" {}`,
		"other/main.tf":                           `resource "aws_dynamodb_table" "t" {}`,
		"charts/main.tf":                          `resource "helm_release" "r" {}`,
		"damaged/.terraform/modules/modules.json": `{"Modules": [`,
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		dirs []string
		want []string
	}{
		{"configuration, state, fetched modules, and local modules outside of the directory", []string{"app"},
			[]string{"aws_ecr_repository", "aws_efs_file_system", "aws_kms_key", "aws_region", "aws_sns_topic", "aws_sqs_queue", "aws_vpc"}},
		{"several directories", []string{"other", "shared"}, []string{"aws_dynamodb_table", "aws_efs_file_system", "aws_kms_key"}},
		{"releases of Helm", []string{"charts"}, []string{"helm_release"}},
		{"a damaged manifest and a missing directory are passed over", []string{"damaged", "gone"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			scan := scanner{names: map[string]bool{}, seen: map[string]bool{}}
			for _, dir := range test.dirs {
				scan.directory(filepath.Join(root, dir))
			}
			var got []string
			for name := range scan.names {
				got = append(got, name)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
