package engine_test

import (
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// What an engine says, and what the user is told.
func TestFailures(t *testing.T) {
	t.Parallel()
	type said = map[string]any
	subnet := "module.network.aws_subnet.system[0]"
	for name, test := range map[string]struct {
		said said
		want diagnostic.Diagnostic
	}{
		"an error of AWS through the SDK keeps its code and text": {
			said{
				"summary": "creating EC2 Subnet: operation error EC2: CreateSubnet, https response error StatusCode: 400, " +
					"RequestID: 1, api error InvalidSubnet.Range: The CIDR '10.1.0.0/20' is invalid.",
				"address": subnet,
				"range": said{"filename": "../../modules/network/main.tf", "start": said{"line": 12, "column": 1},
					"end": said{"line": 12, "column": 30}},
				"snippet": said{"code": "resource \"aws_subnet\" \"system\" {", "start_line": 12},
			},
			diagnostic.Diagnostic{
				Code: "InvalidSubnet.Range", Summary: "The CIDR '10.1.0.0/20' is invalid.", Address: subnet,
				Todo:  "what a run had made before it failed is kept",
				Where: &diagnostic.Range{File: "modules/network/main.tf", Line: 12, Text: `resource "aws_subnet" "system" {`},
			},
		},
		"a code without the SDK's mark": {
			said{"summary": "creating EKS Cluster (x)", "detail": "InvalidParameterException: Subnets must be in at least two zones",
				"address": "aws_eks_cluster.this"},
			diagnostic.Diagnostic{Code: "InvalidParameterException", Why: "two zones"},
		},
		"a code with a dot": {
			said{"summary": "deleting VPC: InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist"},
			diagnostic.Diagnostic{Code: "InvalidVpcID.NotFound"},
		},
		"a one-word code behind the SDK's mark": {
			said{"summary": "reading IAM Role: api error Throttling: Rate exceeded"},
			diagnostic.Diagnostic{Code: "Throttling"},
		},
		"labels before values are no codes": {
			said{"summary": "request failed, StatusCode: 500, RequestID: 6f, HostID: 1"},
			diagnostic.Diagnostic{Summary: "request failed"},
		},
		"a range of several lines marks the rest of its first": {
			said{
				"summary": "Invalid function argument",
				"range":   said{"filename": "main.tf", "start": said{"line": 3, "column": 7}, "end": said{"line": 5, "column": 2}},
				"snippet": said{"code": "  x = cidrsubnet(\n    var.cidr,\n  )", "start_line": 3},
			},
			diagnostic.Diagnostic{Summary: "Invalid function argument",
				Where: &diagnostic.Range{File: "stacks/cloud/main.tf", Line: 3, Text: "  x = cidrsubnet("}},
		},
		"a lock held by another process": {
			said{"summary": "Error acquiring the state lock", "detail": "Error message: resource temporarily unavailable\nLock Info:\n  ID: 6f"},
			diagnostic.Diagnostic{Code: "engine.state_locked", Summary: "locked by another process", Why: "ID: 6f", Todo: "wait until"},
		},
		"a lock in S3": {
			said{"summary": "Error acquiring the state lock",
				"detail": "Error message: operation error S3: PutObject, api error PreconditionFailed: At least one\nLock Info:\n" +
					"  ID:        06fe889c-0de0\n  Path:      b/k\n  Operation: OperationTypePlan\n  Who:       anna@laptop\n  Version:   1.11.4\n" +
					"  Created:   2026-11-22 06:59:44.283148257 +0000 UTC\n  Info:      \n\n\nTerraform acquires a state lock"},
			diagnostic.Diagnostic{Code: "engine.state_locked", Summary: "the state is locked by anna@laptop since 2026-11-22T06:59:44Z (plan)",
				Why: "the state b/k", Todo: "/stacks/cloud force-unlock 06fe889c-0de0"},
		},
		"a bucket that is not there": {
			said{"summary": "Error: Failed to get existing workspaces: S3 bucket \"b\" does not exist.",
				"detail": "operation error S3: ListObjectsV2, api error NoSuchBucket: The"},
			diagnostic.Diagnostic{Code: "engine.no_state_bucket", Summary: "the bucket that is to keep the state does not exist",
				Todo: "make the bucket that backend.tfbackend names"},
		},
		"a state that may not be read": {
			said{"summary": "Error refreshing state: Unable to access object \"k\" in S3 bucket \"b\": operation error S3: " +
				"HeadObject, StatusCode: 403, api error Forbidden: Forbidden"},
			diagnostic.Diagnostic{Code: "engine.state_unreachable", Summary: "Unable to access object", Todo: "docs/operations/state.md"},
		},
		"a state that could not be saved elsewhere": {
			said{"summary": "Failed to persist state to backend",
				"detail": "the state has been written to the file \"errored.tfstate\" in the current working directory."},
			diagnostic.Diagnostic{Code: "engine.state_unsaved", Todo: "it brings the state to its place first"},
		},
		"a fault of the embedded AWS": {
			said{"summary": "the embedded AWS failed on aws_vpc; this is a fault of coderaws",
				"detail": "ReadResource panicked: x", "address": "aws_vpc.this"},
			diagnostic.Diagnostic{Code: "sandbox.fault", Summary: "the embedded AWS failed on aws_vpc", Todo: "report it with the file"},
		},
		"a full disk": {
			said{"summary": "Failed to write plan file", "detail": "write /x/cloud.tfplan: no space left on device"},
			diagnostic.Diagnostic{Code: "engine.disk_full", Summary: "the disk is full", Todo: "free some space"},
		},
		"a read-only file system": {
			said{"summary": "Error saving state: open terraform.tfstate: read-only file system"},
			diagnostic.Diagnostic{Code: "engine.read_only", Why: "Error saving state", Todo: "writable"},
		},
		"a directory of somebody else": {
			said{"summary": "Failed to write plan file", "detail": "open /x/cloud.tfplan: permission denied"},
			diagnostic.Diagnostic{Code: "engine.permission_denied", Summary: "Failed to write plan file", Todo: "right to write"},
		},
		"no credentials": {
			said{"summary": "No valid credential sources found", "detail": "no EC2 IMDS role found"},
			diagnostic.Diagnostic{Code: "engine.no_credentials", Todo: "aws sso login"},
		},
		"no registry": {
			said{"summary": "Failed to query available provider packages", "detail": "could not connect to registry.terraform.io"},
			diagnostic.Diagnostic{Code: "engine.no_providers", Todo: "TF_CLI_CONFIG_FILE"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.said["severity"] = "error"
			s := newFake(t, "plan-diagnostic", diagnosticLine(t, test.said), nil)
			_, err := s.Plan(t.Context(), engine.PlanOptions{})
			wantFinding(t, err, test.want)
			if got := diagnostic.From(err)[0].Code; got != test.want.Code {
				t.Errorf("code %q, want %q", got, test.want.Code)
			}
		})
	}
}

func TestFailuresWithoutDiagnostic(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scenario, text string
		want           diagnostic.Diagnostic
	}{
		"text on standard error is shown without its frame": {
			"plan-stderr", "\x1b[31m╷\x1b[0m\n\x1b[31m│\x1b[0m Error: no such option\n\x1b[31m╵\x1b[0m",
			diagnostic.Diagnostic{Code: "engine.failed", Summary: "Terraform failed while planning stack cloud (exit status 1)",
				Why: "Error: no such option"},
		},
		"warnings before the error are left out": {
			"plan-stderr", "Warning: a CLI configuration is odd\n\nError: no such option",
			diagnostic.Diagnostic{Code: "engine.failed", Why: "Error: no such option"},
		},
		"a plan that a full disk cut short": {
			"show-fails", "Error: Failed to read the given file as a state or plan file",
			diagnostic.Diagnostic{Code: "engine.plan_incomplete", Summary: "not saved as a whole", Todo: "free some space"},
		},
		"a full disk on standard error": {
			"plan-stderr", "panic: write: no space left on device",
			diagnostic.Diagnostic{Code: "engine.disk_full", Summary: "the disk is full", Why: "no space left"},
		},
		"killed from outside": {
			"plan-killed", "", diagnostic.Diagnostic{Code: "engine.failed", Summary: "signal: killed", Why: "memory ran out"},
		},
		"killed from outside, after a warning about the user's configuration": {
			"plan-killed", "\x1b[33m╷\x1b[0m\n\x1b[33m│\x1b[0m Warning: a CLI configuration is odd\n\x1b[33m│\x1b[0m It is.\n\x1b[33m╵\x1b[0m",
			diagnostic.Diagnostic{Code: "engine.failed", Summary: "signal: killed", Why: "memory ran out"},
		},
		"a crash after such a warning": {
			"plan-stderr", "Warning: a CLI configuration is odd\n\nIt is.\n\npanic: out of range",
			diagnostic.Diagnostic{Code: "engine.failed", Why: "panic: out of range"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, test.scenario, test.text, nil)
			_, err := s.Plan(t.Context(), engine.PlanOptions{})
			wantFinding(t, err, test.want)
			if diagnostic.Exit(err) != diagnostic.ExitFailed {
				t.Errorf("exit %d, want %d", diagnostic.Exit(err), diagnostic.ExitFailed)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	line := diagnosticLine(t, map[string]any{"severity": "warning", "summary": "Argument is deprecated"})
	t.Run("of a good run are no error", func(t *testing.T) {
		t.Parallel()
		plan := mustPlan(t, newFake(t, "plan-text", line, nil).Stack, engine.PlanOptions{})
		if len(plan.Warnings) != 1 || plan.Warnings[0].Summary != "Argument is deprecated" {
			t.Errorf("warnings %v; want the one about the argument", plan.Warnings)
		}
	})
	t.Run("of a step that is limited to targets are not those of the whole", func(t *testing.T) {
		t.Parallel()
		limited := diagnosticLine(t, map[string]any{"severity": "warning", "summary": "Resource targeting is in effect"})
		plan := mustPlan(t, newFake(t, "plan-text", limited+"\n"+line, nil).Stack, engine.PlanOptions{Targets: []string{"aws_vpc.this"}})
		if len(plan.Warnings) != 1 || plan.Warnings[0].Summary != "Argument is deprecated" {
			t.Errorf("warnings %v; want the one about the argument", plan.Warnings)
		}
	})
	t.Run("do not hide a failure that has no diagnostic", func(t *testing.T) {
		t.Parallel()
		_, err := newFake(t, "plan-diagnostic", line, nil).Plan(t.Context(), engine.PlanOptions{})
		if list := diagnostic.From(err); len(list) != 2 || list[0].Severity != diagnostic.Warning || list[1].Code != "engine.failed" {
			t.Errorf("findings %v; want the warning, then the failure", list)
		}
	})
}
