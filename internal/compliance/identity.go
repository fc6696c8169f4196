package compliance

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
)

// identityChecks are about who may do what.
func identityChecks() []Check {
	written := []string{"aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"}
	databases := []string{"aws_rds_cluster", "aws_db_instance"}
	return []Check{
		{ID: "no-admin-policies", What: "no policy allows everything", Reads: append(slices.Clone(written), "aws_iam_role_policy_attachment"),
			rule: both(policies("policy", "not every action on every resource", func(s statement) string {
				if s.allows() && s.anything() && s.everywhere() {
					return "every action on every resource"
				}
				return ""
			}, written...), only(func(i item) bool { return seenSuffix(i, "policy_arn", "/AdministratorAccess") }, "policy_arn",
				text("not AdministratorAccess", "", func(string) bool { return false }), "aws_iam_role_policy_attachment"))},
		{ID: "no-wildcard-actions", What: "no policy allows all actions of a service on every resource", Reads: written,
			rule: policies("policy", "named actions, or named resources", func(s statement) string {
				if s.allows() && s.everywhere() && s.wholeService() {
					return strings.Join(s.Actions, ", ") + " on every resource"
				}
				return ""
			}, written...)},
		{ID: "no-decrypt-everywhere", What: "no policy allows to decrypt with every key", Reads: written,
			rule: policies("policy", "decryption with named keys", func(s statement) string {
				decrypts := slices.ContainsFunc(s.Actions, func(a string) bool {
					return slices.Contains([]string{"kms:decrypt", "kms:reencryptfrom", "kms:reencrypt*", "kms:*", "*"}, strings.ToLower(a))
				})
				everyKey := s.everywhere() || slices.ContainsFunc(s.Resources, func(r string) bool { return strings.HasSuffix(r, ":key/*") })
				if s.allows() && decrypts && everyKey {
					return "decryption with every key"
				}
				return ""
			}, written...)},
		{ID: "trust-named", What: "no role can be assumed by everybody", Reads: []string{"aws_iam_role"},
			rule: policies("assume_role_policy", "named callers", publicly, "aws_iam_role")},
		{ID: "pod-roles-narrow", What: "a role of pods can be assumed by named service accounts alone", Reads: []string{"aws_iam_role"},
			rule: podRoles},
		{ID: "no-users", What: "there are no users and no lasting keys of IAM", Reads: []string{"aws_iam_user", "aws_iam_access_key"},
			rule: none("people and programs use roles", "aws_iam_user", "aws_iam_access_key")},
		{ID: "cluster-access-entries", What: "who may use the Kubernetes API is said by access entries of EKS",
			Reads: []string{"aws_eks_cluster"},
			rule:  attribute("access_config.authentication_mode", oneOf("CONFIG_MAP", "API"), "aws_eks_cluster")},
		{ID: "database-iam", What: "programs sign in to databases with IAM", Reads: databases,
			rule: attribute("iam_database_authentication_enabled", yes(false), databases...)},
		{ID: "database-administrator", What: "the administrator of a database has a name of its own", Reads: databases,
			rule: attribute("master_username", text("not admin or postgres", "",
				func(s string) bool { return s != "admin" && s != "postgres" }), databases...)},
		{ID: "managed-master-password", What: "AWS makes, keeps and rotates the master password of databases", Reads: databases,
			rule: attribute("manage_master_user_password", yes(false), databases...)},
		{ID: "no-secret-values", What: "no secret's value is in the plan", Reads: []string{"aws_secretsmanager_secret_version",
			"aws_ssm_parameter",
			"aws_rds_cluster", "aws_db_instance"},
			rule: secretValues},
	}
}

func seenSuffix(i item, name, suffix string) bool {
	return strings.HasSuffix(i.Values.Attr(name).Text().Else("", ""), suffix)
}

// podTags are the tags of a session of EKS Pod Identity that name one service account: EKS user guide, Pod Identity, ABAC.
var podTags = []string{"aws:requesttag/kubernetes-namespace", "aws:requesttag/kubernetes-service-account"}

// podRoles looks at roles that pods assume, by EKS Pod Identity or with tokens of the cluster's issuer.
func podRoles(s *Subject) []Evidence {
	var all []Evidence
	for _, i := range s.of("aws_iam_role") {
		list, read := statements(i.Values.Attr("assume_role_policy"))
		if read == NotProvable {
			e := i.evidence(NotProvable, "assume_role_policy", "(known after apply)", "one service account")
			all = append(all, e.explained())
			continue
		}
		for _, one := range list {
			switch {
			case one.allows() && slices.Contains(one.Principals["Service"], "pods.eks.amazonaws.com"):
				all = append(all, i.evidence(answer(one.conditions(podTags...)), "assume_role_policy", "Pod Identity", "tags of one service account"))
			case one.allows() && slices.Contains(one.Actions, "sts:AssumeRoleWithWebIdentity"):
				all = append(all, i.evidence(answer(one.subject()), "assume_role_policy", "tokens of the cluster", "subject of one service account"))
			}
		}
	}
	return all
}

// conditions reports whether all of some keys have to be as written, without a pattern.
func (s statement) conditions(wanted ...string) bool {
	return !slices.ContainsFunc(wanted, func(key string) bool {
		return !s.holds(func(name string) bool { return strings.EqualFold(name, key) })
	})
}

// subject reports whether tokens have to be of a named subject.
func (s statement) subject() bool {
	return s.holds(func(name string) bool { return strings.HasSuffix(strings.ToLower(name), ":sub") })
}

// holds reports whether a key has to be one text. Of the operators only those demand it that are false without the key: ...IfExists and
// ForAllValues: are true then, and Null says nothing of a value (IAM user guide, condition operators).
func (s statement) holds(key func(name string) bool) bool {
	return slices.ContainsFunc(s.Conditions, func(c iampolicy.Condition) bool {
		return slices.Contains([]string{"StringEquals", "StringEqualsIgnoreCase", "StringLike"}, c.Operator) &&
			key(c.Key) && len(c.Values) == 1 && !strings.ContainsAny(c.Values[0], "*?")
	})
}

// secretValues looks for values of secrets that whoever reads the plan or the state can read. The values themselves are not shown.
func secretValues(s *Subject) []Evidence {
	var all []Evidence
	for _, one := range []struct{ typ, name string }{
		{"aws_secretsmanager_secret_version", "secret_string"}, {"aws_secretsmanager_secret_version", "secret_binary"},
		{"aws_rds_cluster", "master_password"}, {"aws_db_instance", "password"},
	} {
		for _, i := range s.of(one.typ) {
			all = append(all, i.hidden(one.name))
		}
	}
	for _, i := range s.of("aws_ssm_parameter") {
		if seen(i.Values.Attr("type"), "SecureString") {
			all = append(all, i.hidden("value"))
		}
	}
	return all
}

// hidden wants an attribute not to be set, and shows nothing of it.
func (i item) hidden(name string) Evidence {
	set := something("not set").holds(i.Values.Attr(name))
	switch set {
	case Satisfied:
		return i.evidence(NotSatisfied, name, "a value", "not set")
	case NotSatisfied:
		return i.evidence(Satisfied, name, "not set", "not set")
	}
	return i.evidence(NotSatisfied, name, "a value that is known after apply", "not set")
}
