package preflight

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"coderaws/internal/account"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"
)

// Verdict is what a comparison found out.
type Verdict struct {
	// Findings are errors for what AWS would refuse, and warnings for what is not known or may go wrong.
	Findings diagnostic.List
	// Quotas are all that the deployment needs anything of and that the whole account shares.
	Quotas []Line
}

// Line is one quota, in the units of the quota. Its JSON form only grows.
type Line struct {
	Region string `json:"region"`
	// Scope is the zone, for quotas that count by zone.
	Scope   string  `json:"scope,omitempty"`
	Service string  `json:"service"`
	Code    string  `json:"code"`
	Name    string  `json:"name"`
	Needed  float64 `json:"needed"`
	// Default is what AWS allows a new account.
	Default float64 `json:"default"`
	// Used is how much others use, and Allowed the value of the quota; null if the account did not say.
	Used    *float64 `json:"used"`
	Allowed *float64 `json:"allowed"`
	// Enough reports whether there is room; an account that did not say its quota is taken to have AWS's default.
	Enough bool `json:"enough"`
}

// Compare holds what a deployment needs against what an account answered. own are the regions in which it exists already. now tells how old
// the answers are.
func Compare(s *account.Snapshot, need *rehearsal.Need, own map[string]bool, now time.Time) *Verdict {
	c := &comparison{snapshot: s, need: need, own: own, rules: rehearsal.NameRules(), verdict: &Verdict{}}
	c.quotas()
	c.names()
	c.offers()
	c.delegations()
	c.reach()
	c.existing()
	c.age(now)
	c.unanswered()
	slices.SortStableFunc(c.verdict.Findings, func(a, b *diagnostic.Diagnostic) int { return severity(a) - severity(b) })
	return c.verdict
}

func severity(d *diagnostic.Diagnostic) int {
	if d.Severity == diagnostic.Error {
		return 0
	}
	return 1
}

type comparison struct {
	snapshot *account.Snapshot
	need     *rehearsal.Need
	own      map[string]bool
	rules    map[string][]rehearsal.NameRule
	verdict  *Verdict
}

func (c *comparison) add(d *diagnostic.Diagnostic) {
	c.verdict.Findings = append(c.verdict.Findings, d)
}

// part is what the account answered about a region, or about the services that have none.
func (c *comparison) part(region string) *account.Part {
	if region == rehearsal.Global {
		return &c.snapshot.Global
	}
	if asked := c.snapshot.Regions[region]; asked != nil {
		return &asked.Part
	}
	return &account.Part{}
}

// exists reports whether the deployment exists in a region already, or anywhere for what has none.
func (c *comparison) exists(region string) bool {
	return c.own[region] || region == rehearsal.Global && len(c.own) > 0
}

// names finds those that are taken.
func (c *comparison) names() {
	for _, name := range c.need.Names {
		for _, region := range []string{name.Region, rehearsal.Global} {
			if c.exists(region) {
				continue
			}
			for _, rule := range c.rules[name.Type] {
				if taken(c.part(region).Names[name.Type], name.Name, rule.FoldCase) {
					c.add(c.collision(rule, name, region))
				}
			}
		}
	}
}

func taken(names []string, name string, foldCase bool) bool {
	return slices.ContainsFunc(names, func(other string) bool { return other == name || foldCase && strings.EqualFold(other, name) })
}

func (c *comparison) collision(rule rehearsal.NameRule, name rehearsal.Name, region string) *diagnostic.Diagnostic {
	place := "in " + region
	if region == rehearsal.Global {
		place = "in the account"
	}
	d := diagnostic.Errorf("the name %s is taken: there is another %s of that name %s", name.Name, rule.Noun, place)
	answer := rule.Answer(c.snapshot.Account, region, name)
	d.Code, d.Address = answer.Code, name.Address
	d.Why = "AWS would answer: " + answer.Summary
	d.Todo = "change the setting name of this deployment, or delete what has the name; what a run of this deployment made and lost track of can be adopted with terraform import"
	return d
}

// reach warns of clusters that can only be worked on from inside of their VPC.
func (c *comparison) reach() {
	for _, address := range c.need.Private {
		d := lifecycle.PrivateAPI()
		d.Address = address
		c.add(d)
	}
}

// existing says where a deployment of this name exists already: it may be this one, or somebody else's.
func (c *comparison) existing() {
	for _, region := range slices.Sorted(maps.Keys(c.own)) {
		if !c.own[region] {
			continue
		}
		d := diagnostic.Warningf("a deployment of this name exists in account %s in %s already", c.snapshot.Account, region)
		d.Code = "account.deployed"
		d.Why = "a cluster there has its tag coderaws:deployment. What is used and which names are taken was left out of the comparison, as it may be this deployment's own"
		d.Todo = "if that is another deployment, change the setting name of this one"
		c.add(d)
	}
}

// oldAfter is the age at which answers are pointed out as old.
const oldAfter = 7 * 24 * time.Hour

func (c *comparison) age(now time.Time) {
	if age := now.Sub(c.snapshot.Taken); age > oldAfter {
		d := diagnostic.Warningf("the snapshot of the account is %d days old", int(age.Hours()/24))
		d.Code, d.Why = "account.old", "the account may have other quotas, use and names by now"
		d.Todo = "take it anew: `coderaws check DIR --target aws --save-account FILE`"
		c.add(d)
	}
}

// unanswered tells what is not known. Missing permissions come as one finding, as one policy grants them all, and so do failures of one
// kind.
func (c *comparison) unanswered() {
	all := c.snapshot.Global.Unanswered
	for _, name := range slices.Sorted(maps.Keys(c.snapshot.Regions)) {
		all = append(all[:len(all):len(all)], c.snapshot.Regions[name].Unanswered...)
	}
	var actions, subjects []string
	failed := map[string]*diagnostic.Diagnostic{}
	for _, u := range all {
		if u.Denied() {
			actions, subjects = append(actions, u.Action), append(subjects, u.About)
			continue
		}
		kind := u.Action + "|" + u.Code
		if same := failed[kind]; same != nil {
			same.Summary += ", " + u.About
			continue
		}
		d := diagnostic.Warningf("not known: %s", u.About)
		d.Code, d.Why = "account.unanswered", fmt.Sprintf("AWS did not answer %s: %s", u.Action, strings.TrimPrefix(u.Code+": "+u.Why, ": "))
		d.Todo = "try again; the rest was compared"
		failed[kind] = d
		c.add(d)
	}
	if len(actions) == 0 {
		return
	}
	slices.Sort(actions)
	d := diagnostic.Warningf("not known: %s", strings.Join(slices.Compact(subjects), ", "))
	d.Code = "account.denied"
	d.Why = "these credentials may not ask: " + strings.Join(slices.Compact(actions), ", ")
	d.Todo = "allow them what `coderaws check --policy` prints, which only reads; the rest was compared"
	c.add(d)
}
