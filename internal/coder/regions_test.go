package coder_test

import (
	"strings"
	"testing"

	"coderaws/internal/coder"
	"coderaws/internal/coder/codertest"
	"coderaws/internal/diagnostic"
)

// TestPushToRegions is the specification of when a template may offer regions: a build for each must find a provisioner, since coderd says
// nothing of one that does not.
func TestPushToRegions(t *testing.T) {
	const now = "2.35.1"
	london := codertest.Daemon{Name: "london", Status: "idle", Tags: map[string]string{"region": "eu-west-2"}}
	oregon := codertest.Daemon{Name: "oregon", Status: "busy", Tags: map[string]string{"region": "us-west-2"}}
	hub := codertest.Daemon{Name: "hub", Status: "idle"}
	gone := codertest.Daemon{Name: "gone", Status: "offline", Tags: map[string]string{"region": "eu-west-2"}}
	empty := codertest.Daemon{Name: "empty", Status: "idle", Tags: map[string]string{"region": ""}}
	two := []string{"eu-west-2", "us-west-2"}
	for _, test := range []struct {
		name, version string
		regions       []string
		daemons       []codertest.Daemon
		// classic says that the template is there and has the classic parameter flow.
		classic bool
		// code is that of the refusal, which says in its summary or why what says says; "" allows it.
		code, says string
	}{
		{"each has one", now, two, []codertest.Daemon{hub, london, oregon}, false, "", ""},
		{"the first release that can", "2.27.0", two, []codertest.Daemon{hub, london, oregon}, false, "", ""},
		{"a release after Coder 2", "3.0.0", two, []codertest.Daemon{hub, london, oregon}, false, "", ""},
		{"no regions are offered", "2.24.4", nil, nil, true, "", ""},
		{"one has none", now, two, []codertest.Daemon{hub, london}, false, "coder.region_provisioner",
			"no provisioner of us-west-2 is connected"},
		{"none has one", now, two, []codertest.Daemon{hub}, false, "coder.region_provisioner", "no provisioner of eu-west-2, us-west-2"},
		{"it says which there are", now, two, []codertest.Daemon{hub, hub, oregon}, false, "coder.region_provisioner",
			"connected are 2 of the hub, without that tag, 1 of us-west-2"},
		{"there is none at all", now, two, nil, false, "coder.region_provisioner", "connected are none"},
		{"one is not connected any more", now, two, []codertest.Daemon{hub, gone, oregon}, false, "coder.region_provisioner", "eu-west-2"},
		{"an empty tag is none", now, []string{"eu-west-2"}, []codertest.Daemon{empty}, false, "coder.region_provisioner", "1 of the hub"},
		{"a release that reads tags in the text", "2.24.4", two, []codertest.Daemon{hub, london, oregon}, false, "coder.region_version",
			"coderd v2.24.4+0000000 cannot send builds to regions"},
		{"a template that people made classic", now, two, []codertest.Daemon{hub, london, oregon}, true, "coder.region_classic",
			"it has the classic parameter flow"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, c := signedIn(t, codertest.Settings{Version: test.version})
			if test.classic {
				p.AddTemplate("kubernetes", "coderaws-before")
				p.SetClassic("kubernetes")
			}
			for _, daemon := range test.daemons {
				p.AddDaemon(daemon)
			}
			before := p.Versions()
			template := pack(t, "terraform {}\n")
			template.Regions = test.regions
			_, err := c.Push(t.Context(), template, coder.PushOptions{})
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			list := diagnostic.From(err)
			if len(list) == 0 || list[0].Code != test.code || !strings.Contains(list[0].Summary+list[0].Why, test.says) || list[0].Todo == "" {
				t.Errorf("%v, want %s that says %q and what to do", err, test.code, test.says)
			}
			if diagnostic.Exit(err) != diagnostic.ExitRefused || p.Versions() != before {
				t.Errorf("exit status %d, %d versions were made", diagnostic.Exit(err), p.Versions()-before)
			}
		})
	}
}
