package cost_test

import (
	"slices"
	"strings"
	"testing"

	"coderaws/internal/cost"
)

// TestAuditServices says why a bill leaves out what costs by what happens in an account, and what of it costs nothing.
func TestAuditServices(t *testing.T) {
	r := estimate(t, planOf(nil,
		resource("aws_cloudtrail.trail", nil), resource("aws_config_configuration_recorder.recorder", nil),
		resource("aws_config_configuration_recorder_status.recorder", nil), resource("aws_config_delivery_channel.channel", nil),
		resource("aws_guardduty_detector.detector", nil), resource("aws_guardduty_detector_feature.eks", nil),
		resource("aws_securityhub_account.hub", nil), resource("aws_securityhub_standards_subscription.nist", nil),
		resource("aws_route53_resolver_query_log_config.queries", nil)), cost.Options{})
	for address, reason := range map[string]string{
		"aws_cloudtrail.trail":                       "the first copy of management events is free",
		"aws_config_configuration_recorder.recorder": "by the changes that it records",
		"aws_guardduty_detector.detector":            "by the events that it looks at",
		"aws_securityhub_account.hub":                "by the checks that it makes",
	} {
		if !slices.ContainsFunc(r.Unpriced, func(u cost.Unpriced) bool { return u.Address == address && strings.Contains(u.Why, reason) }) {
			t.Errorf("%s is not left out because it costs %s: %v", address, reason, r.Unpriced)
		}
	}
	if len(r.Unpriced) != 4 {
		t.Errorf("left out are %v, want the trail, the recorder, the detector and the hub alone", r.Unpriced)
	}
}
