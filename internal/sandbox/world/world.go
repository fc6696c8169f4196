// Package world holds the state of the embedded AWS: accounts, regions with their zones, quotas, the store of resources,
// and the file that keeps it between runs. It knows no AWS service and no Terraform: the rules of each type are in
// the folders of package service, the plugin protocol in package protocol. Of this project it imports facts alone.
package world

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultAccount is the account id of a new world, AWS's own example account.
const DefaultAccount = "123456789012"

// Object holds the attributes of a resource as plain Go values: nil, bool, float64, string, []any, Object as
// map[string]any, and Unknown while Terraform plans.
type Object = map[string]any

// Unknown stands for a value that is known only after apply.
type Unknown struct{}

// Resource is one thing that exists in the world.
type Resource struct {
	// Type is the Terraform resource type, such as aws_subnet.
	Type string `json:"type"`
	// ID identifies the resource among those of its type, account and region.
	ID      string `json:"id"`
	Account string `json:"account"`
	// Region is the AWS region, or aws-global for what belongs to no region (IAM, Route 53).
	Region string `json:"region"`
	// Owner is the key of the resource for which AWS made this one by itself, such as the security group of an EKS
	// cluster; it goes when its owner goes. Empty for what a user made.
	Owner string `json:"owner,omitempty"`
	// Kept marks what AWS keeps on purpose when its origin is deleted, such as the final snapshot of a database.
	Kept bool `json:"kept,omitempty"`
	// Failed marks what AWS began to make and then failed to: it exists, and does nothing.
	Failed bool `json:"failed,omitempty"`
	// Waits is since when a change waits for the maintenance window, which the type knows of; zero if none does.
	Waits time.Time `json:"waits,omitzero"`
	// Attributes is the whole state, as Terraform reads it. What is in a world is not written to: see Change.
	Attributes Object `json:"attributes"`
	// Sequence orders resources by creation.
	Sequence int64 `json:"sequence"`
}

// Key identifies a resource in its world.
func (r *Resource) Key() string { return key(r.Account, r.Region, r.Type, r.ID) }

// Object is the attributes; of what was looked for and does not exist, nil, there are none.
func (r *Resource) Object() Object {
	if r == nil {
		return nil
	}
	return r.Attributes
}

// String gets a top-level string attribute, or "", also of what does not exist.
func (r *Resource) String(name string) string {
	s, _ := r.Object()[name].(string)
	return s
}

func key(account, region, typ, id string) string {
	return strings.Join([]string{account, region, typ, id}, "|")
}

// World is an AWS. Create one with New or Open; all methods may be called from several goroutines, but a caller that reads
// and then writes must hold the world with Do.
type World struct {
	mu    sync.Mutex
	state state
	now   func() time.Time
	file  *file
	// index finds resources of the state by what they are asked for.
	index index
	peaks map[string]*Usage
	// existing is what the account holds that the world plays.
	existing existing
	// faults are what goes wrong by order; nil if nothing does.
	faults *Faults
}

// state is what the world file holds.
type state struct {
	Format   int    `json:"format"`
	Account  string `json:"account"`
	Seed     string `json:"seed"`
	Sequence int64  `json:"sequence"`
	// Quotas overrides the default quotas, by quota code; -1 is without limit.
	Quotas    map[string]float64   `json:"quotas,omitempty"`
	Resources map[string]*Resource `json:"resources"`
	// Generations counts creations by type and arguments.
	Generations map[string]int `json:"generations,omitempty"`
}

// Options set up a new world.
type Options struct {
	// Account is the twelve-digit account id; DefaultAccount if empty.
	Account string
	// Seed makes generated ids differ between worlds; the same seed gives the same ids.
	Seed string
	// Now is the clock of the world, for attributes such as created_at. Required.
	Now func() time.Time
}

// New makes an empty world that lives in memory.
func New(o Options) *World {
	if o.Account == "" {
		o.Account = DefaultAccount
	}
	return &World{
		state: state{Format: fileFormat, Account: o.Account, Seed: o.Seed, Quotas: map[string]float64{}, Resources: map[string]*Resource{},
			Generations: map[string]int{}},
		now:   o.Now,
		peaks: map[string]*Usage{},
	}
}

