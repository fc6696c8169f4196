package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// today is the day on which EC2 is asked.
var today = time.Date(2027, 3, 4, 5, 0, 0, 0, time.UTC)

// described is a type as DescribeInstanceTypes tells of it.
func described(name string, current bool, vcpus, mib int, architectures, more string) string {
	return fmt.Sprintf("<item><instanceType>%s</instanceType><currentGeneration>%t</currentGeneration>"+
		"<vCpuInfo><defaultVCpus>%d</defaultVCpus></vCpuInfo><memoryInfo><sizeInMiB>%d</sizeInMiB></memoryInfo><processorInfo><supportedArchitectures>%s</supportedArchitectures>"+
		"</processorInfo><networkInfo><maximumNetworkInterfaces>3</maximumNetworkInterfaces>"+
		"<ipv4AddressesPerInterface>10</ipv4AddressesPerInterface></networkInfo>%s</item>", name, current, vcpus, mib, architectures, more)
}

func offered(name, zone string) string {
	return "<item><instanceType>" + name + "</instanceType><locationType>availability-zone-id</locationType><location>" + zone +
		"</location></item>"
}

// region answers on the loopback as EC2 does, in two pages each. It fails in the last page if broken.
func region(t *testing.T, broken bool) string {
	t.Helper()
	pages := map[string][2]string{
		"DescribeInstanceTypeOfferings": {offered("m7i.large", "euc1-az3") + offered("m7i.large", "euc1-az2"),
			offered("m9x.large", "euc1-az2") + offered("g5.xlarge", "euc1-az1")},
		"DescribeRegions": {"<item><regionName>eu-central-1</regionName></item><item><regionName>xx-new-1</regionName></item>"},
		"DescribeInstanceTypes": {
			described("m7i.large", true, 2, 8192, "<item>x86_64</item>", "") +
				described("g5.xlarge", false, 4, 16384, "<item>x86_64</item><item>i386</item>",
					"<gpuInfo><gpus><item><count>1</count></item></gpus></gpuInfo>"),
			described("m9x.large", true, 2, 9216, "<item>arm64</item>", "") + described("old.large", false, 2, 2048, "<item>x86_64</item>", "")},
	}
	sets := map[string]string{"DescribeInstanceTypes": "instanceTypeSet", "DescribeInstanceTypeOfferings": "instanceTypeOfferingSet",
		"DescribeRegions": "regionInfo"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		action, page, next := r.Form.Get("Action"), 0, "<nextToken>second</nextToken>"
		if r.Form.Get("NextToken") == "second" {
			page, next = 1, ""
		}
		if action == "DescribeInstanceTypeOfferings" && r.Form.Get("LocationType") != "availability-zone-id" {
			t.Errorf("asked for offers by %s", r.Form.Get("LocationType"))
		}
		if broken && action == "DescribeInstanceTypes" && page == 1 {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>")
			return
		}
		_, _ = fmt.Fprintf(w, "<%sResponse><%s>%s</%s>%s</%sResponse>", action, sets[action], pages[action][page], sets[action], next, action)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// account points the SDK at a peer, with credentials that are nobody's; without a peer it has none.
func account(t *testing.T, endpoint string) {
	t.Helper()
	absent, key := filepath.Join(t.TempDir(), "absent"), ""
	if endpoint != "" {
		key = "AKIATESTER"
	}
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
		"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": key, "AWS_SESSION_TOKEN": "",
		"AWS_ENDPOINT_URL_EC2": endpoint, "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

// copied is the program's own table to work on.
func copied(t *testing.T) (file string, original []byte) {
	t.Helper()
	original, err := os.ReadFile("../../internal/facts/ec2-instances.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "table.json.gz")
	if err := os.WriteFile(file, original, 0o644); err != nil {
		t.Fatal(err)
	}
	return file, original
}

// part is some of what a table has of a type: its fields, and a region.
func part(t *testing.T, tab *table, name, region string) string {
	t.Helper()
	record := tab.Instances[name]
	if record == nil {
		return ""
	}
	there, _ := record["regions"].(object)[region].(object)
	return strings.TrimSpace(fmt.Sprintln(record["vcpu"], record["memory_gib"], record["arch"], record["gpu"],
		record["generation"], record["max_enis"], record["ipv4_per_eni"], there["zone_ids"], there["on_demand"]))
}

func TestRun(t *testing.T) {
	account(t, region(t, false))
	file, _ := copied(t)
	before, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), file, []string{"eu-central-1"}, today, io.Discard); err != nil {
		t.Fatal(err)
	}
	after, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, typeName, region, want string }{
		{"a type that was known, with its price", "m7i.large", "eu-central-1", "2 8 [x86_64] 0 current 3 10 [euc1-az2 euc1-az3] 0.12075"},
		{"a type that is of yesterday now", "g5.xlarge", "eu-central-1", "4 16 [i386 x86_64] 1 previous 3 10 [euc1-az1] 1.258"},
		{"a type that is new, and has no price", "m9x.large", "eu-central-1", "2 9 [arm64] 0 current 3 10 [euc1-az2] <nil>"},
		{"a type that no zone has", "old.large", "eu-central-1", ""},
		{"a type that is not offered any more", "m5.large", "eu-central-1", "2 8.0 [x86_64] 0 current 3 10 <nil> <nil>"},
		{"a region that was not asked", "m5.large", "us-east-2", part(t, before, "m5.large", "us-east-2")},
	} {
		if diff := cmp.Diff(row.want, part(t, after, row.typeName, row.region)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
	if asked := in(after.Source, "sizes_zones_asked")["eu-central-1"]; asked != "2027-03-04" || after.Source["specs_prices"] == nil {
		t.Errorf("the table says of its sources: %v", after.Source)
	}
	first, _ := os.ReadFile(file)
	if err := run(t.Context(), file, nil, today, io.Discard); err != nil { // the only region of the account that the program knows
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(file); !bytes.Equal(first, second) {
		t.Error("the same answers make another table")
	}
}

// TestRunFails: nothing is changed by a run that does not come to its end.
func TestRunFails(t *testing.T) {
	for _, row := range []struct {
		name, region, want string
		account            func(t *testing.T)
	}{
		{"without credentials", "eu-central-1", "EC2 in eu-central-1 cannot be asked, and nothing is changed",
			func(t *testing.T) { account(t, "") }},
		{"without a network", "eu-central-1", "cannot be asked", func(t *testing.T) {
			closed := httptest.NewServer(http.NotFoundHandler())
			closed.Close()
			account(t, closed.URL)
		}},
		{"without a permission", "eu-central-1", "UnauthorizedOperation", func(t *testing.T) { account(t, region(t, true)) }},
		{"of a region that there is not", "us-esat-1", "there is no region us-esat-1", func(t *testing.T) { account(t, region(t, false)) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.account(t)
			file, original := copied(t)
			err := run(t.Context(), file, []string{row.region}, today, io.Discard)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want %s", err, row.want)
			}
			if got, _ := os.ReadFile(file); !bytes.Equal(got, original) {
				t.Error("the table was changed")
			}
		})
	}
}
