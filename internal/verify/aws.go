package verify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/diagnostic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/smithy-go"
)

// Options are what looking at AWS takes. All fields but Dial are required.
type Options struct {
	Deployment Deployment
	// Coder reaches coderd.
	Coder *coder.Client
	// SignIn makes Coder speak for an owner; its error says why that is not possible.
	SignIn func(context.Context) error
	// Resolver asks DNS.
	Resolver coder.Resolver
	// Dial connects to the Kubernetes API; nil for a TCP connection.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// AWS looks at a deployment on AWS: by its API, by that of the cluster, and by coderd's.
type AWS struct {
	options Options
	config  aws.Config
	cluster *kubernetes

	signIn   sync.Once
	signedIn error

	lookLoadBalancer sync.Once
	loadBalancer     string
	noLoadBalancer   error
}

// NewAWS prepares to look, with the credentials that the AWS SDK finds in the usual places. It asks nothing.
func NewAWS(ctx context.Context, o Options) (*AWS, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(o.Deployment.Region))
	if err != nil {
		d := diagnostic.Errorf("the settings of the AWS SDK cannot be used")
		d.Code, d.Why = "aws.config", err.Error()
		d.Todo = "correct AWS_PROFILE or the files in ~/.aws, and try `aws sts get-caller-identity`"
		return nil, d
	}
	cluster, err := newKubernetes(cfg, o)
	if err != nil {
		return nil, err
	}
	return &AWS{options: o, config: cfg, cluster: cluster}, nil
}

// most is how many pages of a list are read: no deployment has so many node groups or add-ons.
const most = 20

// pages calls next with the token of each page, nil at first, until it gives none. The SDK's paginators are not used: they take a client as
// an interface, for which the linker keeps each of its methods.
func pages(next func(token *string) (*string, error)) error {
	var token *string
	for range most {
		more, err := next(token)
		if err != nil || aws.ToString(more) == "" {
			return err
		}
		token = more
	}
	return nil
}

// NodeGroups asks EKS.
func (a *AWS) NodeGroups(ctx context.Context) ([]NodeGroup, error) {
	client := eks.NewFromConfig(a.config)
	var names []string
	in := &eks.ListNodegroupsInput{ClusterName: aws.String(a.options.Deployment.Cluster.Name)}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.ListNodegroups(ctx, in)
		if err != nil {
			return nil, err
		}
		names = append(names, page.Nodegroups...)
		return page.NextToken, nil
	})
	var groups []NodeGroup
	for _, name := range names {
		answer, err := client.DescribeNodegroup(ctx, &eks.DescribeNodegroupInput{ClusterName: in.ClusterName, NodegroupName: aws.String(name)})
		if err != nil {
			return nil, err
		}
		group := NodeGroup{Name: name, Status: string(answer.Nodegroup.Status)}
		if scaling := answer.Nodegroup.ScalingConfig; scaling != nil {
			group.Desired = int(aws.ToInt32(scaling.DesiredSize))
		}
		if answer.Nodegroup.Health != nil {
			for _, issue := range answer.Nodegroup.Health.Issues {
				group.Issues = append(group.Issues, string(issue.Code)+": "+aws.ToString(issue.Message))
			}
		}
		groups = append(groups, group)
	}
	return groups, err
}

// Addons asks EKS.
func (a *AWS) Addons(ctx context.Context) ([]Addon, error) {
	client := eks.NewFromConfig(a.config)
	var names []string
	in := &eks.ListAddonsInput{ClusterName: aws.String(a.options.Deployment.Cluster.Name)}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.ListAddons(ctx, in)
		if err != nil {
			return nil, err
		}
		names = append(names, page.Addons...)
		return page.NextToken, nil
	})
	var addons []Addon
	for _, name := range names {
		answer, err := client.DescribeAddon(ctx, &eks.DescribeAddonInput{ClusterName: in.ClusterName, AddonName: aws.String(name)})
		if err != nil {
			return nil, err
		}
		addon := Addon{Name: name, Version: aws.ToString(answer.Addon.AddonVersion), Status: string(answer.Addon.Status)}
		if answer.Addon.Health != nil {
			for _, issue := range answer.Addon.Health.Issues {
				addon.Issues = append(addon.Issues, string(issue.Code)+": "+aws.ToString(issue.Message))
			}
		}
		addons = append(addons, addon)
	}
	return addons, err
}

