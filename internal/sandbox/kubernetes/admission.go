package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	scheduling "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
	podresource "k8s.io/component-helpers/resource"
)

// outcome is what becomes of the pods of a workload before they are scheduled.
type outcome struct {
	// pod is a pod with the defaults of its namespace and its priority filled in; created are how many of them there are.
	pod     *core.Pod
	created int
	problem *Problem
}

// admission says which pods of the cluster are created: those that exist first, and then the new ones in their order,
// as far as quotas allow.
func (v *view) admission(objects []Object) map[Key]outcome {
	outcomes := map[Key]outcome{}
	used := map[string]core.ResourceList{} // by "namespace/quota"
	var order []Object
	existing := slices.Collect(maps.Keys(v.Objects))
	slices.SortFunc(existing, compareKeys)
	for _, key := range existing {
		if _, replaced := v.new[key]; !replaced {
			order = append(order, v.Objects[key])
		}
	}
	for _, o := range append(order, objects...) {
		w, ok := workloadOf(o)
		if !ok || o.Namespace == "" {
			continue
		}
		outcomes[o.Key()] = v.admit(w, used)
	}
	return outcomes
}

// admit lets the pods of one workload through the admission controllers of the API server.
func (v *view) admit(w workload, used map[string]core.ResourceList) outcome {
	o := w.object
	forbid := func(code Code, at *field.Path, why, todo, format string, args ...any) *Problem {
		name := o.Name
		if o.Kind != "Pod" {
			name += "-" // what the controller appends is not known
		}
		p := o.problem(Pending, code, fmt.Sprintf("pods %q is forbidden: %s", name, fmt.Sprintf(format, args...)))
		if at != nil {
			p.Field = at.String()
		}
		if p.Why, p.Todo, p.Pods = why, todo, w.replicas; o.Kind == "Pod" {
			p.Stage = Refused
		}
		if w.cron {
			p.Stage = Finding
		}
		return &p
	}
	pod := &core.Pod{ObjectMeta: *w.pod.ObjectMeta.DeepCopy(), Spec: *w.pod.Spec.DeepCopy()}
	pod.Namespace, pod.Name = o.Namespace, w.podName()

	if account := w.serviceAccount(); !v.exists(Key{Kind: "ServiceAccount", Namespace: o.Namespace, Name: account}) {
		return outcome{pod: pod, problem: forbid(NotFound, w.field.Child("serviceAccountName"), "",
			"Make the service account, or write the name of one that exists.",
			"error looking up service account %s/%s: serviceaccount %q not found", o.Namespace, account, account)}
	}
	if !v.prioritize(pod) {
		return outcome{pod: pod, problem: forbid(NotFound, w.field.Child("priorityClassName"), "",
			"Make the priority class first, or leave the name out.",
			"no PriorityClass with name %s was found", pod.Spec.PriorityClassName)}
	}
	ranges := v.limits(o.Namespace)
	for _, l := range ranges {
		applyDefaults(&pod.Spec, l)
	}
	defaultRequests(&pod.Spec)
	for _, l := range ranges {
		if words := exceedsRange(&pod.Spec, l); words != "" {
			return outcome{pod: pod, problem: forbid(NotCreated, w.field.Child("containers"),
				"LimitRange "+l.Namespace+"/"+l.Name+" says so.", "", "%s", words)}
		}
	}
	if level, words := v.podSecurity(o.Namespace, pod); words != "" {
		return outcome{pod: pod, problem: forbid(NotCreated, w.field,
			"Namespace "+o.Namespace+" has the label pod-security.kubernetes.io/enforce: "+level+".",
			"Change the pod's security context, or the label of the namespace.", "%s", words)}
	}
	return v.count(w, pod, used, forbid)
}

// prioritize gives a pod the number of its priority class; false if there is no such class.
func (v *view) prioritize(pod *core.Pod) bool {
	value := int32(0)
	switch name := pod.Spec.PriorityClassName; name {
	case "":
		v.all(func(o Object) {
			if t, ok := o.Typed.(*scheduling.PriorityClass); ok && t.GlobalDefault {
				value = t.Value
			}
		})
	case "system-cluster-critical":
		value = 2000000000
	case "system-node-critical":
		value = 2000001000
	default:
		o, found := v.find(Key{Group: scheduling.GroupName, Kind: "PriorityClass", Name: name})
		t, ok := o.Typed.(*scheduling.PriorityClass)
		if !found || !ok {
			return false
		}
		value = t.Value
	}
	pod.Spec.Priority = &value
	return true
}

// applyDefaults gives containers the requests and limits of a LimitRange where they have none.
func applyDefaults(p *core.PodSpec, l *core.LimitRange) {
	for _, item := range l.Spec.Limits {
		if item.Type != core.LimitTypeContainer {
			continue
		}
		containers(p, nil, func(c *core.Container, _ *field.Path, _ bool) {
			fill := func(list *core.ResourceList, defaults core.ResourceList) {
				for name, quantity := range defaults {
					if _, given := (*list)[name]; !given {
						if *list == nil {
							*list = core.ResourceList{}
						}
						(*list)[name] = quantity
					}
				}
			}
			// A container's own limit is its request too, before the default of requests.
			for name, quantity := range c.Resources.Limits {
				fill(&c.Resources.Requests, core.ResourceList{name: quantity})
			}
			fill(&c.Resources.Limits, item.Default)
			fill(&c.Resources.Requests, item.DefaultRequest)
		})
	}
}

// defaultRequests makes a limit the request, where there is no other.
func defaultRequests(p *core.PodSpec) {
	containers(p, nil, func(c *core.Container, _ *field.Path, _ bool) {
		for name, quantity := range c.Resources.Limits {
			if _, given := c.Resources.Requests[name]; !given {
				if c.Resources.Requests == nil {
					c.Resources.Requests = core.ResourceList{}
				}
				c.Resources.Requests[name] = quantity
			}
		}
	})
}

