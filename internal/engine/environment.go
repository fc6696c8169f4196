package engine

import (
	"slices"
	"strings"
)

// passed are the engine's own variables that are let through from the user's shell: where provider binaries and registry
// credentials are, and how state is encrypted. All others that begin with TF_ are held back, because they change what a
// plan means behind the deployment's back: TF_VAR_* would override its settings, TF_CLI_ARGS* would add -target or -lock=false,
// TF_WORKSPACE and TF_DATA_DIR would choose another state, TF_LOG would mix text into the event stream.
// Variables without that prefix pass, AWS_* among them, but for secret.
var passed = []string{
	"TF_CLI_CONFIG_FILE",
	"TF_ENCRYPTION",
	"TF_HTTP_",
	"TF_PLUGIN_CACHE_DIR",
	"TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE",
	"TF_PROVIDER_DOWNLOAD_RETRY",
	"TF_REGISTRY_CLIENT_TIMEOUT",
	"TF_REGISTRY_DISCOVERY_RETRY",
	"TF_TOKEN_",
}

// secret begins the variables of Coder's own programs, such as CODER_SESSION_TOKEN: this program signs in with it, and neither the engine
// nor its providers have any use for it.
const secret = "CODER_"

// WithoutSecrets leaves out of an environment what no engine may see.
func WithoutSecrets(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(pair string) bool { return strings.HasPrefix(pair, secret) })
}

// environment builds the variables of an engine process from the user's own (NAME=value) and those of attached providers,
// which win.
func environment(user, attached []string) []string {
	env := make([]string, 0, len(user)+len(attached)+5)
	// An engine process lives for seconds. Collecting its garbage less often saves a quarter of its processor time for some 70 MiB
	// more memory (measured with Terraform 1.11.4 on the cloud stack). A setting of the user's comes later, and so wins.
	env = append(env, "GOGC=400")
	for _, pair := range WithoutSecrets(user) {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "TF_") && !isPassed(name) {
			continue
		}
		env = append(env, pair)
	}
	// CHECKPOINT_DISABLE stops the call to HashiCorp's version service, which no run needs.
	env = append(env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_LOG=")
	return append(env, attached...)
}

func isPassed(name string) bool {
	return slices.ContainsFunc(passed, func(p string) bool {
		return name == p || strings.HasSuffix(p, "_") && strings.HasPrefix(name, p)
	})
}

// variable returns the last value of a variable in a list of NAME=value, as a process would see it.
func variable(env []string, name string) string {
	for _, pair := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}
