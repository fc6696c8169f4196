package kubernetes

import (
	"fmt"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

const (
	classKind    = "SecretProviderClass"
	classGroup   = "secrets-store.csi.x-k8s.io"
	secretsAddon = "aws-secrets-store-csi-driver-provider"
	// secretsDriver is the CSI driver of volumes that hold secrets of a SecretProviderClass, which an attribute of the volume names.
	secretsDriver  = "secrets-store.csi.k8s.io"
	classAttribute = "secretProviderClass"
)

// SecretProviderClass says which secrets the Secrets Store CSI driver mounts into pods, and which of them it copies into Secrets of
// Kubernetes. Fields: the driver's API secrets-store.csi.x-k8s.io/v1.
type SecretProviderClass struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              SecretProviderClassSpec   `json:"spec,omitempty"`
	Status            SecretProviderClassStatus `json:"status,omitempty"`
}

// SecretProviderClassSpec names a provider, what it takes, and the Secrets to be made.
type SecretProviderClassSpec struct {
	Provider      string            `json:"provider,omitempty"`
	Parameters    map[string]string `json:"parameters,omitempty"`
	SecretObjects []*SecretObject   `json:"secretObjects,omitempty"`
}

// SecretProviderClassStatus is not used.
type SecretProviderClassStatus struct {
	ByPod []map[string]string `json:"byPod,omitempty"`
}

// SecretObject is a Secret of Kubernetes that the driver keeps in step with what it mounted.
type SecretObject struct {
	SecretName  string              `json:"secretName,omitempty"`
	Type        string              `json:"type,omitempty"`
	Labels      map[string]string   `json:"labels,omitempty"`
	Annotations map[string]string   `json:"annotations,omitempty"`
	Data        []*SecretObjectData `json:"data,omitempty"`
}

// SecretObjectData puts the content of a mounted file under a key.
type SecretObjectData struct {
	ObjectName string `json:"objectName,omitempty"`
	Key        string `json:"key,omitempty"`
}

// DeepCopyObject makes a copy that shares nothing, as runtime.Object wants.
func (c *SecretProviderClass) DeepCopyObject() runtime.Object {
	out := &SecretProviderClass{TypeMeta: c.TypeMeta}
	c.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	out.Spec.Provider = c.Spec.Provider
	out.Spec.Parameters = copyMap(c.Spec.Parameters)
	for _, s := range c.Spec.SecretObjects {
		to := &SecretObject{SecretName: s.SecretName, Type: s.Type, Labels: copyMap(s.Labels), Annotations: copyMap(s.Annotations)}
		for _, d := range s.Data {
			data := *d
			to.Data = append(to.Data, &data)
		}
		out.Spec.SecretObjects = append(out.Spec.SecretObjects, to)
	}
	for _, p := range c.Status.ByPod {
		out.Status.ByPod = append(out.Status.ByPod, copyMap(p))
	}
	return out
}

func copyMap(m map[string]string) map[string]string {
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// descriptor is one secret or parameter that the AWS provider mounts. Fields: the provider's README.
type descriptor struct {
	ObjectName         string `json:"objectName"`
	ObjectAlias        string `json:"objectAlias"`
	ObjectVersion      string `json:"objectVersion"`
	ObjectVersionLabel string `json:"objectVersionLabel"`
	ObjectType         string `json:"objectType"`
	FilePermission     string `json:"filePermission"`
	JMESPath           []struct {
		Path           string `json:"path"`
		ObjectAlias    string `json:"objectAlias"`
		FilePermission string `json:"filePermission"`
	} `json:"jmesPath"`
	FailoverObject map[string]string `json:"failoverObject"`
}

// files are the files that the AWS provider writes for a class: by name the secret that it comes from.
func (c *SecretProviderClass) files() (map[string]descriptor, error) {
	translation := "_"
	switch given := c.Spec.Parameters["pathTranslation"]; {
	case strings.EqualFold(given, "false"):
		translation = ""
	case len(given) == 1:
		translation = given
	case given != "":
		return nil, fmt.Errorf("pathTranslation must be either 'False' or a single character string")
	}
	if value, given := c.Spec.Parameters["usePodIdentity"]; given && value != "" {
		if _, err := strconv.ParseBool(value); err != nil {
			return nil, fmt.Errorf("failed to parse usePodIdentity value, error: %w", err)
		}
	}
	var all []descriptor
	if err := yaml.Unmarshal([]byte(c.Spec.Parameters["objects"]), &all); err != nil {
		return nil, fmt.Errorf("failed to load SecretProviderClass: %w", err)
	}
	files := map[string]descriptor{}
	aliases := map[string]bool{}
	for _, d := range all {
		if err := d.check(); err != nil {
			return nil, err
		}
		name := d.ObjectName
		if d.ObjectAlias != "" {
			if name = d.ObjectAlias; aliases[name] {
				return nil, fmt.Errorf("found duplicate object alias %s", name)
			}
			aliases[name] = true
		}
		name = strings.ReplaceAll(name, "/", translation)
		if translation == "" {
			name = strings.TrimPrefix(name, "/")
		}
		if _, taken := files[name]; taken {
			return nil, fmt.Errorf("found descriptor with duplicate object name %s, no object alias, and no version label", d.ObjectName)
		}
		files[name] = d
		for _, entry := range d.JMESPath {
			if aliases[entry.ObjectAlias] {
				return nil, fmt.Errorf("name already in use for objectAlias: found duplicate object alias %s in JMES path entry %s",
					entry.ObjectAlias, entry.Path)
			}
			aliases[entry.ObjectAlias] = true
			files[strings.ReplaceAll(entry.ObjectAlias, "/", translation)] = d
		}
	}
	return files, nil
}

// check holds one entry to the rules of the provider, with its words.
func (d descriptor) check() error {
	byARN := strings.HasPrefix(d.ObjectName, "arn:")
	parts := strings.SplitN(d.ObjectName, ":", 6)
	switch {
	case d.ObjectName == "":
		return fmt.Errorf("object name must be specified")
	case byARN && len(parts) < 6:
		return fmt.Errorf("invalid ARN format in object name: %s", d.ObjectName)
	case d.ObjectType == "" && !byARN:
		return fmt.Errorf("must use objectType when a full ARN is not specified: %s", d.ObjectName)
	case d.ObjectType != "" && d.ObjectType != "secretsmanager" && d.ObjectType != "ssmparameter":
		return fmt.Errorf("invalid objectType: %s", d.ObjectType)
	case byARN && parts[2] != "secretsmanager" && parts[2] != "ssm":
		return fmt.Errorf("invalid service in ARN: %s", parts[2])
	case byARN && d.ObjectType == "secretsmanager" && parts[2] != "secretsmanager":
		return fmt.Errorf("objectType does not match ARN: %s", d.ObjectName)
	}
	for _, entry := range d.JMESPath {
		switch {
		case entry.Path == "":
			return fmt.Errorf("path must be specified for JMES object")
		case entry.ObjectAlias == "":
			return fmt.Errorf("object alias must be specified for JMES object")
		}
	}
	return nil
}

// secret reports whether the entry is a secret of AWS Secrets Manager, not a parameter of Systems Manager.
func (d descriptor) secret() bool {
	return d.ObjectType == "secretsmanager" || strings.HasPrefix(d.ObjectName, "arn:") && strings.Contains(d.ObjectName, ":secretsmanager:")
}
