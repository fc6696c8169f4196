package main

import (
	"bytes"
	"context"
	"time"

	"coderaws/internal/proof/awsproxy"

	"github.com/rogpeppe/go-internal/testscript"
)

// emulatedAccount starts an empty account that moto_server plays, and points the program to it.
func emulatedAccount(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) > 0 {
		ts.Fatalf("usage: emulatedaccount")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var log bytes.Buffer
	server, err := awsproxy.Start(ctx, "127.0.0.1:0", &log)
	if err != nil {
		ts.Fatalf("%v\n%s", err, log.String())
	}
	ts.Defer(func() { ts.Check(server.Close()) })
	ts.Setenv("AWS_ENDPOINT_URL", server.URL)
	ts.Setenv("AWS_ACCESS_KEY_ID", "AKIATESTER")
	ts.Setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
	ts.Setenv("AWS_MAX_ATTEMPTS", "1")
}
