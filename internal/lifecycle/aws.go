package lifecycle

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/statebucket"
)

// AWS is the target that costs money. Its states are kept in S3, in a bucket of the account and region that coderaws makes, or where the
// deployment's own backend.tfbackend says. Prepare comes before every verb.
type AWS struct {
	// Aside makes the target that plans a platform before its cloud exists; see Target.StandIn. It is required.
	Aside func(dir string) Target
	// Token is the session token of an owner of Coder; "" where coderaws signs in with the password that it made.
	Token string
	// Agent is how this program names itself to coderd.
	Agent  string
	Now    func() time.Time
	Random io.Reader

	// own is the place that the deployment itself has chosen; nil for the bucket.
	own *deployment.Backend
	// buckets are those that exist, by region.
	buckets map[string]*statebucket.Bucket
	agree   func(Question) error
	notice  func(line string)
	ways    ways
}

// Name is "aws".
func (*AWS) Name() string { return AWSTarget }

// Close closes the ways into VPCs.
func (a *AWS) Close() error { return a.ways.close() }

// Providers are those of the registry.
func (*AWS) Providers(string, []string) engine.Providers { return nil }

// Ahead is false: providers may have to be fetched, and a state that has to move is asked about in its turn.
func (*AWS) Ahead() bool { return false }

// StandIn is needed: the Helm provider plans nothing without a cluster that answers.
func (a *AWS) StandIn(dir string) Target { return a.Aside(dir) }

// Billed is true.
func (*AWS) Billed() bool { return true }

