package lifecycle

import (
	"testing"

	"coderaws/internal/engine"

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
	key := resource("aws_kms_key", map[string]any{"arn": arn, "id": "1"})
	leaving := map[string]any{"final_snapshot_identifier": "last", "skip_final_snapshot": false, "kms_key_id": arn}
	skipping := map[string]any{"final_snapshot_identifier": "last", "skip_final_snapshot": true, "kms_key_id": arn}
	kept := map[string]engine.Trace{"aws_kms_key.this": {Address: "aws_kms_key.this", Type: "aws_kms_key", ID: "1", IDKey: "id"}}
	none := map[string]engine.Trace{}
	failed := resource("aws_rds_cluster", leaving)
	failed.Tainted = true
	for _, test := range []struct {
		name      string
		resources []*tfjson.StateResource
		traces    []engine.Trace
		want      []string
		keys      map[string]engine.Trace
	}{
		{"an Aurora cluster and its key", []*tfjson.StateResource{resource("aws_rds_cluster", leaving), key}, nil,
			[]string{"last", arn, "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier last"}, kept},
		{"a database instance and its key", []*tfjson.StateResource{key, resource("aws_db_instance", leaving)}, nil,
			[]string{"last", arn, "aws rds delete-db-snapshot --db-snapshot-identifier last"}, kept},
		{"a key that is not in the state", []*tfjson.StateResource{resource("aws_rds_cluster", leaving)}, nil,
			[]string{"last", "", "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier last"}, none},
		{"a key that was set aside before", []*tfjson.StateResource{resource("aws_rds_cluster", leaving)},
			[]engine.Trace{{Address: "aws_kms_key.this", Type: "aws_kms_key", ID: "1", IDKey: "id", IsSetAside: true}},
			[]string{"last", arn, "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier last"}, none},
		{"a key that a killed run was making", []*tfjson.StateResource{resource("aws_rds_cluster", leaving)},
			[]engine.Trace{{Address: "aws_kms_key.this", Type: "aws_kms_key", ID: "1", IDKey: "id"}},
			[]string{"last", "", "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier last"}, none},
		{"no snapshot is asked for", []*tfjson.StateResource{key,
			resource("aws_rds_cluster", skipping)}, nil, nil, none},
		{"AWS failed to make it", []*tfjson.StateResource{failed, key}, nil, nil, none},
		{"something else with a key", []*tfjson.StateResource{resource("aws_efs_file_system", leaving), key}, nil, nil, none},
	} {
		snapshots := Snapshots(test.resources, test.traces)
		var got []string
		for _, snapshot := range snapshots {
			got = append(got, snapshot.ID, snapshot.Key, snapshot.Command)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if diff := cmp.Diff(test.keys, keysInState(snapshots)); diff != "" {
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
