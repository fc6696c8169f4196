package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/preflight"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// askAWS stands for the account of the credentials.
const askAWS = "aws"

// AccountOptions say which account a command has in mind.
type AccountOptions struct {
	// Account is a snapshot file, aws for the account of the credentials, or "" for none.
	Account string
	// Resolver is the DNS server that is asked about delegations; "" is the system's.
	Resolver string
}

func (o *AccountOptions) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.Account, "account", "",
		"the account to have in mind: a FILE that check --save-account wrote, or aws to ask the account of your credentials")
	cmd.Flags().StringVar(&o.Resolver, "resolver", "",
		"the DNS server, as HOST or HOST:PORT, to ask about hosted zones where your own answers otherwise than the internet's")
}

// wanted reports whether an account is named.
func (o *AccountOptions) wanted() bool { return o.Account != "" }

// ask gives the snapshot of the account that the flags name. asker is nil where it comes from a file.
func (deps *Deps) askAccount(ctx context.Context, o AccountOptions, d *deployment.Deployment) (*account.Snapshot, *account.Asker, error) {
	names := make([]string, len(d.Regions))
	for i, region := range d.Regions {
		names[i] = region.Name
	}
	if o.Account != askAWS {
		s, err := account.Load(o.Account)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range names {
			if s.Regions[name] == nil {
				return nil, nil, otherRegion(o.Account, name)
			}
		}
		return s, nil, nil
	}
	instance, codes := preflight.Instance()
	asker, err := account.NewAsker(ctx, account.Options{
		Region: names[0], Quotas: preflight.Quotas(), Instance: instance, InstanceCodes: codes, Resolver: resolver(o.Resolver), Now: deps.Now,
	})
	if err != nil {
		return nil, nil, err
	}
	deps.Notice(fmt.Sprintf("Asking AWS account %s, as %s", asker.Identity.Account, asker.Identity.ARN))
	s, err := asker.Take(ctx, names)
	return s, asker, err
}

func otherRegion(file, region string) error {
	d := diagnostic.Errorf("%s says nothing of %s", file, region)
	d.Code, d.Why = "account.other_region", "it was taken for a deployment in other regions"
	d.Todo = "take one for this deployment: `coderaws check DIR --target aws --save-account FILE`"
	d.Where = &diagnostic.Range{File: file}
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// resolver asks a DNS server, or those of the system.
func resolver(server string) *net.Resolver {
	if server == "" {
		return net.DefaultResolver
	}
	if _, _, err := net.SplitHostPort(server); err != nil {
		server = net.JoinHostPort(server, "53")
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, server)
	}}
}

// counted lives a deployment on an embedded AWS that only counts, and compares what that needed with the account. What the life itself was
// refused is among the findings.
func (deps *Deps) counted(ctx context.Context, name string, d *deployment.Deployment, s *account.Snapshot,
	asker *account.Asker) (*preflight.Verdict, error) {
	dir, remove, err := deps.scratch()
	if err != nil {
		return nil, err
	}
	defer remove()
	target := rehearsal.NewIn(s.Account, name, deps.Now)
	var need *rehearsal.Need
	err = deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		var ask func(string, []string) error
		if asker != nil {
			ask = func(region string, types []string) error { return asker.Offers(ctx, s, region, types) }
		}
		if deps.Brief {
			r.Reporter = briefly{r.Reporter} // what is made here is of no interest
		}
		need, err = target.Learn(ctx, r, s, &deployment.Deployment{Dir: dir, Regions: d.Regions}, ask)
		return err
	})
	if err != nil && (need == nil || diagnostic.Exit(err) == diagnostic.ExitInterrupted) {
		return nil, err
	}
	verdict := preflight.Compare(s, need, preflight.Own(s, d), deps.Now())
	verdict.Findings = append(preflight.Explain(s, diagnostic.From(err)), verdict.Findings...)
	return verdict, nil
}

// briefly reports the beginning and the end of an operation, not its steps.
type briefly struct{ progress.Reporter }

// Event is not reported.
func (briefly) Event(engine.Event) {}

