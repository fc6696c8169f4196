// Package bundle carries what a deployment needs from outside across a gap that no connection crosses: it fetches images, charts and
// providers on a connected machine into one file, proves that the file is whole, and puts what is in it where the other side takes it
// from: images and charts into a registry such as ECR, the rest into S3. What a deployment needs is found out elsewhere; the command line
// asks for it, and imports this package. Of this module it imports atomicfile and diagnostic alone.
package bundle

import (
	"bytes"
	"cmp"
	"slices"

	"coderaws/internal/diagnostic"
)

// Contents are what a deployment and its templates need from outside. Their JSON form only grows.
type Contents struct {
	Images    []Image    `json:"images"`
	Charts    []Chart    `json:"charts"`
	Providers []Provider `json:"providers"`
	Modules   []Module   `json:"modules"`
}

// Image is a container image.
type Image struct {
	// Reference says where it is published: registry, repository, and a tag or a digest or both.
	Reference string `json:"reference"`
	// Places say where it was found: releases, and files with lines.
	Places []string `json:"found_in"`
}

// Chart is a Helm chart.
type Chart struct {
	Name       string   `json:"name"`
	Version    string   `json:"version"`
	Repository string   `json:"repository"`
	Places     []string `json:"found_in"`
	// Missing says why it is not at hand; "" if it is. Archive is it as it is packed, and Metadata its Chart.yaml as JSON.
	Missing  string `json:"missing,omitempty"`
	Archive  []byte `json:"-"`
	Metadata []byte `json:"-"`
}

// Provider is a provider of Terraform.
type Provider struct {
	// Source is its full address, such as registry.terraform.io/hashicorp/aws.
	Source string `json:"source"`
	// Versions are those that are asked for, each as it is written; Locked is the one of a lock file, "" without one.
	Versions []string `json:"versions"`
	Locked   string   `json:"locked,omitempty"`
	Places   []string `json:"found_in"`
}

// Module is a module of Terraform that comes from elsewhere.
type Module struct {
	Source  string   `json:"source"`
	Version string   `json:"version,omitempty"`
	Places  []string `json:"found_in"`
}

// AddImage notes an image, and one more place where it was found.
func (c *Contents) AddImage(reference, place string) {
	for i := range c.Images {
		if c.Images[i].Reference == reference {
			c.Images[i].Places = with(c.Images[i].Places, place)
			return
		}
	}
	c.Images = append(c.Images, Image{Reference: reference, Places: []string{place}})
}

// AddProvider notes a provider, a version that is asked for, and one more place where it was found.
func (c *Contents) AddProvider(source, version, place string) {
	for i := range c.Providers {
		if p := &c.Providers[i]; p.Source == source {
			p.Places = with(p.Places, place)
			if version != "" {
				p.Versions = with(p.Versions, version)
			}
			return
		}
	}
	p := Provider{Source: source, Versions: []string{}, Places: []string{place}}
	if version != "" {
		p.Versions = append(p.Versions, version)
	}
	c.Providers = append(c.Providers, p)
}

// Lock notes the version of a provider that a lock file has.
func (c *Contents) Lock(source, version, place string) {
	c.AddProvider(source, "", place)
	for i := range c.Providers {
		if c.Providers[i].Source == source {
			c.Providers[i].Locked = version
		}
	}
}

// AddModule notes a module, and one more place where it is called.
func (c *Contents) AddModule(source, version, place string) {
	for i := range c.Modules {
		if m := &c.Modules[i]; m.Source == source && m.Version == version {
			m.Places = with(m.Places, place)
			return
		}
	}
	c.Modules = append(c.Modules, Module{source, version, []string{place}})
}

// Sort brings everything into an order that depends on nothing but what is there, and makes empty lists of none.
func (c *Contents) Sort() {
	c.Images, c.Charts = append([]Image{}, c.Images...), append([]Chart{}, c.Charts...)
	c.Providers, c.Modules = append([]Provider{}, c.Providers...), append([]Module{}, c.Modules...)
	slices.SortFunc(c.Images, func(a, b Image) int { return cmp.Compare(a.Reference, b.Reference) })
	for _, image := range c.Images {
		slices.Sort(image.Places)
	}
	slices.SortFunc(c.Charts, func(a, b Chart) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Repository, b.Repository))
	})
	slices.SortFunc(c.Providers, func(a, b Provider) int { return cmp.Compare(a.Source, b.Source) })
	slices.SortFunc(c.Modules, func(a, b Module) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Version, b.Version))
	})
}

// with is a list with a text, once.
func with(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// Unfit lists what a bundle cannot hold: charts that are not at hand, modules that come from elsewhere, and images that are another one
// tomorrow.
func (c *Contents) Unfit() error {
	var list diagnostic.List
	for _, image := range c.Images {
		if _, err := parseSource(image.Reference); err != nil {
			list = append(list, diagnostic.From(err)...)
		}
	}
	charts := map[string]Chart{}
	for _, chart := range c.Charts {
		of := chart.Name + " " + chart.Version
		if other, is := charts[of]; is && !bytes.Equal(other.Archive, chart.Archive) {
			d := diagnostic.Errorf("there are two charts %s, of %s and of %s", of, other.Repository, chart.Repository)
			d.Code, d.Why = "bundle.two_charts", "they would have one name at the other side, and are not the same chart"
			d.Todo = "name another version of one of them"
			list = append(list, d)
		}
		charts[of] = chart
		if chart.Missing != "" {
			d := diagnostic.Errorf("the chart %s %s of %s is not at hand", chart.Name, chart.Version, chart.Repository)
			d.Code, d.Why = "bundle.chart_missing", chart.Missing
			d.Todo = "let this machine reach the repository, or name a directory that holds the chart, packed, in CODERAWS_CHARTS"
			list = append(list, d)
		} else if chart.Archive == nil {
			d := diagnostic.Errorf("the chart %s %s is at hand unpacked, and a bundle holds packed ones", chart.Name, chart.Version)
			d.Code, d.Todo = "bundle.chart_unpacked", "pack it with `helm package`, and name the directory with the .tgz file in CODERAWS_CHARTS"
			list = append(list, d)
		}
	}
	for _, module := range c.Modules {
		d := diagnostic.Errorf("the module %s comes from elsewhere, and a bundle holds no modules", module.Source)
		d.Code, d.Why = "bundle.module", "it is called in "+module.Places[0]+", and is fetched anew at each build of a workspace"
		d.Todo = "copy the module into the template's directory, and call it by a path such as ./modules/NAME"
		list = append(list, d)
	}
	return list.Err()
}
