package rehearsal

import (
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/world"

	"github.com/google/go-cmp/cmp"
)

// TestParseFaults is the specification of how faults are ordered.
func TestParseFaults(t *testing.T) {
	both := []world.Action{world.Create, world.Update}
	type order struct {
		Type, Address, Code string
		Status, Nth, Times  int
		Actions             []world.Action
		After, Each         bool
	}
	for text, want := range map[string]order{
		"aws_vpc=Throttling":      {Type: "aws_vpc", Code: "Throttling", Status: 400, Times: 1, Actions: both},
		"aws_vpc=Throttling,3":    {Type: "aws_vpc", Code: "Throttling", Status: 400, Times: 3, Actions: both},
		"aws_vpc=Throttling,once": {Type: "aws_vpc", Code: "Throttling", Status: 400, Times: 1, Actions: both},
		"aws_vpc=InternalError,always,read": {Type: "aws_vpc", Code: "InternalError", Status: 500, Times: world.Always,
			Actions: []world.Action{world.Read}},
		"aws_vpc=InternalError,read,always": {Type: "aws_vpc", Code: "InternalError", Status: 500, Times: world.Always,
			Actions: []world.Action{world.Read}},
		"aws_vpc=InvalidVpcID.NotFound,delete": {Type: "aws_vpc", Code: "InvalidVpcID.NotFound", Status: 400, Times: 1,
			Actions: []world.Action{world.Delete}},
		"aws_subnet#2=Weird,after-create": {Type: "aws_subnet", Nth: 2, Code: "Weird", Status: 400, Times: 1,
			Actions: []world.Action{world.Create}, After: true},
		"every=AccessDenied": {Code: "AccessDenied", Status: 403, Times: 1, Actions: both, Each: true},
		"aws_vpc.this=AccessDenied": {Type: "aws_vpc", Address: "aws_vpc.this", Code: "AccessDenied", Status: 403,
			Times: 1, Actions: both},
		`module.a["x=y,z"].aws_subnet.b[0]=Any,2`: {Type: "aws_subnet", Address: `module.a["x=y,z"].aws_subnet.b[0]`, Code: "Any", Status: 400,
			Times: 2, Actions: both},
		`module.a.module.b.aws_subnet.c["d.e"]=Any`: {Type: "aws_subnet", Address: `module.a.module.b.aws_subnet.c["d.e"]`, Code: "Any",
			Status: 400, Times: 1, Actions: both},
	} {
		faults, err := ParseFaults([]string{text}, []string{"aws_vpc", "aws_subnet"}, []string{"us-east-1"})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		f := faults[0].fault
		got := order{f.Type, f.Address, f.Error.Code, f.Error.Status, f.Nth, f.Times, f.Actions, f.After, f.Each}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	for text, want := range map[string]world.Shortage{
		"zone:us-east-1a":   {Zone: "us-east-1a", Runs: 1},
		"zone:us-east-1a,3": {Zone: "us-east-1a", Runs: 3},
		"spot":              {Spot: true, Runs: 1},
		"spot:us-east-1b":   {Zone: "us-east-1b", Spot: true, Runs: 1},
		"spot,always":       {Spot: true, Runs: world.Always},
	} {
		faults, err := ParseFaults([]string{text}, nil, []string{"us-east-1"})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		s := faults[0].shortage
		if got := (world.Shortage{Zone: s.Zone, Spot: s.Spot, Runs: s.Runs}); got.Zone != want.Zone || got.Spot != want.Spot ||
			got.Runs != want.Runs {
			t.Errorf("%s is %+v, want %+v", text, got, want)
		}
	}
}

// TestBadFaults is the specification of how orders are refused: each with what is wrong and a way out.
func TestBadFaults(t *testing.T) {
	for text, want := range map[string]struct{ summary, todo string }{
		"":                                 {"does not say what goes wrong", "zone:eu-west-1a"},
		"zone":                             {"does not say what goes wrong", "aws_nat_gateway=InternalError,after-create"},
		"zone:":                            {"does not say what goes wrong", "zone:eu-west-1a"},
		"zone:us-east-1a":                  {"have no zone us-east-1a", "name one of these zones"},
		"zone:eu-west-1a,0":                {`"0" in the fault`, "RUNS"},
		"zone:eu-west-1a,create":           {`"create" in the fault`, "RUNS"},
		"spot:eu-west-1a,-1":               {`"-1" in the fault`, "RUNS"},
		"aws_vpc":                          {"does not say what goes wrong", "aws_nat_gateway"},
		"aws_vpc=":                         {`"" in the fault`, "name one of the codes"},
		"aws_vpc=500":                      {`"500" in the fault`, "name one of the codes"},
		"aws_vpc=A,after-read":             {`"after-read" in the fault`, "WHEN"},
		"aws_vpc=A,,":                      {`"" in the fault`, "TIMES"},
		"aws_vcp=A":                        {"no resource type aws_vcp", "did you mean aws_vpc?"},
		"aws_vpc#0=A":                      {`"aws_vpc#0" in the fault`, "WHERE"},
		"data.aws_vpc.this=A":              {`"data.aws_vpc.this" in the fault`, "WHERE"},
		"module.a=A":                       {`"module.a" in the fault`, "WHERE"},
		"module.a.aws_something_else.b=A":  {"no resource type aws_something_else", "name a resource type of the deployment"},
		"*=A":                              {`"*" in the fault`, "WHERE"},
		"module.a.terraform_data.this=Any": {`"module.a.terraform_data.this" in the fault`, "WHERE"},
	} {
		_, err := ParseFaults([]string{text}, []string{"aws_vpc", "aws_subnet"}, []string{"eu-west-1"})
		list := diagnostic.From(err)
		if len(list) != 1 || !strings.Contains(list[0].Summary, want.summary) || !strings.Contains(list[0].Todo, want.todo) || list[0].Why == "" {
			t.Errorf("%q: %v, with the way out %v; want %q and %q", text, err, list, want.summary, want.todo)
		}
		if diagnostic.Exit(err) != diagnostic.ExitInvalid {
			t.Errorf("%q has the exit status %d", text, diagnostic.Exit(err))
		}
	}
}

// TestUnlikelyFaults warns of errors that AWS does not give for a type.
func TestUnlikelyFaults(t *testing.T) {
	for text, warned := range map[string]bool{
		"aws_vpc=InsufficientInstanceCapacity": true, "aws_instance=InsufficientInstanceCapacity": false,
		"aws_vpc=Throttling": false, "aws_vpc=NobodyKnows": false, "every=SlowDown": false,
	} {
		faults, err := ParseFaults([]string{text}, []string{"aws_vpc", "aws_instance"}, []string{"eu-west-1"})
		if err != nil {
			t.Fatal(err)
		}
		if got := faults[0].Warning != nil; got != warned {
			t.Errorf("%s: warned is %t, want %t", text, got, warned)
		}
	}
}

// TestDisturbanceIsGood holds a rehearsal with faults to what it is for.
func TestDisturbanceIsGood(t *testing.T) {
	struck := []lifecycle.FaultRecord{{Fault: "a", Strikes: 1}}
	for _, test := range []struct {
		name        string
		disturbance *Disturbance
		want        bool
	}{
		{"no faults were ordered", nil, true},
		{"every fault struck, and the world is the same", &Disturbance{Faults: struck}, true},
		{"the provider survived a fault", &Disturbance{Faults: []lifecycle.FaultRecord{{Fault: "a", Strikes: 2, Survived: 2}}}, true},
		{"a fault never struck", &Disturbance{Faults: append(struck, lifecycle.FaultRecord{Fault: "b"})}, false},
		{"the world is another", &Disturbance{Faults: struck, Differences: []string{"aws_vpc.this is missing"}}, false},
	} {
		if got := (&Report{Disturbance: test.disturbance}).Good(); got != test.want {
			t.Errorf("%s: good is %t, want %t", test.name, got, test.want)
		}
	}
}
