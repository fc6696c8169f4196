package realprovider_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// question is one call that lists what there is of a kind, and the pattern that finds the names in the answer.
type question struct {
	kind, service string
	// form is the body of a call of the Query protocol: EC2, IAM, RDS and others.
	form string
	// target is the operation of a call of the JSON protocol, in X-Amz-Target.
	target string
	// path is that of a REST call.
	path  string
	names *regexp.Regexp
}

func element(name string) *regexp.Regexp {
	return regexp.MustCompile("<" + name + ">([^<]+)</" + name + ">")
}

func key(name string) *regexp.Regexp {
	return regexp.MustCompile(`"` + name + `": ?"([^"]+)"`)
}

const (
	ec2Version         = "&Version=2016-11-15"
	autoscalingVersion = "&Version=2011-01-01"
	iamVersion         = "&Version=2010-05-08"
	rdsVersion         = "&Version=2014-10-31"
	elbVersion         = "&Version=2015-12-01"
)

// questions are asked before a life and after it. What AWS keeps of what was deleted is filtered by its state where the call can do that.
var questions = []question{
	{kind: "VPC", service: "ec2", form: "Action=DescribeVpcs" + ec2Version, names: element("vpcId")},
	{kind: "subnet", service: "ec2", form: "Action=DescribeSubnets" + ec2Version, names: element("subnetId")},
	{kind: "security group", service: "ec2", form: "Action=DescribeSecurityGroups" + ec2Version, names: element("groupId")},
	{kind: "route table", service: "ec2", form: "Action=DescribeRouteTables" + ec2Version, names: element("routeTableId")},
	{kind: "internet gateway", service: "ec2", form: "Action=DescribeInternetGateways" + ec2Version, names: element("internetGatewayId")},
	{kind: "NAT gateway", service: "ec2", form: "Action=DescribeNatGateways&Filter.1.Name=state&Filter.1.Value.1=available" + ec2Version,
		names: element("natGatewayId")},
	{kind: "elastic IP", service: "ec2", form: "Action=DescribeAddresses" + ec2Version, names: element("allocationId")},
	// It goes on showing deleted endpoints, and its filters know no state.
	{kind: "VPC endpoint", service: "ec2", form: "Action=DescribeVpcEndpoints" + ec2Version,
		names: regexp.MustCompile(`<vpcEndpointId>([^<]+)</vpcEndpointId>(?:<\w+>[^<]*</\w+>)*<state>[^d]`)},
	{kind: "flow log", service: "ec2", form: "Action=DescribeFlowLogs" + ec2Version, names: element("flowLogId")},
	{kind: "launch template", service: "ec2", form: "Action=DescribeLaunchTemplates" + ec2Version, names: element("launchTemplateName")},
	{kind: "instance", service: "ec2", form: "Action=DescribeInstances&Filter.1.Name=instance-state-name&Filter.1.Value.1=running" +
		ec2Version, names: element("instanceId")},
	{kind: "Auto Scaling group", service: "autoscaling", form: "Action=DescribeAutoScalingGroups" + autoscalingVersion,
		names: element("AutoScalingGroupName")},
	{kind: "load balancer", service: "elasticloadbalancing", form: "Action=DescribeLoadBalancers" + elbVersion,
		names: element("LoadBalancerArn")},
	{kind: "target group", service: "elasticloadbalancing", form: "Action=DescribeTargetGroups" + elbVersion,
		names: element("TargetGroupArn")},
	{kind: "database cluster", service: "rds", form: "Action=DescribeDBClusters" + rdsVersion, names: element("DBClusterIdentifier")},
	{kind: "database instance", service: "rds", form: "Action=DescribeDBInstances" + rdsVersion, names: element("DBInstanceIdentifier")},
	{kind: "database subnet group", service: "rds", form: "Action=DescribeDBSubnetGroups" + rdsVersion, names: element("DBSubnetGroupName")},
	{kind: "database parameter group", service: "rds", form: "Action=DescribeDBClusterParameterGroups" + rdsVersion,
		names: element("DBClusterParameterGroupName")},
	{kind: "role", service: "iam", form: "Action=ListRoles&MaxItems=1000" + iamVersion, names: element("RoleName")},
	{kind: "policy", service: "iam", form: "Action=ListPolicies&Scope=Local&MaxItems=1000" + iamVersion, names: element("PolicyName")},
	{kind: "topic", service: "sns", form: "Action=ListTopics&Version=2010-03-31", names: element("TopicArn")},
	{kind: "alarm", service: "monitoring", form: "Action=DescribeAlarms&Version=2010-08-01", names: element("AlarmName")},
	{kind: "dashboard", service: "monitoring", form: "Action=ListDashboards&Version=2010-08-01", names: element("DashboardName")},
	{kind: "log group", service: "logs", target: "Logs_20140328.DescribeLogGroups", names: key("logGroupName")},
	{kind: "alias of a key", service: "kms", target: "TrentService.ListAliases", names: key("AliasName")},
	{kind: "certificate", service: "acm", target: "CertificateManager.ListCertificates", names: key("CertificateArn")},
	{kind: "secret", service: "secretsmanager", target: "secretsmanager.ListSecrets", names: key("ARN")},
	{kind: "hosted zone", service: "route53", path: "/2013-04-01/hostedzone", names: element("Id")},
	{kind: "backup vault", service: "backup", path: "/backup-vaults/", names: key("BackupVaultName")},
	{kind: "backup plan", service: "backup", path: "/backup/plans/", names: key("BackupPlanId")},
	{kind: "bucket", service: "s3", path: "/", names: element("Name")},
	{kind: "trail", service: "cloudtrail", target: "CloudTrail_20131101.DescribeTrails", names: key("TrailARN")},
	{kind: "recorder of AWS Config", service: "config", target: "StarlingDoveService.DescribeConfigurationRecorders", names: key("name")},
	{kind: "detector of GuardDuty", service: "guardduty", path: "/detector", names: regexp.MustCompile(`"detectorIds": ?\["([^"]+)"`)},
	{kind: "log of DNS queries", service: "route53resolver", target: "Route53Resolver.ListResolverQueryLogConfigs", names: key("Arn")},
	{kind: "cluster", service: "eks", path: "/clusters", names: regexp.MustCompile(`"clusters": ?\["([^"]+)"`)},
}

