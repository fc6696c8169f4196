package tunnel

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// Plugin is AWS's program that speaks Session Manager's data channel. The AWS CLI looks for it by this name, too.
const Plugin = "session-manager-plugin"

// session is one session of Session Manager, with the plugin that carries it.
type session struct {
	id, node string
	// address is where the plugin listens.
	address string
	client  *ssm.Client
	command *exec.Cmd
	// ended is closed when the plugin has ended, with or without being asked.
	ended chan struct{}
	once  sync.Once
}

const (
	// openLimit bounds how long the plugin takes until it listens: the channel is open within seconds, or not at all.
	openLimit = 30 * time.Second
	// stopLimit is what the plugin gets to say good-bye, before it is killed.
	stopLimit = 3 * time.Second
	// mostSaid bounds what is kept of what the plugin says, in bytes.
	mostSaid = 4 << 10
)

// opened is what the plugin says once it listens on a port of its choice.
var opened = regexp.MustCompile(`Port (\d+) opened for sessionId`)

// run starts the plugin, and returns when it listens.
func (s *session) run(ctx context.Context, plugin string, begun invocation) error {
	s.command = exec.Command(plugin, begun.arguments...)
	s.command.Env = append(s.command.Environ(), begun.environ...)
	s.command.SysProcAttr, s.command.WaitDelay = processAttributes(), stopLimit
	said, writes := io.Pipe()
	s.command.Stdout, s.command.Stderr = writes, writes
	started := make(chan error, 1)
	go func() {
		// The kernel ends the plugin when the thread that started it ends, so that thread must live as long as it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.command.Start()
		started <- err
		if err == nil {
			_ = s.command.Wait() // how it ended is of no interest: what it said is
		}
		_ = writes.Close()
		close(s.ended)
	}()
	if err := <-started; err != nil {
		s.command = nil
		return pluginFailed(err.Error())
	}
	port, words := make(chan string, 1), make(chan string, 1)
	go listen(said, port, words)
	limit := time.NewTimer(openLimit)
	defer limit.Stop()
	select {
	case number := <-port:
		s.address = "localhost:" + number
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		s.close()
		return pluginFailed(fmt.Sprintf("it did not open a port within %s: %s", openLimit, <-words))
	case <-s.ended:
		return pluginFailed(<-words)
	}
}

// listen waits for the port in what the plugin says, and takes the rest, so that it never waits for a reader.
func listen(said io.Reader, port chan<- string, words chan<- string) {
	var kept strings.Builder
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if found := opened.FindStringSubmatch(line); found != nil {
			port <- found[1]
			break
		}
		if line != "" && kept.Len() < mostSaid {
			kept.WriteString(line + " ")
		}
	}
	_, _ = io.Copy(io.Discard, said)
	words <- strings.TrimSpace(kept.String())
}

// over reports whether the plugin has ended.
func (s *session) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// close ends the session, once.
func (s *session) close() {
	s.once.Do(func() {
		if s.command != nil && !s.over() {
			_ = interrupt(s.command.Process)
			timer := time.AfterFunc(stopLimit, func() { _ = s.command.Process.Kill() })
			<-s.ended
			timer.Stop()
		}
		s.terminate()
	})
}
