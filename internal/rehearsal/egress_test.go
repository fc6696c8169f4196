package rehearsal_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/egress"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"

	tfjson "github.com/hashicorp/terraform-json"
)

// made are the resources of a pattern as the embedded AWS makes them, those of the cloud and of the platform together.
func made(t *testing.T, pattern string) []*tfjson.StateResource {
	t.Helper()
	source := os.DirFS("../..")
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	found, err := deployment.FindPattern(source, pattern)
	if err != nil {
		t.Fatal(err)
	}
	d, findings := found.Deployment(t.TempDir())
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	runner := &lifecycle.Runner{
		Source: source, Program: "test", Binary: engineOrSkip(t), Environ: environ(),
		Reporter: progress.NewPlain(io.Discard, now), Now: now, Random: chance(),
	}
	previews, err := rehearsal.New("test", now).Preview(t.Context(), runner, d, true)
	if err != nil {
		t.Fatal(err)
	}
	var all []*tfjson.StateResource
	for _, p := range previews {
		if p.Stack == lifecycle.CloudStack && !egress.Wanted(p.Made) {
			t.Fatal("the plan does not say that there is no way to the internet")
		}
		all = append(all, lifecycle.Managed(p.Made.Document.PriorState)...)
	}
	return all
}

// judged is the report on resources.
func judged(all []*tfjson.StateResource) *egress.Report {
	root := &tfjson.StateModule{Resources: all}
	return egress.Read(plan.Read(&tfjson.Plan{PlannedValues: &tfjson.StateValues{RootModule: root}}).Planned())
}

// TestEgress takes every endpoint and every statement away from PubSec, one at a time, and opens every kind of way: each of these is told.
func TestEgress(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a pattern")
	}
	all := made(t, "pubsec")
	report := judged(all)
	if !report.Good() || len(report.Ways) == 0 {
		t.Fatalf("PubSec as it is: %+v", report)
	}
	t.Logf("%d ways, %d closed, exceptions %v", len(report.Ways), report.Closed, report.Exceptions)
	changes := slices.Concat(lacks(t, all), openings(all))
	for _, change := range changes {
		t.Run(change.name, func(t *testing.T) {
			got := judged(change.all)
			switch {
			case change.lacks && got.Missing() == 0:
				t.Error("every call still has a way")
			case !change.lacks && len(got.Openings) == 0:
				t.Error("nothing is open")
			}
			for _, way := range got.Ways {
				if way.Missing != "" && (way.Symptom == "" || way.Todo == "") {
					t.Errorf("%s: neither what is seen nor what to do is said", way.Missing)
				}
			}
		})
	}
	t.Run("a way to the internet helps where no endpoint takes the call", func(t *testing.T) {
		for _, change := range changes {
			refused := strings.HasPrefix(change.name, "without a group") || strings.HasPrefix(change.name, "without statement")
			if !refused && !strings.HasPrefix(change.name, "without private DNS") {
				continue
			}
			if missing := judged(slices.Concat(change.all, routed(all))).Missing(); (missing > 0) != refused {
				t.Errorf("%s, with a NAT gateway: %d calls have no way", change.name, missing)
			}
		}
	})
	page, err := os.ReadFile("../../docs/reference/egress.md")
	if err != nil {
		t.Fatal(err)
	}
	if told := fmt.Sprintf("%d removals and openings", len(changes)); !strings.Contains(string(page), told) {
		t.Errorf("docs/reference/egress.md does not say %q", told)
	}
}

// change is a deployment that lacks something, or is open somewhere.
type change struct {
	name  string
	all   []*tfjson.StateResource
	lacks bool
}

// lacks takes away what calls need: each endpoint, each statement, what leads to endpoints, and what makes their names lead there.
func lacks(t *testing.T, all []*tfjson.StateResource) []change {
	t.Helper()
	var changes []change
	for i, r := range all {
		without := func(name string, resource *tfjson.StateResource) {
			changed := slices.Clone(all)
			changed[i] = resource
			if resource == nil {
				changed = slices.Delete(changed, i, i+1)
			}
			changes = append(changes, change{name, changed, true})
		}
		switch {
		case r.Type == "aws_vpc_security_group_ingress_rule" && strings.HasPrefix(r.Address, "module.endpoints"):
			without("without "+r.Address, nil)
		case r.Type == "aws_lb":
			without("without a group of "+r.Address+" that lets anybody in", with(r, "security_groups", []any{"sg-0"}))
		case r.Type == "aws_vpc":
			without("without DNS support of "+r.Address, with(r, "enable_dns_support", false))
		case r.Type == "helm_release" && strings.Contains(fmt.Sprint(r.AttributeValues["values"]), `"10.0.240.8/32"`):
			text := r.AttributeValues["values"].([]any)[0].(string)
			elsewhere := strings.Replace(text, `"10.0.240.8/32"`, `"10.0.99.8/32"`, 1)
			without("without the load balancer for workspaces", with(r, "values", []any{elsewhere}))
		case r.Type != "aws_vpc_endpoint" || strings.Contains(r.Address, `"sts"`):
		default:
			without("without "+r.Address, nil)
			if r.AttributeValues["vpc_endpoint_type"] == "Interface" {
				without("without private DNS of "+r.Address, with(r, "private_dns_enabled", false))
				without("without a group of "+r.Address, with(r, "security_group_ids", []any{}))
			} else {
				without("without routes to "+r.Address, with(r, "route_table_ids", []any{}))
			}
			var policy map[string]any
			if err := json.Unmarshal([]byte(r.AttributeValues["policy"].(string)), &policy); err != nil {
				t.Fatal(err)
			}
			list := policy["Statement"].([]any)
			for k := range list {
				policy["Statement"] = slices.Delete(slices.Clone(list), k, k+1)
				text, err := json.Marshal(policy)
				if err != nil {
					t.Fatal(err)
				}
				without(fmt.Sprintf("without statement %d of %s", k, r.Address), with(r, "policy", string(text)))
			}
		}
	}
	return changes
}

