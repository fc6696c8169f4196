package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// memoryBound is what coderaws itself may use in any command: 250 MiB, in bytes.
const memoryBound = 250 << 20

// bound is a command that has a longest time.
type bound struct {
	// name is how the command is shown.
	name string
	// args are its arguments; $DIR stands for the directory of a new deployment.
	args []string
	// pattern is that of the deployment that the command needs; "" if it needs none.
	pattern string
	// engine tells whether it runs Terraform or OpenTofu.
	engine  bool
	longest time.Duration
}

// bounds are those that the design asks for, on two cores.
func bounds(pattern string) []bound {
	return []bound{
		{"`coderaws --help`", []string{"--help"}, "", false, 50 * time.Millisecond},
		{"`coderaws check`", []string{"check", "$DIR"}, pattern, false, 500 * time.Millisecond},
		{"`coderaws plan`", []string{"plan", "$DIR", "--target", "sandbox"}, pattern, true, 3 * time.Second},
		{"`coderaws rehearse " + pattern + "`", []string{"rehearse", pattern}, "", true, 12 * time.Second},
	}
}

// result is what was measured of one command.
type result struct {
	bound
	median, worst time.Duration
	// processor is the median time that all processors spent on it, Terraform included.
	processor time.Duration
	// memory is the most that coderaws itself had resident in any run, in bytes; 0 where that cannot be known.
	memory int64
}

func (r result) within() bool { return r.median <= r.longest && r.memory <= memoryBound }

// measure runs the command, each time as a new process on a new deployment.
func (b bound) measure(ctx context.Context, program program, scratch string, runs int) (result, error) {
	out := result{bound: b}
	var times, processor []time.Duration
	for n := range runs {
		dir := filepath.Join(scratch, fmt.Sprintf("%s-%d", b.args[0], n))
		if b.pattern != "" {
			made := program.command(ctx, "init", dir, "--pattern", b.pattern, "--domain", "coder.example.com")
			if text, err := made.CombinedOutput(); err != nil {
				return result{}, fmt.Errorf("%s: %w\n%s", strings.Join(made.Args, " "), err, text)
			}
		}
		args := slices.Clone(b.args)
		for i, arg := range args {
			args[i] = strings.ReplaceAll(arg, "$DIR", dir)
		}
		once, err := observe(program.command(ctx, args...))
		if err != nil {
			return result{}, err
		}
		times, processor = append(times, once.wall), append(processor, once.processor)
		out.memory = max(out.memory, once.memory)
	}
	slices.Sort(times)
	slices.Sort(processor)
	out.median, out.worst, out.processor = times[runs/2], times[runs-1], processor[runs/2]
	return out, nil
}

// observation is what one run of a command cost.
type observation struct {
	wall, processor time.Duration
	memory          int64
}

// observe runs the command, which has to succeed.
func observe(cmd *exec.Cmd) (observation, error) {
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return observation{}, err
	}
	done, peak := make(chan struct{}), make(chan int64)
	go func() { peak <- watch(cmd.Process.Pid, done) }()
	err := cmd.Wait()
	wall := time.Since(begun)
	close(done)
	memory := <-peak
	if err != nil {
		return observation{}, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, text.Bytes())
	}
	return observation{wall: wall, processor: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), memory: memory}, nil
}

// watch reads the peak of a process's resident memory until done. What wait4 tells would not do: it is the largest of the
// process and all that it waited for, which is Terraform's. The kernel keeps the peak, so that nothing between
// two readings is missed, except what comes after the last. Only Linux tells it in this way; elsewhere the result is 0.
func watch(pid int, done <-chan struct{}) (peak int64) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
			if now, err := field(string(status), "VmHWM"); err == nil {
				peak = max(peak, now)
			}
		}
		select {
		case <-done:
			return peak
		case <-tick.C:
		}
	}
}

// field reads a value in kB from a file of /proc, and gives it in bytes.
func field(text, name string) (int64, error) {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New(name + " is not there")
}
