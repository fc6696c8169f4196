package lifecycle

import (
	"maps"
	"path"
	"path/filepath"

	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// Running are the versions that run in a region, by the settings that name them, as its states have them; it is empty where nothing was
// made, and lacks Coder's where none is installed.
func Running(region string, states []State) map[string]string {
	running := map[string]string{}
	for _, s := range states {
		if s.Region == region {
			maps.Copy(running, s.versions)
		}
	}
	return running
}

// versionOf is the setting that names the version of a resource, and the version that runs; none for what has no such setting. Resources
// are asked and not the outputs: after a run that failed, Terraform keeps outputs of what it had planned.
func versionOf(typ string, values map[string]any) (setting, version string) {
	switch typ {
	case "aws_eks_cluster":
		version, _ = values["version"].(string)
		return "cluster.version", version
	case "aws_rds_cluster":
		version, _ = values["engine_version_actual"].(string)
		return "database.engine_version", version
	case ReleaseType:
		chart, _ := values["chart"].(string)
		version, _ = values["version"].(string)
		if path.Base(filepath.ToSlash(chart)) == coderChart {
			return "coder.version", version
		}
	}
	return "", ""
}

// coderChart is the chart of Coder, which has the version of Coder.
const coderChart = "coder"

// versionsIn are the versions in a state, by the settings that name them.
func versionsIn(resources []*tfjson.StateResource) map[string]string {
	versions := map[string]string{}
	for _, r := range resources {
		if setting, version := versionOf(r.Type, r.AttributeValues); version != "" {
			versions[setting] = version
		}
	}
	return versions
}

// versionsBefore are the versions of what a plan begins with, by the settings that name them.
func versionsBefore(p *plan.Plan) map[string]string {
	versions := map[string]string{}
	for _, r := range p.Prior() {
		if setting, version := versionOf(r.Type, r.Values.Object()); version != "" && !r.IsData {
			versions[setting] = version
		}
	}
	return versions
}
