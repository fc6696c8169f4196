package cost

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/cron"
	"coderaws/internal/diagnostic"
	"coderaws/internal/nearest"

	"github.com/shopspring/decimal"
)

// Assumption is one number that no plan knows and a bill depends on.
type Assumption struct {
	// Name is how it is written in usage.hcl and after --set.
	Name string
	// Default is its value unless the user gives another; it is a decimal number.
	Default string
	// Most is the greatest value that makes sense, as a decimal number; every number is 0 or more.
	Most string
	// Unit is what it counts.
	Unit string
	// Why says where the default is from. Where it says estimate, nobody measured it.
	Why string
}

// Assumptions lists all numbers, in the order in which they are shown.
func Assumptions() []Assumption {
	return []Assumption{
		{"users", "0", "1000000", "people at once at the busiest hour",
			"0 means as many as the settings promise: max_workspaces over workspaces_per_user"},
		{"workspaces_per_user", "1", "100", "running workspaces of one user", "estimate: most people work in one at a time"},
		{"volumes_per_workspace", "1.67", "100", "home volumes per workspace that runs at the busiest hour",
			"a home stays while its owner is away: 1,000 users have 600 running workspaces in Coder's validated architecture"},
		{"builds_per_workspace_day", "2", "1000", "builds of a workspace on a day", "one start and one stop"},
		{"build_minutes", "2", "1440", "minutes that a build keeps a provisioner busy",
			"estimate; Coder's own templates for Kubernetes take one to two minutes"},
		{"build_burst", "3", "1000", "builds at once in the busiest minutes of an hour, for each at once on its average",
			"600 builds of 2 minutes in an hour are 20 at once, and Coder's validated architecture has provisioners for 60"},
		{"nat_gb_per_workspace_hour", "0.05", "10000", "GB through NAT gateways per hour of a running workspace",
			"estimate: sources, packages and images, of which most comes on the first day"},
		{"nat_gb_per_node_hour", "0.02", "10000", "GB through NAT gateways per hour of a node",
			"estimate: agents, updates and calls to AWS's APIs; images in ECR come through the S3 endpoint"},
		{"endpoint_gb_per_node_hour", "0.02", "10000", "GB through interface endpoints per hour of a node",
			"estimate: the same calls, where there are endpoints"},
		{"out_gb_per_workspace_hour", "0.02", "10000", "GB out to the internet per hour of a running workspace",
			"estimate: an editor in the browser and a terminal"},
		{"zone_gb_per_workspace_hour", "0.02", "10000", "GB between zones per hour of a running workspace, where there are several",
			"estimate: what goes out enters by a load balancer node in another zone two times out of three"},
		{"connections_per_workspace", "4", "1000", "connections through the load balancer per running workspace",
			"estimate: editor, terminal, agent and an application"},
		{"control_plane_log_gb_hour", "0.1", "1000", "GB of logs of an EKS control plane in an hour, all five types, beside those of nodes",
			"estimate: the audit log is nearly all of it; 144 USD a month were reported of a small cluster, which is about 240 GB " +
				"(https://github.com/Smana/cloud-native-ref/pull/1920)"},
		{"control_plane_log_gb_per_node_hour", "0.005", "1000", "GB of logs of an EKS control plane per hour of a node",
			"estimate: each node's kubelet and daemons ask the API all the time, and the audit log has every call"},
		{"flow_log_gb_per_node_hour", "0.005", "1000", "GB of VPC flow logs per hour of a node",
			"estimate: 100 bytes for each connection in ten minutes"},
		{"database_log_gb_hour", "0.001", "1000", "GB of PostgreSQL logs in an hour", "estimate: errors and slow statements alone"},
		{"other_log_gb_month", "1", "1000000", "GB a month into each log group whose use is not known", "estimate"},
		{"log_stored_percent", "20", "100", "percent of a log's size that is stored", "estimate: CloudWatch Logs compresses what it stores"},
		{"kms_requests_per_node_hour", "50", "1000000", "requests to KMS keys per hour of a node",
			"estimate: volumes, secrets and logs; KMS answers most from data keys that are kept"},
		{"dns_queries_per_workspace_hour", "100", "1000000", "DNS queries to public zones per hour of a running workspace",
			"estimate; queries of aliases to load balancers are free, so this is too much rather than too little"},
		{"database_gb", "20", "131072", "GB in the database", "estimate: Coder keeps logs of builds and of connections there"},
		{"database_change_percent", "5", "100", "percent of the database that changes in a day, for backups", "estimate"},
		{"database_io_per_hour", "5000", "1000000000", "I/O requests of an idle database in an hour", "estimate"},
		{"database_io_per_workspace_hour", "2000", "1000000000", "I/O requests of the database per hour of a running workspace",
			"estimate: agents report, and Coder aggregates"},
		{"bucket_gb", "10", "100000000", "GB in each S3 bucket", "estimate"},
		{"repository_gb", "10", "100000000", "GB of images in each ECR repository", "estimate"},
		{"file_system_gb", "10", "100000000", "GB in each EFS file system", "estimate"},
		{"ai_users_percent", "100", "100", "percent of the people at work on a day who use AI models, where there are any",
			"everybody may; nobody knows who will"},
		{"ai_requests_per_user_day", "200", "100000", "requests for AI models of one of them on a day",
			"estimate: an agent makes a request for each step of its work"},
		{"ai_input_tokens_per_request", "30000", "2000000", "tokens that a request sends", "estimate: the conversation so far, and files"},
		{"ai_cached_percent", "90", "100", "percent of these that are read from the cache of prompts",
			"estimate: agents send the conversation so far with every request"},
		{"ai_output_tokens_per_request", "600", "1000000", "tokens that an answer has", "estimate"},
		{"ai_small_percent", "20", "100", "percent of requests that go to the small model", "estimate: titles, summaries, searches"},
	}
}

