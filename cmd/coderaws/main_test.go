package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"coderaws"
	"coderaws/internal/boot"
	"coderaws/internal/cli"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/engine"
	"coderaws/internal/statebucket/buckettest"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false,
	"rewrite the expected output in testdata/script; such a run never passes, so look at the difference and run again")

// clockVariable holds how far the clock of the program is from that of the machine, in the tests alone.
const clockVariable = "CODERAWS_TEST_CLOCK"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"coderaws": func() {
		apart, err := time.ParseDuration(os.Getenv(clockVariable))
		if err != nil {
			apart = 0 // a script that has taken its environment away
		}
		os.Exit(int(run(func() time.Time { return time.Now().Add(apart) })))
	}})
}

// TestHelp: the help that is written down is what the commands say.
func TestHelp(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "help"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	code := cli.Run(t.Context(), cli.Process{Args: []string{"--help"}, Environ: []string{"HOME=" + t.TempDir()},
		Stdin: out, Stdout: out, Stderr: out, Signals: signals, Now: time.Now, Random: rand.Reader, Source: coderaws.Source})
	said, err := os.ReadFile(out.Name())
	if err != nil || code != 0 {
		t.Fatalf("--help ended with %d: %s (%v)", code, said, err)
	}
	if string(said) == boot.Help {
		return
	}
	file := filepath.Join("..", "..", "internal", "boot", "help.txt")
	if *update {
		if err := os.WriteFile(file, said, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Errorf("%s is not what the commands say; `go test ./cmd/coderaws -run '^TestHelp$' -update` writes it anew", file)
}

// today is the day that it is in the scripts, unless they set the clock: what the program knows does not age under its tests.
const today = "2026-11-22"

// apart is how far noon of a day is from now.
func apart(day string) (string, error) {
	then, err := time.Parse(time.DateOnly, day)
	return time.Until(then.Add(12 * time.Hour)).String(), err
}

// TestScript holds the command line to its specification: one script in testdata/script for each topic. Those that live through more than
// one deployment, or through a large one, are in testdata/script/long (TestLongScript). Beside testscript's own, the scripts have these
// words:
//
//	exits STATUS PROGRAM [ARGUMENT...]   runs a program, which must end with exactly that status
//	replace FILE OLD NEW                 replaces a text, which must be there, in a file
//	fakeaccount                          sets up credentials of an account that answers on the loopback interface who they belong to, and
//	                                     an S3 for Terraform's state; its index of tags has the ARNs in the file tagged, if that exists
//	bucket add NAME ACCOUNT REGION       makes a bucket in that S3; further: exists NAME, holds NAME KEY, put NAME KEY FILE,
//	                                     get NAME KEY FILE, unset NAME SETTING, refuse CALL CODE, allow
//	fakecoder                            sets up a coderd, the API of its cluster and a Secrets Manager on the loopback interface
//	coder secret ARN VALUE               makes a secret in that Secrets Manager; further: license ARN, provisioner NAME, unprovisioned,
//	                                     broken, mended, owner, oidc, passwordsoff, has TEMPLATE FILE, documented, and shown, which finds
//	                                     a secret in what was printed last or in any file
//	fakenodes ID GROUP                   sets up an EC2 with one node, and a Session Manager that notes its calls in the file sessions
//	emulatedaccount                      sets up an empty account that moto_server plays
//	idof VARIABLE DIR TYPE               sets a variable to the ID of the one resource of that type in a deployment's sandbox
//	waitfor FILE                         waits until a file exists that a program in the background makes
//	clock DAY                            lets the programs that follow start at noon of a day; without it, that is today
//	withpath DIR exits ...               the same, with no other program on PATH than those of DIR
//	[engine]                             there is a Terraform or OpenTofu, whose path is in $ENGINE
//	[charts]                             there are Coder's charts, in $CHARTS
//
// $SOURCE is the source tree, and $SMALL a source with a small stack for --source. Nothing of the caller's environment is seen: no
// credentials, no settings of Terraform.
func TestScript(t *testing.T) { testScripts(t, "testdata/script") }

// TestLongScript runs the scripts that take a processor for half a minute and more; `make test` leaves them out.
func TestLongScript(t *testing.T) { testScripts(t, "testdata/script/long") }

func testScripts(t *testing.T, dir string) {
	t.Helper()
	found := requireEngine(t)
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir() // shared, so that the engine is asked for its version once
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, ".home")
			env.Values[storage{}] = buckettest.New(testAccount)
			env.Values[installed{}] = &fakeInstallation{Server: codertest.New(codertest.Settings{}), secrets: map[string]string{}}
			env.Setenv("HOME", home)
			clock, err := apart(today)
			if err != nil {
				return err
			}
			env.Setenv(clockVariable, clock)
			env.Setenv("XDG_CACHE_HOME", cache)
			env.Setenv("SOURCE", source)
			env.Setenv("CHARTS", os.Getenv("CODERAWS_CHARTS"))
			env.Setenv("SMALL", filepath.Join(source, "cmd", "coderaws", "testdata", "small"))
			env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			if found.Path != "" {
				env.Setenv("ENGINE", found.Path)
				env.Setenv(engine.BinaryVariable, found.Path)
			}
			return os.Mkdir(home, 0o700)
		},
		Condition: func(condition string) (bool, error) {
			switch condition {
			case "engine":
				return found.Path != "", nil
			case "charts":
				return os.Getenv("CODERAWS_CHARTS") != "", nil
			}
			return false, fmt.Errorf("there is no condition %q", condition)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"bucket": bucket, "clock": setClock, "coder": coderWord, "emulatedaccount": emulatedAccount, "exits": exits, "fakeaccount": fakeAccount,
			"fakecoder": fakeCoder, "fakenodes": fakeNodes, "idof": idOf, "replace": replace, "waitfor": waitFor, "withpath": withPath,
		},
	})
	if *update {
		t.Error("the scripts were rewritten where they differed; run again without -update")
	}
}

