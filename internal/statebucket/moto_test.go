package statebucket_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"coderaws/internal/proof/awsproxy"
	"coderaws/internal/statebucket"
)

// TestEmulator makes the bucket with the real SDK in moto_server, which was written by others than the rest of these tests.
func TestEmulator(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	server, err := awsproxy.Start(ctx, "127.0.0.1:0", io.Discard)
	if errors.Is(err, awsproxy.ErrNoMoto) {
		t.Skipf("NOT PROVEN against an S3 that is not our own: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, owner := range []statebucket.Owner{
		// The account that moto puts every caller into.
		{Account: "123456789012", Partition: "aws", Region: "us-east-1"},
		{Account: "123456789012", Partition: "aws", Region: "ap-southeast-1"},
	} {
		t.Run(owner.Region, func(t *testing.T) {
			isolate(t, server.URL)
			bucket := open(t, owner)
			bucket.Patience = time.Second
			want(t, bucket, statebucket.Absent)
			for range 2 {
				if err := bucket.Make(t.Context()); err != nil {
					t.Fatal(err)
				}
				want(t, bucket, statebucket.Ready)
			}
			stranger := open(t, statebucket.Owner{Account: "999988887777", Partition: "aws", Region: owner.Region})
			if condition, err := stranger.Examine(t.Context()); err != nil || condition != statebucket.Absent {
				t.Errorf("the bucket of another account: %q, %v; want it absent, for its name differs", condition, err)
			}
		})
	}
}
