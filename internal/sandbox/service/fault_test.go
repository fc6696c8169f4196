package service_test

import (
	"slices"
	"strings"
	"testing"

	"coderaws/internal/sandbox/fault"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/world"
)

// TestShortages is the specification of what AWS does where it lacks capacity: it goes to another zone if it may, and else fails. What it
// fails to launch after it has taken the request exists, as failed.
func TestShortages(t *testing.T) {
	zoneA, zoneB := &world.Shortage{Name: "a", Zone: "us-east-1a", Runs: 1}, &world.Shortage{Name: "b", Zone: "us-east-1b", Runs: 1}
	spot := &world.Shortage{Name: "spot", Spot: true, Runs: 1}
	group := func(zones int, change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, n := nodeGroupConfig(t, d)
			subnets := []any{}
			for i := range zones {
				subnets = append(subnets, n.subnets[i]["id"])
			}
			return "aws_eks_node_group", merged(merged(config, object{"subnet_ids": subnets}), change)
		}
	}
	database := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			clusterIn(t, d, nil)
			return "aws_rds_cluster_instance",
				merged(object{"identifier": "one", "cluster_identifier": "coder", "engine": "aurora-postgresql", "instance_class": "db.serverless"},
					change)
		}
	}
	instance := func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		return "aws_instance", object{"ami": "ami-0123456789abcdef0", "instance_type": "m5.large",
			"subnet_id": networkIn(t, d, 1).subnets[0]["id"]}
	}
	for _, test := range []struct {
		name      string
		shortages []*world.Shortage
		given     setting
		// says is what the error holds; empty means that there is none.
		says string
		// exists says that what failed is there.
		exists bool
		zone   string
	}{
		{name: "nodes that can only be in a zone without capacity", shortages: []*world.Shortage{zoneA}, given: group(1, nil), exists: true,
			says: "waiting for EKS Node Group (coder:workspace) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: " +
				"AsgInstanceLaunchFailures: Could not launch On-Demand Instances. " +
				"InsufficientInstanceCapacity - We currently do not have sufficient m5.large capacity in the Availability Zone you requested " +
				"(us-east-1a)."},
		{name: "nodes that can be in another zone", shortages: []*world.Shortage{zoneA}, given: group(2, nil)},
		{name: "nodes all of whose zones lack capacity", shortages: []*world.Shortage{zoneA, zoneB}, given: group(2, nil), exists: true,
			says: "(us-east-1a, us-east-1b)"},
		{name: "a group that starts without nodes", shortages: []*world.Shortage{zoneA}, given: group(1, sized(0, 0, 3))},
		{name: "spot nodes in a spot shortage", shortages: []*world.Shortage{spot}, given: group(2, object{"capacity_type": "SPOT"}),
			exists: true,
			says:   "Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity due to your request configuration."},
		{name: "nodes on demand in a spot shortage", shortages: []*world.Shortage{spot}, given: group(1, nil)},
		{name: "an instance in a zone without capacity", shortages: []*world.Shortage{zoneA}, given: instance,
			says: "api error InsufficientInstanceCapacity: We currently do not have sufficient m5.large capacity"},
		{name: "an instance in another zone", shortages: []*world.Shortage{zoneB}, given: instance},
		{name: "a database told to be in a zone without capacity", shortages: []*world.Shortage{zoneA},
			given: database(object{"availability_zone": "us-east-1a"}), says: "api error InsufficientDBInstanceCapacity: "},
		{name: "a database that RDS places", shortages: []*world.Shortage{zoneA}, given: database(nil), zone: "us-east-1b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			typeName, config := test.given(t, d)
			var shortages []*world.Shortage
			for _, s := range test.shortages {
				again := *s
				shortages = append(shortages, &again)
			}
			d.World.Disturb(world.NewFaults(nil, shortages))
			d.World.BeginRun()
			state, err := d.Create(typeName, config)
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Fatalf("AWS says %v, want %q", err, test.says)
			}
			there := 0
			_ = d.World.Do(func() error { // looking cannot fail
				there = len(d.World.List(func(r *world.Resource) bool { return r.Type == typeName && r.Failed == (err != nil) }))
				return nil
			})
			if exists := there == 1; exists != (test.says == "" || test.exists) {
				t.Errorf("%d exist", there)
			}
			if test.zone != "" && state["availability_zone"] != test.zone {
				t.Errorf("it is in %v, want %s", state["availability_zone"], test.zone)
			}
		})
	}
}

