package lifecycle

import (
	"encoding/base64"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/plan"

	"github.com/zclconf/go-cty/cty"
)

// imagination stands in for what only AWS can know, so that the platform can be planned before its cloud exists. Whatever it makes up says
// so by this word, in the form that AWS would give it: rules about the form of a value hold as they will.
type imagination struct{ region string }

// madeUp is the word; Terraform's own for such values.
const madeUp = "known-after-apply"

// nobodys is a range of addresses that nobody has, as it is for documentation (RFC 5737): a range has no room for the word.
const nobodys = "192.0.2.0/24"

// imaginedAccount is the account in what is made up; none has this id.
const imaginedAccount = "000000000000"

func newImagination(region string) imagination { return imagination{region} }

// complete fills into a planned value what the plan does not know of it. shape is the type that is wanted, name the attribute that it is
// for.
func (i imagination) complete(value plan.Value, shape cty.Type, name string) any {
	switch {
	case value.State() == plan.IsUnknown:
		return i.standIn(shape, name)
	case !value.HasUnknown():
		return value.Known()
	}
	if elements, state := value.Elements().Get(); state == plan.IsKnown {
		all := make([]any, len(elements))
		for n, inner := range elements {
			all[n] = i.complete(inner, element(shape), name)
		}
		return all
	}
	all := map[string]any{}
	for _, key := range value.Names() {
		all[key] = i.complete(value.Attr(key), attribute(shape, key), within(name, key))
	}
	return all
}

// within is what an attribute of an object is for: all that an object of secrets holds are their ARNs.
func within(object, key string) string {
	if object == "secrets" {
		return key + "_secret_arn"
	}
	return key
}

// attribute is the type of an object's attribute or a map's element, as far as it is known.
func attribute(shape cty.Type, name string) cty.Type {
	if shape.IsObjectType() && shape.HasAttribute(name) {
		return shape.AttributeType(name)
	}
	return element(shape)
}

func element(shape cty.Type) cty.Type {
	if shape.IsCollectionType() {
		return shape.ElementType()
	}
	return cty.DynamicPseudoType
}

// standIn makes a value up.
func (i imagination) standIn(shape cty.Type, name string) any {
	switch {
	case shape == cty.Number:
		return 1
	case shape == cty.Bool:
		return false
	case shape.IsListType(), shape.IsSetType():
		return []any{i.standIn(shape.ElementType(), name)}
	case shape.IsMapType():
		return map[string]any{}
	case shape.IsObjectType():
		object := map[string]any{}
		for key, inner := range shape.AttributeTypes() {
			if !shape.AttributeOptional(key) {
				object[key] = i.standIn(inner, within(name, key))
			}
		}
		return object
	}
	return i.text(name)
}

// arns are the services and resources of ARNs, by a word in the attribute's name. Sources: the formats in AWS's Service Authorization
// Reference.
var arns = []struct{ word, service, resource string }{
	{"kms", "kms", "key/00000000-0000-0000-0000-000000000000"},
	{"secret", "secretsmanager", "secret:" + madeUp},
	{"topic", "sns", madeUp},
	{"role", "iam", "role/" + madeUp},
	{"certificate", "acm", "certificate/" + madeUp},
}

// text makes up a text that has the form of what such an attribute holds.
func (i imagination) text(name string) string {
	switch {
	case strings.HasSuffix(name, "arn"), strings.HasSuffix(name, "arns"):
		for _, a := range arns {
			if strings.Contains(name, a.word) {
				return i.arn(a.service, a.resource)
			}
		}
		return i.arn("secretsmanager", "secret:"+madeUp+"/"+name)
	case strings.Contains(name, "certificate"):
		// Kubernetes wants a certificate in PEM form, in base64; it is looked at when a connection is made.
		return base64.StdEncoding.EncodeToString([]byte("-----BEGIN CERTIFICATE-----\n" + madeUp + "\n-----END CERTIFICATE-----\n"))
	case strings.HasSuffix(name, "cidr"), strings.HasSuffix(name, "cidrs"):
		return nobodys
	case strings.HasSuffix(name, "endpoint"), strings.HasSuffix(name, "url"):
		return "https://" + madeUp + "." + i.region + ".eks.amazonaws.com"
	case strings.HasSuffix(name, "host"), strings.HasSuffix(name, "hostname"), strings.HasSuffix(name, "domain"):
		return madeUp + "." + i.region + ".amazonaws.com"
	}
	return madeUp
}

func (i imagination) arn(service, resource string) string {
	region := i.region
	if service == "iam" {
		region = ""
	}
	return strings.Join([]string{"arn", facts.Partition(i.region), service, region, imaginedAccount, resource}, ":")
}
