package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/engine"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	resource := engine.Resource{Address: "module.network.aws_vpc.this", Module: "module.network", Type: "aws_vpc", Name: "this"}
	resourceJSON := `{"addr":"module.network.aws_vpc.this","module":"module.network","resource":"aws_vpc.this","implied_provider":"aws","resource_type":"aws_vpc","resource_name":"this","resource_key":null}`
	for name, test := range map[string]struct {
		line string
		want engine.Event
	}{
		"the common head": {
			`{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","@timestamp":"2026-01-02T03:04:05.5Z","type":"version"}`,
			engine.Event{Type: engine.EventVersion, Level: "info", Message: "Terraform 1.11.4", Time: time.Date(2026, 1, 2, 3, 4, 5, 5e8, time.UTC)},
		},
		"a step": {
			`{"type":"apply_complete","hook":{"resource":` + resourceJSON +
				`,"action":"create","id_key":"id","id_value":"vpc-1","elapsed_seconds":3}}`,
			engine.Event{Type: engine.EventApplyComplete, Hook: &engine.Hook{Resource: resource, Action: "create", IDKey: "id",
				IDValue: "vpc-1", ElapsedSeconds: 3}},
		},
		"a planned change": {
			`{"type":"planned_change","change":{"resource":` + resourceJSON + `,"action":"replace","reason":"cannot_update"}}`,
			engine.Event{Type: engine.EventPlannedChange, Change: &engine.Change{Resource: resource, Action: "replace", Reason: "cannot_update"}},
		},
		"a summary": {
			`{"type":"change_summary","changes":{"add":1,"change":2,"import":3,"remove":4,"operation":"plan"}}`,
			engine.Event{Type: engine.EventChangeSummary, Changes: &engine.ChangeSummary{Add: 1, Change: 2, Import: 3, Remove: 4,
				Operation: "plan"}},
		},
		"an event of a later version": {
			`{"type":"action_start","@message":"hello","action":{}}`, engine.Event{Type: "action_start", Message: "hello"},
		},
		"a known event of another shape": {
			`{"type":"apply_start","@message":"x","hook":"later"}`, engine.Event{Type: engine.EventApplyStart, Message: "x"},
		},
		"text":             {`Error: something wrote here`, engine.Event{Type: engine.EventText, Message: "Error: something wrote here"}},
		"half a JSON line": {`{"type":"apply_st`, engine.Event{Type: engine.EventText, Message: `{"type":"apply_st`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.want.Raw = json.RawMessage(test.line)
			var got []engine.Event
			// One byte at a time, with an empty line before and no newline at the end.
			err := engine.Decode(iotest.OneByteReader(strings.NewReader("\n"+test.line)), func(e engine.Event) { got = append(got, e) })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]engine.Event{test.want}, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeReportsTheReadersError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var got []engine.EventType
	input := io.MultiReader(strings.NewReader("{\"type\":\"version\"}\n{\"type\":\"log\"}"), iotest.ErrReader(broken))
	err := engine.Decode(input, func(e engine.Event) { got = append(got, e.Type) })
	if !errors.Is(err, broken) {
		t.Errorf("error %v; want the reader's", err)
	}
	if diff := cmp.Diff([]engine.EventType{engine.EventVersion, engine.EventLog}, got); diff != "" {
		t.Errorf("events before the error (-want +got):\n%s", diff)
	}
}

// FuzzDecode holds that no input panics, that every line that is not blank becomes one event, and that none is lost.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("{\"type\":\"diagnostic\",\"diagnostic\":{\"severity\":\"error\",\"summary\":\"x\",\"range\":null}}\n"))
	f.Add([]byte("{\"type\":\"apply_start\",\"hook\":{\"resource\":{}}}\r\n\n[]\nnull"))
	f.Add([]byte("{\"type\":\"change_summary\",\"changes\":{\"add\":-1}}\n\x00\xff"))
	f.Fuzz(func(t *testing.T, input []byte) {
		var raw [][]byte
		if err := engine.Decode(bytes.NewReader(input), func(e engine.Event) { raw = append(raw, e.Raw) }); err != nil {
			t.Fatal(err)
		}
		var want [][]byte
		for line := range bytes.SplitSeq(input, []byte("\n")) {
			if line = bytes.TrimSpace(line); len(line) > 0 {
				want = append(want, line)
			}
		}
		if diff := cmp.Diff(want, raw); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

// endless is a program that writes no events: so many letters, and then an event.
func endless(letters int64) io.Reader {
	return io.MultiReader(io.LimitReader(repeated('x'), letters), strings.NewReader("\n"+`{"type":"version","@message":"after"}`+"\n"))
}

type repeated byte

func (r repeated) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(r)
	}
	return len(b), nil
}

// TestDecodeBoundsALine: a line that is no event takes no memory, ends nothing, and is told at the end.
func TestDecodeBoundsALine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		letters int64
		want    []string
		told    bool
	}{
		{"a long line", 1 << 20, []string{strings.Repeat("x", 1<<20), "after"}, false},
		{"a line without bound", 65 << 20, []string{"after"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			err := engine.Decode(endless(test.letters), func(e engine.Event) { got = append(got, e.Message) })
			if told := err != nil && strings.Contains(err.Error(), "a line of more than 64 MiB"); told != test.told || !test.told && err != nil {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}
