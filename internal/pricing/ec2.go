package pricing

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"

	"github.com/shopspring/decimal"
)

// The sources of the table of instance types; its file names them, and NOTICE gives their licences.
var (
	instancesInfo = Source{
		Name: "ec2instances.info, from the AWS Price List and the Spot Instance Advisor", URL: "https://instances.vantage.sh/",
		Date: "2025-05-28", Kind: Quoted,
	}
	karpenter = Source{
		Name: "AWS Price List, offer AmazonEC2, as Karpenter v1.15.1 carries it", Date: "2026-07-20", Kind: Quoted,
		URL: "https://github.com/aws/karpenter-provider-aws/tree/v1.15.1/pkg/providers/pricing",
	}
)

// karpenterRegions are those whose on-demand prices the table has from Karpenter, which are newer.
var karpenterRegions = []string{"us-east-1", "us-gov-east-1", "us-gov-west-1"}

// IsInstance reports whether an item is the price of an EC2 instance, which the table of instance types has.
func IsInstance(item Item) bool { return strings.HasPrefix(string(item), "ec2.") }

// instanceTable is the embedded table of instance types. Of it are decoded the types that are asked for, since all of it would take longer
// than pricing a deployment.
type instanceTable struct {
	mu    sync.Mutex
	types map[string]map[string]instancePrices
}

// instancePrices is what the table knows of one type in one region, in US dollars an hour and in percent.
type instancePrices struct {
	OnDemand    json.Number `json:"on_demand"`
	Reserved1y  json.Number `json:"reserved_1yr"`
	Reserved3y  json.Number `json:"reserved_3yr"`
	SpotSavings json.Number `json:"spot_savings_pct"`
	// SpotInterruption is a band such as 5-10% or >20%.
	SpotInterruption string `json:"spot_interruption"`
}

// of finds the prices of one type by region; nil if there is no such type.
func (t *instanceTable) of(name string) map[string]instancePrices {
	t.mu.Lock()
	defer t.mu.Unlock()
	if regions, ok := t.types[name]; ok {
		return regions
	}
	var decoded struct {
		Regions map[string]instancePrices `json:"regions"`
	}
	if record := facts.InstanceRecord(name); record != nil {
		if err := json.Unmarshal(record, &decoded); err != nil {
			panic(fmt.Sprintf("the embedded EC2 table is damaged at %s: %v", name, err))
		}
	}
	t.types[name] = decoded.Regions
	return decoded.Regions
}

// figure is the table's own figure for a key, if it has one.
func (t *instanceTable) figure(key Key) (Figure, bool) {
	prices, ok := t.of(key.Of)[key.Region]
	if !ok {
		return Figure{}, false
	}
	number, source := prices.OnDemand, instancesInfo
	switch key.Item {
	case EC2Reserved1yHour:
		number = prices.Reserved1y
	case EC2Reserved3yHour:
		number = prices.Reserved3y
	case EC2OnDemandHour:
		if slices.Contains(karpenterRegions, key.Region) {
			source = karpenter
		}
	default:
		return Figure{}, false // spot follows from the on-demand price, which may have been refreshed: see Spot
	}
	price, ok := ParseUSD(number.String())
	if !ok || price.IsZero() {
		return Figure{}, false
	}
	return Figure{Key: key, Region: key.Region, Tiers: []Tier{{Price: price}}, Source: source}, true
}

// Spot is what is known of an instance type on spot capacity. AWS sets spot prices by the hour; the figure is what they were on one day.
type Spot struct {
	// Figure is the price of an hour: the on-demand price less the saving.
	Figure
	// SavingPercent is how far spot was below the on-demand price, in percent of it.
	SavingPercent decimal.Decimal
	// Interruption is how many of the instances AWS took back within a month, as a band of the Spot Instance Advisor: <5%, 5-10%, 10-15%,
	// 15-20% or >20%. It is empty if that is not known.
	Interruption string
}

// Spot finds what is known of an instance type on spot capacity in a region. Where the saving in the region is not known, that of us-east-1
// stands in and the figure is estimated. Errors are those of Price.
func (b *Book) Spot(instanceType, region string) (Spot, error) {
	onDemand, err := b.Price(Key{EC2OnDemandHour, instanceType, region})
	if err != nil {
		return Spot{}, err
	}
	key := Key{EC2SpotHour, instanceType, region}
	if b.ec2.of(instanceType) == nil {
		instanceType = facts.NewerInstance(instanceType) // of which the price is, too
	}
	for _, from := range []string{region, Reference} {
		prices := b.ec2.of(instanceType)[from]
		saving, err := decimal.NewFromString(prices.SpotSavings.String())
		if err != nil {
			continue
		}
		spot := Spot{Figure: onDemand, SavingPercent: saving, Interruption: prices.SpotInterruption}
		rest := decimal.NewFromInt(100).Sub(saving).Shift(-2)
		spot.Key, spot.Tiers, spot.Source = key, []Tier{{Price: onDemand.Rate().Times(rest)}}, instancesInfo
		spot.Note = fmt.Sprintf("%s %% below the on-demand price of %s", saving, onDemand.Rate())
		spot.Estimated = instanceType != key.Of
		if from != region {
			spot.Estimated, spot.Region = true, from
			spot.Note += ", as in " + from
		}
		if spot.Interruption != "" {
			spot.Note += "; AWS took " + spot.Interruption + " of instances back within a month"
		}
		return spot, nil
	}
	definition, _ := Define(EC2SpotHour)
	return Spot{}, noFigure(definition, key)
}

// spot answers Price for spot capacity.
func (b *Book) spot(key Key) (Figure, error) {
	found, err := b.Spot(key.Of, key.Region)
	return found.Figure, err
}

// UnknownInstance is the error for an instance type that EC2 does not have, or that this program does not know yet.
func UnknownInstance(name string) error {
	d := diagnostic.Errorf("EC2 has no instance type %q that the price book knows", name)
	d.Code, d.Todo = "pricing.unknown_instance", "write a type such as m7i.2xlarge; `coderaws prices show m7i` lists the sizes of a family"
	return d
}
