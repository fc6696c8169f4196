// Command measure asks the real AWS provider how it plans a creation of each of its resource types, and writes where that
// differs from what the schema says. The embedded AWS plans by what this writes:
//
//	CODERAWS_PROVIDER_MIRROR=<mirror> go run ./tools/measure -out internal/facts/plan-behaviour-5.100.0.json.gz
//
// It needs no network and no AWS account: nothing is read and nothing is created.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"coderaws/internal/proof/realprovider"
)

// report is the file that is written.
type report struct {
	Source string                             `json:"source"`
	Types  map[string]*realprovider.Behaviour `json:"types"`
	// Failed are the types of which no creation could be planned, with the reason.
	Failed map[string]string `json:"failed"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	out := flag.String("out", "", "file to write, gzipped JSON")
	only := flag.String("types", "", "resource types to measure, separated by commas; empty: all")
	flag.Parse()
	if *out == "" {
		return fmt.Errorf("-out names no file; try: go run ./tools/measure -out plan-behaviour.json.gz")
	}
	_, binary, err := realprovider.Find()
	if err != nil {
		return err
	}
	measurer := &realprovider.Measurer{
		Start: func(ctx context.Context) (*realprovider.Provider, error) {
			return realprovider.StartOffline(ctx, binary)
		},
		Environment: []string{realprovider.OfflineRegion, realprovider.OfflineAccount},
	}
	defer measurer.Close()
	types, err := measurer.Types(ctx)
	if err != nil {
		return err
	}
	if *only != "" {
		types = strings.Split(*only, ",")
	}
	measured, err := measure(ctx, measurer, types)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "measured %d of %d resource types, %d failed\n", len(types)-len(measured.Failed), len(types), len(measured.Failed))
	return write(*out, measured)
}

func measure(ctx context.Context, measurer *realprovider.Measurer, types []string) (*report, error) {
	measured := &report{
		Source: fmt.Sprintf("Measured by tools/measure with registry.terraform.io/hashicorp/aws %s: PlanResourceChange of a creation, "+
			"with nothing set, with what is required, and with one occurrence of every nested block, level by level, "+
			"up to %d attributes. Listed is what differs from: computed and not configured is unknown, everything else is as configured. "+
			"Texts are arguments that are planned otherwise than they are written, each tried with nothing else set. "+
			"Types without an entry do not differ.", realprovider.Version, realprovider.LargestExample),
		Types:  map[string]*realprovider.Behaviour{},
		Failed: map[string]string{},
	}
	for i, name := range types {
		if i%100 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d\n", i, len(types))
		}
		behaviour, err := measurer.Measure(ctx, name)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			measured.Failed[name] = shorten(err.Error())
		case !behaviour.Empty():
			measured.Types[name] = behaviour
		}
	}
	return measured, nil
}

// shorten gives the first line of a reason, at most 200 bytes of it.
func shorten(reason string) string {
	line, _, _ := strings.Cut(reason, "\n")
	if len(line) > 200 {
		line = line[:200]
	}
	return line
}

// write gzips the report without name and time, so that the same measurement gives the same bytes.
func write(path string, r *report) error {
	var buffer bytes.Buffer
	archive, err := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(archive)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("compress the report: %w", err)
	}
	return os.WriteFile(path, buffer.Bytes(), 0o644)
}
