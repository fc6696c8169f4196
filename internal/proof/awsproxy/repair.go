package awsproxy

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// repair mends one query-protocol call that moto carries out, but not as AWS does. Both parts run under the proxy's lock.
type repair struct {
	// before changes the request.
	before func(form url.Values)
	// after changes the answer of a call that succeeded.
	after func(c caller, form url.Values, answer string) string
}

// repairs are by service and action.
func (p *Proxy) repairs() map[string]repair {
	return map[string]repair{
		"ec2/AuthorizeSecurityGroupIngress":  {after: p.noteRuleDescriptions},
		"ec2/AuthorizeSecurityGroupEgress":   {after: p.noteRuleDescriptions},
		"ec2/ModifySecurityGroupRules":       {after: p.noteRuleChanges},
		"ec2/DescribeSecurityGroupRules":     {after: p.describeRules},
		"ec2/DescribeLaunchTemplateVersions": {after: withoutTemplateTags},
		"rds/CreateDBInstance":               {before: nameCertificateAuthority, after: p.noteMonitoring},
		"rds/ModifyDBInstance":               {after: p.noteMonitoring},
		"rds/DescribeDBInstances":            {after: p.describeMonitoring},
		"rds/DeleteDBInstance":               {after: p.forgetMonitoring},
		"rds/DescribeDBClusters":             {after: withoutServerlessV1},
	}
}

// serveQuery passes a query-protocol call on to moto and mends it where there is a repair for it.
func (p *Proxy) serveQuery(w http.ResponseWriter, r *http.Request, c caller) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		writeError(w, fmt.Errorf("read the request: %w", err))
		return
	}
	form, err := url.ParseQuery(string(body))
	mend, ok := p.mends[c.service+"/"+form.Get("Action")]
	if err != nil || !ok {
		r.Body = io.NopCloser(bytes.NewReader(body))
		p.forward.ServeHTTP(w, r)
		return
	}
	if mend.before != nil {
		mend.before(form)
		body = []byte(form.Encode())
	}
	resp, answer, err := p.relay(r, body)
	if err != nil {
		writeError(w, err)
		return
	}
	if resp.StatusCode == http.StatusOK && mend.after != nil {
		p.mu.Lock()
		answer = []byte(mend.after(c, form, string(answer)))
		p.mu.Unlock()
	}
	copyAnswer(w, resp, answer)
}

