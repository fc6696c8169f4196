package statebucket

import (
	"context"
	"sync"
	"time"

	"coderaws/internal/diagnostic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// The tag that tells a bucket which is being made from one that somebody changed afterwards. It is part of the bucket, not of one
// machine, so that anybody can complete what another run began.
const (
	setupTag      = "coderaws:setup"
	setupPending  = "pending"
	setupComplete = "complete"
)

// retryPause is the time between two looks at a setting that S3 does not show yet.
const retryPause = time.Second

// Make makes the bucket, or completes one that Examine found Unfinished: it creates it, puts each setting, and verifies each. It may be
// interrupted anywhere and called again.
func (b *Bucket) Make(ctx context.Context) error {
	if err := b.create(ctx); err != nil {
		return err
	}
	if err := b.tag(ctx, setupPending); err != nil {
		return err
	}
	for _, s := range settings {
		if err := s.put(ctx, b); err != nil {
			return b.failure(s.putAction, err)
		}
	}
	if err := b.verifySoon(ctx); err != nil {
		return err
	}
	return b.tag(ctx, setupComplete)
}

func (b *Bucket) create(ctx context.Context) error {
	input := &s3.CreateBucketInput{Bucket: aws.String(b.Name()), ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}
	if b.Region != "us-east-1" {
		// S3 refuses that one region's name here (API reference of CreateBucket).
		input.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(b.Region)}
	}
	_, err := b.client.CreateBucket(ctx, input)
	switch {
	case err == nil, code(err) == "BucketAlreadyOwnedByYou":
		return nil
	case code(err) == "BucketAlreadyExists":
		return b.foreign("S3 answers BucketAlreadyExists to CreateBucket")
	}
	return b.failure("s3:CreateBucket", err)
}

func (b *Bucket) tag(ctx context.Context, setup string) error {
	_, err := b.client.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
		Tagging: &types.Tagging{TagSet: []types.Tag{
			{Key: aws.String("coderaws:purpose"), Value: aws.String("terraform-state")},
			{Key: aws.String(setupTag), Value: aws.String(setup)},
		}},
	})
	if err != nil {
		return b.failure("s3:PutBucketTagging", err)
	}
	return nil
}

func (b *Bucket) tags(ctx context.Context) (map[string]string, error) {
	answer, err := b.client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	switch {
	case code(err) == "NoSuchTagSet":
		return map[string]string{}, nil
	case err != nil:
		return nil, b.failure("s3:GetBucketTagging", err)
	}
	tags := map[string]string{}
	for _, tag := range answer.TagSet {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	return tags, nil
}

// verifySoon is verify with patience: a setting may show some seconds after it was put.
func (b *Bucket) verifySoon(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, b.Patience)
	defer cancel()
	tick := time.NewTicker(retryPause)
	defer tick.Stop()
	for {
		err := b.verify(ctx, false)
		if err == nil || diagnostic.Exit(err) != diagnostic.ExitRefused {
			return err
		}
		select {
		case <-limited.Done():
			return err
		case <-tick.C:
		}
	}
}

// verify reads all settings, at once, and reports those that are not as they must be, in their order. lenient accepts that an optional
// one is missing.
func (b *Bucket) verify(ctx context.Context, lenient bool) error {
	verdicts, errs := make([]verdict, len(settings)), make([]error, len(settings))
	var group sync.WaitGroup
	for i, s := range settings {
		group.Go(func() { verdicts[i], errs[i] = s.check(ctx, b) })
	}
	group.Wait()
	var list diagnostic.List
	for i, s := range settings {
		if errs[i] != nil {
			return b.failure(s.getAction, errs[i])
		}
		if verdicts[i].right || verdicts[i].missing && s.optional && lenient {
			continue
		}
		d := diagnostic.Errorf("the bucket %s may not keep a state: %s", b.Name(), verdicts[i].wrong)
		d.Code, d.Why = "state.bucket_setting", s.why
		d.Todo = "if nobody wanted it otherwise, put it back: " + s.command(b)
		list = append(list, d)
	}
	return diagnostic.WithExit(diagnostic.ExitRefused, list.Err())
}
