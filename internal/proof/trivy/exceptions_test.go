package trivy

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// finding is what a check found; the scanner in testdata prints them.
type finding struct {
	Rule, Severity, Resource, File, Says string
}

// subject is what a finding is about: the address in a plan, or kind, namespace and name of an object.
func (f finding) subject() string {
	if _, object, found := strings.Cut(f.File, objectMark); found {
		return strings.TrimSuffix(object, objectSuffix)
	}
	return f.Resource
}

// exception is a finding that is right as it is, for a reason.
type exception struct{ rule, subject, reason string }

// readExceptions reads lines of a rule, a subject and a reason, separated by bars. A star in a subject stands for any text.
func readExceptions(text string) ([]exception, error) {
	var list []exception
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.SplitN(line, "|", 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("%q is no rule, subject and reason, separated by bars", line)
		}
		for i := range parts {
			if parts[i] = strings.TrimSpace(parts[i]); parts[i] == "" {
				return nil, fmt.Errorf("%q lacks a rule, a subject or a reason", line)
			}
		}
		list = append(list, exception{parts[0], parts[1], parts[2]})
	}
	return list, nil
}

func (e exception) covers(f finding) bool {
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(e.subject), `\*`, ".*") + "$"
	return e.rule == f.Rule && regexp.MustCompile(pattern).MatchString(f.subject())
}

// judge says what of the findings is neither mended nor explained, and which exceptions nothing needs any more.
func judge(found []finding, exceptions []exception) (wrong []string) {
	used := map[exception]bool{}
	for _, f := range found {
		if f.Severity != "HIGH" && f.Severity != "CRITICAL" {
			continue
		}
		i := slices.IndexFunc(exceptions, func(e exception) bool { return e.covers(f) })
		if i < 0 {
			wrong = append(wrong, fmt.Sprintf("%s %s: %s: %s", f.Severity, f.Rule, f.subject(), f.Says))
			continue
		}
		used[exceptions[i]] = true
	}
	for _, e := range exceptions {
		if !used[e] {
			wrong = append(wrong, fmt.Sprintf("nothing needs the exception %s of %s any more; remove it", e.rule, e.subject))
		}
	}
	slices.Sort(wrong)
	return slices.Compact(wrong)
}

func TestJudge(t *testing.T) {
	open := finding{Rule: "AWS-0040", Severity: "CRITICAL", Resource: "module.cluster.aws_eks_cluster.this", Says: "public"}
	pod := finding{Rule: "KSV-0017", Severity: "HIGH", File: "sr-ha" + objectMark + "DaemonSet kube-system.proxy" + objectSuffix,
		Says: "privileged"}
	for _, test := range []struct {
		name       string
		found      []finding
		exceptions string
		want       []string
	}{
		{"nothing found", nil, "", nil},
		{"of low severity", []finding{{Rule: "AWS-0001", Severity: "LOW", Resource: "aws_vpc.x"}}, "", nil},
		{"unexplained", []finding{open, open}, "", []string{"CRITICAL AWS-0040: module.cluster.aws_eks_cluster.this: public"}},
		{"explained", []finding{open, pod},
			"AWS-0040 | module.cluster.aws_eks_cluster.this | why\n# more\n\nKSV-0017|DaemonSet kube-system.*|it may\n", nil},
		{"another resource", []finding{open}, "AWS-0040 | module.other.* | why", []string{
			"CRITICAL AWS-0040: module.cluster.aws_eks_cluster.this: public",
			"nothing needs the exception AWS-0040 of module.other.* any more; remove it"}},
		{"another rule", []finding{pod}, "KSV-0018 | DaemonSet kube-system.proxy | why", []string{
			"HIGH KSV-0017: DaemonSet kube-system.proxy: privileged",
			"nothing needs the exception KSV-0018 of DaemonSet kube-system.proxy any more; remove it"}},
		{"no longer found", nil, "AWS-0040 | aws_eks_cluster.this | why", []string{
			"nothing needs the exception AWS-0040 of aws_eks_cluster.this any more; remove it"}},
	} {
		exceptions, err := readExceptions(test.exceptions)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, judge(test.found, exceptions)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	for _, text := range []string{"AWS-0040 | aws_eks_cluster.this", "AWS-0040 | aws_eks_cluster.this | ", "AWS-0040"} {
		if _, err := readExceptions(text); err == nil {
			t.Errorf("%q was read, though it lacks something", text)
		}
	}
}

// TestExceptionsAreReadable: each has its reason.
func TestExceptionsAreReadable(t *testing.T) {
	text, err := os.ReadFile(exceptionsFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readExceptions(string(text)); err != nil {
		t.Error(err)
	}
}
