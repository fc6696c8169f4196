package coderaws

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// curl stands in for the program of that name: it writes down what it is asked with, and answers as the Kubernetes API does.
const curl = `#!/usr/bin/env bash
for argument in "$@"; do
  case $argument in
    @*) cat "${argument#@}" >> "$ASKED" ;;
    https:* | {*) echo "$argument" >> "$ASKED" ;;
  esac
done
case "$*" in
  */jobs/*) echo "$JOB_OBJECT" ;;
  *) exit "${SCALE_EXIT:-0}" ;;
esac
`

// TestProvisionerSchedule runs the script of charts/foundation that sets how many provisioners there are at least.
func TestProvisionerSchedule(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("*** SKIPPED: bash is not on PATH, and the schedule of provisioners is a script of it")
	}
	script, err := fs.ReadFile(Source, "charts/foundation/files/scale.sh")
	if err != nil {
		t.Fatal(err)
	}
	christmas := `{"metadata":{"annotations":{"batch.kubernetes.io/cronjob-scheduled-timestamp":"2026-12-25T06:45:00-05:00"}}}`
	for _, test := range []struct {
		name, holidays, job string
		// scale is what curl ends with when it changes the autoscaler.
		scale       string
		patched, ok bool
	}{
		{name: "a deployment without holidays", patched: true, ok: true},
		{name: "a holiday", holidays: "2026-12-25 2027-01-01", job: christmas, ok: true},
		{name: "a day that is none of the holidays", holidays: "2026-12-24 2027-01-01", job: christmas, patched: true, ok: true},
		{name: "a job that somebody started by hand", holidays: "2026-12-25", job: `{"metadata":{}}`, patched: true, ok: true},
		{name: "an API that refuses", scale: "22", patched: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{
				"curl": curl, "token": "canary",
				"scale.sh": strings.Replace(string(script), "/var/run/secrets/kubernetes.io/serviceaccount", dir, 1),
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			asked := filepath.Join(dir, "asked")
			cmd := exec.Command(bash, filepath.Join(dir, "scale.sh"))
			cmd.Env = []string{"PATH=" + dir + string(os.PathListSeparator) + os.Getenv("PATH"), "ASKED=" + asked, "JOB_OBJECT=" + test.job,
				"SCALE_EXIT=" + test.scale, "NAMESPACE=coder-provisioners", "AUTOSCALER=coder-provisioner", "REPLICAS=21", "JOB=office-start-1",
				"HOLIDAYS=" + test.holidays}
			said, err := cmd.CombinedOutput()
			if (err == nil) != test.ok {
				t.Errorf("the script ended with %v: %s", err, said)
			}
			requests, err := os.ReadFile(asked)
			if err != nil {
				t.Fatalf("nothing was asked of the API: %s", said)
			}
			if patched := strings.Contains(string(requests), `{"spec":{"minReplicas":21}}`); patched != test.patched {
				t.Errorf("replicas set: %t, want %t\n%s%s", patched, test.patched, requests, said)
			}
			if !strings.Contains(string(requests), "Authorization: Bearer canary") || strings.Contains(string(said), "canary") {
				t.Errorf("the token has to reach the API, and nothing else:\n%s%s", requests, said)
			}
		})
	}
}
