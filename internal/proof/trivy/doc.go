// Package trivy holds the plans of all patterns, and all that their charts make in Kubernetes, to the checks of Trivy: what is of high or
// critical severity is mended, or stands in the file of exceptions with the reason why it is right as it is. Nothing imports it.
package trivy
