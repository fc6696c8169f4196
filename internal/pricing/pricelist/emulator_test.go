package pricelist_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// emulator answers GetProducts as the Price List API does: JSON 1.1 over HTTP, filters, pages, and products as documents within the
// document.
type emulator struct {
	products []string
	// page bounds the products of one answer below what is asked for; 0 does not.
	page int
	// refuse answers everything with an error of this code, if it is set.
	refuse string
	asked  []request
}

type request struct {
	ServiceCode string
	NextToken   string
	MaxResults  int
	Filters     []struct{ Field, Type, Value string }
}

func (e *emulator) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if target := r.Header.Get("X-Amz-Target"); target != "AWSPriceListService.GetProducts" {
			t.Errorf("asked %s, want GetProducts alone", target)
		}
		if e.refuse != "" {
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.pricing#" + e.refuse,
				"Message": "User is not authorized to perform: pricing:GetProducts"})
			return
		}
		var asked request
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		e.asked = append(e.asked, asked)
		answer := map[string]any{"FormatVersion": "aws_v1", "PriceList": []string{}}
		start, _ := strconv.Atoi(asked.NextToken)
		found := e.find(t, asked)
		end := min(len(found), start+asked.MaxResults)
		if e.page > 0 {
			end = min(end, start+e.page)
		}
		if start < end {
			answer["PriceList"] = found[start:end]
		}
		if end < len(found) {
			answer["NextToken"] = strconv.Itoa(end)
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// find applies the filters as the API's documentation says of each type.
func (e *emulator) find(t *testing.T, asked request) []string {
	var found []string
	for _, text := range e.products {
		var p struct {
			ServiceCode string `json:"serviceCode"`
			Product     struct {
				Attributes map[string]string `json:"attributes"`
			} `json:"product"`
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			found = append(found, text) // AWS would not send it; a test does
			continue
		}
		if p.ServiceCode == asked.ServiceCode && !slices.ContainsFunc(asked.Filters, func(f struct{ Field, Type, Value string }) bool {
			value := p.Product.Attributes[f.Field]
			switch f.Type {
			case "TERM_MATCH", "EQUALS":
				return value != f.Value
			case "CONTAINS":
				return !strings.Contains(value, f.Value)
			}
			t.Errorf("a filter of type %q", f.Type)
			return true
		}) {
			found = append(found, text)
		}
	}
	return found
}

// point points the SDK at the emulator, with credentials that are nobody's, and hides those of the caller.
func point(t *testing.T, endpoint string) {
	t.Helper()
	absent := filepath.Join(t.TempDir(), "absent")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
		"AWS_ACCESS_KEY_ID": "AKIATESTER", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_SESSION_TOKEN": "",
		"AWS_ENDPOINT_URL_PRICING": endpoint, "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

// dim is a price dimension; from and to bound its range, "" for all of it.
func dim(unit, price string, bounds ...string) map[string]any {
	from, to := "0", "Inf"
	if len(bounds) == 2 {
		from, to = bounds[0], bounds[1]
	}
	return map[string]any{"unit": unit, "beginRange": from, "endRange": to, "description": "per " + unit, "appliesTo": []string{},
		"pricePerUnit": map[string]string{"USD": price}}
}

// doc is a product in the price list's own form.
func doc(offer string, attributes map[string]string, dims ...map[string]any) string {
	return document(offer, attributes, nil, dims...)
}

func document(offer string, attributes map[string]string, reserved map[string]any, dims ...map[string]any) string {
	dimensions := map[string]any{}
	for i, d := range dims {
		dimensions["SKU.TERM.RATE"+strconv.Itoa(i)] = d
	}
	terms := map[string]any{"OnDemand": map[string]any{"SKU.JRTCKXETXF": map[string]any{
		"sku": "SKU", "effectiveDate": "2098-09-01T00:00:00Z", "offerTermCode": "JRTCKXETXF", "termAttributes": map[string]string{},
		"priceDimensions": dimensions,
	}}}
	if reserved != nil {
		terms["Reserved"] = reserved
	}
	text, err := json.Marshal(map[string]any{
		"product":     map[string]any{"productFamily": "Family", "attributes": attributes, "sku": "SKU"},
		"serviceCode": offer, "terms": terms, "version": "20980904231117", "publicationDate": "2098-09-04T23:11:17Z",
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func attrs(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func reservedTerm(years, class, option, price string) map[string]any {
	return map[string]any{
		"termAttributes":  map[string]string{"LeaseContractLength": years, "OfferingClass": class, "PurchaseOption": option},
		"priceDimensions": map[string]any{"RATE": dim("Hrs", price)},
	}
}
