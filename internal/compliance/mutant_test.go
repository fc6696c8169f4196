package compliance

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
	"sigs.k8s.io/yaml"
)

// sample is a plan as testdata has it.
type sample struct {
	Resources map[string]map[string]any `json:"resources"`
	Objects   []map[string]any          `json:"objects"`
}

func sound(t *testing.T) sample {
	t.Helper()
	content, err := os.ReadFile("testdata/sound.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var s sample
	if err := yaml.UnmarshalStrict(content, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// subject makes of a sample what checks look at.
func (s sample) subject(t *testing.T) *Subject {
	t.Helper()
	module := &tfjson.StateModule{}
	for address, values := range s.Resources {
		typ, _, _ := strings.Cut(address, ".")
		module.Resources = append(module.Resources, &tfjson.StateResource{
			Address: address, Type: typ, Mode: tfjson.ManagedResourceMode, AttributeValues: values,
		})
	}
	inv, err := inventory.Read(plan.Read(&tfjson.Plan{PlannedValues: &tfjson.StateValues{RootModule: module}}), nil)
	if err != nil {
		t.Fatal(err)
	}
	place := Place{Inventory: inv}
	for _, o := range s.Objects {
		values := plan.Of(o)
		place.Objects = append(place.Objects, Object{
			Release: "coder", Kind: values.Attr("kind").Text().Else("", ""), Name: values.At("metadata", "name").Text().Else("", ""),
			Namespace: values.At("metadata", "namespace").Text().Else("", ""), Values: values,
		})
	}
	return &Subject{Places: []Place{place}}
}

// spot is one place in a sample, with what can be put there instead.
type spot struct {
	name string
	set  func(any)
	drop func()
	now  any
}

// spots are all places in a sample: every value, block and list of each resource and object.
func (s sample) spots() []spot {
	var all []spot
	for _, address := range slices.Sorted(maps.Keys(s.Resources)) {
		all = append(all, spots(address, s.Resources[address])...)
	}
	for i, o := range s.Objects {
		all = append(all, spots(fmt.Sprintf("%s[%d]", o["kind"], i), o)...)
	}
	return all
}

func spots(name string, in any) []spot {
	var all []spot
	switch in := in.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(in)) {
			path := name + "." + key
			all = append(all, spot{path, func(v any) { in[key] = v }, func() { delete(in, key) }, in[key]})
			all = append(all, spots(path, in[key])...)
		}
	case []any:
		for i := range in {
			path := fmt.Sprintf("%s[%d]", name, i)
			all = append(all, spot{path, func(v any) { in[i] = v }, nil, in[i]})
			all = append(all, spots(path, in[i])...)
		}
	}
	return all
}

// everything is a policy that lets everybody do everything.
const everything = `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}]}`

// instead are the values that an adversary puts in the place of one.
func instead(s spot) []any {
	switch v := s.now.(type) {
	case bool:
		return []any{!v}
	case float64:
		return []any{0.0, 2.0, 10_000.0}
	case nil:
		return []any{"a secret"}
	case []any:
		return []any{[]any{}, append(slices.Clone(v), map[string]any{"cidr_blocks": []any{"0.0.0.0/0"}, "ec2_ssh_key": "key",
			"verbs": []any{"*"}, "hostPath": map[string]any{"path": "/"}})}
	case map[string]any:
		return []any{map[string]any{}}
	case string:
		switch {
		case strings.Contains(v, "Statement"):
			return []any{everything, strings.ReplaceAll(v, "coder", "*"), "", "none"}
		case v == "true" || v == "false":
			return []any{map[string]string{"true": "false", "false": "true"}[v]}
		}
		return []any{"", "*", "0.0.0.0/0", "0", "igw-1", "subnet-1", "us-east-1a", "rtb-2", "default", "cluster-admin", "postgres", "TCP", "HTTP",
			"SPOT", "CONFIG_MAP", "arn:aws:iam::aws:policy/AdministratorAccess", `{"enableNetworkPolicy":"false"}`}
	}
	return nil
}

// added are resources that an adversary adds.
var added = map[string]map[string]any{
	"aws_route.out":  {"id": "r-9", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"},
	"aws_route.half": {"id": "r-8", "route_table_id": "rtb-3", "destination_cidr_block": "128.0.0.0/1", "gateway_id": "igw-1"},
	"aws_vpc_security_group_ingress_rule.ssh": {"id": "sgr-9", "from_port": 22.0, "to_port": 22.0, "ip_protocol": "tcp",
		"cidr_ipv4": "0.0.0.0/0"},
	"aws_vpc_security_group_ingress_rule.all6": {"id": "sgr-8", "ip_protocol": "-1", "cidr_ipv6": "::/0"},
	"aws_vpc_security_group_ingress_rule.web": {"id": "sgr-7", "from_port": 443.0, "to_port": 443.0, "ip_protocol": "tcp",
		"cidr_ipv4": "0.0.0.0/0"},
	"aws_iam_user.person":       {"id": "person"},
	"aws_iam_access_key.person": {"id": "key"},
	"aws_vpc.second":            {"id": "vpc-2", "cidr_block": "10.1.0.0/16"},
	"aws_s3_bucket.second":      {"id": "bucket-2"},
	"aws_iam_role_policy.decrypt": {"id": "d",
		"policy": `{"Statement":{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}}`},
	"aws_iam_role_policy.service": {"id": "s", "policy": `{"Statement":{"Effect":"Allow","Action":["s3:*"],"Resource":"*"}}`},
	"aws_iam_role_policy.but":     {"id": "b", "policy": `{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}`},
	"aws_ssm_parameter.secret":    {"id": "p", "type": "SecureString", "value": "a secret"},
}

// mutant is one change of a sample: do makes it, and undo takes it back.
type mutant struct {
	name     string
	do, undo func()
}

// mutants are all that an adversary makes of a sample.
func mutants(s *sample) []mutant {
	var all []mutant
	for _, one := range s.spots() {
		for _, value := range instead(one) {
			all = append(all, mutant{fmt.Sprintf("%s = %v", one.name, value), func() { one.set(value) }, func() { one.set(one.now) }})
		}
		if one.drop != nil {
			all = append(all, mutant{one.name + " left out", one.drop, func() { one.set(one.now) }})
		}
	}
	for address, values := range maps.Clone(s.Resources) {
		all = append(all, mutant{address + " left out", func() { delete(s.Resources, address) }, func() { s.Resources[address] = values }})
	}
	objects := s.Objects
	for i, o := range objects {
		all = append(all, mutant{fmt.Sprintf("%s left out", o["kind"]),
			func() { s.Objects = slices.Delete(slices.Clone(objects), i, i+1) }, func() { s.Objects = objects }})
	}
	for address, values := range added {
		all = append(all, mutant{address + " added", func() { s.Resources[address] = values }, func() { delete(s.Resources, address) }})
	}
	return all
}

// turned counts, by check, the mutants that turn it to not satisfied.
func turned(t *testing.T) (counts map[string]int, total, caught int) {
	t.Helper()
	counts = map[string]int{}
	s := sound(t)
	for _, m := range mutants(&s) {
		total++
		m.do()
		subject, any := s.subject(t), false
		for _, check := range Checks() {
			if check.run(subject).Answer == NotSatisfied {
				counts[check.ID]++
				any = true
			}
		}
		m.undo()
		if any {
			caught++
		}
	}
	return counts, total, caught
}

// TestSoundPlan: nothing is wrong with the plan that the adversary starts from, so that what turns is the mutant's doing.
func TestSoundPlan(t *testing.T) {
	subject := sound(t).subject(t)
	for _, check := range Checks() {
		result := check.run(subject)
		if result.Answer != Satisfied && check.ID != "no-users" {
			t.Errorf("%s is %s: %s %+v", check.ID, result.Answer, result.Why, result.Evidence)
		}
	}
	if unread := subject.unread(); len(unread) > 0 {
		t.Errorf("no check reads %v", unread)
	}
}

// TestEachCheckIsTurned: a check that no change of a plan turns to not satisfied checks nothing.
func TestEachCheckIsTurned(t *testing.T) {
	counts, total, caught := turned(t)
	for _, check := range Checks() {
		if counts[check.ID] == 0 {
			t.Errorf("no mutant turns %s: %s", check.ID, check.What)
		}
	}
	t.Logf("%d mutants, of which %d turn at least one of %d checks", total, caught, len(Checks()))
	documented(t, counts, total, caught)
}
