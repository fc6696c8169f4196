//go:build unix

package engine_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

func TestInterruptsCountsSignals(t *testing.T) {
	t.Parallel()
	signals := make(chan os.Signal)
	counts := make(chan int, 2)
	ctx, kill, stop := engine.Interrupts(t.Context(), signals, func(n int) { counts <- n })
	defer stop()

	signals <- os.Interrupt
	<-ctx.Done()
	select {
	case <-kill:
		t.Fatal("the first signal ends runs at once")
	default:
	}
	signals <- os.Interrupt
	<-kill
	if diff := cmp.Diff([]int{1, 2}, []int{<-counts, <-counts}); diff != "" {
		t.Errorf("notified (-want +got):\n%s", diff)
	}
}

func TestInterruptsStopWithoutSignal(t *testing.T) {
	t.Parallel()
	ctx, _, stop := engine.Interrupts(t.Context(), make(chan os.Signal), nil)
	stop()
	stop()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("after stop the context is %v", ctx.Err())
	}
}

// applying starts an apply of the fake engine, and cancels its context once a resource is being created.
func applying(t *testing.T, scenario string, kill <-chan struct{}) (fake, <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := newFake(t, scenario, "", func(o *engine.Options) {
		o.Kill = kill
		o.Sink = func(e engine.Event) {
			if e.Type == engine.EventApplyStart {
				cancel()
			}
		}
	})
	plan := mustPlan(t, s.Stack, engine.PlanOptions{})
	done := make(chan error, 1)
	go func() {
		_, err := s.Apply(ctx, plan)
		done <- err
	}()
	return s, done
}

func TestFirstInterruptIsSentOnceAndWaitedFor(t *testing.T) {
	t.Parallel()
	s, done := applying(t, "apply-orderly", nil)
	err := <-done
	wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.interrupted", Why: "stopped in order"})
	if list := diagnostic.From(err); len(list) != 1 {
		t.Errorf("findings %v; want no word on what was asked for", list)
	}
	if !errors.Is(err, context.Canceled) || diagnostic.Exit(err) != diagnostic.ExitInterrupted {
		t.Errorf("error %v with exit %d; want context.Canceled and 130", err, diagnostic.Exit(err))
	}
	if diff := cmp.Diff([]string{"1"}, s.lines(t, "signals ")); diff != "" {
		t.Errorf("signals that reached the engine (-want +got):\n%s", diff)
	}
}

func TestSecondInterruptEndsAStubbornEngine(t *testing.T) {
	t.Parallel()
	kill := make(chan struct{})
	s, done := applying(t, "apply-stubborn", kill)
	waitFor(t, "the first interrupt to arrive", func() bool { return len(s.lines(t, "interrupt")) == 1 })
	select {
	case err := <-done:
		t.Fatalf("the stubborn engine ended at the first interrupt: %v", err)
	default:
	}
	close(kill)
	select {
	case err := <-done:
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.interrupted", Why: "ended at once"})
	case <-time.After(20 * time.Second):
		t.Fatal("the engine still runs 20 s after the second interrupt")
	}
	wantGone(t, s.log)
}

func TestNoProcessAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := newFake(t, "good", "", nil)
	_, err := s.Plan(ctx, engine.PlanOptions{})
	wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.interrupted"})
	if ran := s.lines(t, "args "); len(ran) != 0 {
		t.Errorf("processes ran: %v", ran)
	}
}

// TestEngineStopsWithItsParent: it is interrupted, so that it saves what it has made, and its events stay.
func TestEngineStopsWithItsParent(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: only Linux interrupts a child with its parent")
	}
	deployment := t.TempDir()
	log := deployment + "/log"
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(path)
	parent.Env = append(os.Environ(), parentVariable+"="+deployment, fakeVariable+"=apply-orderly", logVariable+"="+log)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the engine to start", func() bool { return len(logLines(t, log, "pid ")) == 1 })
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // it was killed
	wantGone(t, log)
	if len(logLines(t, log, "interrupt")) == 0 {
		t.Error("no interrupt has reached the engine")
	}
	journal, err := os.ReadFile(deployment + "/.coderaws/sandbox/eu-west-1/run/cloud.journal")
	if err != nil || !strings.Contains(string(journal), "operation canceled") {
		t.Errorf("the journal ends before the engine did: %q, %v", journal, err)
	}
}

// TestHangup: a terminal that is closed sends hangups, as often as it likes, and all of them are the first interrupt.
func TestHangup(t *testing.T) {
	t.Parallel()
	signals := make(chan os.Signal)
	ctx, kill, stop := engine.Interrupts(t.Context(), signals, nil)
	defer stop()
	for range 3 {
		signals <- syscall.SIGHUP
	}
	<-ctx.Done()
	select {
	case <-kill:
		t.Fatal("a second hangup ends runs at once")
	default:
	}
	signals <- os.Interrupt
	<-kill
}

// wantGone waits until the fake engine that recorded its number is no more.
func wantGone(t *testing.T, log string) {
	t.Helper()
	pids := logLines(t, log, "pid ")
	if len(pids) != 1 {
		t.Fatalf("%d engines on record, want 1", len(pids))
	}
	pid, err := strconv.Atoi(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the engine to end", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || isZombie(pid) })
}

// isZombie tells an ended process that nobody has waited for yet (an orphan's new parent may take its time).
func isZombie(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	for i := len(text) - 1; i > 1; i-- {
		if text[i] == ')' {
			return i+2 < len(text) && text[i+2] == 'Z'
		}
	}
	return false
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited 20 s for %s", what)
}
