package versions

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"

	"github.com/zclconf/go-cty/cty"
)

// architectures warns of instance types whose processors are not those that the image of their node group is made for. EKS refuses such a
// group, after ten minutes of making a cluster for it.
func architectures(r *deployment.Region) diagnostic.List {
	var list diagnostic.List
	for _, group := range []string{"control", "provisioner", "workspace"} {
		image := r.String("node_groups." + group + ".ami_type")
		wanted := imageArchitecture(image)
		if image == "" {
			// Both images that the cloud stack chooses between, by fips, are made for the same.
			image, wanted = "of a group without ami_type", "x86_64"
		}
		path := "node_groups." + group + ".instance_types"
		v := r.Value(path)
		if wanted == "" || v.IsNull() || !v.IsWhollyKnown() || !v.CanIterateElements() {
			continue
		}
		for i, value := range v.AsValueSlice() {
			if value.IsNull() || value.Type() != cty.String {
				continue
			}
			kind := facts.Instance(value.AsString())
			if kind == nil || kind.Newer || slices.Contains(kind.Architectures, wanted) {
				continue
			}
			d := warn(r, fmt.Sprintf("%s[%d]", path, i), "nodes.architecture", "%s has processors of %s, and the image %s is for %s",
				value.AsString(), strings.Join(kind.Architectures, ", "), image, wanted)
			d.Why = "EKS refuses a node group whose image its instance types cannot start"
			d.Todo = fmt.Sprintf("write instance types of %s, or types of one other architecture alone and the ami_type that is for it", wanted)
			list = append(list, d)
		}
	}
	return list
}

// imageArchitecture is what EKS's image families are made for, by their names; "" where the name does not say.
func imageArchitecture(image string) string {
	switch {
	case strings.Contains(image, "ARM_64"):
		return "arm64"
	case strings.Contains(image, "x86_64"):
		return "x86_64"
	}
	return ""
}
