package helm

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// session is a configured provider block.
type session struct {
	// host is the address of the API server; empty if it is not known yet, or not given.
	host string
	// user is the name of the cluster that `aws eks get-token` is asked for; empty where the token comes from elsewhere.
	user string
	// signedIn says that there are credentials at all.
	signedIn bool
	// manifest says that the experiment of that name is on.
	manifest bool
}

// newSession reads a provider block.
func newSession(config world.Object) *session {
	s := &session{}
	experiments, _ := config["experiments"].(world.Object)
	s.manifest = is(experiments, "manifest")
	k, _ := config["kubernetes"].(world.Object)
	s.host = text(k, "host")
	s.signedIn = k["token"] != nil || k["exec"] != nil || k["client_key"] != nil || k["username"] != nil
	if exec, ok := k["exec"].(world.Object); ok {
		arguments, _ := exec["args"].([]any)
		for i, argument := range arguments {
			if (argument == "--cluster-name" || argument == "-n") && i+1 < len(arguments) {
				s.user, _ = arguments[i+1].(string)
			}
		}
	}
	return s
}

// cluster is a cluster of the world; its zero value is none.
type cluster struct {
	resource *world.Resource
	version  string
	call     *model.Call
}

func (c cluster) found() bool { return c.resource != nil }

// name is the cluster's.
func (c cluster) name() string { return c.resource.String("name") }

// findCluster finds the cluster of a provider block by its address. If there is none, only the version is set, for charts to be rendered.
// The caller holds the world.
func (s *Server) findCluster(configured *session) cluster {
	host := hostOf(configured.host)
	for _, r := range s.World.List(func(r *world.Resource) bool { return r.Type == "aws_eks_cluster" && !r.Failed }) {
		if host != "" && hostOf(r.String("endpoint")) == host {
			return s.clusterOf(r)
		}
	}
	return cluster{version: facts.DefaultKubernetes(s.World.Now())}
}

func (s *Server) clusterOf(r *world.Resource) cluster {
	call := s.Catalog.CallBy(s.World, model.Caller{Account: r.Account, Region: r.Region})
	return cluster{resource: r, version: r.String("version"), call: call}
}

func hostOf(address string) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(parsed.Hostname())
}

// unreachable is Helm's answer if the cluster cannot be worked with; "" if it can.
func (s *Server) unreachable(configured *session, c cluster) string {
	const unreachable = "Kubernetes cluster unreachable: "
	switch {
	case configured.host == "":
		return unreachable + "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable"
	case !c.found():
		host := hostOf(configured.host)
		return fmt.Sprintf("%sGet %q: dial tcp: lookup %s: no such host", unreachable, "https://"+host+"/version", host)
	case !configured.signedIn || configured.user != "" && configured.user != c.name() || !s.admits(c):
		return unreachable + "the server has asked for the client to provide credentials"
	default:
		return ""
	}
}

// admits reports whether whoever runs Terraform may sign in to the cluster: as its creator, or by an access entry, of which it is not asked
// whose.
func (s *Server) admits(c cluster) bool {
	if mode, _ := model.At(c.resource.Attributes, "access_config.authentication_mode").(string); mode == "CONFIG_MAP" {
		return true
	}
	if creator, told := model.At(c.resource.Attributes, "access_config.bootstrap_cluster_creator_admin_permissions").(bool); creator || !told {
		return true
	}
	return slices.ContainsFunc(c.call.All("aws_eks_access_policy_association"), func(r *world.Resource) bool {
		return r.String("cluster_name") == c.name()
	})
}

// apiVersions are those that add-ons bring.
func (c cluster) apiVersions() []string {
	if c.found() && c.call.Find("aws_eks_addon", c.name()+":aws-secrets-store-csi-driver-provider") != nil {
		return []string{"secrets-store.csi.x-k8s.io/v1", "secrets-store.csi.x-k8s.io/v1/SecretProviderClass"}
	}
	return nil
}

// release finds a release; nil if there is none. The caller holds the world.
func (s *Server) release(c cluster, namespace, name string) *record {
	kept := s.World.Get(c.resource.Account, c.resource.Region, releaseType, releaseKey(c.name(), namespace, name))
	if kept == nil {
		return nil
	}
	r, err := readRecord(kept)
	if err != nil {
		return nil // the world reads what it wrote
	}
	return r
}

// releases are all of a cluster, in the order in which they were installed.
func releases(w *world.World, c *world.Resource) []*record {
	var all []*record
	for _, kept := range w.List(func(r *world.Resource) bool {
		return r.Type == releaseType && r.Account == c.Account && r.Region == c.Region && r.String("cluster") == c.String("name")
	}) {
		if r, err := readRecord(kept); err == nil {
			all = append(all, r)
		}
	}
	return all
}

// keptType is the type under which the world keeps objects that belong to no release any more, or never did: what Helm leaves behind.
const keptType = "kubernetes_object"

// populated is the cluster with its nodes, add-ons and all objects, as package kubernetes wants it. The caller holds the world.
func (s *Server) populated(c cluster) *kubernetes.Cluster {
	k := &kubernetes.Cluster{Version: c.version, Region: c.resource.Region, Addons: map[string]map[string]any{}, Secrets: pods{c},
		Images: pods{c}, Programs: pods{c}}
	for _, addon := range c.call.All("aws_eks_addon") {
		if addon.String("cluster_name") != c.name() {
			continue
		}
		configuration := map[string]any{}
		_ = json.Unmarshal([]byte(addon.String("configuration_values")), &configuration) // it was read when it was made; "" is none
		k.Addons[addon.String("addon_name")] = configuration
	}
	k.Groups = groups(c, k.Addons["vpc-cni"])
	for _, group := range k.Groups {
		k.Nodes = append(k.Nodes, group.Nodes()...)
	}
	for _, left := range s.World.List(func(r *world.Resource) bool { return r.Type == keptType && r.Owner == c.resource.Key() }) {
		k.Install(keptObject{Template: left.String("template"), Text: left.String("text"),
			Hook: left.String("hook") == "true"}.decode(left.String("namespace"))...)
	}
	for _, r := range releases(s.World, c.resource) {
		if r.Chart == autoscalerChart {
			k.Autoscaler = true // also where the chart could not be rendered
		}
		for _, o := range r.objects() {
			if !finished(o) {
				k.Install(o)
			}
		}
	}
	return k
}

// autoscalerChart is the name of the chart that brings the cluster autoscaler.
const autoscalerChart = "cluster-autoscaler"

// finished reports whether an object is a hook that has run: its pods are gone.
func finished(o kubernetes.Object) bool { return o.Hook && (o.Kind == "Job" || o.Kind == "Pod") }
