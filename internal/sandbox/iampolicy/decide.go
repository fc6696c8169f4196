package iampolicy

import (
	"coderaws/internal/sandbox/world"
	"path"
	"slices"
	"strings"
)

// Allows reports whether a resource or trust policy lets a service principal, such as eks.amazonaws.com, do an action. Conditions are
// taken to hold.
func Allows(document, service, action string) bool {
	statements, _ := Parse(Resource, document)
	for _, s := range statements {
		if s.Effect != "Allow" || !slices.Contains(s.Principals["Service"], service) && s.Principals["*"] == nil &&
			!slices.Contains(s.Principals["AWS"], "*") {
			continue
		}
		for _, pattern := range s.Actions {
			if matched, err := path.Match(strings.ToLower(pattern), strings.ToLower(action)); err == nil && matched {
				return true
			}
		}
	}
	return false
}

// Trusts reports whether a role lets a service assume it.
func Trusts(role *world.Resource, service string) bool {
	return Allows(role.String("assume_role_policy"), service, "sts:AssumeRole")
}

// Assumable reports whether a role's trust policy lets a service assume it on behalf of a resource, given by its ARN, of an account. Of
// conditions it looks at those against the confused deputy, aws:SourceAccount and aws:SourceArn, and takes others to hold.
func Assumable(role *world.Resource, service, account, source string) bool {
	statements, _ := Parse(Trust, role.String("assume_role_policy"))
	for _, s := range statements {
		if s.Effect == "Allow" && slices.Contains(s.Principals["Service"], service) &&
			slices.Contains(s.Actions, "sts:AssumeRole") &&
			s.meets(map[string]string{"aws:sourceaccount": account, "aws:sourcearn": source}) {
			return true
		}
	}
	return false
}

// Passes reports whether the policy of a VPC endpoint lets a call through to its service. caller is the ARN of a role; empty for a URL that
// a service of AWS has signed, which brings nobody of the account. resource is empty for whatever the policy names. Of conditions it looks
// at those on the caller; others are taken to hold in what allows, and not in what denies.
func Passes(document, caller, account, action, resource string) bool {
	statements, fault := Parse(Resource, document)
	if fault != "" {
		return true // AWS has taken it, in a form that is not known here
	}
	if caller == "" {
		account = ""
	}
	given := map[string]string{"aws:principalarn": caller, "aws:principalaccount": account}
	passes := false
	for _, s := range statements {
		spoken := s.Covers(action, resource)
		if resource == "" {
			spoken = s.Speaks(action) && (s.Effect == "Allow" || s.Covers(action, "*"))
		}
		switch {
		case !spoken || !s.names(caller, account) || !s.meets(given):
		case s.Effect == "Allow":
			passes = true
		case s.about(given):
			return false
		}
	}
	return passes
}

// names reports whether the principals of a statement are everybody, or a caller among them.
func (s Statement) names(caller, account string) bool {
	if s.Principals["*"] != nil {
		return true
	}
	return slices.ContainsFunc(s.Principals["AWS"], func(principal string) bool {
		return principal == "*" || caller != "" && (principal == caller || principal == account || strings.HasSuffix(principal, account+":root"))
	})
}

// about reports whether all conditions of a statement are on what is given.
func (s Statement) about(given map[string]string) bool {
	for operator, keys := range s.Conditions {
		for key := range keys {
			if _, known := given[strings.ToLower(key)]; !known || strings.Contains(operator, "Not") {
				return false
			}
		}
	}
	return true
}

// meets reports whether the conditions on what is given hold, by the names of their keys in lower case.
func (s Statement) meets(given map[string]string) bool {
	for operator, keys := range s.Conditions {
		exact := strings.HasPrefix(operator, "StringEquals")
		if !exact && !strings.HasPrefix(operator, "StringLike") && !strings.HasPrefix(operator, "Arn") || strings.Contains(operator, "Not") {
			continue
		}
		for key, allowed := range keys {
			value, known := given[strings.ToLower(key)]
			if known && !slices.ContainsFunc(allowed, func(pattern string) bool { return like(pattern, value, exact) }) {
				return false
			}
		}
	}
	return true
}

// Covers reports whether a statement speaks of an action on a resource.
func (s Statement) Covers(action, resource string) bool {
	meant := matches(s.Resources, resource) || s.NotResources != nil && !matches(s.NotResources, resource)
	return s.Speaks(action) && meant
}

// Speaks reports whether a statement speaks of an action, on whatever resource. Actions are compared without regard to case, as IAM does.
func (s Statement) Speaks(action string) bool {
	named := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			return like(strings.ToLower(pattern), strings.ToLower(action), false)
		})
	}
	return named(s.Actions) || s.NotActions != nil && !named(s.NotActions)
}

func matches(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return like(pattern, value, false) })
}

// Public reports whether a resource policy lets everybody in, without a condition.
func Public(document string) bool {
	statements, _ := Parse(Resource, document)
	return slices.ContainsFunc(statements, func(s Statement) bool {
		return s.Effect == "Allow" && len(s.Conditions) == 0 && (s.Principals["*"] != nil || slices.Contains(s.Principals["AWS"], "*"))
	})
}

// like compares a value with a pattern of the policy language, in which * also stands for slashes.
func like(pattern, value string, exact bool) bool {
	if exact {
		return pattern == value
	}
	flat := strings.NewReplacer("/", "\x00")
	matched, err := path.Match(flat.Replace(pattern), flat.Replace(value))
	return err == nil && matched
}
