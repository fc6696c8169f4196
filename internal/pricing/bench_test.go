package pricing_test

import (
	"testing"

	"coderaws/internal/pricing"
)

// BenchmarkEmbedded opens the book without the table of instance types; the bound is 20 ms.
func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := pricing.Embedded(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstInstance opens the book and the table of instance types.
func BenchmarkFirstInstance(b *testing.B) {
	for b.Loop() {
		if _, err := book(b).Spot("m7i.2xlarge", "eu-west-1"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPrice asks an open book.
func BenchmarkPrice(b *testing.B) {
	book := book(b)
	key := pricing.Key{Item: pricing.NATGatewayGB, Region: "il-central-1"}
	for b.Loop() {
		if _, err := book.Price(key); err != nil {
			b.Fatal(err)
		}
	}
}