// Disturb refuses.
func (*AWS) Disturb(orders, _ []string) (diagnostic.List, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	d := diagnostic.Errorf("nothing is made to go wrong on AWS itself")
	d.Code, d.Why = "usage.fault", "--fault is for the AWS that is embedded in this program"
	d.Todo = "leave out --target aws, or --fault"
	return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// Before has nothing to do.
func (*AWS) Before(Place, *engine.Plan, func(string)) error { return nil }

// Explain has nothing to add.
func (*AWS) Explain(err error) error { return err }

// Faults are none.
func (*AWS) Faults() []FaultRecord { return nil }

// Prepare finds out whose credentials are used, finds the places of a deployment's states, and makes buckets if use says so.
func (a *AWS) Prepare(ctx context.Context, d *deployment.Deployment, use StateUse) (diagnostic.List, error) {
	caller, err := account.Identify(ctx, d.Regions[0].Name)
	if err != nil {
		return nil, err
	}
	if use.Notice != nil {
		use.Notice(fmt.Sprintf("AWS account %s, as %s", caller.Account, caller.ARN))
	}
	a.agree, a.notice, a.buckets = use.Agree, use.Notice, map[string]*statebucket.Bucket{}
	own, findings := deployment.LoadBackend(d)
	if err := findings.Err(); err != nil {
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	if a.own = own; own != nil {
		return findings, nil
	}
	for i := range d.Regions {
		owner := statebucket.Owner{Account: caller.Account, Partition: partition(caller.ARN), Region: d.Regions[i].Name}
		bucket, err := openBucket(ctx, owner, use)
		if err != nil {
			return nil, err
		}
		if bucket != nil {
			a.buckets[owner.Region] = bucket
		}
	}
	return findings, nil
}

// openBucket returns a bucket that can be used, or nil if there is none and none is to be made.
func openBucket(ctx context.Context, owner statebucket.Owner, use StateUse) (*statebucket.Bucket, error) {
	bucket, err := statebucket.Open(ctx, owner)
	if err != nil {
		return nil, err
	}
	look := bucket.Examine
	if use.Agree == nil {
		look = bucket.Find
	}
	condition, err := look(ctx)
	switch {
	case err != nil:
		return nil, err
	case condition == statebucket.Ready:
		return bucket, nil
	case !use.Create || use.Agree == nil:
		return nil, nil
	}
	question := Question{
		Text: fmt.Sprintf("Terraform's state of %s is kept in the S3 bucket %s, which does not exist yet.\n"+
			"Make it? It is private, encrypted and versioned, and costs cents a month.", owner.Region, bucket.Name()),
		Subject: "a new S3 bucket for Terraform's state, " + bucket.Name(),
		Why:     "the state is the record of what belongs to the deployment, and has to be kept where all who run it find it",
	}
	if condition == statebucket.Unfinished {
		question.Text = fmt.Sprintf("The S3 bucket %s for Terraform's state of %s was begun and not completed.\nComplete it?",
			bucket.Name(), owner.Region)
		question.Subject = "completing the S3 bucket for Terraform's state, " + bucket.Name()
	}
	if err := use.Agree(question); err != nil {
		return nil, err
	}
	return bucket, bucket.Make(ctx)
}

// StateBucket finds the bucket that keeps the states of a region, without making it: its name, and whether it is ready.
func StateBucket(ctx context.Context, caller account.Identity, region string) (name string, ready bool, err error) {
	bucket, err := statebucket.Open(ctx, statebucket.Owner{Account: caller.Account, Partition: partition(caller.ARN), Region: region})
	if err != nil {
		return "", false, err
	}
	condition, err := bucket.Find(ctx)
	return bucket.Name(), err == nil && condition == statebucket.Ready, err
}

// partition is the first part of an ARN, such as aws-us-gov.
func partition(arn string) string {
	if parts := strings.SplitN(arn, ":", 3); len(parts) == 3 && parts[1] != "" {
		return parts[1]
	}
	return "aws"
}

// Bucket is the name of the bucket that coderaws keeps for a region's states; "" if there is none.
func (a *AWS) Bucket(region string) string {
	if bucket := a.buckets[region]; bucket != nil {
		return bucket.Name()
	}
	return ""
}

// State is where Prepare found it.
func (a *AWS) State(region *deployment.Region, stack string) (*engine.Backend, func(from, to string) error) {
	backend := a.backend(region, stack)
	if a.agree == nil || backend == nil {
		return backend, nil
	}
	return backend, func(from, to string) error {
		return a.agree(Question{
			Text:    fmt.Sprintf("Terraform's state of %s %s is in\n  %s\nand belongs in\n  %s\nMove it?", region.Name, stack, from, to),
			Subject: "moving Terraform's state from " + from + " to " + to,
			Why:     "a state must be in one place alone, and others who run this deployment have to look there",
		})
	}
}

func (a *AWS) backend(region *deployment.Region, stack string) *engine.Backend {
	name := deploymentName(region)
	if a.own != nil {
		return &engine.Backend{
			Type: a.own.Type, File: a.own.File, Overrides: a.own.Settings(name, region.Name, stack), Place: a.own.Place(name, region.Name, stack),
		}
	}
	bucket := a.buckets[region.Name]
	if bucket == nil {
		return nil
	}
	key := stateKey(region, stack) + ".tfstate"
	settings := map[string]any{
		"bucket": bucket.Name(), "key": key, "region": region.Name,
		// S3's own conditional writes are the lock: no table is needed (Terraform 1.11, OpenTofu 1.10).
		"use_lockfile": true,
		// The bucket was found in this account; with other credentials the run ends before it touches a state.
		"allowed_account_ids": []string{bucket.Account},
		// S3 has answered from there, so the region exists, even if this Terraform is older than it.
		"skip_region_validation": true,
		// The setting encrypt is left out: it would overrule the bucket's own encryption, which may be with a key of the account's.
	}
	if bucket.PathStyle {
		settings["use_path_style"] = true
	}
	return &engine.Backend{Type: "s3", Settings: settings, Place: "s3://" + bucket.Name() + "/" + key}
}

// stateKey is the key in the bucket of all that belongs to the state of a stack, without what tells which of it.
func stateKey(region *deployment.Region, stack string) string {
	return deploymentName(region) + "/" + region.Name + "/" + stack
}

// deploymentName is the first part of a state's key: the deployment's name, which is unique in its account and region, or that of its
// directory where the stacks have no such setting.
func deploymentName(region *deployment.Region) string {
	if name := region.String("name"); name != "" {
		return name
	}
	if file, err := filepath.Abs(region.File); err == nil {
		return filepath.Base(filepath.Dir(file))
	}
	return filepath.Base(filepath.Dir(region.File))
}

// StateBucketARN is that of the bucket in which the target aws keeps states of a region, unless a deployment has a backend of its own.
func StateBucketARN(partition, account, region string) string {
	return "arn:" + partition + ":s3:::" + statebucket.Name(account, region)
}
