package lifecycle

import (
	"context"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/engine"

	tfjson "github.com/hashicorp/terraform-json"
)

// Snapshot is what a database leaves when it is destroyed. It is worth as much as its key: AWS deletes a key without asking what
// is encrypted with it, and nothing of that can be read when the waiting time of at most thirty days is over.
type Snapshot struct {
	ID string `json:"id"`
	// Key is the ARN of the KMS key that it is encrypted with, and stays with it; "" if the state holds no such key.
	Key string `json:"key,omitempty"`
	// Command deletes the snapshot on AWS, for somebody who does not want it any more.
	Command string `json:"-"`

	// inState is the key in the state; nothing once it was set aside, as a run has done that was interrupted.
	inState engine.Trace
}

// KeyType is the type of a KMS key.
const KeyType = "aws_kms_key"

// leavesSnapshot are the types that leave a snapshot, with the command of AWS's that deletes one.
var leavesSnapshot = map[string]string{
	"aws_rds_cluster": "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier",
	"aws_db_instance": "aws rds delete-db-snapshot --db-snapshot-identifier",
}

// Snapshots lists what the databases of a state leave, as their own arguments say. What AWS failed to make holds nothing and
// leaves nothing. traces are those of the journal, which knows the keys that were set aside before.
func Snapshots(resources []*tfjson.StateResource, traces []engine.Trace) []Snapshot {
	keys := map[string]engine.Trace{}
	for _, resource := range resources {
		if arn, _ := resource.AttributeValues["arn"].(string); resource.Type == KeyType && arn != "" {
			keys[arn] = engine.Trace{Address: resource.Address, Type: KeyType, ID: called(resource.AttributeValues), IDKey: "id"}
		}
	}
	isAside := func(arn string) bool {
		return slices.ContainsFunc(traces, func(t engine.Trace) bool {
			return t.IsSetAside && t.Type == KeyType && strings.HasSuffix(arn, "/"+t.ID)
		})
	}
	var all []Snapshot
	for _, resource := range resources {
		command, leaves := leavesSnapshot[resource.Type]
		skip, _ := resource.AttributeValues["skip_final_snapshot"].(bool)
		id, _ := resource.AttributeValues["final_snapshot_identifier"].(string)
		if !leaves || skip || id == "" || resource.Tainted {
			continue
		}
		snapshot := Snapshot{ID: id, Command: command + " " + id}
		arn, _ := resource.AttributeValues["kms_key_id"].(string)
		if snapshot.inState = keys[arn]; snapshot.inState.Address != "" || isAside(arn) {
			snapshot.Key = arn
		}
		all = append(all, snapshot)
	}
	return all
}

// keysInState are the keys of a state that stay with the snapshots, by address.
func keysInState(snapshots []Snapshot) map[string]engine.Trace {
	keys := map[string]engine.Trace{}
	for _, snapshot := range snapshots {
		if snapshot.inState.Address != "" {
			keys[snapshot.inState.Address] = snapshot.inState
		}
	}
	return keys
}

// leaveOut lets a plan of a destruction say what comes of the keys that stay. Terraform has no way to plan it: a resource that is to be
// forgotten has to be gone from the configuration, and the key has not.
func leaveOut(plan *engine.Plan, snapshots []Snapshot) {
	keys := keysInState(snapshots)
	for _, change := range plan.JSON.ResourceChanges {
		if _, stays := keys[change.Address]; stays && change.Change != nil && change.Change.Actions.Delete() {
			change.Change.Actions = tfjson.Actions{tfjson.ActionForget}
			plan.Changes.Remove--
		}
	}
}

// KeepKeys takes the keys of snapshots out of the state, so that Terraform does not delete them with everything else. It must
// come after the protection was lifted: to change a database, Terraform would make the key anew that it does not know any more.
func (w *Work) KeepKeys(ctx context.Context, snapshots []Snapshot) error {
	keys := keysInState(snapshots)
	if len(keys) == 0 {
		return nil
	}
	if err := w.Engine.SetAside(ctx, slices.Collect(maps.Values(keys))...); err != nil {
		return err
	}
	for _, snapshot := range snapshots {
		if snapshot.Key != "" && !w.silent.Load() {
			// A run that is interrupted and started again finds neither database nor key in the state: this is all that is said then.
			w.runner.Reporter.Notice("Kept: key " + snapshot.Key + ", for snapshot " + snapshot.ID + ", which the database leaves.")
		}
	}
	return nil
}

// stillProtected are those of some losses that a state does not show to be without protection. A run that was interrupted has
// lifted it, and lifting it again would make the database anew, with a key in place of the one that is kept.
func stillProtected(losses []Loss, resources []*tfjson.StateResource) []Loss {
	open := map[string]bool{}
	for _, resource := range resources {
		values := resource.AttributeValues
		open[resource.Address] = values["deletion_protection"] == false || values["force_destroy"] == true
	}
	var protected []Loss
	for _, loss := range losses {
		if !open[loss.Address] {
			protected = append(protected, loss)
		}
	}
	return protected
}
