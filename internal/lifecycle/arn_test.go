package lifecycle

import "testing"

// TestKnownARN is the specification of what AWS's index of tags names and a state knows: by its ARN, or by an id at
// its end.
func TestKnownARN(t *testing.T) {
	for _, test := range []struct {
		name, arn, id string
		want          bool
	}{
		{"a VPC", "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1", "vpc-1", true},
		{"another VPC", "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-12", "vpc-1", false},
		{"an end of another id", "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1", "1", false},
		{"a cluster by its name", "arn:aws:rds:us-east-1:123456789012:cluster:coder", "coder", true},
		{"a group of logs, whose name has slashes", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/eks/coder/cluster",
			"/aws/eks/coder/cluster", true},
		{"a bucket, whose ARN has neither region nor account", "arn:aws:s3:::coder-flow-logs", "coder-flow-logs", true},
		{"a topic by its ARN", "arn:aws:sns:us-east-1:123456789012:coder", "arn:aws:sns:us-east-1:123456789012:coder", true},
		{"an id that is no more than the account", "arn:aws:sns:us-east-1:123456789012:coder", "123456789012:coder", false},
	} {
		if got := isKnownARN(test.arn, map[string]bool{test.id: true}); got != test.want {
			t.Errorf("%s: %t, want %t", test.name, got, test.want)
		}
	}
}
