package cli

import (
	"context"
	"fmt"
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

// accountFlags say which account a command has in mind.
type accountFlags struct {
	// account is a snapshot file, aws for the account of the credentials, or "" for none.
	account string
	// resolver is the DNS server that is asked about delegations; "" is the system's.
	resolver string
}

func (f *accountFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.account, "account", "",
		"the account to have in mind: a FILE that check --save-account wrote, or aws to ask the account of your credentials")
	cmd.Flags().StringVar(&f.resolver, "resolver", "",
		"the DNS server, as HOST or HOST:PORT, to ask about hosted zones where your own answers otherwise than the internet's")
}

// wanted reports whether an account is named.
func (f *accountFlags) wanted() bool { return f.account != "" }

// ask gives the snapshot of the account that the flags name. asker is nil where it comes from a file.
func (sh *shell) askAccount(ctx context.Context, f accountFlags, d *deployment.Deployment) (*account.Snapshot, *account.Asker, error) {
	names := make([]string, len(d.Regions))
	for i, region := range d.Regions {
		names[i] = region.Name
	}
	if f.account != lifecycle.AWSTarget {
		s, err := account.Load(f.account)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range names {
			if s.Regions[name] == nil {
				return nil, nil, otherRegion(f.account, name)
			}
		}
		return s, nil, nil
	}
	instance, codes := preflight.Instance()
	asker, err := account.NewAsker(ctx, account.Options{
		Region: names[0], Quotas: preflight.Quotas(), Instance: instance, InstanceCodes: codes, Resolver: resolver(f.resolver), Now: sh.Now,
	})
	if err != nil {
		return nil, nil, err
	}
	fmt.Fprintf(sh.Stderr, "Asking AWS account %s, as %s\n", asker.Identity.Account, asker.Identity.ARN)
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
func (sh *shell) counted(ctx context.Context, name string, d *deployment.Deployment, s *account.Snapshot, asker *account.Asker) (*preflight.Verdict, error) {
	dir, remove, err := sh.scratch()
	if err != nil {
		return nil, err
	}
	defer remove()
	target := rehearsal.NewIn(s.Account, name, sh.Now)
	var need *rehearsal.Need
	err = sh.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		var ask func(string, []string) error
		if asker != nil {
			ask = func(region string, types []string) error { return asker.Offers(ctx, s, region, types) }
		}
		if !sh.isTerminal(sh.Stderr) {
			r.Reporter = briefly{r.Reporter} // what is made here is of no interest
		}
		need, err = target.Learn(ctx, r, s, &deployment.Deployment{Dir: dir, Regions: d.Regions}, ask)
		return err
	})
	if err != nil && (need == nil || diagnostic.Exit(err) == diagnostic.ExitInterrupted) {
		return nil, err
	}
	verdict := preflight.Compare(s, need, preflight.Own(s, d), sh.Now())
	verdict.Findings = append(preflight.Explain(s, diagnostic.From(err)), verdict.Findings...)
	return verdict, nil
}

// briefly reports the beginning and the end of an operation, not its steps.
type briefly struct{ progress.Reporter }

// Event is not reported.
func (briefly) Event(engine.Event) {}

// rehearsal makes the target of a rehearsal, in the account that the flags name if they name one. explain adds to the error of a rehearsal in an
// account all that the account has no room for, not only what stopped first.
func (sh *shell) rehearsal(ctx context.Context, name string, d *deployment.Deployment, f accountFlags) (target *rehearsal.Embedded, explain func(error) error, err error) {
	if !f.wanted() {
		return rehearsal.New(name, sh.Now), func(err error) error { return err }, nil
	}
	s, asker, err := sh.askAccount(ctx, f, d)
	if err != nil {
		return nil, nil, err
	}
	own := preflight.Own(s, d)
	sh.show(sh.Stderr, preflight.Compare(s, &rehearsal.Need{}, own, sh.Now()).Findings)
	target = rehearsal.NewIn(s.Account, name, sh.Now)
	if err := target.Furnish(s, own); err != nil {
		return nil, nil, err
	}
	return target, func(err error) error {
		if err == nil || diagnostic.Exit(err) != diagnostic.ExitFailed || ctx.Err() != nil {
			return err
		}
		verdict, countErr := sh.counted(ctx, name, d, s, asker)
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

// accountResult is what was found out about an account, in the JSON form of the command.
type accountResult struct {
	Account string           `json:"account"`
	ARN     string           `json:"arn"`
	Taken   string           `json:"taken"`
	Asked   []string         `json:"asked"`
	Quotas  []preflight.Line `json:"quotas"`
}

// checkAccount compares a deployment with the account that the flags name.
func (sh *shell) checkAccount(ctx context.Context, dir string, d *deployment.Deployment, o checkOptions) (*accountResult, diagnostic.List, error) {
	s, asker, err := sh.askAccount(ctx, o.accountFlags, d)
	if err != nil {
		return nil, nil, err
	}
	verdict, err := sh.counted(ctx, dir, d, s, asker)
	if err != nil {
		return nil, nil, err
	}
	if o.save != "" {
		if err := s.Save(o.save); err != nil {
			return nil, nil, err
		}
	}
	return &accountResult{s.Account, s.ARN, s.Taken.Format("2006-01-02 15:04 UTC"), account.Subjects(), append([]preflight.Line{}, verdict.Quotas...)}, verdict.Findings, nil
}

// roomy is the share of a quota up to which nobody needs to look at it.
const roomy = 0.5

// printAccount writes what was asked and the quotas that deserve a look.
func (sh *shell) printAccount(a *accountResult, file string) error {
	var b strings.Builder
	from := "asked now"
	if file != lifecycle.AWSTarget {
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
	_, err := fmt.Fprint(sh.Stdout, b.String())
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
