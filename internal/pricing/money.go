package pricing

import "github.com/shopspring/decimal"

// USD is an amount of US dollars. It is exact: sums and products lose nothing, and only Cents rounds. The zero USD is no money.
type USD struct{ amount decimal.Decimal }

// Dollars is an amount of money.
func Dollars(amount decimal.Decimal) USD { return USD{amount} }

// ParseUSD reads an amount that is not negative, such as 0.0000004: at most twelve digits before the point and eighteen after it.
func ParseUSD(text string) (USD, bool) {
	if !plainNumber.MatchString(text) {
		return USD{}, false
	}
	amount, err := decimal.NewFromString(text)
	return USD{amount}, err == nil
}

// Plus adds.
func (a USD) Plus(b USD) USD { return USD{a.amount.Add(b.amount)} }

// Minus subtracts; the result may be negative.
func (a USD) Minus(b USD) USD { return USD{a.amount.Sub(b.amount)} }

// Times multiplies by a quantity.
func (a USD) Times(quantity decimal.Decimal) USD { return USD{a.amount.Mul(quantity)} }

// Cmp compares: -1 if a is less than b, 0 if they are the same, 1 if a is more.
func (a USD) Cmp(b USD) int { return a.amount.Cmp(b.amount) }

// Equal reports whether the amounts are the same, whatever zeros they were written with.
func (a USD) Equal(b USD) bool { return a.amount.Equal(b.amount) }

// IsZero reports whether the amount is nothing.
func (a USD) IsZero() bool { return a.amount.IsZero() }

// Decimal is the exact amount, for arithmetic that USD does not have.
func (a USD) Decimal() decimal.Decimal { return a.amount }

// Cents rounds to the cent, half a cent away from zero, and writes two digits after the point. Nothing else rounds: what is shown is the
// rounding of an exact sum, and never a sum of what was rounded.
func (a USD) Cents() string { return a.amount.StringFixed(2) }

// String writes the exact amount without needless zeros.
func (a USD) String() string { return a.amount.String() }

// MarshalText writes the exact amount, so that JSON holds it as a string, as AWS's price lists do.
func (a USD) MarshalText() ([]byte, error) { return []byte(a.amount.String()), nil }
