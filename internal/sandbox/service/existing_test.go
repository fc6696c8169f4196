package service_test

import (
	"testing"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"

	"github.com/google/go-cmp/cmp"
)

// TestSpotQuota is how AWS words the same shortage for spot instances.
func TestSpotQuota(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, _ := nodeGroupConfig(t, d)
	d.World.SetLimit("L-34B43A08", 5)
	_, err := d.Create("aws_eks_node_group", merged(config, object{"capacity_type": "SPOT"}))
	expect(t, err,
		"AsgInstanceLaunchFailures: Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance count exceeded")
	d.MustCreate(t, "aws_eks_node_group", config)
}

// TestTakenByOthers is how a world refuses names that the account which it plays has already, without having what they name.
func TestTakenByOthers(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	region := "us-east-1"
	d.World.TakeName("aws_cloudwatch_log_group", region, "/aws/eks/coder/cluster")
	d.World.TakeName("aws_iam_role", model.Global, "Coder-Node")
	d.World.SetUsed("L-0263D0A3", region, "", 5)
	_, err := d.Create("aws_cloudwatch_log_group", object{"name": "/aws/eks/coder/cluster"})
	expect(t, err, "ResourceAlreadyExistsException: The specified log group already exists")
	d.MustCreate(t, "aws_cloudwatch_log_group", object{"name": "/aws/eks/other/cluster"})
	_, err = d.Create("aws_iam_role",
		object{"name": "coder-node",
			"assume_role_policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`})
	expect(t, err, "EntityAlreadyExists")
	_, err = d.Create("aws_eip", object{"domain": "vpc"})
	expect(t, err, "AddressLimitExceeded: The maximum number of addresses has been reached.")
}

// TestLaunches is what a world tells of what starts instances.
func TestLaunches(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, _ := nodeGroupConfig(t, d)
	group := d.MustCreate(t, "aws_eks_node_group", config)
	want := []model.Launcher{{Type: "aws_eks_node_group", ID: group["id"].(string), Region: "us-east-1", InstanceTypes: []string{"m5.large"},
		Zones: []string{"us-east-1a"}}}
	if diff := cmp.Diff(want, service.NewCatalog().Launchers(d.World)); diff != "" {
		t.Errorf("launches (-want +got):\n%s", diff)
	}
}
