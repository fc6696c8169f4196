package statebucket

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// minimumTLS is the lowest version of TLS that the bucket answers.
const minimumTLS = 1.2

// tlsPolicy is the bucket policy: it denies what comes without TLS or with an old one, and allows nothing to anybody.
func (b *Bucket) tlsPolicy() string {
	deny := func(sid, operator, key, value string) map[string]any {
		return map[string]any{
			"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": []string{b.arn(), b.arn() + "/*"},
			"Condition": map[string]any{operator: map[string]string{key: value}},
		}
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{
		deny("OnlyTLS", "Bool", "aws:SecureTransport", "false"),
		deny("OnlyRecentTLS", "NumericLessThan", "s3:TlsVersion", strconv.FormatFloat(minimumTLS, 'f', -1, 64)),
	}})
	if err != nil {
		panic(fmt.Sprintf("statebucket: maps of texts cannot be encoded: %v", err))
	}
	return string(text)
}

func putPolicy(ctx context.Context, b *Bucket) error {
	_, err := b.client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account), Policy: aws.String(b.tlsPolicy()),
	})
	return err
}

// policy reads the bucket policy; "" if there is none.
func (b *Bucket) policy(ctx context.Context) (string, error) {
	answer, err := b.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	if code(err) == "NoSuchBucketPolicy" {
		return "", nil
	}
	if err != nil {
		return "", b.failure("s3:GetBucketPolicy", err)
	}
	return aws.ToString(answer.Policy), nil
}

// checkPolicy looks for the two denials. Further statements are the account's own business: public ones are blocked elsewhere.
func checkPolicy(ctx context.Context, b *Bucket) (verdict, error) {
	text, err := b.policy(ctx)
	if err != nil {
		return verdict{}, err
	}
	var document struct{ Statement statements }
	if text != "" {
		if err := json.Unmarshal([]byte(text), &document); err != nil {
			return verdict{wrong: "its policy cannot be understood: " + err.Error()}, nil
		}
	}
	var plain, old bool
	for _, s := range document.Statement {
		if !s.deniesAll(b.arn()) {
			continue
		}
		plain = plain || slices.Equal(s.Condition["Bool"]["aws:SecureTransport"], texts{"false"})
		for _, value := range s.Condition["NumericLessThan"]["s3:TlsVersion"] {
			least, err := strconv.ParseFloat(value, 64)
			old = old || err == nil && least >= minimumTLS
		}
	}
	switch {
	case !plain:
		return verdict{missing: text == "", wrong: "its policy does not deny requests without TLS"}, nil
	case !old:
		return verdict{wrong: fmt.Sprintf("its policy does not deny requests with a TLS older than %v", minimumTLS)}, nil
	}
	return verdict{right: true}, nil
}

// statement is one of a policy, as far as the check needs it.
type statement struct {
	Effect                      string
	Principal, Action, Resource texts
	// Condition maps operators to keys to values.
	Condition map[string]map[string]texts
}

// deniesAll tells whether the statement, where its only condition holds, denies everybody everything on the bucket and in it.
func (s statement) deniesAll(arn string) bool {
	covers := slices.Contains(s.Resource, arn) && slices.Contains(s.Resource, arn+"/*")
	return s.Effect == "Deny" && slices.Contains(s.Principal, "*") && slices.Contains(s.Action, "s3:*") && covers && len(s.Condition) == 1
}

// statements is a list, or one alone as policies may have it.
type statements []statement

func (s *statements) UnmarshalJSON(text []byte) error {
	var one statement
	if err := json.Unmarshal(text, &one); err == nil {
		*s = statements{one}
		return nil
	}
	var many []statement
	err := json.Unmarshal(text, &many)
	*s = many
	return err
}

// texts is a value where policies may have a text, a list of them, or (for principals) an object with either.
type texts []string

func (t *texts) UnmarshalJSON(raw []byte) error {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return err
	}
	*t = flatten(value)
	return nil
}

func flatten(value any) texts {
	var all texts
	switch v := value.(type) {
	case string:
		return texts{v}
	case []any:
		for _, element := range v {
			all = append(all, flatten(element)...)
		}
	case map[string]any:
		return flatten(v["AWS"])
	case nil:
	default:
		return texts{fmt.Sprint(v)}
	}
	return all
}
