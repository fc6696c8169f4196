package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// table is the file that is written; package facts says what its fields mean.
type table struct {
	Provider   string                         `json:"provider"`
	Recorded   string                         `json:"recorded"`
	Reference  string                         `json:"reference"`
	Calls      map[string]map[string][]string `json:"calls"`
	Documented map[string]map[string][]string `json:"documented"`
	Actions    map[string]action              `json:"actions"`
	Resources  map[string]resource            `json:"resources"`

	directory string
	services  map[string]service
}

type action struct {
	On    []string `json:"on,omitempty"`
	Maybe []string `json:"maybe,omitempty"`
	Any   bool     `json:"any,omitempty"`
}

type resource struct {
	ARN    string `json:"arn"`
	Tagged bool   `json:"tagged,omitempty"`
}

// service is what the reference has of one.
type service struct {
	actions   map[string]referenceAction
	resources map[string]referenceResource
}

type referenceAction struct {
	Name          string `json:"name"`
	ResourceTypes []struct {
		Name     string `json:"name"`
		Required bool   `json:"required"`
	} `json:"resourceTypes"`
}

type referenceResource struct {
	Key           string   `json:"key"`
	ARN           string   `json:"arn"`
	ConditionKeys []string `json:"conditionKeys"`
}

func newTable(directory string) *table {
	return &table{
		Calls: map[string]map[string][]string{}, Actions: map[string]action{}, Resources: map[string]resource{},
		directory: directory, services: map[string]service{},
	}
}

// record is what the provider logs of a call. The names are those of OpenTelemetry and of terraform-plugin-log.
type record struct {
	Message    string `json:"@message"`
	Service    string `json:"rpc.service"`
	Method     string `json:"rpc.method"`
	RPC        string `json:"tf_rpc"`
	Type       string `json:"tf_resource_type"`
	DataSource string `json:"tf_data_source_type"`
}

// steps says which operation a change of resources is in the log of a step.
var steps = map[string]string{"apply": "create", "update": "update", "destroy": "delete"}

func (t *table) read(log string) error {
	file, err := os.Open(log)
	if err != nil {
		return err
	}
	defer file.Close()
	step := strings.TrimSuffix(filepath.Base(log), filepath.Ext(log))
	lines := bufio.NewReaderSize(file, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if strings.Contains(line, `"rpc.method"`) {
			var r record
			if json.Unmarshal([]byte(line), &r) == nil && r.Message == "HTTP Request Sent" {
				if err := t.add(step, r); err != nil {
					return err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// add notes a call.
func (t *table) add(step string, r record) error {
	of, operation := r.Type, "read"
	switch {
	case r.DataSource != "":
		of = "data." + r.DataSource
	case r.RPC == "ConfigureProvider":
		of, operation = "provider", "configure"
	case r.RPC == "PlanResourceChange":
		operation = "plan"
	case r.RPC == "ApplyResourceChange":
		operation = steps[step]
	}
	if of == "" || operation == "" {
		return fmt.Errorf("%s:%s is for nothing that is known: %s in the step %q", r.Service, r.Method, r.RPC, step)
	}
	names, err := actionsOf(r.Service, r.Method)
	if err != nil {
		return err
	}
	if t.Calls[of] == nil {
		t.Calls[of] = map[string][]string{}
	}
	for _, name := range names {
		if calls := t.Calls[of][operation]; !slices.Contains(calls, name) {
			t.Calls[of][operation] = slices.Sorted(slices.Values(append(calls, name)))
		}
		if err := t.describe(name); err != nil {
			return err
		}
	}
	return nil
}

// severalTypes is how many types of resources an action is done on that is about few things. Beyond that it is about tags, of whatever has
// some.
const severalTypes = 10

// describe takes what an action is done on from the reference.
func (t *table) describe(name string) error {
	if _, known := t.Actions[name]; known {
		return nil
	}
	prefix, operation, _ := strings.Cut(name, ":")
	s, err := t.service(prefix)
	if err != nil {
		return err
	}
	found, known := s.actions[strings.ToLower(operation)]
	if !known {
		return fmt.Errorf("the reference has no action %s: say in names.go what the operation is called there", name)
	}
	if len(found.ResourceTypes) > severalTypes {
		t.Actions[name] = action{Any: true}
		return nil
	}
	var a action
	for _, on := range found.ResourceTypes {
		key := prefix + ":" + strings.TrimSuffix(on.Name, "/") // the reference ends some of them so, and some not
		of, known := s.resources[strings.ToLower(on.Name)]
		if !known {
			return fmt.Errorf("the reference has no resource type %s, which %s is done on", key, name)
		}
		t.Resources[key] = resource{ARN: of.ARN, Tagged: slices.Contains(of.ConditionKeys, "aws:ResourceTag/${TagKey}")}
		if on.Required {
			a.On = append(a.On, key)
		} else {
			a.Maybe = append(a.Maybe, key)
		}
	}
	t.Actions[name] = a
	return nil
}

func (t *table) service(prefix string) (service, error) {
	if s, read := t.services[prefix]; read {
		return s, nil
	}
	var s service
	var resources map[string]referenceResource
	for file, into := range map[string]any{"actions": &s.actions, "resourceTypes": &resources} {
		text, err := os.ReadFile(filepath.Join(t.directory, file, prefix+".json"))
		if err != nil {
			return s, err
		}
		if err := json.Unmarshal(text, into); err != nil {
			return s, fmt.Errorf("%s of %s: %w", file, prefix, err)
		}
	}
	s.resources = map[string]referenceResource{}
	for _, key := range slices.Sorted(maps.Keys(resources)) {
		s.resources[strings.ToLower(key)] = resources[key]
	}
	t.services[prefix] = s
	return s, nil
}
