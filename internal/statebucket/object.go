package statebucket

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Object is what is kept under a key of the bucket.
type Object struct {
	bucket *Bucket
	key    string
}

// Object is that of a key, whether it exists or not.
func (b *Bucket) Object(key string) *Object { return &Object{b, key} }

// Load returns its content; nothing if it does not exist.
func (o *Object) Load(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	answer, err := o.bucket.client.GetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(o.bucket.Name()), Key: aws.String(o.key), ExpectedBucketOwner: aws.String(o.bucket.Account),
	})
	var none *types.NoSuchKey
	if errors.As(err, &none) {
		return nil, nil
	}
	if err != nil {
		return nil, o.bucket.failure("s3:GetObject", err)
	}
	text, err := io.ReadAll(answer.Body)
	return text, errors.Join(err, answer.Body.Close())
}

// Save replaces its content. It is emptied rather than deleted: for that, the right to delete states would be needed.
func (o *Object) Save(ctx context.Context, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	_, err := o.bucket.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(o.bucket.Name()), Key: aws.String(o.key), ExpectedBucketOwner: aws.String(o.bucket.Account),
		Body: bytes.NewReader(text),
	})
	if err != nil {
		return o.bucket.failure("s3:PutObject", err)
	}
	return nil
}
