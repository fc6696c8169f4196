package lifecycle

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// resource is a resource of a state at its type's name.
func resource(typ string, values map[string]any) *tfjson.StateResource {
	return &tfjson.StateResource{Address: typ + ".this", Type: typ, AttributeValues: values}
}

// TestSnapshots is the specification of what a destroyed database leaves, and of the key that stays with it.
func TestSnapshots(t *testing.T) {
	const arn = "arn:aws:kms:us-east-1:123456789012:key/1"
	key := resource("aws_kms_key", map[string]any{"arn": arn})
	leaving := map[string]any{"final_snapshot_identifier": "last", "skip_final_snapshot": false, "kms_key_id": arn}
	skipping := map[string]any{"final_snapshot_identifier": "last", "skip_final_snapshot": true, "kms_key_id": arn}
	kept := map[string]bool{"aws_kms_key.this": true}
	failed := resource("aws_rds_cluster", leaving)
	failed.Tainted = true
	for _, test := range []struct {
		name      string
		resources []*tfjson.StateResource
		want      []string
		keys      map[string]bool
	}{
		{"an Aurora cluster and its key", []*tfjson.StateResource{resource("aws_rds_cluster", leaving), key},
			[]string{"last", arn, "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier last"}, kept},
		{"a database instance and its key", []*tfjson.StateResource{key, resource("aws_db_instance", leaving)},
			[]string{"last", arn, "aws rds delete-db-snapshot --db-snapshot-identifier last"}, kept},
		{"a key that is not in the state", []*tfjson.StateResource{resource("aws_rds_cluster", leaving)},
			[]string{"last", "", "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier last"}, map[string]bool{}},
		{"no snapshot is asked for", []*tfjson.StateResource{key,
			resource("aws_rds_cluster", skipping)}, nil, map[string]bool{}},
		{"AWS failed to make it", []*tfjson.StateResource{failed, key}, nil, map[string]bool{}},
		{"something else with a key", []*tfjson.StateResource{resource("aws_efs_file_system", leaving), key}, nil, map[string]bool{}},
	} {
		snapshots := Snapshots(test.resources)
		var got []string
		for _, snapshot := range snapshots {
			got = append(got, snapshot.ID, snapshot.Key, snapshot.Command)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if diff := cmp.Diff(test.keys, keyAddresses(snapshots)); diff != "" {
			t.Errorf("%s: keys (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestStillProtected: what an interrupted run has lifted is not lifted again.
func TestStillProtected(t *testing.T) {
	for _, test := range []struct {
		name   string
		typ    string
		values map[string]any
		want   bool
	}{
		{"a protected database", "aws_rds_cluster", map[string]any{"deletion_protection": true}, true},
		{"a database without protection", "aws_rds_cluster", map[string]any{"deletion_protection": false}, false},
		{"a vault that keeps its backups", "aws_backup_vault", map[string]any{"force_destroy": false}, true},
		{"a vault that lets them go", "aws_backup_vault", map[string]any{"force_destroy": true}, false},
		{"what says nothing of protection", "aws_secretsmanager_secret", map[string]any{}, true},
	} {
		held := resource(test.typ, test.values)
		losses := Holders([]*tfjson.StateResource{held})
		if got := len(stillProtected(losses, []*tfjson.StateResource{held})) == 1; len(losses) != 1 || got != test.want {
			t.Errorf("%s: still protected is %t, want %t, of %v", test.name, got, test.want, losses)
		}
	}
}