// TestShortageEnds lets AWS have capacity again after as many runs as were ordered.
func TestShortageEnds(t *testing.T) {
	d := sandboxtest.New(t, "")
	config := object{"ami": "ami-0123456789abcdef0", "instance_type": "m5.large", "subnet_id": networkIn(t, d, 1).subnets[0]["id"]}
	d.World.Disturb(world.NewFaults(nil, []*world.Shortage{{Name: "a", Zone: "us-east-1a", Runs: 2}}))
	for run, want := range []bool{false, false, true} {
		d.World.BeginRun()
		for range 2 {
			if _, err := d.Create("aws_instance", config); (err == nil) != want {
				t.Errorf("run %d: %v", run+1, err)
			}
		}
	}
}

// TestFaultsOfParts is how what is ordered for a resource strikes it also where an argument of another makes, changes or removes it, and
// where a list of such things is deleted.
func TestFaultsOfParts(t *testing.T) {
	document := policyFor("*", "s3:GetObject")
	inline := func(text string) object {
		return object{"name": "a", "assume_role_policy": trust("ec2.amazonaws.com"), "inline_policy": []any{object{"name": "p", "policy": text}}}
	}
	document = strings.Replace(document, `"Principal":"*",`, "", 1)
	other := strings.Replace(document, "s3:GetObject", "s3:PutObject", 1)
	for _, test := range []struct {
		name, struck   string
		action         world.Action
		after, each    bool
		typeName       string
		config, change object
		says           string
		// left are the parts that there are then, and whole says that what has them is there.
		left  int
		whole bool
	}{
		{name: "a policy that is not put", struck: "aws_iam_role_policy", action: world.Create, typeName: "aws_iam_role",
			config: inline(document), says: "PutRolePolicy", whole: true},
		{name: "a policy that is put, and then lost sight of", struck: "aws_iam_role_policy", action: world.Create, after: true,
			typeName: "aws_iam_role", config: inline(document), says: "AccessDenied", left: 1, whole: true},
		{name: "each policy, which a part is not", struck: "aws_iam_role_policy", action: world.Create, each: true, typeName: "aws_iam_role",
			config: inline(document), left: 1, whole: true},
		{name: "another kind of policy", struck: "aws_iam_user_policy", action: world.Create, typeName: "aws_iam_role",
			config: inline(document), left: 1, whole: true},
		{name: "a policy that is not removed", struck: "aws_iam_role_policy", action: world.Delete, typeName: "aws_iam_role",
			config: inline(document), change: object{"name": "a", "assume_role_policy": trust("ec2.amazonaws.com"),
				"inline_policy": []any{object{}}},
			says: "DeleteRolePolicy", left: 1, whole: true},
		{name: "a policy that is put otherwise, and whose removal would fail", struck: "aws_iam_role_policy", action: world.Delete,
			typeName: "aws_iam_role", config: inline(document), change: inline(other), left: 1, whole: true},
		{name: "a rule that is not made", struck: "aws_vpc_security_group_ingress_rule", action: world.Create,
			typeName: "aws_security_group", config: object{"name": "web", "ingress": []any{object{"from_port": 443, "to_port": 443,
				"protocol": "tcp", "cidr_blocks": []any{"10.0.0.0/8"}}}}, says: "AuthorizeSecurityGroupIngress", whole: true},
		{name: "versions that are not kept", struck: "aws_s3_bucket_versioning", action: world.Create, typeName: "aws_s3_bucket",
			config: object{"bucket": "coderaws-faults", "versioning": []any{object{"enabled": true}}}, says: "PutBucketVersioning", whole: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			if test.typeName == "aws_security_group" {
				test.config["vpc_id"] = vpcOf(t, d)
			}
			known, _ := fault.Find("AccessDenied")
			order := &world.Fault{Name: "order", Type: test.struck, Actions: []world.Action{test.action}, After: test.after,
				Each: test.each, Times: 1, Error: world.Error{Code: known.Code, Message: known.Message, Status: known.Status}}
			d.World.Disturb(world.NewFaults([]*world.Fault{order}, nil))
			state, err := d.Create(test.typeName, test.config)
			if test.change != nil {
				expect(t, err, "")
				_, err = d.Update(test.typeName, state, test.change)
			}
			expect(t, err, test.says)
			var parts, wholes int
			for key := range there(d) {
				switch typeName, _, _ := strings.Cut(key, " "); typeName {
				case test.struck, "aws_iam_role_policy":
					parts++
				case test.typeName:
					wholes++
				}
			}
			if test.typeName == "aws_security_group" {
				wholes-- // the VPC's own
			}
			if parts != test.left || (wholes == 1) != test.whole {
				t.Errorf("%d parts of %d are there, want %d", parts, wholes, test.left)
			}
			if got := len(d.World.Strikes()); (got == 1) != (test.says != "") {
				t.Errorf("%d strikes", got)
			}
		})
	}
}

