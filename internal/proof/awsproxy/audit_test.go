package awsproxy

import (
	"net/http"
	"strings"
	"testing"
)

// step is one call to the proxy, and what its answer has or has not.
type step struct {
	method, path, body string
	// target is the operation of a service that is asked by a header.
	target  string
	status  int
	want    string
	without string
}

// TestAudit is the specification of what the proxy answers for the services that an account is audited by. What moto answers stands in
// answers; the last that it was sent is checked where the proxy changes it.
func TestAudit(t *testing.T) {
	const standard, subscription = "arn:aws:securityhub:us-east-1::standards/nist-800-53/v/5.0.0",
		"arn:aws:securityhub:us-east-1:123456789012:subscription/nist-800-53/v/5.0.0"
	for _, tt := range []struct {
		name, service string
		answers       map[string]string
		steps         []step
		// passed is the body that moto is sent at the end.
		passed string
	}{
		{
			name: "a trail is started by its ARN", service: "cloudtrail", answers: map[string]string{"POST /": `{}`},
			steps:  []step{{target: "CloudTrail_20131101.StartLogging", body: `{"Name":"arn:aws:cloudtrail:us-east-1:123456789012:trail/t"}`}},
			passed: `{"Name":"t"}`,
		},
		{
			name: "a trail is deleted by its ARN", service: "cloudtrail", answers: map[string]string{"POST /": `{}`},
			steps:  []step{{target: "CloudTrail_20131101.DeleteTrail", body: `{"Name":"arn:aws:cloudtrail:us-east-1:123456789012:trail/t"}`}},
			passed: `{"Name":"t"}`,
		},
		{
			name: "a trail tells that it has event selectors once it was given some", service: "cloudtrail",
			answers: map[string]string{"POST /": `{"TrailARN":"arn:aws:cloudtrail:us-east-1:123456789012:trail/t",` +
				`"trailList":[{"Name":"t","HomeRegion":"us-east-1","HasCustomEventSelectors":false}]}`},
			steps: []step{
				{target: "CloudTrail_20131101.DescribeTrails", body: `{}`, want: `"HasCustomEventSelectors":false`},
				{target: "CloudTrail_20131101.PutEventSelectors", body: `{"TrailName":"t"}`},
				{target: "CloudTrail_20131101.DescribeTrails", body: `{}`, want: `"HasCustomEventSelectors":true`},
				{target: "CloudTrail_20131101.DeleteTrail", body: `{"Name":"t"}`},
				{target: "CloudTrail_20131101.DescribeTrails", body: `{}`, want: `"HasCustomEventSelectors":false`},
			},
		},
		{
			name: "a detector keeps the features that a change does not name", service: "guardduty",
			answers: map[string]string{
				"GET /detector/d":  `{"features":[{"name":"A","status":"ENABLED"},{"name":"B","status":"ENABLED"}]}`,
				"POST /detector/d": `{}`,
			},
			steps:  []step{{method: "POST", path: "/detector/d", body: `{"features":[{"name":"B","status":"DISABLED"}]}`}},
			passed: `{"features":[{"name":"A","status":"ENABLED"},{"name":"B","status":"DISABLED"}]}`,
		},
		{
			name: "a change of something else of a detector leaves its features", service: "guardduty",
			answers: map[string]string{"POST /detector/d": `{}`},
			steps:   []step{{method: "POST", path: "/detector/d", body: `{"enable":false}`}},
			passed:  `{"enable":false}`,
		},
		{
			name: "a hub keeps its configuration until it is switched off", service: "securityhub",
			answers: map[string]string{"GET /accounts": `{"AutoEnableControls":true}`, "DELETE /accounts": `{}`},
			steps: []step{
				{method: "PATCH", path: "/accounts", body: `{"AutoEnableControls":false}`},
				{method: "GET", path: "/accounts", want: `"AutoEnableControls":false`},
				{method: "DELETE", path: "/accounts"},
				{method: "GET", path: "/accounts", want: `"AutoEnableControls":true`},
			},
		},
		{
			name: "a standard is subscribed to and left", service: "securityhub",
			steps: []step{
				{method: "POST", path: "/standards/register", body: `{"StandardsSubscriptionRequests":[{"StandardsArn":"nist"}]}`,
					status: http.StatusBadRequest, want: "InvalidInputException"},
				{method: "POST", path: "/standards/register", body: `{"StandardsSubscriptionRequests":[{"StandardsArn":"` + standard + `"}]}`,
					want: subscription},
				{method: "POST", path: "/standards/get", body: `{}`, want: subscription},
				{method: "POST", path: "/standards/get", body: `{"StandardsSubscriptionArns":["` + subscription + `"]}`, want: `"READY"`},
				{method: "POST", path: "/standards/get", body: `{"StandardsSubscriptionArns":["other"]}`, want: `"StandardsSubscriptions":[]`},
				{method: "POST", path: "/standards/deregister", body: `{"StandardsSubscriptionArns":["` + subscription + `"]}`,
					want: `"DELETING"`},
				{method: "POST", path: "/standards/get", body: `{}`, want: `"StandardsSubscriptions":[]`},
			},
		},
		{
			name: "another call to Security Hub is moto's", service: "securityhub", answers: map[string]string{"POST /accounts": `{"moto":1}`},
			steps: []step{{method: "POST", path: "/accounts", body: `{}`, want: `{"moto":1}`}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.emulator.answers = tt.answers
			b.take(tt.service, tt.steps)
			if tt.passed != "" && b.emulator.body != tt.passed {
				t.Errorf("moto was sent %s, want %s", b.emulator.body, tt.passed)
			}
		})
	}
}

