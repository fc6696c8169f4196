package rehearsal

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/lifecycle"
	"coderaws/internal/nearest"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox/fault"
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"
)

// Fault is something that shall go wrong on the embedded AWS, as a user ordered it.
type Fault struct {
	// Text is the order, as it was written.
	Text string
	// Warning says why AWS would hardly do this; nil if it might.
	Warning *diagnostic.Diagnostic

	fault    *world.Fault
	shortage *world.Shortage
	// regions counts those of the deployment.
	regions int
	// found says that the address was seen in a plan.
	found bool
}

// FaultForm is how a fault is written.
const FaultForm = "WHERE=ERROR[,TIMES][,WHEN], zone:ZONE[,RUNS] or spot[:ZONE][,RUNS]"

var (
	faultCode    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*$`)
	faultType    = regexp.MustCompile(`^(aws_[a-z0-9_]+|helm_release)(#[1-9][0-9]*)?$`)
	faultAddress = regexp.MustCompile(
		`^((module\.[\pL_][\pL\pN_-]*)(\[[^\]]*\])?\.)*(aws_[a-z0-9_]+|helm_release)\.[\pL_][\pL\pN_-]*(\[.*\])?$`)
)

// types are the resource types that the embedded AWS serves.
func types() ([]string, error) {
	provider, err := schema.Load()
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(provider.ResourceNames()), lifecycle.ReleaseType), nil
}

// ParseFaults reads the orders of faults. types are the resource types of the AWS provider, and regions those of the deployment. The error
// lists all that is wrong, and asks for diagnostic.ExitInvalid.
func ParseFaults(texts, types, regions []string) ([]*Fault, error) {
	var faults []*Fault
	var list diagnostic.List
	for _, text := range texts {
		fault, problem := parseFault(text, types, regions)
		if problem != nil {
			problem.Code = "usage.fault"
			list = append(list, problem)
			continue
		}
		fault.regions = len(regions)
		faults = append(faults, fault)
	}
	if len(list) > 0 {
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, list)
	}
	return faults, nil
}

func parseFault(text string, types, regions []string) (*Fault, *diagnostic.Diagnostic) {
	where, answer, isError := cutOrder(text)
	if isError {
		return parseError(text, where, answer, types)
	}
	where, rest, _ := strings.Cut(text, ",")
	kind, zone, named := strings.Cut(where, ":")
	if kind != "zone" && kind != "spot" || kind == "zone" && !named || named && zone == "" {
		d := diagnostic.Errorf("the fault %q does not say what goes wrong", text)
		d.Why = "a fault is written " + FaultForm
		d.Todo = "write for example aws_nat_gateway=InternalError,after-create, or zone:" + anyZone(regions)
		return nil, d
	}
	if problem := knownZone(text, zone, regions); problem != nil {
		return nil, problem
	}
	shortage := &world.Shortage{Name: text, Zone: zone, Spot: kind == "spot", Runs: 1}
	for _, word := range words(rest) {
		runs, ok := times(word)
		if !ok {
			return nil, badWord(text, word, "a shortage lasts for a number of runs: once, 2, 3 or always")
		}
		shortage.Runs = runs
	}
	return &Fault{Text: text, shortage: shortage}, nil
}