// exceedsRange says how a pod's containers break a LimitRange; empty if they do not.
func exceedsRange(p *core.PodSpec, l *core.LimitRange) string {
	var words []string
	for _, item := range l.Spec.Limits {
		if item.Type != core.LimitTypeContainer {
			continue
		}
		containers(p, nil, func(c *core.Container, _ *field.Path, _ bool) {
			for _, name := range slices.Sorted(maps.Keys(item.Max)) {
				most := item.Max[name]
				limit, given := c.Resources.Limits[name]
				switch {
				case !given:
					words = append(words, fmt.Sprintf("maximum %s usage per Container is %s.  No limit is specified", name, most.String()))
				case limit.Cmp(most) > 0:
					words = append(words, fmt.Sprintf("maximum %s usage per Container is %s, but limit is %s", name, most.String(), limit.String()))
				}
			}
			for _, name := range slices.Sorted(maps.Keys(item.Min)) {
				least := item.Min[name]
				request, given := c.Resources.Requests[name]
				switch {
				case !given:
					words = append(words, fmt.Sprintf("minimum %s usage per Container is %s.  No request is specified", name, least.String()))
				case request.Cmp(least) < 0:
					words = append(words, fmt.Sprintf("minimum %s usage per Container is %s, but request is %s", name, least.String(), request.String()))
				}
			}
		})
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// usage is what a pod takes of quotas.
func usage(pod *core.Pod) core.ResourceList {
	requests := podresource.PodRequests(pod, podresource.PodResourcesOptions{})
	limits := podresource.PodLimits(pod, podresource.PodResourcesOptions{})
	taken := core.ResourceList{core.ResourcePods: resource.MustParse("1"), "count/pods": resource.MustParse("1")}
	for name, quantity := range requests {
		taken["requests."+name] = quantity
		if !extended(name) {
			taken[name] = quantity
		}
	}
	for name, quantity := range limits {
		taken["limits."+name] = quantity
	}
	return taken
}

// count takes pods off the quotas of their namespace, one by one, until one of them is used up.
func (v *view) count(w workload, pod *core.Pod, used map[string]core.ResourceList,
	forbid func(Code, *field.Path, string, string, string, ...any) *Problem) outcome {
	quotas := v.quotas(w.object.Namespace)
	if len(quotas) == 0 || w.daemon || w.cron {
		return outcome{pod: pod, created: w.replicas}
	}
	taken := usage(pod)
	for created := range w.replicas {
		for _, q := range quotas {
			if len(q.Spec.Scopes) > 0 || q.Spec.ScopeSelector != nil {
				continue // counts some pods alone
			}
			if words := exceedsQuota(q, pod, taken, used[q.Namespace+"/"+q.Name]); words != "" {
				p := forbid(QuotaExceeded, nil, fmt.Sprintf("%d of %d pods are created.", created, w.replicas),
					"Raise the quota of namespace "+q.Namespace+", or ask for less.", "%s", words)
				p.Pods = w.replicas - created
				return outcome{pod: pod, created: created, problem: p}
			}
		}
		for _, q := range quotas {
			id := q.Namespace + "/" + q.Name
			if used[id] == nil {
				used[id] = core.ResourceList{}
			}
			for name, quantity := range taken {
				sum := used[id][name]
				sum.Add(quantity)
				used[id][name] = sum
			}
		}
	}
	return outcome{pod: pod, created: w.replicas}
}

// exceedsQuota says how one more pod breaks a quota; empty if it does not.
func exceedsQuota(q *core.ResourceQuota, pod *core.Pod, taken, used core.ResourceList) string {
	var unnamed, requested, usedUp, limited []string
	for _, name := range slices.Sorted(maps.Keys(q.Spec.Hard)) {
		hard := q.Spec.Hard[name]
		plain := core.ResourceName(strings.TrimPrefix(strings.TrimPrefix(string(name), "requests."), "limits."))
		if plain == core.ResourceCPU || plain == core.ResourceMemory {
			if missing := without(&pod.Spec, plain, strings.HasPrefix(string(name), "limits.")); len(missing) > 0 {
				unnamed = append(unnamed, fmt.Sprintf("%s for: %s", name, strings.Join(missing, ",")))
			}
		}
		quantity, counts := taken[name]
		if !counts {
			continue
		}
		sum, before := quantity.DeepCopy(), used[name]
		if sum.Add(before); sum.Cmp(hard) > 0 {
			requested = append(requested, fmt.Sprintf("%s=%s", name, quantity.String()))
			usedUp = append(usedUp, fmt.Sprintf("%s=%s", name, before.String()))
			limited = append(limited, fmt.Sprintf("%s=%s", name, hard.String()))
		}
	}
	switch {
	case len(unnamed) > 0:
		return fmt.Sprintf("failed quota: %s: must specify %s", q.Name, strings.Join(unnamed, "; "))
	case len(requested) > 0:
		return fmt.Sprintf("exceeded quota: %s, requested: %s, used: %s, limited: %s", q.Name, strings.Join(requested, ","),
			strings.Join(usedUp, ","), strings.Join(limited, ","))
	}
	return ""
}

// without are the containers that do not say how much of a resource they want.
func without(p *core.PodSpec, name core.ResourceName, limit bool) (names []string) {
	containers(p, nil, func(c *core.Container, _ *field.Path, _ bool) {
		list := c.Resources.Requests
		if limit {
			list = c.Resources.Limits
		}
		if _, given := list[name]; !given {
			names = append(names, c.Name)
		}
	})
	return names
}
