package rehearsal_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/facts"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// fewChecks is how many lives TestEveryValidDeployment lives unless told otherwise: each takes some seconds.
const fewChecks = "3"

// TestEveryValidDeployment holds the law of this project: whatever settings the stacks accept, the deployment can be made, a second
// plan changes nothing, and a destroy leaves nothing. RAPID_CHECKS=50 or -rapid.checks=50 tries more of them.
func TestEveryValidDeployment(t *testing.T) {
	if testing.Short() {
		t.Skip("each life takes some seconds")
	}
	binary := engineOrSkip(t)
	given := os.Getenv("RAPID_CHECKS") != ""
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		// The few are always the same, so that a change is not blamed for what it did not break; more are drawn by chance.
		for name, value := range map[string]string{"rapid.checks": fewChecks, "rapid.seed": "3"} {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	source := os.DirFS("../..")
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	rapid.Check(t, func(rt *rapid.T) {
		region, text := settings(rt)
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, region+".tfvars"), text, 0o600); err != nil {
			rt.Fatal(err)
		}
		d, findings := deployment.Load(dir, source)
		if len(findings) > 0 {
			rt.Fatalf("the generator wrote what is not valid: %v\n%s", findings, text)
		}
		runner := &lifecycle.Runner{
			Source: source, Program: "test", Binary: binary, Environ: environ(),
			Reporter: progress.NewPlain(io.Discard, now), Now: now, Random: chance(),
		}
		report, err := rehearsal.New("test", now).Rehearse(t.Context(), runner, "test", d)
		if err != nil {
			rt.Fatalf("%v\nwith the settings\n%s", err, text)
		}
		if !report.Good() {
			rt.Errorf("the second plan has %v, left are %v", report.Places[0].Differences, report.Left)
		}
		if len(report.Unmodelled) > 0 || len(report.Invented) > 0 {
			rt.Errorf("not modelled %v, made up %v", report.Unmodelled, report.Invented)
		}
		if rt.Failed() {
			rt.Fatalf("with the settings\n%s", text)
		}
	})
}

type object = map[string]cty.Value

// required are the settings that are never left out: those without a default, and those that others were drawn to fit.
var required = map[string]bool{"region": true, "domain": true, "dns": true, "deployment_features": true, "network": true,
	"node_groups": true, "max_workspaces": true, "workspace_profiles": true, "certificate_arn": true}

// settings draws the settings of a deployment, all of which the stacks accept, and returns its region and its tfvars.
func settings(t *rapid.T) (region string, text []byte) {
	region = rapid.SampledFrom([]string{"us-east-1", "us-west-1", "us-west-2", "ca-central-1", "eu-central-1", "ap-northeast-1",
		"us-gov-west-1"}).Draw(t, "region")
	domain := rapid.StringMatching(`([a-z]([a-z0-9-]{0,8}[a-z0-9])?\.){1,3}[a-z]{2,8}`).Draw(t, "domain")
	zones, active, features := drawZones(t, region)
	all := object{
		"region":              cty.StringVal(region),
		"name":                cty.StringVal(rapid.StringMatching(`[a-z](-?[a-z0-9]){2,9}`).Draw(t, "name")),
		"domain":              cty.StringVal(domain),
		"dns":                 cty.ObjectVal(object{"create_zone": cty.True}),
		"deployment_features": cty.ObjectVal(features),
		"network":             drawNetwork(t, zones),
		"cluster":             drawCluster(t),
		"node_groups":         drawNodeGroups(t, region, active),
		"database":            drawDatabase(t),
		"max_workspaces":      cty.NumberIntVal(1),
		"workspace_profiles":  smallest,
		"deletion_protection": cty.ObjectVal(object{"database": drawBool(t, "protected"), "backups": drawBool(t, "backups protected")}),
		"ingress":             cty.ObjectVal(object{"allowed_cidrs": drawRanges(t, "clients", 1), "internal": drawBool(t, "internal")}),
		"observability": cty.ObjectVal(object{
			"alarm_emails": drawEmails(t, "alarms", 3), "log_retention_days": drawRetention(t, "database log"),
		}),
		"tags": cty.ObjectVal(object{"CostCenter": cty.StringVal(rapid.StringMatching(`[A-Za-z0-9 ._:/=+@-]{0,20}`).Draw(t, "cost center"))}),
	}
	required := maps.Clone(required)
	if rapid.IntRange(0, 2).Draw(t, "private egress") == 0 {
		withoutInternet(all, features)
		maps.Copy(required, map[string]bool{"ingress": true, "cluster": true, "coder": true})
	}
	// Nor has Route 53 public zones there.
	if region == "us-gov-west-1" {
		all["dns"] = cty.ObjectVal(object{"records": cty.StringVal("none")})
		all["certificate_arn"] = cty.StringVal(
			"arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef")
	}
	// AWS Budgets has no endpoint in GovCloud.
	if region != "us-gov-west-1" && rapid.Bool().Draw(t, "budget") {
		all["budget"] = cty.ObjectVal(object{
			"monthly_usd": cty.NumberIntVal(rapid.Int64Range(1, 100000).Draw(t, "usd")), "emails": drawEmails(t, "budget", 10),
		})
	}
	file := hclwrite.NewEmptyFile()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		// What is left out gets the stacks' default.
		if required[name] || rapid.IntRange(0, 9).Draw(t, "leave out "+name) > 0 {
			file.Body().SetAttributeValue(name, all[name])
		}
	}
	return region, file.Bytes()
}