// requireEngine finds the engine that the program would find, and says so if there is none: much is not tested then.
func requireEngine(t *testing.T) engine.Binary {
	t.Helper()
	found, err := engine.Find(t.Context(), engine.Lookup{
		Environ: os.Environ(), Executable: filepath.Join("..", "..", "coderaws"),
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "NOT TESTED: every command that runs Terraform, because there is neither OpenTofu nor Terraform (%s)\n", t.Name())
	}
	return found
}

// exits runs a program and demands one exit status.
func exits(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: exits status program [argument...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case errors.Is(err, context.DeadlineExceeded):
		ts.Fatalf("timed out: %s", strings.Join(args[1:], " "))
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("%s: exit status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// setClock sets the clock of the programs that follow.
func setClock(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 1 {
		ts.Fatalf("usage: clock day")
	}
	clock, err := apart(args[0])
	ts.Check(err)
	ts.Setenv(clockVariable, clock)
}

// idOf looks an ID up in a sandbox.
func idOf(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 3 {
		ts.Fatalf("usage: idof variable dir type")
	}
	exits(ts, false, []string{"0", "coderaws", "sandbox", "list", args[1], "-o", "json"})
	var list struct {
		Resources []struct{ Type, ID string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &list))
	var found []string
	for _, r := range list.Resources {
		if r.Type == args[2] {
			found = append(found, r.ID)
		}
	}
	if len(found) != 1 {
		ts.Fatalf("%d resources of type %s in the sandbox of %s, want 1", len(found), args[2], args[1])
	}
	ts.Setenv(args[0], found[0])
}

// replace changes every occurrence of a text in a file.
func replace(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 3 {
		ts.Fatalf("usage: replace file old new")
	}
	file := ts.MkAbs(args[0])
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(file, []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

// withPath runs the command that follows with a PATH of one directory, which must not hold the program itself.
func withPath(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 4 || args[1] != "exits" {
		ts.Fatalf("usage: withpath dir exits status program [argument...]")
	}
	program, err := exec.LookPath(args[3])
	ts.Check(err)
	before := ts.Getenv("PATH")
	ts.Setenv("PATH", ts.MkAbs(args[0]))
	defer ts.Setenv("PATH", before)
	exits(ts, false, append([]string{args[2], program}, args[4:]...))
}

// waitFor waits for a file, for half a minute at most.
func waitFor(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 1 {
		ts.Fatalf("usage: waitfor file")
	}
	for range 600 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s did not appear within half a minute", args[0])
}

// fakeAccount serves AWS STS's GetCallerIdentity, in the form that the AWS SDK reads, and points the program to it.
func fakeAccount(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) > 0 {
		ts.Fatalf("usage: fakeaccount")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetResources") {
			tagged(w, ts.MkAbs("tagged"))
			return
		}
		if strings.Contains(r.Header.Get("Authorization"), "AKIAREFUSED") {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code>`+
				`<Message>The security token included in the request is invalid.</Message></Error></ErrorResponse>`)
			return
		}
		fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/tester</Arn>`+
			`<UserId>AIDATESTER</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}))
	ts.Defer(server.Close)
	serveBuckets(ts)
	ts.Setenv("AWS_ENDPOINT_URL_STS", server.URL)
	ts.Setenv("AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API", server.URL)
	ts.Setenv("AWS_ACCESS_KEY_ID", "AKIATESTER")
	ts.Setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
}

// tagged answers what carries the tag of a deployment, as AWS's index of tags does: the ARNs in a file, each on a line.
func tagged(w http.ResponseWriter, file string) {
	type mapping struct{ ResourceARN string }
	list := []mapping{}
	if text, err := os.ReadFile(file); err == nil {
		for arn := range strings.FieldsSeq(string(text)) {
			list = append(list, mapping{arn})
		}
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(map[string]any{"ResourceTagMappingList": list})
}
