package verify_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/proof/awsproxy/awsproxytest"
	"coderaws/internal/verify"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
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

func (n names) LookupHost(_ context.Context, host string) ([]string, error) {
	if addresses, known := n[host]; known {
		return addresses, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// serveCluster plays the Kubernetes API. It admits whoever has a token that EKS's authenticator would take for the cluster "coder".
func serveCluster(t *testing.T, d *verify.Deployment) {
	t.Helper()
	answers := map[string]string{
		"/api/v1/nodes": `{"items": [
			{"metadata": {"name": "ip-10-0-1-1", "labels": {"eks.amazonaws.com/nodegroup": "control"}}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}},
			{"metadata": {"name": "ip-10-0-1-2"}, "status": {"conditions": [{"type": "Ready", "status": "False", "reason": "KubeletNotReady", "message": "cni plugin not initialized"}]}}]}`,
		"/apis/apps/v1/namespaces/kube-system/deployments": `{"items": [{"metadata": {"name": "coredns"}, "spec": {"replicas": 2}, "status": {"readyReplicas": 2}}]}`,
		"/apis/apps/v1/namespaces/kube-system/daemonsets":  `{"items": [{"metadata": {"name": "aws-node"}, "status": {"numberReady": 1, "desiredNumberScheduled": 2}}]}`,
		"/apis/apps/v1/namespaces/coder/deployments": `{"items": [{"metadata": {"name": "coder"}, "spec": {"replicas": 2},
			"status": {}}]}`,
		"/apis/apps/v1/namespaces/coder/daemonsets":               `{"items": []}`,
		"/apis/apps/v1/namespaces/coder-provisioners/deployments": `{"items": []}`,
		"/apis/apps/v1/namespaces/coder-provisioners/daemonsets":  `{"items": []}`,
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if why := unauthentic(r.Header.Get("Authorization")); why != "" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"kind": "Status", "message": %q}`, why)
			return
		}
		answer, known := answers[r.URL.Path]
		if !known {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"kind": "Status", "message": "nodes is forbidden"}`)
			return
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(server.Close)
	d.Cluster.Endpoint = server.URL
	d.Cluster.Authority = base64.StdEncoding.EncodeToString(
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// unauthentic is why EKS's authenticator would refuse a token: it is a signed URL of STS's GetCallerIdentity, for a minute, with the
// cluster's name among the headers that are signed.
func unauthentic(authorization string) string {
	token, ok := strings.CutPrefix(authorization, "Bearer k8s-aws-v1.")
	text, err := base64.RawURLEncoding.DecodeString(token)
	signed, urlErr := url.Parse(string(text))
	switch {
	case !ok || err != nil || urlErr != nil:
		return "the token is no signed URL"
	case signed.Query().Get("Action") != "GetCallerIdentity":
		return "it is no question who is asking"
	case signed.Query().Get("X-Amz-Expires") != "60":
		return "it is signed for " + signed.Query().Get("X-Amz-Expires") + " seconds"
	case !strings.Contains(";"+signed.Query().Get("X-Amz-SignedHeaders")+";", ";x-k8s-aws-id;"):
		return "it is for no cluster: " + signed.Query().Get("X-Amz-SignedHeaders")
	}
	return ""
}

// reach makes a client of a coderd that plays the deployment's.
func reach(t *testing.T, server *codertest.Server) *coder.Client {
	t.Helper()
	behind := httptest.NewTLSServer(server)
	t.Cleanup(behind.Close)
	roots := x509.NewCertPool()
	roots.AddCert(behind.Certificate())
	client, err := coder.New(coder.Options{
		URL: "https://example.com", Roots: roots, Token: codertest.Token,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, behind.Listener.Addr().String())
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestAWS makes in an emulated account what the cloud stack makes, and looks at it with AWS's own clients.
func TestAWS(t *testing.T) {
	settings := awsproxytest.Emulate(t, "what is asked of AWS after an installation")
	d := deployment(t)
	d.Domain, d.WildcardDomain, d.AccessURL = "example.com", "*.example.com", "https://example.com"
	serveCluster(t, &d)
	build(t, settings, &d)
	coderd := codertest.New(codertest.Settings{})
	coderd.Owner()
	coderd.AddDaemon(codertest.Daemon{Name: "one", KeyName: "built-in", Status: "idle"})
	coderd.AddDaemon(codertest.Daemon{Name: "two", KeyName: "coderaws", Status: "busy"})
	coderd.AddDaemon(codertest.Daemon{Name: "three", KeyName: "coderaws", Status: "offline"})
	d.Provisioners = 2
	signIns := 0
	source, err := verify.NewAWS(t.Context(), verify.Options{
		Deployment: d, Coder: reach(t, coderd), SignIn: func(context.Context) error { signIns++; return nil },
		Resolver: names{d.LoadBalancer.Hostname: {"192.0.2.1", "192.0.2.2"}, "example.com": {"192.0.2.2"},
			"coderaws-check.example.com": {"198.51.100.1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range verify.Run(t.Context(), d, source) {
		got[c.Name] = string(c.State) + ": " + c.Detail
	}
	want := map[string]string{
		"node groups":   "ok: 1 active, 2 nodes wanted",
		"nodes":         "failed: 1 of 2 are not ready: ip-10-0-1-2: KubeletNotReady: cni plugin not initialized",
		"add-ons":       "ok: 1 active",
		"workloads":     "failed: kube-system/aws-node has 1 of 2 pods, coder/coder has 0 of 2 pods",
		"database":      "ok: available, with 1 of its instances",
		"certificate":   "ok: issued for example.com and *.example.com",
		"DNS":           "failed: coderaws-check.example.com leads to 198.51.100.1",
		"load balancer": "ok: 1 healthy",
		"coderd":        "ok: v2.24.4 at https://example.com, healthy with its database",
		"provisioners":  "ok: 1 of 2 connected",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	if signIns != 1 {
		t.Errorf("somebody signed in %d times", signIns)
	}
}

// build makes the parts in AWS, and tells the deployment their names.
func build(t *testing.T, settings aws.Config, d *verify.Deployment) {
	t.Helper()
	ctx := t.Context()
	cloud := ec2.NewFromConfig(settings)
	vpc := made[*ec2.CreateVpcOutput](t)(cloud.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")}))
	subnet := made[*ec2.CreateSubnetOutput](t)(cloud.CreateSubnet(ctx,
		&ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.9.0.0/24"), AvailabilityZone: aws.String("us-east-1a")}))
	other := made[*ec2.CreateSubnetOutput](t)(cloud.CreateSubnet(ctx,
		&ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.9.1.0/24"), AvailabilityZone: aws.String("us-east-1b")}))
	subnets := []string{*subnet.Subnet.SubnetId, *other.Subnet.SubnetId}
	role := made[*iam.CreateRoleOutput](t)(iam.NewFromConfig(settings).CreateRole(ctx,
		&iam.CreateRoleInput{RoleName: aws.String("coder-control"), AssumeRolePolicyDocument: aws.String("{}")}))

	clusters := eks.NewFromConfig(settings)
	made[*eks.CreateClusterOutput](t)(clusters.CreateCluster(ctx, &eks.CreateClusterInput{
		Name: aws.String("coder"), RoleArn: role.Role.Arn, ResourcesVpcConfig: &ekstypes.VpcConfigRequest{SubnetIds: subnets},
	}))
	made[*eks.CreateNodegroupOutput](t)(clusters.CreateNodegroup(ctx, &eks.CreateNodegroupInput{
		ClusterName: aws.String("coder"), NodegroupName: aws.String("control"), NodeRole: role.Role.Arn, Subnets: subnets,
		ScalingConfig: &ekstypes.NodegroupScalingConfig{MinSize: aws.Int32(2), MaxSize: aws.Int32(2), DesiredSize: aws.Int32(2)},
	}))
	made[*eks.CreateAddonOutput](t)(clusters.CreateAddon(ctx,
		&eks.CreateAddonInput{ClusterName: aws.String("coder"), AddonName: aws.String("coredns")}))

	balancers := elb.NewFromConfig(settings)
	lb := made[*elb.CreateLoadBalancerOutput](t)(balancers.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{
		Name: aws.String("coder"), Type: elbtypes.LoadBalancerTypeEnumNetwork, Subnets: subnets,
	})).LoadBalancers[0]
	d.LoadBalancer.Hostname = aws.ToString(lb.DNSName)
	group := made[*elb.CreateTargetGroupOutput](t)(balancers.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
		Name: aws.String("coder"), VpcId: vpc.Vpc.VpcId, Protocol: elbtypes.ProtocolEnumTcp, Port: aws.Int32(30080),
	})).TargetGroups[0]
	certificate := made[*acm.RequestCertificateOutput](t)(acm.NewFromConfig(settings).RequestCertificate(ctx, &acm.RequestCertificateInput{
		DomainName: aws.String(d.Domain), SubjectAlternativeNames: []string{d.Domain, d.WildcardDomain}, ValidationMethod: "DNS",
	}))
	made[*elb.CreateListenerOutput](t)(balancers.CreateListener(ctx, &elb.CreateListenerInput{
		LoadBalancerArn: lb.LoadBalancerArn, Protocol: elbtypes.ProtocolEnumTls, Port: aws.Int32(443),
		Certificates:   []elbtypes.Certificate{{CertificateArn: certificate.CertificateArn}},
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: group.TargetGroupArn}},
	}))
	node := made[*ec2.RunInstancesOutput](t)(cloud.RunInstances(ctx, &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12c6146b"), InstanceType: "m5.large", MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		SubnetId: subnet.Subnet.SubnetId,
	}))
	made[*elb.RegisterTargetsOutput](t)(balancers.RegisterTargets(ctx, &elb.RegisterTargetsInput{
		TargetGroupArn: group.TargetGroupArn, Targets: []elbtypes.TargetDescription{{Id: node.Instances[0].InstanceId}},
	}))

	databases := rds.NewFromConfig(settings)
	made[*rds.CreateDBSubnetGroupOutput](t)(databases.CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: aws.String("coder"), DBSubnetGroupDescription: aws.String("of a test"), SubnetIds: subnets,
	}))
	cluster := made[*rds.CreateDBClusterOutput](t)(databases.CreateDBCluster(ctx, &rds.CreateDBClusterInput{
		DBClusterIdentifier: aws.String("coder"), Engine: aws.String("aurora-postgresql"), MasterUsername: aws.String("coder_admin"),
		MasterUserPassword: aws.String("not-a-secret"),
	}))
	made[*rds.CreateDBInstanceOutput](t)(databases.CreateDBInstance(ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String("coder-1"), DBClusterIdentifier: aws.String("coder"), Engine: aws.String("aurora-postgresql"),
		DBInstanceClass: aws.String("db.serverless"),
	}))
	d.Database.Host = aws.ToString(cluster.DBCluster.Endpoint)

	// Certificates are issued a second after their request here.
	waiter, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		answer := made[*acm.DescribeCertificateOutput](t)(acm.NewFromConfig(settings).DescribeCertificate(waiter,
			&acm.DescribeCertificateInput{CertificateArn: certificate.CertificateArn}))
		if answer.Certificate.Status == "ISSUED" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// TestGone: what the state knows and AWS does not is said to be gone, and what to do.
func TestGone(t *testing.T) {
	awsproxytest.Emulate(t, "what is asked of AWS after an installation")
	d := deployment(t)
	serveCluster(t, &d)
	coderd := codertest.New(codertest.Settings{})
	source, err := verify.NewAWS(t.Context(), verify.Options{
		Deployment: d, Coder: reach(t, coderd), Resolver: names{}, SignIn: func(context.Context) error { return context.Canceled },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range verify.Run(t.Context(), d, source) {
		switch c.Name {
		case "certificate", "load balancer":
			if c.State != verify.Unknown || !strings.Contains(c.Detail, "is not there any more") || !strings.Contains(c.Todo, "--drift") {
				t.Errorf("%+v", c)
			}
		case "node groups", "add-ons", "database", "provisioners", "DNS":
			if c.State != verify.Unknown {
				t.Errorf("%+v", c)
			}
		}
		if strings.Contains(c.Detail+c.Todo, "canary") {
			t.Errorf("a secret is shown: %+v", c)
		}
	}
}

// TestClusterRefuses: who may not look is told how to be let in.
func TestClusterRefuses(t *testing.T) {
	awsproxytest.Isolate(t, "http://127.0.0.1:1")
	d := deployment(t)
	serveCluster(t, &d)
	source, err := verify.NewAWS(t.Context(), verify.Options{Deployment: d})
	if err != nil {
		t.Fatal(err)
	}
	if nodes, err := source.Nodes(t.Context()); err != nil || len(nodes) != 2 || nodes[0].Group != "control" {
		t.Errorf("%+v, %v", nodes, err)
	}
	// The same token for another cluster than the one that is signed, and an API that nobody serves.
	d.Cluster.Endpoint += "/elsewhere"
	source, err = verify.NewAWS(t.Context(), verify.Options{Deployment: d})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Nodes(t.Context()); err == nil || !strings.Contains(err.Error(), "nodes is forbidden") {
		t.Errorf("%v", err)
	}
	d.Cluster.Endpoint = "https://127.0.0.1:1"
	if source, err = verify.NewAWS(t.Context(), verify.Options{Deployment: d}); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Workloads(t.Context()); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("%v", err)
	}
	d.Cluster.Authority = "bm8gY2VydGlmaWNhdGU="
	if _, err := verify.NewAWS(t.Context(), verify.Options{Deployment: d}); err == nil {
		t.Error("a cluster without an authority is trusted")
	}
}
