package helm

import (
	"fmt"
	"strings"

	"coderaws/internal/sandbox/kubernetes"
)

// owned refuses to take over objects of others: Helm marks what a release makes, and goes by these marks (pkg/action/validate.go of Helm).
func (d *deployment) owned() *failure {
	if d.rendering == nil || is(d.planned, "take_ownership") {
		return nil
	}
	owners := d.owners()
	for _, o := range d.rendering.objects(piece.own) {
		if !d.exists(o.Key()) {
			continue
		}
		owner, marked := owners[o.Key()]
		if marked && owner == [2]string{d.wanted.name, d.wanted.namespace} {
			continue
		}
		verb := "install"
		if d.upgrade {
			verb = "update"
		}
		return &failure{attribute: "values",
			message: fmt.Sprintf("Unable to continue with %s: %s %q in namespace %q exists and cannot be imported into the current release: "+
				"invalid ownership metadata; %s",
				verb, o.Kind, o.Name, o.Namespace, strings.Join(d.marks(owner, marked), "; ")),
			reason: whose(o, owner, marked)}
	}
	return nil
}

// marks says what is wrong with the marks of an object.
func (d *deployment) marks(owner [2]string, marked bool) []string {
	want := [2]string{d.wanted.name, d.wanted.namespace}
	keys := [2]string{"meta.helm.sh/release-name", "meta.helm.sh/release-namespace"}
	var wrong []string
	if !marked {
		wrong = append(wrong, `label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"`)
	}
	for i, key := range keys {
		switch {
		case !marked:
			wrong = append(wrong, fmt.Sprintf("annotation validation error: missing key %q: must be set to %q", key, want[i]))
		case owner[i] != want[i]:
			wrong = append(wrong, fmt.Sprintf("annotation validation error: key %q must equal %q: current value is %q", key, want[i], owner[i]))
		}
	}
	return wrong
}

func whose(o kubernetes.Object, owner [2]string, marked bool) string {
	if !marked {
		return fmt.Sprintf("The %s was not made by Helm. Give the chart's another name, do not let the chart make it, or set "+
			"take_ownership = true.", o.Kind)
	}
	return fmt.Sprintf("The %s belongs to the release %s of namespace %s. Let one of the two make it.", o.Kind, owner[0], owner[1])
}

// owners are the releases, by name and namespace, to which the objects of the cluster belong.
func (d *deployment) owners() map[kubernetes.Key][2]string {
	owners := map[kubernetes.Key][2]string{}
	for _, r := range releases(d.World, d.cluster.resource) {
		for _, o := range r.objects() {
			if !o.Hook {
				owners[o.Key()] = [2]string{r.Name, r.Namespace}
			}
		}
	}
	return owners
}
