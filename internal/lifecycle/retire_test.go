package lifecycle

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"

	tfjson "github.com/hashicorp/terraform-json"
)

// hubTarget is a target whose installations have a coderd, or whose coderd cannot be prepared for.
type hubTarget struct {
	Target
	steps func() (*coder.FirstSteps, error)
}

func (h hubTarget) Coder(context.Context, *Installation, time.Duration) (*coder.FirstSteps, error) {
	return h.steps()
}

// TestRetirement is the specification of when a region may go that serves another one's Coder.
func TestRetirement(t *testing.T) {
	dev := codertest.Workspace{Owner: "ada", Name: "dev", Tags: map[string]string{"region": "eu-west-2"}}
	var many []codertest.Workspace
	for i := range 7 {
		many = append(many, codertest.Workspace{Owner: "ada", Name: fmt.Sprint("dev", i), Tags: dev.Tags})
	}
	for _, test := range []struct {
		name       string
		workspaces []codertest.Workspace
		named      []string
		// empty means that the region has no platform, silent that coderd does not answer, and gone that there is no hub.
		empty, silent, gone bool
		// refused are parts of the one refusal; none where there is none.
		refused []string
	}{
		{name: "nobody works there"},
		{name: "people work at the hub", workspaces: []codertest.Workspace{{Owner: "ada", Name: "dev"}}},
		{name: "somebody works there", workspaces: []codertest.Workspace{dev},
			refused: []string{"a workspace lives in eu-west-2", "can delete ada/dev, and", "`coder delete ada/dev`", "data coder_workspaces"}},
		{name: "many do", workspaces: many, refused: []string{"7 workspaces live in eu-west-2", "ada/dev4, and 2 more, and they go"}},
		{name: "somebody works there, and that is named", workspaces: []codertest.Workspace{dev}, named: []string{LostWorkspaces}},
		{name: "it never had a platform", workspaces: []codertest.Workspace{dev}, empty: true},
		{name: "the hub does not answer", silent: true, refused: []string{"no way", "if this hub will never answer again"}},
		{name: "the hub does not answer, and what may be lost is named", silent: true, named: []string{LostWorkspaces}},
		{name: "the hub is gone", workspaces: []codertest.Workspace{dev}, gone: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := codertest.New(codertest.Settings{})
			server.Owner()
			for _, w := range test.workspaces {
				server.AddWorkspace(w)
			}
			web := httptest.NewServer(server)
			defer web.Close()
			target := hubTarget{steps: func() (*coder.FirstSteps, error) {
				if test.silent {
					return nil, diagnostic.Errorf("no way")
				}
				client, err := coder.New(coder.Options{URL: web.URL, Token: codertest.Token})
				return &coder.FirstSteps{Client: client, Now: time.Now}, err
			}}
			leave := &retirement{runner: &Runner{Target: target}, spokes: []string{"eu-west-2"}, partial: true,
				hub: &Installation{}}
			if test.gone {
				leave.hub = nil
			}
			has := map[Place][]*tfjson.StateResource{}
			if !test.empty {
				has[Place{"eu-west-2", PlatformStack}] = []*tfjson.StateResource{{}}
			}
			err := leave.refuseInhabited(t.Context(), test.named, has)
			list := diagnostic.From(err)
			if len(test.refused) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(list) != 1 {
				t.Fatalf("got %v, want one refusal", err)
			}
			text := strings.Join([]string{list[0].Summary, list[0].Why, list[0].Todo}, "\n")
			for _, part := range test.refused {
				if !strings.Contains(text, part) {
					t.Errorf("%s\nlacks %q", text, part)
				}
			}
			if coded := diagnostic.Exit(err); !test.silent && coded != diagnostic.ExitRefused {
				t.Errorf("the exit status is %d, want %d", coded, diagnostic.ExitRefused)
			}
		})
	}
}
