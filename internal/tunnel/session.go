package tunnel

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
)

// document is AWS's own, which forwards a port of this machine to a port of a host that the node reaches (AWS Systems Manager User Guide,
// "Starting a session (port forwarding to remote host)").
const document = "AWS-StartPortForwardingSessionToRemoteHost"

const (
	// askLimit bounds one question to AWS.
	askLimit = 20 * time.Second
	// mostNodes are tried, one after the other: where three are not connected to Session Manager, no node is.
	mostNodes = 3
)

// Tags that EKS puts on the instances of managed node groups (Amazon EKS User Guide, "Tagging your resources for billing" and "Managed node
// groups"). The groups of control nodes are called control-…, by stacks/cloud.
const (
	clusterTag   = "eks:cluster-name"
	nodeGroupTag = "eks:nodegroup-name"
	controlGroup = "control-"
)

// start opens a session through the first node that takes one.
func (g *Gateway) start(ctx context.Context, host, port string) (*session, error) {
	plugin, err := exec.LookPath(Plugin)
	if err != nil {
		return nil, noPlugin()
	}
	settings, err := g.settings(ctx)
	if err != nil {
		return nil, err
	}
	nodes, err := g.nodes(ctx, settings)
	if err != nil {
		return nil, err
	}
	client := ssm.NewFromConfig(settings)
	var refusals []error
	for _, node := range nodes[:min(len(nodes), mostNodes)] {
		s, err := g.startOn(ctx, client, plugin, node, host, port)
		var answer smithy.APIError
		if errors.As(err, &answer) && answer.ErrorCode() == notConnected {
			refusals = append(refusals, fmt.Errorf("%s: %w", node, err))
			continue
		}
		return s, err
	}
	return nil, unconnected(g.options.Cluster, refusals)
}

// settings are those of the AWS SDK, which are looked for once.
func (g *Gateway) settings(ctx context.Context) (aws.Config, error) {
	if g.config != nil {
		return *g.config, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	found, err := config.LoadDefaultConfig(ctx, config.WithRegion(g.options.Region))
	if err != nil {
		return found, noSettings(err)
	}
	g.config = &found
	return found, nil
}

// nodes are the instances through which the way may go: those of the cluster that run, control nodes first, which are there at all hours.
func (g *Gateway) nodes(ctx context.Context, settings aws.Config) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	answer, err := ec2.NewFromConfig(settings).DescribeInstances(ctx, &ec2.DescribeInstancesInput{Filters: []ec2types.Filter{
		{Name: aws.String("tag:" + clusterTag), Values: []string{g.options.Cluster}},
		{Name: aws.String("instance-state-name"), Values: []string{string(ec2types.InstanceStateNameRunning)}},
	}, MaxResults: aws.Int32(1000)})
	if err != nil {
		return nil, refused("ec2:DescribeInstances", err)
	}
	type node struct {
		id, group string
	}
	var found []node
	for _, reservation := range answer.Reservations {
		for _, instance := range reservation.Instances {
			one := node{id: aws.ToString(instance.InstanceId)}
			for _, tag := range instance.Tags {
				if aws.ToString(tag.Key) == nodeGroupTag {
					one.group = aws.ToString(tag.Value)
				}
			}
			found = append(found, one)
		}
	}
	rank := func(n node) int {
		if strings.HasPrefix(n.group, controlGroup) {
			return 0
		}
		return 1
	}
	slices.SortFunc(found, func(a, b node) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.id, b.id)) })
	var ids []string
	for _, one := range found {
		ids = append(ids, one.id)
	}
	if len(ids) == 0 {
		return nil, noNodes(g.options.Cluster, g.options.Region)
	}
	return ids, nil
}

// startOn opens a session through one node.
func (g *Gateway) startOn(ctx context.Context, client *ssm.Client, plugin, node, host, port string) (*session, error) {
	asked := &ssm.StartSessionInput{Target: aws.String(node), DocumentName: aws.String(document),
		Reason: aws.String("coderaws"), Parameters: map[string][]string{"host": {host}, "portNumber": {port}}}
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	answer, err := client.StartSession(limited, asked)
	if err != nil {
		return nil, refused("ssm:StartSession", err)
	}
	s := &session{id: aws.ToString(answer.SessionId), node: node, ended: make(chan struct{}), client: client}
	begun, err := s.arguments(ctx, asked, answer, g.options.Region)
	if err == nil {
		err = s.run(ctx, plugin, begun)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// invocation is how the AWS CLI calls the plugin: the answer of StartSession by an environment variable, as its token is a secret that
// others could read from a command line, then region, operation, profile, request and endpoint.
type invocation struct {
	arguments, environ []string
}

// answerVariable holds the answer of StartSession; session-manager-plugin reads it from 1.2.497 on.
const answerVariable = "AWS_SSM_START_SESSION_RESPONSE"

func (s *session) arguments(ctx context.Context, asked *ssm.StartSessionInput, answer *ssm.StartSessionOutput, region string) (
	invocation, error) {
	said, err := json.Marshal(map[string]*string{"SessionId": answer.SessionId, "StreamUrl": answer.StreamUrl,
		"TokenValue": answer.TokenValue})
	if err != nil {
		return invocation{}, err
	}
	request, err := json.Marshal(map[string]any{"Target": asked.Target, "DocumentName": asked.DocumentName, "Parameters": asked.Parameters})
	if err != nil {
		return invocation{}, err
	}
	endpoint, err := s.endpoint(ctx, region)
	if err != nil {
		return invocation{}, err
	}
	environment, err := config.NewEnvConfig()
	if err != nil {
		return invocation{}, noSettings(err)
	}
	return invocation{
		arguments: []string{answerVariable, region, "StartSession", environment.SharedConfigProfile, string(request), endpoint},
		environ:   []string{answerVariable + "=" + string(said)},
	}, nil
}

// endpoint is where the plugin asks Systems Manager to resume a session.
func (s *session) endpoint(ctx context.Context, region string) (string, error) {
	options := s.client.Options()
	if options.BaseEndpoint != nil {
		return *options.BaseEndpoint, nil
	}
	resolved, err := options.EndpointResolverV2.ResolveEndpoint(ctx, ssm.EndpointParameters{Region: aws.String(region),
		UseFIPS:      aws.Bool(options.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled),
		UseDualStack: aws.Bool(options.EndpointOptions.UseDualStackEndpoint == aws.DualStackEndpointStateEnabled)})
	return resolved.URI.String(), err
}

// terminate tells Session Manager that a session is not needed any more. One that nobody ends, ends by itself when it was idle long enough.
func (s *session) terminate() {
	ctx, cancel := context.WithTimeout(context.Background(), terminateLimit)
	defer cancel()
	_, _ = s.client.TerminateSession(ctx, &ssm.TerminateSessionInput{SessionId: aws.String(s.id)})
}

// terminateLimit bounds the good-bye.
const terminateLimit = 5 * time.Second
