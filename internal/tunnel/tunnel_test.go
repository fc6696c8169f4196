package tunnel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
)

// inside is the address of what only the VPC reaches.
const inside = "api.internal:443"

// scene is a VPC on the loopback interface: a host in it that sends back what it gets, an AWS, and the stand-in for the plugin.
type scene struct {
	t *testing.T
	// refusals are the error codes with which Session Manager answers about a node; nodes are those that EC2 knows, as ID GROUP.
	refusals map[string]string
	nodes    []string
	// forbidden is the error code with which EC2 answers; "" for none.
	forbidden string
	// hush makes the host close connections without a word.
	hush bool
	// stream is where Session Manager has the plugin open its data channel; "" for nowhere.
	stream string

	mu      sync.Mutex
	started int
	asked   []string
	notices []string
	record  string
	gateway *Gateway
}

func (s *scene) set() *Gateway {
	s.t.Helper()
	host, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = host.Close() })
	go s.serve(host)
	aws := httptest.NewServer(http.HandlerFunc(s.aws))
	s.t.Cleanup(aws.Close)
	s.record = filepath.Join(s.t.TempDir(), "record")
	absent := filepath.Join(s.t.TempDir(), "absent")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "AKIATESTER", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_ENDPOINT_URL": aws.URL, "AWS_MAX_ATTEMPTS": "1",
		standInTo: host.Addr().String(), standInRecord: s.record, standInMood: "",
	} {
		s.t.Setenv(name, value)
	}
	s.install()
	s.gateway = New(Options{Region: "us-east-1", Cluster: "coder", Notice: s.notice, Dial: s.dial})
	s.t.Cleanup(func() {
		if err := s.gateway.Close(); err != nil {
			s.t.Error(err)
		}
	})
	return s.gateway
}

// install puts the stand-in on PATH, alone.
func (s *scene) install() {
	s.t.Helper()
	program, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	bin := s.t.TempDir()
	if err := os.Symlink(program, filepath.Join(bin, Plugin)); err != nil {
		s.t.Skipf("no stand-in for the plugin: %v", err)
	}
	s.t.Setenv("PATH", bin)
}

// serve is the host inside of the VPC.
func (s *scene) serve(host net.Listener) {
	for {
		conn, err := host.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			s.mu.Lock()
			hush := s.hush
			s.mu.Unlock()
			if hush {
				_, _ = conn.Read(make([]byte, 1))
				return
			}
			_, _ = io.Copy(conn, conn)
		}()
	}
}

// dial is a network without a route to the VPC.
func (*scene) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if address == inside {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("i/o timeout")}
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func (s *scene) notice(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notices = append(s.notices, line)
}

// aws answers as EC2 and Systems Manager do: the one in XML, the other in JSON (their API references).
func (s *scene) aws(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target := r.Header.Get("X-Amz-Target")
	if target == "" {
		s.asked = append(s.asked, "DescribeInstances")
		if s.forbidden != "" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Response><Errors><Error><Code>%s</Code><Message>You are not authorized.</Message></Error></Errors></Response>", s.forbidden)
			return
		}
		fmt.Fprint(w, "<DescribeInstancesResponse><reservationSet><item><instancesSet>")
		for _, node := range s.nodes {
			id, group, _ := strings.Cut(node, " ")
			fmt.Fprintf(w, "<item><instanceId>%s</instanceId><tagSet><item><key>%s</key><value>%s</value></item></tagSet></item>", id,
				nodeGroupTag, group)
		}
		fmt.Fprint(w, "</instancesSet></item></reservationSet></DescribeInstancesResponse>")
		return
	}
	var body struct {
		Target, SessionId, DocumentName string
		Parameters                      map[string][]string
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	action := strings.TrimPrefix(target, "AmazonSSM.")
	s.asked = append(s.asked, strings.TrimSpace(fmt.Sprintln(action, body.Target+body.SessionId, strings.Join(body.Parameters["host"], ""))))
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if code := s.refusals[body.Target]; code != "" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type": %q, "message": "%s is refused"}`, code, body.Target)
		return
	}
	if action == "StartSession" {
		s.started++
	}
	fmt.Fprintf(w, `{"SessionId": "tester-%d", "StreamUrl": %q, "TokenValue": "a-token"}`, s.started, s.stream)
}

// said is what was asked or told so far.
func (s *scene) said(list *[]string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(*list)
}

// recorded is what the stand-in wrote down.
func (s *scene) recorded() string {
	text, err := os.ReadFile(s.record)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Fatal(err)
	}
	return string(text)
}

