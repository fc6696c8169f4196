package coderd

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// parse reads a value as a version of Coder does; the error is that of its parser.
func parse(typ, value, version string) error {
	var err error
	switch typ {
	case "bool":
		_, err = strconv.ParseBool(value)
	case "int":
		_, err = strconv.ParseInt(value, 10, 64)
	case "duration":
		if _, err = time.ParseDuration(value); err != nil && readsDays(version) && inDays.MatchString(value) {
			err = nil
		}
	case "url":
		_, err = url.Parse(value)
	case "host:port":
		_, _, err = net.SplitHostPort(value)
	case "regexp":
		if _, err = regexp.Compile(value); err != nil {
			err = fmt.Errorf("invalid regex expression: %w", err)
		}
	case "struct[map[string]string]":
		err = yaml.Unmarshal([]byte(value), &map[string]string{})
	case "struct[map[string][]string]", "struct[map[string][]uuid.UUID]":
		err = yaml.Unmarshal([]byte(value), &map[string][]string{})
	case "struct[[]codersdk.LinkConfig]":
		err = yaml.Unmarshal([]byte(value), &[]map[string]any{})
	default:
		same := func(choice string) bool { return strings.EqualFold(choice, value) }
		if choices := choicesOf(typ); len(choices) > 0 && !slices.ContainsFunc(choices, same) {
			err = fmt.Errorf("invalid choice: %s, should be one of %v", value, choices)
		}
	}
	return err
}

// inDays is a duration with the units that Go's own durations do not have: days and weeks.
var inDays = regexp.MustCompile(`^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w))+$`)

// readsDays reports whether a version of Coder reads durations in days: what it parses them with, serpent, does so in v0.15.0 and not in
// v0.10.0. A version between two that are known may.
func readsDays(version string) bool {
	known, exact := Known(version)
	if !exact && compare(version, known) > 0 && next(known) != "" {
		known = next(known)
	}
	for _, release := range load().Known {
		if release.Version == known {
			return compare(release.Serpent, "v0.15.0") >= 0
		}
	}
	return false
}

// choicesOf are the values that an enumeration, such as enum[lax|none], has; none for another type.
func choicesOf(typ string) []string {
	choices, ok := strings.CutPrefix(typ, "enum[")
	if !ok {
		return nil
	}
	return strings.Split(strings.TrimSuffix(choices, "]"), "|")
}

// form says how a value of a type is written for a version of Coder.
func form(typ, version string) string {
	switch typ {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "duration":
		if readsDays(version) {
			return "a duration with its unit, such as 90d, 24h or 30m"
		}
		return "a duration with its unit, such as 24h or 30m; Go's durations have no unit for days"
	case "url":
		return "a URL, such as https://coder.example.com"
	case "host:port":
		return "host and port, such as 0.0.0.0:2112"
	case "regexp":
		return "a regular expression of Go"
	case "struct[map[string]string]":
		return `JSON such as {"from":"to"}`
	case "struct[map[string][]string]", "struct[map[string][]uuid.UUID]":
		return `JSON such as {"from":["to"]}`
	case "struct[[]codersdk.LinkConfig]":
		return `JSON such as [{"name":"Help","target":"https://help.example.com","icon":"chat"}]`
	default:
		return "one of " + strings.Join(choicesOf(typ), ", ")
	}
}
