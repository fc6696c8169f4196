package inventory

import (
	"encoding/json"
	"testing"

	"coderaws/internal/plan"
)

// FuzzRead: no plan that can be decoded makes the program fail.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"format_version":"1.2","planned_values":{},"resource_changes":[],"configuration":{}}`,
		`{"format_version":"1.2","planned_values":{"root_module":{"resources":[null]}},"resource_changes":[null],"configuration":{"root_module":{"module_calls":{"a":null}}}}`,
		`{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"aws_eks_node_group.a","mode":"managed","type":"aws_eks_node_group","values":{"scaling_config":[{"min_size":-1}],"labels":5}}]}},"resource_changes":[{"address":"aws_eks_node_group.a","mode":"managed","type":"aws_eks_node_group","change":{"actions":["create"],"after":{},"after_unknown":{"scaling_config":[true],"launch_template":true}}}],"configuration":{}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, d := plan.Decode(text)
		if d != nil {
			return
		}
		Plan(p, nil)
		inv, _ := Read(p, nil)
		if _, err := json.Marshal(inv); err != nil {
			t.Error(err)
		}
	})
}
