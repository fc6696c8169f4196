package schema

import (
	"encoding/json"
	"fmt"
	"sync"

	"coderaws/internal/facts"
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
	// Texts are arguments that are planned otherwise than they are written, with the way: "json" is compact and sorted, "policy" that with
	// the version first, "lower", "upper", "trimmed" of white space, "undotted" at its end, "lower undotted" both.
	Texts map[string]string `json:"texts"`
	// RequiresReplace are the arguments whose change replaces the resource.
	RequiresReplace []string `json:"-"`
}

// superseded are measured defaults that the embedded schema has no place for, because a later version of the provider gave the
// attribute another type.
var superseded = map[string]string{
	"aws_redshift_cluster": "encrypted", // a boolean as text since version 6
}

// Behaviours decodes what was measured, by resource type. Types that are not in the map behave as their schema says.
var Behaviours = sync.OnceValues(func() (map[string]*Behaviour, error) {
	text, err := unzip(facts.PlanBehaviour())
	if err != nil {
		return nil, fmt.Errorf("embedded table of plan behaviour: %w", err)
	}
	var planning struct {
		Types map[string]*Behaviour `json:"types"`
	}
	if err := json.Unmarshal(text, &planning); err != nil {
		return nil, fmt.Errorf("embedded table of plan behaviour: %w", err)
	}
	for name, path := range superseded {
		delete(planning.Types[name].Defaults, path)
	}
	var replace struct {
		Types map[string][]string `json:"requires_replace"`
	}
	if err := json.NewDecoder(facts.Replacement()).Decode(&replace); err != nil {
		return nil, fmt.Errorf("embedded replacement table: %w", err)
	}
	all := planning.Types
	for name, paths := range replace.Types {
		if all[name] == nil {
			all[name] = &Behaviour{}
		}
		all[name].RequiresReplace = paths
	}
	return all, nil
})
