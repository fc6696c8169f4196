// Package pricelist asks AWS what it publishes: the Price List API, by the AWS SDK. It changes nothing and costs nothing. The command line
// imports it; of this module it imports pricing, whose files it makes, and diagnostic.
package pricelist

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	api "github.com/aws/aws-sdk-go-v2/service/pricing"
	"github.com/aws/aws-sdk-go-v2/service/pricing/types"
	"github.com/aws/smithy-go"
)

// endpointRegion is where the Price List API answers, for all regions (documentation of the API; Mumbai answers too).
const endpointRegion = "us-east-1"

// pageSize is how many products AWS gives at once at most.
const pageSize = 100

// Client asks the Price List API.
type Client struct{ products api.GetProductsAPIClient }

// New finds the credentials that the AWS SDK finds in the usual places. They need the permission pricing:GetProducts. Its errors are
// diagnostics.
func New(ctx context.Context) (*Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(endpointRegion))
	if err != nil {
		return nil, failure(err)
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		d := diagnostic.Errorf("there are no AWS credentials that work")
		d.Code, d.Why = "pricelist.no_credentials", err.Error()
		d.Todo = "sign in as you do for the aws command (`aws sso login`, AWS_PROFILE, or keys in the environment); without, the prices that the program carries are used"
		return nil, d
	}
	return &Client{api.NewFromConfig(cfg)}, nil
}

// Missing is a price that was asked for and not taken.
type Missing struct {
	Key pricing.Key
	// Why says what AWS answered.
	Why string
}

// Result is what was found out.
type Result struct {
	File *pricing.File
	// Missing are the prices that keep the figure of the book, in the order of their names.
	Missing []Missing
}

// Refresh asks for all prices of some regions. The date is today's, which the figures get. Said is called before each offer and region, for
// progress. If AWS cannot be asked to the end, there is no result: half of the prices of one day and half of another would be neither.
func (c *Client) Refresh(ctx context.Context, regions []string, today time.Time, said func(string)) (*Result, error) {
	date := today.UTC().Format(time.DateOnly)
	r := &refresh{client: c, date: date,
		result: &Result{File: &pricing.File{Format: 1, Currency: "USD", Date: date, Sources: map[string]pricing.Source{}}}}
	global := true
	for _, region := range regions {
		said(region)
		for _, q := range queries() {
			if q.regionIn == none && !global {
				continue
			}
			if err := r.ask(ctx, q, region); err != nil {
				return nil, err
			}
		}
		global = false
	}
	sort.Slice(r.result.Missing, func(i, j int) bool {
		a, b := r.result.Missing[i].Key, r.result.Missing[j].Key
		return a.String()+a.Region < b.String()+b.Region
	})
	if len(r.result.File.Figures) == 0 {
		d := diagnostic.Errorf("AWS's price list answered without a single price that this program knows")
		d.Code, d.Why = "pricelist.empty", fmt.Sprintf("for example, %s: %s", r.result.Missing[0].Key, r.result.Missing[0].Why)
		d.Todo = "see whether something between here and AWS answers in its place; the prices that the program carries stay in use"
		return nil, d
	}
	return r.result, nil
}

// refresh collects what one run finds.
type refresh struct {
	client *Client
	date   string
	result *Result
}

// ask takes the products of one query in one region.
func (r *refresh) ask(ctx context.Context, q query, region string) error {
	products, err := r.client.find(ctx, q, region)
	if err != nil {
		return err
	}
	key := pricing.Key{Item: q.item, Region: region}
	if q.regionIn == none {
		key.Region = pricing.Global
	}
	if q.variant != "" {
		r.variants(q, key, products)
		return nil
	}
	if len(products) != 1 {
		r.miss(key, fmt.Sprintf("%d products match offer %s, usage type %s, not one", len(products), q.offer, q.usage))
		return nil
	}
	t, err := products[0].onDemand()
	if err != nil {
		r.miss(key, err.Error())
		return nil
	}
	r.take(q, key, t, products[0])
	return nil
}

