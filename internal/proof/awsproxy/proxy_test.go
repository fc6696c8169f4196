package awsproxy

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// emulator stands for moto: it answers actions and paths with fixed texts, and notes what it was asked.
type emulator struct {
	answers map[string]string
	asked   []string
	// body is that of the last call.
	body string
}

func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.body = string(body)
	form, _ := url.ParseQuery(string(body))
	name := form.Get("Action")
	if name == "" {
		name = r.Method + " " + r.URL.Path
	}
	e.asked = append(e.asked, name)
	answer, ok := e.answers[name]
	if !ok {
		http.Error(w, "NotImplementedError", http.StatusInternalServerError)
		return
	}
	_, _ = io.WriteString(w, answer)
}

// bench is a proxy before an emulator whose subnets lie in two zones.
type bench struct {
	t        *testing.T
	emulator *emulator
	proxy    *Proxy
}

func newBench(t *testing.T) *bench {
	t.Helper()
	e := &emulator{answers: map[string]string{
		"DescribeSubnets": `<R><subnetSet><item><vpcId>vpc-1</vpcId><availabilityZone>us-east-1a</availabilityZone></item>` +
			`<item><vpcId>vpc-1</vpcId><availabilityZone>us-east-1b</availabilityZone></item></subnetSet></R>`,
		"CreateSecurityGroup":     `<R><groupId>sg-cluster</groupId></R>`,
		"DeleteSecurityGroup":     `<R/>`,
		"CreateLaunchTemplate":    `<R/>`,
		"DeleteLaunchTemplate":    `<R/>`,
		"CreateAutoScalingGroup":  `<R/>`,
		"DeleteAutoScalingGroup":  `<R/>`,
		"DescribeLaunchTemplates": `<R><launchTemplates><item><launchTemplateId>lt-1</launchTemplateId><launchTemplateName>nodes</launchTemplateName><latestVersionNumber>3</latestVersionNumber></item></launchTemplates></R>`,
	}}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	backend, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	return &bench{t, e, New(Options{Backend: backend, Now: func() time.Time { return now }})}
}

// send makes one signed call and gives the status and the body.
func (b *bench) send(service, method, path, contentType, body string) (int, string) {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return b.serve(service, r)
}

// target makes one signed call of the JSON protocol, which names its operation in a header.
func (b *bench) target(service, operation, body string) (int, string) {
	b.t.Helper()
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", operation)
	return b.serve(service, r)
}

