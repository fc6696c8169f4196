package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"

	"coderaws/tools/records"
)

// object is a record as it stands in the table, which has more in it than this tool knows.
type object = map[string]any

// table is what the file holds.
type table struct {
	Source    object            `json:"source"`
	Instances map[string]object `json:"instances"`
}

// read reads a table; numbers stay as they are written.
func read(file string) (*table, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was read
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	decoder := json.NewDecoder(unzipped)
	decoder.UseNumber()
	t := &table{}
	if err := decoder.Decode(t); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

// write writes it in the form in which package facts finds single records.
func (t *table) write(file string) error {
	section := map[string]any{}
	for name, record := range t.Instances {
		section[name] = record
	}
	return records.Write(file, records.Document{Head: "{", Tail: "}",
		Members: []records.Member{{Name: "source", Record: t.Source}, {Name: "instances", Section: section}}})
}

// take notes what a region offers. What it does not offer any more loses the region; a type that no region offers stays, as AWS keeps types
// for those who have them.
func (t *table) take(region string, there map[string]offer, date string) {
	for name, record := range t.Instances {
		if _, offered := there[name]; !offered {
			if regions, ok := record["regions"].(object); ok {
				delete(regions, region)
			}
		}
	}
	for name, offered := range there {
		record := t.Instances[name]
		if record == nil {
			record = object{"regions": object{}}
			t.Instances[name] = record
		}
		for field, value := range offered.sizes {
			record[field] = value
		}
		in(in(record, "regions"), region)["zone_ids"] = offered.zoneIDs
	}
	in(t.Source, "sizes_zones_asked")[region] = date
}

// in is an object inside of another one, made if it is not there.
func in(outer object, name string) object {
	inner, ok := outer[name].(object)
	if !ok {
		inner = object{}
		outer[name] = inner
	}
	return inner
}
