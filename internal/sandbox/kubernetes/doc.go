// Package kubernetes is the API of Kubernetes as far as a rehearsal needs it: it reads manifests as strictly as the API server does, holds
// them to its rules, resolves what they refer to, and places pods on nodes as the scheduler and the cluster autoscaler would, with the
// words that each of them uses. Nothing runs here, and nothing is random: what a cluster is given decides what it answers.
//
// It knows neither Terraform nor Helm nor AWS's API; whoever imports it (the Helm provider of the embedded AWS) says which nodes there are
// and what a secret of AWS Secrets Manager answers. It imports nothing of this module but the package that knows schedules.
package kubernetes
