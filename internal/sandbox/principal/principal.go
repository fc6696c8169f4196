// Package principal knows whom policy documents name: whether it exists in the world, and whether a resource or a role admits a service of
// AWS. What documents say is package iampolicy's to read. Services whose resources carry documents import it; it imports the model.
package principal

import (
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
)

// Nobody is the first principal of a document that is a role or user of the call's account, by ARN, and does not exist; "" if there
// is none. IAM looks principals up when a document is written, and so do the services that keep documents of their own; each says so in
// words of its own. Those of other accounts are not known here, and the roles that AWS services have are there once they are needed.
func Nobody(c *model.Call, text string) string {
	document, _ := iampolicy.Parse(text)
	for _, s := range document.Statements {
		for _, named := range []iampolicy.Principals{s.Principals, s.NotPrincipals} {
			for _, principal := range named["AWS"] {
				if !exists(c, principal) {
					return principal
				}
			}
		}
	}
	return ""
}

func exists(c *model.Call, principal string) bool {
	if model.ARNAccount(principal) != c.Account {
		return true
	}
	parts := strings.SplitN(principal, ":", 6)
	kind, name, _ := strings.Cut(parts[5], "/")
	switch {
	case strings.HasPrefix(name, "aws-service-role/") || strings.HasPrefix(name, "aws-reserved/"):
		return true
	case kind == "role":
		return name == model.CallerRole || c.FindBy("aws_iam_role", "arn", principal) != nil || taken(c, "aws_iam_role", name)
	case kind == "assumed-role":
		role, _, _ := strings.Cut(name, "/")
		return role == model.CallerRole || c.Find("aws_iam_role", role) != nil || taken(c, "aws_iam_role", role)
	case kind == "user":
		return c.FindBy("aws_iam_user", "arn", principal) != nil || taken(c, "aws_iam_user", name)
	}
	return true
}

// taken reports whether the account is known to have somebody of the name, which an ARN has behind a path.
func taken(c *model.Call, typ, name string) bool {
	return c.World.NameTaken(typ, model.Global, name[strings.LastIndex(name, "/")+1:], true)
}
