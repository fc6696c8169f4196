//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/engine"
)

// killsVariable is how many moments of up, and as many of down, are tried at most; without it one of each death. killsOf is the pattern
// whose runs die; killsWithin is how long that may take before no new moment is begun; and killsEngines are the engines, separated by
// commas.
const (
	killsVariable = "CODERAWS_KILLS"
	killsOf       = "CODERAWS_KILLS_OF"
	killsWithin   = "CODERAWS_KILLS_WITHIN"
	killsEngines  = "CODERAWS_KILLS_ENGINES"
)

// deaths are the ways in which a run ends badly. engine is the process that the program started.
var deaths = []struct {
	name string
	kill func(program, engine int) error
}{
	{"kill -9 of the program", func(program, _ int) error { return syscall.Kill(program, syscall.SIGKILL) }},
	{"kill -9 of Terraform", func(_, engine int) error { return syscall.Kill(engine, syscall.SIGKILL) }},
	{"kill -9 of both, as where memory or power is gone", func(program, engine int) error {
		if err := syscall.Kill(engine, syscall.SIGKILL); err != nil {
			return err
		}
		return syscall.Kill(program, syscall.SIGKILL)
	}},
	{"SIGHUP, as of a terminal that is closed", func(program, _ int) error { return syscall.Kill(program, syscall.SIGHUP) }},
	{"SIGQUIT", func(program, _ int) error { return syscall.Kill(program, syscall.SIGQUIT) }},
}

// killed is a deployment of whose runs some are killed.
type killed struct {
	dir     string
	environ []string
	source  []string
}

// newKilled makes a deployment of a pattern, which is in testdata under its own name unless the program carries it.
func newKilled(t *testing.T, pattern, engine string) *killed {
	t.Helper()
	k := &killed{dir: filepath.Join(t.TempDir(), "killed"), environ: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "CODERAWS_TERRAFORM=" + engine, "CODERAWS_CHARTS=" + os.Getenv("CODERAWS_CHARTS"),
	}}
	if source, err := filepath.Abs(filepath.Join("testdata", pattern)); err != nil {
		t.Fatal(err)
	} else if _, err := os.Stat(source); err == nil {
		k.source = []string{"--source", source}
	}
	if text, err := k.command("init", k.dir, "--pattern", pattern, "--domain", "coder.example.com").CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, text)
	}
	return k
}

func (k *killed) command(args ...string) *exec.Cmd {
	cmd := exec.Command("coderaws", append(slices.Clone(k.source), args...)...)
	cmd.Env, cmd.SysProcAttr = k.environ, &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// verb is the command line of up or down; down loses everything that holds data.
func (k *killed) verb(name string) []string {
	args := []string{name, k.dir, "--yes"}
	if name == "down" {
		for _, address := range []string{
			"helm_release.foundation", "module.database[0].aws_rds_cluster.this", "aws_secretsmanager_secret.token", "aws_rds_cluster.this",
		} {
			args = append(args, "--delete-data", address)
		}
	}
	return args
}

// run runs a verb to its end.
func (k *killed) run(name string) error {
	if text, err := k.command(k.verb(name)...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, text)
	}
	return nil
}

// journal counts the events of the apply that is at work.
func (k *killed) journal() int {
	text, err := os.ReadFile(filepath.Join(k.dir, ".coderaws", "sandbox", "us-east-1", "run", "cloud.journal"))
	if err != nil {
		return 0
	}
	return bytes.Count(text, []byte("\n"))
}

// die runs a verb, and lets it die when its journal has as many events. It tells whether it died of that.
func (k *killed) die(t *testing.T, verb string, events int, later time.Duration, kill func(program, engine int) error) bool {
	t.Helper()
	return k.dieWhen(t, verb, func() bool { return k.journal() >= events }, later, kill)
}

// dieWhen is die at the moment at which something is so.
func (k *killed) dieWhen(t *testing.T, verb string, is func() bool, later time.Duration, kill func(program, engine int) error) bool {
	t.Helper()
	cmd := k.command(k.verb(verb)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	for !is() {
		select {
		case <-ended:
			return false // it was over before
		case <-time.After(time.Millisecond):
		}
	}
	time.Sleep(later)
	for {
		// Between two engines there is none for a moment.
		if engine := childOf(cmd.Process.Pid, engineName); engine != 0 && kill(cmd.Process.Pid, engine) == nil {
			<-ended
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(time.Millisecond):
		}
	}
}

// programName is that of the processes of the program itself, and engineName that of the engines.
func programName(name string) bool { return name == "coderaws" }
func engineName(name string) bool  { return !programName(name) }

// childOf finds the process of a name that another has started; 0 if there is none.
func childOf(parent int, named func(string) bool) int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "stat"))
		if err != nil {
			continue
		}
		// The name, in parentheses, may hold anything; the parent is the second field after it (proc_pid_stat(5)).
		end := bytes.LastIndexByte(text, ')')
		fields := strings.Fields(string(text[end+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) && named(string(text[bytes.IndexByte(text, '(')+1:end])) {
			return pid
		}
	}
	return 0
}

