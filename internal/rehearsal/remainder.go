package rehearsal

import (
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/world"
)

// Remainder is a resource that still exists after everything was destroyed.
type Remainder struct {
	Type   string `json:"type"`
	ID     string `json:"id"`
	Region string `json:"region"`
	// Key is the ARN of the KMS key that it cannot be read without, and KeyDeleted says that this key was deleted.
	Key        string `json:"key,omitempty"`
	KeyDeleted bool   `json:"key_deleted,omitempty"`
}

// encryptionKeys are the ARNs of all keys that exist.
func (e *Embedded) encryptionKeys() map[string]bool {
	all := map[string]bool{}
	_ = e.world.Do(func() error { // looking cannot fail
		for _, key := range e.world.List(func(o *world.Resource) bool { return o.Type == lifecycle.KeyType }) {
			all[key.String("arn")] = true
		}
		return nil
	})
	return all
}

// remainders tells what is there that was not before: what was left by mistake, and what is kept on purpose, with its key. made
// are the keys that there were when everything was made: one that a snapshot names and that is gone was deleted, and is neither
// AWS's own nor another account's.
func (r *Report) remainders(target *Embedded, before, made map[string]bool) {
	keys := target.encryptionKeys()
	var left []*world.Resource
	_ = target.world.Do(func() error { // looking cannot fail
		left = target.world.List(func(o *world.Resource) bool { return !before[o.Key()] })
		return nil
	})
	// A key keeps its policy, which is a resource of its own and is not told beside it.
	keptKeys := keysOfKept(left)
	var withKeys []Remainder
	for _, resource := range left {
		remainder := Remainder{Type: resource.Type, ID: resource.ID, Region: resource.Region}
		switch {
		case resource.Kept:
			remainder.Key = resource.String("kms_key_id")
			remainder.KeyDeleted = made[remainder.Key] && !keys[remainder.Key]
			r.Kept = append(r.Kept, remainder)
		case keptKeys[resource.Owner]:
		case keptKeys[resource.Key()]:
			withKeys = append(withKeys, remainder)
		default:
			r.Left = append(r.Left, remainder)
		}
	}
	r.Kept = append(r.Kept, withKeys...)
}

// keysOfKept finds among resources the KMS keys without which what is kept of them cannot be read, by their keys in the world.
func keysOfKept(all []*world.Resource) map[string]bool {
	needed, found := map[string]bool{}, map[string]bool{}
	for _, resource := range all {
		if resource.Kept {
			needed[resource.String("kms_key_id")] = true
		}
	}
	for _, resource := range all {
		if resource.Type == lifecycle.KeyType && needed[resource.String("arn")] {
			found[resource.Key()] = true
		}
	}
	return found
}
