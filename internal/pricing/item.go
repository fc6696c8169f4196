package pricing

import (
	"strconv"
	"sync"
)

// Item names what is sold: the service, and the unit that is counted. The names are stable, for scripts and files.
type Item string

// Definition says what an item is.
type Definition struct {
	Item Item
	// Service is AWS's name of the service.
	Service string
	// Title is what is bought, for people.
	Title string
	// Unit is what is counted, in the singular: hour, GB-month, request.
	Unit string
	// Per is how many units a published price is for: 1, or 1000000 for a price per million requests. It is a power of ten.
	Per int64
	// Varies says what tells the variants of the item apart; empty if there are none.
	Varies string
}

// zeros is the power of ten that Per is.
func (d Definition) zeros() int32 { return int32(len(strconv.FormatInt(d.Per, 10)) - 1) }

// PerText words what a published price is for: hour, 1,000 requests, million requests.
func (d Definition) PerText() string {
	switch d.Per {
	case 1:
		return d.Unit
	case 1_000_000:
		return "million " + d.Unit + "s"
	}
	return Thousands(strconv.FormatInt(d.Per, 10)) + " " + d.Unit + "s"
}

// definitions are all items by name.
var definitions = sync.OnceValue(func() map[Item]Definition {
	all := map[Item]Definition{}
	for _, d := range Items() {
		all[d.Item] = d
	}
	return all
})

// Define finds what an item is.
func Define(item Item) (Definition, bool) {
	d, ok := definitions()[item]
	return d, ok
}

// Items lists all definitions, service by service.
func Items() []Definition {
	var all []Definition
	for _, section := range catalog {
		for _, d := range section.items {
			d.Service = section.service
			all = append(all, d)
		}
	}
	return all
}

// Thousands sets commas between each three digits of a number before its point.
func Thousands(number string) string {
	end := len(number)
	for i, c := range number {
		if c == '.' {
			end = i
			break
		}
	}
	out := number[end:]
	for end > 3 {
		out = "," + number[end-3:end] + out
		end -= 3
	}
	return number[:end] + out
}

// section is what one service sells.
type section struct {
	service string
	items   []Definition
}
