package statebucket

import (
	"context"
	"errors"

	"coderaws/internal/diagnostic"

	"github.com/aws/smithy-go"
)

// failure explains an error of AWS. action is the IAM action of the call.
func (b *Bucket) failure(action string, err error) error {
	var explained *diagnostic.Diagnostic
	if errors.Is(err, context.Canceled) || errors.As(err, &explained) {
		return err
	}
	d := diagnostic.Errorf("S3 cannot be asked about the bucket %s", b.Name())
	d.Code, d.Why = "aws.unreachable", err.Error()
	d.Todo = "try `aws s3api head-bucket --bucket " + b.Name() + "` with the same profile"
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return d
	}
	d.Code, d.Why = answer.ErrorCode(), answer.ErrorMessage()
	d.Summary = "S3 refuses " + action + " on the bucket " + b.Name()
	d.Todo = "run the same command again; what was begun is completed"
	switch answer.ErrorCode() {
	case "AccessDenied", "AllAccessDisabled", "Forbidden", "UnauthorizedAccess":
		d.Todo = "give these credentials " + action + " on " + b.arn() + "; docs/operations/state.md has the least policy that is needed"
	case "OperationAborted":
		d.Todo = "wait a minute and run the same command again: S3 is still making or deleting a bucket of that name"
	case "InvalidClientTokenId", "InvalidAccessKeyId", "ExpiredToken", "SignatureDoesNotMatch":
		d.Todo = "sign in to AWS again, and run the same command again"
	case "TooManyBuckets":
		d.Todo = "ask for more buckets: aws service-quotas request-service-quota-increase --service-code s3 --quota-code L-DC2B2D3D " +
			"--desired-value N --region us-east-1"
	}
	return d
}

// code is the error code of an answer of AWS; "" if there was none.
func code(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return answer.ErrorCode()
	}
	return ""
}
