package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Registry hosts that the two products put before a provider address without a host, such as hashicorp/aws.
const (
	terraformRegistry = "registry.terraform.io/"
	openTofuRegistry  = "registry.opentofu.org/"
)

// reattachVariable is the environment variable through which both products reach a provider that already runs.
const reattachVariable = "TF_REATTACH_PROVIDERS"

// Endpoint is where a running provider listens.
type Endpoint struct {
	// Network is "unix" or "tcp".
	Network string
	// Address is the socket's path or host:port.
	Address string
	// PID is the process that serves it; it may be this one, the engine never ends it.
	PID int
	// ProtocolVersion is the major version of Terraform's plugin protocol, 5 or 6.
	ProtocolVersion int
}

// Attachment says how to reach running providers.
type Attachment struct {
	// Providers maps a provider's full address, such as registry.terraform.io/hashicorp/aws, to its endpoint.
	Providers map[string]Endpoint
	// Environment holds further variables for the engine's process, such as credentials of the embedded AWS.
	Environment map[string]string
}

// reattachConfig is the form that both products read from TF_REATTACH_PROVIDERS.
type reattachConfig struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	// Test tells the engine that the process is not its own to end.
	Test bool
	Addr reattachAddr
}

type reattachAddr struct{ Network, String string }

// Environ returns the variables (NAME=value, sorted) that make an engine use the providers. Each address of one product's
// registry is given under the other's as well, since the two resolve hashicorp/aws to different hosts.
func (a Attachment) Environ() ([]string, error) {
	env := maps.Clone(a.Environment)
	if env == nil {
		env = map[string]string{}
	}
	if len(a.Providers) > 0 {
		configs := map[string]reattachConfig{}
		for address, e := range a.Providers {
			config := reattachConfig{"grpc", e.ProtocolVersion, e.PID, true, reattachAddr{e.Network, e.Address}}
			for _, alias := range aliases(address) {
				configs[alias] = config
			}
		}
		text, err := json.Marshal(configs)
		if err != nil {
			return nil, fmt.Errorf("encoding the addresses of running providers: %w", err)
		}
		env[reattachVariable] = string(text)
	}
	list := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, name+"="+env[name])
	}
	return list, nil
}

// addresses lists the attached providers' addresses under both hosts, sorted.
func (a Attachment) addresses() []string {
	var list []string
	for address := range a.Providers {
		list = append(list, aliases(address)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func aliases(address string) []string {
	for _, host := range []string{terraformRegistry, openTofuRegistry} {
		if name, ok := strings.CutPrefix(address, host); ok {
			return []string{terraformRegistry + name, openTofuRegistry + name}
		}
	}
	return []string{address}
}