// rehearsal makes the target of a rehearsal, in the account that the flags name if they name one. explain adds to the error of a rehearsal
// in an account all that the account has no room for, not only what stopped first.
func (deps *Deps) rehearsal(ctx context.Context, name string, d *deployment.Deployment, o AccountOptions) (target *rehearsal.Embedded,
	explain func(error) error, err error) {
	if !o.wanted() {
		return deps.embedded(name), func(err error) error { return err }, nil
	}
	s, asker, err := deps.askAccount(ctx, o, d)
	if err != nil {
		return nil, nil, err
	}
	own := preflight.Own(s, d)
	deps.Warn(preflight.Compare(s, &rehearsal.Need{}, own, deps.Now()).Findings)
	target = rehearsal.NewIn(s.Account, name, deps.Now)
	if err := target.Furnish(s, own); err != nil {
		return nil, nil, err
	}
	return target, func(err error) error {
		if err == nil || diagnostic.Exit(err) != diagnostic.ExitFailed || ctx.Err() != nil {
			return err
		}
		verdict, countErr := deps.counted(ctx, name, d, s, asker)
		if countErr != nil {
			return err
		}
		return merged(diagnostic.From(err), verdict.Findings)
	}, nil
}

// merged adds the errors of more that list does not hold already.
func merged(list, more diagnostic.List) diagnostic.List {
	seen := map[string]bool{}
	for _, d := range list {
		seen[d.Address+"|"+d.Summary] = true
	}
	for _, d := range more {
		if d.Severity == diagnostic.Error && !seen[d.Address+"|"+d.Summary] {
			list = append(list, d)
		}
	}
	return list
}

// AccountResult is what was found out about an account, in the JSON form of the command.
type AccountResult struct {
	Account string           `json:"account"`
	ARN     string           `json:"arn"`
	Taken   string           `json:"taken"`
	Asked   []string         `json:"asked"`
	Quotas  []preflight.Line `json:"quotas"`
}

// checkAccount compares a deployment with the account that the flags name.
func (deps *Deps) checkAccount(ctx context.Context, d *deployment.Deployment, o CheckOptions) (*AccountResult, diagnostic.List, error) {
	s, asker, err := deps.askAccount(ctx, o.AccountOptions, d)
	if err != nil {
		return nil, nil, err
	}
	verdict, err := deps.counted(ctx, o.Dir, d, s, asker)
	if err != nil {
		return nil, nil, err
	}
	if o.Save != "" {
		if err := s.Save(o.Save); err != nil {
			return nil, nil, err
		}
	}
	return &AccountResult{s.Account, s.ARN, s.Taken.Format("2006-01-02 15:04 UTC"), account.Subjects(),
		append([]preflight.Line{}, verdict.Quotas...)}, verdict.Findings, nil
}

// roomy is the share of a quota up to which nobody needs to look at it.
const roomy = 0.5

// printAccount writes what was asked and the quotas that deserve a look.
func printAccount(w io.Writer, a *AccountResult, file string) error {
	var b strings.Builder
	from := "asked now"
	if file != askAWS {
		from = "as of " + a.Taken + " (" + file + ")"
	}
	fmt.Fprintf(&b, "\nAccount %s, %s\n  asked about  %s\n\n", a.Account, from, wrap(strings.Join(a.Asked, ", "), 100, "               "))
	rows := [][]string{{"QUOTA", "CODE", "WHERE", "NEEDED", "IN USE", "ALLOWED", ""}}
	others := 0
	for _, line := range a.Quotas {
		allowed := line.Default
		if line.Allowed != nil {
			allowed = *line.Allowed
		}
		if line.Enough && (allowed < 0 || line.Needed+amount(line.Used) <= roomy*allowed) {
			others++
			continue
		}
		where, verdict := line.Region, ""
		switch {
		case line.Scope != "":
			where = line.Scope
		case line.Service == "iam" || line.Service == "route53":
			where = "the account"
		}
		if !line.Enough {
			verdict = "too little"
		}
		rows = append(rows, []string{line.Name, line.Code, where, quantity(&line.Needed), quantity(line.Used), quantity(line.Allowed), verdict})
	}
	if len(rows) > 1 {
		if err := table(&b, rows); err != nil {
			return err
		}
	}
	if others > 0 {
		fmt.Fprintf(&b, "Of %s more than half stays free.\n", plural(others, "other quota"))
	}
	_, err := fmt.Fprint(w, b.String())
	return err
}

func amount(value *float64) float64 {
	if value == nil {
		return 0
	}
	return *value
}

// quantity writes a figure of a quota, or that it is not known.
func quantity(value *float64) string {
	if value == nil {
		return "?"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", *value), ".0")
}
