package cost_test

import (
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
)

// TestUsageSet: what --set gives is known as given, up to the least and the most that makes sense; what is refused changes nothing.
func TestUsageSet(t *testing.T) {
	for _, test := range []struct{ name, value, refused string }{
		{"load", "always", ""},
		{"load", "lunch", `there is no load "lunch"`},
		{"timezone", "Europe/Berlin", ""},
		{"timezone", "Mars/Olympus", `there is no time zone "Mars/Olympus"`},
		{"users", "0", ""},
		{"users", "1000000", ""},
		{"users", "1000001", "users cannot be 1000001"},
		{"users", "-0.5", "users cannot be -0.5"},
		{"users", "many", `users is a number, and "many" is none`},
		{"log_stored_percent", "100", ""},
		{"log_stored_percent", "100.1", "log_stored_percent cannot be 100.1"},
		{"usrs", "3", `there is no assumption "usrs"`},
		{"usrs", "many", `there is no assumption "usrs"`},
	} {
		u := cost.NewUsage()
		err := u.Set(test.name, test.value)
		if test.refused == "" {
			if err != nil || !u.Given(test.name) {
				t.Errorf("%s=%s: %v, given is %t", test.name, test.value, err, u.Given(test.name))
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), test.refused) || diagnostic.Exit(err) != diagnostic.ExitInvalid || u.Given(test.name) {
			t.Errorf("%s=%s: %v, given is %t; want %s", test.name, test.value, err, u.Given(test.name), test.refused)
		}
	}
}

// TestUsageNear: a misspelt name is recognized, and one that is like none is not.
func TestUsageNear(t *testing.T) {
	for name, todo := range map[string]string{
		"usrs": "did you mean users?", "bucketgb": "did you mean bucket_gb?", "databasegb": "did you mean database_gb?",
		"xxxxx": "write one of these", "bucket": "did you mean bucket_gb?",
	} {
		found := diagnostic.From(cost.NewUsage().Set(name, "1"))
		if len(found) != 1 || found[0].Todo != todo {
			t.Errorf("%s: %v, want %s", name, found, todo)
		}
	}
}

// TestUsageOfAFile: what a file gives is known as given, and hours of its own are no load of a name.
func TestUsageOfAFile(t *testing.T) {
	hours := "[" + strings.Repeat("100, ", 23) + "0]"
	for _, test := range []struct {
		text, load string
		given      []string
	}{
		{"users = 3\n", cost.Office, []string{"users"}},
		{"load = \"idle\"\n", cost.Idle, []string{"load"}},
		{"workday = " + hours + "\n", "hours", []string{"workday"}},
		{"weekend = " + hours + "\n", "hours", []string{"weekend"}},
		{"database_capacity = [{ users = 0, acu = 0 }]\n", cost.Office, []string{"database_capacity"}},
	} {
		u := usageFile(t, test.text)
		if u.Load != test.load {
			t.Errorf("%s: the load is %s, want %s", test.text, u.Load, test.load)
		}
		for _, name := range []string{"users", "load", "workday", "weekend", "database_capacity", "timezone"} {
			if want := strings.HasPrefix(test.text, name); u.Given(name) != want {
				t.Errorf("%s: %s is given: %t, want %t", test.text, name, u.Given(name), want)
			}
		}
	}
	u := usageFile(t, "workday = "+hours+"\n")
	if u.Workday[0].String() != "100" || u.Workday[23].String() != "0" || u.Weekend[0].String() != "1" {
		t.Errorf("workdays %v, weekends %v", u.Workday, u.Weekend)
	}
	if u = usageFile(t, "weekend = "+hours+"\n"); u.Weekend[0].String() != "100" || u.Workday[9].String() != "90" {
		t.Errorf("workdays %v, weekends %v", u.Workday, u.Weekend)
	}
}
