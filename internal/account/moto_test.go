package account_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
	"time"

	"coderaws/internal/account"
	"coderaws/internal/proof/awsproxy/awsproxytest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/google/go-cmp/cmp"
)

// made demands that something could be made in the emulated account.
func made[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// names answers from a table, as DNS would.
type names map[string][]string

func (n names) LookupNS(_ context.Context, name string) ([]*net.NS, error) {
	servers, known := n[name]
	if !known {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if servers == nil {
		return nil, errors.New("the network is down")
	}
	var records []*net.NS
	for _, server := range servers {
		records = append(records, &net.NS{Host: server + "."})
	}
	return records, nil
}

func options(resolver account.Resolver) account.Options {
	return account.Options{
		Region: "us-east-1", Quotas: []account.Quota{{Service: "ec2", Code: "L-1216C47A"},
			{Service: "vpc", Code: "L-F678F1CE"}, {Service: "iam", Code: "L-FE177D64"}},
		Instance: func(instanceType string, spot bool) (string, int) {
			if instanceType != "m5.large" || spot {
				return "", 0
			}
			return "L-1216C47A", 2
		},
		InstanceCodes: []string{"L-1216C47A", "L-34B43A08"}, Resolver: resolver,
		Now: func() time.Time { return time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC) },
	}
}

// TestTake fills an account by AWS's own client and reads it back by the same.
func TestTake(t *testing.T) {
	settings := awsproxytest.Emulate(t, "what an account is asked")
	ctx := t.Context()
	quotaServer(t, map[string]map[string]float64{"ec2": {"L-0263D0A3": 5, "L-1216C47A": 640}, "iam": {}, "vpc": {}},
		map[string]map[string]float64{"ec2": {"L-1216C47A": 5}, "vpc": {"L-A4707A72": 5, "L-F678F1CE": 5}, "iam": {"L-FE177D64": 1000}})
	empty := take(t, names{})
	cloud := ec2.NewFromConfig(settings)
	vpc := made[*ec2.CreateVpcOutput](t)(cloud.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}))
	subnet := made[*ec2.CreateSubnetOutput](t)(cloud.CreateSubnet(ctx,
		&ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.0.0.0/24"), AvailabilityZone: aws.String("us-east-1b")}))
	second := made[*ec2.CreateSubnetOutput](t)(cloud.CreateSubnet(ctx,
		&ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.0.1.0/24"), AvailabilityZone: aws.String("us-east-1c")}))
	subnets := []string{*subnet.Subnet.SubnetId, *second.Subnet.SubnetId}
	gateway := made[*ec2.CreateInternetGatewayOutput](t)(cloud.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{}))
	made[*ec2.AttachInternetGatewayOutput](t)(cloud.AttachInternetGateway(ctx,
		&ec2.AttachInternetGatewayInput{InternetGatewayId: gateway.InternetGateway.InternetGatewayId, VpcId: vpc.Vpc.VpcId}))
	address := made[*ec2.AllocateAddressOutput](t)(cloud.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: ec2types.DomainTypeVpc}))
	made[*ec2.CreateNatGatewayOutput](t)(cloud.CreateNatGateway(ctx,
		&ec2.CreateNatGatewayInput{SubnetId: subnet.Subnet.SubnetId, AllocationId: address.AllocationId}))
	made[*ec2.RunInstancesOutput](t)(cloud.RunInstances(ctx, &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12c6146b"), InstanceType: ec2types.InstanceTypeM5Large, MinCount: aws.Int32(3),
		MaxCount: aws.Int32(3), SubnetId: subnet.Subnet.SubnetId,
	}))
	role := made[*iam.CreateRoleOutput](t)(iam.NewFromConfig(settings).CreateRole(ctx,
		&iam.CreateRoleInput{RoleName: aws.String("coder-control"), AssumeRolePolicyDocument: aws.String("{}")}))
	boundary := made[*iam.CreatePolicyOutput](t)(iam.NewFromConfig(settings).CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("boundary"), Path: aws.String("/lz/"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
	}))
	made[*eks.CreateClusterOutput](t)(eks.NewFromConfig(settings).CreateCluster(ctx, &eks.CreateClusterInput{
		Name: aws.String("coder"), RoleArn: role.Role.Arn, ResourcesVpcConfig: &ekstypes.VpcConfigRequest{SubnetIds: subnets},
		Tags: map[string]string{"coderaws:deployment": "coder"},
	}))
	made[*elb.CreateLoadBalancerOutput](t)(elb.NewFromConfig(settings).CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{
		Name: aws.String("coder"), Type: elbtypes.LoadBalancerTypeEnumNetwork, Subnets: subnets,
	}))
	made[*rds.CreateDBSubnetGroupOutput](t)(rds.NewFromConfig(settings).CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: aws.String("coder"), DBSubnetGroupDescription: aws.String("of a test"), SubnetIds: subnets,
	}))
	made[*cloudwatchlogs.CreateLogGroupOutput](t)(cloudwatchlogs.NewFromConfig(settings).CreateLogGroup(ctx,
		&cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/aws/eks/coder/cluster")}))
	key := made[*kms.CreateKeyOutput](t)(kms.NewFromConfig(settings).CreateKey(ctx, &kms.CreateKeyInput{}))
	made[*kms.CreateAliasOutput](t)(kms.NewFromConfig(settings).CreateAlias(ctx,
		&kms.CreateAliasInput{AliasName: aws.String("alias/coder"), TargetKeyId: key.KeyMetadata.KeyId}))
	zones := map[string][]string{}
	for _, name := range []string{"good.example.com", "elsewhere.example.com", "nowhere.example.com", "offline.example.com"} {
		zone := made[*route53.CreateHostedZoneOutput](t)(route53.NewFromConfig(settings).CreateHostedZone(ctx,
			&route53.CreateHostedZoneInput{Name: aws.String(name), CallerReference: aws.String(name)}))
		zones[name] = zone.DelegationSet.NameServers
	}

	s := take(t, names{"good.example.com.": zones["good.example.com"], "elsewhere.example.com.": {"ns1.registrar.example"},
		"offline.example.com.": nil})
	if s.Account != "123456789012" || s.Format != account.Format || s.Taken.Format(time.DateOnly) != "2026-11-20" {
		t.Errorf("head %s %d %s", s.Account, s.Format, s.Taken)
	}
	region, before := s.Regions["us-east-1"], empty.Regions["us-east-1"]
	for code, want := range map[string]map[string]float64{
		"L-1216C47A": {"": 6}, "L-0263D0A3": {"": 1}, "L-FE5A380F": {"us-east-1b": 1}, "L-1194D53C": {"": 1},
		"L-69A177A2": {"": 1}, "L-48C6BF61": {"": 1},
		"L-34B43A08": {}, "L-952B80B8": {"": 0},
		// moto gives each region a VPC from the start, as AWS does.
		"L-F678F1CE": {"": before.Usage["L-F678F1CE"][""] + 1}, "L-A4707A72": {"": before.Usage["L-A4707A72"][""] + 1},
	} {
		if diff := cmp.Diff(want, region.Usage[code]); diff != "" {
			t.Errorf("usage of %s (-want +got):\n%s", code, diff)
		}
	}
	for typ, want := range map[string][]string{
		"aws_eks_cluster": {"coder"}, "aws_lb": {"coder"}, "aws_db_subnet_group": {"coder"},
		"aws_cloudwatch_log_group": {"/aws/eks/coder/cluster"},
		"aws_kms_alias":            {"alias/coder"}, "aws_rds_cluster": {},
	} {
		if diff := cmp.Diff(want, region.Names[typ]); diff != "" {
			t.Errorf("names of %s (-want +got):\n%s", typ, diff)
		}
	}
	if diff := cmp.Diff([]string{*boundary.Policy.Arn}, s.Policies); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
	if !slices.Contains(s.Global.Names["aws_iam_role"], "coder-control") ||
		s.Global.Usage["L-FE177D64"][""] != empty.Global.Usage["L-FE177D64"][""]+1 {
		t.Errorf("roles %v, %v in use", s.Global.Names["aws_iam_role"], s.Global.Usage["L-FE177D64"])
	}
	if diff := cmp.Diff([]string{"coder"}, region.Deployments); diff != "" {
		t.Errorf("deployments (-want +got):\n%s", diff)
	}
	if len(region.Zones) != 6 || region.Zones[0].Name != "us-east-1a" || region.Zones[0].ID == "" {
		t.Errorf("zones %v, want the six of us-east-1", region.Zones)
	}
	if diff := cmp.Diff(map[string]float64{"L-1216C47A": 640, "L-F678F1CE": 5}, region.Quotas); diff != "" {
		t.Errorf("quotas (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]float64{"L-FE177D64": 1000}, s.Global.Quotas); diff != "" {
		t.Errorf("quotas of IAM (-want +got):\n%s", diff)
	}
	expectDelegations(t, s.HostedZones)
}

func expectDelegations(t *testing.T, zones []account.HostedZone) {
	t.Helper()
	type verdict struct{ Delegated, Known bool }
	got := map[string]verdict{}
	for _, zone := range zones {
		if len(zone.NameServers) != 4 || zone.ID == "" || zone.Private {
			t.Errorf("zone %+v, want an id and four name servers", zone)
		}
		delegated, known := zone.Delegated()
		got[zone.Name] = verdict{delegated, known}
	}
	want := map[string]verdict{
		"good.example.com": {true, true}, "elsewhere.example.com": {false, true}, "nowhere.example.com": {false, true},
		"offline.example.com": {false, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("delegations (-want +got):\n%s", diff)
	}
}

func take(t *testing.T, resolver account.Resolver) *account.Snapshot {
	t.Helper()
	asker, err := account.NewAsker(t.Context(), options(resolver))
	if err != nil {
		t.Fatal(err)
	}
	s, err := asker.Take(t.Context(), []string{"us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := asker.Offers(t.Context(), s, "us-east-1", []string{"m5.large", "no.such"}); err != nil {
		t.Fatal(err)
	}
	for _, part := range []account.Part{s.Global, s.Regions["us-east-1"].Part} {
		for _, u := range part.Unanswered {
			t.Errorf("not answered: %+v", u)
		}
	}
	if offers := s.Regions["us-east-1"].Offers; len(offers["m5.large"]) < 2 || offers["no.such"] == nil || len(offers["no.such"]) > 0 {
		t.Errorf("offers %v, want m5.large in some zones and no.such in none", offers)
	}
	return s
}
