package account

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// identityQuestions are those about IAM, which is the same in all regions.
func identityQuestions() []question {
	var codes []string
	for _, code := range summaryCodes {
		codes = append(codes, code)
	}
	return []question{
		{action: "iam:GetAccountSummary", about: "how many roles and policies there are", counts: codes, ask: summary},
		{action: "iam:ListRoles", about: "names of roles", names: []string{"aws_iam_role"}, ask: roles},
		{action: "iam:ListPolicies", about: "names of policies", names: []string{"aws_iam_policy"}, ask: policies},
		{action: "iam:ListInstanceProfiles", about: "names of instance profiles", names: []string{"aws_iam_instance_profile"},
			ask: instanceProfiles},
	}
}

// summaryCodes are the quotas whose usage IAM tells, by the names that it gives the figures. It tells the number of OpenID Connect
// providers only together with that of SAML providers, which have another quota.
var summaryCodes = map[types.SummaryKeyType]string{
	types.SummaryKeyTypeRoles: "L-FE177D64", types.SummaryKeyTypePolicies: "L-E95E4862", types.SummaryKeyTypeUsers: "L-F55AF5E4",
	types.SummaryKeyTypeGroups: "L-F4A5425F", types.SummaryKeyTypeInstanceProfiles: "L-6E65F664",
}

func summary(ctx context.Context, q *asking) (answer, error) {
	out, err := iam.NewFromConfig(q.config).GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
	if err != nil {
		return answer{}, err
	}
	usage := map[string]map[string]float64{}
	for key, code := range summaryCodes {
		usage[code] = map[string]float64{"": float64(out.SummaryMap[string(key)])}
	}
	return answer{usage: usage}, nil
}

// largestPage is the most that IAM gives at once; in its default pages a large account would take minutes.
const largestPage = 1000

func roles(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := iam.NewFromConfig(q.config)
	in := &iam.ListRolesInput{MaxItems: aws.Int32(largestPage)}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.ListRoles(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, role := range page.Roles {
			names = append(names, aws.ToString(role.RoleName))
		}
		return page.Marker, nil
	})
	return answer{names: map[string][]string{"aws_iam_role": names}}, err
}

func policies(ctx context.Context, q *asking) (answer, error) {
	var names, arns []string
	client := iam.NewFromConfig(q.config)
	in := &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal, MaxItems: aws.Int32(largestPage)}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.ListPolicies(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, policy := range page.Policies {
			names = append(names, aws.ToString(policy.PolicyName))
			arns = append(arns, aws.ToString(policy.Arn))
		}
		return page.Marker, nil
	})
	slices.Sort(arns)
	return answer{names: map[string][]string{"aws_iam_policy": names}, set: func(s *Snapshot, _ *Region) { s.Policies = arns }}, err
}

func instanceProfiles(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := iam.NewFromConfig(q.config)
	in := &iam.ListInstanceProfilesInput{MaxItems: aws.Int32(largestPage)}
	err := pages(func(token *string) (*string, error) {
		in.Marker = token
		page, err := client.ListInstanceProfiles(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, profile := range page.InstanceProfiles {
			names = append(names, aws.ToString(profile.InstanceProfileName))
		}
		return page.Marker, nil
	})
	return answer{names: map[string][]string{"aws_iam_instance_profile": names}}, err
}
