package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
)

// Init prepares the stack's directory (modules, providers), unless it was prepared before with the same source, engine and
// providers, or what that comes to is remembered.
func (s *Stack) Init(ctx context.Context) error {
	_, err := s.initialize(ctx)
	return err
}

// initialize is Init, and tells whether a process ran.
func (s *Stack) initialize(ctx context.Context) (ran bool, err error) {
	if err := s.attach(ctx); err != nil {
		return false, err
	}
	if err := s.configure(ctx); err != nil {
		return false, err
	}
	if err := s.takeLock(); err != nil {
		return false, err
	}
	if record, err := os.ReadFile(s.runFile(".init")); err == nil && string(record) == s.initKey() {
		return false, errors.Join(s.shareLock(), s.deliverAny(ctx))
	}
	if s.recall() {
		return false, nil
	}
	if err := s.forceInit(ctx); err != nil {
		return true, err
	}
	return true, s.deliverAny(ctx)
}

// deliverAny is deliver where there is a backend to deliver to.
func (s *Stack) deliverAny(ctx context.Context) error {
	if !s.isRemote() {
		return nil
	}
	return s.deliver(ctx)
}

func (s *Stack) forceInit(ctx context.Context) error {
	record := s.runFile(".init")
	if err := os.Remove(record); err != nil && !os.IsNotExist(err) {
		return fileFinding(err, record)
	}
	causes := s.initCauses()
	args := []string{"init", "-json", "-no-color", "-input=false"}
	if s.Backend != nil {
		args = append(args, s.backend().arguments()...)
	}
	if _, err := s.stream(ctx, "initializing", args, 0); err != nil {
		return err
	}
	if err := s.recordBackend(); err != nil {
		return err
	}
	if err := s.shareLock(); err != nil {
		return err
	}
	s.remember(causes)
	// The key is taken after the run, which writes the dependency lock file.
	return writeIfChanged(record, []byte(s.initKey()))
}

// initKey sums up all that init depends on, and whether what it has made is there.
func (s *Stack) initKey() string {
	// A stack without modules and providers has no data directory; one whose directory was removed needs init again.
	_, err := os.Stat(filepath.Join(s.Dir(), dataDir))
	return fmt.Sprint(s.initCauses(), " ", err == nil)
}

// initCauses sums up all that init depends on.
func (s *Stack) initCauses() string {
	config := variable(s.env, "TF_CLI_CONFIG_FILE")
	parts := []string{
		string(s.Binary.Product), s.Binary.Version, s.Binary.Path,
		strings.Join(s.attachment.addresses(), ","),
		config, fileSum(config), variable(s.env, "TF_PLUGIN_CACHE_DIR"),
		fileSum(filepath.Join(s.Dir(), lockHCL)),
		s.backend().key(),
	}
	for _, name := range slices.Sorted(maps.Keys(s.Workdir.files)) {
		if path.Ext(name) == ".tf" || strings.HasSuffix(name, ".tf.json") {
			parts = append(parts, name, s.Workdir.files[name])
		}
	}
	text, err := json.Marshal(parts)
	if err != nil {
		return "" // strings always encode
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func fileSum(file string) string {
	if file == "" {
		return ""
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "unreadable"
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// needsInit recognizes, by the summaries that both products use, a run that failed because init must run first.
func needsInit(err error) bool {
	return slices.ContainsFunc(diagnostic.From(err), func(d *diagnostic.Diagnostic) bool {
		switch d.Summary {
		case "Backend initialization required, please run \"terraform init\"", "Backend initialization required, please run \"tofu init\"",
			"Inconsistent dependency lock file", "Module not installed", "Module source has changed",
			"Module version requirements have changed", "Required plugins are not installed":
			return true
		}
		return false
	})
}
