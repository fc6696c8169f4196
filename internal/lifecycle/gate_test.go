package lifecycle_test

import (
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// change is a planned change of a resource that exists as id, "" for one that does not exist yet.
func change(address, typeName, id string, actions ...tfjson.Action) *tfjson.ResourceChange {
	c := &tfjson.ResourceChange{Address: address, Type: typeName, Mode: tfjson.ManagedResourceMode, Change: &tfjson.Change{Actions: actions}}
	if id != "" {
		c.Change.Before = map[string]any{"id": id}
	}
	return c
}

// release is a planned change of a release of Helm.
func release(chart string, actions ...tfjson.Action) *tfjson.ResourceChange {
	c := change("helm_release.a", "helm_release", chart, actions...)
	c.Change.Before = map[string]any{"id": chart, "name": "a", "chart": "../../charts/" + chart}
	return c
}

// secret is a planned change of a secret with a tag.
func secret(tag, value string, actions ...tfjson.Action) *tfjson.ResourceChange {
	c := change("aws_secretsmanager_secret.a", "aws_secretsmanager_secret", "a", actions...)
	c.Change.Before = map[string]any{"id": "a", "tags": map[string]any{tag: value}}
	return c
}

// TestLosses is the specification of what a plan must not do unless it is named.
func TestLosses(t *testing.T) {
	const create, read, update, remove = tfjson.ActionCreate, tfjson.ActionRead, tfjson.ActionUpdate, tfjson.ActionDelete
	data := change("data.aws_s3_bucket.a", "aws_s3_bucket", "a", remove)
	data.Mode = tfjson.DataResourceMode
	for _, test := range []struct {
		name   string
		change *tfjson.ResourceChange
		want   []lifecycle.Loss
	}{
		{"a secret that somebody made", secret("Name", "a", remove),
			[]lifecycle.Loss{{Address: "aws_secretsmanager_secret.a", Type: "aws_secretsmanager_secret", ID: "a", Holds: "a secret"}}},
		{"a secret that can be issued again", secret("coderaws:issued", "true", remove), nil},
		{"a database that goes", change("aws_rds_cluster.a", "aws_rds_cluster", "a", remove),
			[]lifecycle.Loss{{Address: "aws_rds_cluster.a", Type: "aws_rds_cluster", ID: "a", Holds: "a database"}}},
		{"a database that is replaced", change("aws_rds_cluster.a", "aws_rds_cluster", "a", remove, create),
			[]lifecycle.Loss{{Address: "aws_rds_cluster.a", Type: "aws_rds_cluster", ID: "a", Holds: "a database", Replaced: true}}},
		{"a bucket whose successor is made first", change("aws_s3_bucket.a", "aws_s3_bucket", "a", create, remove),
			[]lifecycle.Loss{{Address: "aws_s3_bucket.a", Type: "aws_s3_bucket", ID: "a", Holds: "objects", Replaced: true}}},
		{"a vault in a module", change(`module.a["b"].aws_backup_vault.c[0]`, "aws_backup_vault", "v", remove),
			[]lifecycle.Loss{{Address: `module.a["b"].aws_backup_vault.c[0]`, Type: "aws_backup_vault", ID: "v", Holds: "backups"}}},
		{"a cluster that is replaced", change("aws_eks_cluster.a", "aws_eks_cluster", "a", remove, create),
			[]lifecycle.Loss{{Address: "aws_eks_cluster.a", Type: "aws_eks_cluster", ID: "a",
				Holds: "the running workspaces and the volumes that they know", Replaced: true}}},
		{"a key that is replaced", change("aws_kms_key.a", "aws_kms_key", "a", remove, create),
			[]lifecycle.Loss{{Address: "aws_kms_key.a", Type: "aws_kms_key", ID: "a", Holds: "what is encrypted with it", Replaced: true}}},
		{"a cluster that goes, with all that holds data in it", change("aws_eks_cluster.a", "aws_eks_cluster", "a", remove), nil},
		{"a database that is made", change("aws_rds_cluster.a", "aws_rds_cluster", "", create), nil},
		{"a database that changes", change("aws_rds_cluster.a", "aws_rds_cluster", "a", update), nil},
		{"a database that stays", change("aws_rds_cluster.a", "aws_rds_cluster", "a", tfjson.ActionNoop), nil},
		{"a database that Terraform forgets, and that lives on", change("aws_rds_cluster.a", "aws_rds_cluster", "a", tfjson.ActionForget), nil},
		{"a reader of a database, which holds nothing itself", change("aws_rds_cluster_instance.a", "aws_rds_cluster_instance", "a", remove),
			nil},
		{"the release that owns the namespaces, which goes", release("foundation", remove),
			[]lifecycle.Loss{{Address: "helm_release.a", Type: "helm_release", ID: "foundation", Holds: "the homes of all workspaces"}}},
		{"the release that owns the namespaces, which is replaced", release("foundation", remove, create),
			[]lifecycle.Loss{{Address: "helm_release.a", Type: "helm_release", ID: "foundation", Holds: "the homes of all workspaces",
				Replaced: true}}},
		{"the release that owns the namespaces, which is upgraded", release("foundation", update), nil},
		{"the release that owns the namespaces, which is made", release("foundation", create), nil},
		{"a release that owns no namespace", release("coder", remove), nil},
		{"a subnet", change("aws_subnet.a", "aws_subnet", "a", remove), nil},
		{"what is only read", data, nil},
		{"a read", change("aws_s3_bucket.a", "aws_s3_bucket", "a", read), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := lifecycle.Losses(plan.Read(&tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{test.change}}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("losses (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLossesOfAll takes every change of a plan: in the order of addresses, with what an earlier run could not destroy, and with what AWS
// failed to make.
func TestLossesOfAll(t *testing.T) {
	deposed := change("aws_ebs_volume.m", "aws_ebs_volume", "old", tfjson.ActionDelete)
	deposed.DeposedKey = "a1b2c3d4"
	replaced := tfjson.Actions{tfjson.ActionDelete, tfjson.ActionCreate}
	planned := &tfjson.Plan{
		ResourceChanges: []*tfjson.ResourceChange{
			change("aws_rds_cluster.z", "aws_rds_cluster", "z", tfjson.ActionDelete),
			change("aws_subnet.n", "aws_subnet", "n", tfjson.ActionDelete),
			change("aws_efs_file_system.a", "aws_efs_file_system", "a", replaced...),
			change("aws_eks_cluster.c", "aws_eks_cluster", "c", replaced...),
			change("aws_dynamodb_table.b", "aws_dynamodb_table", "", replaced...),
			deposed,
			release("foundation", replaced...),
		},
		PriorState: &tfjson.State{Values: &tfjson.StateValues{RootModule: &tfjson.StateModule{}}},
	}
	for _, failed := range []string{"aws_efs_file_system.a", "aws_eks_cluster.c", "helm_release.a"} {
		planned.PriorState.Values.RootModule.Resources = append(planned.PriorState.Values.RootModule.Resources,
			&tfjson.StateResource{Address: failed, Mode: tfjson.ManagedResourceMode, Tainted: true})
	}
	want := []lifecycle.Loss{
		{Address: "aws_dynamodb_table.b", Type: "aws_dynamodb_table", Holds: "a table", Replaced: true},
		{Address: "aws_ebs_volume.m", Type: "aws_ebs_volume", ID: "old", Holds: "a disk"},
		{Address: "aws_efs_file_system.a", Type: "aws_efs_file_system", ID: "a", Holds: "files", Replaced: true, Unfinished: true},
		{Address: "aws_rds_cluster.z", Type: "aws_rds_cluster", ID: "z", Holds: "a database"},
	}
	if diff := cmp.Diff(want, lifecycle.Losses(plan.Read(planned))); diff != "" {
		t.Errorf("losses (-want +got):\n%s", diff)
	}
}

// TestHolders: what exists and holds data is what a destroy would lose, whatever its foundations are. A release that failed to become has
// no homes yet.
func TestHolders(t *testing.T) {
	foundation := map[string]any{"id": "foundation", "name": "foundation", "chart": "oci://registry.example.com/charts/other"}
	for _, test := range []struct {
		name     string
		resource *tfjson.StateResource
		holds    string
	}{
		{"a database", &tfjson.StateResource{Type: "aws_rds_cluster", AttributeValues: map[string]any{"id": "d"}}, "a database"},
		{"a database that AWS failed to make", &tfjson.StateResource{Type: "aws_rds_cluster", Tainted: true}, "a database"},
		{"a cluster, whose volumes are its own", &tfjson.StateResource{Type: "aws_eks_cluster"}, ""},
		{"a secret that can be issued again", &tfjson.StateResource{Type: "aws_secretsmanager_secret",
			AttributeValues: map[string]any{"tags": map[string]any{"coderaws:issued": "true"}}}, ""},
		{"a secret that says that it cannot", &tfjson.StateResource{Type: "aws_secretsmanager_secret",
			AttributeValues: map[string]any{"tags": map[string]any{"coderaws:issued": "false"}}}, "a secret"},
		{"the release that owns the namespaces, by its name",
			&tfjson.StateResource{Type: "helm_release", AttributeValues: foundation}, "the homes of all workspaces"},
		{"the release that owns the namespaces, which failed",
			&tfjson.StateResource{Type: "helm_release", AttributeValues: foundation, Tainted: true}, ""},
		{"another release", &tfjson.StateResource{Type: "helm_release", AttributeValues: map[string]any{"chart": "coder", "name": "coder"}}, ""},
	} {
		test.resource.Address = test.resource.Type + ".a"
		id, _ := test.resource.AttributeValues["id"].(string)
		var want []lifecycle.Loss
		if test.holds != "" {
			want = []lifecycle.Loss{{Address: test.resource.Address, Type: test.resource.Type, ID: id, Holds: test.holds}}
		}
		if diff := cmp.Diff(want, lifecycle.Holders([]*tfjson.StateResource{test.resource})); diff != "" {
			t.Errorf("%s: holders (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestUnnamed is the specification of the gate: all losses must be named, and the refusal shows the flags that would do it.
func TestUnnamed(t *testing.T) {
	database := lifecycle.Loss{Address: "module.a.aws_rds_cluster.this", ID: "coder", Holds: "a database"}
	vault := lifecycle.Loss{Address: `aws_backup_vault.this["x"]`, ID: "long-term", Holds: "backups", Replaced: true}
	const both = `to lose it, name what is to be destroyed: --delete-data 'module.a.aws_rds_cluster.this' --delete-data 'aws_backup_vault.this["x"]'`
	for _, test := range []struct {
		name   string
		losses []lifecycle.Loss
		named  []string
		// want has the summary of each finding, and todo what the last one says is to be done.
		want []string
		todo string
	}{
		{name: "nothing is lost"},
		{name: "nothing is lost, something is named", named: []string{database.Address}},
		{name: "all is named", losses: []lifecycle.Loss{database, vault}, named: []string{vault.Address, database.Address}},
		{name: "nothing is named", losses: []lifecycle.Loss{database, vault}, todo: both, want: []string{
			"this would destroy coder, which holds a database, and it was not named",
			"this would replace long-term, which holds backups, by an empty one, and it was not named",
		}},
		{name: "one is named", losses: []lifecycle.Loss{database, vault}, named: []string{database.Address}, todo: both, want: []string{
			"this would replace long-term, which holds backups, by an empty one, and it was not named",
		}},
		{name: "what AWS failed to make", losses: []lifecycle.Loss{{Address: "aws_s3_bucket.a", ID: "a", Holds: "objects", Unfinished: true}},
			todo: "to lose it, name what is to be destroyed: --delete-data 'aws_s3_bucket.a'",
			want: []string{"this would destroy a, which holds objects, and it was not named"}},
		{name: "a part of a name does not count", losses: []lifecycle.Loss{database}, named: []string{"module.a", "aws_rds_cluster.this"},
			todo: "to lose it, name what is to be destroyed: --delete-data 'module.a.aws_rds_cluster.this'",
			want: []string{"this would destroy coder, which holds a database, and it was not named"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := lifecycle.Unnamed(test.losses, test.named)
			findings := diagnostic.From(err)
			var got []string
			for _, d := range findings {
				got = append(got, d.Summary)
				if d.Code != "gate.data_loss" || d.Address == "" || d.Why == "" {
					t.Errorf("finding %+v has no code, resource or reason", d)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if len(test.want) == 0 {
				return
			}
			if code := diagnostic.Exit(err); code != diagnostic.ExitRefused {
				t.Errorf("exit status %d, want %d", code, diagnostic.ExitRefused)
			}
			if last := findings[len(findings)-1]; last.Todo != test.todo {
				t.Errorf("what to do: %s, want %s", last.Todo, test.todo)
			}
		})
	}
}
