package service_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/service/ec2"
)

// TestQuotasIsComplete finds each quota code that a declaration of a service mentions in what Quotas lists, so that an account is asked
// about all that a deployment is counted by.
func TestQuotasIsComplete(t *testing.T) {
	listed := map[string]model.CountedQuota{}
	for _, quota := range service.NewCatalog().Quotas() {
		if _, twice := listed[quota.Code]; twice {
			t.Errorf("%s is listed twice", quota.Code)
		}
		listed[quota.Code] = quota
		if quota.Error == "" || quota.Service == "" || quota.Name == "" {
			t.Errorf("%+v says too little", quota)
		}
	}
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	mentioned := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, code := range regexp.MustCompile(`"(L-[0-9A-F]{8})"`).FindAllStringSubmatch(string(text), -1) {
			mentioned[code[1]] = file
		}
	}
	for code, file := range mentioned {
		if _, ok := listed[code]; !ok {
			t.Errorf("%s mentions %s, which Quotas does not list", file, code)
		}
	}
	if len(mentioned) < 50 {
		t.Errorf("only %d quota codes were found in the sources", len(mentioned))
	}
}

func TestVCPUs(t *testing.T) {
	for _, test := range []struct {
		instanceType string
		spot         bool
		code         string
		vcpus        int
	}{
		{"m5.large", false, "L-1216C47A", 2}, {"m5.2xlarge", true, "L-34B43A08", 8}, {"g5.xlarge", false, "L-DB2E81BA", 4},
		{"no.such", false, "", 0},
	} {
		if quota, vcpus := ec2.VCPUs(test.instanceType, test.spot); quota.Code != test.code || vcpus != test.vcpus {
			t.Errorf("%s counts %d against %q, want %d against %q", test.instanceType, vcpus, quota.Code, test.vcpus, test.code)
		}
	}
}
