package account_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// quotaServer plays Service Quotas, which moto_server does not: quotas by service, those with an applied value and AWS's defaults. What it
// does not name is unknown to it.
func quotaServer(t *testing.T, applied, defaults map[string]map[string]float64) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ask struct{ ServiceCode, NextToken string }
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		values := applied
		switch target := r.Header.Get("X-Amz-Target"); {
		case strings.HasSuffix(target, ".ListServiceQuotas"):
		case strings.HasSuffix(target, ".ListAWSDefaultServiceQuotas"):
			values = defaults
		default:
			t.Errorf("asked %s, want lists alone: nothing may be changed", target)
		}
		if ask.ServiceCode == "iam" && !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/") {
			t.Errorf("the quotas of iam were not asked for in us-east-1: %s", r.Header.Get("Authorization"))
		}
		if values[ask.ServiceCode] == nil && defaults[ask.ServiceCode] == nil {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write(
				[]byte(`{"__type":"NoSuchResourceException","Message":"The request failed because the specified service does not exist."}`))
			return
		}
		// One quota a page, so that a reader of the first page alone is found out.
		list := []map[string]any{}
		for code, value := range values[ask.ServiceCode] {
			if code > ask.NextToken && (len(list) == 0 || code < list[0]["QuotaCode"].(string)) {
				list = []map[string]any{{"ServiceCode": ask.ServiceCode, "QuotaCode": code, "Value": value}}
			}
		}
		page := map[string]any{"Quotas": list}
		if len(list) > 0 {
			page["NextToken"] = list[0]["QuotaCode"]
		}
		if err := json.NewEncoder(w).Encode(page); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", server.URL)
	return server
}

// denyAll answers every question in the words of the service that it was put to: the permission is missing.
func denyAll(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const why = "User anna is not authorized to perform this"
		authorization := r.Header.Get("Authorization")
		w.WriteHeader(http.StatusForbidden)
		switch {
		case strings.Contains(authorization, "/ec2/"):
			_, _ = w.Write([]byte("<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>" + why +
				"</Message></Error></Errors></Response>"))
		case strings.Contains(authorization, "/eks/"), r.Header.Get("X-Amz-Target") != "":
			_, _ = w.Write([]byte(`{"__type":"AccessDeniedException","message":"` + why + `"}`))
		default:
			_, _ = w.Write([]byte(refusal("AccessDenied", why)))
		}
	}))
	t.Cleanup(server.Close)
	return server
}