// Loads lists the shapes that the week can have, the quietest first.
func Loads() []string { return []string{Idle, Office, Worldwide, Always} }

// The shapes that the week can have.
const (
	// Office has the shape of a working day.
	Office = "office"
	// Worldwide is the working days of three sites, eight hours apart, with a third of the people at each.
	Worldwide = "worldwide"
	// Idle has nobody at any hour.
	Idle = "idle"
	// Always has everybody at every hour.
	Always = "always"
)

// workday and weekend are the percentages of the users that are there, by the hour, for Office. They are an estimate: the shape of a
// working day from seven to six with a lunch hour, and a few who work late. Nobody measured them.
var (
	workday = [24]int64{1, 1, 1, 1, 1, 2, 5, 25, 60, 90, 100, 100, 85, 90, 100, 100, 90, 60, 30, 15, 10, 6, 3, 2}
	weekend = [24]int64{1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 2, 2, 1}
)

// CapacityPoint says what capacity a database needs for so many users.
type CapacityPoint struct{ Users, ACU decimal.Decimal }

// Usage is how much a deployment is used.
type Usage struct {
	// Load is one of Loads, or "hours" if Workday and Weekend were given.
	Load string
	// Workday and Weekend are the percentages of users that are there in each hour; holidays are weekends.
	Workday, Weekend [24]decimal.Decimal
	// Timezone is the IANA zone of the users' clocks; empty means that of the plan's schedule, or UTC.
	Timezone string
	// Capacity is what the database needs, by the number of users, least first. Between two points it is on the line between them. Unless it
	// was given, it is by the number of running workspaces, and for plans that do not say what capacity they have.
	Capacity []CapacityPoint
	values   map[string]decimal.Decimal
	// given are the names that the user gave a value.
	given map[string]bool
}

// NewUsage is the usage with all defaults.
func NewUsage() *Usage {
	u := &Usage{values: map[string]decimal.Decimal{}, given: map[string]bool{}}
	for _, a := range Assumptions() {
		u.values[a.Name] = decimal.RequireFromString(a.Default)
	}
	// Coder's validated architectures have 30 GB of database memory for 600 running workspaces and 120 GB for 1,800, which are 15 and 60 ACU;
	// Aurora has 256 at most.
	for _, point := range [][2]string{{"0", "0"}, {"600", "15"}, {"1800", "60"}, {"7680", "256"}} {
		u.Capacity = append(u.Capacity, CapacityPoint{decimal.RequireFromString(point[0]), decimal.RequireFromString(point[1])})
	}
	u.setLoad(Office)
	return u
}

func (u *Usage) setLoad(load string) bool {
	for hour := range 24 {
		switch load {
		case Office:
			u.Workday[hour], u.Weekend[hour] = decimal.NewFromInt(workday[hour]), decimal.NewFromInt(weekend[hour])
		case Worldwide:
			u.Workday[hour], u.Weekend[hour] = aroundTheWorld(hour)
		case Idle:
			u.Workday[hour], u.Weekend[hour] = decimal.Zero, decimal.Zero
		case Always:
			u.Workday[hour], u.Weekend[hour] = decimal.NewFromInt(100), decimal.NewFromInt(100)
		default:
			return false
		}
	}
	u.Load = load
	return true
}

