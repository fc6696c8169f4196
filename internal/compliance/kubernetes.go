package compliance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// workloads are the kinds that make pods, with where the pod's specification stands.
var workloads = map[string][]string{
	"Deployment": {"spec", "template", "spec"}, "StatefulSet": {"spec", "template", "spec"}, "DaemonSet": {"spec", "template", "spec"},
	"ReplicaSet": {"spec", "template", "spec"}, "ReplicationController": {"spec", "template", "spec"},
	"Job": {"spec", "template", "spec"}, "CronJob": {"spec", "jobTemplate", "spec", "template", "spec"}, "Pod": {"spec"},
}

// workloadKinds are their names.
func workloadKinds() []string {
	return []string{"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Pod"}
}

// kubernetesChecks are about what releases make in a cluster, as the rehearsed world has it.
func kubernetesChecks() []Check {
	return []Check{
		{ID: "default-deny", What: "each namespace of the deployment lets nothing in and nothing out but what is named",
			Reads: []string{"Namespace", "NetworkPolicy"},
			rule:  defaultDeny},
		{ID: "pod-security", What: "each namespace of the deployment refuses privileged pods", Reads: []string{"Namespace"},
			rule: func(s *Subject) []Evidence {
				var all []Evidence
				for _, o := range s.objects("Namespace") {
					level := o.Values.At("metadata", "labels").Attr("pod-security.kubernetes.io/enforce").Text().Else("", "")
					all = append(all, o.evidence(answer(level == "baseline" || level == "restricted"), "pod-security.kubernetes.io/enforce",
						orNone(level), "baseline or restricted"))
				}
				return all
			}},
		{ID: "pods-unprivileged", What: "no container is privileged, may raise its rights, or shares what is the node's",
			Reads: workloadKinds(), rule: unprivileged},
		{ID: "no-node-files", What: "no pod has files of its node", Reads: workloadKinds(), rule: nodeFiles},
		{ID: "images-by-digest", What: "images are named by digest", Reads: workloadKinds(),
			rule: images("a digest", func(image string) bool { return strings.Contains(image, "@sha256:") })},
		{ID: "images-own-registry", What: "images come from a registry of Amazon ECR", Reads: workloadKinds(),
			rule: images("*.dkr.ecr.*", func(image string) bool {
				host, _, _ := strings.Cut(image, "/")
				return registryHost.MatchString(host)
			})},
		{ID: "service-accounts", What: "pods run as service accounts of their own", Reads: workloadKinds(), rule: serviceAccounts},
		{ID: "no-cluster-admin", What: "no release makes anybody an administrator of the cluster",
			Reads: []string{"ClusterRoleBinding", "RoleBinding"},
			rule: func(s *Subject) []Evidence {
				var all []Evidence
				for _, o := range s.objects("ClusterRoleBinding", "RoleBinding") {
					role := o.Values.At("roleRef", "name").Text().Else("", "")
					all = append(all, o.evidence(answer(role != "cluster-admin"), "roleRef", role, "not cluster-admin"))
				}
				return all
			}},
		{ID: "no-wildcard-roles", What: "no role of a release allows everything on something", Reads: []string{"ClusterRole",
			"Role"}, rule: wildcardRoles},
		{ID: "no-default-namespace", What: "no release uses the namespace default", Reads: workloadKinds(),
			rule: func(s *Subject) []Evidence {
				var all []Evidence
				for _, o := range s.objects(workloadKinds()...) {
					all = append(all, o.evidence(answer(o.Namespace != "default" && o.Namespace != ""), "namespace", orNone(o.Namespace), "not default"))
				}
				return all
			}},
		{ID: "single-sign-on", What: "people sign in to Coder with the company's provider (OIDC)", Reads: []string{"Deployment"},
			rule: singleSignOn},
	}
}

func orNone(s string) string {
	if s == "" {
		return "not set"
	}
	return s
}

// defaultDeny looks for a policy of each namespace that selects all pods and names nothing that may pass.
func defaultDeny(s *Subject) []Evidence {
	var all []Evidence
	for _, namespace := range s.objects("Namespace") {
		closed := map[string]bool{}
		for _, o := range s.objects("NetworkPolicy") {
			if o.Namespace != namespace.Name || o.place != namespace.place || len(o.Values.At("spec", "podSelector").Names()) > 0 {
				continue
			}
			directions, _ := o.Values.At("spec", "policyTypes").Texts().Get()
			for _, direction := range directions {
				if rules, _ := o.Values.At("spec", strings.ToLower(direction)).Elements().Get(); len(rules) == 0 {
					closed[direction] = true
				}
			}
		}
		found := "not closed"
		switch {
		case closed["Ingress"] && closed["Egress"]:
			found = "closed in both directions"
		case closed["Ingress"]:
			found = "closed for what comes in alone"
		case closed["Egress"]:
			found = "closed for what goes out alone"
		}
		all = append(all, namespace.evidence(answer(closed["Ingress"] && closed["Egress"]), "network policies", found,
			"closed in both directions"))
	}
	return all
}

// pod is the specification of the pods that an object makes.
func (o object) pod() plan.Value { return o.Values.At(workloads[o.Kind]...) }

// containers are all containers of a pod.
func containers(pod plan.Value) []plan.Value {
	var all []plan.Value
	for _, list := range []string{"initContainers", "containers"} {
		some, _ := pod.Attr(list).Elements().Get()
		all = append(all, some...)
	}
	return all
}

