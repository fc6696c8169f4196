package kubernetes

import "testing"

// TestNetworkPolicies is whether somebody enforces them.
func TestNetworkPolicies(t *testing.T) {
	policy := Object{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy", Name: "deny", Namespace: "web"}
	for _, test := range []struct {
		name   string
		addons map[string]map[string]any
		found  bool
	}{
		{"the network add-on by itself", map[string]map[string]any{"vpc-cni": {}}, true},
		{"an add-on that is told otherwise", map[string]map[string]any{"vpc-cni": {"enableNetworkPolicy": "false"}}, true},
		{"an add-on that is told to", map[string]map[string]any{"vpc-cni": {"enableNetworkPolicy": "true"}}, false},
		{"an add-on that is told to, as a boolean", map[string]map[string]any{"vpc-cni": {"enableNetworkPolicy": true}}, false},
		{"a cluster of which nothing is known", nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &Cluster{Addons: test.addons}
			k := &checker{view: c.view([]Object{policy})}
			k.networkPolicies([]Object{policy})
			if found := len(k.problems) > 0; found != test.found {
				t.Errorf("found %v: %v", found, k.problems)
			}
		})
	}
}
