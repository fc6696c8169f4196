// Package admission_test holds the admission policies of charts/foundation to what they say, with the API server's own
// plugin. It is a test alone;
// nothing imports it.
package admission_test

import (
	"cmp"
	"testing"
	"time"

	"coderaws/internal/sandbox/chart"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/apiserver/pkg/util/feature"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
)

// values are those that stacks/platform gives the chart, as far as policies and roles read them; the rest is what the schema asks for.
const values = `
region: us-east-1
owner: {secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/owner-password"}
provisioners: {keyArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/provisioner-key"}
workspaces:
  namespace: coder-workspaces
  builder: {namespace: coder-provisioners, name: coder-provisioner}
  nodes: {label: coder.com/node-group, groups: [workspace, gpu]}
  limits: {max: {cpu: "8"}}
database: {host: db, masterSecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-1"}
network: {cidr: 10.0.0.0/16}
storageClass: {kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1"}
priorityClass: {workspace: coder-workspace}
images: {coder: "ghcr.io/coder/coder:v2.35.1", postgres: "public.ecr.aws/x/postgres:17.6", fluentBit: "public.ecr.aws/x/fluent-bit:2.32.5"}
`

// installed are the objects of charts/foundation.
func installed(t *testing.T) []runtime.Object {
	t.Helper()
	foundation, err := chart.LoadDirectory("../../../charts/foundation")
	if err != nil {
		t.Fatal(err)
	}
	given, err := chart.ParseValues(values)
	if err != nil {
		t.Fatal(err)
	}
	rendered, err := foundation.Render(chart.Release{Name: "foundation", Namespace: "kube-system", Values: given, KubernetesVersion: "1.35"})
	if err != nil {
		t.Fatal(err)
	}
	var objects []runtime.Object
	for _, document := range rendered.Documents {
		object, _, err := scheme.Codecs.UniversalDeserializer().Decode([]byte(document.Text), nil, nil)
		if runtime.IsNotRegisteredError(err) || runtime.IsMissingKind(err) {
			continue // of the Secrets Store CSI driver, or a comment alone
		}
		if err != nil {
			t.Fatalf("%s: %v", document.Template, err)
		}
		objects = append(objects, object)
	}
	return objects
}

// server is the part of an API server that decides by admission policies.
type server struct{ plugin *validating.Plugin }

// serve starts one that has the chart's policies, and two namespaces.
func serve(t *testing.T) server {
	t.Helper()
	var objects []runtime.Object
	for _, name := range []string{"coder-workspaces", "coder"} {
		objects = append(objects, &core.Namespace{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{core.LabelMetadataName: name}}})
	}
	for _, object := range installed(t) {
		switch object := object.(type) {
		case *admissionregistration.ValidatingAdmissionPolicy:
			complete(object.Spec.MatchConstraints)
			objects = append(objects, object)
		case *admissionregistration.ValidatingAdmissionPolicyBinding:
			complete(object.Spec.MatchResources)
			objects = append(objects, object)
		}
	}
	plugin, err := validating.NewPlugin(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := fake.NewClientset(objects...)
	factory := informers.NewSharedInformerFactory(client, time.Hour)
	initializer.New(client, dynamicfake.NewSimpleDynamicClient(scheme.Scheme), factory, authorizerfactory.NewAlwaysAllowAuthorizer(),
		feature.DefaultFeatureGate, compatibility.DefaultBuildEffectiveVersion(), t.Context().Done(),
		meta.NewDefaultRESTMapper(nil)).Initialize(plugin)
	if err := plugin.ValidateInitialization(); err != nil {
		t.Fatal(err)
	}
	factory.Start(t.Context().Done())
	factory.WaitForCacheSync(t.Context().Done())
	if !plugin.WaitForReady() {
		t.Fatal("the plugin does not become ready")
	}
	return server{plugin}
}

// complete sets what the API server sets by default before it keeps an object (Kubernetes documentation: MatchResources).
func complete(match *admissionregistration.MatchResources) {
	all, equivalent, everywhere := metav1.LabelSelector{}, admissionregistration.Equivalent, admissionregistration.AllScopes
	match.NamespaceSelector = cmp.Or(match.NamespaceSelector, &all)
	match.ObjectSelector = cmp.Or(match.ObjectSelector, &all)
	match.MatchPolicy = cmp.Or(match.MatchPolicy, &equivalent)
	for i := range match.ResourceRules {
		match.ResourceRules[i].Scope = cmp.Or(match.ResourceRules[i].Scope, &everywhere)
	}
}

const (
	builder       = "system:serviceaccount:coder-provisioners:coder-provisioner"
	administrator = "arn:aws:sts::123456789012:assumed-role/platform-team/jo"
)

// request is what somebody asks of the API server; empty means that a builder does, in the namespace of workspaces.
type request struct {
	who, namespace string
	// before is what is there, if anything is, and after what shall be; both are YAML.
	before, after string
}

// ask says what the API server answers: "" if the policies have nothing against it.
func (s server) ask(t *testing.T, r request) string {
	t.Helper()
	var kind schema.GroupVersionKind
	read := func(text string) runtime.Object {
		if text == "" {
			return nil
		}
		object, of, err := scheme.Codecs.UniversalDeserializer().Decode([]byte(text), nil, nil)
		if err != nil {
			t.Fatalf("%v:\n%s", err, text)
		}
		kind = *of
		return object
	}
	before, after := read(r.before), read(r.after)
	operation, options := admission.Create, runtime.Object(&metav1.CreateOptions{})
	switch {
	case after == nil:
		operation, options = admission.Delete, &metav1.DeleteOptions{}
	case before != nil:
		operation, options = admission.Update, &metav1.UpdateOptions{}
	}
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	err := s.plugin.Validate(t.Context(), admission.NewAttributesRecord(after, before, kind,
		cmp.Or(r.namespace, "coder-workspaces"), "x", resource,
		"", operation, options, false, &user.DefaultInfo{Name: cmp.Or(r.who, builder)}), admission.NewObjectInterfacesFromScheme(scheme.Scheme))
	if err == nil {
		return ""
	}
	return err.Error()
}
