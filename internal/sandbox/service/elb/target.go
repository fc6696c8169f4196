package elb

import (
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func targetGroup() *model.Type {
	return &model.Type{
		Name: "aws_lb_target_group", API: api, Noun: "ELBv2 Target Group",
		CreateCall: "CreateTargetGroup", UpdateCall: "ModifyTargetGroup", DeleteCall: "DeleteTargetGroup",
		Identify: func(c *model.Call) string {
			return c.ARN("elasticloadbalancing", "targetgroup/"+balancingNameOf(c, "tf-")+"/"+c.Hex(16))
		},
		References: []model.Reference{{Path: "vpc_id", To: []string{"aws_vpc"}, Weak: true,
			Missing: model.Missing("ValidationError", "The VPC ID '%s' is not found")}},
		Unique: []model.Unique{{Attribute: "name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("DuplicateTargetGroupName", "A target group with the same name '%s' exists, but with different settings", name)
		}}},
		Checks: []model.Check{
			func(c *model.Call) *world.Error { return balancingName("Target group", balancingNameOf(c, "tf-")) },
			targetGroupKind, targetGroupHealth, targetGroupDelay,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-B22855CB", Service: "elasticloadbalancing", Name: "Target Groups per Region", Default: 3000},
			Exceeded: func() *world.Error {
				return world.Fail("TooManyTargetGroups", "The maximum number of target groups has been reached") // unverified text
			},
		}},
		Plan:    planTargetGroup,
		Replace: model.ReplacedBy("name", "name_prefix", "port", "protocol", "target_type", "vpc_id", "ip_address_type"),
		Fill:    fillTargetGroup,
		Refresh: func(c *model.Call) { c.Force("load_balancer_arns", balancersOf(c, c.ID)) },
		InUse: func(c *model.Call, by *world.Resource) *world.Error {
			if !strings.Contains(by.Type, "listener") {
				return nil
			}
			return world.Fail("ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", c.ID)
		},
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 120),
			Source: "logs of real deployments; deletion is retried while a listener goes"},
	}
}

// targetKindOf is the kind of targets, instance if the group does not say.
func targetKindOf(attributes world.Object) string {
	if kind, _ := attributes["target_type"].(string); kind != "" {
		return kind
	}
	return "instance"
}

// targetGroupKind holds target groups to the arguments that their kind of targets needs.
func targetGroupKind(c *model.Call) *world.Error {
	kind, protocol := targetKindOf(c.Object), c.String("protocol")
	if !slices.Contains([]string{"instance", "ip", "lambda", "alb"}, kind) {
		return model.Unsatisfied("ValidationError", kind, "targetType", "Member must satisfy enum value set: [instance, ip, lambda, alb]")
	}
	port, hasPort := c.Number("port")
	switch {
	case kind == "lambda":
		return nil
	case protocol == "":
		return world.Fail("ValidationError", "A protocol must be specified")
	case !hasPort:
		return world.Fail("ValidationError", "A port must be specified")
	case model.IsUnset(c.Object["vpc_id"]):
		return world.Fail("ValidationError", "A VPC ID must be specified")
	case !slices.Contains([]string{"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"}, protocol):
		return world.Fail("ValidationError", "Protocol '%s' must be one of 'HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, GENEVE, QUIC, TCP_QUIC'",
			protocol)
	case port < 1 || port > 65535:
		// unverified text
		return world.Fail("ValidationError", "Port '%s' is not valid. It must be between 1 and 65535", model.FormatNumber(port))
	case kind == "alb" && protocol != "TCP":
		return world.Fail("InvalidConfigurationRequest", "The target type 'alb' requires the protocol 'TCP'") // unverified text
	}
	return nil
}

// targetGroupHealth holds health checks to their ranges.
func targetGroupHealth(c *model.Call) *world.Error {
	for _, rule := range []struct {
		attribute, member string
		least, most       float64
	}{
		{"interval", "healthCheckIntervalSeconds", 5, 300}, {"timeout", "healthCheckTimeoutSeconds", 2, 120},
		{"healthy_threshold", "healthyThresholdCount", 2, 10}, {"unhealthy_threshold", "unhealthyThresholdCount", 2, 10},
	} {
		if err := model.Between("ValidationError", "health_check."+rule.attribute, rule.member, rule.least, rule.most)(c); err != nil {
			return err
		}
	}
	interval, timeout := healthInterval(c), healthTimeout(c)
	path, port := c.String("health_check.path"), c.String("health_check.port")
	switch protocol := healthProtocol(c); {
	case timeout >= interval:
		return world.Fail("ValidationError", "Health check interval must be greater than the timeout.")
	case applicationGroup(c) && protocol != "HTTP" && protocol != "HTTPS" || !slices.Contains([]string{"HTTP", "HTTPS", "TCP"}, protocol):
		// unverified text
		return world.Fail("ValidationError", "Health check protocol '%s' is not supported for target groups with the protocol '%s'", protocol,
			c.String("protocol"))
	case protocol == "TCP" && path != "":
		// unverified text
		return world.Fail("InvalidConfigurationRequest", "You cannot specify a health check path for target groups with TCP health checks")
	case path != "" && (!strings.HasPrefix(path, "/") || len(path) > 1024):
		// unverified text
		return world.Fail("ValidationError", "Health check path '%s' must begin with a '/' character, and can contain up to 1024 characters",
			path)
	case port != "" && port != "traffic-port" && !validPort(port):
		return world.Fail("ValidationError", "Health check port '%s' must be 'traffic-port' or in the range 1 to 65535", port) // unverified text
	}
	return nil
}

