package cli

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"coderaws/internal/atomicfile"
	"coderaws/internal/capacity"
	"coderaws/internal/cost"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"
	"coderaws/internal/spot"

	"github.com/shopspring/decimal"
	"github.com/zclconf/go-cty/cty"
)

// sizer tries settings of one region, each by a plan: what they need and hold is the stack's to say.
type sizer struct {
	deps   *Deps
	o      SizeOptions
	region *deployment.Region
}

// sized is a region with settings, as it was planned.
type sized struct {
	region   *deployment.Region
	text     []byte
	settings []deployment.Assignment
	capacity *capacity.Capacity
	bill     bill
	book     *pricing.Book
	options  cost.Options
}

// The most that the settings can be, with which a plan says what is needed instead of what is lacking.
const (
	mostControlNodes = 10
	mostGroupNodes   = 450
	mostACU          = 256
)

// best is the cheapest of what holds the workspaces: nodes as they are, and of the same families one size up.
func (s *sizer) best(ctx context.Context) (*sized, error) {
	types := textsOf(s.region.Value("node_groups.workspace.instance_types"))
	most := map[string]cty.Value{
		"node_groups.control.size": cty.NumberIntVal(mostControlNodes), "node_groups.provisioner.max_size": cty.NumberIntVal(mostGroupNodes),
		"node_groups.workspace.max_size": cty.NumberIntVal(mostGroupNodes), "database.max_acu": cty.NumberIntVal(mostACU),
	}
	asked, err := s.try(ctx, types, most)
	if err != nil {
		return nil, err
	}
	best, err := s.fitted(ctx, types, asked)
	if err != nil {
		return nil, err
	}
	larger := spot.Larger(types, s.region.Name)
	if larger == nil {
		return best, nil
	}
	needs := maps.Clone(most)
	for name := range most {
		if name != "node_groups.workspace.max_size" {
			needs[name] = best.region.Value(name)
		}
	}
	asked, err = s.try(ctx, larger, needs)
	if err != nil || asked.bill.report.Total().Cmp(best.bill.report.Total()) >= 0 {
		return best, nil // what cannot be planned, such as sizes that a rule of the user's own refuses, is no better
	}
	if other, err := s.fitted(ctx, larger, asked); err == nil && other.bill.report.Total().Cmp(best.bill.report.Total()) < 0 {
		return other, nil
	}
	return best, nil
}

// fitted is what the plan asks for, and no more.
func (s *sizer) fitted(ctx context.Context, types []string, asked *sized) (*sized, error) {
	needs := map[string]cty.Value{}
	for _, limit := range asked.capacity.Limits {
		if number, err := strconv.ParseFloat(limit.Needs, 64); err == nil {
			needs[limit.Setting] = cty.NumberFloatVal(number)
		}
	}
	if acu := needs["database.max_acu"]; acu != cty.NilVal && acu.LessThan(cty.NumberIntVal(1)).True() {
		needs["database.max_acu"] = cty.NumberIntVal(1) // the least that Aurora scales to at its most
	}
	return s.try(ctx, types, needs)
}

// try plans and prices the region with instance types and limits, and with the least of all that is not a limit.
func (s *sizer) try(ctx context.Context, types []string, limits map[string]cty.Value) (*sized, error) {
	settings := []deployment.Assignment{
		{Setting: "max_workspaces", Value: cty.NumberIntVal(int64(s.o.Workspaces))},
		{Setting: "node_groups.workspace.instance_types", Value: listOf(types)},
		{Setting: "node_groups.workspace.min_size", Value: cty.NumberIntVal(1)},
		{Setting: "node_groups.workspace.off_peak_min_size", Value: cty.NumberIntVal(0)},
		{Setting: "node_groups.provisioner.min_size", Value: cty.NumberIntVal(1)},
		{Setting: "node_groups.provisioner.off_peak_min_size", Value: cty.NumberIntVal(1)},
		{Setting: "database.min_acu", Value: cty.NumberFloatVal(0.5)},
	}
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		settings = append(settings, deployment.Assignment{Setting: name, Value: limits[name]})
	}
	if s.o.Spot != "" {
		settings = append(settings, deployment.Assignment{Setting: "deployment_features.spot_workspaces", Value: cty.BoolVal(s.o.Spot == "on")})
	}
	if s.o.Budget != "" {
		budget, err := decimal.NewFromString(s.o.Budget)
		if err != nil {
			return nil, err
		}
		settings = append(settings, deployment.Assignment{Setting: "budget.monthly_usd", Value: cty.NumberFloatVal(budget.InexactFloat64())})
	}
	region, text, err := s.region.With(settings)
	if err != nil {
		return nil, err
	}
	book, err := s.deps.priceBook("")
	if err != nil {
		return nil, err
	}
	dir, remove, err := s.deps.scratch()
	if err != nil {
		return nil, err
	}
	defer remove()
	if err := atomicfile.Write(filepath.Join(dir, filepath.Base(region.File)), text, 0o600); err != nil {
		return nil, err
	}
	quiet := *s.deps
	quiet.Warn = func(diagnostic.List) {} // of the deployment all was said when it was read
	options := cost.Options{Now: s.deps.Now()}
	b, err := quiet.price(ctx, ReportOptions{What: dir, Existing: s.o.Existing}, book, options)
	if err != nil {
		return nil, shortfall(err, &deployment.Deployment{Dir: s.o.Dir, Regions: []deployment.Region{*region}})
	}
	if b.inputs[0].Capacity == nil {
		return nil, capacity.ErrNone
	}
	return &sized{region, text, settings, b.inputs[0].Capacity, b, book, options}, nil
}

// result words what was found, and refuses what costs more than it may.
func (s *sizer) result(best *sized) (*SizeResult, error) {
	total := best.bill.report.Total()
	options := best.options
	options.Purchase = cost.OnDemand
	onDemand, err := best.bill.again(best.book, options)
	if err != nil {
		return nil, err
	}
	result := &SizeResult{
		Version: 1, File: s.region.File, Region: s.region.Name, Workspaces: s.o.Workspaces, Supported: best.capacity.Supported,
		Settings: []SizeChange{}, Total: total.Cents(), OnDemand: onDemand.Total().Cents(), Budget: s.o.Budget,
		PerPerson: total.Decimal().DivRound(decimal.NewFromInt(int64(s.o.Workspaces)), 2).StringFixed(2),
	}
	for _, a := range best.settings {
		before := "not set"
		if value := s.region.Value(a.Setting); value != cty.NilVal && !value.IsNull() {
			before = deployment.Assignment{Value: value}.Text()
		}
		if after := a.Text(); after != before {
			result.Settings = append(result.Settings, SizeChange{a.Setting, before, after})
		}
	}
	if s.o.Budget != "" && total.Decimal().GreaterThan(decimal.RequireFromString(s.o.Budget)) {
		d := diagnostic.Errorf("%s at once cost %s USD in an average month, which is more than %s", plural(s.o.Workspaces, "workspace"),
			money(total), pricing.Thousands(s.o.Budget))
		d.Code, d.Why = "size.budget", "this is the least that was found, and nothing was written"
		d.Todo = "raise --budget, or lower the number of workspaces"
		if best.region.String("deployment_features.spot_workspaces") != "true" {
			d.Todo += "; --spot on runs them on capacity that AWS may take back"
		}
		return nil, diagnostic.WithExit(diagnostic.ExitRefused, d)
	}
	return result, nil
}