// echo sends a line to the far end, and returns what comes back; "" if nothing does.
func (s *scene) echo(address, line string) string {
	s.t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, line); err != nil {
		return ""
	}
	shut(conn)
	_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	back, _ := io.ReadAll(conn)
	return string(back)
}

// TestDirect: where there is a route, nobody is asked and no plugin is needed.
func TestDirect(t *testing.T) {
	s := &scene{t: t}
	gateway := s.set()
	t.Setenv("PATH", t.TempDir())
	host := os.Getenv(standInTo)
	if local, err := gateway.Way(t.Context(), "the API", host); local != "" || err != nil {
		t.Errorf("the way is %q, %v; want the address itself", local, err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	if local, err := gateway.Way(t.Context(), "the API", closed.Addr().String()); local != "" || err != nil {
		t.Errorf("of a host that refuses connections the way is %q, %v; want the address itself", local, err)
	}
	conn, err := gateway.Dialer("the API")(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if len(s.said(&s.asked)) != 0 {
		t.Errorf("AWS was asked: %v", s.asked)
	}
}

// TestSession: without a route, connections go by a control node, through one session for all, under one address.
func TestSession(t *testing.T) {
	s := &scene{t: t, nodes: []string{"i-1 workspace-1", "i-3 control-2", "i-2 control-1"}}
	gateway := s.set()
	local, err := gateway.Way(t.Context(), "the API", inside)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 5 {
		all.Go(func() {
			line := fmt.Sprintf("line %d", i)
			if got := s.echo(local, line); got != line {
				t.Errorf("%q came back as %q", line, got)
			}
		})
	}
	all.Wait()
	conn, err := gateway.Dialer("the API")(t.Context(), "tcp", inside)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if again, err := gateway.Way(t.Context(), "the API", inside); again != local || err != nil {
		t.Errorf("the second time the way is %q, %v; want %q", again, err, local)
	}
	if got, want := s.said(&s.asked), []string{"DescribeInstances", "StartSession i-2 api.internal"}; !slices.Equal(got, want) {
		t.Errorf("AWS was asked %q, want %q", got, want)
	}
	told := []string{"us-east-1: the API is reached through Session Manager, by node i-2"}
	if got := s.said(&s.notices); !slices.Equal(got, told) {
		t.Errorf("told %q, want %q", got, told)
	}
	arguments, answer, _ := strings.Cut(s.recorded(), "] ")
	for _, want := range []string{answerVariable, `"us-east-1" "StartSession" ""`, `\"host\":[\"api.internal\"]`,
		`\"portNumber\":[\"443\"]`, document, os.Getenv("AWS_ENDPOINT_URL")} {
		if !strings.Contains(arguments, want) {
			t.Errorf("the plugin was called with %s, which lacks %s", arguments, want)
		}
	}
	if strings.Contains(arguments, "a-token") || !strings.Contains(answer, "a-token") {
		t.Errorf("the token is a secret and comes by the environment: %s", s.recorded())
	}

	if err := gateway.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.recorded(), "interrupted") {
		t.Error("the plugin was not interrupted")
	}
	if asked := s.said(&s.asked); asked[len(asked)-1] != "TerminateSession tester-1" {
		t.Errorf("the session was not ended: %q", asked)
	}
	if conn, err := net.Dial("tcp", local); err == nil {
		_ = conn.Close()
		t.Error("the port is still open")
	}
	if _, err := gateway.Way(t.Context(), "the API", inside); !errors.Is(err, errClosed) {
		t.Errorf("after Close the way is %v", err)
	}
}

// TestBroken: a session that ends, or carries nothing any more, is followed by another one under the same address.
func TestBroken(t *testing.T) {
	for _, test := range []struct {
		name string
		hurt func(*scene)
		heal func(*scene)
	}{
		{"the plugin ends", func(*scene) { t.Setenv(standInMood, dies) }, func(*scene) {}},
		{"the far end says nothing any more", func(s *scene) { s.hush = true }, func(s *scene) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.hush = false
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &scene{t: t, nodes: []string{"i-1 control-1"}}
			gateway := s.set()
			test.hurt(s)
			local, err := gateway.Way(t.Context(), "the API", inside)
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv(standInMood, "")
			first := gateway.ways[inside].current
			s.echo(local, "one")
			select {
			case <-first.ended:
			case <-time.After(30 * time.Second):
				t.Fatal("the session goes on")
			}
			test.heal(s)
			if got := s.echo(local, "two"); got != "two" {
				t.Errorf("after the break came back %q", got)
			}
			starts := 0
			for _, asked := range s.said(&s.asked) {
				if strings.HasPrefix(asked, "StartSession") {
					starts++
				}
			}
			if starts != 2 {
				t.Errorf("%d sessions were opened, want 2: %q", starts, s.asked)
			}
			if told := strings.Join(s.said(&s.notices), "\n"); !strings.Contains(told, "the session to the API has ended; opening another one") {
				t.Errorf("nobody was told: %s", told)
			}
		})
	}
}

// TestInterrupted: who is interrupted while he looks for a way leaves nothing behind.
func TestInterrupted(t *testing.T) {
	s := &scene{t: t, nodes: []string{"i-1 control-1"}}
	gateway := s.set()
	ctx, cancel := context.WithCancel(t.Context())
	gateway.options.Dial = func(context.Context, string, string) (net.Conn, error) {
		cancel()
		return nil, errors.New("interrupted")
	}
	if _, err := gateway.Way(ctx, "the API", inside); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if asked := s.said(&s.asked); len(asked) != 0 {
		t.Errorf("AWS was asked all the same: %q", asked)
	}
}

// TestOutlivesInterrupt: an interrupt of the program does not close a way that was found, since Terraform finishes what it has begun.
func TestOutlivesInterrupt(t *testing.T) {
	s := &scene{t: t, nodes: []string{"i-1 control-1"}}
	gateway := s.set()
	ctx, cancel := context.WithCancel(t.Context())
	local, err := gateway.Way(ctx, "the API", inside)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if got := s.echo(local, "still there"); got != "still there" {
		t.Errorf("came back %q", got)
	}
}

// TestNoWay: without any way there is one error, which says what was tried and what to do.
func TestNoWay(t *testing.T) {
	control := []string{"i-1 control-1"}
	for _, test := range []struct {
		name  string
		scene *scene
		mood  string
		bare  bool
		code  string
		why   string
		todo  string
	}{
		{name: "no plugin", scene: &scene{nodes: control}, bare: true,
			code: "tunnel.no_plugin", why: "there is no direct way (dial tcp: i/o timeout)", todo: "install AWS's session-manager-plugin"},
		{name: "no node", scene: &scene{}, code: "tunnel.no_node", why: "no node of the cluster coder runs", todo: "`coderaws status`"},
		{name: "no node is connected", scene: &scene{nodes: control, refusals: map[string]string{"i-1": "TargetNotConnected"}},
			code: "TargetNotConnected", why: "i-1", todo: "nodes need a way to ssm and ssmmessages"},
		{name: "no right to sessions", scene: &scene{nodes: control, refusals: map[string]string{"i-1": "AccessDeniedException"}},
			code: "AccessDeniedException", why: "i-1 is refused",
			todo: "ssm:StartSession on the nodes of the cluster and on the document " + document},
		{name: "no right to look for nodes", scene: &scene{forbidden: "UnauthorizedOperation"},
			code: "UnauthorizedOperation", why: "You are not authorized", todo: "ec2:DescribeInstances"},
		{name: "the plugin gets no channel", scene: &scene{nodes: control}, mood: refuses,
			code: "tunnel.plugin", why: "websocket: bad handshake", todo: "1.2.497 or later"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.scene
			s.t = t
			gateway := s.set()
			t.Setenv(standInMood, test.mood)
			if test.bare {
				t.Setenv("PATH", t.TempDir())
			}
			_, err := gateway.Way(t.Context(), "the Kubernetes API of coder", inside)
			list := diagnostic.From(err)
			if len(list) != 1 {
				t.Fatalf("the error is %v", err)
			}
			d := list[0]
			if d.Summary != "the Kubernetes API of coder is not reached from this machine" || d.Code != test.code ||
				!strings.Contains(d.Why, test.why) || !strings.Contains(d.Todo, test.todo) {
				t.Errorf("%s\n%s\nwhy %s\ntodo %s", d.Code, d.Summary, d.Why, d.Todo)
			}
		})
	}
	t.Run("the second node takes it", func(t *testing.T) {
		s := &scene{t: t, nodes: []string{"i-1 control-1", "i-2 control-1"}, refusals: map[string]string{"i-1": "TargetNotConnected"}}
		local, err := s.set().Way(t.Context(), "the API", inside)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.echo(local, "hello"); got != "hello" {
			t.Errorf("came back %q", got)
		}
	})
}
