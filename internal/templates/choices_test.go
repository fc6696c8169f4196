package templates_test

import (
	"strings"
	"testing"
)

// TestChoices: what people may choose, as Coder's provider decides it, and what an administrator may set.
func TestChoices(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, template string
		choose         workspace
		refused        string
	}{
		{"the largest size with a home of its own", "kubernetes",
			workspace{parameters: map[string]string{"size": "large", "home_gib": "100"}}, ""},
		{"a size that there is not", "kubernetes", workspace{parameters: map[string]string{"size": "huge"}}, "must be a valid option"},
		{"a home above what is allowed", "kubernetes", workspace{parameters: map[string]string{"home_gib": "501"}}, "Choose 1 to 500 GiB."},
		{"a smaller home than before", "kubernetes", workspace{parameters: map[string]string{"home_gib": "10"},
			previous: map[string]string{"home_gib": "20"}}, "must be equal or greater than previous value: 20"},
		{"the sizes of the deployment", "kubernetes", workspace{
			parameters: map[string]string{"size": "data-science"},
			variables: map[string]string{
				"profiles": `{"data-science":{"cpu_request":4,"cpu_limit":4,"memory_request_gib":16,"memory_limit_gib":16,"home_gib":50,"share":100}}`,
			},
		}, ""},
		{"a limit below the request", "kubernetes", workspace{variables: map[string]string{
			"profiles": `{"odd":{"cpu_request":4,"cpu_limit":2,"memory_request_gib":16,"memory_limit_gib":16,"home_gib":50}}`,
		}}, "limits that are not below the requests"},
		{"an image without a tag", "kubernetes", workspace{variables: map[string]string{"images": `{"Own":"example.com:5000/team/dev"}`}},
			"with a tag or a digest"},
		{"the image latest", "kubernetes", workspace{variables: map[string]string{"images": `{"Own":"example.com/team/dev:latest"}`}},
			"with a tag or a digest"},
		{"a toleration as EKS writes it", "kubernetes", workspace{variables: map[string]string{
			"tolerations": `[{"key":"k","operator":"Equal","value":"v","effect":"NO_SCHEDULE"}]`,
		}}, "NO_SCHEDULE is how EKS writes it"},
		{"a dev container where none are offered", "kubernetes",
			workspace{parameters: map[string]string{"environment": "devcontainer"}}, "must be a valid option"},
		{"a dev container", "kubernetes", workspace{
			parameters: map[string]string{"environment": "devcontainer", "repository": "https://github.com/example/app"},
			variables:  map[string]string{"dev_containers": "true"},
		}, ""},
		{"a dev container of no repository", "kubernetes", workspace{
			parameters: map[string]string{"environment": "devcontainer"}, variables: map[string]string{"dev_containers": "true"},
		}, "A dev container needs a repository"},
		{"a repository by SSH", "kubernetes", workspace{
			parameters: map[string]string{"environment": "devcontainer", "repository": "git@github.com:example/app"},
			variables:  map[string]string{"dev_containers": "true"},
		}, "by https"},
		{"four GPUs", "kubernetes-gpu", workspace{parameters: map[string]string{"gpus": "4"},
			variables: map[string]string{"gpus": "[1, 4]"}}, ""},
		{"four GPUs where one is offered", "kubernetes-gpu", workspace{parameters: map[string]string{"gpus": "4"}}, "must be a valid option"},
		{"half a GPU", "kubernetes-gpu", workspace{variables: map[string]string{"gpus": "[0.5]"}}, "whole numbers"},
		{"no subnets", "ec2-linux", workspace{variables: map[string]string{"region": "us-east-1", "subnet_ids": "[]",
			"security_group_ids": `["sg-1"]`}}, "at least one subnet"},
		{"a checksum that is none", "kubernetes", workspace{variables: map[string]string{"code_server_sha256": "sha256:abc"}},
			"64 hexadecimal digits"},
		{"no region", "ec2-linux", workspace{variables: map[string]string{"subnet_ids": `["subnet-1"]`,
			"security_group_ids": `["sg-1"]`}}, `"region"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := open(t, test.template)
			p.must(nil, "init", "-no-color")
			w := dev("ada")
			w.parameters, w.previous, w.variables = test.choose.parameters, test.choose.previous, test.choose.variables
			output, err := p.run(w.environment("start"), "plan", "-no-color", "-input=false")
			output = strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
			switch {
			case test.refused == "" && err != nil:
				t.Errorf("refused: %s", output)
			case test.refused != "" && (err == nil || !strings.Contains(output, test.refused)):
				t.Errorf("error %v does not say %q:\n%s", err, test.refused, output)
			}
		})
	}
}
