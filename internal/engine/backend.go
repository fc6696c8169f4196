package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"coderaws/internal/diagnostic"
)

const (
	// backendFile is the file in a stack's directory that tells the engine where the state is kept. As an override it works whether
	// or not the stack has a backend block of its own.
	backendFile = "coderaws_backend_override.tf.json"
	// backendSuffix names the run file that records the Backend of the last run.
	backendSuffix = ".backend.json"
)

// Backend says where the state of a stack is kept, other than in a file of the Workdir. It is a backend of Terraform's, with its
// settings as Terraform names them.
type Backend struct {
	// Type is the backend's name, such as s3.
	Type string
	// Settings are written into the configuration, so that the stack's directory is usable by hand too. They must be what
	// encoding/json can write, and no secrets.
	Settings map[string]any
	// File is a file of further settings in Terraform's form of a partial configuration; "" for none. The engine reads it itself, so
	// that its complaints name the file's lines.
	File string
	// Overrides are settings that win over those of File.
	Overrides map[string]string
	// Place is what the place of the state is called before users, such as s3://bucket/key. Two states have two places.
	Place string
	// Environ are settings as the variables (NAME=value) that Terraform's backend reads them from. Init does not depend on them, and they
	// are written down nowhere: for what is another one in each run.
	Environ []string
	// Fleeting means that the state does not outlive this process, so that nobody looks whether it is still there. All Settings of such a
	// Backend are the same in every run, so that what init leaves is too.
	Fleeting bool
}

// key sums up all that init depends on; "" for the state in a file of the Workdir.
func (b *Backend) key() string {
	if b == nil {
		return ""
	}
	text, err := json.Marshal([]any{b.Type, b.Settings, b.File, fileSum(b.File), b.Overrides, b.Place})
	if err != nil {
		return "" // it cannot be written as configuration either, which is reported then
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// arguments are those of init. It never moves a state by itself: see move.go.
func (b *Backend) arguments() []string {
	args := []string{"-reconfigure"}
	if b == nil {
		return args
	}
	if b.File != "" {
		file, err := filepath.Abs(b.File)
		if err != nil {
			file = b.File // only where the working directory is gone; init says so then
		}
		args = append(args, "-backend-config="+file)
	}
	for _, name := range slices.Sorted(maps.Keys(b.Overrides)) {
		args = append(args, "-backend-config="+name+"="+b.Overrides[name])
	}
	return args
}

// backendRecord is what is remembered of the Backend with which init last came to a good end.
type backendRecord struct {
	Key   string `json:"key"`
	Place string `json:"place"`
	// Override is the content of backendFile, with which the former place can be read.
	Override string `json:"override"`
}

// backend is the Backend of this run. A state that lies in the Workdir, and that nobody has agreed to move, is used where it lies.
func (s *Stack) backend() *Backend {
	if s.Backend != nil && s.Move == nil && s.Workdir.HasState(s.Name) {
		return nil
	}
	return s.Backend
}

// isRemote tells whether the state is kept elsewhere than in the Workdir.
func (s *Stack) isRemote() bool { return s.backend() != nil }

// StatePlace is where the state is kept; "" for a file in the Workdir.
func (s *Stack) StatePlace() string {
	if backend := s.backend(); backend != nil {
		return backend.Place
	}
	return ""
}

// Joins tells whether there is a state that this directory was never used with: somebody else's run has made it, or another deployment.
// It says so until the first Apply.
func (s *Stack) Joins(ctx context.Context) (bool, error) {
	if err := s.Init(ctx); err != nil || !s.newcomer {
		return false, err
	}
	return s.HasState(ctx)
}

// configure writes down where the state is kept, before init. If it was kept elsewhere until now, it is set aside first, to be moved.
func (s *Stack) configure(ctx context.Context) error {
	backend := s.backend()
	record, err := s.readBackendRecord()
	if err != nil {
		return err
	}
	if record.Key == "" && backend != nil && !s.Workdir.HasState(s.Name) {
		s.newcomer = true
	}
	if record.Key != backend.key() || backend != nil && s.Workdir.HasState(s.Name) {
		if err := s.setAside(ctx, record, backend); err != nil {
			return err
		}
	}
	override := filepath.Join(s.Dir(), backendFile)
	if backend == nil {
		return removeFile(override)
	}
	text, err := backend.override()
	if err != nil {
		return err
	}
	return writeIfChanged(override, text)
}

// override is the content of backendFile.
func (b *Backend) override() ([]byte, error) {
	settings := b.Settings
	if settings == nil {
		settings = map[string]any{}
	}
	text, err := json.MarshalIndent(map[string]any{"terraform": map[string]any{"backend": map[string]any{b.Type: settings}}}, "", "  ")
	return append(text, '\n'), err
}

// recordBackend remembers where the state is kept, once init has accepted that.
func (s *Stack) recordBackend() error {
	file, backend := s.runFile(backendSuffix), s.backend()
	if backend == nil {
		return removeFile(file)
	}
	override, err := backend.override()
	if err != nil {
		return err
	}
	text, err := json.Marshal(backendRecord{backend.key(), backend.Place, string(override)})
	if err != nil {
		return err
	}
	return writeIfChanged(file, append(text, '\n'))
}

func (s *Stack) readBackendRecord() (backendRecord, error) {
	file := s.runFile(backendSuffix)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return backendRecord{}, nil
	}
	if err != nil {
		return backendRecord{}, fileFinding(err, file)
	}
	var record backendRecord
	if err := json.Unmarshal(text, &record); err != nil {
		d := diagnostic.Errorf("the record of where the state is kept is damaged")
		d.Code, d.Why = "engine.backend_record", err.Error()
		d.Todo = "remove the file, if the state was not moved since the last run; what the deployment says now is taken then"
		d.Where = &diagnostic.Range{File: file}
		return backendRecord{}, d
	}
	return record, nil
}

func removeFile(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, file)
	}
	return nil
}
