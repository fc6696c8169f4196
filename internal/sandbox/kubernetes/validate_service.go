package kubernetes

import (
	"fmt"
	"net/netip"
	"strings"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The range of node ports: the default of the API server, which EKS does not let anybody change.
const firstNodePort, lastNodePort = 30000, 32767

func validateService(s *core.Service, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	kinds := []core.ServiceType{core.ServiceTypeClusterIP, core.ServiceTypeExternalName, core.ServiceTypeLoadBalancer,
		core.ServiceTypeNodePort}
	kind := s.Spec.Type
	if kind == "" {
		kind = core.ServiceTypeClusterIP
	}
	switch kind {
	case core.ServiceTypeClusterIP, core.ServiceTypeLoadBalancer, core.ServiceTypeNodePort:
		if len(s.Spec.Ports) == 0 && s.Spec.ClusterIP != core.ClusterIPNone {
			errs = append(errs, field.Required(at.Child("ports"), ""))
		}
	case core.ServiceTypeExternalName:
		if s.Spec.ExternalName == "" {
			errs = append(errs, field.Required(at.Child("externalName"), ""))
		}
	default:
		errs = append(errs, field.NotSupported(at.Child("type"), s.Spec.Type, kinds))
	}
	errs = append(errs, metavalidation.ValidateLabels(s.Spec.Selector, at.Child("selector"))...)
	if p := s.Spec.SessionAffinity; p != "" && p != core.ServiceAffinityNone && p != core.ServiceAffinityClientIP {
		errs = append(errs, field.NotSupported(at.Child("sessionAffinity"), p,
			[]core.ServiceAffinity{core.ServiceAffinityClientIP, core.ServiceAffinityNone}))
	}
	names, pairs := map[string]bool{}, map[string]bool{}
	for i, p := range s.Spec.Ports {
		here := at.Child("ports").Index(i)
		switch {
		case p.Name == "" && len(s.Spec.Ports) > 1:
			errs = append(errs, field.Required(here.Child("name"), ""))
		case p.Name != "":
			if problems := utilvalidation.IsDNS1123Label(p.Name); len(problems) > 0 {
				errs = append(errs, field.Invalid(here.Child("name"), p.Name, strings.Join(problems, ", ")))
			} else if names[p.Name] {
				errs = append(errs, field.Duplicate(here.Child("name"), p.Name))
			}
			names[p.Name] = true
		}
		errs = append(errs, validatePort(p.Port, here.Child("port"))...)
		errs = append(errs, validateProtocol(p.Protocol, here.Child("protocol"))...)
		if pair := fmt.Sprintf("%d/%s", p.Port, protocol(p.Protocol)); pairs[pair] {
			errs = append(errs, field.Duplicate(here, pair))
		} else {
			pairs[pair] = true
		}
		errs = append(errs, validateTargetPort(p.TargetPort, here.Child("targetPort"))...)
		if p.NodePort == 0 {
			continue
		}
		if kind == core.ServiceTypeClusterIP {
			errs = append(errs, field.Forbidden(here.Child("nodePort"), "may not be used when `type` is 'ClusterIP'"))
		} else if p.NodePort < firstNodePort || p.NodePort > lastNodePort {
			errs = append(errs, field.Invalid(here.Child("nodePort"), p.NodePort,
				fmt.Sprintf("provided port is not in the valid range. The range of valid ports is %d-%d", firstNodePort, lastNodePort)))
		}
	}
	return errs
}

func validateTargetPort(p intstr.IntOrString, at *field.Path) field.ErrorList {
	if p.Type == intstr.Int {
		if p.IntVal == 0 { // the port of the service
			return nil
		}
		return validatePort(p.IntVal, at)
	}
	if problems := utilvalidation.IsValidPortName(p.StrVal); p.StrVal != "" && len(problems) > 0 {
		return field.ErrorList{field.Invalid(at, p.StrVal, strings.Join(problems, ", "))}
	}
	return nil
}

func validateNetworkPolicy(n *networking.NetworkPolicy, at *field.Path) field.ErrorList {
	errs := validateSelector(&n.Spec.PodSelector, "", at.Child("podSelector"))
	for i, rule := range n.Spec.Ingress {
		here := at.Child("ingress").Index(i)
		errs = append(errs, validatePolicyPorts(rule.Ports, here.Child("ports"))...)
		errs = append(errs, validatePeers(rule.From, here.Child("from"))...)
	}
	for i, rule := range n.Spec.Egress {
		here := at.Child("egress").Index(i)
		errs = append(errs, validatePolicyPorts(rule.Ports, here.Child("ports"))...)
		errs = append(errs, validatePeers(rule.To, here.Child("to"))...)
	}
	for i, t := range n.Spec.PolicyTypes {
		if t != networking.PolicyTypeIngress && t != networking.PolicyTypeEgress {
			errs = append(errs, field.NotSupported(at.Child("policyTypes").Index(i), t,
				[]networking.PolicyType{networking.PolicyTypeEgress, networking.PolicyTypeIngress}))
		}
	}
	return errs
}

func validatePolicyPorts(ports []networking.NetworkPolicyPort, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, p := range ports {
		here := at.Index(i)
		if p.Protocol != nil {
			errs = append(errs, validateProtocol(*p.Protocol, here.Child("protocol"))...)
		}
		if p.Port != nil {
			errs = append(errs, validateTargetPort(*p.Port, here.Child("port"))...)
		}
		switch {
		case p.EndPort == nil:
		case p.Port == nil:
			errs = append(errs, field.Required(here.Child("port"), "must be specified when `endPort` is specified"))
		case p.Port.Type == intstr.Int && *p.EndPort < p.Port.IntVal:
			errs = append(errs, field.Invalid(here.Child("endPort"), *p.EndPort, "must be greater than or equal to `port`"))
		}
	}
	return errs
}

func validatePeers(peers []networking.NetworkPolicyPeer, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, p := range peers {
		here := at.Index(i)
		switch {
		case p.IPBlock == nil && p.PodSelector == nil && p.NamespaceSelector == nil:
			errs = append(errs, field.Required(here, "must specify a peer"))
		case p.IPBlock != nil && (p.PodSelector != nil || p.NamespaceSelector != nil):
			errs = append(errs, field.Forbidden(here, "may not specify both ipBlock and another peer"))
		case p.IPBlock != nil:
			errs = append(errs, validateBlock(p.IPBlock, here.Child("ipBlock"))...)
		}
		if p.PodSelector != nil {
			errs = append(errs, validateSelector(p.PodSelector, "", here.Child("podSelector"))...)
		}
		if p.NamespaceSelector != nil {
			errs = append(errs, validateSelector(p.NamespaceSelector, "", here.Child("namespaceSelector"))...)
		}
	}
	return errs
}

func validateBlock(b *networking.IPBlock, at *field.Path) field.ErrorList {
	const notCIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
	if b.CIDR == "" {
		return field.ErrorList{field.Required(at.Child("cidr"), "")}
	}
	whole, err := netip.ParsePrefix(b.CIDR)
	if err != nil {
		return field.ErrorList{field.Invalid(at.Child("cidr"), b.CIDR, notCIDR)}
	}
	var errs field.ErrorList
	for i, text := range b.Except {
		here := at.Child("except").Index(i)
		part, err := netip.ParsePrefix(text)
		switch {
		case err != nil:
			errs = append(errs, field.Invalid(here, text, notCIDR))
		case !whole.Contains(part.Addr()) || part.Bits() <= whole.Bits():
			errs = append(errs, field.Invalid(here, text, "must be a strict subset of `cidr`"))
		}
	}
	return errs
}

func validateIngress(g *networking.Ingress, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if len(g.Spec.Rules) == 0 && g.Spec.DefaultBackend == nil {
		errs = append(errs, field.Invalid(at, g.Spec.Rules, "either `defaultBackend` or `rules` must be specified"))
	}
	for i, rule := range g.Spec.Rules {
		here := at.Child("rules").Index(i)
		if rule.Host != "" {
			check := utilvalidation.IsDNS1123Subdomain
			if strings.Contains(rule.Host, "*") {
				check = utilvalidation.IsWildcardDNS1123Subdomain
			}
			if problems := check(rule.Host); len(problems) > 0 {
				errs = append(errs, field.Invalid(here.Child("host"), rule.Host, strings.Join(problems, ", ")))
			}
		}
		if rule.HTTP == nil {
			continue
		}
		for j, p := range rule.HTTP.Paths {
			if p.PathType == nil {
				errs = append(errs, field.Required(here.Child("http", "paths").Index(j).Child("pathType"), "pathType must be specified"))
			}
		}
	}
	return errs
}