// Account is the id of the account that a session without an assumed role acts in.
func (w *World) Account() string { return w.state.Account }

// Now is the time in the world.
func (w *World) Now() time.Time { return w.now().UTC() }

// Do runs f while no one else uses the world, then saves the world if it has a file. An error of f is returned as it is and
// does not undo what f did.
func (w *World) Do(f func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.state.Sequence
	err := f()
	if w.file != nil && (w.state.Sequence != before) {
		if saveErr := w.file.save(&w.state); saveErr != nil && err == nil {
			return saveErr
		}
	}
	return err
}

// The methods below are for callers that hold the world (inside Do).

// Put stores a resource, new or changed.
func (w *World) Put(r *Resource) {
	w.state.Sequence++
	if old, ok := w.state.Resources[r.Key()]; ok {
		r.Sequence = old.Sequence
	} else {
		r.Sequence = w.state.Sequence
	}
	w.state.Resources[r.Key()] = r
	w.index.put(r)
}

// Change gives a resource other attributes beside those that stay, and returns it as it is now. What was looked up before keeps what it
// had: a resource is a value, which may be read when the world is free again.
func (w *World) Change(r *Resource, attributes Object) *Resource {
	changed := *r
	changed.Attributes = maps.Clone(r.Attributes)
	maps.Copy(changed.Attributes, attributes)
	w.Put(&changed)
	return &changed
}

// Get finds a resource by its identity, or returns nil.
func (w *World) Get(account, region, typ, id string) *Resource {
	return w.state.Resources[key(account, region, typ, id)]
}

// Remove deletes a resource and all that AWS made for it.
func (w *World) Remove(r *Resource) {
	w.state.Sequence++
	w.index.remove(r.Key())
	delete(w.state.Resources, r.Key())
	for _, owned := range w.Owned(r.Key()) {
		w.Remove(owned)
	}
}

// List returns the resources for which keep is true (all, if keep is nil), in order of creation.
func (w *World) List(keep func(*Resource) bool) []*Resource {
	var found []*Resource
	for _, r := range w.state.Resources {
		if keep == nil || keep(r) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, created)
	return found
}

// Digest returns n lower-case hexadecimal digits (at most 64) that depend on the world's seed and the parts alone, so that ids do not
// change with the order in which Terraform happens to create things.
func (w *World) Digest(n int, parts ...string) string {
	sum := sha256.Sum256([]byte(w.state.Seed + "\x00" + w.state.Account + "\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

// Generation returns how often Made was called for these parts before, over the whole life of the world.
func (w *World) Generation(parts ...string) int {
	return w.state.Generations[w.Digest(16, parts...)]
}

// Made counts a creation, so that the next one of the same parts is of another generation. What was refused is not counted: a try
// that failed leaves no trace.
func (w *World) Made(parts ...string) { w.state.Generations[w.Digest(16, parts...)]++ }

// Copied is a value of attributes that shares nothing with the one that it is of.
func Copied(value any) any {
	switch v := value.(type) {
	case Object:
		return CopiedObject(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = Copied(v[i])
		}
		return list
	}
	return value
}

// CopiedObject does the same for an object; that of nil is nil.
func CopiedObject(o Object) Object {
	if o == nil {
		return nil
	}
	copied := make(Object, len(o))
	for name, value := range o {
		copied[name] = Copied(value)
	}
	return copied
}

// NaturalKey renders the known attributes of an object as one string, for Digest.
func NaturalKey(o Object) string {
	known := Object{}
	for name, value := range o {
		if _, unknown := value.(Unknown); !unknown && value != nil {
			known[name] = value
		}
	}
	text, err := json.Marshal(known)
	if err != nil {
		// Attributes are plain values, so this cannot happen; the printed form still identifies the object.
		return fmt.Sprint(known)
	}
	return string(text)
}