func (b *bench) serve(service string, r *http.Request) (int, string) {
	r.Header.Set("Authorization", caller{accessKey: "test", region: "us-east-1"}.signature(service))
	w := httptest.NewRecorder()
	b.proxy.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// eks makes an EKS call that must succeed, and gives the decoded answer.
func (b *bench) eks(method, path, body string) document {
	b.t.Helper()
	code, answer := b.send("eks", method, path, "application/json", body)
	if code != http.StatusOK {
		b.t.Fatalf("%s %s: %d %s", method, path, code, answer)
	}
	var out document
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return out
}

// cluster makes a cluster named c with API authentication.
func (b *bench) cluster() {
	b.t.Helper()
	b.eks("POST", "/clusters", `{"name":"c","version":"1.35","roleArn":"arn:aws:iam::123456789012:role/c",
		"resourcesVpcConfig":{"subnetIds":["subnet-1","subnet-2"]},"accessConfig":{"authenticationMode":"API"}}`)
}

func TestClusterTellsWhatMotoDrops(t *testing.T) {
	b := newBench(t)
	b.cluster()
	got := object(b.eks("GET", "/clusters/c", ""), "cluster")
	want := document{
		"accessConfig":  document{"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": true},
		"upgradePolicy": document{"supportType": "EXTENDED"},
		"resourcesVpcConfig": document{
			"subnetIds": []any{"subnet-1", "subnet-2"}, "securityGroupIds": []any{}, "vpcId": "vpc-1",
			"clusterSecurityGroupId": "sg-cluster", "endpointPublicAccess": true, "endpointPrivateAccess": false,
			"publicAccessCidrs": []any{"0.0.0.0/0"},
		},
		"status": "ACTIVE",
	}
	if diff := cmp.Diff(want, pick(got, "accessConfig", "upgradePolicy", "resourcesVpcConfig", "status")); diff != "" {
		t.Errorf("cluster (-want +got):\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	const cluster = `{"name":"c","resourcesVpcConfig":{"subnetIds":["subnet-1"]}}`
	for _, tt := range []struct {
		name, method, path, body string
		arrange                  func(*bench)
		status                   int
		code, message            string
	}{
		{
			"cluster in one zone", "POST", "/clusters", cluster,
			func(b *bench) {
				b.emulator.answers["DescribeSubnets"] = `<R><subnetSet><item><vpcId>vpc-1</vpcId><availabilityZone>us-east-1a</availabilityZone></item></subnetSet></R>`
			},
			400, "InvalidParameterException", "Subnets specified must be in at least two different AZs",
		},
		{"cluster twice", "POST", "/clusters", cluster, (*bench).cluster, 409, "ResourceInUseException", "Cluster already exists with name: c"},
		{"no such cluster", "GET", "/clusters/other", "", nil, 404, "ResourceNotFoundException", "No cluster found for name: other."},
		{
			"cluster with node groups", "DELETE", "/clusters/c", "",
			func(b *bench) {
				b.cluster()
				b.eks("POST", "/clusters/c/node-groups", `{"nodegroupName":"n","nodeRole":"arn:aws:iam::123456789012:role/n","subnets":["subnet-1"]}`)
			},
			409, "ResourceInUseException", "Cluster has nodegroups attached",
		},
		{"unknown add-on", "POST", "/clusters/c/addons", `{"addonName":"nonsense"}`, (*bench).cluster, 400,
			"InvalidParameterException", "Addon nonsense specified is not supported in 1.35 kubernetes version"},
		{"add-on version", "POST", "/clusters/c/addons", `{"addonName":"coredns","addonVersion":"1"}`, (*bench).cluster, 400,
			"InvalidParameterException", "Addon version specified is not supported"},
		{"disk beside a launch template", "POST", "/clusters/c/node-groups",
			`{"nodegroupName":"n","diskSize":1,"launchTemplate":{"id":"lt-1"}}`, (*bench).cluster, 400,
			"InvalidParameterException", "Disk size must be specified within the launch template."},
		{"two versions at once", "POST", "/clusters/c/updates", `{"version":"1.34"}`, (*bench).cluster, 400,
			"InvalidParameterException", "Unsupported Kubernetes minor version update from 1.35 to 1.34"},
		{"no principal", "POST", "/clusters/c/access-entries", `{"principalArn":"me"}`, (*bench).cluster, 400,
			"InvalidParameterException", "The specified principalArn is invalid: invalid principal."},
		{"a call that the proxy does not know", "GET", "/clusters/c/insights", "", (*bench).cluster, 501, "ProxyFailure",
			"awsproxy does not know the EKS call GET /clusters/c/insights"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			if tt.arrange != nil {
				tt.arrange(b)
			}
			status, body := b.send("eks", tt.method, tt.path, "application/json", tt.body)
			var got document
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatalf("%v: %s", err, body)
			}
			if diff := cmp.Diff(document{"__type": tt.code, "message": tt.message}, got); diff != "" || status != tt.status {
				t.Errorf("status %d, want %d (-want +got):\n%s", status, tt.status, diff)
			}
		})
	}
}

func TestNodeGroupHasItsAutoScalingGroup(t *testing.T) {
	b := newBench(t)
	b.cluster()
	got := object(b.eks("POST", "/clusters/c/node-groups", `{"nodegroupName":"n","nodeRole":"arn:aws:iam::123456789012:role/n",
		"subnets":["subnet-1"],"launchTemplate":{"id":"lt-1"}}`), "nodegroup")
	if diff := cmp.Diff(document{"id": "lt-1", "name": "nodes", "version": "3"}, got["launchTemplate"]); diff != "" {
		t.Errorf("launch template (-want +got):\n%s", diff)
	}
	if name := autoScalingGroup(got); !strings.HasPrefix(name, "eks-n-") {
		t.Errorf("Auto Scaling group %q", name)
	}
	entries := b.eks("GET", "/clusters/c/access-entries", "")
	if diff := cmp.Diff(document{"accessEntries": []any{"arn:aws:iam::123456789012:role/n"}}, entries); diff != "" {
		t.Errorf("access entries (-want +got):\n%s", diff)
	}
	b.eks("DELETE", "/clusters/c/node-groups/n", "")
	asked := strings.Join(b.emulator.asked, " ")
	if want := "CreateLaunchTemplate CreateAutoScalingGroup DeleteAutoScalingGroup DeleteLaunchTemplate"; !strings.HasSuffix(asked, want) {
		t.Errorf("asked the emulator for %s, want it to end with %s", asked, want)
	}
}

func TestAddonOwnsItsPodIdentity(t *testing.T) {
	b := newBench(t)
	b.cluster()
	addon := object(b.eks("POST", "/clusters/c/addons", `{"addonName":"aws-ebs-csi-driver",
		"podIdentityAssociations":[{"serviceAccount":"ebs-csi-controller-sa","roleArn":"arn:aws:iam::123456789012:role/ebs"}]}`), "addon")
	if text(addon, "addonVersion") == "" || len(list(addon, "podIdentityAssociations")) != 1 {
		t.Fatalf("add-on %v", addon)
	}
	associations := list(b.eks("GET", "/clusters/c/pod-identity-associations", ""), "associations")
	owned, _ := associations[0].(document)
	if owned["ownerArn"] != addon["addonArn"] {
		t.Errorf("the association %v is not the add-on's", owned)
	}
	for query, want := range map[string]int{
		"namespace=kube-system&serviceAccount=ebs-csi-controller-sa": 1,
		"namespace=coder&serviceAccount=ebs-csi-controller-sa":       0,
		"serviceAccount=coder": 0,
	} {
		if found := list(b.eks("GET", "/clusters/c/pod-identity-associations?"+query, ""), "associations"); len(found) != want {
			t.Errorf("asked for %s, the emulator lists %v, want %d", query, found, want)
		}
	}
	if status, _ := b.send("eks", "DELETE", "/clusters/c/pod-identity-associations/"+text(owned, "associationId"),
		"application/json", ""); status != http.StatusBadRequest {
		t.Errorf("deleting an owned association: %d, want 400", status)
	}
	b.eks("DELETE", "/clusters/c/addons/aws-ebs-csi-driver", "")
	if left := list(b.eks("GET", "/clusters/c/pod-identity-associations", ""), "associations"); len(left) != 0 {
		t.Errorf("associations outlived their add-on: %v", left)
	}
}

func TestAccessPoliciesAndTagsByEscapedARN(t *testing.T) {
	b := newBench(t)
	b.cluster()
	entry := object(b.eks("POST", "/clusters/c/access-entries", `{"principalArn":"arn:aws:iam::123456789012:role/team/admin"}`), "accessEntry")
	if want := "arn:aws:sts::123456789012:assumed-role/admin/{{SessionName}}"; entry["username"] != want {
		t.Errorf("user name %v, want %s", entry["username"], want)
	}
	path := "/clusters/c/access-entries/" + url.PathEscape("arn:aws:iam::123456789012:role/team/admin")
	policy := "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
	b.eks("POST", path+"/access-policies", `{"policyArn":"`+policy+`","accessScope":{"type":"cluster"}}`)
	if got := list(b.eks("GET", path+"/access-policies", ""), "associatedAccessPolicies"); len(got) != 1 {
		t.Errorf("policies %v", got)
	}
	b.eks("DELETE", path+"/access-policies/"+url.PathEscape(policy), "")
	if got := list(b.eks("GET", path+"/access-policies", ""), "associatedAccessPolicies"); len(got) != 0 {
		t.Errorf("policies after disassociation %v", got)
	}
	tags := "/tags/" + url.PathEscape(text(entry, "accessEntryArn"))
	b.eks("POST", tags, `{"tags":{"a":"1","b":"2"}}`)
	b.eks("DELETE", tags+"?tagKeys=a", "")
	if diff := cmp.Diff(document{"tags": document{"b": "2"}}, b.eks("GET", tags, "")); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func TestAddonVersionsHaveOneDefault(t *testing.T) {
	b := newBench(t)
	addons := list(b.eks("GET", "/addons/supported-versions?addonName=kube-proxy&kubernetesVersion=1.34", ""), "addons")
	addon, _ := addons[0].(document)
	var versions, defaults []string
	for _, v := range list(addon, "addonVersions") {
		version, _ := v.(document)
		versions = append(versions, text(version, "addonVersion"))
		for _, c := range list(version, "compatibilities") {
			if compatibility, _ := c.(document); compatibility["defaultVersion"] == true {
				defaults = append(defaults, text(version, "addonVersion"))
			}
		}
	}
	if len(versions) < 2 || len(defaults) != 1 || !strings.HasPrefix(versions[0], "v1.34.") {
		t.Errorf("versions %v, defaults %v: want several for 1.34, one of them the default", versions, defaults)
	}
}
