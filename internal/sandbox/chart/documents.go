package chart

import (
	"slices"
	"strings"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

// Document is one YAML document of a rendered chart.
type Document struct {
	// Template is the path that Helm gives the template, such as coder/templates/service.yaml, or the file of a custom resource
	// definition, such as x/crds/y.yaml.
	Template string
	// Text is YAML, one document with something in it.
	Text string
	// Hook are the events of a hook: pre-install, post-install, pre-upgrade, post-upgrade, pre-delete, post-delete, pre-rollback,
	// post-rollback, test. Empty for what belongs to the release itself.
	Hook []string
	// Weight orders the hooks of one event, lower first.
	Weight int
	// DeletePolicies say when a hook's object goes: before-hook-creation (also where nothing is said), hook-succeeded, hook-failed.
	DeletePolicies []string
	// Definition says that this is a file of crds/: created before everything else, never changed and never deleted by Helm.
	Definition bool
}

// Runs reports whether the document is a hook of the event.
func (d Document) Runs(event string) bool { return slices.Contains(d.Hook, event) }

// documents puts rendered files into the order in which Helm sends them to the cluster.
func documents(c *chartv2.Chart, files map[string]string, upgrade bool) ([]Document, error) {
	for name, text := range files {
		if strings.TrimSpace(text) == "" {
			delete(files, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	all := definitions(c)
	before, after := release.HookPreInstall, release.HookPostInstall
	if upgrade {
		before, after = release.HookPreUpgrade, release.HookPostUpgrade
	}
	slices.SortStableFunc(hooks, func(a, b *release.Hook) int {
		if a.Weight != b.Weight {
			return a.Weight - b.Weight
		}
		return strings.Compare(a.Name, b.Name)
	})
	var last, other []Document
	for _, h := range hooks {
		switch {
		case slices.Contains(h.Events, before):
			all = append(all, hook(h))
		case slices.Contains(h.Events, after):
			last = append(last, hook(h))
		default:
			other = append(other, hook(h))
		}
	}
	for _, m := range manifests {
		if !blank(m.Content) {
			all = append(all, Document{Template: m.Name, Text: m.Content})
		}
	}
	return slices.Concat(all, last, other), nil
}

// definitions are the files of crds/, of the chart and of the charts in it, in the order of their paths.
func definitions(c *chartv2.Chart) (all []Document) {
	files := c.CRDObjects()
	slices.SortStableFunc(files, func(a, b chartv2.CRD) int { return strings.Compare(a.Filename, b.Filename) })
	for _, f := range files {
		for _, text := range split(string(f.File.Data)) {
			all = append(all, Document{Template: f.Filename, Text: text, Definition: true})
		}
	}
	return all
}

func hook(h *release.Hook) Document {
	d := Document{Template: h.Path, Text: h.Manifest, Weight: h.Weight}
	for _, e := range h.Events {
		d.Hook = append(d.Hook, e.String())
	}
	for _, p := range h.DeletePolicies {
		d.DeletePolicies = append(d.DeletePolicies, string(p))
	}
	if len(d.DeletePolicies) == 0 {
		// Helm's default: the last run's object stays to be looked at, and makes room for the next.
		d.DeletePolicies = []string{string(release.HookBeforeHookCreation)}
	}
	return d
}

// split takes a stream of YAML documents apart as Helm does.
func split(stream string) (documents []string) {
	parts := releaseutil.SplitManifests(stream)
	keys := make([]string, 0, len(parts))
	for key := range parts {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		// manifest-2 comes before manifest-10.
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	for _, key := range keys {
		if !blank(parts[key]) {
			documents = append(documents, parts[key])
		}
	}
	return documents
}

// blank reports whether a YAML document has nothing but comments. Helm drops such documents when it reads the manifest.
func blank(document string) bool {
	for line := range strings.Lines(document) {
		line = strings.TrimSpace(line)
		if line != "" && line != "---" && line != "null" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}
