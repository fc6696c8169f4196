package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"coderaws/internal/atomicfile"
)

// What an apply makes is in the state as soon as the engine has saved that, which it does after each resource in a file,
// and every 20 seconds elsewhere (Terraform's and OpenTofu's interval of persisting). A run that is killed in between
// leaves things that no state knows. The engine's own events tell what these are: it writes them into the journal
// itself, which is kept until an apply came to an end in order.
const (
	// journalSuffix names the run file to which applies append their events.
	journalSuffix = ".journal"
	// eventsSuffix names the run file with the events of the last run that was no apply, of which nothing need be kept.
	eventsSuffix = ".events"
)

// Archive keeps the journal of a stack where its state is, so that it is found from another machine too.
type Archive interface {
	// Load returns what is kept; nothing if there is none.
	Load(ctx context.Context) ([]byte, error)
	// Save replaces what is kept; nothing is kept any more where the text is empty.
	Save(ctx context.Context, text []byte) error
}

// Trace is what the journal tells of a resource that a killed run has worked on, and that may exist without being in the state.
type Trace struct {
	Address, Type string
	// ID is what it is called, by the attribute IDKey; both are "" where it is not certain that it was made.
	ID, IDKey string
	// IsSetAside says that no kill is why no state knows it: it was taken out of the state on purpose.
	IsSetAside bool
}

// Journal lists what runs that did not end in order have made or begun to make, in the order of addresses.
func (s *Stack) Journal(ctx context.Context) ([]Trace, error) {
	if s.isFleeting() {
		return nil, nil
	}
	if err := wait(ctx, s.runFile(journalSuffix)); err != nil {
		return nil, err
	}
	text, err := s.readJournal(ctx)
	return traces(text), err
}

// readJournal reads the journal here; on another machine, the one that is kept beside the state.
func (s *Stack) readJournal(ctx context.Context) ([]byte, error) {
	file := s.runFile(journalSuffix)
	text, err := os.ReadFile(file)
	switch {
	case err == nil:
		return text, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fileFinding(err, file)
	case s.Archive == nil || !s.isRemote():
		return nil, nil
	}
	return s.Archive.Load(ctx)
}

// traces reads a journal.
func traces(text []byte) []Trace {
	found := map[string]Trace{}
	leaving := map[string]string{}                    // what is being deleted, by address
	_ = Decode(bytes.NewReader(text), func(e Event) { // reading from memory does not fail
		if e.Hook == nil {
			return
		}
		address := e.Hook.Resource.Address
		switch trace := found[address]; {
		case e.Hook.Action == "delete" && e.Type == EventApplyStart:
			leaving[address] = e.Hook.IDValue
		case e.Hook.Action == "delete" && e.Type == EventApplyComplete:
			if trace.ID == "" || trace.ID == leaving[address] { // otherwise it is the predecessor that is gone
				delete(found, address)
			}
		case e.Hook.Action == "create" && e.Type == EventApplyStart:
			found[address] = Trace{Address: address, Type: e.Hook.Resource.Type}
		case e.Hook.Action == "create" && e.Type == EventApplyComplete:
			found[address] = Trace{Address: address, Type: e.Hook.Resource.Type, ID: e.Hook.IDValue, IDKey: e.Hook.IDKey}
		case e.Type == EventSetAside:
			found[address] = Trace{address, e.Hook.Resource.Type, e.Hook.IDValue, e.Hook.IDKey, true}
		}
	})
	list := make([]Trace, 0, len(found))
	for _, trace := range found {
		list = append(list, trace)
	}
	slices.SortFunc(list, func(a, b Trace) int { return strings.Compare(a.Address, b.Address) })
	return list
}

// JournalFile is where the journal is on this machine.
func (s *Stack) JournalFile() string { return s.runFile(journalSuffix) }

// Damage says what is wrong with the journal; "" where nothing is. What a kill has cut short is not wrong.
func (s *Stack) Damage(ctx context.Context) (string, error) {
	if s.isFleeting() {
		return "", nil
	}
	text, err := s.readJournal(ctx)
	return damageOf(text), err
}

// damageOf finds the first line of a journal that no engine has written. Each is an event, but for one that a kill has cut short, to which
// the next run has added its first, and for room that was never written to.
func damageOf(text []byte) string {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if line = bytes.Trim(line, "\x00\r\n\t "); len(line) > 0 && !bytes.HasPrefix(line, []byte(`{"`)) {
			return fmt.Sprintf("line %d is no event of Terraform's: %.40q", number, line)
		}
	}
	return ""
}

