package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/pricing"

	"github.com/spf13/cobra"
)

func (sh *shell) pricesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prices",
		Short: "Show what AWS asks for, with sources, and take new prices from AWS",
		Long: `The program carries a book of AWS's public prices in US dollars, before taxes and discounts. Each has a source and a date. Where the book
has no figure for a region, that of us-east-1 stands in and is marked as an estimate; a price without a source is not made up.`,
		RunE: group,
	}
	var o PricesOptions
	show := &cobra.Command{
		Use:   "show [WORD...]",
		Short: "Show the prices in a region that all words are found in",
		Long: `Show the prices in a region. Words narrow them down: a service, a part of a name, an instance type. Instance types are shown only if a
word is a part of their name.`,
		Example: `  coderaws prices show --region eu-central-1
  coderaws prices show nat
  coderaws prices show m7i.2xlarge m7i -o json`,
		RunE: func(_ *cobra.Command, words []string) error {
			o.Words = words
			result, err := Prices(sh.deps(), o)
			return present(sh, result, err, printPrices)
		},
	}
	show.Flags().StringVar(&o.Region, "region", pricing.Reference, "the AWS region")
	pricesFlag(show, &o.Prices)
	completeRegions(show)

	var r RefreshOptions
	refresh := &cobra.Command{
		Use:   "refresh",
		Short: "Take new prices from AWS",
		Long: `Ask AWS's Price List API for the prices of some regions, with the credentials that the aws command would use. It needs the permission
pricing:GetProducts, changes nothing, and costs nothing. The credentials must be those of an account of the commercial partition, also for the prices
of AWS GovCloud.

The prices are kept in the user's cache, and used from then on instead of those that the program carries, until a newer program carries newer ones.
With --save they are written to a file for --prices instead. A price that AWS does not tell, or not in a form that is understood, keeps the figure that
the program carries, and is named. Spot prices are not in AWS's price list; they follow the on-demand price.`,
		Example: `  coderaws prices refresh --region eu-central-1 --region us-east-1
  coderaws prices refresh --save prices.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := RefreshPrices(cmd.Context(), sh.deps(), r)
			return present(sh, report, err, printRefresh)
		},
	}
	refresh.Flags().StringSliceVar(&r.Regions, "region", []string{pricing.Reference}, "an AWS region; may be given more than once")
	refresh.Flags().StringVar(&r.Save, "save", "", "write the prices to this file, not to the cache")
	completeRegions(refresh)
	cmd.AddCommand(show, refresh)
	return cmd
}

// pricesFlag gives a command that prices something the choice of the prices.
func pricesFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "prices", "", "use the prices of this file, which 'coderaws prices refresh --save FILE' wrote")
	_ = cmd.MarkFlagFilename("prices", "json") // the flag exists
}

func completeRegions(cmd *cobra.Command) {
	// the flag exists
	_ = cmd.RegisterFlagCompletionFunc("region", cobra.FixedCompletions(facts.Regions(), cobra.ShellCompDirectiveNoFileComp))
}

// keptPrices is the file that refreshed prices are kept in; "" if the system has no place for it.
func (deps *Deps) keptPrices() string {
	if dir := deps.cacheDir(); dir != "" {
		return filepath.Join(dir, "prices.json")
	}
	return ""
}

// priceBook opens the prices: those of a file that was chosen, or else what the program carries and what was refreshed. It shows what is
// wrong with the latter.
func (deps *Deps) priceBook(file string) (*pricing.Book, error) {
	book, warnings, err := pricing.Open(file, deps.keptPrices())
	deps.warn(warnings)
	return book, err
}

// Price is one price.
type Price struct {
	Item    pricing.Item `json:"item"`
	Of      string       `json:"of,omitempty"`
	Region  string       `json:"region"`
	Service string       `json:"service"`
	Title   string       `json:"title"`
	Unit    string       `json:"unit"`
	// Tiers have the price of one unit.
	Tiers      []PriceTier    `json:"tiers"`
	Free       string         `json:"free,omitempty"`
	Estimated  bool           `json:"estimated"`
	FromRegion string         `json:"from_region"`
	Note       string         `json:"note,omitempty"`
	Source     pricing.Source `json:"source"`
}

// PriceTier is a step of a price, with the price of one unit.
type PriceTier struct {
	From  string      `json:"from"`
	To    string      `json:"to,omitempty"`
	Price pricing.USD `json:"price"`
}

func lineOf(f pricing.Figure) Price {
	d := f.Definition()
	line := Price{
		Item: f.Key.Item, Of: f.Key.Of, Region: f.Key.Region, Service: d.Service, Title: d.Title, Unit: d.Unit,
		Estimated: f.Estimated, FromRegion: f.Region, Note: f.Note, Source: f.Source,
	}
	if f.Free.IsPositive() {
		line.Free = f.Free.String()
	}
	for _, t := range f.Tiers {
		tier := PriceTier{From: t.From.String(), Price: t.Price}
		if t.To != nil {
			tier.To = t.To.String()
		}
		line.Tiers = append(line.Tiers, tier)
	}
	return line
}

// PricesOptions are which prices are shown.
type PricesOptions struct {
	Region string
	// Prices is a file of prices; "" for those that the program carries and those that were refreshed.
	Prices string
	// Words are all found in what is shown.
	Words []string
}

// PricesResult are prices in a region. Its JSON form only grows.
type PricesResult struct {
	Currency string  `json:"currency"`
	Date     string  `json:"date"`
	Prices   []Price `json:"prices"`
	Region   string  `json:"region"`
	// Stale is how many of the prices are past what a price is good for, and Oldest the day of the oldest of all.
	Stale  int    `json:"stale"`
	Oldest string `json:"oldest_date,omitempty"`

	book  *pricing.Book
	found []pricing.Figure
	words []string
}

// Prices finds the prices in a region that all words are found in.
func Prices(deps *Deps, o PricesOptions) (*PricesResult, error) {
	if facts.RegionName(o.Region) == "" {
		return nil, pricing.UnknownRegion(o.Region)
	}
	book, err := deps.priceBook(o.Prices)
	if err != nil {
		return nil, err
	}
	found, err := book.Search(o.Region, o.Words...)
	if err != nil {
		return nil, err
	}
	result := &PricesResult{Currency: "USD", Date: book.Date, Region: o.Region, Prices: []Price{}, book: book, found: found, words: o.Words}
	for _, f := range found {
		result.Prices = append(result.Prices, lineOf(f))
		result.age(f.Source.Date, deps.Now())
	}
	return result, nil
}

// age counts a price in by the day that it is of.
func (r *PricesResult) age(date string, now time.Time) {
	of, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return // a price that names no day has no age
	}
	if now.After(of.Add(facts.PricesGoodFor)) {
		r.Stale++
	}
	if r.Oldest == "" || date < r.Oldest {
		r.Oldest = date
	}
}

func printPrices(w io.Writer, result *PricesResult) error {
	if len(result.found) == 0 {
		return usageError("no price has all of these words in it: "+strings.Join(result.words, " "),
			"`coderaws prices show` lists them all; for an instance type, write a part of its name")
	}
	text := pricesText(result.book, result.Region, result.found, len(result.words) > 0)
	if result.Stale > 0 {
		text += fmt.Sprintf("\nSTALE: %d of these %d prices are more than a year old, the oldest of %s; `coderaws prices refresh` takes "+
			"AWS's own.\n",
			result.Stale, len(result.Prices), result.Oldest)
	}
	_, err := fmt.Fprint(w, text)
	return err
}

// pricesText writes prices for people: by service, with the sources below.
func pricesText(book *pricing.Book, region string, found []pricing.Figure, notes bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Public prices in %s, %s, in US dollars before taxes. The newest figure of the book is of %s.\n", facts.RegionName(region),
		region, book.Date)
	sources := map[pricing.Source]int{}
	var order []pricing.Source
	service, estimated := "", false
	var rows [][]string
	flush := func() {
		_ = table(&b, rows) // a strings.Builder does not fail
		rows = nil
	}
	for _, f := range found {
		d := f.Definition()
		if d.Service != service {
			flush()
			service = d.Service
			fmt.Fprintf(&b, "\n%s\n", service)
		}
		if sources[f.Source] == 0 {
			order = append(order, f.Source)
			sources[f.Source] = len(order)
		}
		name := strings.TrimSpace(string(f.Key.Item) + " " + f.Key.Of)
		amount := priceText(f)
		if f.Estimated {
			amount, estimated = "~"+amount, true
		}
		rows = append(rows, []string{"  " + name, amount, "per " + d.PerText(), titleText(f, notes), fmt.Sprintf("[%d]", sources[f.Source])})
	}
	flush()
	b.WriteString("\n")
	if estimated {
		fmt.Fprintf(&b, "~ is an estimate: the book has no figure for %s, and that of %s stands in.\n", region, pricing.Reference)
	}
	for i, source := range order {
		doubt := ""
		if source.Kind == pricing.Secondary {
			doubt = ", second hand: confirm it before much depends on it"
		}
		fmt.Fprintf(&b, "[%d] %s, %s%s\n    %s\n", i+1, source.Name, source.Date, doubt, source.URL)
	}
	if !notes {
		b.WriteString("\nEC2 instance types are shown when they are named: coderaws prices show m7i.2xlarge. Notes are shown with words.\n")
	}
	return b.String()
}

// priceText writes a price as AWS publishes it, with its tiers.
func priceText(f pricing.Figure) string {
	var parts []string
	for _, t := range f.Tiers {
		part := f.Published(t)
		switch {
		case t.To != nil:
			part += " to " + pricing.Thousands(t.To.String())
		case !f.Flat():
			part += " above"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func titleText(f pricing.Figure, notes bool) string {
	text := f.Definition().Title
	if f.Free.IsPositive() {
		text += fmt.Sprintf("; %s free each month", pricing.Thousands(f.Free.String()))
	}
	if notes && f.Note != "" {
		text += "; " + f.Note
	}
	return text
}
