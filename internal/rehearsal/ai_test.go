package rehearsal_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/egress"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestAIGateway lives with the AI gateway in one zone and in three, with a way to the internet and without.
func TestAIGateway(t *testing.T) {
	if testing.Short() {
		t.Skip("each life takes some seconds")
	}
	for name, on := range map[string][]string{
		"one zone": nil, "three zones": {"high_availability"}, "without the internet": {"private_egress"},
		"three zones without the internet": {"high_availability", "private_egress"},
	} {
		t.Run(name, func(t *testing.T) {
			target := rehearsal.New("ai", func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) })
			d := flagged(t, t.TempDir(), append(on, "ai_gateway")...)
			report, err := target.Rehearse(t.Context(), runnerOn(target, engineOrSkip(t)), "ai", d)
			if err != nil {
				t.Fatal(err)
			}
			if !report.Good() || len(report.Unmodelled) > 0 || len(report.Invented) > 0 {
				t.Errorf("second plan %v, left %v, not modelled %v, made up %v", report.Places[0].Differences, report.Left, report.Unmodelled,
					report.Invented)
			}
		})
	}
}

// TestModelsAreReached takes what lets coderd call models away, one at a time: the gateway has a way to each model with all of it, and
// none without.
func TestModelsAreReached(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a deployment")
	}
	target := rehearsal.New("ai", func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) })
	d := flagged(t, t.TempDir(), "private_egress", "ai_gateway")
	previews, err := target.Preview(t.Context(), runnerOn(target, engineOrSkip(t)), d, true)
	if err != nil {
		t.Fatal(err)
	}
	var all []*tfjson.StateResource
	for _, p := range previews {
		all = append(all, lifecycle.Managed(p.Made.Document.PriorState)...)
	}
	if lacking := modelsLack(all); len(lacking) > 0 {
		t.Fatalf("coderd has no way to models: %v", lacking)
	}

	t.Run("coderd may call the two profiles, and their models in the regions of the profiles alone", func(t *testing.T) {
		want := []string{
			"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
			"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6",
		}
		for _, region := range []string{"us-east-1", "us-east-2", "us-west-2"} {
			for _, model := range []string{"anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-sonnet-4-6"} {
				want = append(want, "arn:aws:bedrock:"+region+"::foundation-model/"+model)
			}
		}
		if got := mayCall(t, all); !slices.Equal(got, sorted(want)) {
			t.Errorf("coderd may call %v, want %v", got, sorted(want))
		}
	})
	t.Run("without the endpoint", func(t *testing.T) {
		without := slices.DeleteFunc(slices.Clone(all), func(r *tfjson.StateResource) bool {
			name, _ := r.AttributeValues["service_name"].(string)
			return strings.HasSuffix(name, ".bedrock-runtime")
		})
		if len(without) != len(all)-1 || len(modelsLack(without)) == 0 {
			t.Error("every call still has a way")
		}
	})
	t.Run("with an endpoint that does not know the models of another region", func(t *testing.T) {
		changed := slices.Clone(all)
		for i, r := range changed {
			if name, _ := r.AttributeValues["service_name"].(string); strings.HasSuffix(name, ".bedrock-runtime") {
				attributes := map[string]any{}
				for key, value := range r.AttributeValues {
					attributes[key] = value
				}
				attributes["policy"] = strings.ReplaceAll(attributes["policy"].(string), ":us-west-2::", ":us-west-1::")
				other := *r
				other.AttributeValues, changed[i] = attributes, &other
			}
		}
		lacking := modelsLack(changed)
		if len(lacking) == 0 || !strings.Contains(lacking[0].Missing, "us-west-2") {
			t.Errorf("nothing says that us-west-2 is not reached: %v", lacking)
		}
	})
}

// modelsLack are the calls for models that have no way.
func modelsLack(all []*tfjson.StateResource) []egress.Way {
	root := &tfjson.StateModule{Resources: all}
	report := egress.Read(plan.Read(&tfjson.Plan{PlannedValues: &tfjson.StateValues{RootModule: root}}).Planned())
	return slices.DeleteFunc(report.Ways, func(w egress.Way) bool {
		return !strings.HasPrefix(w.Calls, "bedrock:") || w.Missing == ""
	})
}

// mayCall are the resources of Bedrock that policies of roles name.
func mayCall(t *testing.T, all []*tfjson.StateResource) []string {
	t.Helper()
	var named []string
	for _, r := range all {
		written, _ := r.AttributeValues["policy"].(string)
		if r.Type != "aws_iam_role_policy" || !strings.Contains(written, "bedrock:") {
			continue
		}
		var policy struct {
			Statement []struct{ Action, Resource any }
		}
		if err := json.Unmarshal([]byte(written), &policy); err != nil {
			t.Fatal(err)
		}
		for _, s := range policy.Statement {
			resources, ok := s.Resource.([]any)
			for _, resource := range resources {
				if name, _ := resource.(string); ok && strings.HasPrefix(name, "arn:aws:bedrock:") {
					named = append(named, name)
				}
			}
		}
	}
	return sorted(named)
}

func sorted(all []string) []string { return slices.Sorted(slices.Values(all)) }
