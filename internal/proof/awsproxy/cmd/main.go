// Command cmd runs moto_server with the proxy of this package in front of it, until it is interrupted, so that Terraform
// can be tried against it by hand:
//
//	go run ./internal/proof/awsproxy/cmd -listen 127.0.0.1:5000
//	AWS_ENDPOINT_URL=http://127.0.0.1:5000 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test terraform apply
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"coderaws/internal/proof/awsproxy"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "awsproxy:", err)
		os.Exit(1)
	}
}

func run() error {
	listen := flag.String("listen", "127.0.0.1:0", "address for AWS calls; port 0 takes a free one")
	verbose := flag.Bool("verbose", false, "show moto_server's log on standard error")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := io.Discard
	if *verbose {
		log = os.Stderr
	}
	ready, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	server, err := awsproxy.Start(ready, *listen, log)
	if err != nil {
		return err
	}
	fmt.Println(server.URL)
	<-ctx.Done()
	return server.Close()
}