// world lists what is in the sandbox, each thing by all that is no accident of when it was made. What is kept on purpose is left out.
func (k *killed) world() ([]string, error) {
	text, err := os.ReadFile(filepath.Join(k.dir, ".coderaws", "sandbox", "world.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var world struct {
		Resources map[string]struct {
			Type, Region string
			Kept         bool
			Owner        string
			Attributes   map[string]any
		}
	}
	if err := json.Unmarshal(text, &world); err != nil {
		return nil, err
	}
	keys := map[any]bool{} // those that nothing needs but what is kept
	for _, kept := range []bool{true, false} {
		for _, r := range world.Resources {
			if key := r.Attributes["kms_key_id"]; key != nil && r.Kept == kept {
				keys[key] = kept
			}
		}
	}
	var list []string
	for _, r := range world.Resources {
		// A key stays with the snapshot that needs it, and its policy with the key.
		owner := world.Resources[r.Owner]
		if r.Kept || r.Type == "aws_kms_key" && keys[r.Attributes["arn"]] || owner.Type == "aws_kms_key" && keys[owner.Attributes["arn"]] {
			continue
		}
		line := r.Type + " " + r.Region
		for _, name := range []string{
			"name", "cidr_block", "cidr_ipv4", "from_port", "destination_cidr_block", "availability_zone", "cluster_identifier", "identifier",
			"description", "tags",
		} {
			if value := r.Attributes[name]; value != nil {
				line += fmt.Sprintf(" %s=%s", name, byChance.ReplaceAllString(fmt.Sprint(value), "*"))
			}
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return list, nil
}

// byChance is the part of a name that the provider makes of the time, or AWS of what is another cluster after a down.
var byChance = regexp.MustCompile(`[0-9]{14,}(-[0-9a-f-]{36})?|\brds!cluster-[0-9a-f-]{36}`)

// recovers demands that the next up leads to the world of an undisturbed run, and the next down to nothing.
func (k *killed) recovers(want []string) error {
	if err := k.run("up"); err != nil {
		return err
	}
	got, err := k.world()
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("the world is not that of an undisturbed run (-want +got):\n%s", diff)
	}
	return k.leaves()
}

// leaves demands that down leaves nothing.
func (k *killed) leaves() error {
	if err := k.run("down"); err != nil {
		return err
	}
	if left, err := k.world(); err != nil || len(left) > 0 {
		return fmt.Errorf("down leaves %v, %w", left, err)
	}
	return nil
}

// requireMortalEngine gives an engine whose process can be found and killed.
func requireMortalEngine(t *testing.T) engine.Binary {
	t.Helper()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("SKIPPED: the engine's process is found by /proc, which Linux alone has")
	}
	found := requireEngine(t)
	if found.Path == "" {
		t.Skip("there is neither OpenTofu nor Terraform to kill")
	}
	return found
}

// copy is a deployment in the same condition, of the same name: what a sandbox makes up comes of that.
func (k *killed) copy(t *testing.T) *killed {
	t.Helper()
	other := *k
	other.dir = filepath.Join(t.TempDir(), filepath.Base(k.dir))
	if err := os.CopyFS(other.dir, os.DirFS(k.dir)); err != nil {
		t.Fatal(err)
	}
	return &other
}

// undisturbed is a deployment before and after an up that nothing disturbs, and the world that comes of it.
type undisturbed struct {
	before, after *killed
	world         []string
}

func newUndisturbed(t *testing.T, pattern, engine string) *undisturbed {
	t.Helper()
	before := newKilled(t, pattern, engine)
	after := before.copy(t)
	if err := after.run("up"); err != nil {
		t.Fatal(err)
	}
	world, err := after.world()
	if err != nil || len(world) == 0 {
		t.Fatalf("the undisturbed world has %d resources, %v", len(world), err)
	}
	return &undisturbed{before, after, world}
}

// try lets one run die at a random moment, and demands that the next ones recover. It tells whether the run died.
func (u *undisturbed) try(t *testing.T, verb string, kill func(program, engine int) error,
	random *rand.Rand) (died bool, moment string, err error) {
	t.Helper()
	from := u.before
	if verb == "down" {
		from = u.after
	}
	k := from.copy(t)
	at, later := 1+random.IntN(2*len(u.world)), time.Duration(random.IntN(60))*time.Millisecond
	if died = k.die(t, verb, at, later, kill); !died { // it was over before
		at, later, k = 1, 0, from.copy(t)
		died = k.die(t, verb, at, later, kill)
	}
	defer os.RemoveAll(filepath.Dir(k.dir)) // hundreds of them would fill a disk
	moment = fmt.Sprintf("%s after event %d", later, at)
	if died && verb == "down" && random.IntN(2) == 0 {
		return died, moment, k.leaves()
	}
	if died {
		err = k.recovers(u.world)
	}
	return died, moment, err
}

// campaign is what is tried.
type campaign struct {
	pattern string
	// moments is how many of up are tried, and of down; each kind has its share.
	moments int
	engines []string
	within  time.Duration
	// written means that the table of the pattern is read and written.
	written bool
}

// newCampaign reads what is wanted from the environment.
func newCampaign(t *testing.T, found string) campaign {
	t.Helper()
	text := os.Getenv(killsVariable)
	if text == "" {
		return campaign{mortal, 1, []string{found}, time.Hour, false}
	}
	moments, err := strconv.Atoi(text)
	within, withinErr := time.ParseDuration(os.Getenv(killsWithin))
	if err := errors.Join(err, withinErr); err != nil {
		t.Fatal(err)
	}
	return campaign{os.Getenv(killsOf), moments, strings.Split(os.Getenv(killsEngines), ","), within, true}
}

// TestKills holds that a run may die at any moment, of anything: the next up converges, and the next down leaves nothing. As many moments
// are tried at once as there are processors; they begin in the order of the table, so that all kinds have their turn.
func TestKills(t *testing.T) {
	found := requireMortalEngine(t)
	t.Parallel()
	c := newCampaign(t, found.Path)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	calm := map[string]*undisturbed{}
	for _, path := range c.engines {
		calm[path] = newUndisturbed(t, c.pattern, path)
	}
	table := newKillsTable(c.engines)
	if c.written {
		table.read(reliability(t, c.pattern).table)
	}
	wanted := slices.DeleteFunc(table.moments(c.moments), func(m moment) bool {
		return !c.written && (m.verb == "down") != (m.death == "SIGQUIT") // each death once, for a start
	})
	until := time.Now().Add(c.within)
	moments := make(chan int, len(wanted))
	for i := range wanted {
		moments <- i
	}
	close(moments)
	t.Run("at once", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for i := range moments {
					m := wanted[i]
					if time.Now().After(until) {
						return // what was not tried is not counted
					}
					died, moment, err := calm[m.engine].try(t, m.verb, m.kill, rand.New(rand.NewPCG(seed, uint64(i))))
					if err != nil {
						t.Errorf("%d: %s during %s of %s, %s: %v", i, m.death, m.verb, m.engine, moment, err)
					}
					if died {
						table.count(m, err == nil)
					}
				}
			})
		}
	})
	t.Logf("\n%s%s", table, table.sum())
	if c.written {
		reliability(t, c.pattern).write(t, table.String())
	}
}

