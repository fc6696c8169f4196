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

// parse reads a value as Coder does; the error is that of its parser.
func parse(typ, value string) error {
	var err error
	switch typ {
	case "bool":
		_, err = strconv.ParseBool(value)
	case "int":
		_, err = strconv.ParseInt(value, 10, 64)
	case "duration":
		_, err = time.ParseDuration(value)
	case "retention":
		err = parseRetention(value)
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
	case "struct[map[string][]string]":
		err = yaml.Unmarshal([]byte(value), &map[string][]string{})
	case "struct[[]codersdk.LinkConfig]":
		err = yaml.Unmarshal([]byte(value), &[]map[string]any{})
	default:
		if choices := strings.Split(typ, "|"); len(choices) > 1 && !slices.ContainsFunc(choices, func(choice string) bool { return strings.EqualFold(choice, value) }) {
			err = fmt.Errorf("invalid choice: %s, should be one of %v", value, choices)
		}
	}
	return err
}

// parseRetention reads a duration that may be in days.
func parseRetention(value string) error {
	if days, ok := strings.CutSuffix(value, "d"); ok {
		if _, err := strconv.ParseUint(days, 10, 32); err == nil {
			return nil
		}
	}
	_, err := time.ParseDuration(value)
	return err
}

// form says how a value of a type is written.
func form(typ string) string {
	switch typ {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "duration":
		return "a duration with its unit, such as 24h or 30m; Go's durations have no unit for days"
	case "retention":
		return "a duration with its unit, such as 90d or 24h"
	case "url":
		return "a URL, such as https://coder.example.com"
	case "host:port":
		return "host and port, such as 0.0.0.0:2112"
	case "regexp":
		return "a regular expression of Go"
	case "struct[map[string]string]":
		return `JSON such as {"from":"to"}`
	case "struct[map[string][]string]":
		return `JSON such as {"from":["to"]}`
	case "struct[[]codersdk.LinkConfig]":
		return `JSON such as [{"name":"Help","target":"https://help.example.com","icon":"chat"}]`
	default:
		return "one of " + strings.ReplaceAll(typ, "|", ", ")
	}
}
