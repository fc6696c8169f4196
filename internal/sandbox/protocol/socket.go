package protocol

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// roomName begins the names of directories for sockets, and roomLock is the file in one that its process holds as long as it lives.
const (
	roomName = "coderaws-socket-"
	roomLock = "lock"
)

// room is a directory of one socket, which nobody else may enter: whoever can open the socket can do all that Terraform can.
type room struct {
	dir  string
	lock *flock.Flock
}

// openRoom makes a room in a directory, after it has removed those of processes that were killed.
func openRoom(base string) (*room, error) {
	sweepRooms(base)
	r, err := makeRoom(base)
	// Who sweeps at this moment can take a room for a dead one before it is locked, and never after.
	for tries := 0; errors.Is(err, os.ErrNotExist) && tries < 100; tries++ {
		r, err = makeRoom(base)
	}
	if err != nil {
		return nil, noRoom(err)
	}
	if err := probe(r.dir); err != nil {
		return nil, errors.Join(noRoom(err), r.close())
	}
	return r, nil
}

// makeRoom makes a room and locks it. It is os.ErrNotExist where the room was swept meanwhile.
func makeRoom(base string) (*room, error) {
	dir, err := os.MkdirTemp(base, roomName) // of mode 0700
	if err != nil {
		return nil, err
	}
	r := &room{dir: dir, lock: flock.New(filepath.Join(dir, roomLock), flock.SetPermissions(0o600))}
	err = r.lock.Lock()
	if err == nil {
		_, err = os.Stat(r.lock.Path())
	}
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

// probe opens a socket where the plugin library will open its own, which says nothing where it cannot: a path may have
// 107 bytes on Linux and 103 elsewhere (unix(7), sockaddr_un).
func probe(dir string) error {
	name, err := os.MkdirTemp(dir, "plugin")
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil {
		return err
	}
	socket, err := net.Listen("unix", name)
	if err != nil {
		return err
	}
	return socket.Close()
}

func noRoom(err error) error {
	return fmt.Errorf("the embedded AWS cannot open its socket; name a directory in TMPDIR that is there, that you can write, "+
		"and whose path is shorter than 60 letters: %w", err)
}

// close removes the room.
func (r *room) close() error {
	return errors.Join(os.RemoveAll(r.dir), r.lock.Close())
}

// sweepRooms removes the rooms of a directory whose process has died. What cannot be removed costs some room, and nobody's time.
func sweepRooms(base string) {
	locks, _ := filepath.Glob(filepath.Join(base, roomName+"*", roomLock)) // the pattern is well-formed, or nothing is swept
	for _, file := range locks {
		lock := flock.New(file, flock.SetFlag(os.O_RDWR))
		if free, err := lock.TryLock(); err == nil && free {
			_ = os.RemoveAll(filepath.Dir(file))
			_ = lock.Close()
		}
	}
}

// directoryVariable says where the plugin library opens its socket (go-plugin, constants.go).
const directoryVariable = "PLUGIN_UNIX_SOCKET_DIR"

// entering is held while the variable has the directory of one server.
var entering sync.Mutex

// enter makes the plugin library open the socket of the next server in this room, until leave is called.
func (r *room) enter() (leave func(), err error) {
	entering.Lock()
	before, set := os.LookupEnv(directoryVariable)
	if err := os.Setenv(directoryVariable, r.dir); err != nil {
		entering.Unlock()
		return nil, err
	}
	return func() {
		defer entering.Unlock()
		if set {
			_ = os.Setenv(directoryVariable, before) // what could be set before can be set again
		} else {
			_ = os.Unsetenv(directoryVariable)
		}
	}, nil
}
