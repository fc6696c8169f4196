package tunnel

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"testing"
)

// TestMain is the stand-in for AWS's plugin, where the test's own program is started by its name: it takes the same arguments, says the
// same words, and carries connections to where the test says that the VPC is.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == Plugin {
		standIn()
		return
	}
	os.Exit(m.Run())
}

// Variables of the stand-in: where it carries connections to, what becomes of it, and a file for how it was called and how it ended.
const (
	standInTo     = "STAND_IN_TO"
	standInMood   = "STAND_IN_MOOD"
	standInRecord = "STAND_IN_RECORD"
)

// The moods of the stand-in.
const (
	// refuses ends as the plugin does that gets no data channel: with exit status 0.
	refuses = "refuses"
	// dies ends after its first connection.
	dies = "dies"
)

func standIn() {
	record := func(line string) {
		file, err := os.OpenFile(os.Getenv(standInRecord), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err == nil {
			_, _ = fmt.Fprintln(file, line)
			_ = file.Close()
		}
	}
	record(fmt.Sprintf("%q %s", os.Args[1:], os.Getenv(answerVariable)))
	fmt.Printf("\nStarting session with SessionId: tester-1\n")
	mood := os.Getenv(standInMood)
	if mood == refuses {
		fmt.Println("Cannot perform start session: websocket: bad handshake")
		return
	}
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	port := listener.Addr().(*net.TCPAddr).Port
	fmt.Printf("Port %d opened for sessionId tester-1.\nWaiting for connections...\n", port)
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		<-interrupts
		record("interrupted")
		fmt.Println("Terminate signal received, exiting.")
		os.Exit(0)
	}()
	for {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		if mood == dies {
			carryOne(near)
			return
		}
		go carryOne(near)
	}
}

func carryOne(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", os.Getenv(standInTo))
	if err != nil {
		fmt.Println("Connection to destination port failed, check SSM Agent logs.")
		return
	}
	defer far.Close()
	go func() {
		_, _ = io.Copy(far, near)
		shut(far)
	}()
	_, _ = io.Copy(near, far)
}
