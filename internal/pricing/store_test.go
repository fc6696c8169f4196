package pricing_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prices.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOpen is the specification of which prices are used.
func TestOpen(t *testing.T) {
	good, cut := file(natHour), file(natHour)[:100]
	old := strings.ReplaceAll(file(natHour), "2099-01-02", "2002-01-01")
	for _, test := range []struct {
		name         string
		chosen, kept string
		// price is that of a NAT gateway in eu-west-1: 0.099 in the file, 0.048 in the book.
		price         string
		code, warning string
	}{
		{name: "nothing was refreshed", price: "0.048"},
		{name: "refreshed prices are used", kept: good, price: "0.099"},
		{name: "and so are chosen ones", chosen: good, price: "0.099"},
		{name: "chosen ones before refreshed ones", chosen: good, kept: cut, price: "0.099"},
		{name: "damaged refreshed prices are left out, with a warning", kept: cut, price: "0.048", warning: "pricing.damaged"},
		{name: "and so are those that are older than the program's", kept: old, price: "0.048", warning: "pricing.older"},
		{name: "damaged chosen prices are an error", chosen: cut, kept: good, code: "pricing.damaged"},
		{name: "and so are older ones", chosen: old, code: "pricing.older"},
	} {
		t.Run(test.name, func(t *testing.T) {
			chosen, kept := "", filepath.Join(t.TempDir(), "absent.json")
			if test.chosen != "" {
				chosen = write(t, test.chosen)
			}
			if test.kept != "" {
				kept = write(t, test.kept)
			}
			book, warnings, err := pricing.Open(chosen, kept)
			if test.code != "" {
				if err == nil || diagnostic.From(err)[0].Code != test.code || diagnostic.Exit(err) != diagnostic.ExitInvalid {
					t.Fatalf("got %v, exit %d", err, diagnostic.Exit(err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if warned := len(warnings) > 0; warned != (test.warning != "") || warned && (warnings[0].Code != test.warning || warnings.HasErrors()) {
				t.Errorf("warnings: %v", warnings)
			}
			figure, err := book.Price(pricing.Key{Item: pricing.NATGatewayHour, Region: "eu-west-1"})
			if err != nil || figure.Rate().String() != test.price {
				t.Errorf("got %s, %v; want %s", figure.Rate(), err, test.price)
			}
		})
	}
	if _, _, err := pricing.Open(filepath.Join(t.TempDir(), "absent.json"), ""); !errors.Is(err, fs.ErrNotExist) ||
		diagnostic.From(err)[0].Todo == "" {
		t.Errorf("a chosen file that does not exist: %v", err)
	}
}

func TestSave(t *testing.T) {
	f, err := pricing.Read(strings.NewReader(file(natHour)), "prices.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "prices.json")
	for range 2 { // the second time it is there already
		if err := f.Save(path); err != nil {
			t.Fatal(err)
		}
	}
	again, err := pricing.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f, again); diff != "" {
		t.Error(diff)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	err = f.Save(filepath.Join(path, "below", "a-file.json"))
	if err == nil || diagnostic.From(err)[0].Code != "pricing.unwritable" || diagnostic.From(err)[0].Todo == "" {
		t.Errorf("below a file: %v", err)
	}
}

// TestKeep: what was taken for other regions stays, each with its own date.
func TestKeep(t *testing.T) {
	read := func(text string) *pricing.File {
		f, err := pricing.Read(strings.NewReader(text), "prices.json")
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	older := read(strings.ReplaceAll(file(natHour, strings.Replace(natHour, "eu-west-1", "eu-west-2", 1)), "2099-01-02", "2098-01-01"))
	newer := read(file(strings.Replace(natHour, "0.099", "0.1", 1)))
	newer.Keep(older)
	got := map[string]string{}
	for _, entry := range newer.Figures {
		got[entry.Region] = entry.Tiers[0].Price + " of " + newer.Sources[entry.Source].Date
	}
	if diff := cmp.Diff(map[string]string{"eu-west-1": "0.1 of 2099-01-02", "eu-west-2": "0.099 of 2098-01-01"}, got); diff != "" {
		t.Error(diff)
	}
	var out strings.Builder
	if err := newer.Write(&out); err != nil {
		t.Fatal(err)
	}
	read(out.String())
}

func TestSearch(t *testing.T) {
	b := book(t)
	for _, test := range []struct {
		name  string
		words []string
		want  []string
		least int
	}{
		{name: "everything but instance types", least: 100},
		{name: "a part of a name", words: []string{"nat_gateway"}, want: []string{"nat_gateway.hour", "nat_gateway.gb"}},
		{name: "a word of the title, case aside", words: []string{"COMPOSITE"}, want: []string{"cloudwatch.composite_alarm_month"}},
		{name: "all of the words", words: []string{"eks", "surcharge"}, want: []string{"eks.extended_support_hour"}},
		{name: "a model", words: []string{"sonnet-4-6", "output"}, want: []string{"bedrock.output_tokens of claude-sonnet-4-6"}},
		{name: "an instance type", words: []string{"m7i.2xlarge", "spot"}, want: []string{"ec2.spot_hour of m7i.2xlarge"}},
		{name: "EC2 without a type", words: []string{"ec2"}, want: nil},
		{name: "nothing", words: []string{"xyzzy"}, want: nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, err := b.Search("us-east-1", test.words...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.Key.String())
			}
			if test.least > 0 && len(got) >= test.least && !strings.Contains(strings.Join(got, " "), "ec2.") {
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := b.Search("eu-west-9", "nat"); err == nil {
		t.Error("a region that no one has heard of was searched")
	}
}
