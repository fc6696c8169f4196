package compliance

import (
	"strings"
	"testing"
)

// TestSaidToExist holds what others are said to have to not provable, in other words where the plan says so.
func TestSaidToExist(t *testing.T) {
	framework, err := Load(NIST)
	if err != nil {
		t.Fatal(err)
	}
	controls, err := framework.Pick("", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		elsewhere []string
		check     string
		says      string
	}{
		{"a trail of which nothing is said", nil, "trail", "others may have made it"},
		{"a trail that is said to exist", []string{"aws_cloudtrail"}, "trail", "it is said to exist"},
		{"a recorder that is said to exist", []string{"aws_config_configuration_recorder"}, "config", "it is said to exist"},
		{"a detector, where a trail is said to exist", []string{"aws_cloudtrail"}, "guardduty", "others may have made it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := sound(t)
			for address := range s.Resources {
				if typ, _, _ := strings.Cut(address, "."); strings.HasPrefix(typ, "aws_cloudtrail") || strings.HasPrefix(typ, "aws_config_") ||
					strings.HasPrefix(typ, "aws_guardduty_") {
					delete(s.Resources, address)
				}
			}
			subject := s.subject(t)
			subject.Places[0].Elsewhere = test.elsewhere
			got := Assess(subject, framework, controls, "").Check(test.check)
			if got.Answer != NotProvable || !strings.Contains(got.Why, test.says) {
				t.Errorf("%s is %s, because %s; want %s, because %s", test.check, got.Answer, got.Why, NotProvable, test.says)
			}
		})
	}
}
