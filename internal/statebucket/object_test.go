package statebucket_test

import (
	"testing"

	"coderaws/internal/diagnostic"
)

// TestObject holds that what is kept beside a state is there until it is emptied, and nothing can be kept without a
// bucket.
func TestObject(t *testing.T) {
	s3, bucket := serve(t)
	if err := bucket.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	object := bucket.Object("coder/eu-west-1/cloud.journal")
	for _, text := range []string{"", "a", "bc", ""} {
		if text != "" || s3.Object(name, "coder/eu-west-1/cloud.journal") != "" {
			if err := object.Save(t.Context(), []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := object.Load(t.Context()); err != nil || string(got) != text {
			t.Errorf("it holds %q, %v; want %q", got, err, text)
		}
	}
	_, foreign := serve(t)
	if err := foreign.Object("a").Save(t.Context(), nil); diagnostic.From(err) == nil {
		t.Error("it was saved in a bucket that does not exist")
	}
}
