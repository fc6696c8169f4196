package pricing_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the embedded book as File.Write does, and fail")

// head begins a price file with two sources; the figures follow.
const head = `{"format": 1, "currency": "USD", "date": "2099-01-02",
 "sources": {"a": {"name": "AWS Price List", "url": "https://example.com/a", "date": "2099-01-02", "kind": "aws"},
             "old": {"name": "AWS Price List", "url": "https://example.com/b", "date": "2001-01-01", "kind": "aws"}},
 "figures": [`

const tail = "]}"

func file(figures ...string) string { return head + strings.Join(figures, ",\n") + tail }

const natHour = `{"item": "nat_gateway.hour", "region": "eu-west-1", "tiers": [{"price": "0.099"}], "source": "a"}`

// TestRead is the specification of what is taken for a price file.
func TestRead(t *testing.T) {
	for _, test := range []struct {
		name string
		text string
		// code and why are those of the finding; both are empty for a file that is right.
		code, why string
		line      int
	}{
		{name: "a file", text: file(natHour)},
		{name: "tiers",
			text: file(
				`{"item": "nat_gateway.gb", "region": "eu-west-1", "tiers": [{"up_to": "10", "price": "2"}, {"price": "1"}], "source": "a"}`)},
		{name: "an instance type",
			text: file(`{"item": "ec2.on_demand_hour", "of": "m7i.large", "region": "eu-west-1", "tiers": [{"price": "0.1"}], "source": "a"}`)},

		{name: "nothing", text: "", code: "pricing.damaged", why: "it ends too early", line: 1},
		{name: "a file that was cut off", text: file(natHour)[:len(file(natHour))-40], code: "pricing.damaged", why: "it ends too early",
			line: 4},
		{name: "something else", text: "<html>", code: "pricing.damaged", why: "invalid character", line: 1},
		{name: "JSON of another kind", text: `{"format": 1, "name": "coderaws"}`, code: "pricing.damaged", why: "unknown field"},
		{name: "a number where a text belongs", text: file(strings.Replace(natHour, `"0.099"`, "0.099", 1)), code: "pricing.damaged",
			why: "cannot unmarshal number", line: 4},
		{name: "another version", text: `{"format": 2}`, code: "pricing.format"},
		{name: "no figures", text: file(), code: "pricing.damaged", why: "it holds no figures"},
		{name: "another currency", text: strings.Replace(file(natHour), "USD", "EUR", 1), code: "pricing.damaged",
			why: `its currency is "EUR", not USD`},
		{name: "no date", text: strings.Replace(file(natHour), `"date": "2099-01-02",`+"\n", `"date": "soon",`, 1), code: "pricing.damaged",
			why: `its date is "soon"`},
		{name: "a source of tomorrow", text: strings.Replace(file(natHour), "2099-01-02", "2099-01-01", 1), code: "pricing.damaged",
			why: `source "a" is of 2099-01-02, later than the file itself`},
		{name: "a source of another kind", text: strings.Replace(file(natHour), `"aws"`, `"rumour"`, 1), code: "pricing.damaged",
			why: `unknown kind "rumour"`},
		{name: "a source without an address", text: strings.Replace(file(natHour), "https://example.com/b", "", 1), code: "pricing.damaged",
			why: `source "old" has no name or no address`},
		{name: "a figure without a source", text: file(strings.Replace(natHour, `"source": "a"`, `"source": "b"`, 1)), code: "pricing.damaged",
			why: `nat_gateway.hour in eu-west-1: its source "b" is not listed`},
		{name: "a figure of nothing", text: file(strings.Replace(natHour, "nat_gateway", "toaster", 1)), code: "pricing.damaged",
			why: "toaster.hour in eu-west-1: there is nothing of this name"},
		{name: "a figure of nowhere", text: file(strings.Replace(natHour, "eu-west-1", "eu-west-9", 1)), code: "pricing.damaged",
			why: "there is no such region"},
		{name: "a figure twice", text: file(natHour, natHour), code: "pricing.damaged", why: "nat_gateway.hour in eu-west-1 is there twice"},
		{name: "a variant of what has none", text: file(strings.Replace(natHour, `"region"`, `"of": "large", "region"`, 1)),
			code: "pricing.damaged", why: "of the wrong kind"},
		{name: "an instance without its type", text: file(strings.Replace(natHour, "nat_gateway.hour", "ec2.on_demand_hour", 1)),
			code: "pricing.damaged", why: "differs by instance type"},
		{name: "a spot price",
			text: file(`{"item": "ec2.spot_hour", "of": "m7i.large", "region": "eu-west-1", "tiers": [{"price": "0.1"}], "source": "a"}`),
			code: "pricing.damaged", why: "spot prices follow from"},
		{name: "no price", text: file(strings.Replace(natHour, `{"price": "0.099"}`, "", 1)), code: "pricing.damaged", why: "it has no price"},
		{name: "a negative price", text: file(strings.Replace(natHour, "0.099", "-0.099", 1)), code: "pricing.damaged",
			why: `"-0.099" is not a price`},
		{name: "a price that fills the memory", text: file(strings.Replace(natHour, "0.099", "1e999999999", 1)), code: "pricing.damaged",
			why: "is not a price"},
		{name: "a first tier without a limit", text: file(strings.Replace(natHour, `{"price": "0.099"}`, `{"price": "2"}, {"price": "1"}`, 1)),
			code: "pricing.damaged", why: "only the last has no limit"},
		{name: "a last tier with a limit", text: file(strings.Replace(natHour, `{"price"`, `{"up_to": "5", "price"`, 1)), code: "pricing.damaged",
			why: "only the last has no limit"},
		{name: "tiers in disorder",
			text: file(strings.Replace(natHour, `{"price": "0.099"}`, `{"up_to": "5", "price": "3"}, {"up_to": "5", "price": "2"}, {"price": "1"}`,
				1)), code: "pricing.damaged", why: `limit "5" of a tier is not above`},
		{name: "a gift that is no number", text: file(strings.Replace(natHour, `"source"`, `"free": "some", "source"`, 1)),
			code: "pricing.damaged", why: `"some" is not a number`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := pricing.Read(strings.NewReader(test.text), "prices.json")
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil {
				t.Fatal("it was taken for a price file")
			}
			d := diagnostic.From(err)[0]
			if d.Code != test.code || !strings.Contains(d.Why, test.why) || !strings.Contains(d.Todo, "coderaws prices refresh") {
				t.Errorf("got %s: %s: %s (what to do: %s), want %s: %s", d.Code, d.Summary, d.Why, d.Todo, test.code, test.why)
			}
			if d.Where == nil || d.Where.File != "prices.json" || d.Where.Line != test.line {
				t.Errorf("it is said to be at %v, want prices.json, line %d", d.Where, test.line)
			}
		})
	}
}

