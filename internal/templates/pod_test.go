package templates_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dev is one of two workspaces that have one name and two owners.
func dev(owner string) workspace {
	return workspace{id: "5f0ff1b8-0000-4000-8000-00000000000" + owner[:1], name: "dev", owner: owner}
}

const (
	deployment = "kubernetes_deployment_v1.workspace[0]"
	homeClaim  = "kubernetes_persistent_volume_claim_v1.home"
)

// TestPods starts a workspace of each template for Kubernetes and reads what its pod would be.
func TestPods(t *testing.T) {
	for _, test := range []struct {
		template  string
		workspace workspace
		// pod is what stands at paths below the pod's spec.
		pod map[string]any
	}{
		{
			"kubernetes", dev("ada"), map[string]any{
				"node_selector":                    map[string]any{"coder.com/node-group": "workspace", "kubernetes.io/arch": "amd64"},
				"toleration.0.key":                 "coder.com/node-group",
				"toleration.0.value":               "workspace",
				"toleration.0.effect":              "NoSchedule",
				"container.0.resources.0.limits":   map[string]any{"cpu": "2000m", "memory": "4096Mi"},
				"container.0.resources.0.requests": map[string]any{"cpu": "500m", "memory": "2048Mi"},
				"priority_class_name":              "coder-workspace",
			},
		},
		{
			"kubernetes-gpu", dev("ada"), map[string]any{
				"node_selector":                  map[string]any{"coder.com/node-group": "gpu", "kubernetes.io/arch": "amd64"},
				"toleration.0.key":               "coder.com/node-group",
				"toleration.0.value":             "gpu",
				"toleration.1.key":               "nvidia.com/gpu",
				"toleration.1.operator":          "Exists",
				"container.0.resources.0.limits": map[string]any{"cpu": "3000m", "memory": "12288Mi", "nvidia.com/gpu": "1"},
			},
		},
	} {
		t.Run(test.template, func(t *testing.T) {
			t.Parallel()
			p := open(t, test.template)
			p.must(nil, "init", "-no-color")
			p.must(test.workspace.environment("start"), "apply", "-auto-approve", "-no-color")
			state := p.state()
			spec := at(t, state[deployment].Values, "spec.0.template.0.spec.0")
			// What the Pod Security Standard restricted asks for, and no way to the APIs of Kubernetes and AWS.
			want := map[string]any{
				"automount_service_account_token":                           false,
				"enable_service_links":                                      false,
				"security_context.0.run_as_non_root":                        true,
				"security_context.0.run_as_user":                            "1000",
				"security_context.0.seccomp_profile.0.type":                 "RuntimeDefault",
				"container.0.security_context.0.allow_privilege_escalation": false,
				"container.0.security_context.0.capabilities.0.drop":        []any{"ALL"},
				"container.0.volume_mount.0.mount_path":                     "/home/coder",
				"volume.0.persistent_volume_claim.0.claim_name":             at(t, state[homeClaim].Values, "metadata.0.name"),
			}
			maps.Copy(want, test.pod)
			got := map[string]any{}
			for path := range want {
				got[path] = at(t, spec, path)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("pod (-want +got):\n%s", diff)
			}
			annotations := at(t, state[deployment].Values, "spec.0.template.0.metadata.0.annotations")
			if diff := cmp.Diff(map[string]any{"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}, annotations); diff != "" {
				t.Errorf("annotations (-want +got):\n%s", diff)
			}
			if strategy := at(t, state[deployment].Values, "spec.0.strategy.0.type"); strategy != "Recreate" {
				t.Errorf("the strategy is %v: two pods would have one home", strategy)
			}

			parses(t, "sh", state["coder_agent.main"].Values["startup_script"])
			parses(t, "sh", state["coder_script.code_server[0]"].Values["script"])

			// The same name, somebody else.
			other := open(t, test.template)
			other.must(nil, "init", "-no-color")
			other.must(dev("bob").environment("start"), "apply", "-auto-approve", "-no-color")
			selector := at(t, state[deployment].Values, "spec.0.selector.0.match_labels").(map[string]any)
			labels := at(t, other.state()[deployment].Values, "spec.0.template.0.metadata.0.labels").(map[string]any)
			if selects(selector, labels) {
				t.Errorf("the selector %v matches another user's pod %v", selector, labels)
			}
			if own := at(t, state[deployment].Values, "spec.0.template.0.metadata.0.labels").(map[string]any); !selects(selector, own) {
				t.Errorf("the selector %v does not match its own pod %v", selector, own)
			}
		})
	}
}

func selects(selector, labels map[string]any) bool {
	for name, value := range selector {
		if labels[name] != value {
			return false
		}
	}
	return true
}

// TestHomesStay lives through the days of a workspace: its home is made once, and goes when the workspace is deleted. Each build gives the
// agent a new token, so that a running pod is updated by each.
func TestHomesStay(t *testing.T) {
	t.Parallel()
	p := open(t, "kubernetes")
	p.must(nil, "init", "-no-color")
	w := dev("ada")
	for _, step := range []struct {
		name, transition string
		change           func(*workspace)
		want             map[string]string
	}{
		{"stop", "stop", func(*workspace) {}, map[string]string{deployment: "delete", "coder_metadata.workspace[0]": "delete"}},
		{"start again", "start", func(*workspace) {}, map[string]string{deployment: "create", "coder_metadata.workspace[0]": "create"}},
		{"the home grows", "start", func(w *workspace) {
			w.parameters, w.previous = map[string]string{"home_gib": "30"}, map[string]string{"home_gib": "10"}
		}, map[string]string{homeClaim: "update", deployment: "update", "coder_metadata.home": "delete,create"}},
		{"the workspace gets another name", "start", func(w *workspace) { w.name = "prod" },
			map[string]string{homeClaim: "update", deployment: "update"}},
		{"the platform gets another storage class and namespace", "start", func(w *workspace) {
			w.variables = map[string]string{"storage_class": "gp4", "namespace": "elsewhere"}
		}, map[string]string{deployment: "update"}},
	} {
		if step.name == "stop" {
			p.must(w.environment("start"), "apply", "-auto-approve", "-no-color")
		}
		step.change(&w)
		got := p.actions(w.environment(step.transition))
		maps.DeleteFunc(got, func(address, _ string) bool { return strings.HasPrefix(address, "coder_agent.") })
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
		p.must(w.environment(step.transition), "apply", "-no-color", "plan")
	}
	p.must(w.environment("stop"), "destroy", "-auto-approve", "-no-color")
	if left := p.state(); len(left) != 0 {
		t.Errorf("the deleted workspace leaves %v", left)
	}
}
