//go:build unix

package e2e_test

import (
	"slices"
	"testing"
)

// TestCoder boots Coder's own program with what its chart says, and asks it for what coderaws says of it.
func TestCoder(t *testing.T) {
	wanted(t)
	dir := installed(t)
	container := rendered(t, dir)
	if want := []string{"/opt/coder", "server"}; !slices.Equal(append(slices.Clone(container.Command), container.Args...), want) {
		t.Errorf("the container runs %v %v, want %v", container.Command, container.Args, want)
	}
	provider := startIssuer(t)
	settings := environment(t, container, map[string]string{"CODER_OIDC_CLIENT_SECRET": clientSecret})
	m := machine{home: t.TempDir(), settings: terraformSettings(t)}
	t.Run("first day", func(t *testing.T) {
		firstDay(t, m, localized(t, settings, startPostgres(t), provider.URL), variables(t, dir, "kubernetes"), provider)
	})
	t.Run("what it accepts", func(t *testing.T) { accepts(t, m, localized(t, settings, startPostgres(t), provider.URL)) })
}
