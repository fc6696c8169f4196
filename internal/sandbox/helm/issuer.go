package helm

import (
	"net"
	"strings"

	"coderaws/internal/coderd"
	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/service/eks"

	core "k8s.io/api/core/v1"
)

// Start is what makes coderd exit as it starts in this cluster: nobody answers whom it asks then. Of other programs nothing is known.
func (p pods) Start(c *core.Container) *kubernetes.StartError {
	e, is := ofCoder(*c)
	if !is || e.Program != coderd.Server {
		return nil
	}
	for _, asked := range coderd.Asks(e) {
		host := asked.Host()
		if !asked.AtStart || ofCluster(host) {
			continue
		}
		silence := eks.Unanswered(p.call, p.resource, host)
		if silence == nil {
			continue
		}
		return &kubernetes.StartError{
			Message: asked.Unanswered(silence.Fault),
			Why:     "coderd asks the issuer of OpenID Connect as it starts, and exits if nobody answers: " + silence.Why + ".",
			Todo: "Connect the network that " + host + " is in, by a route to a transit gateway or a peering and a name that leads there, or take " +
				asked.Setting + " out until it is connected.",
		}
	}
	return nil
}

// ofCluster reports whether a name is one that Kubernetes answers for, of a Service.
func ofCluster(host string) bool {
	return strings.HasSuffix(host, ".svc") || strings.HasSuffix(host, ".svc.cluster.local") ||
		!strings.Contains(host, ".") && net.ParseIP(host) == nil
}
