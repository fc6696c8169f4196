package cost

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// Document is the bill for scripts. Amounts of money and quantities are decimal numbers in strings, so that nothing is lost.
type Document struct {
	Currency string `json:"currency"`
	// Total is of an average month, rounded to the cent; Least and Most bound it where a plan leaves something open.
	Total string `json:"total"`
	Least string `json:"least"`
	Most  string `json:"most"`
	// Purchase is how instances are bought.
	Purchase   Purchase    `json:"purchase,omitempty"`
	Year       int         `json:"year"`
	Timezone   string      `json:"timezone"`
	BookDate   string      `json:"price_book_date"`
	PriceDates []PriceDate `json:"price_dates"`
	// EstimatedPercent is the share of the bill whose figures are another region's, SpotPercent that of spot capacity.
	EstimatedPercent string `json:"estimated_percent"`
	SpotPercent      string `json:"spot_percent"`
	// Budget is the plan's own, by the month; left out if it has none.
	Budget string `json:"budget,omitempty"`
	// Models is what AI models cost of the total, and ModelsPerPerson for each person; left out where there are none.
	Models          string          `json:"ai_models,omitempty"`
	ModelsPerPerson string          `json:"ai_models_per_person,omitempty"`
	Stale           string          `json:"stale,omitempty"`
	Services        []GroupDocument `json:"services"`
	Modules         []GroupDocument `json:"modules"`
	Zones           []GroupDocument `json:"zones"`
	Lines           []LineDocument  `json:"lines"`
	Assumptions     []Assumed       `json:"assumptions"`
	Unpriced        []Unpriced      `json:"unpriced"`
	Metered         []Metered       `json:"metered"`
	Free            map[string]int  `json:"free"`
	Spot            []SpotType      `json:"spot"`
}

// GroupDocument is what lines cost together.
type GroupDocument struct {
	Name string `json:"name"`
	Cost string `json:"cost"`
}

// LineDocument is one line.
type LineDocument struct {
	Address     string            `json:"address"`
	Where       *diagnostic.Range `json:"where,omitempty"`
	Service     string            `json:"service"`
	Title       string            `json:"title"`
	Module      string            `json:"module"`
	Region      string            `json:"region"`
	Zone        string            `json:"zone,omitempty"`
	Item        string            `json:"item"`
	Of          string            `json:"of,omitempty"`
	Quantity    string            `json:"quantity"`
	Unit        string            `json:"unit"`
	Rate        string            `json:"first_unit_price"`
	Cost        string            `json:"cost"`
	Least       string            `json:"least"`
	Most        string            `json:"most"`
	Why         string            `json:"why"`
	Assumptions []string          `json:"assumptions"`
	Estimated   bool              `json:"estimated"`
	Source      pricing.Source    `json:"source"`
}

// Assumed is an assumption with its value.
type Assumed struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Why   string `json:"why"`
	Given bool   `json:"given"`
}

// Used lists the assumptions that any line hangs on, in the order of Assumptions after those on the load.
func (r *Report) Used() []Assumed {
	used := map[string]bool{}
	for _, line := range r.Lines {
		for _, name := range line.Assumptions {
			used[name] = true
		}
	}
	names := []string{"load", "users", "database_capacity"}
	for _, a := range Assumptions() {
		if a.Name != "users" {
			names = append(names, a.Name)
		}
	}
	found := []Assumed{}
	for _, name := range names {
		if used[name] {
			value, why := r.assumption(name)
			found = append(found, Assumed{name, value, why, r.Usage.Given(name)})
		}
	}
	return found
}

