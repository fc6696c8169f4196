package schema

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

// Behaviour is what the provider does with a resource type while it plans and which stands in no schema. Paths are dotted, without
// indices: vpc_config.subnet_ids.
type Behaviour struct {
	// Defaults are the values that the provider plans where the configuration has none.
	Defaults map[string]any `json:"defaults"`
	// ComputedBlocks are nested blocks that are known only after apply where the configuration has none.
	ComputedBlocks []string `json:"computed_blocks"`
	// KnownNull are computed attributes that stay null where the configuration has none.
	KnownNull []string `json:"known_null"`
	// RequiresReplace are the arguments whose change replaces the resource.
	RequiresReplace []string `json:"-"`
}

// Behaviours decodes what was measured, by resource type. Types that are not in the map behave as their schema says.
var Behaviours = sync.OnceValues(func() (map[string]*Behaviour, error) {
	var replace struct {
		Types map[string][]string `json:"requires_replace"`
	}
	if err := json.Unmarshal(replaceFile, &replace); err != nil {
		return nil, fmt.Errorf("embedded replacement table: %w", err)
	}
	all := map[string]*Behaviour{}
	for name, paths := range replace.Types {
		all[name] = &Behaviour{RequiresReplace: paths}
	}
	return all, nil
})