// forgetJournal drops the journal, as everything in it is accounted for.
func (s *Stack) forgetJournal(ctx context.Context) error {
	if s.isFleeting() {
		return nil
	}
	if err := removeFile(s.runFile(journalSuffix)); err != nil || s.Archive == nil || !s.isRemote() {
		return err
	}
	text, err := s.Archive.Load(ctx)
	if err != nil || len(text) == 0 {
		return err
	}
	return s.Archive.Save(ctx, nil)
}

// endJournal decides after an apply whether the journal is needed. If the engine has ended by itself, its state knows all that the apply
// has made; what was set aside is in no state until an apply of everything has come to its end.
func (s *Stack) endJournal(ctx context.Context, result outcome, ofAll bool) error {
	if result.code < 0 || result.unsaved || ctx.Err() != nil || s.isKilled() {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	if result.code == 0 && ofAll || s.isFleeting() {
		return s.forgetJournal(ctx)
	}
	text, err := s.readJournal(ctx)
	if err != nil {
		return err
	}
	aside := slices.DeleteFunc(traces(text), func(t Trace) bool { return !t.IsSetAside })
	if len(aside) == 0 {
		return s.forgetJournal(ctx)
	}
	return s.writeJournal(ctx, asideLines(aside))
}

// SetAside takes resources out of the state, which stay where they are. The journal remembers them until everything else was made or
// destroyed, so that a deployment that goes on after all adopts them: without that, it would make them anew, and with them whatever
// cannot change from one to the other.
func (s *Stack) SetAside(ctx context.Context, resources ...Trace) error {
	if !s.isFleeting() {
		text, err := s.readJournal(ctx)
		if err != nil {
			return err
		}
		if err := s.writeJournal(ctx, append(slices.Clip(text), asideLines(resources)...)); err != nil {
			return err
		}
	}
	addresses := make([]string, len(resources))
	for i, resource := range resources {
		addresses[i] = resource.Address
	}
	return s.Forget(ctx, addresses...)
}

// asideLines are the lines of a journal that say what was set aside.
func asideLines(resources []Trace) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, r := range resources {
		// A line is made of texts, and the buffer takes all.
		_ = encoder.Encode(map[string]any{"type": EventSetAside, "hook": Hook{
			Resource: Resource{Address: r.Address, Type: r.Type}, IDKey: r.IDKey, IDValue: r.ID,
		}})
	}
	return text.Bytes()
}

// writeJournal replaces the journal, here and where the state is.
func (s *Stack) writeJournal(ctx context.Context, text []byte) error {
	if err := atomicfile.Write(s.runFile(journalSuffix), text, 0o600); err != nil {
		return fileFinding(err, s.runFile(journalSuffix))
	}
	if s.Archive == nil || !s.isRemote() {
		return nil
	}
	return s.Archive.Save(ctx, text)
}

// isFleeting tells whether the state does not outlive this process, so that nothing else need.
func (s *Stack) isFleeting() bool { return s.Backend != nil && s.Backend.Fleeting }

// recordOf is the file that records the events of a run; "" for none.
func (s *Stack) recordOf(command string) (string, error) {
	if s.isFleeting() {
		return "", nil
	}
	switch command {
	case "apply":
		return s.runFile(journalSuffix), nil
	case "plan":
		file := s.runFile(eventsSuffix)
		if err := os.Truncate(file, 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fileFinding(err, file)
		}
		return file, nil
	}
	return "", nil
}

// archive keeps the journal beside the state while an apply is at work. What is written is added to what is there; done
// waits for the last of it.
func (s *Stack) archive(ctx context.Context) (add func(Event), done func(), err error) {
	if s.Archive == nil || !s.isRemote() {
		return func(Event) {}, func() {}, nil
	}
	text, err := s.readJournal(ctx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(s.runFile(journalSuffix)); err != nil && len(text) > 0 {
		// From now on this machine knows more than what is kept.
		if err := atomicfile.Write(s.runFile(journalSuffix), text, 0o600); err != nil {
			return nil, nil, fileFinding(err, s.runFile(journalSuffix))
		}
	}
	pending, ended := make(chan []byte, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for text := range pending {
			// Where it fails, the journal is on this machine alone: a run goes on without it.
			_ = s.Archive.Save(context.WithoutCancel(ctx), text)
		}
	}()
	add = func(e Event) {
		if e.Hook == nil || e.Type != EventApplyStart && e.Type != EventApplyComplete {
			return
		}
		text = append(append(text[:len(text):len(text)], e.Raw...), '\n')
		select {
		case <-pending: // what waits there is older
		default:
		}
		pending <- text
	}
	return add, func() { close(pending); <-ended }, nil
}