// escape writes s as XML text.
func escape(s string) string {
	var b strings.Builder
	// A strings.Builder takes everything.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

var ruleID = regexp.MustCompile(`<securityGroupRuleId>(sgr-[0-9a-f]+)</securityGroupRuleId>`)

// noteRuleDescriptions keeps the description of a rule whose other side is a security group or a prefix list: moto keeps
// descriptions of address ranges alone.
func (p *Proxy) noteRuleDescriptions(c caller, form url.Values, answer string) string {
	for _, list := range []string{"Groups", "UserIdGroupPairs", "PrefixListIds"} {
		description := form.Get("IpPermissions.1." + list + ".1.Description")
		id := ruleID.FindStringSubmatch(answer)
		if description != "" && id != nil {
			p.store.documents[key(c.region, "security-group-rules", id[1])] = document{"description": description}
		}
	}
	return p.describeRules(c, form, answer)
}

// noteRuleChanges follows a change of a rule's description, for the same reason.
func (p *Proxy) noteRuleChanges(c caller, form url.Values, answer string) string {
	for i := 1; form.Has(fmt.Sprintf("SecurityGroupRule.%d.SecurityGroupRuleId", i)); i++ {
		rule := fmt.Sprintf("SecurityGroupRule.%d.", i)
		at := key(c.region, "security-group-rules", form.Get(rule+"SecurityGroupRuleId"))
		if form.Has(rule+"SecurityGroupRule.ReferencedGroupId") || form.Has(rule+"SecurityGroupRule.PrefixListId") {
			p.store.documents[at] = document{"description": form.Get(rule + "SecurityGroupRule.Description")}
		} else {
			delete(p.store.documents, at)
		}
	}
	return answer
}

// describeRules puts the descriptions kept by noteRuleDescriptions into an answer.
func (p *Proxy) describeRules(c caller, _ url.Values, answer string) string {
	return ruleID.ReplaceAllStringFunc(answer, func(element string) string {
		d := p.store.documents[key(c.region, "security-group-rules", ruleID.FindStringSubmatch(element)[1])]
		if text(d, "description") == "" {
			return element
		}
		return element + "<description>" + escape(text(d, "description")) + "</description>"
	})
}

var templateTags = regexp.MustCompile(`(?s)<item><resourceType>launch-template</resourceType><tagSet>.*?</tagSet></item>`)

// withoutTemplateTags takes the tags of a launch template itself out of the tags for what is launched from it: moto adds
// them there, and launch-template is no resource type that a template may tag.
func withoutTemplateTags(_ caller, _ url.Values, answer string) string {
	return templateTags.ReplaceAllString(answer, "")
}

// nameCertificateAuthority asks for the certificate authority that RDS takes by itself: moto takes rds-ca-default, which
// does not exist, so that the provider follows each creation with a change and another minute and a half of waiting.
func nameCertificateAuthority(form url.Values) {
	if !form.Has("CACertificateIdentifier") {
		form.Set("CACertificateIdentifier", "rds-ca-rsa2048-g1")
	}
}

// monitoring maps request parameters that moto drops to the elements in which RDS describes them.
var monitoring = []struct{ parameter, element string }{
	{"MonitoringInterval", "MonitoringInterval"},
	{"MonitoringRoleArn", "MonitoringRoleArn"},
	{"EnablePerformanceInsights", "PerformanceInsightsEnabled"},
	{"PerformanceInsightsKMSKeyId", "PerformanceInsightsKMSKeyId"},
	{"PerformanceInsightsRetentionPeriod", "PerformanceInsightsRetentionPeriod"},
}

// noteMonitoring keeps enhanced monitoring and performance insights of a database instance, of which moto keeps nothing.
func (p *Proxy) noteMonitoring(c caller, form url.Values, answer string) string {
	at := key(c.region, "rds", "instances", strings.ToLower(form.Get("DBInstanceIdentifier")))
	if p.store.documents[at] == nil {
		p.store.documents[at] = document{}
	}
	for _, m := range monitoring {
		if form.Has(m.parameter) {
			p.store.documents[at][m.element] = form.Get(m.parameter)
		}
	}
	return p.describeMonitoring(c, form, answer)
}

var instanceID = regexp.MustCompile(`<DBInstance><DBInstanceIdentifier>([^<]*)</DBInstanceIdentifier>`)

// describeMonitoring puts what noteMonitoring kept into an answer.
func (p *Proxy) describeMonitoring(c caller, _ url.Values, answer string) string {
	return instanceID.ReplaceAllStringFunc(answer, func(element string) string {
		d := p.store.documents[key(c.region, "rds", "instances", strings.ToLower(instanceID.FindStringSubmatch(element)[1]))]
		for _, m := range monitoring {
			if v := text(d, m.element); v != "" {
				element += "<" + m.element + ">" + escape(v) + "</" + m.element + ">"
			}
		}
		return element
	})
}

func (p *Proxy) forgetMonitoring(c caller, form url.Values, answer string) string {
	delete(p.store.documents, key(c.region, "rds", "instances", strings.ToLower(form.Get("DBInstanceIdentifier"))))
	return answer
}

var scalingV1 = regexp.MustCompile(`(?s)<ScalingConfigurationInfo>.*?</ScalingConfigurationInfo>|<ScalingConfigurationInfo/>`)

// withoutServerlessV1 takes out the scaling of Aurora Serverless v1, which moto gives to every cluster and RDS only to
// clusters of engine mode serverless. Those do not occur here: AWS has ended v1.
func withoutServerlessV1(_ caller, _ url.Values, answer string) string {
	return scalingV1.ReplaceAllString(answer, "")
}
