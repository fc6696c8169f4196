package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestBudgets(t *testing.T) {
	notification := func(emails int, threshold float64) object {
		n := object{"notification_type": "ACTUAL", "comparison_operator": "GREATER_THAN", "threshold": threshold, "threshold_type": "PERCENTAGE"}
		var addresses []any
		for i := range emails {
			addresses = append(addresses, string(rune('a'+i))+"@example.com")
		}
		n["subscriber_email_addresses"] = addresses
		return n
	}
	monthly := object{"name": "coder", "budget_type": "COST", "time_unit": "MONTHLY", "limit_amount": "500.00", "limit_unit": "USD"}
	with := func(change object) setting { return creating("aws_budgets_budget", merged(monthly, change)) }
	var eleven []any
	for i := range 11 {
		eleven = append(eleven, notification(1, float64(10*i)))
	}
	t.Run("nothing is left open", func(t *testing.T) {
		t.Parallel()
		d := sandboxtest.New(t, "")
		made := d.MustCreate(t, "aws_budgets_budget", monthly)
		if want := "arn:aws:budgets::123456789012:budget/coder"; made["arn"] != want || made["time_period_start"] != "2026-11-01_00:00" {
			t.Errorf("arn %v from %v, want %s from 2026-11-01_00:00", made["arn"], made["time_period_start"], want)
		}
		if left := d.Server.Fallbacks(); len(left) > 0 {
			t.Errorf("made up: %v", left)
		}
	})
	check(t, []rule{
		{name: "a budget", given: with(object{"notification": []any{notification(2, 80)}})},
		{name: "a budget with a colon", given: with(object{"name": "coder:1"}),
			refused: "ValidationException: 1 validation error detected: Value 'coder:1' at 'budget.budgetName'"},
		{name: "a budget of 101 letters", given: with(object{"name": text(101)}), refused: "Member must have length less than or equal to 100"},
		{name: "a budget without a limit", given: with(object{"limit_amount": nil, "limit_unit": nil}),
			refused: "InvalidParameterException: Unable to create/update budget - please provide one of the followings: Budget Limit/ Planned " +
				"Budget Limit/ Auto Adjust Data"},
		{name: "a weekly budget", given: with(object{"time_unit": "WEEKLY"}),
			refused: "Member must satisfy enum value set: [DAILY, MONTHLY, QUARTERLY, ANNUALLY, CUSTOM]"},
		{name: "a budget twice", given: repeating("aws_budgets_budget", monthly, nil),
			refused: "DuplicateRecordException: Error creating budget: coder - the budget already exists."},
		{name: "eleven notifications", given: with(object{"notification": eleven}), refused: "CreationLimitExceededException"},
		{name: "a notification for nobody", given: with(object{"notification": []any{notification(0, 80)}}),
			refused: "InvalidParameterException"},
		{name: "a notification for eleven", given: with(object{"notification": []any{notification(11, 80)}}),
			refused: "Member must have length less than or equal to 11"},
		{name: "a budget in GovCloud, which has no endpoint for it", region: "us-gov-west-1", given: with(nil),
			refused: "RequestError: send request failed caused by"},
	})
}

func TestParameters(t *testing.T) {
	parameter := func(change object) setting {
		return creating("aws_ssm_parameter", merged(object{"name": "/coder/url", "type": "String", "value": "x"}, change))
	}
	check(t, []rule{
		{name: "a parameter", given: parameter(nil)},
		{name: "a secret", given: parameter(object{"type": "SecureString"})},
		{name: "a parameter twice", given: repeating("aws_ssm_parameter", object{"name": "/coder/url", "type": "String", "value": "x"}, nil),
			refused: "ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the " +
				"request to true."},
		{name: "a parameter over another", given: repeating("aws_ssm_parameter", object{"name": "/coder/url", "type": "String", "value": "x"},
			object{"overwrite": true})},
		{name: "a parameter of AWS", given: parameter(object{"name": "/aws/coder"}),
			refused: `ValidationException: Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`},
		{name: "a path without its slash", given: parameter(object{"name": "coder/url"}),
			refused: "ValidationException: Parameter name must be a fully qualified name."},
		{name: "4 KiB", given: parameter(object{"value": text(4096)})},
		{name: "more than 4 KiB", given: parameter(object{"value": text(4097)}),
			refused: "ValidationException: Standard tier parameters support a maximum parameter value of 4096 characters."},
		{name: "more than 4 KiB in the advanced tier", given: parameter(object{"value": text(4097), "tier": "Advanced"})},
		{name: "a value that its pattern does not allow", given: parameter(object{"allowed_pattern": "^[0-9]+$"}),
			refused: "ParameterPatternMismatchException"},
	})
}

