package kubernetes

import (
	"fmt"
	"slices"
	"strconv"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// volume checks what a volume of a pod is made from.
func (r *reader) volume(v core.Volume, at *field.Path) {
	namespace := r.workload.object.Namespace
	setUp := fmt.Sprintf("MountVolume.SetUp failed for volume %q : ", v.Name)
	secret := func(name string, items []core.KeyToPath, at *field.Path) {
		keys, state := r.secret(name)
		switch {
		case state == secretWaits: // what keeps it from being made is said elsewhere
		case state == secretMissing:
			why, todo := r.missing(name)
			r.fail(NotFound, at, why, todo, "%ssecret %q not found", setUp, name)
		default:
			for _, item := range items {
				if keys != nil && !slices.Contains(keys, item.Key) {
					r.fail(KeyNotFound, at, "It has "+listed(keys)+".", "", "%sreferences non-existent secret key: %s", setUp, item.Key)
				}
			}
		}
	}
	config := func(name string, items []core.KeyToPath, at *field.Path) {
		key := Key{Kind: "ConfigMap", Namespace: namespace, Name: name}
		o, found := r.find(key)
		if !found {
			if !r.builtin(key) {
				r.fail(NotFound, at, "", "Make the config map, or take out the volume.", "%sconfigmap %q not found", setUp, name)
			}
			return
		}
		for _, item := range items {
			if t, ok := o.Typed.(*core.ConfigMap); ok && !configHas(t, item.Key) {
				r.fail(KeyNotFound, at, "", "", "%sreferences non-existent config key: %s", setUp, item.Key)
			}
		}
	}
	switch {
	case v.Secret != nil && !yes(v.Secret.Optional):
		secret(v.Secret.SecretName, v.Secret.Items, at.Child("secret"))
	case v.ConfigMap != nil && !yes(v.ConfigMap.Optional):
		config(v.ConfigMap.Name, v.ConfigMap.Items, at.Child("configMap"))
	case v.Projected != nil:
		for i, source := range v.Projected.Sources {
			here := at.Child("projected", "sources").Index(i)
			if s := source.Secret; s != nil && !yes(s.Optional) {
				secret(s.Name, s.Items, here.Child("secret"))
			}
			if s := source.ConfigMap; s != nil && !yes(s.Optional) {
				config(s.Name, s.Items, here.Child("configMap"))
			}
		}
	case v.PersistentVolumeClaim != nil:
		name := v.PersistentVolumeClaim.ClaimName
		o, found := r.find(Key{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: name})
		if !found {
			r.fail(NotFound, at.Child("persistentVolumeClaim"), "", "Make the claim, or take out the volume.",
				"persistentvolumeclaim %q not found", name)
		} else if t, ok := o.Typed.(*core.PersistentVolumeClaim); ok {
			if _, fresh := r.new[o.Key()]; !fresh { // a new one is checked by itself
				if p, waits := r.claim(r.workload.object, &t.Spec); waits {
					r.fail(p.Code, at, p.Why, p.Todo, "%s", p.Message)
				}
			}
		}
	case v.CSI != nil && v.CSI.Driver == secretsDriver:
		r.mount(v, at.Child("csi"), setUp)
	case v.CSI != nil:
		if !slices.Contains([]string{ebsDriver, "efs.csi.aws.com", "fsx.csi.aws.com", "s3.csi.aws.com"}, v.CSI.Driver) &&
			!r.drives(v.CSI.Driver) {
			r.fail(DriverMissing, at.Child("csi", "driver"), "", "Install the driver, or take out the volume.", "%s%s", setUp,
				unregistered(v.CSI.Driver))
		}
	}
}

// drives reports whether somebody has declared a CSI driver.
func (v *view) drives(name string) bool {
	return v.exists(Key{Group: "storage.k8s.io", Kind: "CSIDriver", Name: name})
}

// unregistered is what the kubelet says of a CSI driver that does not run on its node.
func unregistered(driver string) string {
	return fmt.Sprintf("kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name %s not found in the "+
		"list of registered CSI drivers", driver)
}

// mount checks a volume of the Secrets Store CSI driver: driver, class, provider, and each secret that it fetches.
func (r *reader) mount(v core.Volume, at *field.Path, setUp string) {
	namespace, pod := r.workload.object.Namespace, r.podName()
	if !hasAddon(r.Addons, secretsAddon) && !r.drives(secretsDriver) {
		r.fail(DriverMissing, at.Child("driver"), "The cluster has no EKS add-on "+secretsAddon+".",
			"Add the add-on to the cluster.", "%s%s", setUp, unregistered(secretsDriver))
		return
	}
	name := v.CSI.VolumeAttributes[classAttribute]
	class, found := r.findClass(namespace, name)
	if !found {
		todo := "Make the class in namespace " + namespace + ", or correct the name."
		if other := r.classElsewhere(name); other != "" {
			todo = "Make the class in namespace " + namespace + ": the one in namespace " + other + " is for pods there."
		}
		r.fail(NotFound, at.Child("volumeAttributes", classAttribute), "", todo,
			"%srpc error: code = Unknown desc = failed to get secretproviderclass %s/%s, error: SecretProviderClass.%s %q not found",
			setUp, namespace, name, classGroup, name)
		return
	}
	words := fmt.Sprintf("%srpc error: code = Unknown desc = failed to mount secrets store objects for pod %s/%s, err: ",
		setUp, namespace, pod)
	files, err := r.class(class)
	if err != nil {
		r.fail(SecretMapping, at, "SecretProviderClass "+namespace+"/"+name+" cannot be used.", "",
			"%srpc error: code = Unknown desc = %s", words, err)
		return
	}
	if class.Spec.Provider != "aws" {
		return
	}
	if !r.identity(class) {
		r.fail(SecretNotReadable, at, "Without usePodIdentity, the provider looks for a role in the annotation "+
			"eks.amazonaws.com/role-arn of the service account.",
			`Write usePodIdentity: "true" in the parameters of SecretProviderClass `+namespace+"/"+name+".",
			"%srpc error: code = Unknown desc = %s: An IAM role must be associated with service account %s (namespace: %s)",
			words, r.Region, r.serviceAccount(), namespace)
		return
	}
	for _, file := range keysOf(files) {
		d := files[file]
		if !d.secret() || r.Secrets == nil {
			continue
		}
		refused := r.Secrets.Fetch(namespace, r.serviceAccount(), d.ObjectName)
		if refused == nil {
			continue
		}
		code := SecretNotReadable
		if refused.NoValue {
			code = SecretWithoutValue
		}
		r.fail(code, at, "SecretProviderClass "+namespace+"/"+name+" mounts it for service account "+r.serviceAccount()+".", refused.Todo,
			"%srpc error: code = Unknown desc = %s: Failed fetching secret %s: %s", words, r.Region, d.ObjectName, refused.Message)
	}
}

// identity reports whether pods of the account get a role in the way that the class asks for.
func (r *reader) identity(class *SecretProviderClass) bool {
	if uses, _ := strconv.ParseBool(class.Spec.Parameters["usePodIdentity"]); uses {
		return true // whether the role may read is for Secrets to say
	}
	account, found := r.find(Key{Kind: "ServiceAccount", Namespace: r.workload.object.Namespace, Name: r.serviceAccount()})
	return found && account.Annotations["eks.amazonaws.com/role-arn"] != ""
}

func (v *view) findClass(namespace, name string) (*SecretProviderClass, bool) {
	o, found := v.find(Key{Group: classGroup, Kind: classKind, Namespace: namespace, Name: name})
	if !found {
		return nil, false
	}
	class, ok := o.Typed.(*SecretProviderClass)
	return class, ok
}

func (v *view) classElsewhere(name string) (namespace string) {
	v.all(func(o Object) {
		if o.Kind == classKind && o.Name == name {
			namespace = o.Namespace
		}
	})
	return namespace
}

// class reads the files that a class is to mount; nil for a provider whose parameters are not known here.
func (v *view) class(c *SecretProviderClass) (map[string]descriptor, error) {
	switch c.Spec.Provider {
	case "aws":
		return c.files()
	case "":
		return nil, fmt.Errorf("failed to find provider for SecretProviderClass %s/%s", c.Namespace, c.Name)
	}
	return nil, fmt.Errorf("error connecting to provider %q: provider not found: provider %q", c.Spec.Provider, c.Spec.Provider)
}
