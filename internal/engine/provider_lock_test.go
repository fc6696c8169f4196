package engine_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// TestProviderLock is where the lock of providers is kept: beside the settings of the deployment, where whoever reviews them sees a
// change of it, and where another machine finds it.
func TestProviderLock(t *testing.T) {
	t.Parallel()
	const (
		made = `{"Modules":[]}` // what init writes, in scenario init-locks
		mine = "# reviewed\n"
	)
	for _, test := range []struct {
		name, scenario string
		// beside is the lock beside the settings, and inside that of the working directory; empty for none.
		beside, inside string
		attached       bool
		// wantBeside and wantInside are those after a plan, and inits is how often init has run after a second one.
		wantBeside, wantInside string
		inits                  int
	}{
		{name: "a first lock", scenario: "init-locks", wantBeside: made, wantInside: made, inits: 1},
		{name: "one that is there is taken", scenario: "good", beside: mine, wantBeside: mine, wantInside: mine, inits: 1},
		{name: "it wins over the one that was used before", scenario: "good", beside: mine, inside: "# old\n", wantBeside: mine,
			wantInside: mine, inits: 1},
		{name: "what init adds to it is kept", scenario: "init-locks", beside: mine, wantBeside: made, wantInside: made, inits: 1},
		{name: "one that a former version has left inside", scenario: "good", inside: mine, wantBeside: mine, wantInside: mine, inits: 1},
		{name: "providers that already run have none", scenario: "good", attached: true, inits: 1},
		{name: "nor do they take one", scenario: "good", attached: true, beside: mine, wantBeside: mine, inits: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, test.scenario, "", func(o *engine.Options) {
				if test.attached {
					o.Providers = &providers{}
				}
			})
			beside := filepath.Join(s.Workdir.Root, "..", "..", "..", "cloud.lock.hcl")
			inside := filepath.Join(s.Dir(), ".terraform.lock.hcl")
			for file, text := range map[string]string{beside: test.beside, inside: test.inside} {
				if text == "" {
					continue
				}
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			mustPlan(t, s.Stack, engine.PlanOptions{})
			mustPlan(t, s.Stack, engine.PlanOptions{})
			for file, want := range map[string]string{beside: test.wantBeside, inside: test.wantInside} {
				text, err := os.ReadFile(file)
				if string(text) != want || want != "" && err != nil {
					t.Errorf("%s has %q, not %q (%v)", filepath.Base(file), text, want, err)
				}
			}
			inits := slices.DeleteFunc(s.lines(t, "args "), func(l string) bool { return !strings.HasPrefix(l, "init") })
			if len(inits) != test.inits {
				t.Errorf("init ran %d times, want %d", len(inits), test.inits)
			}
			if test.beside == "" || test.attached {
				return
			}
			// Somebody takes another version into the lock: init looks at it again.
			if err := os.WriteFile(beside, []byte("# another\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			mustPlan(t, s.Stack, engine.PlanOptions{})
			inits = slices.DeleteFunc(s.lines(t, "args "), func(l string) bool { return !strings.HasPrefix(l, "init") })
			if len(inits) != test.inits+1 {
				t.Errorf("init ran %d times after a change of the lock, want %d", len(inits), test.inits+1)
			}
		})
	}
}

// TestLockOfAnotherProduct: who runs a deployment with the other product is told so, before anything runs.
func TestLockOfAnotherProduct(t *testing.T) {
	t.Parallel()
	const (
		locked     = `{"Modules":[]}` // what init writes, in scenario init-locks
		terraforms = "provider \"registry.terraform.io/hashicorp/aws\" {\n}\n"
		tofus      = "provider \"registry.opentofu.org/hashicorp/aws\" {\n}\n"
	)
	for _, test := range []struct {
		name, lock string
		product    engine.Product
		refused    bool
	}{
		{name: "Terraform's own", lock: terraforms, product: engine.Terraform},
		{name: "OpenTofu's own", lock: tofus, product: engine.OpenTofu},
		{name: "OpenTofu's for Terraform", lock: tofus, product: engine.Terraform, refused: true},
		{name: "Terraform's for OpenTofu", lock: terraforms, product: engine.OpenTofu, refused: true},
		{name: "one of both", lock: terraforms + tofus, product: engine.OpenTofu},
		{name: "one that names another registry", lock: "provider \"registry.example.com/hashicorp/aws\" {\n}\n", product: engine.OpenTofu},
		{name: "one without providers", lock: "# empty\n", product: engine.OpenTofu},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "init-locks", "", func(o *engine.Options) { o.Binary.Product = test.product })
			beside := filepath.Join(s.Workdir.Root, "..", "..", "..", "cloud.lock.hcl")
			if err := os.WriteFile(beside, []byte(test.lock), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := s.Plan(t.Context(), engine.PlanOptions{})
			if refused := err != nil && strings.Contains(err.Error(), "this deployment is run with"); refused != test.refused {
				t.Fatalf("refused: %t, want %t (%v)", refused, test.refused, err)
			}
			if !test.refused {
				return
			}
			if todo := diagnostic.From(err)[0].Todo; !strings.Contains(todo, "in CODERAWS_TERRAFORM; to change the product for good") ||
				!strings.Contains(todo, "run `coderaws up` with --change-engine") {
				t.Errorf("what to do: %s", todo)
			}
			if ran := s.lines(t, "args "); len(ran) > 0 {
				t.Errorf("%v ran all the same", ran)
			}
			s.ChangeEngine = true
			mustPlan(t, s.Stack, engine.PlanOptions{})
			if text, err := os.ReadFile(beside); err != nil || string(text) != locked {
				t.Errorf("the lock is %q, %v; want that of this product", text, err)
			}
			s.ChangeEngine = false
			mustPlan(t, s.Stack, engine.PlanOptions{})
		})
	}
}
