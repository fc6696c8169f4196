package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"coderaws/internal/diagnostic"
)

// Unlock gives a deployment free for other runs. It may be called more than once.
type Unlock func() error

// holder is what a lock file says about who holds it.
type holder struct {
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// Lock reserves a deployment directory for this process; now goes on record as the time when the run started. A second
// run gets a diagnostic that names the first one's process. The lock is the operating system's own and ends with its
// process, so a killed run leaves nothing to clean up; the file stays, for removing it would let two runs hold two
// locks.
func Lock(deployment string, now time.Time) (Unlock, error) {
	file := filepath.Join(deployment, stateDir, "lock")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fileFinding(err, file)
	}
	lock := flock.New(file, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	free, err := lock.TryLock()
	if err != nil {
		return nil, fileFinding(err, file)
	}
	if !free {
		return nil, lockedBy(file, deployment)
	}
	text, err := json.Marshal(holder{os.Getpid(), now.UTC().Truncate(time.Second)})
	if err == nil {
		// Written in place: a rename would put the lock on a file that nobody finds any more.
		err = os.WriteFile(file, append(text, '\n'), 0o600)
	}
	if err != nil {
		lock.Close()
		return nil, fileFinding(err, file)
	}
	return lock.Close, nil
}

// IsLeft reports whether a deployment directory was locked once, by somebody who may have died since.
func IsLeft(deployment string) bool {
	info, err := os.Stat(filepath.Join(deployment, stateDir, "lock"))
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

func lockedBy(file, deployment string) error {
	d := diagnostic.Errorf("another coderaws is working on %s", deployment)
	d.Code = "engine.locked"
	d.Why = "two runs at once would damage each other's state"
	d.Todo = "wait until it has ended"
	d.Where = &diagnostic.Range{File: file}
	var h holder
	// The holder may be about to write this, or be on another machine: then the number is nobody's, or of somebody who
	// has ended.
	if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &h) == nil && h.PID > 0 && isRunning(h.PID) {
		d.Summary = fmt.Sprintf("another coderaws (process %d) is working on %s since %s", h.PID, deployment, h.Started.Format(time.RFC3339))
		d.Todo = fmt.Sprintf("wait until process %d has ended, or interrupt it with `kill -INT %d`", h.PID, h.PID)
	}
	return d
}