// cutOrder cuts an order at the = that is not inside of an address's instance key.
func cutOrder(text string) (where, answer string, found bool) {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '=' && depth == 0:
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

func parseError(text, where, answer string, types []string) (*Fault, *diagnostic.Diagnostic) {
	code, rest, _ := strings.Cut(answer, ",")
	if !faultCode.MatchString(code) {
		d := diagnostic.Errorf("%q in the fault %q is no error code of AWS", code, text)
		d.Why = "AWS's codes are words such as InternalError or InvalidVpcID.NotFound"
		d.Todo = "name one of the codes that AWS's documentation lists for the service"
		return nil, d
	}
	known, isKnown := fault.Find(code)
	fault := &world.Fault{
		Name: text, Times: 1, Actions: []world.Action{world.Create, world.Update},
		Error: world.Error{Code: code, Message: known.Message, Status: known.Status},
	}
	switch {
	case where == "every":
		fault.Each = true
	case faultType.MatchString(where):
		name, nth, _ := strings.Cut(where, "#")
		fault.Type = name
		fault.Nth, _ = strconv.Atoi(nth) // the pattern leaves only numbers, and nothing counts as 0
		if problem := knownType(text, name, types); problem != nil {
			return nil, problem
		}
	case faultAddress.MatchString(where):
		fault.Address = where
		fault.Type = plan.Type(where)
		if problem := knownType(text, fault.Type, types); problem != nil {
			return nil, problem
		}
	default:
		d := diagnostic.Errorf("%q in the fault %q names no resource", where, text)
		d.Why = "a fault strikes a type (aws_subnet), the second of a type (aws_subnet#2), an address (module.network.aws_vpc.this) or every resource (every)"
		d.Todo = "write " + FaultForm
		return nil, d
	}
	for _, word := range words(rest) {
		if n, ok := times(word); ok {
			fault.Times = n
			continue
		}
		action, after := strings.CutPrefix(word, "after-")
		if !slices.Contains([]string{"create", "update", "delete", "read"}, action) || after && action == "read" {
			return nil,
				badWord(text, word,
					"after the error come, in any order, how often (once, 2, 3, always) and when (create, update, delete, read, after-create, "+
						"after-update, after-delete)")
		}
		fault.Actions, fault.After = []world.Action{world.Action(action)}, after
	}
	order := &Fault{Text: text, fault: fault}
	if isKnown && fault.Type != "" && !known.Fits(fault.Type) {
		order.Warning = diagnostic.Warningf("AWS hardly answers %s for %s", code, fault.Type)
		order.Warning.Code, order.Warning.Why = "fault.unlikely", "it is an error of "+strings.Join(known.Types, ", ")
		order.Warning.Todo = "read the rehearsal as what would happen if it did"
	}
	return order, nil
}

// words splits the modifiers of an order.
func words(rest string) []string {
	if rest == "" {
		return nil
	}
	return strings.Split(rest, ",")
}

// times reads how often something goes wrong.
func times(word string) (n int, ok bool) {
	switch word {
	case "once":
		return 1, true
	case "always":
		return world.Always, true
	}
	n, err := strconv.Atoi(word)
	return n, err == nil && n > 0
}

func badWord(text, word, why string) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("%q in the fault %q is not understood", word, text)
	d.Why = why
	d.Todo = "write " + FaultForm
	return d
}

func knownType(text, name string, types []string) *diagnostic.Diagnostic {
	if slices.Contains(types, name) {
		return nil
	}
	d := diagnostic.Errorf("there is no resource type %s, which the fault %q names", name, text)
	d.Why = "the AWS provider has no such resource; faults strike resources, not data sources"
	d.Todo = "name a resource type of the deployment" + meant(name, types)
	return d
}

func knownZone(text, zone string, regions []string) *diagnostic.Diagnostic {
	var zones []string
	for _, region := range regions {
		for _, z := range facts.Zones(region) {
			zones = append(zones, z.Name)
		}
	}
	if zone == "" || slices.Contains(zones, zone) {
		return nil
	}
	d := diagnostic.Errorf("the deployment's regions have no zone %s, which the fault %q names", zone, text)
	d.Why = "it is in " + strings.Join(regions, ", ") + ", with the zones " + strings.Join(zones, ", ")
	d.Todo = "name one of these zones"
	return d
}

func anyZone(regions []string) string {
	for _, region := range regions {
		for _, zone := range facts.Zones(region) {
			return zone.Name
		}
	}
	return "us-east-1a"
}

// nearestNames is how many names are suggested for one that does not exist.
const nearestNames = 3

// meant suggests the names that are most like one that does not exist.
func meant(name string, names []string) string {
	near := nearest.Names(name, names, nearestNames)
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
}