// withoutInternet turns private egress on, with what it demands.
func withoutInternet(all, features object) {
	features["private_egress"], features["spot_workspaces"] = cty.True, cty.False
	all["deployment_features"] = cty.ObjectVal(features)
	change := func(name, attribute string, value cty.Value) {
		changed := all[name].AsValueMap()
		changed[attribute] = value
		all[name] = cty.ObjectVal(changed)
	}
	change("ingress", "internal", cty.True)
	change("cluster", "public_access_cidrs", cty.ListValEmpty(cty.String))
	all["coder"] = cty.ObjectVal(object{"stun_addresses": cty.ListVal([]cty.Value{cty.StringVal("disable")})})
}

// smallest is the one size of workspaces that every instance type has room for.
var smallest = cty.ObjectVal(object{"tiny": cty.ObjectVal(object{
	"share": cty.NumberIntVal(100), "cpu_request": cty.NumberFloatVal(0.1), "cpu_limit": cty.NumberIntVal(1),
	"memory_request_gib": cty.NumberFloatVal(0.125), "memory_limit_gib": cty.NumberIntVal(1), "home_gib": cty.NumberIntVal(1),
})})

// drawZones draws the features, and two or three of the region's zones that EKS can use, or none, which means the first ones. active
// are the IDs of the zones that nodes will be in.
func drawZones(t *rapid.T, region string) (names []cty.Value, active []string, features object) {
	usable := slices.DeleteFunc(facts.Zones(region), func(z facts.Zone) bool {
		return slices.Contains([]string{"use1-az3", "usw1-az2", "cac1-az3"}, z.ID)
	})
	features = object{"time_based_scaling": drawBool(t, "time_based_scaling"), "spot_workspaces": drawBool(t, "spot_workspaces")}
	spread := len(usable) >= 3 && rapid.Bool().Draw(t, "high_availability")
	features["high_availability"] = cty.BoolVal(spread)
	if !rapid.Bool().Draw(t, "default zones") {
		least := 2
		if spread {
			least = 3
		}
		usable = rapid.Permutation(usable).Draw(t, "zones")
		for _, zone := range usable[:rapid.IntRange(least, min(3, len(usable))).Draw(t, "number of zones")] {
			names = append(names, cty.StringVal(zone.Name))
		}
	}
	active = []string{usable[0].ID}
	if spread {
		active = append(active, usable[1].ID, usable[2].ID)
	}
	return names, active, features
}

func drawNetwork(t *rapid.T, zones []cty.Value) cty.Value {
	prefix := rapid.IntRange(16, 20).Draw(t, "prefix")
	third := rapid.IntRange(0, 1<<(prefix-16)-1).Draw(t, "third octet") << (24 - prefix)
	half := rapid.SampledFrom([]string{
		fmt.Sprintf("10.%d", rapid.IntRange(0, 255).Draw(t, "of 10/8")), fmt.Sprintf("172.%d", rapid.IntRange(16, 31).Draw(t, "of 172.16/12")),
		"192.168", fmt.Sprintf("100.%d", rapid.IntRange(64, 127).Draw(t, "of 100.64/10")),
	}).Draw(t, "private range")
	network := object{
		"cidr":                     cty.StringVal(fmt.Sprintf("%s.%d.0/%d", half, third, prefix)),
		"flow_logs_retention_days": drawRetention(t, "flow logs"),
	}
	if zones != nil {
		network["availability_zones"] = cty.ListVal(zones)
	}
	return cty.ObjectVal(network)
}

func drawCluster(t *rapid.T) cty.Value {
	version := rapid.SampledFrom([]string{"1.33", "1.34", "1.35"}).Draw(t, "Kubernetes")
	pins := object{}
	for name, pinned := range map[string]string{
		"vpc-cni": "v1.21.1-eksbuild.7", "coredns": "v1.13.2-eksbuild.3", "kube-proxy": "v" + version + ".0-eksbuild.2",
		"aws-ebs-csi-driver": "v1.64.0-eksbuild.1", "eks-pod-identity-agent": "v1.4.0-eksbuild.1", "metrics-server": "v0.8.1-eksbuild.6",
	} {
		if rapid.IntRange(0, 3).Draw(t, "pin "+name) == 0 {
			pins[name] = cty.StringVal(pinned)
		}
	}
	return cty.ObjectVal(object{
		"version": cty.StringVal(version), "public_access_cidrs": drawRanges(t, "administrators", 0),
		"addon_versions": cty.ObjectVal(pins), "log_retention_days": drawRetention(t, "control plane"),
	})
}

