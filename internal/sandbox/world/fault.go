package world

import (
	"reflect"
	"slices"
	"strconv"
)

// Action is what Terraform asks AWS to do with one resource.
type Action string

// The actions of Terraform's resource life cycle.
const (
	Create Action = "create"
	Update Action = "update"
	Delete Action = "delete"
	Read   Action = "read"
)

// Always is the number of Times of a fault, or of Runs of a shortage, that does not end.
const Always = -1

// Fault is something that goes wrong in a world by order, so that a rehearsal can show what a deployment does about it.
type Fault struct {
	// Name is what reports call the fault: the words that ordered it.
	Name string
	// Type is the Terraform resource type whose calls it strikes; empty strikes those of every type.
	Type string
	// Nth strikes only the n-th resource of Type that an action comes to, counted from 1; 0 strikes any.
	Nth int
	// Address says that the fault is meant for one resource, and strikes nothing until Aim has said what that resource looks like.
	Address string
	// Actions are the calls that it strikes.
	Actions []Action
	// After lets AWS do what was asked, and fail then: what was made exists.
	After bool
	// Error is AWS's answer.
	Error Error
	// Times is how often it strikes, Always for without end.
	Times int
	// Each counts Times for each resource by itself, instead of for all together. It strikes no call on a part: what has the part is made
	// anew after it, and the part with it is another one, which it would strike again, without end.
	Each bool

	aimed  bool
	id     string
	values Object
	left   map[string]int
}

// Aim tells a fault with an address what its resource looks like: by its id if it exists, else by what is known of its arguments, where
// nil and Unknown stand for anything.
func (f *Fault) Aim(id string, values Object) { f.aimed, f.id, f.values = true, id, values }

// Attempt is one call of Terraform on one resource.
type Attempt struct {
	Action Action
	Type   string
	Region string
	// ID is what exists already; empty for a create.
	ID string
	// Object is what shall exist, or what exists.
	Object Object
	// Again marks the provider's own further tries of one call.
	Again bool
	// Part marks a call that the one on another resource consists of.
	Part bool
}

// key tells the resources that calls are about apart.
func (a *Attempt) key() string {
	if a.ID != "" {
		return string(a.Action) + "|" + a.Type + "|" + a.Region + "|" + a.ID
	}
	return string(a.Action) + "|" + a.Type + "|" + a.Region + "|" + NaturalKey(a.Object)
}

// Strike is one time that a fault or a shortage struck.
type Strike struct {
	// Fault is the name of what struck.
	Fault  string
	Action Action
	Type   string
	// ID is empty where nothing was made.
	ID string
	// Run counts the runs of Terraform from 1.
	Run int
	// Survived means that it went on all the same: the provider tried again, or found room elsewhere.
	Survived bool
	// Lasting means that it strikes each time.
	Lasting bool
}

// Faults are all that goes wrong in a world by order. Their methods are for callers that hold the world, but for NewFaults.
type Faults struct {
	faults    []*Fault
	shortages []*Shortage
	// order lists the resources of each type and action in the order in which they came.
	order   map[string][]string
	run     int
	strikes []*Strike
}

// NewFaults collects faults and shortages of capacity.
func NewFaults(faults []*Fault, shortages []*Shortage) *Faults {
	return &Faults{faults: faults, shortages: shortages, order: map[string][]string{}}
}

// Disturb makes things go wrong in the world from now on; nil ends that. It is not kept in the world's file.
func (w *World) Disturb(f *Faults) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = f
}

// BeginRun says that a run of Terraform begins.
func (w *World) BeginRun() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.faults != nil {
		w.faults.run++
	}
}

// Strikes lists what struck so far, in order.
func (w *World) Strikes() []Strike {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.faults == nil {
		return nil
	}
	all := make([]Strike, len(w.faults.strikes))
	for i, s := range w.faults.strikes {
		all[i] = *s
	}
	return all
}

// Strike finds the fault that strikes a call before it is carried out, or after that, and notes it; nil if none does.
func (w *World) Strike(a Attempt, after bool) (*Fault, *Strike) {
	if w.faults == nil {
		return nil, nil
	}
	for _, fault := range w.faults.faults {
		if fault.After == after && fault.strikes(&a, w.faults) {
			return fault, w.faults.note(fault.Name, fault.Times < 0, &a)
		}
	}
	return nil, nil
}

func (f *Faults) note(name string, lasting bool, a *Attempt) *Strike {
	strike := &Strike{Fault: name, Action: a.Action, Type: a.Type, ID: a.ID, Run: f.run, Lasting: lasting}
	f.strikes = append(f.strikes, strike)
	return strike
}

// place is the number of a resource among those of its type that an action has come to, counted from 1.
func (f *Faults) place(a *Attempt) int {
	kind, key := string(a.Action)+"|"+a.Type, a.key()
	if i := slices.Index(f.order[kind], key); i >= 0 {
		return i + 1
	}
	f.order[kind] = append(f.order[kind], key)
	return len(f.order[kind])
}

// strikes reports whether the fault is meant for a call and not used up, and counts it.
func (f *Fault) strikes(a *Attempt, all *Faults) bool {
	if !slices.Contains(f.Actions, a.Action) || f.Type != "" && f.Type != a.Type || f.Each && a.Part {
		return false
	}
	if f.Nth > 0 && all.place(a) != f.Nth || f.Address != "" && !f.meets(a) {
		return false
	}
	counter := ""
	if f.Each {
		counter = a.key()
	}
	if f.left == nil {
		f.left = map[string]int{}
	}
	if f.Times >= 0 && f.left[counter] >= f.Times {
		return false
	}
	f.left[counter]++
	return true
}

// meets reports whether a call is about the resource that the fault was aimed at.
func (f *Fault) meets(a *Attempt) bool {
	switch {
	case !f.aimed:
		return false
	case f.id != "" && a.ID != "":
		return f.id == a.ID
	default:
		return Agrees(f.values, a.Object)
	}
}

// Agrees reports whether nothing that is known of two values differs. Nil and Unknown agree with everything; an attribute that one of
// two objects lacks is not known. The order of lists counts for nothing, since sets are lists too.
func Agrees(a, b any) bool {
	if isOpen(a) || isOpen(b) {
		return true
	}
	switch x := a.(type) {
	case Object:
		y, ok := b.(Object)
		if !ok {
			return false
		}
		for name, value := range x {
			if !Agrees(value, y[name]) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		return ok && len(x) == len(y) && agreeInSomeOrder(x, y)
	default:
		return reflect.DeepEqual(a, b)
	}
}

func isOpen(v any) bool {
	_, unknown := v.(Unknown)
	return v == nil || unknown
}

func agreeInSomeOrder(a, b []any) bool {
	used := make([]bool, len(b))
elements:
	for _, x := range a {
		for i, y := range b {
			if !used[i] && Agrees(x, y) {
				used[i] = true
				continue elements
			}
		}
		return false
	}
	return true
}

// FaultMark begins the sentence by which errors that were ordered are told from AWS's own.
const FaultMark = "This went wrong by order: --fault "

// OrderedBy is the sentence that an error says which was ordered.
func OrderedBy(name string) string { return FaultMark + strconv.Quote(name) + "." }
