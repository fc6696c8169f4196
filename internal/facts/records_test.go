package facts

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadRecords(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       map[string]map[string]string
		fails      bool
	}{
		{name: "a record and two sections",
			text: "{\n\"source\":{\"of\":\"AWS\"},\n\"small\":{\n\"a\":{\"n\":1},\n\"b\":[2]\n},\n\"none\":{\n}\n}\n",
			want: map[string]map[string]string{
				"": {"source": `{"of":"AWS"}`}, "small": {"a": `{"n":1}`, "b": "[2]"}, "none": {},
			}},
		{name: "a record after a section", text: "{\"of\":{\n\"small\":{\n\"a\":1\n},\n\"last\":{}\n}}\n",
			want: map[string]map[string]string{"": {"last": "{}"}, "small": {"a": "1"}}},
		{name: "nothing", text: "{\n}\n", want: map[string]map[string]string{"": {}}},
		{name: "a text over two lines", text: "{\n\"a\n\":1\n}\n", fails: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			var zipped bytes.Buffer
			w := gzip.NewWriter(&zipped)
			_, err := w.Write([]byte(row.text))
			if err != nil || w.Close() != nil {
				t.Fatal(err)
			}
			records, err := readRecords(zipped.Bytes())
			if (err != nil) != row.fails {
				t.Fatalf("error: %v", err)
			}
			if row.fails {
				return
			}
			got := map[string]map[string]string{}
			for section, values := range records {
				got[section] = map[string]string{}
				for name, value := range values {
					got[section][name] = string(value)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	length := instanceFile[len(instanceFile)-4:]
	if _, err := readRecords(append(bytes.Clone(instanceFile[:len(instanceFile)/2]), length...)); err == nil {
		t.Error("half a file was read")
	}
}

// TestInstances decodes all that the table has.
func TestInstances(t *testing.T) {
	names := InstanceNames()
	if len(names) < 900 {
		t.Errorf("%d types of instances", len(names))
	}
	for _, name := range names {
		if kind := Instance(name); kind.VCPU == 0 || kind.MemoryGiB == 0 || len(kind.Architectures) == 0 {
			t.Errorf("%s: %+v", name, kind)
		}
	}
	if Instance("m7i.2xlarg") != nil || InstanceRecord("us-east-1") != nil || InstanceRecord("m7i.2xlarge") == nil {
		t.Error("a type is there that is none, or none that is")
	}
}
