package protocol_test

import (
	"encoding/json"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/schema"
)

// TestSensitive is what the provider marks, and the schema file does not.
func TestSensitive(t *testing.T) {
	provider, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		typ, attribute       string
		sensitive, writeOnly bool
	}{
		{"aws_ssm_parameter", "value", true, false},
		{"aws_ssm_parameter", "value_wo", true, true},
		{"aws_ssm_parameter", "value_wo_version", false, false},
		{"aws_ssm_parameter", "has_value_wo", false, false},
		{"aws_db_instance", "password", true, false},
		{"aws_db_instance", "username", false, false},
	} {
		a := provider.Resource(test.typ).Block.Attribute(test.attribute)
		if a.Sensitive != test.sensitive || a.WriteOnly != test.writeOnly {
			t.Errorf("%s.%s: sensitive %v, write-only %v", test.typ, test.attribute, a.Sensitive, a.WriteOnly)
		}
	}
}

// TestWriteOnly is that the value of a write-only argument is known to the rules, and is kept nowhere.
func TestWriteOnly(t *testing.T) {
	d := sandboxtest.New(t, "")
	state, err := d.Create("aws_ssm_parameter", sandboxtest.Object{"name": "/token", "type": "SecureString", "value_wo": "correct-horse",
		"value_wo_version": 1})
	if err != nil {
		t.Fatal(err)
	}
	if state["value_wo"] != nil {
		t.Errorf("the state has %v", state["value_wo"])
	}
	kept, err := json.Marshal(d.World.List(nil))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(kept), "correct-horse") {
		t.Errorf("the world keeps it: %s", kept)
	}
}

// TestDataSourceOfWhatIsNotModelled looks for a resource of the type of the same name.
func TestDataSourceOfWhatIsNotModelled(t *testing.T) {
	d := sandboxtest.New(t, "")
	made := d.MustCreate(t, "aws_ecs_cluster", sandboxtest.Object{"name": "prod"})
	found, err := d.Data("aws_ecs_cluster", sandboxtest.Object{"cluster_name": "prod"})
	if err != nil || found["arn"] != made["arn"] {
		t.Errorf("%v instead of %v: %v", found["arn"], made["arn"], err)
	}
	if _, err := d.Data("aws_ecs_cluster", sandboxtest.Object{"cluster_name": "other"}); err == nil ||
		!strings.Contains(err.Error(), "reading ecs_cluster (other): couldn't find resource") {
		t.Errorf("what does not exist is answered with %v", err)
	}
	second := d.MustCreate(t, "aws_ecs_service", sandboxtest.Object{"name": "web", "cluster": "a"})
	third := d.MustCreate(t, "aws_ecs_service", sandboxtest.Object{"name": "web", "cluster": "b"})
	if second["id"] == third["id"] {
		t.Errorf("two services of one name have one id, %v", second["id"])
	}
}