// inventory asks all questions and gives the names by kind.
func (e *emulator) inventory(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, q := range questions {
		for _, match := range q.names.FindAllSubmatch(e.ask(t, q), -1) {
			found[q.kind] = append(found[q.kind], string(match[1]))
		}
	}
	return found
}

func (e *emulator) ask(t *testing.T, q question) []byte {
	t.Helper()
	method, address, body := http.MethodGet, e.server.URL+q.path, ""
	header := http.Header{}
	switch {
	case q.form != "":
		if _, err := url.ParseQuery(q.form); err != nil {
			t.Fatal(err)
		}
		method, body = http.MethodPost, q.form
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	case q.target != "":
		method, body = http.MethodPost, "{}"
		header.Set("Content-Type", "application/x-amz-json-1.1")
		header.Set("X-Amz-Target", q.target)
	}
	// The emulator takes the region and the service from the signature, and does not verify it.
	header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=test/20260101/%s/%s/aws4_request, SignedHeaders=host, Signature=0",
		"us-east-1", q.service))
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer bytes.Buffer
	if _, err := io.Copy(&answer, response.Body); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("asked for every %s, the emulator answers %s:\n%s", q.kind, response.Status, answer.String())
	}
	return answer.Bytes()
}

// checkMade fails if the questions find little of what was made: answers that nobody can read would prove nothing afterwards.
func (e *emulator) checkMade(t *testing.T, before map[string][]string) {
	t.Helper()
	things, kinds := 0, 0
	for kind, names := range e.inventory(t) {
		if made := len(names) - len(before[kind]); made > 0 {
			things, kinds = things+made, kinds+1
		}
	}
	t.Logf("the emulator has %d things of %d kinds more than before", things, kinds)
	if kinds < len(questions)/2 {
		t.Errorf("only %d of %d questions found anything", kinds, len(questions))
	}
}

// checkSame fails if there is not what was there.
func (e *emulator) checkSame(t *testing.T, before map[string][]string) {
	t.Helper()
	if diff := cmp.Diff(before, e.inventory(t)); diff != "" {
		t.Errorf("not what was there (-before +now):\n%s", diff)
	}
}

// checkNothingLeft fails for each thing that is there and was not there before.
func (e *emulator) checkNothingLeft(t *testing.T, before map[string][]string) {
	t.Helper()
	after := e.inventory(t)
	for _, kind := range slices.Sorted(maps.Keys(after)) {
		for _, name := range after[kind] {
			if !slices.Contains(before[kind], name) {
				t.Errorf("left after everything was destroyed: %s %s", kind, name)
			}
		}
	}
}
