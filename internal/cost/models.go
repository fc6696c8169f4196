package cost

import (
	"fmt"
	"regexp"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// modelsOutput is the output of our stacks that says which inference profiles of Amazon Bedrock people are given.
const modelsOutput = "models"

// models are the two that Coder's gateway has, by the ids of their inference profiles.
type models struct {
	Main  string `json:"main"`
	Small string `json:"small"`
}

// dated ends the ids of models that Bedrock names with the day and the version of their release.
var dated = regexp.MustCompile(`(-[0-9]{8})?(-v[0-9]+(:[0-9]+)?)?$`)

// modelOf takes an inference profile apart: the model as the price book names it, and whether the profile is of one geography.
func modelOf(profile string) (model string, geographic bool) {
	prefix, rest, _ := strings.Cut(profile, ".")
	_, name, _ := strings.Cut(rest, ".")
	return dated.ReplaceAllString(name, ""), prefix != "global"
}

// Factors on the price of an input token by a global profile: what a profile of one geography costs more, and what a token costs that is
// read from the cache of prompts. Source: Amazon Bedrock pricing, second hand (price data of public works, 2026).
var (
	geographicFactor = decimal.RequireFromString("1.1")
	cacheReadFactor  = decimal.RequireFromString("0.1")
)

// aiModels prices the tokens of a month: those of people who are at work on a day, by the requests that each makes.
func (e *estimate) aiModels() {
	if e.Input.models == nil {
		return
	}
	small := e.usage.Value("ai_small_percent").Div(hundred)
	for _, m := range []struct {
		name, profile string
		share         decimal.Decimal
	}{{"main", e.Input.models.Main, decimal.NewFromInt(1).Sub(small)}, {"small", e.Input.models.Small, small}} {
		e.tokens(m.name, m.profile, e.load.personDay().times(e.usage.Value("ai_users_percent").Div(hundred)).
			times(e.usage.Value("ai_requests_per_user_day")).times(m.share))
	}
}

// tokens prices what requests send to a model and get from it.
func (e *estimate) tokens(name, profile string, requests rate) {
	model, geographic := modelOf(profile)
	at := inventory.Resource{Address: fmt.Sprintf("output.%s[%q]", modelsOutput, name), Type: "output"}
	factor, where := decimal.NewFromInt(1), ""
	if geographic {
		factor, where = geographicFactor, "; each counts 1.1, as profiles of one geography cost a tenth more"
	}
	in, out := e.usage.Value("ai_input_tokens_per_request"), e.usage.Value("ai_output_tokens_per_request")
	cached := e.usage.Value("ai_cached_percent").Div(hundred)
	common := []string{"ai_users_percent", "ai_requests_per_user_day", "ai_small_percent", "users"}
	for _, line := range []struct {
		item       pricing.Item
		title, why string
		perRequest decimal.Decimal
		assumed    []string
	}{
		{pricing.BedrockInputTokens, "input", "tokens that requests of " + profile + " send anew",
			in.Mul(decimal.NewFromInt(1).Sub(cached)), []string{"ai_input_tokens_per_request", "ai_cached_percent"}},
		{pricing.BedrockInputTokens, "input read from the cache", "tokens that requests of " + profile + " repeat, a tenth of each",
			in.Mul(cached).Mul(cacheReadFactor), []string{"ai_input_tokens_per_request", "ai_cached_percent"}},
		{pricing.BedrockOutputTokens, "output", "tokens that answers of " + profile + " have", out, []string{"ai_output_tokens_per_request"}},
	} {
		before := len(e.report.Unpriced)
		u := e.byHour(requests.times(line.perRequest).times(factor), line.why+where, append(line.assumed, common...)...)
		u.title = model + ", " + line.title
		e.add(at, line.item, model, u)
		if len(e.report.Unpriced) > before {
			return // once says enough
		}
	}
}

// personDay is how many person-days an hour has: on each day all who are there in its busiest hour.
func (l load) personDay() rate {
	most := func(hours [24]decimal.Decimal) decimal.Decimal { return decimal.Max(hours[0], hours[1:]...) }
	workday, weekend := most(l.usage.Workday), most(l.usage.Weekend)
	return func(m moment) decimal.Decimal {
		percent := workday
		if m.off {
			percent = weekend
		}
		return l.peak.Mul(percent).Div(hundred).Div(decimal.NewFromInt(24))
	}
}

// Models is what AI models cost in the month; nothing where there are none.
func (r *Report) Models() pricing.USD {
	return sum(r.Lines, func(l Line) pricing.USD {
		if item := l.Figure.Key.Item; item != pricing.BedrockInputTokens && item != pricing.BedrockOutputTokens {
			return pricing.USD{}
		}
		return l.Cost
	})
}

// ModelsPerPerson is the same for each of those who are there at the busiest hour, to the cent; nothing where nobody is.
func (r *Report) ModelsPerPerson() pricing.USD {
	if !r.Users.IsPositive() {
		return pricing.USD{}
	}
	return pricing.Dollars(r.Models().Decimal().DivRound(r.Users, 2))
}
