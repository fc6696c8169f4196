package main

import (
	"net/http/httptest"
	"os"
	"slices"

	"coderaws/internal/statebucket/buckettest"

	"github.com/rogpeppe/go-internal/testscript"
)

// testAccount is the account that fakeaccount stands for.
const testAccount = "111122223333"

// storage is the key of a script's S3 among its values.
type storage struct{}

// serveBuckets points the program, and the s3 backend of Terraform, to an S3 on the loopback interface.
func serveBuckets(ts *testscript.TestScript) {
	server := httptest.NewServer(ts.Value(storage{}).(*buckettest.Server))
	ts.Defer(server.Close)
	ts.Setenv("AWS_ENDPOINT_URL_S3", server.URL)
}

// bucket looks into the S3 of a script and changes it behind the program's back.
func bucket(ts *testscript.TestScript, negated bool, args []string) {
	s3 := ts.Value(storage{}).(*buckettest.Server)
	verb := append(args, "")[0]
	switch {
	case verb == "add" && len(args) == 4:
		s3.AddBucket(args[1], args[2], args[3])
	case verb == "exists" && len(args) == 2:
		if s3.Has(args[1]) == negated {
			ts.Fatalf("bucket %s exists: %v", args[1], !negated)
		}
		return
	case verb == "holds" && len(args) == 3:
		if slices.Contains(s3.Keys(args[1]), args[2]) == negated {
			ts.Fatalf("bucket %s holds %v", args[1], s3.Keys(args[1]))
		}
		return
	case verb == "put" && len(args) == 4:
		s3.Put(args[1], args[2], ts.ReadFile(args[3]))
	case verb == "get" && len(args) == 4:
		ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(s3.Object(args[1], args[2])), 0o600))
	case verb == "unset" && len(args) == 3:
		s3.Set(args[1], args[2], "")
	case verb == "refuse" && len(args) == 3:
		s3.Refuse(func(call string) (int, string) {
			if call == args[1] {
				return 403, args[2]
			}
			return 0, ""
		})
	case verb == "allow" && len(args) == 1:
		s3.Refuse(nil)
	default:
		ts.Fatalf("usage: bucket add|exists|holds|put|get|unset|refuse|allow ...")
	}
	if negated {
		ts.Fatalf("unsupported: ! bucket %s", verb)
	}
}
