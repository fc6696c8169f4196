package cost

import (
	"fmt"
	"slices"

	"coderaws/internal/inventory"
	"coderaws/internal/pricing"
)

// Metered is what costs by what happens in the whole account, such as a trail. No plan shows how much that is, so that the total cannot
// have it; yet its price is known as far as the price book has it, which tells it from what is Unpriced.
type Metered struct {
	Address string `json:"address"`
	Type    string `json:"type"`
	// Why says what is counted.
	Why string `json:"why"`
	// Prices are those of the price book; none where it has none.
	Prices []UnitPrice `json:"prices"`
}

// UnitPrice is what AWS asks for the first of something that is counted.
type UnitPrice struct {
	Item  string `json:"item"`
	Title string `json:"title"`
	// Price is in US dollars for what Per says, such as 2.00 for 100,000 events.
	Price string `json:"price"`
	Per   string `json:"per"`
	// Estimated says that it is another region's.
	Estimated bool `json:"estimated"`
}

// String words the price: 2.00 USD per 100,000 events (management events, further copies).
func (p UnitPrice) String() string {
	mark := ""
	if p.Estimated {
		mark = "~"
	}
	return fmt.Sprintf("%s%s USD per %s (%s)", mark, p.Price, p.Per, p.Title)
}

// byUse are the types that cost by what happens in the whole account. Source: the pricing page of each service.
var byUse = map[string]struct {
	why   string
	items []pricing.Item
}{
	"aws_cloudtrail": {"the first copy of management events is free; further copies, data events and network activity cost by the event",
		[]pricing.Item{pricing.CloudTrailManagementEvents, pricing.CloudTrailDataEvents}},
	"aws_config_configuration_recorder": {"it costs by the changes that it records in the whole account, which no plan shows", nil},
	"aws_guardduty_detector":            {"it costs by the events that it looks at in the whole account, which no plan shows", nil},
	"aws_securityhub_account":           {"it costs by the checks that it makes in the whole account, which no plan shows", nil},
}

// metered takes note of a resource that costs by use, and reports whether it is one.
func (e *estimate) metered(r inventory.Resource) bool {
	meter, ok := byUse[r.Type]
	if !ok {
		return false
	}
	m := Metered{r.Address, r.Type, meter.why, []UnitPrice{}}
	for _, item := range meter.items {
		figure, err := e.book.Price(pricing.Key{Item: item, Region: e.regionOf(r)})
		if err != nil {
			continue // the book that is at hand may lack it, and the resource is named all the same
		}
		definition := figure.Definition()
		m.Prices = append(m.Prices,
			UnitPrice{string(item), definition.Title, figure.Published(figure.Tiers[0]), definition.PerText(), figure.Estimated})
	}
	e.report.Metered = append(e.report.Metered, m)
	return true
}

// FindMetered is what costs by use at an address, if anything there does.
func (r *Report) FindMetered(address string) (Metered, bool) {
	i := slices.IndexFunc(r.Metered, func(m Metered) bool { return m.Address == address })
	if i < 0 {
		return Metered{}, false
	}
	return r.Metered[i], true
}
