package helm

import (
	"context"
	"strings"
	"testing"

	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func TestLife(t *testing.T) {
	for name, config := range map[string]object{
		"a chart with pods":      release("web", "replicas: 2"),
		"no values at all":       release("web", ""),
		"values over each other": release("web", "", object{"values": []any{"replicas: 1\nservice: {type: NodePort}", "replicas: 2"}}),
		"set, set_list, sensitive": release("web", "", object{"set": []any{object{"name": "replicas", "value": "1", "type": nil}},
			"set_sensitive": []any{object{"name": "cpu", "value": "150m", "type": "string"}}}),
		"every argument by default": release("web", "", object{"version": "1.2.0", "timeout": 600.0, "description": "a shop",
			"wait_for_jobs": true}),
		"a hook": release("job", ""),
	} {
		t.Run(name, func(t *testing.T) {
			d := newDriver(t)
			state := d.must(nil, config)
			if state["id"] != "shop" || state["status"] != "deployed" {
				t.Errorf("made %v", state)
			}
			again := d.read(state)
			if diff := cmp.Diff(state, again); diff != "" {
				t.Errorf("reading changes the state: %s", diff)
			}
			planned, replaced, err := d.plan(again, config)
			if err != nil || len(replaced) > 0 {
				t.Fatalf("the second plan: %v %v", replaced, err)
			}
			if diff := cmp.Diff(again, planned); diff != "" {
				t.Errorf("the second plan changes something: %s", diff)
			}
			if _, err := d.change(again, nil, nil); err != nil {
				t.Fatal(err)
			}
			if found := d.read(again); found != nil {
				t.Errorf("it is still there: %v", found)
			}
			if left := d.remains(); strings.Contains(strings.Join(left, " "), releaseType) {
				t.Errorf("left: %v", left)
			}
		})
	}
}

func TestState(t *testing.T) {
	d := newDriver(t)
	config := release("web", "replicas: 1",
		object{"set_sensitive": []any{object{"name": "extra.workingDir", "value": "/canary", "type": nil}}})
	planned, _, err := d.plan(nil, config)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"namespace": "default", "timeout": 300.0, "wait": true, "render_subchart_notes": true, "upgrade_install": false, "status": "deployed",
		"version": "1.2.0", "metadata": world.Unknown{}, "id": world.Unknown{}, "description": nil, "manifest": nil,
	} {
		if diff := cmp.Diff(want, planned[name]); diff != "" {
			t.Errorf("planned %s: %s", name, diff)
		}
	}
	state, err := d.change(nil, planned, config)
	if err != nil {
		t.Fatal(err)
	}
	now := 1795348800.0
	want := object{
		"name": "shop", "namespace": "default", "chart": "web", "version": "1.2.0", "app_version": "3.4", "revision": 1.0,
		"values": `{"extra":{"workingDir":"(sensitive value)"},"replicas":1}`, "notes": "shop runs in default.\n", "first_deployed": now,
		"last_deployed": now,
	}
	if diff := cmp.Diff(want, state["metadata"]); diff != "" {
		t.Error(diff)
	}
	for _, kept := range d.world.List(func(r *world.Resource) bool { return r.Type == releaseType }) {
		if text := world.NaturalKey(kept.Attributes); strings.Contains(text, "/canary") {
			t.Errorf("the world holds a sensitive value: %s", text)
		}
	}
}

func TestUpgrade(t *testing.T) {
	d := newDriver(t)
	first := d.must(nil, release("web", "replicas: 1"))
	planned, replaced, err := d.plan(first, release("web", "replicas: 2"))
	if err != nil || len(replaced) > 0 {
		t.Fatalf("%v %v", replaced, err)
	}
	if !protocol.IsUnknown(planned["metadata"]) {
		t.Errorf("metadata is planned as %v", planned["metadata"])
	}
	second, err := d.change(first, planned, release("web", "replicas: 2"))
	if err != nil {
		t.Fatal(err)
	}
	if revision := second["metadata"].(object)["revision"]; revision != 2.0 {
		t.Errorf("revision %v", revision)
	}
	if made := d.server.Rendered(); len(made) != 1 || made[0].Pods != 2 || made[0].Objects != 5 || made[0].Waiting != 0 {
		t.Errorf("made %+v", made)
	}
	for _, config := range []object{release("web", "", object{"name": "other"}), release("web", "", object{"namespace": "kube-system"})} {
		if _, replaced, err := d.plan(second, config); err != nil || len(replaced) != 1 {
			t.Errorf("%v replaces %v, %v", config, replaced, err)
		}
	}
}

