package helm

import (
	"cmp"
	"slices"
	"strings"

	"coderaws/internal/coderd"
	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/world"

	core "k8s.io/api/core/v1"
)

// Summary is what a report says of one release.
type Summary struct {
	Region, Cluster, Namespace, Name string
	Chart, Version                   string
	// Status is deployed or failed.
	Status string
	// Unrendered is why the chart could not be fetched, so that nothing is known of its objects; empty if it was rendered.
	Unrendered string
	// Objects counts those of the release, its hooks included. Pods counts those that run, Waiting those that do not; Reasons say why.
	// Later counts those of the waiting pods that wait for nothing but the first value of a secret.
	Objects, Pods, Waiting int
	Later                  int
	Reasons                []string
	// Findings are what works and should not be done, such as an image without a fixed tag.
	Findings []string
}

func (r *record) summary() Summary {
	return Summary{
		Region: r.Region, Cluster: r.Cluster, Namespace: r.Namespace, Name: r.Name, Chart: r.Chart, Version: r.ChartVersion, Status: r.Status,
		Unrendered: r.Unrendered, Objects: len(r.Objects), Pods: r.Pods, Waiting: r.Waiting, Later: r.Later, Reasons: r.Reasons,
		Findings: r.Findings,
	}
}

// Releases lists the releases of all clusters of a world, in the order of their creation. The caller does not hold the world.
func Releases(w *world.World) []Summary {
	var all []Summary
	_ = w.Do(func() error { // looking cannot fail
		for _, kept := range w.List(func(r *world.Resource) bool { return r.Type == releaseType }) {
			if r, err := readRecord(kept); err == nil {
				all = append(all, r.summary())
			}
		}
		return nil
	})
	return all
}

// Rendered lists the releases that this server made whose charts were rendered, also those that are gone again, by region, namespace and
// name.
func (s *Server) Rendered() []Summary {
	return s.made(func(m Summary) bool { return m.Unrendered == "" })
}

// Unrendered lists those whose charts could not be fetched: their releases were simulated without their objects.
func (s *Server) Unrendered() []Summary {
	return s.made(func(m Summary) bool { return m.Unrendered != "" })
}

func (s *Server) made(keep func(Summary) bool) []Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Summary
	for _, m := range s.summaries {
		if keep(m) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b Summary) int {
		return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
	})
	return all
}

// Object is one object of a cluster.
type Object struct {
	Cluster, Release string
	kubernetes.Object
}

// Objects lists what the releases of all clusters have made, in the order of the releases. The caller does not hold the world.
func Objects(w *world.World) []Object {
	var all []Object
	_ = w.Do(func() error { // looking cannot fail
		for _, kept := range w.List(func(r *world.Resource) bool { return r.Type == releaseType }) {
			if r, err := readRecord(kept); err == nil {
				for _, o := range r.objects() {
					all = append(all, Object{r.Cluster, r.Name, o})
				}
			}
		}
		return nil
	})
	return all
}

// Image is a container image that a release runs.
type Image struct {
	Region, Namespace, Release string
	// Reference is the image as the pod names it.
	Reference string
}

// Images lists the images of all releases whose charts were rendered, those of their hooks included, each once for a release, in the order
// of the releases. The caller does not hold the world.
func Images(w *world.World) []Image {
	var all []Image
	_ = w.Do(func() error { // looking cannot fail
		for _, kept := range w.List(func(r *world.Resource) bool { return r.Type == releaseType }) {
			r, err := readRecord(kept)
			if err != nil {
				continue
			}
			for _, o := range r.objects() {
				pod := podOf(o)
				if pod == nil {
					continue
				}
				for _, c := range slices.Concat(pod.InitContainers, pod.Containers) {
					if one := (Image{r.Region, r.Namespace, r.Name, c.Image}); !slices.Contains(all, one) {
						all = append(all, one)
					}
				}
			}
		}
		return nil
	})
	return all
}

// provisioners reports whether external provisioners of Coder run in a cluster. A release whose chart could not be fetched counts by the
// chart's name. The caller does not hold the world.
func provisioners(w *world.World, cluster string) bool {
	for _, m := range Releases(w) {
		if m.Cluster == cluster && m.Unrendered != "" && m.Chart == provisionerChart {
			return true
		}
	}
	for _, o := range Objects(w) {
		if o.Cluster == cluster && slices.ContainsFunc(containers(o.Object), provisions) {
			return true
		}
	}
	return false
}

// provisionerChart is the name of the chart that brings external provisioners.
const provisionerChart = "coder-provisioner"

// provisions reports whether a container is an external provisioner.
func provisions(c core.Container) bool {
	return strings.Contains(c.Image, "coder/coder:") && environment(c).Program == coderd.Provisioner
}
