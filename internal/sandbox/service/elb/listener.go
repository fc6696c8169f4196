package elb

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func listener() *model.Type {
	return &model.Type{
		Name: "aws_lb_listener", API: api, Noun: "ELBv2 Listener",
		CreateCall: "CreateListener", UpdateCall: "ModifyListener", DeleteCall: "DeleteListener",
		Identify: func(c *model.Call) string {
			return strings.Replace(c.String("load_balancer_arn"), ":loadbalancer/", ":listener/", 1) + "/" + c.Hex(16)
		},
		References: []model.Reference{
			{Path: "load_balancer_arn", To: LoadBalancers, By: "arn", Inside: true, Missing: func(string) *world.Error {
				return world.Fail("LoadBalancerNotFound", "One or more load balancers not found")
			}},
			{Path: "default_action.target_group_arn", To: targetGroups, By: "arn", Missing: targetGroupMissing},
			{Path: "default_action.forward.target_group.arn", To: targetGroups, By: "arn", Missing: targetGroupMissing},
			certificateReference("certificate_arn"),
		},
		Checks: []model.Check{listenerProtocol, listenerPort, listenerAction, listenerCertificateGiven, certificateUsable("certificate_arn"),
			listenerTargets("default_action")},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-57A373D6", Service: "elasticloadbalancing", Name: "Listeners per Network Load Balancer", Default: 50},
			Per: func(_ *model.Call, attributes world.Object) string {
				arn, _ := attributes["load_balancer_arn"].(string)
				return arn
			},
			Exceeded: func() *world.Error {
				return world.Fail("TooManyListeners", "The maximum number of listeners has been reached") // unverified text
			},
		}},
		Plan:    func(c *model.Call) { planRedirects(c, "default_action") },
		Replace: model.ReplacedBy("load_balancer_arn"),
		Fill:    fillListener,
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments"},
	}
}