func TestImport(t *testing.T) {
	d := newDriver(t)
	d.must(nil, release("web", "replicas: 1"))
	for id, want := range map[string]string{
		"default/shop":  "",
		"shop":          `Unexpected ID format ("shop"), expected namespace/name`,
		"default/other": "Unable to get Helm release other: release: not found",
	} {
		response, err := d.server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{TypeName: releaseType, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		err = problems(response.Diagnostics)
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", id, err, want)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		state, err := decode(response.ImportedResources[0].State, d.server.schema.Release.Block.Type())
		if err != nil || state["chart"] != "web" || state["version"] != "1.2.0" || state["wait"] != true {
			t.Errorf("imported %v, %v", state, err)
		}
	}
}

// TestRemains holds an uninstallation to what Helm leaves: definitions, and objects that are to be kept, unless their namespace goes, too.
func TestRemains(t *testing.T) {
	d := newDriver(t)
	state := d.must(nil, release("web", "", object{"namespace": "web", "create_namespace": true}))
	if _, err := d.change(state, nil, nil); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"kubernetes_object main/Namespace web", "kubernetes_object main/CustomResourceDefinition gadgets.example.com",
		"kubernetes_object main/ConfigMap web/shop-kept",
	}
	if diff := cmp.Diff(want, d.remains()); diff != "" {
		t.Error(diff)
	}
	// A second time it takes over what is its own, and the definition that is there.
	again := d.must(nil, release("web", "", object{"namespace": "web", "skip_crds": true, "take_ownership": true}))
	if _, err := d.change(again, nil, nil); err != nil {
		t.Fatal(err)
	}
}

// TestNamespaceGoes: with a namespace goes what others have in it, as in a cluster.
func TestNamespaceGoes(t *testing.T) {
	d := newDriver(t)
	owner := d.must(nil, release("web", "namespaced: true"))
	guest := d.must(nil, release("job", "event: post-install", object{"name": "guest", "namespace": "shop"}))
	if _, err := d.change(owner, nil, nil); err != nil {
		t.Fatal(err)
	}
	if found := d.read(guest); found != nil {
		t.Errorf("still there: %v", found)
	}
	for _, left := range d.remains() {
		if strings.Contains(left, " shop/") || strings.HasPrefix(left, releaseType) {
			t.Errorf("left: %s", left)
		}
	}
}

func TestSecrets(t *testing.T) {
	values := "provider: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf'"
	withDriver := func(d *driver) {
		d.addon("aws-secrets-store-csi-driver-provider", `{"secrets-store-csi-driver":{"syncSecret":{"enabled":true}}}`)
	}
	withRole := func(d *driver) {
		d.put("aws_iam_role", "reader", object{"id": "reader", "name": "reader", "arn": "arn:aws:iam::123456789012:role/reader"})
		d.put("aws_iam_role_policy", "reader:secrets", object{"id": "reader:secrets", "role": "reader", "name": "secrets",
			"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:us-east-1:123456789012:secret:token-*"}]}`})
		d.put("aws_eks_pod_identity_association", "a-1", object{"cluster_name": "main", "namespace": "default", "service_account": "shop",
			"role_arn": "arn:aws:iam::123456789012:role/reader"})
	}
	withSecret := func(d *driver) {
		arn := "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf"
		d.put("aws_secretsmanager_secret", arn, object{"id": arn, "arn": arn, "name": "token"})
	}
	withValue := func(d *driver) {
		arn := "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf"
		d.put("aws_secretsmanager_secret_version", arn+"|1", object{"secret_id": arn, "secret_arn": arn, "version_stages": []any{"AWSCURRENT"}})
	}
	for _, row := range []struct {
		name    string
		given   []func(*driver)
		wait    bool
		refused string
		waiting int
	}{
		{"a secret that was there before", []func(*driver){withDriver, withRole}, true, "", 0},
		{"a secret with a value", []func(*driver){withDriver, withRole, withSecret, withValue}, true, "", 0},
		{"a secret without a value", []func(*driver){withDriver, withRole, withSecret}, true,
			"Secrets Manager can't find the specified secret value", 0},
		{"the same, and nobody waits", []func(*driver){withDriver, withRole, withSecret}, false, "", 2},
		{"no add-on", []func(*driver){withRole}, true, "aws-secrets-store-csi-driver-provider", 0},
		{"no role", []func(*driver){withDriver}, true, "No Pod Identity association found for service account shop of namespace default", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDriver(t)
			for _, give := range row.given {
				give(d)
			}
			_, err := d.apply(nil, release("web", values, object{"wait": row.wait}))
			if row.refused != "" {
				if err == nil || !strings.Contains(err.Error(), row.refused) {
					t.Fatalf("got %v, want %q", err, row.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if made := d.server.Rendered(); made[0].Waiting != row.waiting || made[0].Later != row.waiting {
				t.Errorf("%d pods wait, %d of them for a value, want %d: %v", made[0].Waiting, made[0].Later, row.waiting, made[0].Reasons)
			}
		})
	}
}
