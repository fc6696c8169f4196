package verify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"coderaws/internal/diagnostic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// kubernetes asks the API of the cluster, with a token that EKS makes of AWS credentials. Three lists do not need a client of a hundred
// packages.
type kubernetes struct {
	endpoint, cluster string
	config            aws.Config
	http              *http.Client
}

const (
	// tokenPrefix begins the tokens that EKS's authenticator reads, and tokenSeconds is how long they are signed for (EKS User
	// Guide, aws eks get-token).
	tokenPrefix  = "k8s-aws-v1."
	tokenSeconds = "60"
	// clusterHeader binds a token to one cluster.
	clusterHeader = "x-k8s-aws-id"
	// mostAnswer bounds what is read of an answer, in bytes: a thousand nodes have some ten MiB.
	mostAnswer = 64 << 20
)

func newKubernetes(cfg aws.Config, o Options) (*kubernetes, error) {
	d, dial := o.Deployment, o.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: 5 * time.Second}).DialContext
	}
	authority, err := base64.StdEncoding.DecodeString(d.Cluster.Authority)
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(authority) || !strings.HasPrefix(d.Cluster.Endpoint, "https://") {
		e := diagnostic.Errorf("the cloud stack does not say how to reach the cluster %s", d.Cluster.Name)
		e.Code, e.Why = "verify.no_output", "its output platform has no endpoint or no certificate authority of the cluster"
		e.Todo = "run `coderaws up`, which completes the cloud stack"
		return nil, e
	}
	return &kubernetes{endpoint: d.Cluster.Endpoint, cluster: d.Cluster.Name, config: cfg, http: &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: dial,
			TLSHandshakeTimeout: 10 * time.Second,
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		},
	}}, nil
}

// token is a signed question to STS who is asking, which only EKS sends.
func (k *kubernetes) token(ctx context.Context) (string, error) {
	signed, err := sts.NewPresignClient(sts.NewFromConfig(k.config)).PresignGetCallerIdentity(ctx, &sts.GetCallerIdentityInput{},
		func(o *sts.PresignOptions) {
			o.ClientOptions = append(o.ClientOptions, func(o *sts.Options) {
				o.APIOptions = append(o.APIOptions, smithyhttp.SetHeaderValue(clusterHeader, k.cluster),
					smithyhttp.SetHeaderValue("X-Amz-Expires", tokenSeconds))
			})
		})
	if err != nil {
		return "", fmt.Errorf("sign a token for the cluster %s: %w", k.cluster, err)
	}
	return tokenPrefix + base64.RawURLEncoding.EncodeToString([]byte(signed.URL)), nil
}

// get asks for a list.
func (k *kubernetes) get(ctx context.Context, path string, into any) error {
	token, err := k.token(ctx)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.endpoint+path, nil)
	if err != nil {
		return fmt.Errorf("ask the cluster %s for %s: %w", k.cluster, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := k.http.Do(req)
	if err != nil {
		var noWay *diagnostic.Diagnostic
		if errors.As(err, &noWay) {
			return noWay
		}
		d := diagnostic.Errorf("the Kubernetes API of %s does not answer", k.cluster)
		d.Code, d.Why = "verify.cluster_unreachable", err.Error()
		d.Todo = "see whether this machine may reach it: setting cluster.public_access_cidrs, or a way into the VPC"
		return d
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return fmt.Errorf("read the answer of the cluster %s: %w", k.cluster, err)
	}
	if resp.StatusCode != http.StatusOK {
		return k.refused(resp.StatusCode, path, text)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("the cluster %s answers %s with something else: %w", k.cluster, path, err)
	}
	return nil
}

func (k *kubernetes) refused(status int, path string, text []byte) error {
	var answer struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(text, &answer) // without a message the status says enough
	d := diagnostic.Errorf("the Kubernetes API of %s refuses %s", k.cluster, path)
	d.Code, d.Why = fmt.Sprintf("verify.cluster_%d", status), strings.TrimSpace(http.StatusText(status)+" "+answer.Message)
	d.Todo = "give these credentials an access entry to the cluster with AmazonEKSViewPolicy, as who created the deployment has: setting cluster.admin_role_arns"
	return d
}

// metadata is what all objects have.
type metadata struct {
	Namespace string            `json:"namespace"`
	Name      string            `json:"name"`
	Labels    map[string]string `json:"labels"`
}

// Nodes asks the cluster.
func (a *AWS) Nodes(ctx context.Context) ([]Node, error) {
	var list struct {
		Items []struct {
			Metadata metadata `json:"metadata"`
			Status   struct {
				Conditions []struct{ Type, Status, Reason, Message string } `json:"conditions"`
			} `json:"status"`
		} `json:"items"`
	}
	if err := a.cluster.get(ctx, "/api/v1/nodes", &list); err != nil {
		return nil, err
	}
	var nodes []Node
	for _, item := range list.Items {
		node := Node{Name: item.Metadata.Name, Group: item.Metadata.Labels["eks.amazonaws.com/nodegroup"], Problem: "Kubernetes does not know"}
		for _, condition := range item.Status.Conditions {
			if condition.Type == "Ready" {
				node.Ready = condition.Status == "True"
				node.Problem = strings.TrimSuffix(condition.Reason+": "+condition.Message, ": ")
			}
		}
		nodes = append(nodes, node)
	}
	return nodes, nil
}

// looked are the namespaces whose workloads are looked at. Workspaces come and go.
var looked = []string{"kube-system", "coder", "coder-provisioners"}

// Workloads asks the cluster.
func (a *AWS) Workloads(ctx context.Context) ([]Workload, error) {
	var all []Workload
	for _, namespace := range looked {
		for _, kind := range []string{"deployments", "daemonsets"} {
			var list struct {
				Items []struct {
					Metadata metadata `json:"metadata"`
					Spec     struct {
						Replicas *int `json:"replicas"`
					} `json:"spec"`
					Status struct {
						Ready         int `json:"readyReplicas"`
						NumberReady   int `json:"numberReady"`
						NumberDesired int `json:"desiredNumberScheduled"`
					} `json:"status"`
				} `json:"items"`
			}
			if err := a.cluster.get(ctx, "/apis/apps/v1/namespaces/"+namespace+"/"+kind, &list); err != nil {
				return nil, err
			}
			for _, item := range list.Items {
				w := Workload{Namespace: namespace, Name: item.Metadata.Name, Ready: item.Status.NumberReady, Wanted: item.Status.NumberDesired}
				if kind == "deployments" {
					w.Ready, w.Wanted = item.Status.Ready, 1
					if item.Spec.Replicas != nil {
						w.Wanted = *item.Spec.Replicas
					}
				}
				all = append(all, w)
			}
		}
	}
	return all, nil
}
