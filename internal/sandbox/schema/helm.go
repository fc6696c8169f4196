package schema

import (
	"encoding/json"
	"fmt"
	"sync"

	"coderaws/internal/facts"
)

// Helm is the schema of the Helm provider.
type Helm struct {
	// Config is that of the provider block, Release that of the resource helm_release.
	Config, Release *Type
}

// LoadHelm decodes the embedded schema of the Helm provider, once in a process.
var LoadHelm = sync.OnceValues(func() (*Helm, error) {
	var file struct {
		Schemas map[string]struct {
			Provider  json.RawMessage            `json:"provider"`
			Resources map[string]json.RawMessage `json:"resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.NewDecoder(facts.HelmSchema()).Decode(&file); err != nil {
		return nil, fmt.Errorf("embedded schema of the Helm provider: %w", err)
	}
	provider, ok := file.Schemas["registry.terraform.io/hashicorp/helm"]
	if !ok {
		return nil, fmt.Errorf("embedded schema of the Helm provider holds no provider")
	}
	config, err := decode("provider", provider.Provider)
	if err != nil {
		return nil, err
	}
	release, err := decode("helm_release", provider.Resources["helm_release"])
	return &Helm{config, release}, err
})