func validPort(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 1 && n <= 65535
}

func targetGroupDelay(c *model.Call) *world.Error {
	text := c.String("deregistration_delay")
	if seconds, err := strconv.Atoi(text); text != "" && (err != nil || seconds < 0 || seconds > 3600) {
		return world.Fail("ValidationError", "'deregistration_delay.timeout_seconds' value '%s' must be between '0-3600' inclusive", text)
	}
	return nil
}

// applicationGroup reports whether a group's protocol is that of application load balancers.
func applicationGroup(c *model.Call) bool { return strings.HasPrefix(c.String("protocol"), "HTTP") }

// healthProtocol is the protocol of health checks: the argument, or the default of the group's kind (the provider's default is HTTP).
func healthProtocol(c *model.Call) string {
	if protocol := c.String("health_check.protocol"); protocol != "" {
		return protocol
	}
	if applicationGroup(c) || targetKindOf(c.Object) == "lambda" || targetKindOf(c.Object) == "alb" || len(c.Blocks("health_check")) > 0 {
		return "HTTP"
	}
	return "TCP"
}

func healthInterval(c *model.Call) float64 {
	if n, ok := c.Number("health_check.interval"); ok {
		return n
	}
	if targetKindOf(c.Object) == "lambda" {
		return 35
	}
	return 30
}

// healthTimeout is the timeout of health checks: 5 seconds for application load balancers, 6 for HTTP and 10 for TCP behind network ones.
func healthTimeout(c *model.Call) float64 {
	if n, ok := c.Number("health_check.timeout"); ok {
		return n
	}
	switch {
	case applicationGroup(c):
		return 5
	case healthProtocol(c) == "TCP":
		return 10
	case targetKindOf(c.Object) == "lambda":
		return 30
	}
	return 6
}

// planTargetGroup gives the provider's defaults (measured).
func planTargetGroup(c *model.Call) {
	for name, value := range map[string]any{
		"deregistration_delay": "300", "lambda_multi_value_headers_enabled": false, "proxy_protocol_v2": false, "slow_start": 0.0,
		"target_type": "instance",
	} {
		c.Default(name, value)
	}
	for _, check := range c.Blocks("health_check") {
		for name, value := range map[string]any{
			"enabled": true, "healthy_threshold": 3.0, "interval": 30.0, "port": "traffic-port", "protocol": "HTTP", "unhealthy_threshold": 3.0,
		} {
			if check[name] == nil {
				check[name] = value
			}
		}
	}
	c.DefaultBlocks("health_check", "stickiness", "target_failover", "target_group_health", "target_health_state")
}

func fillTargetGroup(c *model.Call) {
	kind, protocol := targetKindOf(c.Object), c.String("protocol")
	application := applicationGroup(c)
	c.Set("name_prefix", "")
	c.Set("arn", c.ID)
	c.Set("arn_suffix", c.ID[strings.Index(c.ID, "targetgroup/"):])
	c.Set("ip_address_type", "ipv4")
	c.Set("load_balancer_arns", []any{})
	c.Set("connection_termination", false)
	c.Set("load_balancing_cross_zone_enabled", "use_load_balancer_configuration")
	version, algorithm, anomaly, client := "", "", "", "false"
	switch {
	case application:
		version, algorithm, anomaly, client = "HTTP1", "round_robin", "off", ""
	case kind == "instance" || strings.Contains(protocol, "UDP"):
		client = "true"
	case kind == "lambda":
		client = ""
	}
	c.Set("protocol_version", version)
	c.Set("load_balancing_algorithm_type", algorithm)
	c.Set("load_balancing_anomaly_mitigation", anomaly)
	c.Set("preserve_client_ip", client)
	fillHealth(c, application)
	sticky := world.Object{"enabled": false, "type": "source_ip", "cookie_duration": 0.0, "cookie_name": ""}
	if application {
		sticky["type"], sticky["cookie_duration"] = "lb_cookie", 86400.0
	}
	c.Set("stickiness", []any{sticky})
	c.Set("target_failover", []any{world.Object{"on_deregistration": "", "on_unhealthy": ""}})
	c.Set("target_group_health", []any{world.Object{
		"dns_failover":            []any{world.Object{"minimum_healthy_targets_count": "1", "minimum_healthy_targets_percentage": "off"}},
		"unhealthy_state_routing": []any{world.Object{"minimum_healthy_targets_count": 1.0, "minimum_healthy_targets_percentage": "off"}},
	}})
	if protocol == "TCP" || protocol == "TLS" {
		c.Set("target_health_state", []any{world.Object{"enable_unhealthy_connection_termination": true, "unhealthy_draining_interval": 0.0}})
	}
}

