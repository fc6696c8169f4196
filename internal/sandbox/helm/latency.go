package helm

import (
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Times is how long a release takes, by the arguments of helm_release: what Helm waits for is mostly that nodes pull images and pods become
// ready.
func Times(release world.Object) model.Latency {
	chart := text(release, "chart")
	name := chart[strings.LastIndex(chart, "/")+1:]
	waits, told := release["wait"].(bool)
	waits = waits || !told || is(release, "atomic")
	switch {
	case !waits:
		return latency(4, 2, 10, 4, "an estimate: Helm sends the objects and waits for no pods")
	case name == "coder":
		return latency(75, 45, 180, 45,
			"an estimate: a node pulls the image of Coder in 20 s, coderd brings its database up to date in 10 s to 60 s, and is ready within 10 "+
				"s; pods start one after the other")
	case name == autoscalerChart:
		return latency(25, 15, 60, 10, "an estimate: a node pulls a small image, and the pod is ready within 10 s")
	case text(release, "repository") == "" && !strings.Contains(chart, "://"):
		return latency(40, 20, 90, 30, "an estimate: objects without pods take a few seconds, and a job of a hook 20 s to 40 s")
	default:
		return latency(45, 20, 180, 15, "an estimate: images are pulled and pods start")
	}
}

// latency builds a Latency from seconds; an update takes as long as a creation.
func latency(typical, shortest, longest, removal float64, source string) model.Latency {
	span := func(typical, shortest, longest float64) model.Span {
		s := func(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }
		return model.Span{Typical: s(typical), Min: s(shortest), Max: s(longest)}
	}
	return model.Latency{
		Create: span(typical, shortest, longest), Update: span(typical, shortest, longest), Delete: span(removal, removal/2, removal*3),
		Source: source,
	}
}
