package chart

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
)

func TestOverwritten(t *testing.T) {
	c := &chartv2.Chart{Metadata: &chartv2.Metadata{Name: "top"}, Values: map[string]any{
		"tolerations": map[string]any{}, "text": "a", "null": nil, "kept": map[string]any{"a": 1, "b": map[string]any{}},
		"gone": map[string]any{},
	}}
	c.AddDependency(&chartv2.Chart{Metadata: &chartv2.Metadata{Name: "sub"}, Values: map[string]any{"list": map[string]any{}, "n": 1}})
	overwritten(c, map[string]any{
		"tolerations": []any{"x"}, "text": map[string]any{"a": 1}, "null": map[string]any{}, "kept": map[string]any{"b": []any{}}, "gone": nil,
		"sub": map[string]any{"list": []any{"y"}},
	})
	want := map[string]any{"null": nil, "kept": map[string]any{"a": 1}, "gone": map[string]any{}}
	if diff := cmp.Diff(want, c.Values); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"n": 1}, c.Dependencies()[0].Values); diff != "" {
		t.Error(diff)
	}
}
