//go:build unix

package e2e_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startPostgres starts a PostgreSQL with an empty database on the loopback interface, ends it with the test, and
// returns its URL. It skips the test where there is none.
func startPostgres(t *testing.T) string {
	t.Helper()
	postgres := findPostgres("postgres")
	initdb := findPostgres("initdb")
	if postgres == "" || initdb == "" {
		t.Skip("SKIPPED: this test takes PostgreSQL 13 or later, and there is none on PATH or in /usr/lib/postgresql")
	}
	// PostgreSQL does not run as root, and t.TempDir cannot be entered by anybody else.
	data, err := os.MkdirTemp("", "coderaws-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	credential := unprivileged(t, data)
	run := func(input, program string, arguments ...string) {
		t.Helper()
		command := exec.CommandContext(t.Context(), program, arguments...)
		command.Dir, command.Stdin, command.SysProcAttr = data, strings.NewReader(input), &syscall.SysProcAttr{Credential: credential}
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", program, err, output)
		}
	}
	cluster := filepath.Join(data, "cluster")
	run("", initdb, "--pgdata", cluster, "--username", "coder", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync")
	run("CREATE DATABASE coder;\n", postgres, "--single", "-D", cluster, "postgres")

	port := freePort(t)
	server := exec.Command(postgres, "-D", cluster, "-h", "127.0.0.1", "-p", strconv.Itoa(port),
		"-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "logging_collector=off")
	server.Dir, server.SysProcAttr = data, &syscall.SysProcAttr{Credential: credential}
	started := &process{command: server}
	started.start(t)
	t.Cleanup(func() { started.stop(t, syscall.SIGINT) })
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	until(t, started, 30*time.Second, "PostgreSQL listens", func() bool {
		connection, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	})
	return fmt.Sprintf("postgres://coder@%s/coder?sslmode=disable", address)
}

// findPostgres finds a program of PostgreSQL on PATH, or the newest where Debian has them; "" if there is none.
func findPostgres(name string) string {
	if file, err := exec.LookPath(name); err == nil {
		if file, err = filepath.EvalSymlinks(file); err == nil {
			return file
		}
	}
	files, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(files) == 0 {
		return ""
	}
	slices.Sort(files)
	return files[len(files)-1]
}

// unprivileged gives dir to somebody who is not root, and returns who that is; nil for this process's own user.
func unprivileged(t *testing.T, dir string) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		somebody, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(somebody.Uid, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		gid, err := strconv.ParseUint(somebody.Gid, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Skip("SKIPPED: PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
	return nil
}
