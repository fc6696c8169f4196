package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// program is coderaws with an engine.
type program struct {
	path string
	// engine is as CODERAWS_TERRAFORM takes it; "" leaves the choice to coderaws.
	engine string
}

func (p program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, args...)
	if p.engine != "" {
		// How long a name server takes to answer is not the program's doing.
		cmd.Env = append(os.Environ(), "CODERAWS_OFFLINE=1", "CODERAWS_TERRAFORM="+p.engine)
	}
	return cmd
}

// versions are what coderaws says of itself and of the engine that it found.
type versions struct {
	Coderaws       string `json:"coderaws"`
	Engine         string `json:"engine"`
	EngineVersion  string `json:"engine_version"`
	ProviderSchema string `json:"provider_schema"`
}

func (p program) versions(ctx context.Context) (versions, error) {
	out, err := p.command(ctx, "version", "--output", "json").Output()
	if err != nil {
		return versions{}, fmt.Errorf("%s version: %w", p.path, err)
	}
	var v versions
	if err := json.Unmarshal(out, &v); err != nil {
		return versions{}, fmt.Errorf("%s version printed something else than JSON: %w", p.path, err)
	}
	if v.EngineVersion == "" {
		return versions{}, errors.New("there is no Terraform or OpenTofu to measure with; `make tools` builds OpenTofu")
	}
	return v, nil
}
