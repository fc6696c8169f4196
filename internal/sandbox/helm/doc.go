// Package helm is the Terraform provider hashicorp/helm on the embedded AWS: it speaks the plugin protocol (version 6) and installs the
// releases of helm_release in the clusters of Amazon EKS that exist in the world. Charts are really rendered (package chart), their objects
// held to the rules of Kubernetes and their pods placed on the world's nodes (package kubernetes), and the environment of Coder's
// containers is held to what Coder reads (package coderd). What this package adds is what Helm and its provider do: how values are merged,
// who owns an object, what waits for what, what a failure leaves behind. Releases are made, read, changed and deleted by the verbs of
// package model, so that what is ordered to go wrong (package fault) stands around them as around everything else.
//
// It behaves as version 3.1.1 of the provider, with Helm 3 in it, does; where that surprises, a comment says so. What the real provider
// would find out only from a cluster, minutes later, is told while planning if it can be told from the chart.
//
// Package sandbox starts it. It imports nothing of coderaws outside of sandbox.
package helm
