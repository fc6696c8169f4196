package chart

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"k8s.io/client-go/kubernetes/scheme"
)

// since is the minor version of Kubernetes 1 from which an API version is served. Others that are stable are older than every
// version that EKS runs. Source: the API reference of each release, "API deprecation guide" and release notes.
var since = map[string]uint64{
	"flowcontrol.apiserver.k8s.io/v1": 29,
	"resource.k8s.io/v1":              34,
}

// beyond are versions that each cluster of EKS serves although client-go has no types for them.
var beyond = []string{"apiextensions.k8s.io/v1", "apiregistration.k8s.io/v1"}

// unstable matches versions that EKS does not serve: alpha ones never, beta ones not since Kubernetes 1.24 unless they are older.
var unstable = regexp.MustCompile(`/v\d+(alpha|beta)\d+$`)

// capabilities is what templates see as .Capabilities. `helm template` claims all API versions that Helm was built with, the removed
// ones included; a cluster has only what it serves, and that is what a chart gets to see when it is installed.
func capabilities(r Release) (*common.Capabilities, error) {
	text := r.KubernetesVersion
	if strings.Count(text, ".") == 1 {
		// EKS reports versions such as v1.33.4-eks-113cf36; the suffix makes it a pre-release for semverCompare, which charts
		// that were never tried on EKS stumble over.
		text += ".0-eks-0000000"
	}
	version, err := common.ParseKubeVersion(text)
	if err != nil {
		return nil, fmt.Errorf("the Kubernetes version %q is not one: %w", r.KubernetesVersion, err)
	}
	minor, err := strconv.ParseUint(version.Minor, 10, 32)
	if err != nil {
		return nil, err
	}
	set := common.VersionSet(slices.Concat(beyond, r.APIVersions))
	for _, api := range scheme.Scheme.PrioritizedVersionsAllGroups() {
		name := api.String()
		if unstable.MatchString(name) || minor < since[name] {
			continue
		}
		set = append(set, name)
		for kind := range scheme.Scheme.KnownTypes(api) {
			set = append(set, name+"/"+kind)
		}
	}
	slices.Sort(set)
	return &common.Capabilities{KubeVersion: *version, APIVersions: slices.Compact(set),
		HelmVersion: common.DefaultCapabilities.HelmVersion}, nil
}
