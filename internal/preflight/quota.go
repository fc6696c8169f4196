package preflight

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"coderaws/internal/account"
	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"
)

// quotas finds those that leave no room. Quotas inside one resource, such as the rules of a security group, are compared too, but only make
// a line where they leave none: others cannot have used them up.
func (c *comparison) quotas() {
	worst := map[string]rehearsal.Usage{}
	for _, usage := range c.need.Usages {
		at := usage.Code + "|" + usage.Region
		if usage.Shared {
			at += "|" + usage.Scope
		}
		if other, ok := worst[at]; !ok || usage.Peak > other.Peak {
			worst[at] = usage
		}
	}
	answers := map[string]string{}
	for _, usage := range worst {
		answers[usage.Code] = usage.Error
		if line := c.line(usage); usage.Shared || !line.Enough {
			c.verdict.Quotas = append(c.verdict.Quotas, line)
		}
	}
	slices.SortFunc(c.verdict.Quotas, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Scope, b.Scope))
	})
	c.shortages(answers)
}

// shortages reports each quota that leaves no room once, however many zones it leaves none in. answers are the codes of AWS's errors, by
// quota.
func (c *comparison) shortages(answers map[string]string) {
	reported := map[string]bool{}
	for _, line := range c.verdict.Quotas {
		if line.Enough || reported[line.Region+line.Code] {
			continue
		}
		reported[line.Region+line.Code] = true
		c.add(c.shortage(line, answers[line.Code]))
	}
}

func (c *comparison) line(usage rehearsal.Usage) Line {
	part := c.part(usage.Region)
	line := Line{
		Region: usage.Region, Scope: usage.Scope, Service: usage.Service, Code: usage.Code, Name: usage.Name, Needed: usage.Peak,
		Default: usage.Default,
	}
	if !usage.Shared {
		line.Scope = ""
	}
	if value, ok := part.Quotas[line.Code]; ok {
		line.Allowed = &value
	}
	if scopes, ok := part.Usage[line.Code]; ok && usage.Shared && !c.exists(usage.Region) {
		used := scopes[line.Scope]
		line.Used = &used
	}
	limit := usage.Default
	if line.Allowed != nil {
		limit = *line.Allowed
	}
	line.Enough = limit < 0 || total(line) <= limit
	return line
}

func total(line Line) float64 {
	if line.Used == nil {
		return line.Needed
	}
	return line.Needed + *line.Used
}

// launchErrors are AWS's answers over the quotas that count vCPUs.
var launchErrors = []string{"VcpuLimitExceeded", "MaxSpotInstanceCountExceeded"}

// shortage is an error if the account said what it allows, and a warning if only AWS's default is known.
func (c *comparison) shortage(line Line, code string) *diagnostic.Diagnostic {
	where := line.Region
	if where == rehearsal.Global {
		where = "the account"
	}
	needs := figure(line.Needed)
	if slices.Contains(launchErrors, code) {
		needs += " vCPUs"
	}
	d := diagnostic.Errorf("%s has no room for this deployment: it needs %s of %q", where, needs, line.Name)
	d.Code = code
	used := "and how much is in use already is not known"
	if line.Used != nil {
		used = "with " + figure(*line.Used) + " in use already"
	}
	if line.Scope != "" {
		used += " in " + line.Scope
	}
	if line.Allowed != nil {
		d.Why = fmt.Sprintf("quota %s of %s allows %s, %s; AWS would answer %s", line.Code, line.Service, figure(*line.Allowed), used, code)
	} else {
		d.Severity = diagnostic.Warning
		d.Summary = fmt.Sprintf("it is not known whether %s has room for this deployment: it needs %s of %q", where, needs, line.Name)
		d.Why = fmt.Sprintf("the account did not say what quota %s of %s allows, AWS's default is less, %s", line.Code, line.Service, used)
	}
	region := account.QuotaRegion(line.Service, c.anyRegion(line.Region))
	d.Todo = "ask for more; AWS answers within minutes to days:\n" + Request(line.Service, line.Code, region, Round(total(line)))
	return d
}

// anyRegion is a region of the partition that the account is in.
func (c *comparison) anyRegion(region string) string {
	if region != rehearsal.Global {
		return region
	}
	for name := range c.snapshot.Regions {
		return name
	}
	return "us-east-1"
}

// Request is the command that asks AWS for a quota.
func Request(serviceCode, code, region string, value float64) string {
	return fmt.Sprintf("aws service-quotas request-service-quota-increase --service-code %s --quota-code %s --desired-value %s --region %s",
		serviceCode, code, figure(value), region)
}

// Round gives the value that is worth asking for: the next with two digits that are not zero, such as 160 for 154. Requests are answered by
// people and in steps, and a quota that is exactly full cannot even replace a node.
func Round(value float64) float64 {
	if value <= 0 {
		return 0
	}
	step := max(1, math.Pow(10, math.Floor(math.Log10(value))-1))
	return math.Ceil(value/step) * step
}

// figure writes a number without an exponent or trailing zeros, and with at most one decimal.
func figure(value float64) string {
	return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64)
}