// certificateARN is what the ARN of a certificate of ACM looks like.
var certificateARN = model.Expression(`^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// certificateReference is an argument that names a certificate of ACM, or of IAM, which the world may not hold: one that was there before
// it, such as one that was imported.
func certificateReference(path string) model.Reference {
	return model.Reference{Path: path, To: []string{"aws_acm_certificate", "aws_iam_server_certificate"}, By: "arn",
		Missing: func(arn string) *world.Error {
			if strings.Contains(arn, ":server-certificate/") || certificateARN().MatchString(arn) {
				return nil
			}
			return world.Fail("CertificateNotFound", "Certificate '%s' not found", arn)
		}}
}

func balancerByARN(c *model.Call, arn string) *world.Resource {
	for _, typ := range LoadBalancers {
		if r := c.FindBy(typ, "arn", arn); r != nil {
			return r
		}
	}
	return nil
}

func listenerOf(c *model.Call, arn string) *world.Resource {
	for _, typ := range listeners {
		if r := c.FindBy(typ, "arn", arn); r != nil {
			return r
		}
	}
	return nil
}

var (
	applicationProtocols = []string{"HTTP", "HTTPS"}
	networkProtocols     = []string{"TCP", "UDP", "TCP_UDP", "TLS", "QUIC", "TCP_QUIC"}
)

// listenerProtocolOf is the protocol of a listener. The provider asks for HTTP where nothing is written, on application load balancers
// alone (terraform-provider-aws, resource aws_lb_listener).
func listenerProtocolOf(c *model.Call) string {
	protocol := c.String("protocol")
	if protocol == "" && kindOf(balancerByARN(c, c.String("load_balancer_arn")).Object()) == applicationLB {
		return "HTTP"
	}
	return protocol
}

// listenerProtocol holds listeners to the protocols of their load balancer.
func listenerProtocol(c *model.Call) *world.Error {
	protocol, kind := listenerProtocolOf(c), kindOf(balancerByARN(c, c.String("load_balancer_arn")).Object())
	allowed := map[string][]string{applicationLB: applicationProtocols, networkLB: networkProtocols, gatewayLB: {""}}[kind]
	switch {
	case protocol == "" && kind != gatewayLB:
		return world.Fail("ValidationError", "A listener protocol must be specified")
	case !slices.Contains(allowed, protocol):
		return world.Fail("ValidationError", "Listener protocol '%s' must be one of '%s'", protocol, strings.Join(allowed, ", "))
	}
	return nil
}

// listenerPort holds a port to its range and to one listener on each load balancer.
func listenerPort(c *model.Call) *world.Error {
	port, given := c.Number("port")
	if !given {
		return nil // a gateway load balancer takes every port
	}
	if port < 1 || port > 65535 {
		return model.Unsatisfied("ValidationError", model.FormatNumber(port), "port", "Member must have value between 1 and 65535")
	}
	for _, typ := range listeners {
		for _, other := range c.All(typ) {
			if other.ID != c.ID && other.String("load_balancer_arn") == c.String("load_balancer_arn") && other.Attributes["port"] == port {
				return world.Fail("DuplicateListener", "A listener already exists on this port for this load balancer '%s'",
					c.String("load_balancer_arn"))
			}
		}
	}
	return nil
}

// listenerAction holds network load balancers to one action, which forwards.
func listenerAction(c *model.Call) *world.Error {
	kind := kindOf(balancerByARN(c, c.String("load_balancer_arn")).Object())
	for _, action := range c.Blocks("default_action") {
		name, _ := action["type"].(string)
		switch {
		case !slices.Contains([]string{"forward", "redirect", "fixed-response", "authenticate-cognito", "authenticate-oidc", "jwt-validation"},
			name):
			return model.Unsatisfied("ValidationError", name, "defaultActions.1.member.type",
				"Member must satisfy enum value set: [forward, authenticate-oidc, authenticate-cognito, redirect, fixed-response, jwt-validation]")
		case kind != applicationLB && name != "forward":
			return world.Fail("InvalidLoadBalancerAction", "The action type '%s' is not valid with %s load balancers", name, kind) // unverified text
		case name == "forward" && len(forwardTargets(c.Object, "default_action")) == 0 && !model.IsUnknown(action["target_group_arn"]):
			return world.Fail("ValidationError", "A target group ARN must be specified")
		}
	}
	return nil
}

// sslPolicies are the security policies' names (AWS documentation), by their pattern.
var sslPolicies = model.Expression(
	`^ELBSecurityPolicy-(2016-08|2015-05|TLS-1-[0-2](-Ext)?-20\d\d-\d\d|FS(-1-[12](-Res)?)?-20\d\d-\d\d|TLS13-1-[0-3](-Res|-Ext[0-2])?(-FIPS)?(-PQ)?-20\d\d-\d\d)$`)

// listenerCertificateGiven holds TLS listeners to a certificate and a known policy, and others to none.
func listenerCertificateGiven(c *model.Call) *world.Error {
	protocol, policy := listenerProtocolOf(c), c.String("ssl_policy")
	secure := protocol == "TLS" || protocol == "HTTPS" || protocol == "QUIC"
	given := c.String("certificate_arn") != ""
	alpn := c.String("alpn_policy")
	switch {
	case secure && !given:
		return world.Fail("ValidationError", "A certificate must be specified for %s listeners", protocol)
	case !secure && given:
		return world.Fail("ValidationError", "A certificate cannot be specified for %s listeners", protocol)
	case policy != "" && (!secure || !sslPolicies().MatchString(policy)) && c.Changed("ssl_policy"):
		return world.Fail("SSLPolicyNotFound", "SSL policy '%s' not found", policy)
	case alpn != "" && protocol != "TLS":
		return world.Fail("ALPNPolicyNotSupported", "ALPN policies are supported for TLS listeners only") // unverified text
	}
	return nil
}

// certificateUsable refuses a certificate that ACM has not issued yet.
func certificateUsable(path string) model.Check {
	return func(c *model.Call) *world.Error {
		arn := c.String(path)
		certificate := c.FindBy("aws_acm_certificate", "arn", arn)
		if certificateARN().MatchString(arn) && !strings.HasPrefix(arn, c.ARN("acm", "certificate/")) {
			return world.Fail("CertificateNotFound", "Certificate '%s' not found", arn) // of another region or account
		}
		if certificate == nil || certificate.String("status") == "ISSUED" {
			return nil
		}
		return world.Fail("UnsupportedCertificate",
			"The certificate '%s' must have a fully-qualified domain name, a supported signature, and a supported key size.", arn)
	}
}

// compatible lists the protocols of the target groups that a listener's protocol can send to.
var compatible = map[string][]string{
	"TCP": {"TCP", "TCP_UDP"}, "UDP": {"UDP", "TCP_UDP"}, "TCP_UDP": {"TCP_UDP"}, "TLS": {"TCP", "TLS"},
	"QUIC": {"QUIC", "TCP_QUIC"}, "TCP_QUIC": {"TCP_QUIC"}, "HTTP": applicationProtocols, "HTTPS": applicationProtocols,
}

// listenerTargets holds target groups to the load balancer's VPC, to a compatible protocol, and to one network load balancer.
func listenerTargets(block string) model.Check {
	return func(c *model.Call) *world.Error {
		protocol, balancer := listenerProtocolOf(c), balancerByARN(c, c.String("load_balancer_arn"))
		if block == "action" {
			parent := listenerOf(c, c.String("listener_arn"))
			protocol, balancer = parent.String("protocol"), balancerByARN(c, parent.String("load_balancer_arn"))
		}
		for _, arn := range forwardTargets(c.Object, block) {
			var group *world.Resource
			for _, typ := range targetGroups {
				if r := c.FindBy(typ, "arn", arn); r != nil {
					group = r
				}
			}
			own := group.String("protocol")
			switch {
			case targetKindOf(group.Object()) == "lambda":
				continue
			case group.String("vpc_id") != balancer.String("vpc_id"):
				return world.Fail("InvalidConfigurationRequest", "The load balancer and the target group must be in the same VPC") // unverified text
			case protocol != "" && !slices.Contains(compatible[protocol], own):
				// unverified text
				return world.Fail("IncompatibleProtocols", "The protocol '%s' of the target group is not compatible with the listener's protocol '%s'",
					own, protocol)
			case kindOf(balancer.Object()) != applicationLB && usedElsewhere(c, arn, balancer.ID):
				return world.Fail("TargetGroupAssociationLimit",
					"The following target groups cannot be associated with more than one load balancer: %s", arn)
			}
		}
		return nil
	}
}

func usedElsewhere(c *model.Call, group, balancer string) bool {
	return slices.ContainsFunc(balancersOf(c, group), func(arn any) bool { return arn != balancer })
}

// responseHeaders are the attributes of HTTP listeners that are empty unless set.
var responseHeaders = []string{
	"routing_http_request_x_amzn_mtls_clientcert_header_name", "routing_http_request_x_amzn_mtls_clientcert_issuer_header_name",
	"routing_http_request_x_amzn_mtls_clientcert_leaf_header_name", "routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name",
	"routing_http_request_x_amzn_mtls_clientcert_subject_header_name", "routing_http_request_x_amzn_mtls_clientcert_validity_header_name",
	"routing_http_request_x_amzn_tls_cipher_suite_header_name", "routing_http_request_x_amzn_tls_version_header_name",
	"routing_http_response_access_control_allow_credentials_header_value", "routing_http_response_access_control_allow_headers_header_value",
	"routing_http_response_access_control_allow_methods_header_value", "routing_http_response_access_control_allow_origin_header_value",
	"routing_http_response_access_control_expose_headers_header_value", "routing_http_response_access_control_max_age_header_value",
	"routing_http_response_content_security_policy_header_value", "routing_http_response_strict_transport_security_header_value",
	"routing_http_response_x_content_type_options_header_value", "routing_http_response_x_frame_options_header_value",
}

func fillListener(c *model.Call) {
	kind, protocol := kindOf(balancerByARN(c, c.String("load_balancer_arn")).Object()), listenerProtocolOf(c)
	c.Set("arn", c.ID)
	c.Set("protocol", protocol)
	policy, idle := "", 0.0
	switch protocol {
	case "TLS", "HTTPS", "QUIC":
		policy = "ELBSecurityPolicy-2016-08"
	case "TCP":
		idle = 350
	}
	c.Set("ssl_policy", policy)
	c.Set("tcp_idle_timeout_seconds", idle)
	c.SetEach("", responseHeaders...)
	c.Set("routing_http_response_server_enabled", kind == applicationLB)
	c.Set("mutual_authentication", []any{})
	if protocol == "HTTPS" {
		c.Force("mutual_authentication", orElse(c.At("mutual_authentication"), []any{world.Object{
			"mode": "off", "trust_store_arn": "", "ignore_client_certificate_expiry": false, "advertise_trust_store_ca_names": "",
		}}))
	}
	c.SetIn("mutual_authentication", "advertise_trust_store_ca_names", "")
	fillActions(c, "default_action")
}

// orElse is a list, or another where it is empty.
func orElse(value any, other []any) any {
	if list, ok := value.([]any); ok && len(list) > 0 {
		return list
	}
	return other
}

// fillActions settles what actions leave out.
func fillActions(c *model.Call, block string) {
	for i, action := range c.Blocks(block) {
		if model.IsUnknown(action["order"]) {
			action["order"] = float64(i + 1)
		}
		for _, name := range []string{"target_group_arn"} {
			if model.IsUnknown(action[name]) {
				action[name] = ""
			}
		}
	}
	for _, login := range []string{"authenticate_cognito", "authenticate_oidc"} {
		c.SetIn(block+"."+login, "on_unauthenticated_request", "authenticate")
		c.SetIn(block+"."+login, "scope", "openid")
		c.SetIn(block+"."+login, "session_cookie_name", "AWSELBAuthSessionCookie")
		c.SetIn(block+"."+login, "session_timeout", 604800.0)
	}
	c.SetIn(block+".fixed_response", "status_code", "200")
}

// planRedirects keeps what a redirection does not name, as the provider does (measured).
func planRedirects(c *model.Call, block string) {
	for _, redirect := range c.Blocks(block + ".redirect") {
		for attribute, whole := range map[string]string{"host": "#{host}", "path": "/#{path}", "port": "#{port}", "protocol": "#{protocol}",
			"query": "#{query}"} {
			if redirect[attribute] == nil {
				redirect[attribute] = whole
			}
		}
	}
}

func listenerCertificate() *model.Type {
	return &model.Type{
		Name: "aws_lb_listener_certificate", API: api, Noun: "ELBv2 Listener Certificate",
		CreateCall: "AddListenerCertificates", UpdateCall: "AddListenerCertificates", DeleteCall: "RemoveListenerCertificates",
		Identify: func(c *model.Call) string { return c.String("listener_arn") + "_" + c.String("certificate_arn") },
		References: []model.Reference{
			{Path: "listener_arn", To: listeners, By: "arn", Inside: true, Missing: listenerMissing},
			certificateReference("certificate_arn"),
		},
		Checks:  []model.Check{certificateUsable("certificate_arn")},
		Replace: model.ReplacedBy("listener_arn", "certificate_arn"),
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-52964454", Service: "elasticloadbalancing", Name: "Certificates per Network Load Balancer", Default: 25},
			Per: func(_ *model.Call, attributes world.Object) string {
				arn, _ := attributes["listener_arn"].(string)
				return arn
			},
			Exceeded: func() *world.Error {
				return world.Fail("TooManyCertificates", "The maximum number of certificates has been reached") // unverified text
			},
		}},
		Latency: model.Instant("estimate"),
	}
}

func listenerMissing(string) *world.Error {
	return world.Fail("ListenerNotFound", "One or more listeners not found")
}