// TestFaultsOfServices is how what is ordered strikes a call that a service of AWS makes by itself, which does not try again.
func TestFaultsOfServices(t *testing.T) {
	for _, code := range []string{"AccessDenied", "Throttling"} {
		m := museumOf(t)
		known, _ := fault.Find(code)
		order := &world.Fault{Name: "order", Type: "aws_eks_node_group", Actions: []world.Action{world.Update}, Times: 1,
			Error: world.Error{Code: known.Code, Message: known.Message, Status: known.Status}}
		m.World.Disturb(world.NewFaults([]*world.Fault{order}, nil))
		_ = m.World.Do(func() error { // reports below
			catalog := service.NewCatalog()
			c := catalog.CallBy(m.World, model.Caller{Account: m.World.Account(), Region: "us-east-1"})
			for _, want := range []int{1, 2} {
				if _, after := eks.Autoscale(catalog, m.World, c.Find("aws_eks_node_group", "c:n"), 2); after != want {
					t.Errorf("%s: the group has %d nodes, want %d", code, after, want)
				}
			}
			return nil
		})
	}
}

// TestAttempts is the specification of what the provider tries again by itself.
func TestAttempts(t *testing.T) {
	catalog := service.NewCatalog()
	for _, test := range []struct {
		typeName string
		action   world.Action
		code     string
		want     int
	}{
		{"aws_vpc", world.Create, "Throttling", 25},
		{"aws_vpc", world.Read, "RequestLimitExceeded", 25},
		{"aws_vpc", world.Create, "InternalError", 25}, // status 500
		{"aws_eks_cluster", world.Create, "ServiceUnavailableException", 25},
		{"aws_vpc", world.Create, "AccessDenied", 1},
		{"aws_vpc", world.Create, "NobodyKnows", 1},
		{"aws_instance", world.Create, "InsufficientInstanceCapacity", 1}, // status 500, and excepted
		{"aws_vpc", world.Delete, "DependencyViolation", 20},
		{"aws_vpc", world.Create, "DependencyViolation", 1},
		{"aws_iam_role", world.Update, "ConcurrentModification", 20},
		{"aws_vpc", world.Update, "ConcurrentModification", 1},
		{"aws_s3_bucket", world.Create, "OperationAborted", 20},
	} {
		known, _ := fault.Find(test.code)
		err := &world.Error{Code: known.Code, Message: known.Message, Status: known.Status}
		if got := fault.Attempts(catalog.Types[test.typeName], test.action, err); got != test.want {
			t.Errorf("%s %s %s is tried %d times, want %d", test.action, test.typeName, test.code, got, test.want)
		}
	}
}

// TestFaultErrors holds the table of errors to what it is for.
func TestFaultErrors(t *testing.T) {
	all := fault.Errors()
	if !slices.IsSortedFunc(all, func(a, b fault.Error) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("the errors are not in the order of their codes")
	}
	catalog := service.NewCatalog()
	for _, e := range all {
		if e.Message == "" || e.Status < 400 || e.Status > 599 {
			t.Errorf("%s has the message %q and the status %d", e.Code, e.Message, e.Status)
		}
		fits := len(e.Types) == 0
		for name := range catalog.Types {
			fits = fits || e.Fits(name)
		}
		if !fits {
			t.Errorf("%s fits no type that is modelled", e.Code)
		}
	}
	if _, known := fault.Find("NobodyKnows"); known {
		t.Error("an error that nobody knows is known")
	}
}