// balancer finds the ARN of the load balancer by its host name, once for all that ask.
func (a *AWS) balancer(ctx context.Context) (string, error) {
	a.lookLoadBalancer.Do(func() {
		client, in := elb.NewFromConfig(a.config), &elb.DescribeLoadBalancersInput{}
		a.noLoadBalancer = pages(func(token *string) (*string, error) {
			in.Marker = token
			page, err := client.DescribeLoadBalancers(ctx, in)
			if err != nil {
				return nil, err
			}
			for _, lb := range page.LoadBalancers {
				if strings.EqualFold(aws.ToString(lb.DNSName), a.options.Deployment.LoadBalancer.Hostname) {
					a.loadBalancer = aws.ToString(lb.LoadBalancerArn)
					return nil, nil
				}
			}
			return page.NextMarker, nil
		})
		if a.noLoadBalancer == nil && a.loadBalancer == "" {
			a.noLoadBalancer = Gone("the load balancer " + a.options.Deployment.LoadBalancer.Hostname)
		}
	})
	return a.loadBalancer, a.noLoadBalancer
}

// cause is what a person wants to know of an error: AWS's own words, or what the network said, without the story of the request.
func cause(err error, d *diagnostic.Diagnostic) string {
	var answer smithy.APIError
	var network *net.OpError
	var operation *smithy.OperationError
	switch {
	case !errors.As(err, &operation):
		return d.Error()
	case errors.As(err, &answer):
		return fmt.Sprintf("%s %s: %s: %s", operation.ServiceID, operation.OperationName, answer.ErrorCode(), answer.ErrorMessage())
	case errors.As(err, &network):
		return fmt.Sprintf("%s %s: %v", operation.ServiceID, operation.OperationName, network)
	}
	return d.Error()
}

// Certificate asks for that of the listener for TLS.
func (a *AWS) Certificate(ctx context.Context) (Certificate, error) {
	lb, err := a.balancer(ctx)
	if err != nil {
		return Certificate{}, err
	}
	answer, err := elb.NewFromConfig(a.config).DescribeListeners(ctx, &elb.DescribeListenersInput{LoadBalancerArn: aws.String(lb)})
	if err != nil {
		return Certificate{}, err
	}
	for _, listener := range answer.Listeners {
		if listener.Protocol != elbtypes.ProtocolEnumTls || len(listener.Certificates) == 0 {
			continue
		}
		found, err := acm.NewFromConfig(a.config).DescribeCertificate(ctx,
			&acm.DescribeCertificateInput{CertificateArn: listener.Certificates[0].CertificateArn})
		if err != nil {
			return Certificate{}, err
		}
		c := Certificate{Status: string(found.Certificate.Status), Names: found.Certificate.SubjectAlternativeNames,
			Reason: string(found.Certificate.FailureReason)}
		return c, nil
	}
	return Certificate{}, Gone("the load balancer's listener for TLS")
}

// Targets asks how the load balancer finds the nodes.
func (a *AWS) Targets(ctx context.Context) ([]Target, error) {
	lb, err := a.balancer(ctx)
	if err != nil {
		return nil, err
	}
	client := elb.NewFromConfig(a.config)
	groups, err := client.DescribeTargetGroups(ctx, &elb.DescribeTargetGroupsInput{LoadBalancerArn: aws.String(lb)})
	if err != nil {
		return nil, err
	}
	var all []Target
	for _, group := range groups.TargetGroups {
		health, err := client.DescribeTargetHealth(ctx, &elb.DescribeTargetHealthInput{TargetGroupArn: group.TargetGroupArn})
		if err != nil {
			return nil, err
		}
		for _, one := range health.TargetHealthDescriptions {
			t := Target{}
			if one.Target != nil {
				t.ID = aws.ToString(one.Target.Id)
			}
			if one.TargetHealth != nil {
				t.State, t.Reason = string(one.TargetHealth.State), aws.ToString(one.TargetHealth.Description)
			}
			all = append(all, t)
		}
	}
	return all, nil
}

// Database asks RDS about the cluster that the host belongs to: the host of an Aurora cluster begins with its identifier.
func (a *AWS) Database(ctx context.Context) (Database, error) {
	name, _, _ := strings.Cut(a.options.Deployment.Database.Host, ".")
	client := rds.NewFromConfig(a.config)
	answer, err := client.DescribeDBClusters(ctx, &rds.DescribeDBClustersInput{DBClusterIdentifier: aws.String(name)})
	if err != nil {
		return Database{}, err
	}
	if len(answer.DBClusters) == 0 {
		return Database{}, Gone("the database cluster " + name)
	}
	db := Database{Status: aws.ToString(answer.DBClusters[0].Status)}
	for _, member := range answer.DBClusters[0].DBClusterMembers {
		found, err := client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: member.DBInstanceIdentifier})
		if err != nil {
			return Database{}, err
		}
		for _, instance := range found.DBInstances {
			if status := aws.ToString(instance.DBInstanceStatus); status != "available" {
				db.Instances = append(db.Instances, fmt.Sprintf("%s %s", aws.ToString(instance.DBInstanceIdentifier), status))
				continue
			}
			db.Ready++
		}
	}
	return db, nil
}
