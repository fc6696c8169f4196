package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/world"
)

// The builders below make the checks that nearly every service has. Services answer such faults with one of two shapes: those with a
// model report "1 validation error detected: ..." (iam, kms, logs, eks and others; source: responses recorded by LocalStack), the older
// ones have texts of their own. code is the service's error code for the first shape.

// Length refuses strings shorter or longer than allowed.
func Length(code, path, member string, shortest, longest int) Check {
	return func(c *Call) *world.Error {
		value, ok := c.At(path).(string)
		switch {
		case !ok || len(value) >= shortest && len(value) <= longest:
			return nil
		case len(value) < shortest:
			return Unsatisfied(code, value, member, fmt.Sprintf("Member must have length greater than or equal to %d", shortest))
		default:
			return Unsatisfied(code, value, member, fmt.Sprintf("Member must have length less than or equal to %d", longest))
		}
	}
}

// Pattern refuses strings that do not match as a whole.
func Pattern(code, path, member, form string) Check {
	whole := Expression(`^(?:` + form + `)$`)
	return func(c *Call) *world.Error {
		for _, value := range c.Strings(path) {
			if !whole().MatchString(value) {
				return Unsatisfied(code, value, member, "Member must satisfy regular expression pattern: "+form)
			}
		}
		return nil
	}
}

// Between refuses numbers outside a range; null and unknown pass.
func Between(code, path, member string, least, most float64) Check {
	return func(c *Call) *world.Error {
		n, ok := c.Number(path)
		switch {
		case !ok || n >= least && n <= most:
			return nil
		case n < least:
			return Unsatisfied(code, FormatNumber(n), member, "Member must have value greater than or equal to "+FormatNumber(least))
		default:
			return Unsatisfied(code, FormatNumber(n), member, "Member must have value less than or equal to "+FormatNumber(most))
		}
	}
}

// OneOf refuses strings outside an enumeration.
func OneOf(code, path, member string, allowed ...string) Check {
	return func(c *Call) *world.Error {
		for _, value := range c.Strings(path) {
			if !slices.Contains(allowed, value) {
				return Unsatisfied(code, value, member, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
			}
		}
		return nil
	}
}

func Unsatisfied(code, value, member, rule string) *world.Error {
	return world.Fail(code, "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, member, rule)
}

// Blank is the answer of most services to a required argument that is empty.
func Blank(code string) func(argument string) *world.Error {
	return func(argument string) *world.Error {
		return Unsatisfied(code, "", Member(argument), "Member must have length greater than or equal to 1")
	}
}

// BlankInPath is the answer to a required argument that is empty and stands in the path of the request: the SDK sends none such.
func BlankInPath(argument string) *world.Error {
	return &world.Error{Message: "input member " + Member(argument) + " must not be empty"} // unverified text
}

// Member is the name of an argument in the requests of most services: vpcId for vpc_id.
func Member(argument string) string {
	words := strings.Split(argument, "_")
	for i := range words[1:] {
		word := words[i+1]
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// FormatNumber prints a number as AWS does, without an exponent or trailing zeros.
func FormatNumber(n float64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", n), "0"), ".")
}

// Missing builds the answer for an id that does not exist, with the id in a text such as "The vpc ID '%s' does not exist".
func Missing(code, format string) func(string) *world.Error {
	return func(id string) *world.Error { return world.Fail(code, format, id) }
}

// DependencyViolation builds EC2's answer to deleting what is in use, from a text with one %s for the id.
func DependencyViolation(format string) func(*Call, *world.Resource) *world.Error {
	return func(c *Call, _ *world.Resource) *world.Error {
		return world.Fail("DependencyViolation", format, c.Self.ID)
	}
}

// GeneratedID identifies a resource by a prefix and n hexadecimal digits, as EC2 does.
func GeneratedID(prefix string, n int) func(*Call) string {
	return func(c *Call) string { return prefix + c.Hex(n) }
}

// IDFrom identifies a resource by one of its arguments.
func IDFrom(attribute string) func(*Call) string {
	return func(c *Call) string { return c.String(attribute) }
}

// ReplacedBy lists arguments whose every change replaces the resource, for types that are not in the measured table.
func ReplacedBy(paths ...string) map[string]func(*Call) bool {
	always := map[string]func(*Call) bool{}
	for _, path := range paths {
		always[path] = func(*Call) bool { return true }
	}
	return always
}

// Decimal renders hexadecimal digits (at most 16) as a decimal number, as the provider numbers what has no id on AWS.
func Decimal(digits string) string {
	n, _ := strconv.ParseUint(digits, 16, 64) // up to sixteen hexadecimal digits always parse
	return strconv.FormatUint(n, 10)
}