// sites are those of Worldwide, whose clocks are equally far apart.
const sites = 3

// aroundTheWorld is the percentage of users that are there in an hour of a workday and of a weekend with all sites together, where the most
// at once on a workday are all that count as users.
func aroundTheWorld(hour int) (work, end decimal.Decimal) {
	sum := func(of [24]int64, hour int) (all int64) {
		for site := range sites {
			all += of[(hour+site*24/sites)%24]
		}
		return all
	}
	most := int64(0)
	for hour := range 24 {
		most = max(most, sum(workday, hour))
	}
	part := func(of [24]int64) decimal.Decimal {
		return decimal.NewFromInt(sum(of, hour)).Mul(hundred).Div(decimal.NewFromInt(most)).Round(0)
	}
	return part(workday), part(weekend)
}

// WithUsers is a copy of the usage with another number of people at the busiest hour.
func (u *Usage) WithUsers(users decimal.Decimal) *Usage {
	other := *u
	other.values, other.given = maps.Clone(u.values), maps.Clone(u.given)
	other.values["users"], other.given["users"] = users, true
	return &other
}

// With is a copy of the usage with another load.
func (u *Usage) With(load string) *Usage {
	other := *u
	other.setLoad(load)
	return &other
}

// Value is one assumption's value. A name that is none is a mistake of the caller's.
func (u *Usage) Value(name string) decimal.Decimal {
	value, ok := u.values[name]
	if !ok {
		panic("cost: there is no assumption " + name)
	}
	return value
}

// Given reports whether the user gave an assumption its value.
func (u *Usage) Given(name string) bool { return u.given[name] }

// Set gives an assumption a value, as --set does: users=300, load=always, timezone=Europe/Berlin. Errors are diagnostics.
func (u *Usage) Set(name, value string) error {
	switch name {
	case "load":
		if !u.setLoad(value) {
			d := diagnostic.Errorf("there is no load %q", value)
			d.Code, d.Todo = "usage.load", "write idle, office, worldwide or always; other hours are written as workday and weekend in a file for --usage"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
		u.given[name] = true
		return nil
	case "timezone":
		if _, err := cron.Zone(value); err != nil {
			d := diagnostic.Errorf("there is no time zone %q", value)
			d.Code, d.Todo = "usage.timezone", "write a name of the IANA database, such as America/New_York or Europe/Berlin"
			return diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
		u.Timezone, u.given[name] = value, true
		return nil
	}
	number, err := decimal.NewFromString(value)
	if err != nil && slices.Contains(usageNames(), name) {
		d := diagnostic.Errorf("%s is a number, and %q is none", name, value)
		d.Code, d.Todo = "usage.number", fmt.Sprintf("write it as %s=%s", name, u.values[name])
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	if d := u.setNumber(name, number); d != nil {
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	return nil
}

func (u *Usage) setNumber(name string, number decimal.Decimal) *diagnostic.Diagnostic {
	for _, a := range Assumptions() {
		if a.Name != name {
			continue
		}
		if number.IsNegative() || number.GreaterThan(decimal.RequireFromString(a.Most)) {
			d := diagnostic.Errorf("%s cannot be %s", name, number)
			d.Code, d.Why = "usage.range", fmt.Sprintf("it counts %s, and lies between 0 and %s", a.Unit, a.Most)
			d.Todo = fmt.Sprintf("write another number; without one it is %s", a.Default)
			return d
		}
		u.values[name], u.given[name] = number, true
		return nil
	}
	d := diagnostic.Errorf("there is no assumption %q", name)
	d.Code, d.Why = "usage.unknown_name", "the names are "+strings.Join(usageNames(), ", ")
	d.Todo = "write one of these"
	if near := nearest.Name(name, usageNames()); near != "" {
		d.Todo = fmt.Sprintf("did you mean %s?", near)
	}
	return d
}

// usageNames are all that a usage file may name.
func usageNames() []string {
	var names []string
	for _, a := range Assumptions() {
		names = append(names, a.Name)
	}
	return append(names, "load", "timezone", "workday", "weekend", "database_capacity")
}

// acu is the capacity that the database needs for so many users.
func (u *Usage) acu(users decimal.Decimal) decimal.Decimal {
	last := u.Capacity[0]
	for _, point := range u.Capacity {
		if users.LessThanOrEqual(point.Users) {
			if point.Users.Equal(last.Users) {
				return point.ACU
			}
			part := users.Sub(last.Users).Div(point.Users.Sub(last.Users))
			return last.ACU.Add(point.ACU.Sub(last.ACU).Mul(part))
		}
		last = point
	}
	return last.ACU
}