// routed are default routes by a NAT gateway for all route tables.
func routed(all []*tfjson.StateResource) (routes []*tfjson.StateResource) {
	for _, r := range all {
		if r.Type == "aws_route_table" {
			routes = append(routes, &tfjson.StateResource{Address: "aws_route.opened", Mode: tfjson.ManagedResourceMode, Type: "aws_route",
				Name: "opened", AttributeValues: map[string]any{"route_table_id": r.AttributeValues["id"],
					"destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-0"}})
		}
	}
	return routes
}

// with is a resource with another value of one attribute.
func with(r *tfjson.StateResource, attribute string, value any) *tfjson.StateResource {
	changed := *r
	changed.AttributeValues = maps.Clone(r.AttributeValues)
	changed.AttributeValues[attribute] = value
	return &changed
}

// openings opens what is closed: a route of each kind in each route table, gateways, addresses, doors, and the policy of each endpoint.
func openings(all []*tfjson.StateResource) []change {
	var changes []change
	add := func(name string, more ...*tfjson.StateResource) {
		changes = append(changes, change{name, append(slices.Clone(all), more...), false})
	}
	resource := func(typ string, values map[string]any) *tfjson.StateResource {
		return &tfjson.StateResource{Address: typ + ".opened", Mode: tfjson.ManagedResourceMode, Type: typ, Name: "opened",
			AttributeValues: values}
	}
	for _, typ := range []string{"aws_internet_gateway", "aws_nat_gateway", "aws_egress_only_internet_gateway", "aws_eip", "aws_vpn_gateway"} {
		add("with "+typ, resource(typ, map[string]any{"id": "x"}))
	}
	for i, r := range all {
		instead := func(name, attribute string, value any) {
			changed := slices.Clone(all)
			changed[i] = with(r, attribute, value)
			changes = append(changes, change{name + " of " + r.Address, changed, false})
		}
		switch r.Type {
		case "aws_route_table":
			for argument, id := range map[string]string{
				"gateway_id": "igw-0", "nat_gateway_id": "nat-0", "transit_gateway_id": "tgw-0", "vpc_peering_connection_id": "pcx-0",
				"egress_only_gateway_id": "eigw-0", "network_interface_id": "eni-0",
			} {
				add("with a route by "+argument+" in "+r.Address, resource("aws_route", map[string]any{
					"route_table_id": r.AttributeValues["id"], "destination_cidr_block": "0.0.0.0/0", argument: id}))
				instead("with a block for a route by "+argument, "route", []any{map[string]any{"cidr_block": "0.0.0.0/0", argument: id}})
			}
		case "aws_subnet":
			instead("public addresses", "map_public_ip_on_launch", true)
		case "aws_lb":
			instead("on the internet", "internal", false)
		case "aws_eks_cluster":
			instead("public API", "vpc_config", []any{map[string]any{"endpoint_public_access": true}})
		case "aws_vpc_endpoint":
			instead("no policy", "policy", "")
			instead("an open policy", "policy", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)
			instead("a policy that lets everybody write", "policy",
				`{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}]}`)
		case "aws_vpc_security_group_ingress_rule":
			if strings.HasPrefix(r.Address, "module.endpoints") {
				instead("every address", "cidr_ipv4", "0.0.0.0/0")
			}
		case "helm_release":
			if values := fmt.Sprint(r.AttributeValues["values"]); strings.Contains(values, `"internetPorts"`) {
				text := r.AttributeValues["values"].([]any)[0].(string)
				instead("the internet for workspaces", "values", []any{strings.Replace(text, `"internet": false`, `"internet": true`, 1)})
				instead("the network for workspaces", "values", []any{strings.Replace(text, `"10.0.240.8/32"`, `"10.0.0.0/16"`, 1)})
			}
		}
	}
	return changes
}

// TestImagesWithoutAWay: an image of another registry, or of ECR in another region, has no way.
func TestImagesWithoutAWay(t *testing.T) {
	cluster := &tfjson.StateResource{Address: "aws_eks_cluster.c", Mode: tfjson.ManagedResourceMode, Type: "aws_eks_cluster",
		AttributeValues: map[string]any{"arn": "arn:aws:eks:us-east-1:123456789012:cluster/c"}}
	for image, missing := range map[string]int{
		"123456789012.dkr.ecr.us-east-1.amazonaws.com/coder/coder": 0,
		"123456789012.dkr.ecr.us-east-2.amazonaws.com/coder/coder": 1,
		"ghcr.io/coder/coder:v2.35.1":                              1,
		"public.ecr.aws/docker/library/postgres:17":                1,
	} {
		release := &tfjson.StateResource{Address: "helm_release.r", Mode: tfjson.ManagedResourceMode, Type: "helm_release",
			AttributeValues: map[string]any{"name": "r", "values": []any{"image: { repository: \"" + image + "\", tag: v1 }"}}}
		if got := judged([]*tfjson.StateResource{cluster, release}); got.Missing() != missing {
			t.Errorf("%s: %+v", image, got.Ways)
		}
	}
}
