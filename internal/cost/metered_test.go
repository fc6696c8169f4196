package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"coderaws/internal/cost"

	godiff "github.com/google/go-cmp/cmp"
)

// TestMetered tells what costs by what happens in an account from what has no price and from what is free.
func TestMetered(t *testing.T) {
	for _, test := range []struct{ region, trail string }{
		{"us-east-1", "[2.00 USD per 100,000 events (management events, further copies) 0.10 USD per 100,000 events (data events)]"},
		{"eu-central-1", "[~2.00 USD per 100,000 events (management events, further copies) ~0.10 USD per 100,000 events (data events)]"},
	} {
		t.Run(test.region, func(t *testing.T) {
			r := estimate(t, planOf(nil,
				resource("aws_cloudtrail.trail", values{"region": test.region}), resource("aws_config_configuration_recorder.recorder", nil),
				resource("aws_config_configuration_recorder_status.recorder", nil), resource("aws_config_delivery_channel.channel", nil),
				resource("aws_guardduty_detector.detector", nil), resource("aws_guardduty_detector_feature.eks", nil),
				resource("aws_securityhub_account.hub", nil), resource("aws_securityhub_standards_subscription.nist", nil),
				resource("aws_route53_resolver_query_log_config.queries", nil)), cost.Options{})
			var found []string
			for _, m := range r.Metered {
				found = append(found, fmt.Sprintf("%s: %s: %v", m.Address, m.Why, m.Prices))
			}
			want := []string{
				"aws_cloudtrail.trail: the first copy of management events is free; further copies, data events and network activity cost by " +
					"the event: " + test.trail,
				"aws_config_configuration_recorder.recorder: it costs by the changes that it records in the whole account, which no plan shows: []",
				"aws_guardduty_detector.detector: it costs by the events that it looks at in the whole account, which no plan shows: []",
				"aws_securityhub_account.hub: it costs by the checks that it makes in the whole account, which no plan shows: []",
			}
			if diff := godiff.Diff(want, found); diff != "" {
				t.Errorf("another list of what costs by use:\n%s", diff)
			}
			if len(r.Lines)+len(r.Unpriced) > 0 || r.Free["aws_config_delivery_channel"] != 1 || r.Free["aws_cloudtrail"] != 0 {
				t.Errorf("lines %v, without a price %v, free %v: the rest is not free, or something of these is", r.Lines, r.Unpriced, r.Free)
			}
		})
	}
}

// TestMeteredTogether keeps what costs by use in the bill of several plans, in its document and on its page.
func TestMeteredTogether(t *testing.T) {
	r := estimate(t, planOf(nil, resource("aws_cloudtrail.trail", nil)), cost.Options{})
	both := cost.Merge([]*cost.Report{r, r})
	if n := len(both.Document().Metered); n != 2 {
		t.Errorf("the document of two plans has %d, want 2", n)
	}
	var page strings.Builder
	if err := both.WriteHTML(&page, "both"); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(page.String(), "0.10 USD per 100,000 events (data events)"); n != 2 {
		t.Errorf("the page of two plans has %d, want 2", n)
	}
	if m, ok := both.FindMetered("aws_cloudtrail.other"); ok {
		t.Errorf("what is not there costs by use: %v", m)
	}
}
