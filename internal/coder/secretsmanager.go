package coder

import (
	"context"
	"errors"
	"time"

	"coderaws/internal/diagnostic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/smithy-go"
)

// SecretsManager keeps secrets in AWS Secrets Manager.
type SecretsManager struct{ client *secretsmanager.Client }

// secretTimeout bounds one call, with the SDK's own attempts.
const secretTimeout = 30 * time.Second

// OpenSecretsManager prepares to talk to Secrets Manager in a region, with the credentials that the AWS SDK finds in the usual places. It
// asks AWS nothing.
func OpenSecretsManager(ctx context.Context, region string) (*SecretsManager, error) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		d := diagnostic.Errorf("the settings of the AWS SDK cannot be used")
		d.Code, d.Why = "aws.config", err.Error()
		d.Todo = "correct AWS_PROFILE or the files in ~/.aws, and try `aws sts get-caller-identity`"
		return nil, d
	}
	return &SecretsManager{secretsmanager.NewFromConfig(cfg)}, nil
}

// Get reads the current value of a secret. Secrets Manager calls a secret that never got a value not found, just as one
// that does not exist, so that a second question tells these apart.
func (s *SecretsManager) Get(ctx context.Context, arn string) (string, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	answer, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(arn)})
	if err == nil {
		if answer.SecretString == nil {
			return string(answer.SecretBinary), len(answer.SecretBinary) > 0, nil
		}
		return *answer.SecretString, *answer.SecretString != "", nil
	}
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) {
		return "", false, secretFailure("secretsmanager:GetSecretValue", arn, err)
	}
	if _, err := s.client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(arn)}); err != nil {
		return "", false, secretFailure("secretsmanager:DescribeSecret", arn, err)
	}
	return "", false, nil
}

// Put writes a new version of a secret, which becomes the current one.
func (s *SecretsManager) Put(ctx context.Context, arn, value string) error {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	_, err := s.client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: aws.String(arn), SecretString: aws.String(value)})
	if err != nil {
		return secretFailure("secretsmanager:PutSecretValue", arn, err)
	}
	return nil
}

// secretFailure explains an error of AWS. action is the IAM action of the call.
func secretFailure(action, arn string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	d := diagnostic.Errorf("Secrets Manager cannot be asked about %s", arn)
	d.Code, d.Why = "aws.unreachable", err.Error()
	d.Todo = "try `aws secretsmanager describe-secret --secret-id " + arn + "` with the same profile"
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return d
	}
	d.Summary = "Secrets Manager refuses " + action + " on " + arn
	d.Code, d.Why = answer.ErrorCode(), answer.ErrorMessage()
	d.Todo = "run the same command again; what was begun is completed"
	switch answer.ErrorCode() {
	case "AccessDeniedException", "AccessDenied":
		d.Todo = "give these credentials " + action + " on it; with a key of your own for the secret also kms:Decrypt and kms:GenerateDataKey"
	case "ResourceNotFoundException":
		d.Todo = "see whether it is in this account and region: aws secretsmanager list-secrets; an ARN ends in six random characters"
	case "InvalidRequestException":
		d.Todo = "a secret that is scheduled for deletion has no value: aws secretsmanager restore-secret --secret-id " + arn
	case "DecryptionFailure", "EncryptionFailure":
		d.Todo = "give these credentials kms:Decrypt and kms:GenerateDataKey on the key of the secret"
	}
	return d
}
