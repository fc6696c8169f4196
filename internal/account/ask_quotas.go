package account

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
)

// quotaQuestions ask for the values of quotas, one question for each service. Service Quotas tells the applied values of those that it has
// any for, and AWS's default values of the others.
func quotaQuestions(quotas []Quota) []question {
	codes := map[string][]string{}
	for _, quota := range quotas {
		codes[quota.Service] = append(codes[quota.Service], quota.Code)
	}
	var all []question
	for _, service := range slices.Sorted(maps.Keys(codes)) {
		all = append(all, question{
			action: "servicequotas:ListServiceQuotas", more: []string{"servicequotas:ListAWSDefaultServiceQuotas"}, about: "quotas of " + service,
			ask: func(ctx context.Context, q *asking) (answer, error) {
				return quotaValues(ctx, q, service, codes[service])
			},
		})
	}
	return all
}

func quotaValues(ctx context.Context, q *asking, service string, codes []string) (answer, error) {
	region := QuotaRegion(service, q.region)
	client := servicequotas.NewFromConfig(q.config, func(o *servicequotas.Options) { o.Region = region })
	values := map[string]float64{}
	in := &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String(service)}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.ListServiceQuotas(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, quota := range page.Quotas {
			if code := aws.ToString(quota.QuotaCode); slices.Contains(codes, code) && quota.Value != nil {
				values[code] = *quota.Value
			}
		}
		return page.NextToken, nil
	})
	if err == nil && len(values) < len(codes) {
		in := &servicequotas.ListAWSDefaultServiceQuotasInput{ServiceCode: aws.String(service)}
		err = pages(func(token *string) (*string, error) {
			in.NextToken = token
			page, err := client.ListAWSDefaultServiceQuotas(ctx, in)
			if err != nil {
				return nil, err
			}
			for _, quota := range page.Quotas {
				code := aws.ToString(quota.QuotaCode)
				if _, known := values[code]; !known && slices.Contains(codes, code) && quota.Value != nil {
					values[code] = *quota.Value
				}
			}
			return page.NextToken, nil
		})
	}
	return answer{set: func(s *Snapshot, r *Region) {
		if r == nil {
			maps.Copy(s.Global.Quotas, values)
		} else {
			maps.Copy(r.Quotas, values)
		}
	}}, err
}