// variants takes each product as the price of one variant. Of several for one variant none is taken.
func (r *refresh) variants(q query, key pricing.Key, products []product) {
	byVariant := map[string][]product{}
	for _, p := range products {
		if name := p.Product.Attributes[q.variant]; name != "" {
			byVariant[name] = append(byVariant[name], p)
		}
	}
	if len(byVariant) == 0 {
		r.miss(key, fmt.Sprintf("no product matches offer %s, usage type %s", q.offer, q.usage))
	}
	for name, found := range byVariant {
		key.Of = name
		t, err := found[0].onDemand()
		if len(found) > 1 {
			err = fmt.Errorf("%d products match", len(found))
		}
		if err != nil {
			r.miss(key, err.Error())
			continue
		}
		r.take(q, key, t, found[0])
		if q.item != pricing.EC2OnDemandHour {
			continue
		}
		for item, years := range map[pricing.Item]string{pricing.EC2Reserved1yHour: "1yr", pricing.EC2Reserved3yHour: "3yr"} {
			if t, ok := found[0].reserved(years); ok { // many types cannot be reserved, which is nothing to report
				r.take(q, pricing.Key{Item: item, Of: name, Region: key.Region}, t, found[0])
			}
		}
	}
}

func (r *refresh) miss(key pricing.Key, why string) {
	r.result.Missing = append(r.result.Missing, Missing{key, why})
}

// take keeps a price.
func (r *refresh) take(q query, key pricing.Key, t term, p product) {
	entry, err := t.entry(key)
	if err != nil {
		r.miss(key, err.Error())
		return
	}
	published := p.PublicationDate
	if day, err := time.Parse(time.RFC3339, published); err == nil {
		published = day.Format(time.DateOnly)
	}
	id := fmt.Sprintf("%s-%s-%s", q.offer, key.Region, published)
	list := "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/" + q.offer + "/current/"
	if key.Region != pricing.Global {
		list += key.Region + "/"
	}
	r.result.File.Sources[id] = pricing.Source{
		Name: fmt.Sprintf("AWS Price List API, offer %s, published %s", q.offer, published), URL: list + "index.json", Date: r.date,
		Kind: pricing.FromAWS,
	}
	entry.Source = id
	r.result.File.Figures = append(r.result.File.Figures, entry)
}

// find asks for the products of a query, all pages of them.
func (c *Client) find(ctx context.Context, q query, region string) ([]product, error) {
	filters := []types.Filter{{Field: aws.String("usagetype"), Type: types.FilterTypeContains, Value: aws.String(q.usage)}}
	if attribute := q.regionAttribute(); attribute != "" {
		filters = append(filters, equals(attribute, region))
	}
	names := make([]string, 0, len(q.with))
	for name := range q.with {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		filters = append(filters, equals(name, q.with[name]))
	}
	pages := api.NewGetProductsPaginator(c.products, &api.GetProductsInput{
		ServiceCode: aws.String(q.offer), FormatVersion: aws.String("aws_v1"), Filters: filters, MaxResults: aws.Int32(pageSize),
	})
	var found []product
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failure(err)
		}
		for _, text := range page.PriceList {
			p, err := decode(text)
			if err != nil {
				return nil, failure(fmt.Errorf("the answer holds a product that is not JSON: %w", err))
			}
			if q.matches(p.Product.Attributes) {
				found = append(found, p)
			}
		}
	}
	return found, nil
}

func equals(name, value string) types.Filter {
	return types.Filter{Field: aws.String(name), Type: types.FilterTypeTermMatch, Value: aws.String(value)}
}

func failure(err error) error {
	d := diagnostic.Errorf("AWS cannot be asked for its prices")
	d.Code, d.Why = "pricelist.unreachable", err.Error()
	d.Todo = "try `aws pricing describe-services --region us-east-1 --max-items 1` with the same profile; the prices that the program carries stay in use"
	var answer smithy.APIError
	if errors.As(err, &answer) {
		d.Code, d.Why = answer.ErrorCode(), answer.ErrorMessage()
		if answer.ErrorCode() == "AccessDeniedException" {
			d.Summary, d.Todo = "these credentials may not ask for prices",
				"have pricing:GetProducts allowed, on all resources; it shows public prices alone"
		}
	}
	return d
}
