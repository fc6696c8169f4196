package helm

import (
	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/service/secretsmanager"
)

// pods are those of a cluster as AWS Secrets Manager sees them: with the roles of EKS Pod Identity.
type pods struct{ cluster }

// Fetch is what GetSecretValue answers to a pod.
func (p pods) Fetch(namespace, serviceAccount, id string) *kubernetes.SecretError {
	answer, empty := secretsmanager.PodSecret(p.call, p.name(), namespace, serviceAccount, id)
	if answer == nil {
		return nil
	}
	return &kubernetes.SecretError{Message: answer.Error(), NoValue: empty, Todo: answer.Timing}
}
