package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"

	"github.com/shopspring/decimal"
)

// fileFormat is the version of the form in which figures are kept.
const fileFormat = 1

// fileLimit bounds how much is read of a price file, in bytes. All that AWS publishes for what this program prices is a tenth of it.
const fileLimit = 64 << 20

// File is a set of figures as it is kept. The embedded book and refreshed prices have the same form.
type File struct {
	Format int `json:"format"`
	// Currency is USD.
	Currency string `json:"currency"`
	// Date is that of the newest figure, as 2006-01-02.
	Date    string            `json:"date"`
	Sources map[string]Source `json:"sources"`
	Figures []Entry           `json:"figures"`
}

// Entry is a figure as a file keeps it: prices are for as many units as AWS publishes them for (Definition.Per), limits are in units.
type Entry struct {
	Item   Item        `json:"item"`
	Of     string      `json:"of,omitempty"`
	Region string      `json:"region"`
	Tiers  []EntryTier `json:"tiers"`
	Free   string      `json:"free,omitempty"`
	Note   string      `json:"note,omitempty"`
	// Source is a key of File.Sources.
	Source string `json:"source"`
}

// EntryTier is a tier as a file keeps it.
type EntryTier struct {
	// UpTo is the last unit of the tier; empty in the last tier.
	UpTo  string `json:"up_to,omitempty"`
	Price string `json:"price"`
}

