package elb

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// Who writes the logs of load balancers into a bucket, whose policy has to let them: of network load balancers the delivery of logs, of
// application load balancers Elastic Load Balancing itself, in older regions by an account of its own (AWS documentation: access logs of
// each kind).
const (
	networkWriter     = "delivery.logs.amazonaws.com"
	applicationWriter = "logdelivery.elasticloadbalancing.amazonaws.com"
)

// balancerLogs refuses a bucket into which nobody may write the logs. Buckets of other accounts are not known. The call and its words: logs
// of real deployments.
func balancerLogs(c *model.Call) *world.Error {
	for _, block := range []string{"access_logs", "connection_logs"} {
		bucket := c.Find("aws_s3_bucket", c.String(block+".bucket"))
		if bucket == nil || !c.Bool(block+".enabled") {
			continue
		}
		policy, _ := c.Look(bucket)["policy"].(string)
		if !writesLogs(policy, kindOf(c.Object)) {
			err := world.Fail("InvalidConfigurationRequest", "Access Denied for bucket: %s. Please check S3bucket permission", bucket.ID)
			err.Call = "ModifyLoadBalancerAttributes"
			return err
		}
	}
	return nil
}

// writesLogs reports whether a bucket's policy lets the writer of a kind of load balancer put objects.
func writesLogs(policy, kind string) bool {
	if kind != applicationLB {
		return principal.Admits(policy, networkWriter, "s3:PutObject")
	}
	return principal.Admits(policy, applicationWriter, "s3:PutObject") || admitsAccount(policy)
}

// admitsAccount reports whether a policy lets some account put objects: which one is Elastic Load Balancing's own in a region is not looked
// into.
func admitsAccount(policy string) bool {
	document, _ := iampolicy.Parse(policy)
	return slices.ContainsFunc(document.Statements, func(s iampolicy.Statement) bool {
		return s.Effect == "Allow" && slices.ContainsFunc(s.Principals["AWS"], func(principal string) bool {
			return strings.HasSuffix(principal, ":root") || !strings.Contains(principal, ":")
		})
	})
}
