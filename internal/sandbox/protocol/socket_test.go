package protocol

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gofrs/flock"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
)

// TestSocketsHaveTheirRoom: a socket is in a directory that nobody else may enter, which ends with it.
func TestSocketsHaveTheirRoom(t *testing.T) {
	t.Parallel()
	var dirs []string
	for range 2 { // the AWS and the Helm provider are served by one process
		running, err := ServePlugin(5, &tf5server.GRPCProviderPlugin{Name: "registry.terraform.io/hashicorp/aws",
			GRPCProvider: func() tfprotov5.ProviderServer { return broken{} }}, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer running.Stop()
		dir := filepath.Dir(running.Address.Path)
		dirs = append(dirs, dir)
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v, %v", dir, info.Mode(), err)
		}
		if matched, err := filepath.Match(roomName+"*", filepath.Base(dir)); err != nil || !matched {
			t.Errorf("the socket is in %s", dir)
		}
		running.Stop()
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%s is left: %v", dir, err)
		}
	}
	if dirs[0] == dirs[1] {
		t.Errorf("two servers share %s", dirs[0])
	}
	if at, set := os.LookupEnv(directoryVariable); set {
		t.Errorf("%s is left as %s", directoryVariable, at)
	}
}

// TestRoomsOfTheDeadAreSwept: a killed run leaves its socket, which the next one removes, and nothing else.
func TestRoomsOfTheDeadAreSwept(t *testing.T) {
	t.Parallel()
	base, err := os.MkdirTemp("", "rooms") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	for _, name := range []string{"dead/lock", "dead/plugin1", "living/lock", "living/plugin1", "beginning/plugin1"} {
		file := filepath.Join(base, roomName+name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(base, "other"), 0o700); err != nil {
		t.Fatal(err)
	}
	holder := flock.New(filepath.Join(base, roomName+"living", roomLock))
	if held, err := holder.TryLock(); err != nil || !held {
		t.Fatalf("the lock of the living: %v, %v", held, err)
	}
	defer holder.Close()
	r, err := openRoom(base)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.close(); err != nil {
			t.Error(err)
		}
	}()
	for name, want := range map[string]bool{roomName + "dead": false, roomName + "living": true, roomName + "beginning": true, "other": true} {
		if _, err := os.Stat(filepath.Join(base, name)); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", name, err == nil, want)
		}
	}
}

// TestRoomsAtOnce: whoever sweeps while others make rooms takes nobody's.
func TestRoomsAtOnce(t *testing.T) {
	base := t.TempDir()
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 50 {
				r, err := openRoom(base)
				if err != nil {
					t.Error(err)
					return
				}
				if err := r.close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