// take makes calls in order.
func (b *bench) take(service string, steps []step) {
	b.t.Helper()
	for _, s := range steps {
		var status int
		var got string
		if s.target != "" {
			status, got = b.target(service, s.target, s.body)
		} else {
			status, got = b.send(service, s.method, s.path, "application/json", s.body)
		}
		if want := max(s.status, http.StatusOK); status != want || !strings.Contains(got, s.want) ||
			s.without != "" && strings.Contains(got, s.without) {
			b.t.Errorf("%s%s %s: %d %s; want %d with %q and without %q", s.method, s.target, s.path, status, got, want, s.want, s.without)
		}
	}
}

// TestQueryLogs leads a configuration through its life, which the proxy keeps alone.
func TestQueryLogs(t *testing.T) {
	b := newBench(t)
	b.emulator.answers = map[string]string{"POST /": `{"Tags":[{"Key":"motos"}]}`}
	const target = "Route53Resolver."
	_, created := b.target("route53resolver", target+"CreateResolverQueryLogConfig",
		`{"Name":"n","DestinationArn":"d","Tags":[{"Key":"k","Value":"v"}]}`)
	config := between(t, created, `"Id":"`, `"`)
	named := `{"ResolverQueryLogConfigId":"` + config + `"`
	tagged := `{"ResourceArn":"` + between(t, created, `"Arn":"`, `"`) + `"`
	b.take("route53resolver", []step{
		{target: target + "GetResolverQueryLogConfig", body: named + `}`, want: `"Name":"n"`, without: `"k"`},
		{target: target + "ListResolverQueryLogConfigs", body: `{}`, want: config, without: `"k"`},
		{target: target + "ListTagsForResource", body: tagged + `}`, want: `[{"Key":"k","Value":"v"}]`},
		{target: target + "TagResource", body: tagged + `,"Tags":[{"Key":"k","Value":"w"},{"Key":"l","Value":""}]}`},
		{target: target + "ListTagsForResource", body: tagged + `}`, want: `[{"Key":"k","Value":"w"},{"Key":"l","Value":""}]`},
		{target: target + "UntagResource", body: tagged + `,"TagKeys":["k"]}`},
		{target: target + "ListTagsForResource", body: tagged + `}`, want: `[{"Key":"l","Value":""}]`},
		{target: target + "ListTagsForResource", body: `{"ResourceArn":"arn:of:an:endpoint"}`, want: "motos"},
		{target: target + "AssociateResolverQueryLogConfig", body: `{"ResolverQueryLogConfigId":"x","ResourceId":"vpc-1"}`,
			status: http.StatusBadRequest, want: "ResourceNotFoundException"},
	})
	_, associated := b.target("route53resolver", target+"AssociateResolverQueryLogConfig", named+`,"ResourceId":"vpc-1"}`)
	association := `{"ResolverQueryLogConfigAssociationId":"` + between(t, associated, `"Id":"`, `"`) + `"}`
	b.take("route53resolver", []step{
		{target: target + "AssociateResolverQueryLogConfig", body: named + `,"ResourceId":"vpc-1"}`,
			status: http.StatusBadRequest, want: "ResourceExistsException"},
		{target: target + "GetResolverQueryLogConfigAssociation", body: association, want: `"Status":"ACTIVE"`},
		{target: target + "DeleteResolverQueryLogConfig", body: named + `}`, status: http.StatusBadRequest, want: "InvalidRequestException"},
		{target: target + "DisassociateResolverQueryLogConfig", body: named + `,"ResourceId":"vpc-1"}`},
		{target: target + "GetResolverQueryLogConfigAssociation", body: association,
			status: http.StatusBadRequest, want: "ResourceNotFoundException"},
		{target: target + "DeleteResolverQueryLogConfig", body: named + `}`},
		{target: target + "ListResolverQueryLogConfigs", body: `{}`, want: `"ResolverQueryLogConfigs":[]`},
		{target: target + "GetResolverQueryLogConfig", body: named + `}`, status: http.StatusBadRequest, want: "ResourceNotFoundException"},
	})
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, rest, found := strings.Cut(s, from)
	text, _, ends := strings.Cut(rest, to)
	if !found || !ends {
		t.Fatalf("nothing between %s and %s in %s", from, to, s)
	}
	return text
}