func fillHealth(c *model.Call, application bool) {
	protocol, path, matcher := healthProtocol(c), "", ""
	if protocol != "TCP" {
		path, matcher = "/", "200-399"
		if application || targetKindOf(c.Object) == "lambda" {
			matcher = "200"
		}
	}
	healthy, unhealthy := 5.0, 2.0
	c.Set("health_check", []any{world.Object{
		"enabled": targetKindOf(c.Object) != "lambda", "healthy_threshold": healthy, "unhealthy_threshold": unhealthy,
		"interval": healthInterval(c),
		"matcher":  matcher, "path": path, "port": "traffic-port", "protocol": protocol, "timeout": healthTimeout(c),
	}})
	c.SetIn("health_check", "matcher", matcher)
	c.SetIn("health_check", "path", path)
	c.SetIn("health_check", "timeout", healthTimeout(c))
}

// balancersOf lists the load balancers that send to a target group, by their listeners and rules.
func balancersOf(c *model.Call, group string) []any {
	arns := []any{}
	for _, r := range c.World.List(func(r *world.Resource) bool { return r.Account == c.Account && forwardsTo(r, group) }) {
		balancer := r.String("load_balancer_arn")
		if balancer == "" {
			if l := listenerOf(c, r.String("listener_arn")); l != nil {
				balancer = l.String("load_balancer_arn")
			}
		}
		if !slices.Contains(arns, any(balancer)) {
			arns = append(arns, balancer)
		}
	}
	return arns
}

// forwardsTo reports whether a listener or a rule sends to a target group.
func forwardsTo(r *world.Resource, group string) bool {
	block := "default_action"
	switch {
	case strings.HasSuffix(r.Type, "lb_listener_rule"):
		block = "action"
	case !strings.HasSuffix(r.Type, "lb_listener"):
		return false
	}
	return slices.Contains(forwardTargets(r.Attributes, block), group)
}

// forwardTargets are the target groups that actions name; an empty name is none.
func forwardTargets(attributes world.Object, block string) []string {
	named := append(model.Strings(attributes, block+".target_group_arn"), model.Strings(attributes, block+".forward.target_group.arn")...)
	return slices.DeleteFunc(named, func(arn string) bool { return arn == "" })
}

func targetGroupAttachment() *model.Type {
	return &model.Type{
		Name: "aws_lb_target_group_attachment", API: api, Noun: "ELBv2 Target Group Attachment",
		CreateCall: "RegisterTargets", UpdateCall: "RegisterTargets", DeleteCall: "DeregisterTargets",
		Identify: func(c *model.Call) string {
			return c.String("target_group_arn") + "-" + c.World.Now().Format("20060102150405") + model.Decimal(c.Hex(10))
		},
		Same:       []string{"target_group_arn", "target_id", "port", "availability_zone"}, // registering again changes nothing
		References: []model.Reference{{Path: "target_group_arn", To: targetGroups, By: "arn", Inside: true, Missing: targetGroupMissing}},
		Checks:     []model.Check{targetExists},
		Replace:    model.ReplacedBy("target_group_arn", "target_id", "port", "availability_zone"),
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 300),
			Source: "logs of real deployments; AWS drains targets for five minutes by default"},
	}
}

func targetGroupMissing(string) *world.Error {
	return world.Fail("TargetGroupNotFound", "One or more target groups not found")
}

// targetExists holds instances to the group's VPC.
func targetExists(c *model.Call) *world.Error {
	var group *world.Resource
	for _, typ := range targetGroups {
		if r := c.FindBy(typ, "arn", c.String("target_group_arn")); r != nil {
			group = r
		}
	}
	target := c.String("target_id")
	if targetKindOf(group.Object()) != "instance" {
		return nil
	}
	instance := c.Find("aws_instance", target)
	if instance == nil {
		return world.Fail("InvalidTarget", "The following targets are not in a running state and cannot be registered: '%s'", target)
	}
	if c.VPCOf(instance.String("subnet_id")) != group.String("vpc_id") {
		// unverified text
		return world.Fail("InvalidTarget", "The following targets are not in the target group VPC '%s': '%s'", group.String("vpc_id"), target)
	}
	return nil
}
