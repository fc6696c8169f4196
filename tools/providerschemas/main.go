// Command providerschemas takes the schema of a Terraform provider from the provider itself into a file that the program carries:
//
//	go run ./tools/providerschemas -provider hashicorp/helm -version 3.1.1 -o internal/facts/hashicorp-helm-3.1.1.json
//
// It needs Terraform or OpenTofu, which CODERAWS_TERRAFORM may name, and a network, or a filesystem mirror of providers that holds the
// version, which CODERAWS_PROVIDER_MIRROR names; no account. A file that ends in .gz has a record to a line, as package facts reads it.
//
// The schema is that of `terraform providers schema -json` without what the program does not read, such as descriptions, and
// without the types of leftOut. To go on to another version, its number in internal/facts/data.go and the name of the file change first;
// with -released, the day of its release goes into the table of facts.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"coderaws/internal/atomicfile"
	"coderaws/tools/asof"
	"coderaws/tools/records"
)

// set is the row of the schemas in the table of facts.
const set = "ProviderSchemas"

// order says what is taken from where, and where it goes.
type order struct {
	// provider has no host, such as hashicorp/aws.
	provider, version string
	// engine is the program, and mirror a directory; "" for the registry.
	engine, mirror string
	file           string
	// released is the day of the release, as 2006-01-02, and table the table of facts; with "" it stays as it is.
	released, table string
}

func main() {
	var o order
	flag.StringVar(&o.provider, "provider", "", "the provider, such as hashicorp/aws")
	flag.StringVar(&o.version, "version", "", "its version")
	flag.StringVar(&o.file, "o", "", "the file that is written")
	flag.StringVar(&o.released, "released", "", "the day of the release, such as 2026-11-01, for the table of facts")
	flag.StringVar(&o.table, "table", asof.Table, "the table of facts")
	flag.Parse()
	o.engine, o.mirror = os.Getenv("CODERAWS_TERRAFORM"), os.Getenv("CODERAWS_PROVIDER_MIRROR")
	if o.engine == "" {
		o.engine = "terraform"
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "providerschemas:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o order) error {
	if o.provider == "" || o.version == "" || o.file == "" {
		return errors.New("-provider, -version and -o are needed; try -provider hashicorp/helm -version 3.1.1 -o helm.json")
	}
	released, err := time.Parse(time.DateOnly, o.released)
	if o.released != "" && err != nil {
		return fmt.Errorf("-released is the day of the release, such as 2026-11-01: %w", err)
	}
	text, err := o.ask(ctx)
	if err != nil {
		return err
	}
	reduced, err := reduce(text, o.provider)
	if err != nil {
		return err
	}
	if err := write(o.file, reduced); err != nil || o.released == "" {
		return err
	}
	return asof.Set(o.table, set, released)
}

// ask lets the engine fetch the provider into a directory of its own, and ask it for its schema.
func (o order) ask(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "coderaws-schemas-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	files := map[string]string{"main.tf": fmt.Sprintf(`terraform {
  required_providers {
    this = {
      source  = %q
      version = %q
    }
  }
}
`, o.provider, o.version)}
	environ := append(os.Environ(), "CHECKPOINT_DISABLE=1")
	if o.mirror != "" {
		mirror, err := filepath.Abs(o.mirror)
		if err != nil {
			return nil, err
		}
		files["cli.tfrc"] = fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
		environ = append(environ, "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"))
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	var answer bytes.Buffer
	for _, args := range [][]string{{"init", "-input=false", "-no-color"}, {"providers", "schema", "-json", "-no-color"}} {
		var said bytes.Buffer
		answer.Reset()
		cmd := exec.CommandContext(ctx, o.engine, args...)
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, environ, &answer, &said
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("%s %s, for %s %s from %s: %w\n%s", o.engine, strings.Join(args, " "), o.provider, o.version, o.source(), err,
				strings.TrimSpace(said.String()))
		}
	}
	return answer.Bytes(), nil
}

// source is where the provider is looked for, for messages.
func (o order) source() string {
	if o.mirror != "" {
		return "the mirror " + o.mirror
	}
	return "the registry (CODERAWS_PROVIDER_MIRROR can name a mirror that holds it)"
}

// write writes a schema, a record to a line under gzip where the name asks for it.
func write(file string, s provider) error {
	if strings.HasSuffix(file, ".gz") {
		head, err := json.Marshal(s.Address)
		if err != nil {
			return err
		}
		return records.Write(file, records.Document{
			Head: `{"format_version":"1.0","provider_schemas":{` + string(head) + ":{", Tail: "}}}",
			Members: []records.Member{
				{Name: "provider", Record: s.Config}, {Name: "resource_schemas", Section: s.Resources},
				{Name: "data_source_schemas", Section: s.Sources},
			},
		})
	}
	text, err := json.MarshalIndent(map[string]any{
		"format_version": "1.0",
		"provider_schemas": map[string]any{s.Address: map[string]any{
			"provider": s.Config, "resource_schemas": s.Resources, "data_source_schemas": s.Sources,
		}},
	}, "", " ")
	if err != nil {
		return err
	}
	return atomicfile.Write(file, append(text, '\n'), 0o644)
}
