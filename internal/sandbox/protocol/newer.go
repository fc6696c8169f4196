package protocol

import (
	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Newer lists, as sentences, what was asked for and is newer than known: it was taken for the newest known.
func (s *Server) Newer() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortedKeys(s.newer)
}

// note remembers what of a configuration is newer than known.
func (s *Server) note(typeName string, config world.Object) {
	for _, sentence := range newerThanKnown(typeName, config) {
		s.mu.Lock()
		s.newer[sentence] = true
		s.mu.Unlock()
	}
}

// newerThanKnown says what of a configuration is newer than known.
func newerThanKnown(typeName string, config world.Object) []string {
	var all []string
	if region, _ := config["region"].(string); facts.NewerRegion(region) {
		all = append(all, newerRegion(region))
	}
	version, _ := config["version"].(string)
	engine, _ := config["engine"].(string)
	engineVersion, _ := config["engine_version"].(string)
	addon, _ := config["addon_name"].(string)
	addonVersion, _ := config["addon_version"].(string)
	beyond := func(what, of, newest string, name facts.Name) {
		all = append(all, what+" is newer than known: "+facts.Find(name).Beyond(of, newest))
	}
	switch typeName {
	case "aws_eks_cluster", "aws_eks_node_group":
		if facts.NewerKubernetes(version) {
			beyond("Kubernetes "+version, "EKS", facts.NewestKubernetes(), facts.EKSVersions)
		}
	case "aws_eks_addon":
		if kubernetes := facts.NewestKubernetes(); facts.NewerAddon(addon, addonVersion, kubernetes) {
			known, _ := facts.FindAddon(addon)
			beyond(addon+" "+addonVersion, addon, known.Latest(kubernetes), facts.AddonCatalog)
		}
	case "aws_rds_cluster", "aws_rds_cluster_instance", "aws_db_instance":
		if facts.NewerEngineVersion(engine, engineVersion) {
			beyond(engine+" "+engineVersion, engine, facts.NewestEngineVersion(engine, engineVersion), facts.EngineVersions)
		}
	}
	return append(all, newerInstances(config)...)
}

// newerInstances looks for instance types at every depth: a group has them in blocks.
func newerInstances(value any) []string {
	var all []string
	switch v := value.(type) {
	case world.Object:
		for name, inner := range v {
			names := model.Strings(v, name)
			if text, ok := inner.(string); ok {
				names = []string{text}
			}
			if name == "instance_type" || name == "instance_types" {
				for _, n := range names {
					if facts.NewerInstance(n) != "" {
						all = append(all, n+" is newer than known: "+facts.Find(facts.InstanceTypes).Outside("EC2 instance types"))
					}
				}
				continue
			}
			all = append(all, newerInstances(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, newerInstances(inner)...)
		}
	}
	return all
}

func newerRegion(region string) string {
	return region + " is not among the regions that are known: " + facts.Find(facts.RegionZones).Outside("AWS's regions")
}
