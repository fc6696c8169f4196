package helm

import (
	"fmt"

	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/service/secretsmanager"
)

// pods are those of a cluster as AWS sees them: AWS Secrets Manager with the roles of EKS Pod Identity, and the registries of images.
type pods struct{ cluster }

// Fetch is what GetSecretValue answers to a pod. Texts of what is not reached are unverified.
func (p pods) Fetch(namespace, serviceAccount, id string) *kubernetes.SecretError {
	if role := secretsmanager.PodRole(p.call, p.name(), namespace, serviceAccount); role != nil {
		arn := p.resource.String("arn")
		if barrier := eks.Blocked(p.call, p.resource, "", "eks-auth", "eks-auth:AssumeRoleForPodIdentity", arn); barrier != nil {
			return &kubernetes.SecretError{
				Message: fmt.Sprintf("failed to refresh cached credentials, failed to load credentials: AssumeRoleForPodIdentity at "+
					"eks-auth.%s.api.aws: context deadline exceeded", p.call.Region),
				Todo: "The Pod Identity agent gets no credentials for pods: " + barrier.Why + ". Give the VPC a way to eks-auth.",
			}
		}
		const action = "secretsmanager:GetSecretValue"
		barrier := eks.Blocked(p.call, p.resource, role.String("arn"), "secretsmanager", action, secretsmanager.ARN(p.call, id))
		switch {
		case barrier == nil:
		case barrier.Refused:
			return &kubernetes.SecretError{
				Message: fmt.Sprintf("AccessDeniedException: User: %s is not authorized to perform: %s on resource: %s because no VPC endpoint "+
					"policy allows the %s action", role.String("arn"), action, id, action),
				Todo: "Allow it in the policy of the endpoint for secretsmanager.",
			}
		default:
			return &kubernetes.SecretError{
				Message: "operation error Secrets Manager: GetSecretValue, exceeded maximum number of attempts: dial tcp: i/o timeout",
				Todo:    "Pods do not reach AWS Secrets Manager: " + barrier.Why + ". Give the VPC a way to secretsmanager.",
			}
		}
	}
	answer, empty := secretsmanager.PodSecret(p.call, p.name(), namespace, serviceAccount, id)
	if answer == nil {
		return nil
	}
	return &kubernetes.SecretError{Message: answer.Error(), NoValue: empty, Todo: answer.Timing}
}

// Pull is what keeps nodes of the cluster from an image.
func (p pods) Pull(image string) *kubernetes.ImageError {
	message, why := eks.Pull(p.call, p.resource, image)
	if message == "" {
		return nil
	}
	return &kubernetes.ImageError{Message: message, Why: why,
		Todo: "Copy the image into a repository in ECR of " + p.call.Region + " and name that, or give the nodes what they lack."}
}