// plainNumber keeps exponents out: 1e1000000000 is a short text, and a number that fills the memory.
var plainNumber = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,18})?$`)

// Read reads a price file and checks it. The name is for messages. Errors are diagnostics: pricing.damaged for what is not a whole price
// file, and pricing.format for one of another version.
func Read(r io.Reader, name string) (*File, error) { return parse(r, name) }

func parse(r io.Reader, name string) (*File, error) {
	text, err := io.ReadAll(io.LimitReader(r, fileLimit+1))
	if err != nil {
		return nil, damaged(name, 0, err.Error())
	}
	if len(text) > fileLimit {
		return nil, damaged(name, 0, "it is larger than 64 MiB")
	}
	var f File
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		var version struct {
			Format int `json:"format"`
		}
		if json.Unmarshal(text, &version) == nil && version.Format != fileFormat {
			return nil, otherFormat(name, version.Format) // which may well have other members
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, damaged(name, 1+bytes.Count(text, []byte("\n")), "it ends too early")
		}
		return nil, damaged(name, line(text, err), err.Error())
	}
	if f.Format != fileFormat {
		return nil, otherFormat(name, f.Format)
	}
	if why := f.check(); why != "" {
		return nil, damaged(name, 0, why)
	}
	return &f, nil
}

// line finds where JSON ends to be JSON; 0 if the error does not say.
func line(text []byte, err error) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(-1)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(text)) {
		return 0
	}
	return 1 + strings.Count(string(text[:offset]), "\n")
}

// check says what is wrong with a file, or nothing.
func (f *File) check() string {
	if f.Currency != "USD" {
		return fmt.Sprintf("its currency is %q, not USD", f.Currency)
	}
	if !isDate(f.Date) {
		return fmt.Sprintf("its date is %q, not of the form 2026-11-22", f.Date)
	}
	if len(f.Figures) == 0 {
		return "it holds no figures"
	}
	for id, source := range f.Sources {
		switch {
		case source.Name == "" || source.URL == "":
			return fmt.Sprintf("source %q has no name or no address", id)
		case !isDate(source.Date):
			return fmt.Sprintf("the date of source %q is %q, not of the form 2026-11-22", id, source.Date)
		case source.Date > f.Date:
			return fmt.Sprintf("source %q is of %s, later than the file itself", id, source.Date)
		case !slices.Contains([]Kind{FromAWS, Quoted, Secondary}, source.Kind):
			return fmt.Sprintf("source %q is of the unknown kind %q", id, source.Kind)
		}
	}
	seen := map[Key]bool{}
	for _, entry := range f.Figures {
		key := Key{entry.Item, entry.Of, entry.Region}
		if why := entry.check(f.Sources); why != "" {
			return fmt.Sprintf("the figure %s in %s: %s", key, entry.Region, why)
		}
		if seen[key] {
			return fmt.Sprintf("the figure %s in %s is there twice", key, entry.Region)
		}
		seen[key] = true
	}
	return ""
}

func (e Entry) check(sources map[string]Source) string {
	definition, ok := Define(e.Item)
	switch {
	case !ok:
		return "there is nothing of this name"
	case e.Region != Global && facts.RegionName(e.Region) == "":
		return "there is no such region"
	case (definition.Varies == "") != (e.Of == ""):
		return "it is of the wrong kind: " + strings.TrimSuffix("it differs by "+definition.Varies, " by ")
	case e.Item == EC2SpotHour:
		return "spot prices follow from the on-demand price, and are not kept"
	case e.Free != "" && !plainNumber.MatchString(e.Free):
		return fmt.Sprintf("%q is not a number", e.Free)
	case len(e.Tiers) == 0:
		return "it has no price"
	}
	if _, ok := sources[e.Source]; !ok {
		return fmt.Sprintf("its source %q is not listed", e.Source)
	}
	from := decimal.Zero
	for i, tier := range e.Tiers {
		last := i == len(e.Tiers)-1
		if _, ok := ParseUSD(tier.Price); !ok {
			return fmt.Sprintf("%q is not a price", tier.Price)
		}
		if last != (tier.UpTo == "") {
			return "its tiers do not go on to the end: only the last has no limit"
		}
		if last {
			continue
		}
		if !plainNumber.MatchString(tier.UpTo) || !decimal.RequireFromString(tier.UpTo).GreaterThan(from) {
			return fmt.Sprintf("the limit %q of a tier is not above the one before it", tier.UpTo)
		}
		from = decimal.RequireFromString(tier.UpTo)
	}
	return ""
}

// figures are the entries of a file that was checked, ready to be asked.
func (f *File) figures() map[Key]Figure {
	all := make(map[Key]Figure, len(f.Figures))
	for _, e := range f.Figures {
		figure := Figure{Key: Key{e.Item, e.Of, e.Region}, Region: e.Region, Note: e.Note, Source: f.Sources[e.Source]}
		if e.Free != "" {
			figure.Free = decimal.RequireFromString(e.Free)
		}
		definition, _ := Define(e.Item)
		from := decimal.Zero
		for _, tier := range e.Tiers {
			price, _ := ParseUSD(tier.Price)
			t := Tier{From: from, Price: USD{price.amount.Shift(-definition.zeros())}}
			if tier.UpTo != "" {
				to := decimal.RequireFromString(tier.UpTo)
				t.To, from = &to, to
			}
			figure.Tiers = append(figure.Tiers, t)
		}
		all[figure.Key] = figure
	}
	return all
}

// Write writes a file so that differences between two can be read: one figure a line, in order.
func (f *File) Write(w io.Writer) error {
	slices.SortFunc(f.Figures, func(a, b Entry) int {
		return strings.Compare(string(a.Item)+"\x00"+a.Of+"\x00"+a.Region, string(b.Item)+"\x00"+b.Of+"\x00"+b.Region)
	})
	var b strings.Builder
	fmt.Fprintf(&b, "{\n  \"format\": %d,\n  \"currency\": %q,\n  \"date\": %q,\n  \"sources\": {", f.Format, f.Currency, f.Date)
	for i, id := range slices.Sorted(maps.Keys(f.Sources)) {
		if err := writeLine(&b, i, f.Sources[id], id); err != nil {
			return err
		}
	}
	b.WriteString("\n  },\n  \"figures\": [")
	for i, entry := range f.Figures {
		if err := writeLine(&b, i, entry, ""); err != nil {
			return err
		}
	}
	b.WriteString("\n  ]\n}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// writeLine writes one member of an object or array on a line of its own.
func writeLine(b *strings.Builder, i int, value any, name string) error {
	if i > 0 {
		b.WriteByte(',')
	}
	b.WriteString("\n    ")
	if name != "" {
		quoted, err := json.Marshal(name)
		if err != nil {
			return err
		}
		b.Write(quoted)
		b.WriteString(": ")
	}
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return err
	}
	b.WriteString(strings.TrimSuffix(text.String(), "\n"))
	return nil
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func damaged(name string, line int, why string) error {
	d := diagnostic.Errorf("%s cannot be used", name)
	d.Code, d.Why = "pricing.damaged", why
	d.Where = &diagnostic.Range{File: name, Line: line}
	d.Todo = "make it anew with `coderaws prices refresh`, or remove it: the program carries prices of its own"
	return d
}

func otherFormat(name string, format int) error {
	d := diagnostic.Errorf("%s has format %d; this program reads format %d", name, format, fileFormat)
	d.Code, d.Where = "pricing.format", &diagnostic.Range{File: name}
	d.Todo = "make it anew with `coderaws prices refresh`, or use the coderaws that wrote it"
	return d
}

// Older is the error for a file whose figures the book has newer.
func (b *Book) Older(f *File, name string) error {
	if f.Date >= b.Date {
		return nil
	}
	d := diagnostic.Errorf("the prices in %s are of %s, and those that the program carries of %s", name, f.Date, b.Date)
	d.Code, d.Where = "pricing.older", &diagnostic.Range{File: name}
	d.Why = "prices may not go back in time without anybody noticing"
	d.Todo = "make it anew with `coderaws prices refresh`, or remove it"
	return d
}