// TestDownIsTakenBack: whoever stops a down when the key of the snapshot to come was set aside, and goes on with up, keeps the database and
// its key; whoever goes on with down is told of both.
func TestDownIsTakenBack(t *testing.T) {
	found := requireMortalEngine(t)
	t.Parallel()
	k := newKilled(t, "kept", found.Path)
	if err := k.run("up"); err != nil {
		t.Fatal(err)
	}
	want, err := k.world()
	if err != nil {
		t.Fatal(err)
	}
	setAside := func() bool {
		text, err := os.ReadFile(filepath.Join(k.dir, ".coderaws", "sandbox", "us-east-1", "stacks", "cloud", "terraform.tfstate"))
		var state struct{ Resources []struct{ Type, Name string } }
		return err == nil && json.Unmarshal(text, &state) == nil && len(state.Resources) > 0 &&
			!slices.Contains(state.Resources, struct{ Type, Name string }{"aws_kms_key", "database"})
	}
	both := deaths[2].kill
	for _, stopped := range []string{"once", "once more"} {
		if !k.dieWhen(t, "down", setAside, 0, both) {
			t.Fatal("down did not die")
		}
		if err := k.run("up"); err != nil {
			t.Fatalf("up after a down that was stopped %s: %v", stopped, err)
		}
		if got, err := k.world(); err != nil || !cmp.Equal(want, got) {
			t.Fatalf("the world is not as it was, %v (-want +got):\n%s", err, cmp.Diff(want, got))
		}
		if text, err := k.command("plan", k.dir).CombinedOutput(); err != nil || !strings.Contains(string(text), "no changes") {
			t.Fatalf("a plan after that: %v\n%s", err, text)
		}
	}
	if !k.dieWhen(t, "down", setAside, 0, both) {
		t.Fatal("down did not die")
	}
	text, err := k.command(k.verb("down")...).CombinedOutput()
	if err != nil || !strings.Contains(string(text), "Kept: snapshot kept-final-first, key arn:aws:kms:us-east-1:123456789012:key/") {
		t.Errorf("a down that goes on: %v\n%s", err, text)
	}
	if left, err := k.world(); err != nil || len(left) > 0 {
		t.Errorf("down leaves %v, %v", left, err)
	}
}
