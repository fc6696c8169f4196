package coder

import "context"

// Secrets is where values are kept that nobody else may see; SecretsManager is AWS's.
type Secrets interface {
	// Get returns the value of a secret, and whether it has one. A secret without a value is no error, one that does not exist is.
	Get(ctx context.Context, arn string) (value string, has bool, err error)
	// Put gives a secret its value.
	Put(ctx context.Context, arn, value string) error
}
