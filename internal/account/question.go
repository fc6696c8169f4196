package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
)

// question is one thing that an account is asked, with calls that only read.
type question struct {
	// action is the IAM action that its first call needs, and more are those of the others.
	action string
	more   []string
	// about is what its answer tells.
	about string
	// counts are the codes of the quotas whose usage it tells, and names the Terraform types whose names.
	counts, names []string
	// ask calls AWS and puts the answer into a. An answer that comes with an error is not taken.
	ask func(ctx context.Context, q *asking) (answer, error)
}

// answer is what AWS said to one question.
type answer struct {
	// usage by code and scope; a quota of counts that it does not name is used by none.
	usage map[string]map[string]float64
	// names by Terraform type.
	names map[string][]string
	// set puts what is neither usage nor names into the snapshot; the region is nil for questions about what has none.
	set func(s *Snapshot, r *Region)
}

// used is the answer that so much of one quota is used.
func used(code string, amount int) answer {
	return answer{usage: map[string]map[string]float64{code: {"": float64(amount)}}}
}

// asking is what a question may use to find its answer.
type asking struct {
	config   aws.Config
	region   string
	instance func(instanceType string, spot bool) (code string, vcpus int)
	resolver Resolver
}

// mostPages ends a question about an account that holds more than anybody waits for: its answer is not known.
const mostPages = 200

// pages calls next with the token of each page of an answer, nil at first, until it gives none for another. The paginators of the SDK are
// not used: they take a client as an interface, for which the linker keeps each of its methods, some forty megabytes in all.
func pages(next func(token *string) (more *string, err error)) error {
	var token *string
	for range mostPages {
		more, err := next(token)
		if err != nil || aws.ToString(more) == "" {
			return err
		}
		token = more
	}
	return fmt.Errorf("the answer has more than %d pages", mostPages)
}

// atOnce is how many questions are asked at the same time. AWS's APIs allow some ten calls a second each before they throttle.
const atOnce = 8

// askAll asks questions about one part of an account and files the answers.
func askAll(ctx context.Context, s *Snapshot, part *Part, region *Region, q *asking, questions []question) {
	answers := make([]answer, len(questions))
	failures := make([]error, len(questions))
	slots := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	for i, question := range questions {
		wait.Add(1)
		go func() {
			defer wait.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			answers[i], failures[i] = question.ask(ctx, q)
		}()
	}
	wait.Wait()
	for i, question := range questions {
		if failures[i] != nil {
			part.Unanswered = append(part.Unanswered, unanswered(question, failures[i]))
			continue
		}
		file(part, question, answers[i])
		if answers[i].set != nil {
			answers[i].set(s, region)
		}
	}
}

// file puts an answer into its part of the snapshot. What was asked about and is not in the answer is none.
func file(part *Part, q question, a answer) {
	for _, code := range q.counts {
		part.Usage[code] = map[string]float64{}
		for scope, amount := range a.usage[code] {
			part.Usage[code][scope] = amount
		}
	}
	for _, typ := range q.names {
		names := append([]string{}, a.names[typ]...)
		slices.Sort(names)
		part.Names[typ] = names
	}
}

func unanswered(q question, err error) Unanswered {
	u := Unanswered{Action: q.action, About: q.about, Why: err.Error()}
	var operation *smithy.OperationError
	if service, _, ok := strings.Cut(q.action, ":"); ok && len(q.more) > 0 && errors.As(err, &operation) {
		u.Action = service + ":" + operation.OperationName
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		u.Code, u.Why = api.ErrorCode(), api.ErrorMessage()
	}
	return u
}

// denied are the codes with which AWS's services say that a permission is missing.
var denied = []string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized"}

// Denied reports whether the question was not answered for want of a permission.
func (u Unanswered) Denied() bool { return slices.Contains(denied, u.Code) }