// Document makes the bill fit for scripts.
func (r *Report) Document() Document {
	least, most := r.Bounds()
	d := Document{
		Currency: "USD", Total: r.Total().Cents(), Least: least.Cents(), Most: most.Cents(), Year: r.Year, Timezone: r.Timezone,
		BookDate:   r.BookDate,
		PriceDates: r.PriceDates(), Stale: r.Stale(),
		Services: groupDocuments(r.Groups(ByService)), Modules: groupDocuments(r.Groups(ByModule)), Zones: groupDocuments(r.Groups(ByZone)),
		Lines: []LineDocument{}, Assumptions: r.Used(), Unpriced: append([]Unpriced{}, r.Unpriced...),
		Metered: append([]Metered{}, r.Metered...), Free: maps.Clone(r.Free), Spot: append([]SpotType{}, r.Spot...),
	}
	d.EstimatedPercent, d.SpotPercent = r.EstimatedPercent(), r.SpotPercent()
	if ai := r.Models(); ai.Cmp(pricing.USD{}) > 0 {
		d.Models, d.ModelsPerPerson = ai.Cents(), r.ModelsPerPerson().Cents()
	}
	if r.Budget.IsPositive() {
		d.Budget = r.Budget.StringFixed(2)
	}
	for _, line := range r.Lines {
		d.Lines = append(d.Lines, LineDocument{
			Address: line.Address, Where: line.Where, Service: line.Service, Title: line.Title, Module: line.Module(), Region: line.Region,
			Zone: line.Zone,
			Item: string(line.Figure.Key.Item), Of: line.Figure.Key.Of, Quantity: line.Quantity.String(), Unit: line.Figure.Definition().Unit,
			Rate: line.Figure.Rate().String(), Cost: line.Cost.Cents(), Least: line.Least.Cents(), Most: line.Most.Cents(), Why: line.Why,
			Assumptions: append([]string{}, line.Assumptions...), Estimated: line.Figure.Estimated, Source: line.Figure.Source,
		})
	}
	return d
}

func groupDocuments(groups []Group) []GroupDocument {
	list := []GroupDocument{}
	for _, group := range groups {
		list = append(list, GroupDocument{group.Name, group.Cost.Cents()})
	}
	return list
}

// csvColumns are those of WriteCSV.
var csvColumns = []string{
	"address", "region", "zone", "module", "service", "title", "item", "of", "quantity", "unit", "first_unit_price", "cost",
	"least", "most", "estimated",
	"source", "source_date", "why",
}

// WriteCSV writes one row for each line, with a header and without a total: the cost column adds up to it.
func (r *Report) WriteCSV(w io.Writer) error {
	rows := csv.NewWriter(w)
	if err := rows.Write(csvColumns); err != nil {
		return err
	}
	for _, line := range r.Document().Lines {
		estimated := "no"
		if line.Estimated {
			estimated = "yes"
		}
		cells := []string{
			line.Address, line.Region, line.Zone, line.Module, line.Service, line.Title, line.Item, line.Of, line.Quantity, line.Unit,
			line.Rate, line.Cost,
			line.Least, line.Most, estimated, line.Source.Name, line.Source.Date, line.Why,
		}
		for i, cell := range cells {
			cells[i] = inert(cell)
		}
		if err := rows.Write(cells); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}

// inert keeps a spreadsheet from taking a cell for a formula: such a text gets an apostrophe before it, which spreadsheets do not show
// (OWASP, "CSV Injection"). Numbers stay numbers.
func inert(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return cell
	}
	if _, err := decimal.NewFromString(cell); err == nil {
		return cell
	}
	return "'" + cell
}

// EstimatedPercent is the share of the bill whose figures are another region's, with one digit after the point.
func (r *Report) EstimatedPercent() string {
	return r.percentOf(func(l Line) bool { return l.Figure.Estimated })
}

// SpotPercent is the share of spot capacity, whose prices move from day to day.
func (r *Report) SpotPercent() string {
	return r.percentOf(func(l Line) bool { return l.Figure.Key.Item == pricing.EC2SpotHour })
}

func (r *Report) percentOf(has func(Line) bool) string {
	return r.percent(sum(r.Lines, func(l Line) pricing.USD {
		if has(l) {
			return l.Cost
		}
		return pricing.USD{}
	}))
}

// Estimated counts the lines whose figure is another region's.
func (r *Report) Estimated() int {
	return len(slices.DeleteFunc(slices.Clone(r.Lines), func(l Line) bool { return !l.Figure.Estimated }))
}
