// Command vuln looks for known vulnerabilities in what a Go module calls: it runs govulncheck, of which the path is its first argument,
// with the others. Where the database of these cannot be reached,
// it says so and ends with a status of its own: nothing was looked at then, and that is no good news.
//
// Exit status: 0 if nothing is known, 3 if something is, 4 if the database cannot be reached, 1 if the search failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	// database is that of the Go project, and variable names another one, such as a mirror.
	database = "https://vuln.go.dev"
	variable = "CODERAWS_VULNDB"
	// patience is how long the database has to answer.
	patience = 30 * time.Second
)

const (
	exitFailed      = 1
	exitUnreachable = 4
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr)) }

// run looks at the packages that the arguments name.
func run(ctx context.Context, args, environ []string, results, messages io.Writer) int {
	if len(args) < 2 {
		fmt.Fprintln(messages, "usage: vuln GOVULNCHECK PACKAGE...")
		return exitFailed
	}
	from := database
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, variable+"="); ok && value != "" {
			from = value
		}
	}
	if err := reach(ctx, from); err != nil {
		fmt.Fprintf(messages, "*** NOT PROVEN: the database of known vulnerabilities %s cannot be reached, so that nothing was looked at: %v\n"+
			"    Run this where it can be, or name a mirror of it in %s.\n", from, err, variable)
		return exitUnreachable
	}
	search := exec.CommandContext(ctx, args[0], append([]string{"-db", from}, args[1:]...)...)
	search.Stdout, search.Stderr, search.Env = results, messages, environ
	err := search.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended) && ended.Exited():
		return ended.ExitCode() // 3: something is known
	}
	fmt.Fprintln(messages, "vuln:", err)
	return exitFailed
}

// reach asks the database for the smallest of its files.
func reach(ctx context.Context, from string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from+"/index/db.json.gz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		err = fmt.Errorf("it answers %s", response.Status)
	}
	return errors.Join(err, response.Body.Close())
}
