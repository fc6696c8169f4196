package cli_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws"
	"coderaws/internal/cli"
	"coderaws/internal/diagnostic"

	"github.com/google/go-cmp/cmp"
)

// natOffer is the price list's answer about NAT gateways: one product, in AWS's own form.
const natOffer = `{"product": {"productFamily": "NAT Gateway", "sku": "FY5BA3Q38RMNEMJS",
  "attributes": {"usagetype": "EUC1-NatGateway-Hours", "regionCode": "eu-central-1", "servicecode": "AmazonEC2", "location": "EU (Frankfurt)"}},
 "serviceCode": "AmazonEC2", "version": "20980904231117", "publicationDate": "2098-09-04T23:11:17Z",
 "terms": {"OnDemand": {"FY5BA3Q38RMNEMJS.JRTCKXETXF": {"sku": "FY5BA3Q38RMNEMJS", "effectiveDate": "2098-09-01T00:00:00Z", "offerTermCode": "JRTCKXETXF",
  "termAttributes": {}, "priceDimensions": {"FY5BA3Q38RMNEMJS.JRTCKXETXF.6YS6EN2CT7": {"unit": "Hrs", "beginRange": "0", "endRange": "Inf",
  "description": "$0.07 per NAT Gateway Hour", "appliesTo": [], "rateCode": "FY5BA3Q38RMNEMJS.JRTCKXETXF.6YS6EN2CT7", "pricePerUnit": {"USD": "0.0700000000"}}}}}}}`

// priceList answers questions for NAT gateways in eu-central-1 alone, and points the AWS SDK at itself.
func priceList(t *testing.T) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Filters []struct{ Field, Value string }
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		answer := map[string]any{"FormatVersion": "aws_v1", "PriceList": []string{}}
		values := map[string]string{}
		for _, f := range asked.Filters {
			values[f.Field] = f.Value
		}
		if values["usagetype"] == "NatGateway-Hours" && values["regionCode"] == "eu-central-1" {
			answer["PriceList"] = []string{natOffer}
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	absent := filepath.Join(t.TempDir(), "absent")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "AKIATESTER", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_SESSION_TOKEN": "",
		"AWS_ENDPOINT_URL_PRICING": server.URL, "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

// output runs a command that must succeed and gives what it printed.
func output(t *testing.T, home string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]*os.File{}
	for _, name := range []string{"stdin", "stdout", "stderr"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		files[name] = f
	}
	code := cli.Run(context.Background(), cli.Process{
		Args: args, Environ: []string{"HOME=" + home}, Stdin: files["stdin"], Stdout: files["stdout"], Stderr: files["stderr"],
		Source:  coderaws.Source,
		Now:     func() time.Time { return time.Date(2098, 10, 1, 9, 0, 0, 0, time.UTC) },
		Signals: func() (<-chan os.Signal, func()) { return nil, func() {} },
	})
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if code != diagnostic.ExitDone {
		t.Fatalf("coderaws %v ended with %d: %s", args, code, read("stderr"))
	}
	return read("stdout")
}

// TestPricesRefresh takes prices from an AWS that answers, and uses them from then on.
func TestPricesRefresh(t *testing.T) {
	priceList(t)
	home := t.TempDir()
	kept := filepath.Join(home, ".cache", "coderaws", "prices.json")

	said := output(t, home, "prices", "refresh", "--region", "eu-central-1")
	for _, want := range []string{
		"1 price taken from AWS for eu-central-1, kept in " + kept,
		"1 price differs from those used until now",
		"nat_gateway.hour  eu-central-1  0.052  -> 0.07  per hour",
		"alb.hour in eu-central-1: 0 products match offer AWSELB, usage type LoadBalancerUsage, not one",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it did not say %q:\n%s", want, said)
		}
	}
	shown := output(t, home, "prices", "show", "--region", "eu-central-1", "nat_gateway")
	for _, want := range []string{"nat_gateway.hour  0.07  ", "nat_gateway.gb    0.052",
		"AWS Price List API, offer AmazonEC2, published 2098-09-04, 2098-10-01"} {
		if !strings.Contains(shown, want) {
			t.Errorf("it did not show %q:\n%s", want, shown)
		}
	}

	// The second time nothing is new, and a file that was asked for is written beside.
	saved := filepath.Join(home, "saved.json")
	var report struct {
		File     string
		Taken    int
		Changed  []any
		Missing  []struct{ Item, Region, Why string }
		NotAsked []string `json:"not_asked"`
	}
	if err := json.Unmarshal([]byte(output(t, home, "prices", "refresh", "--region", "eu-central-1", "--save", saved, "-o", "json")),
		&report); err != nil {
		t.Fatal(err)
	}
	if report.File != saved || report.Taken != 1 || len(report.Changed) != 0 || len(report.Missing) < 40 || len(report.NotAsked) < 20 {
		t.Errorf("reported %+v", report)
	}
	if shown := output(t, t.TempDir(), "prices", "show", "--region", "eu-central-1", "nat_gateway.hour", "--prices",
		saved); !strings.Contains(shown, "0.07") {
		t.Errorf("the saved file was not used:\n%s", shown)
	}

	// What was kept for another region stays when one is taken anew.
	text, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(text), `"region":"eu-central-1","tiers":[{"price":"0.07"}]`,
		`"region":"eu-west-1","tiers":[{"price":"0.08"}]`, 1)
	if other == string(text) {
		t.Fatalf("the file has no such line:\n%s", text)
	}
	if err := os.WriteFile(kept, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	output(t, home, "prices", "refresh", "--region", "eu-central-1")
	got := map[string]bool{}
	for region, want := range map[string]string{"eu-central-1": "0.07", "eu-west-1": "0.08"} {
		got[region] = strings.Contains(output(t, home, "prices", "show", "--region", region, "nat_gateway.hour"), "nat_gateway.hour  "+want)
	}
	if diff := cmp.Diff(map[string]bool{"eu-central-1": true, "eu-west-1": true}, got); diff != "" {
		t.Error(diff)
	}
}
