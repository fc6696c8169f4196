package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/facts"
	"coderaws/internal/linked"

	"github.com/spf13/cobra"
)

// VersionResult are the versions of this program and of what it works with. Its JSON form only grows.
type VersionResult struct {
	Coderaws       string `json:"coderaws"`
	Engine         string `json:"engine"`
	EnginePath     string `json:"engine_path"`
	EngineVersion  string `json:"engine_version"`
	ProviderSchema string `json:"provider_schema"`
}

// Versions finds the versions of this program and of what it works with. Of an engine that is not there nothing is said.
func Versions(ctx context.Context, deps *Deps) *VersionResult {
	binary, err := deps.engine(ctx)
	if err != nil {
		binary = engine.Binary{}
	}
	return &VersionResult{
		Coderaws: version(), Engine: string(binary.Product), EngineVersion: binary.Version, EnginePath: binary.Path,
		ProviderSchema: "hashicorp/aws " + facts.AWSProviderVersion,
	}
}

func (sh *shell) versionCommand() *cobra.Command {
	var known, bill, notices bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the versions of this program and of what it works with",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case known && bill || bill && notices || notices && known:
				return usageError("version shows one thing at a time", "write one of --facts, --sbom and --notices")
			case known:
				return present(sh, Facts(sh.deps()), nil, printFacts)
			case bill:
				text, err := Bill()
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(sh.Stdout, "%s\n", text)
				return err
			case notices:
				return present(sh, &NoticesResult{linked.Notices()}, nil, func(w io.Writer, result *NoticesResult) error {
					_, err := io.WriteString(w, result.Notices)
					return err
				})
			}
			return present(sh, Versions(cmd.Context(), sh.deps()), nil, printVersions)
		},
	}
	cmd.Flags().BoolVar(&bill, "sbom", false, "write a bill of materials of the program, in the JSON form of CycloneDX 1.6")
	cmd.Flags().BoolVar(&notices, "notices", false, "write the notices and licences of all that is linked into the program")
	cmd.Flags().BoolVar(&known, "facts", false,
		"show the data that the program carries: as of when it is, until when it is good, and how it is made again")
	return cmd
}

// NoticesResult are the notices and licences of what is linked into this program. Its JSON form only grows.
type NoticesResult struct {
	Notices string `json:"notices"`
}

// Bill is the bill of materials of this program, by what Go has written into it.
func Bill() ([]byte, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		d := diagnostic.Errorf("this program does not say what is linked into it")
		d.Code, d.Why = "version.no_build_info", "it was built without Go's modules"
		d.Todo = "build it with `make build`, or take a released program"
		return nil, d
	}
	return linked.Bill(info, version())
}

func printVersions(w io.Writer, v *VersionResult) error {
	found := "none found"
	if v.Engine != "" {
		found = fmt.Sprintf("%s %s (%s)", v.Engine, v.EngineVersion, v.EnginePath)
	}
	return table(w, [][]string{{"coderaws", v.Coderaws}, {"engine", found}, {"embedded AWS", "schema of " + v.ProviderSchema}})
}

// FactsResult are the data sets that the program carries, with their age. Its JSON form only grows.
type FactsResult struct {
	Facts []Fact `json:"facts"`
}

// Fact is one data set.
type Fact struct {
	facts.Set
	State string `json:"state"`
}

// Facts lists the data sets that the program carries.
func Facts(deps *Deps) *FactsResult {
	result := &FactsResult{Facts: []Fact{}}
	for _, set := range facts.Sets() {
		result.Facts = append(result.Facts, Fact{set, set.State(deps.Now())})
	}
	return result
}

func printFacts(w io.Writer, result *FactsResult) error {
	rows := [][]string{{"facts", "as of", "good until", "state", "what"}}
	var b strings.Builder
	for _, set := range result.Facts {
		rows = append(rows, []string{string(set.Name), set.AsOf, set.GoodUntil, set.State, set.What})
		fmt.Fprintf(&b, "\n%s\n  source  %s\n  remade  %s\n", set.Name, wrap(set.Source, 110, "          "), wrap(set.Remake, 110, "          "))
	}
	if err := table(w, rows); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}
