package rehearsal

import "coderaws/internal/sandbox/world"

// Remainder is a resource that still exists after everything was destroyed.
type Remainder struct {
	Type   string `json:"type"`
	ID     string `json:"id"`
	Region string `json:"region"`
	// Key is the ARN of the KMS key that it cannot be read without, and KeyDeleted says that this key was deleted.
	Key        string `json:"key,omitempty"`
	KeyDeleted bool   `json:"key_deleted,omitempty"`
}

// keyType is the type of a KMS key.
const keyType = "aws_kms_key"

// encryptionKeys are the ARNs of all keys that exist.
func (e *Embedded) encryptionKeys() map[string]bool {
	all := map[string]bool{}
	_ = e.world.Do(func() error { // looking cannot fail
		for _, key := range e.world.List(func(o *world.Resource) bool { return o.Type == keyType }) {
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
	keys, needed := target.encryptionKeys(), map[string]bool{}
	var left []*world.Resource
	_ = target.world.Do(func() error { // looking cannot fail
		left = target.world.List(func(o *world.Resource) bool { return !before[o.Key()] })
		return nil
	})
	for _, resource := range left {
		if resource.Kept {
			needed[resource.String("kms_key_id")] = true
		}
	}
	// A key keeps its policy, which is a resource of its own and is not told beside it.
	keptKeys := map[string]bool{}
	for _, resource := range left {
		if resource.Type == keyType && needed[resource.String("arn")] {
			keptKeys[resource.Key()] = true
		}
	}
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