// harmless is the one capability that a container may have. Source: Kubernetes, Pod Security Standards, restricted.
const harmless = "NET_BIND_SERVICE"

func unprivileged(s *Subject) []Evidence {
	var all []Evidence
	for _, o := range s.objects(workloadKinds()...) {
		pod := o.pod()
		e := o.evidence(Satisfied, "spec", "nothing of it", "not privileged, no rights raised, nothing of the node's")
		for _, name := range []string{"hostNetwork", "hostPID", "hostIPC"} {
			if pod.Attr(name).Bool().Else(false, false) {
				e.Answer, e.Attribute, e.Found = NotSatisfied, name, "true"
			}
		}
		for _, c := range containers(pod) {
			name := c.Attr("name").Text().Else("", "")
			if c.At("securityContext", "privileged").Bool().Else(false, false) {
				e.Answer, e.Attribute, e.Found = NotSatisfied, "privileged", name
			}
			if c.At("securityContext", "allowPrivilegeEscalation").Bool().Else(true, true) { // allowed unless it is written
				e.Answer, e.Attribute, e.Found = NotSatisfied, "allowPrivilegeEscalation", name
			}
			ports, _ := c.Attr("ports").Elements().Get()
			for _, port := range ports {
				if number := port.Attr("hostPort").Count().Else(0, 0); number != 0 {
					e.Answer, e.Attribute, e.Found = NotSatisfied, "hostPort", fmt.Sprintf("%s has %d", name, number)
				}
			}
			added, _ := c.At("securityContext", "capabilities", "add").Texts().Get()
			for _, capability := range added {
				if capability != harmless {
					e.Answer, e.Attribute, e.Found = NotSatisfied, "capabilities", name+" adds "+capability
				}
			}
		}
		all = append(all, e)
	}
	return all
}

// nodeFiles looks for volumes that are directories of the node: what is written there outlives a pod and reaches the node itself, and what
// is read there belongs to other pods. Source: Kubernetes, Pod Security Standards, baseline, HostPath Volumes.
func nodeFiles(s *Subject) []Evidence {
	var all []Evidence
	for _, o := range s.objects(workloadKinds()...) {
		var found []string
		volumes, _ := o.pod().Attr("volumes").Elements().Get()
		for _, volume := range volumes {
			if slices.Contains(volume.Names(), "hostPath") {
				found = append(found, volume.At("hostPath", "path").Text().Else("", ""))
			}
		}
		e := o.evidence(answer(len(found) == 0), "volumes", strings.Join(found, ", "), "none with hostPath")
		if len(found) == 0 {
			e.Found = "none with hostPath"
		}
		all = append(all, e)
	}
	return all
}

// registryHost is the name of an account's registry, in the partitions of AWS. Source: Amazon ECR user guide, private registries.
var registryHost = regexp.MustCompile(
	`^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com|amazonaws\.com\.cn|c2s\.ic\.gov|sc2s\.sgov\.gov)$`)

// images is the rule about the names of all images.
func images(words string, holds func(string) bool) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, o := range s.objects(workloadKinds()...) {
			for _, c := range containers(o.pod()) {
				image := c.Attr("image").Text().Else("", "")
				all = append(all, o.evidence(answer(holds(image)), "image of "+c.Attr("name").Text().Else("", ""), image, words))
			}
		}
		return all
	}
}

func serviceAccounts(s *Subject) []Evidence {
	var all []Evidence
	for _, o := range s.objects(workloadKinds()...) {
		pod := o.pod()
		name := pod.Attr("serviceAccountName").Text().Else("default", "default")
		e := o.evidence(answer(name != "default"), "serviceAccountName", name, "not default")
		if name == "default" && !pod.Attr("automountServiceAccountToken").Bool().Else(true, true) {
			e.Answer, e.Found = Satisfied, "default, without its token"
		}
		all = append(all, e)
	}
	return all
}

func wildcardRoles(s *Subject) []Evidence {
	var all []Evidence
	for _, o := range s.objects("ClusterRole", "Role") {
		e := o.evidence(Satisfied, "rules", "named", "no *")
		rules, _ := o.Values.Attr("rules").Elements().Get()
		for _, r := range rules {
			for _, name := range []string{"verbs", "resources", "apiGroups"} {
				if list, _ := r.Attr(name).Texts().Get(); slices.Contains(list, "*") {
					e.Answer, e.Found = NotSatisfied, name+" *"
				}
			}
		}
		all = append(all, e)
	}
	return all
}

// singleSignOn looks at the environment of coderd. That the provider asks for a second factor is the provider's to show.
func singleSignOn(s *Subject) []Evidence {
	var all []Evidence
	for _, o := range s.objects("Deployment") {
		for _, c := range containers(o.pod()) {
			environment := map[string]string{}
			list, _ := c.Attr("env").Elements().Get()
			for _, variable := range list {
				environment[variable.Attr("name").Text().Else("", "")] = variable.Attr("value").Text().Else("(from elsewhere)", "")
			}
			if _, coderd := environment["CODER_ACCESS_URL"]; coderd {
				issuer := environment["CODER_OIDC_ISSUER_URL"]
				all = append(all, o.evidence(answer(issuer != ""), "CODER_OIDC_ISSUER_URL", orNone(issuer), "an issuer"))
			}
		}
	}
	return all
}
