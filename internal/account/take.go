package account

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
)

// Asker asks the account of the credentials that the AWS SDK finds. It only reads; Actions lists what it has to be allowed.
type Asker struct {
	options Options
	// Identity is whose credentials they are.
	Identity Identity
}

// Options say what an account shall be asked. All fields are required.
type Options struct {
	// Region is the one that the identity is asked in.
	Region string
	// Quotas are those whose values are wanted.
	Quotas []Quota
	// Instance says against which quota a running instance of a type counts, and with how many vCPUs; 0 if that is unknown.
	Instance func(instanceType string, spot bool) (code string, vcpus int)
	// InstanceCodes are all codes that Instance may give.
	InstanceCodes []string
	// Resolver is asked to whom hosted zones are delegated.
	Resolver Resolver
	Now      func() time.Time
}

// NewAsker finds out whose credentials there are. Its errors are those of Identify.
func NewAsker(ctx context.Context, o Options) (*Asker, error) {
	identity, err := Identify(ctx, o.Region)
	if err != nil {
		return nil, err
	}
	return &Asker{o, identity}, nil
}

// Take asks everything that a deployment in these regions may depend on. What AWS does not answer is noted in the snapshot and is no
// error; an error is that ctx ended, or that the SDK's settings are not usable.
func (a *Asker) Take(ctx context.Context, regions []string) (*Snapshot, error) {
	s := &Snapshot{
		Format: Format, Account: a.Identity.Account, ARN: a.Identity.ARN, Taken: a.options.Now().UTC().Truncate(time.Second),
		Global: newPart(), Regions: map[string]*Region{},
	}
	asking, err := a.asking(ctx, a.options.Region)
	if err != nil {
		return nil, err
	}
	askAll(ctx, s, &s.Global, nil, asking, a.globalQuestions())
	for _, name := range regions {
		region := &Region{Part: newPart(), Offers: map[string][]string{}}
		s.Regions[name] = region
		if asking, err = a.asking(ctx, name); err != nil {
			return nil, err
		}
		askAll(ctx, s, &region.Part, region, asking, a.regionalQuestions())
	}
	return s, ctx.Err()
}

// Offers asks in which zones of a region instance types are offered, and adds the answer to the snapshot.
func (a *Asker) Offers(ctx context.Context, s *Snapshot, name string, instanceTypes []string) error {
	region := s.Regions[name]
	if region == nil || len(instanceTypes) == 0 {
		return nil
	}
	asking, err := a.asking(ctx, name)
	if err != nil {
		return err
	}
	askAll(ctx, s, &region.Part, region, asking, []question{offersQuestion(instanceTypes)})
	return ctx.Err()
}

func newPart() Part {
	return Part{Quotas: map[string]float64{}, Usage: map[string]map[string]float64{}, Names: map[string][]string{}}
}

func (a *Asker) asking(ctx context.Context, region string) (*asking, error) {
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return nil, fmt.Errorf("the settings of the AWS SDK: %w", err)
	}
	return &asking{config: settings, region: region, instance: a.options.Instance, resolver: a.options.Resolver}, nil
}

func (a *Asker) globalQuestions() []question {
	return slices.Concat(identityQuestions(), zoneQuestions(), quotaQuestions(a.quotas(true)))
}

func (a *Asker) regionalQuestions() []question {
	return slices.Concat(computeQuestions(a.options.InstanceCodes), networkQuestions(), platformQuestions(),
		databaseQuestions(), quotaQuestions(a.quotas(false)))
}

// quotas are those that are wanted of global services, or of the others.
func (a *Asker) quotas(global bool) []Quota {
	return slices.DeleteFunc(slices.Clone(a.options.Quotas),
		func(q Quota) bool { return slices.Contains(globalServices, q.Service) != global })
}

// all are all questions there are.
func all() []question {
	a := &Asker{options: Options{Quotas: []Quota{{Service: "ec2"}, {Service: "iam"}}}}
	return slices.Concat(a.globalQuestions(), a.regionalQuestions(), []question{offersQuestion(nil)})
}

// Actions lists the IAM actions that asking needs, in alphabetical order. Each is of the access level Read or List.
func Actions() []string {
	needed := map[string]bool{}
	for _, question := range all() {
		needed[question.action] = true
		for _, action := range question.more {
			needed[action] = true
		}
	}
	return slices.Sorted(maps.Keys(needed))
}

// Counted lists the codes of the quotas whose usage is asked about, beside the InstanceCodes of Options.
func Counted() []string {
	var codes []string
	for _, question := range all() {
		codes = append(codes, question.counts...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Subjects says in words what is asked about, in the order in which it is asked.
func Subjects() []string {
	var subjects []string
	for _, question := range all() {
		if question.about != "quotas of ec2" && question.about != "quotas of iam" {
			subjects = append(subjects, question.about)
		}
	}
	return append(subjects, "quotas")
}
