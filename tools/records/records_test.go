package records

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "facts.json.gz")
	d := Document{Head: `{"of":{`, Tail: "}}", Members: []Member{
		{Name: "source", Record: map[string]any{"b": "<5%", "a": json.Number("1.50")}},
		{Name: "types", Section: map[string]any{"m2": 2, "m10": json.RawMessage(`{ "n": 1 }`)}},
		{Name: "none", Section: map[string]any{}},
	}}
	if err := Write(file, d); err != nil {
		t.Fatal(err)
	}
	const want = `{"of":{
"source":{"a":1.50,"b":"<5%"},
"types":{
"m10":{"n":1},
"m2":2
},
"none":{
}
}}
`
	if got := read(t, file); got != want {
		t.Errorf("%s", got)
	}
	d.Tail = "}"
	if err := Write(file, d); err == nil {
		t.Error("what is no JSON was written")
	}
	if got := read(t, file); got != want {
		t.Errorf("the file was changed by a write that failed: %s", got)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