func TestParameterVersions(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config := object{"name": "/coder/url", "type": "String", "value": "one", "tier": "Advanced"}
	state := d.MustCreate(t, "aws_ssm_parameter", config)
	state, err := d.Update("aws_ssm_parameter", state, merged(config, object{"value": "two"}))
	expect(t, err, "")
	if state["version"] != 2.0 || state["insecure_value"] != "two" {
		t.Errorf("version %v with %v, want 2 with two", state["version"], state["insecure_value"])
	}
	_, err = d.Update("aws_ssm_parameter", state, merged(config, object{"value": "two", "tier": "Standard"}))
	expect(t, err, "replacement forced by [tier]")
	read, err := d.Data("aws_ssm_parameter", object{"name": "/coder/url"})
	expect(t, err, "")
	if read["value"] != "two" {
		t.Errorf("value = %v, want two", read["value"])
	}
	for _, path := range []string{
		"/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/standard/recommended/image_id",
		"/aws/service/bottlerocket/aws-k8s-1.35/arm64/latest/image_id",
		"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
	} {
		image, err := d.Data("aws_ssm_parameter", object{"name": path})
		expect(t, err, "")
		if id, _ := image["value"].(string); len(id) != len("ami-")+17 {
			t.Errorf("%s = %q, which is no image", path, id)
		}
	}
	_, err = d.Data("aws_ssm_parameter", object{"name": "/aws/service/eks/optimized-ami/1.32/amazon-linux-2/recommended/image_id"})
	expect(t, err, "")
	_, err = d.Data("aws_ssm_parameter", object{"name": "/aws/service/eks/optimized-ami/1.35/amazon-linux-2/recommended/image_id"})
	expect(t, err, "couldn't find resource") // Amazon Linux 2 ended with Kubernetes 1.32
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

func TestServiceQuotas(t *testing.T) {
	quota := func(code string, value float64) setting {
		return creating("aws_servicequotas_service_quota", object{"service_code": "vpc", "quota_code": code, "value": value})
	}
	check(t, []rule{
		{name: "a request for more", given: quota("L-F678F1CE", 10)},
		{name: "a request for less", given: quota("L-F678F1CE", 1), refused: "IllegalArgumentException"},
		{name: "a quota that the sandbox does not know", given: quota("L-00000000", 1)},
	})
	t.Run("a request does not raise the quota", func(t *testing.T) {
		t.Parallel()
		d := sandboxtest.New(t, "")
		requested := d.MustCreate(t, "aws_servicequotas_service_quota", object{"service_code": "vpc", "quota_code": "L-F678F1CE", "value": 10})
		if requested["request_status"] != "PENDING" || requested["default_value"] != 5.0 {
			t.Errorf("status %v, default %v; want PENDING and 5", requested["request_status"], requested["default_value"])
		}
		for range 5 {
			vpcOf(t, d)
		}
		_, err := d.Create("aws_vpc", object{"cidr_block": "10.0.0.0/16"})
		expect(t, err, "VpcLimitExceeded")
		read, err := d.Data("aws_servicequotas_service_quota", object{"service_code": "vpc", "quota_name": "VPCs per Region"})
		expect(t, err, "")
		if read["value"] != 5.0 {
			t.Errorf("value = %v, want 5", read["value"])
		}
		if left := d.Server.Fallbacks(); len(left) > 0 {
			t.Errorf("made up: %v", left)
		}
	})
}
