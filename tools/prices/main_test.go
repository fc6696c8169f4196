package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/pricing"
)

// today is the day on which the list is asked.
var today = time.Date(2027, 3, 4, 5, 0, 0, 0, time.UTC)

// list answers GetProducts on the loopback as the Price List API does, with one product that is what the filters ask for: an hour of it
// costs 0.123 dollars.
func list(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			ServiceCode string
			Filters     []struct{ Field, Type, Value string }
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		attributes := map[string]string{}
		for _, f := range asked.Filters {
			attributes[f.Field] = f.Value
		}
		dimension := map[string]any{"unit": "Hrs", "beginRange": "0", "endRange": "Inf", "pricePerUnit": map[string]string{"USD": "0.123"}}
		product, err := json.Marshal(map[string]any{
			"product":     map[string]any{"attributes": attributes, "sku": "SKU"},
			"serviceCode": asked.ServiceCode, "publicationDate": "2027-03-01T00:00:00Z",
			"terms": map[string]any{"OnDemand": map[string]any{"T": map[string]any{"priceDimensions": map[string]any{"D": dimension}}}},
		})
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_ = json.NewEncoder(w).Encode(map[string]any{"FormatVersion": "aws_v1", "PriceList": []string{string(product)}})
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// account points the SDK at a list, with credentials that are nobody's; without a list it has none.
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
		"AWS_ENDPOINT_URL_PRICING": endpoint, "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

// copies are a price book and a table of facts to work on: those of the program.
func copies(t *testing.T) (book, table string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"prices.json", "table.go"} {
		text, err := os.ReadFile(filepath.Join("../../internal/facts", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "prices.json"), filepath.Join(dir, "table.go")
}

func TestRun(t *testing.T) {
	account(t, list(t))
	path, table := copies(t)
	before, err := pricing.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), path, table, []string{"eu-central-1"}, today, io.Discard); err != nil {
		t.Fatal(err)
	}
	after, err := pricing.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(after.Figures) < len(before.Figures) || after.Date != "2027-03-04" {
		t.Errorf("%d figures of %s are %d of %s", len(before.Figures), before.Date, len(after.Figures), after.Date)
	}
	oldest := "9999"
	for _, source := range after.Sources {
		oldest = min(oldest, source.Date)
	}
	for _, entry := range after.Figures {
		source := after.Sources[entry.Source]
		switch {
		case pricing.IsInstance(entry.Item):
			t.Errorf("%s %s came into the price book, which the table of instance types has", entry.Item, entry.Of)
		case entry.Item == pricing.NATGatewayHour && entry.Region == "eu-central-1":
			if entry.Tiers[0].Price != "0.123" || source.Date < "2027-03-01" {
				t.Errorf("a NAT gateway costs %s as of %s, want what the list says", entry.Tiers[0].Price, source.Date)
			}
		case entry.Item == pricing.NATGatewayHour && source.Date >= "2027":
			t.Errorf("the price in %s was not asked for, and is of %s", entry.Region, source.Date)
		}
	}
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if _, row, _ := strings.Cut(string(text), "Name: PriceBook"); !strings.Contains(strings.SplitN(row, "}", 2)[0], `AsOf: "`+oldest+`"`) {
		t.Errorf("the table of facts does not say that the oldest price is of %s", oldest)
	}
}

// TestRunFails: nothing is changed by a run that does not come to its end.
func TestRunFails(t *testing.T) {
	for _, row := range []struct {
		name, region, want string
		account            func(t *testing.T)
	}{
		{name: "without credentials", region: "eu-central-1", want: "no AWS credentials", account: func(t *testing.T) { account(t, "") }},
		{name: "without a network", region: "eu-central-1", want: "cannot be asked", account: func(t *testing.T) {
			closed := httptest.NewServer(http.NotFoundHandler())
			closed.Close()
			account(t, closed.URL)
		}},
		{name: "of a region that there is not", region: "us-esat-1", want: "us-esat-1", account: func(t *testing.T) { account(t, list(t)) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.account(t)
			path, table := copies(t)
			err := run(t.Context(), path, table, []string{row.region}, today, io.Discard)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want %s", err, row.want)
			}
			for copied, original := range map[string]string{path: "prices.json", table: "table.go"} {
				got, _ := os.ReadFile(copied)
				if want, err := os.ReadFile(filepath.Join("../../internal/facts", original)); err != nil || string(got) != string(want) {
					t.Errorf("%s was changed", original)
				}
			}
		})
	}
}