// TestWith lays a file over the book.
func TestWith(t *testing.T) {
	b := book(t)
	f, err := pricing.Read(strings.NewReader(file(natHour,
		`{"item": "nat_gateway.hour", "region": "eu-west-2", "tiers": [{"price": "7"}], "source": "old"}`,
		`{"item": "nat_gateway.gb", "region": "il-central-1", "tiers": [{"price": "8"}], "source": "old"}`,
		`{"item": "ec2.on_demand_hour", "of": "m5.2xlarge", "region": "us-east-1", "tiers": [{"price": "0.5"}], "source": "a"}`,
	)), "prices.json")
	if err != nil {
		t.Fatal(err)
	}
	over := b.With(f)
	for _, test := range []struct {
		name       string
		item       pricing.Item
		of, region string
		want       string
	}{
		{"a newer figure takes the place of the book's", pricing.NATGatewayHour, "", "eu-west-1", "0.099"},
		{"an older one does not", pricing.NATGatewayHour, "", "eu-west-2", "0.05"},
		{"one that the book lacks is taken, however old", pricing.NATGatewayGB, "", "il-central-1", "8"},
		{"a figure that the file lacks stays", pricing.NATGatewayGB, "", "us-east-1", "0.045"},
		{"an instance type takes the new price", pricing.EC2OnDemandHour, "m5.2xlarge", "us-east-1", "0.5"},
		{"and spot follows it: 60 % less", pricing.EC2SpotHour, "m5.2xlarge", "us-east-1", "0.2"},
		{"other types stay", pricing.EC2OnDemandHour, "m5.xlarge", "us-east-1", "0.192"},
	} {
		figure, err := over.Price(pricing.Key{Item: test.item, Of: test.of, Region: test.region})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if got := figure.Rate().String(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	if over.Date != "2099-01-02" {
		t.Errorf("the book is of %s", over.Date)
	}
	if figure, err := b.Price(pricing.Key{Item: pricing.NATGatewayHour, Region: "eu-west-1"}); err != nil ||
		figure.Rate().String() != "0.048" {
		t.Errorf("the book below changed to %s, %v", figure.Rate(), err)
	}
}

func TestOlder(t *testing.T) {
	b := book(t)
	for date, refused := range map[string]bool{"2001-01-01": true, b.Date: false, "2099-01-01": false} {
		err := b.Older(&pricing.File{Date: date}, "prices.json")
		if (err != nil) != refused {
			t.Errorf("a file of %s: %v", date, err)
		}
		if err != nil && (diagnostic.From(err)[0].Code != "pricing.older" || !strings.Contains(err.Error(), b.Date)) {
			t.Errorf("a file of %s: %v", date, err)
		}
	}
}

// TestWrite: what is written is what was read, and the embedded book is written as it stands.
func TestWrite(t *testing.T) {
	text, err := os.ReadFile("../facts/prices.json")
	if err != nil {
		t.Fatal(err)
	}
	first, err := pricing.Read(bytes.NewReader(text), "../facts/prices.json")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := first.Write(&out); err != nil {
		t.Fatal(err)
	}
	again, err := pricing.Read(bytes.NewReader(out.Bytes()), "written")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	if *update && string(text) != out.String() {
		if err := os.WriteFile("../facts/prices.json", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if string(text) != out.String() {
		t.Error("prices.json is not written as File.Write writes it, which keeps differences readable; run the test with -update")
	}
	used := map[string]bool{}
	for _, entry := range first.Figures {
		used[entry.Source] = true
	}
	for id := range first.Sources {
		if !used[id] {
			t.Errorf("no figure has the source %s", id)
		}
	}
}

// FuzzRead: no text makes the reader fail otherwise than with a diagnostic, and what it takes can be asked and written.
func FuzzRead(f *testing.F) {
	text, err := os.ReadFile("../facts/prices.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(file(natHour))
	f.Add(
		file(
			`{"item": "nat_gateway.gb", "region": "global", "tiers": [{"up_to": "10.5", "price": "2"}, {"price": "0"}], "free": "3", "note": "n", "source": "a"}`))
	f.Add(`{"format": 1}`)
	f.Add("")
	b := book(f)
	f.Fuzz(func(t *testing.T, text string) {
		read, err := pricing.Read(strings.NewReader(text), "fuzz.json")
		if err != nil {
			if diagnostic.From(err)[0].Todo == "" {
				t.Errorf("no way out of %v", err)
			}
			return
		}
		over := b.With(read)
		for _, entry := range read.Figures {
			if entry.Region == pricing.Global {
				continue
			}
			if _, err := over.Price(pricing.Key{Item: entry.Item, Of: entry.Of, Region: entry.Region}); err != nil {
				t.Errorf("a figure of the file cannot be asked: %v", err)
			}
		}
		var out bytes.Buffer
		if err := read.Write(&out); err != nil {
			t.Fatal(err)
		}
		if _, err := pricing.Read(&out, "written"); err != nil {
			t.Errorf("what was written cannot be read: %v", err)
		}
	})
}
