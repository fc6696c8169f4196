package cli

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/zclconf/go-cty/cty"
)

// accountNeeds looks at what a deployment needs of this machine and of the account of the credentials. Without an engine what it needs at
// its largest cannot be counted.
func (deps *Deps) accountNeeds(ctx context.Context, o DoctorOptions, d *deployment.Deployment, hasEngine bool) ([]Need, error) {
	needs := []Need{cliNeed(d)}
	caller, err := account.Identify(ctx, d.Regions[0].Name)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return append(needs, missingFor("credentials", err),
			Need{Name: "account", State: NotKnown, Detail: "without credentials nobody can ask for quotas, names and zones"}), nil
	}
	needs = append(needs, Need{Name: "credentials", State: Ready, Detail: "account " + caller.Account + ", as " + caller.ARN})
	for i := range d.Regions {
		needs = append(needs, stateNeed(ctx, caller, d, &d.Regions[i]))
	}
	if !hasEngine {
		return append(needs, Need{Name: "account", State: NotKnown, Detail: "without Terraform it cannot be counted what is needed"}), nil
	}
	room, err := deps.roomNeeds(ctx, o, d)
	return append(needs, room...), err
}

// cliNeed looks for what installs the platform from this machine.
func cliNeed(d *deployment.Deployment) Need {
	if list := (&lifecycle.AWS{}).Reach(d); len(list) > 0 {
		need := missingFor("AWS CLI", list)
		need.Detail = list[0].Summary + ": " + list[0].Why
		return need
	}
	path, _ := exec.LookPath("aws") // Reach has found it
	return Need{Name: "AWS CLI", State: Ready, Detail: path}
}

// stateNeed looks where the state of a region goes.
func stateNeed(ctx context.Context, caller account.Identity, d *deployment.Deployment, region *deployment.Region) Need {
	name := "state " + region.Name
	own, findings := deployment.LoadBackend(d)
	if err := findings.Err(); err != nil {
		return missingFor(name, err)
	}
	if own != nil {
		return Need{Name: name, State: Ready, Detail: "kept where " + own.File + " says"}
	}
	bucket, ready, err := lifecycle.StateBucket(ctx, caller, region.Name)
	switch {
	case err != nil:
		return missingFor(name, err)
	case ready:
		return Need{Name: name, State: Ready, Detail: "the bucket " + bucket}
	}
	return Need{Name: name, State: Later, Detail: "`coderaws up` makes the bucket " + bucket + ", after a question"}
}

// roomNeeds asks the account whether it has room, and tells each thing for which it has not.
func (deps *Deps) roomNeeds(ctx context.Context, o DoctorOptions, d *deployment.Deployment) ([]Need, error) {
	asked := CheckOptions{Dir: o.Dir, AccountOptions: AccountOptions{Account: askAWS, Resolver: o.Resolver}}
	found, findings, err := deps.checkAccount(ctx, d, asked)
	if err != nil {
		return nil, err
	}
	var needs []Need
	unknown := 0
	for _, finding := range findings {
		switch {
		case finding.Severity != diagnostic.Error:
			unknown++
		case strings.HasPrefix(finding.Code, "dns."):
			needs = append(needs, missingFor("domain", finding))
		default:
			needs = append(needs, missingFor("account", finding))
		}
	}
	if len(needs) == 0 {
		needs = append(needs, Need{Name: "account", State: Ready, Detail: fmt.Sprintf("%s has room: no quota is too small and no name is taken",
			found.Account)})
	}
	if unknown > 0 {
		needs = append(needs, Need{Name: "account", State: NotKnown, Detail: plural(unknown, "thing") + " that it did not answer",
			Todo: "`coderaws check " + diagnostic.Word(o.Dir) + " --target aws` names them"})
	}
	return needs, nil
}

// settingNeeds tells what settings leave for later, and what a run stops for half-way.
func settingNeeds(dir string, d *deployment.Deployment) []Need {
	var needs []Need
	for i := range d.Regions {
		region := &d.Regions[i]
		needs = append(needs, domainNeed(region), apiNeed(region))
	}
	return append(needs, licenceNeed(&d.Regions[0]), signInNeed(dir, &d.Regions[0]))
}

// isTrue reports whether a setting is there and true.
func isTrue(r *deployment.Region, path string) bool {
	v := r.Value(path)
	return v != cty.NilVal && !v.IsNull() && v.IsKnown() && v.Type() == cty.Bool && v.True()
}

// domainNeed tells what has to be done so that the internet finds the domain.
func domainNeed(r *deployment.Region) Need {
	need := Need{Name: "domain " + r.Name, State: Ready, Detail: r.String("domain") + " gets its records in a zone that is there"}
	if isTrue(r, "dns.create_zone") {
		zone := r.String("dns.zone_name")
		if zone == "" {
			zone = r.String("domain")
		}
		need.State, need.Detail = Later, "`coderaws up` makes the zone "+zone+", and waits until the zone above it names its name servers"
		need.Todo = "have somebody at hand who may enter NS records above " + zone + ": Terraform waits an hour and a quarter for it"
	}
	return need
}

// apiNeed tells who reaches the Kubernetes API.
func apiNeed(r *deployment.Region) Need {
	need := Need{Name: "API " + r.Name, State: Ready}
	var ranges []string
	if v := r.Value("cluster.public_access_cidrs"); v != cty.NilVal && !v.IsNull() && v.IsWhollyKnown() {
		for _, element := range v.AsValueSlice() {
			ranges = append(ranges, element.AsString())
		}
	}
	need.Detail = "answers to " + strings.Join(ranges, ", ")
	need.Todo = "be at one of these addresses when you run `coderaws up`"
	if len(ranges) == 0 {
		need.Detail = "answers inside the VPC; from elsewhere by Session Manager and a node"
		need.Todo = ""
	}
	return need
}

func licenceNeed(r *deployment.Region) Need {
	need := Need{Name: "licence", State: Ready, Detail: "read from " + r.String("secrets.license")}
	if r.String("secrets.license") == "" {
		need.State, need.Detail = Later, "none: Coder runs without its Premium features, such as more than one replica"
		need.Todo = "put it into a secret, and the secret's ARN into secrets.license:\n" +
			"aws secretsmanager create-secret --name coder-licence --secret-string file://licence.jwt"
	}
	return need
}

func signInNeed(dir string, r *deployment.Region) Need {
	need := Need{Name: "first sign-in", State: Later, Detail: "with the password that `coderaws up` makes",
		Todo: "`coderaws owner " + diagnostic.Word(dir) + " --target aws`, once it is up"}
	if issuer := r.String("coder.oidc.issuer_url"); issuer != "" {
		need.Detail += ", and by " + issuer
	}
	return need
}
