package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// fakeNodes is an EC2 that knows one node, and a Session Manager that opens sessions to it. Calls are written into the file sessions; where
// a file refusal exists, its text is the error code with which sessions are refused.
func fakeNodes(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 2 {
		ts.Fatalf("usage: fakenodes ID GROUP")
	}
	record, refusal := ts.MkAbs("sessions"), ts.MkAbs("refusal")
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		action, isSession := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSSM.")
		if !isSession {
			fmt.Fprintf(w, "<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>%s</instanceId><tagSet><item>"+
				"<key>eks:nodegroup-name</key><value>%s</value></item></tagSet></item></instancesSet></item></reservationSet>"+
				"</DescribeInstancesResponse>", args[0], args[1])
			return
		}
		var body struct{ Target, SessionID string }
		_ = json.NewDecoder(r.Body).Decode(&body) // what cannot be read names no session
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if code, err := os.ReadFile(refusal); err == nil {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"__type": %q, "message": "%s is refused"}`, strings.TrimSpace(string(code)), body.Target)
			return
		}
		file, err := os.OpenFile(record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, _ = fmt.Fprintln(file, action, body.Target+body.SessionID)
			_ = file.Close()
		}
		fmt.Fprint(w, `{"SessionId": "tester-1", "StreamUrl": "wss://stream.invalid", "TokenValue": "a-token"}`)
	}))
	ts.Defer(server.Close)
	ts.Setenv("AWS_ENDPOINT_URL_EC2", server.URL)
	ts.Setenv("AWS_ENDPOINT_URL_SSM", server.URL)
}
