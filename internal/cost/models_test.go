package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"coderaws/internal/cost"
)

// TestModels prices 500 developers with three main models. In 2026 they are there on 261 workdays, and 20 of them (4 percent) on 104 other
// days: 11,048.33 person-days a month. Each day has 200 requests, of which a fifth go to the small model, with 30,000 tokens in, nine
// tenths of them from the cache at a tenth of the price, and 600 out.
func TestModels(t *testing.T) {
	const small = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
	for _, test := range []struct {
		name, main string
		set        [][2]string
		// lines are quantity in millions of tokens and cost of the main model; all is what both models cost, and person for each of 500.
		lines, all, person string
	}{
		{name: "a model of one geography, which costs a tenth more", main: "eu.anthropic.claude-sonnet-4-6",
			lines: "input 5833.52 17500.56; cache 5250.168 15750.50; output 1166.704 17500.56", all: "54980.92", person: "109.96"},
		{name: "the same from anywhere", main: "global.anthropic.claude-sonnet-4-6",
			lines: "input 5303.2 15909.60; cache 4772.88 14318.64; output 1060.64 15909.60", all: "50367.14", person: "100.73"},
		{name: "a dearer one", main: "eu.anthropic.claude-opus-4-6-v1",
			lines: "input 5833.52 29167.60; cache 5250.168 26250.84; output 1166.704 29167.60", all: "88815.34", person: "177.63"},
		{name: "the small one for everything", main: small,
			lines: "input 5833.52 5833.52; cache 5250.168 5250.17; output 1166.704 5833.52", all: "21146.51", person: "42.29"},
		{name: "half of the people", main: "eu.anthropic.claude-sonnet-4-6", set: [][2]string{{"ai_users_percent", "50"}},
			lines: "input 2916.76 8750.28; cache 2625.084 7875.25; output 583.352 8750.28", all: "27490.46", person: "54.98"},
	} {
		t.Run(test.name, func(t *testing.T) {
			usage := usageOf(t, "users", "500")
			for _, pair := range test.set {
				if err := usage.Set(pair[0], pair[1]); err != nil {
					t.Fatal(err)
				}
			}
			plan := planOf(map[string]any{"models": map[string]any{"main": test.main, "small": small}})
			r := estimate(t, plan, cost.Options{Usage: usage, Year: 2026})
			var lines []string
			for _, kind := range []string{"input", "cache", "output"} {
				for _, l := range r.Find(`output.models["main"]`) {
					if strings.HasSuffix(l.Title, kind) {
						lines = append(lines, fmt.Sprintf("%s %s %s", kind, l.Quantity.Shift(-6), l.Cost.Cents()))
					}
				}
			}
			if got := strings.Join(lines, "; "); got != test.lines {
				t.Errorf("main is %s, want %s", got, test.lines)
			}
			if r.Models().Cents() != test.all || r.ModelsPerPerson().Cents() != test.person || len(r.Unpriced) > 0 {
				t.Errorf("models are %s, %s a person, not priced %v; want %s and %s", r.Models().Cents(), r.ModelsPerPerson().Cents(), r.Unpriced,
					test.all, test.person)
			}
		})
	}
}

// TestModelsWithoutPrice tells of models that the book does not have, and prices none where a plan has none.
func TestModelsWithoutPrice(t *testing.T) {
	given := map[string]any{"main": "us.anthropic.claude-next", "small": "us.anthropic.claude-haiku-4-5-20251001-v1:0"}
	plan := planOf(map[string]any{"models": given})
	r := estimate(t, plan, cost.Options{Usage: usageOf(t, "users", "10")})
	if len(r.Unpriced) != 1 || !strings.Contains(r.Unpriced[0].Why, "claude-next") || len(r.Find(`output.models["small"]`)) != 3 {
		t.Errorf("not priced %v, lines %v", r.Unpriced, r.Lines)
	}
	r = estimate(t, planOf(map[string]any{"models": nil}), cost.Options{Usage: usageOf(t, "users", "10")})
	if len(r.Lines)+len(r.Unpriced) > 0 {
		t.Errorf("there are no models, and %v and %v", r.Lines, r.Unpriced)
	}
}
