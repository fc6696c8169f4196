package renderer

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/chart"
)

// stream is what a renderer and its process talk by.
type stream struct {
	*gob.Encoder
	*gob.Decoder
}

func newStream(in io.Reader, out io.Writer) stream {
	return stream{gob.NewEncoder(out), gob.NewDecoder(in)}
}

// request asks for a chart to be rendered, or for the values that nothing in it reads.
type request struct {
	Chart *chart.Chart
	// Release has no values: those are Values, as exact writes them.
	Release chart.Release
	Values  []byte
	Unread  bool
}

func newRequest(c *chart.Chart, of chart.Release, unread bool) (*request, error) {
	values, err := exact(of.Values)
	if err != nil {
		return nil, err
	}
	written, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	of.Values = nil
	return &request{Chart: c, Release: of, Values: written, Unread: unread}, nil
}

// answer is what came of a request.
type answer struct {
	Rendered *chart.Rendered
	Unread   []chart.Unread
	// Failure is nil if there is none.
	Failure *failure
	// Last says that the process has ended.
	Last bool
}

// failure is an error of package chart, or a limit that was reached.
type failure struct {
	Kind     kind
	Text     string
	Template string
	Line     int
}

type kind int

const (
	otherFailure kind = iota
	templateFailure
	valuesFailure
	limitFailure
)

func failureOf(err error) *failure {
	var template *chart.TemplateError
	var values *chart.ValuesError
	var limit *LimitError
	switch {
	case errors.As(err, &template):
		return &failure{Kind: templateFailure, Text: err.Error(), Template: template.Template, Line: template.Line}
	case errors.As(err, &values):
		return &failure{Kind: valuesFailure, Text: err.Error()}
	case errors.As(err, &limit):
		return &failure{Kind: limitFailure, Text: err.Error()}
	default:
		return &failure{Text: err.Error()}
	}
}

func (f *failure) error() error {
	if f == nil {
		return nil
	}
	err := errors.New(f.Text)
	switch f.Kind {
	case templateFailure:
		return &chart.TemplateError{Template: f.Template, Line: f.Line, Err: err}
	case valuesFailure:
		return &chart.ValuesError{Err: err}
	case limitFailure:
		return &LimitError{f.Text}
	default:
		return err
	}
}

// exact makes values fit for JSON so that readValues gives the same: templates tell whole numbers of --set from those of YAML, which are
// floating-point numbers and written with a point here.
func exact(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string:
		return v, nil
	case int64:
		return json.Number(strconv.FormatInt(v, 10)), nil
	case float64:
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return json.Number(text), nil
	case map[string]any:
		all := make(map[string]any, len(v))
		for key, element := range v {
			written, err := exact(element)
			if err != nil {
				return nil, err
			}
			all[key] = written
		}
		return all, nil
	case []any:
		all := make([]any, len(v))
		for i, element := range v {
			written, err := exact(element)
			if err != nil {
				return nil, err
			}
			all[i] = written
		}
		return all, nil
	default:
		return nil, fmt.Errorf("values cannot hold a %T", v) // what it is may be a secret
	}
}

// readValues reads what exact has made.
func readValues(written []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(written))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return nil, err
	}
	_, err := numbers(values)
	return values, err
}

// numbers puts Go's numbers in the place of JSON's.
func numbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if strings.ContainsAny(v.String(), ".e") {
			return v.Float64()
		}
		return v.Int64()
	case map[string]any:
		for key, element := range v {
			if v[key], err = numbers(element); err != nil {
				return nil, err
			}
		}
	case []any:
		for i, element := range v {
			if v[i], err = numbers(element); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
