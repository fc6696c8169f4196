package kubernetes

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Key identifies an object in a cluster. Versions of one API are one object, so that it has the group and no version.
type Key struct{ Group, Kind, Namespace, Name string }

// String is Kind namespace/name, or Kind name where there is no namespace.
func (k Key) String() string {
	if k.Namespace == "" {
		return k.Kind + " " + k.Name
	}
	return k.Kind + " " + k.Namespace + "/" + k.Name
}

// Object is one object of a manifest.
type Object struct {
	APIVersion, Kind, Namespace, Name string
	// Template is the file that it was rendered from. Text is the object as YAML or JSON, from which Decode makes it again.
	Template, Text string
	// Typed is the object as its Go type: those of k8s.io/api, or SecretProviderClass. It is nil for kinds that are not known here.
	Typed runtime.Object
	// Hook says that Helm makes it at a moment of a release's life, and does not count it as part of the release.
	Hook bool
	// Labels and Annotations are those of its metadata.
	Labels, Annotations map[string]string
}

// Key identifies the object.
func (o Object) Key() Key {
	group, _, found := strings.Cut(o.APIVersion, "/")
	if !found {
		group = ""
	}
	return Key{Group: group, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
}

// hookAnnotation marks objects that Helm makes as hooks.
const hookAnnotation = "helm.sh/hook"

// meta gives access to the metadata of a typed object.
func meta(o runtime.Object) metav1.Object {
	if m, ok := o.(metav1.Object); ok {
		return m
	}
	return nil
}

// problem begins a problem of the object.
func (o Object) problem(stage Stage, code Code, message string) Problem {
	return Problem{Code: code, Stage: stage, Object: o.Key(), Template: o.Template, Message: message}
}