// instanceTypes are common ones by image family; of them those are drawn that all zones of the nodes offer.
var instanceTypes = map[string][]string{
	"AL2023_x86_64_STANDARD": {"m5.large", "m5.2xlarge", "m6i.xlarge", "m7i.large", "c5.xlarge", "c6i.2xlarge", "r5.large", "t3.large"},
	"AL2023_ARM_64_STANDARD": {"m6g.large", "m7g.xlarge", "c6g.xlarge", "c7g.large", "r6g.large", "t4g.large"},
}

func drawNodeGroups(t *rapid.T, region string, zoneIDs []string) cty.Value {
	group := func(name string) object {
		images := rapid.SampledFrom(slices.Sorted(maps.Keys(instanceTypes))).Draw(t, name+" images")
		offered := slices.DeleteFunc(slices.Clone(instanceTypes[images]), func(typ string) bool {
			known := facts.Instance(typ)
			return known == nil || slices.ContainsFunc(zoneIDs, func(id string) bool { return !known.OfferedIn(region, id) })
		})
		var names []cty.Value
		for _, typ := range rapid.SliceOfNDistinct(rapid.SampledFrom(offered), 1, 3, rapid.ID).Draw(t, name+" types") {
			names = append(names, cty.StringVal(typ))
		}
		return object{
			"instance_types": cty.ListVal(names), "ami_type": cty.StringVal(images),
			"disk_gib": cty.NumberIntVal(rapid.Int64Range(20, 500).Draw(t, name+" disk")),
		}
	}
	// Every zone holds the workspace that is asked for, with a node to spare.
	room := int64(2 * len(zoneIDs))
	scaled := func(name string, least int64) cty.Value {
		g := group(name)
		low := rapid.Int64Range(least, 5).Draw(t, name+" min")
		g["min_size"] = cty.NumberIntVal(low)
		g["off_peak_min_size"] = cty.NumberIntVal(rapid.Int64Range(least, low).Draw(t, name+" min at night"))
		g["max_size"] = cty.NumberIntVal(rapid.Int64Range(max(room, low), 50).Draw(t, name+" max"))
		return cty.ObjectVal(g)
	}
	control := group("control")
	control["size"] = cty.NumberIntVal(rapid.Int64Range(int64(min(2, len(zoneIDs))), 10).Draw(t, "control size"))
	return cty.ObjectVal(object{"control": cty.ObjectVal(control), "provisioner": scaled("provisioner", 1),
		"workspace": scaled("workspace", 0)})
}

func drawDatabase(t *rapid.T) cty.Value {
	// In half ACUs.
	low := rapid.Int64Range(1, 64).Draw(t, "min ACU")
	high := rapid.Int64Range(max(2, low), 512).Draw(t, "max ACU")
	database := object{
		"engine_version":        cty.StringVal(rapid.SampledFrom([]string{"15", "16", "17", "17.7", "16.11"}).Draw(t, "engine version")),
		"min_acu":               cty.NumberFloatVal(float64(low) / 2),
		"max_acu":               cty.NumberFloatVal(float64(high) / 2),
		"backup_retention_days": cty.NumberIntVal(rapid.Int64Range(1, 35).Draw(t, "backups")),
	}
	if rapid.Bool().Draw(t, "long-term backups") {
		database["long_term_backup_days"] = cty.NumberIntVal(rapid.Int64Range(36, 3650).Draw(t, "long-term backup days"))
	}
	return cty.ObjectVal(database)
}

func drawBool(t *rapid.T, label string) cty.Value { return cty.BoolVal(rapid.Bool().Draw(t, label)) }

// drawRetention draws a number of days that CloudWatch Logs knows.
func drawRetention(t *rapid.T, label string) cty.Value {
	return cty.NumberIntVal(rapid.SampledFrom([]int64{1, 3, 7, 30, 90, 365, 731, 3653}).Draw(t, label+" retention"))
}

// drawRanges draws different public IPv4 ranges, least at least.
func drawRanges(t *rapid.T, label string, least int) cty.Value {
	hosts := rapid.SliceOfNDistinct(rapid.IntRange(0, 255), least, 4, rapid.ID).Draw(t, label)
	if len(hosts) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	var ranges []cty.Value
	for _, host := range hosts {
		ranges = append(ranges, cty.StringVal(fmt.Sprintf("203.0.113.%d/32", host)))
	}
	return cty.ListVal(ranges)
}

// drawEmails draws up to most different addresses.
func drawEmails(t *rapid.T, label string, most int) cty.Value {
	people := rapid.SliceOfNDistinct(rapid.IntRange(0, 99), 0, most, rapid.ID).Draw(t, label+" addresses")
	if len(people) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	var addresses []cty.Value
	for _, person := range people {
		addresses = append(addresses, cty.StringVal(fmt.Sprintf("person%d@example.com", person)))
	}
	return cty.ListVal(addresses)
}
