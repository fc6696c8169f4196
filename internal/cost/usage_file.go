package cost

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/hclfile"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/shopspring/decimal"
	"github.com/zclconf/go-cty/cty"
)

// ReadUsage reads a file of assumptions in HCL: one assignment for each name, such as users = 300. What the file leaves out keeps its
// default. Errors are diagnostics with file and line.
func ReadUsage(file string) (*Usage, error) {
	text, d := hclfile.Settings.Read(file)
	if d != nil {
		d.Code, d.Why = "usage."+d.Code, d.Summary+": "+d.Why
		d.Summary, d.Todo = fmt.Sprintf("the usage file %s cannot be read", file), "name a text file that is there and that you may read"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	u, findings := parseUsage(file, text)
	if err := findings.Err(); err != nil {
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	return u, nil
}

func parseUsage(file string, text []byte) (*Usage, diagnostic.List) {
	r := &usageReader{file: file, lines: strings.Split(string(text), "\n"), usage: NewUsage()}
	if tooDeep, _ := hclfile.Settings.Brackets(file, text); tooDeep != nil {
		summary, why, todo := hclfile.Settings.Beyond()
		r.report(tooDeep, "usage.syntax", summary, why, todo)
		return nil, r.list
	}
	parsed, problems := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	for _, problem := range problems {
		r.report(problem.Subject, "usage.syntax", problem.Summary, problem.Detail, "write lines such as users = 300")
	}
	if problems.HasErrors() {
		return nil, r.list
	}
	body := parsed.Body.(*hclsyntax.Body)
	for _, block := range body.Blocks {
		at := block.TypeRange
		r.report(&at, "usage.block", "a usage file has no blocks", "it has one assignment for each name", fmt.Sprintf("write %s = …", block.Type))
	}
	for _, attribute := range slices.SortedFunc(values(body.Attributes), func(a, b *hclsyntax.Attribute) int {
		return a.NameRange.Start.Byte - b.NameRange.Start.Byte
	}) {
		value, problems := attribute.Expr.Value(nil)
		at := attribute.Expr.Range()
		if problems.HasErrors() {
			r.report(&at, "usage.value", attribute.Name+" is not a plain value", problems[0].Detail, "write a number, a text or a list")
			continue
		}
		r.set(attribute, value)
	}
	return r.usage, r.list
}

func values(attributes hclsyntax.Attributes) func(func(*hclsyntax.Attribute) bool) {
	return func(yield func(*hclsyntax.Attribute) bool) {
		for _, attribute := range attributes {
			if !yield(attribute) {
				return
			}
		}
	}
}

type usageReader struct {
	file  string
	lines []string
	usage *Usage
	list  diagnostic.List
}

func (r *usageReader) report(at *hcl.Range, code, summary, why, todo string) {
	d := diagnostic.Errorf("%s", summary)
	d.Code, d.Why, d.Todo = code, why, todo
	d.Where = &diagnostic.Range{File: r.file}
	if at != nil {
		d.Where.Line, d.Where.Column = at.Start.Line, at.Start.Column
		if at.End.Line == at.Start.Line {
			d.Where.EndColumn = at.End.Column
		}
		if at.Start.Line <= len(r.lines) {
			d.Where.Text = r.lines[at.Start.Line-1]
		}
	}
	r.list = append(r.list, d)
}

func (r *usageReader) set(attribute *hclsyntax.Attribute, value cty.Value) {
	name, at := attribute.Name, attribute.Expr.Range()
	switch name {
	case "load", "timezone":
		if value.Type() != cty.String || value.IsNull() {
			r.report(&at, "usage.value", name+" is a text", "it is written in quotes", fmt.Sprintf("write %s = \"…\"", name))
			return
		}
		if err := r.usage.Set(name, value.AsString()); err != nil {
			for _, d := range diagnostic.From(err) {
				r.report(&at, d.Code, d.Summary, d.Why, d.Todo)
			}
		}
	case "workday", "weekend":
		r.hours(name, value, &at)
	case "database_capacity":
		r.capacity(value, &at)
	default:
		number, ok := decimalOf(value)
		if !ok && slices.Contains(usageNames(), name) {
			r.report(&at, "usage.number", name+" is a number", "something else stands here",
				fmt.Sprintf("write %s = %s", name, r.usage.values[name]))
			return
		}
		if d := r.usage.setNumber(name, number); d != nil {
			where := at
			if d.Code == "usage.unknown_name" {
				where = attribute.NameRange
			}
			r.report(&where, d.Code, d.Summary, d.Why, d.Todo)
		}
	}
}

// hours reads the percentages of users by hour.
func (r *usageReader) hours(name string, value cty.Value, at *hcl.Range) {
	const todo = "write 24 numbers between 0 and 100, the first for the hour after midnight"
	var hours [24]decimal.Decimal
	if !value.CanIterateElements() || value.LengthInt() != len(hours) {
		r.report(at, "usage.hours", name+" is not a list of 24 numbers", "it has the percentage of users that are there in each hour of a day",
			todo)
		return
	}
	for i, element := range value.AsValueSlice() {
		number, ok := decimalOf(element)
		if !ok || number.IsNegative() || number.GreaterThan(decimal.NewFromInt(100)) {
			r.report(at, "usage.hours", fmt.Sprintf("hour %d of %s is no percentage", i, name),
				"it has the percentage of users that are there in each hour of a day", todo)
			return
		}
		hours[i] = number
	}
	if name == "workday" {
		r.usage.Workday = hours
	} else {
		r.usage.Weekend = hours
	}
	r.usage.Load, r.usage.given[name] = "hours", true
}

// capacity reads what the database needs by the number of users.
func (r *usageReader) capacity(value cty.Value, at *hcl.Range) {
	const todo = "write a list such as [{ users = 0, acu = 0.5 }, { users = 500, acu = 4 }], with users rising from 0"
	var points []CapacityPoint
	if !value.CanIterateElements() || value.LengthInt() == 0 {
		r.report(at, "usage.capacity", "database_capacity is not a list", "it says what capacity the database needs for so many users", todo)
		return
	}
	for _, element := range value.AsValueSlice() {
		point := CapacityPoint{}
		ok := element.Type().IsObjectType() && element.Type().HasAttribute("users") && element.Type().HasAttribute("acu")
		if ok {
			var users, acu bool
			point.Users, users = decimalOf(element.GetAttr("users"))
			point.ACU, acu = decimalOf(element.GetAttr("acu"))
			rising := len(points) == 0 && point.Users.IsZero() || len(points) > 0 && point.Users.GreaterThan(points[len(points)-1].Users)
			ok = users && acu && rising && !point.ACU.IsNegative()
		}
		if !ok {
			r.report(at, "usage.capacity", "database_capacity has an entry that cannot be used", "each needs users and acu, and users rise from 0",
				todo)
			return
		}
		points = append(points, point)
	}
	r.usage.Capacity, r.usage.given["database_capacity"] = points, true
}

// decimalOf is a number as HCL has it, exactly.
func decimalOf(value cty.Value) (decimal.Decimal, bool) {
	if value.IsNull() || value.Type() != cty.Number {
		return decimal.Zero, false
	}
	number, err := decimal.NewFromString(value.AsBigFloat().Text('f', -1))
	return number, err == nil
}
