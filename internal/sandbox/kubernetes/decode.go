package kubernetes

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// DecodeError says what the API server would say of a document that it cannot read.
type DecodeError struct {
	Template string
	// Kind and Name are those of the object; empty as far as they could not be read.
	Kind, Name string
	// Message is in the words of the API server or of the YAML parser. Why explains it, if there is more to say.
	Message, Why string
}

// Error is the message with the place before it.
func (e *DecodeError) Error() string {
	place := e.Template
	if e.Kind != "" {
		place += ": " + strings.TrimSuffix(e.Kind+" "+e.Name, " ")
	}
	return strings.TrimPrefix(place+": "+e.Message, ": ")
}

// Decode reads the objects of a text of YAML documents, which may be lists. Objects without a namespace are in the one given, unless their
// kind has none. Fields that the kind does not have, values of another type and keys that are there twice are errors, as with server-side
// field validation; kinds that are not known here are taken as they are. The error joins one *DecodeError for each document that cannot be
// read; the objects that can be are returned beside it.
func Decode(template, text, namespace string) ([]Object, error) {
	d := &decoder{catalog: newCatalog(), template: template, namespace: namespace}
	for _, document := range documents(text) {
		d.document(document)
	}
	return d.objects, errors.Join(d.errors...)
}

// documents splits a YAML stream at its separators. Blocks of text may not hold the separator at the start of a line: YAML says so too.
func documents(text string) []string {
	var all []string
	var current strings.Builder
	for line := range strings.Lines(text) {
		if marker := strings.TrimRight(line, " \t\r\n"); marker == "---" || strings.HasPrefix(line, "--- ") || marker == "..." {
			all = append(all, current.String())
			current.Reset()
			if rest, found := strings.CutPrefix(line, "--- "); found && !strings.HasPrefix(strings.TrimSpace(rest), "#") {
				current.WriteString(rest)
			}
			continue
		}
		current.WriteString(line)
	}
	return append(all, current.String())
}

type decoder struct {
	catalog             *catalog
	template, namespace string
	objects             []Object
	errors              []error
}

// head is what each object begins with.
type head struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name         string            `json:"name"`
		GenerateName string            `json:"generateName"`
		Namespace    string            `json:"namespace"`
		Labels       map[string]string `json:"labels"`
		Annotations  map[string]string `json:"annotations"`
	} `json:"metadata"`
	Items []json.RawMessage `json:"items"`
}

func (d *decoder) fail(h head, why, format string, args ...any) {
	d.errors = append(d.errors, &DecodeError{
		Template: d.template, Kind: h.Kind, Name: cmp.Or(h.Metadata.Name, h.Metadata.GenerateName),
		Message: fmt.Sprintf(format, args...), Why: why,
	})
}

func (d *decoder) document(text string) {
	data, strictly := yaml.YAMLToJSONStrict([]byte(text))
	if strictly != nil {
		// Once more without strictness, so that the error can name the object.
		loose, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			d.fail(head{}, "", "error converting YAML to JSON: %v", err)
			return
		}
		data = loose
	}
	if empty := bytes.TrimSpace(data); len(empty) == 0 || bytes.Equal(empty, []byte("null")) {
		return
	}
	var h head
	if err := json.Unmarshal(data, &h); err != nil {
		d.wrongHead(data, err)
		return
	}
	if strictly != nil {
		d.fail(h, "A key is there twice, and only one of the two would count.", "error converting YAML to JSON: %v", strictly)
		return
	}
	d.object(text, data, h)
}

// wrongHead says what is wrong with the fields that all objects have.
func (d *decoder) wrongHead(data []byte, err error) {
	var named struct {
		Kind any `json:"kind"`
	}
	kind := ""
	if json.Unmarshal(data, &named) == nil {
		kind, _ = named.Kind.(string)
	}
	d.fail(head{Kind: kind}, "", "%v", err)
}

func (d *decoder) object(text string, data []byte, h head) {
	switch {
	case h.Kind == "":
		d.fail(h, "", "Object 'Kind' is missing in '%s'", abbreviate(data))
		return
	case h.APIVersion == "":
		d.fail(h, "", "Object 'apiVersion' is missing in '%s'", abbreviate(data))
		return
	case strings.HasSuffix(h.Kind, "List") && h.Items != nil:
		d.list(h)
		return
	}
	known, typed := d.catalog.kinds[kindKey(h.APIVersion, h.Kind)]
	o := Object{
		APIVersion: h.APIVersion, Kind: h.Kind, Namespace: h.Metadata.Namespace, Name: cmp.Or(h.Metadata.Name, h.Metadata.GenerateName),
		Template: d.template, Text: text, Labels: h.Metadata.Labels, Annotations: h.Metadata.Annotations,
	}
	_, o.Hook = o.Annotations[hookAnnotation]
	if known.cluster {
		o.Namespace = "" // the API server does not look at it
	} else if o.Namespace == "" {
		o.Namespace = d.namespace
	}
	if typed && known.make != nil {
		o.Typed = known.make()
		strict, err := kjson.UnmarshalStrict(data, o.Typed)
		if err != nil {
			d.fail(h, "", "%s in version %q cannot be handled as a %s: %v", h.Kind, version(h.APIVersion), h.Kind, err)
			return
		}
		if len(strict) > 0 {
			words := make([]string, len(strict))
			for i, err := range strict {
				words[i] = err.Error()
			}
			d.fail(h, d.unknownFields(h, words), "%s in version %q cannot be handled as a %s: strict decoding error: %s",
				h.Kind, version(h.APIVersion), h.Kind, strings.Join(words, ", "))
			return
		}
		if m := meta(o.Typed); m != nil {
			m.SetNamespace(o.Namespace)
		}
	} else {
		var free unstructured.Unstructured
		if err := json.Unmarshal(data, &free.Object); err != nil {
			d.fail(h, "", "%v", err)
			return
		}
	}
	d.objects = append(d.objects, o)
}

// unknownFields explains the error of fields that a kind does not have.
func (d *decoder) unknownFields(h head, words []string) string {
	for _, w := range words {
		if strings.HasPrefix(w, "unknown field") {
			return h.Kind + " of " + h.APIVersion + " has no such field there: look for a misspelt name, or for an " +
				"indentation that puts it into the wrong object."
		}
	}
	return ""
}

// list reads the objects of a list, each as if it were a document.
func (d *decoder) list(of head) {
	for _, item := range of.Items {
		var h head
		if err := json.Unmarshal(item, &h); err != nil {
			d.wrongHead(item, err)
			continue
		}
		if h.Kind == "" && of.Kind != "List" { // items of a typed list leave their kind out
			h.Kind, h.APIVersion = strings.TrimSuffix(of.Kind, "List"), of.APIVersion
		}
		d.object(string(item), item, h)
	}
}

// version is the version in apiVersion, without the group.
func version(apiVersion string) string {
	return apiVersion[strings.LastIndex(apiVersion, "/")+1:]
}

// abbreviate shortens a document for an error: it may be of any size.
func abbreviate(data []byte) string {
	const most = 120
	if len(data) <= most {
		return string(data)
	}
	return strings.ToValidUTF8(string(data[:most]), "") + "…"
}
