// Package account asks the real AWS account questions over the AWS SDK, before Terraform does. The command line imports it; of this
// module it imports diagnostic alone. It changes nothing.
package account

import (
	"context"
	"errors"
	"time"

	"coderaws/internal/diagnostic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// Identity is who the credentials belong to.
type Identity struct {
	// Account is the twelve-digit account id.
	Account string
	// ARN is the user or role.
	ARN string
}

// identifyTimeout bounds the whole question; without a network, or without an instance role to ask for, the SDK would try for longer.
const identifyTimeout = 20 * time.Second

// Identify finds out whose credentials the AWS SDK finds in the usual places (environment, profiles, SSO, instance role), and that they
// work in the region. Its errors are diagnostics.
func Identify(ctx context.Context, region string) (Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, identifyTimeout)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return Identity{}, failure(err)
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		d := diagnostic.Errorf("there are no AWS credentials that work")
		d.Code, d.Why = "aws.no_credentials", err.Error()
		d.Todo = "sign in as you do for the aws command (`aws sso login`, AWS_PROFILE, or keys in the environment), and " +
			"try `aws sts get-caller-identity`"
		return Identity{}, d
	}
	answer, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Identity{}, failure(err)
	}
	return Identity{aws.ToString(answer.Account), aws.ToString(answer.Arn)}, nil
}

func failure(err error) error {
	d := diagnostic.Errorf("AWS cannot be asked whose credentials these are")
	d.Code, d.Why = "aws.unreachable", err.Error()
	d.Todo = "try `aws sts get-caller-identity` with the same profile and region"
	var answer smithy.APIError
	if errors.As(err, &answer) {
		d.Summary, d.Code = "AWS does not accept these credentials", answer.ErrorCode()
		d.Todo = "sign in again, or choose another profile with AWS_PROFILE"
	}
	return d
}
