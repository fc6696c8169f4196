package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/verify"
)

const (
	// hubVariable is the variable of both stacks that says to a spoke whose Coder it serves.
	hubVariable = "hub"
	// addressesOutput is the cloud stack's output with the addresses that nodes of a region are seen by.
	addressesOutput = "nat_addresses"
)

// hub is what the stacks of a spoke get to know of the region whose Coder it serves: the variable hubVariable.
type hub struct {
	Region    string   `json:"region"`
	Name      string   `json:"name"`
	AccessURL string   `json:"access_url"`
	NATCIDRs  []string `json:"nat_cidrs"`

	// installation is how its coderd is reached; nil where there is none to ask.
	installation *Installation
	// asking lets one spoke at a time ask it: its first steps are taken once.
	asking sync.Mutex
}

// asHub is what spokes get to know of a region: of what there is, or of what is only planned. It is nil where nothing of it is there.
func (s *Site) asHub(ctx context.Context) (*hub, error) {
	c, err := s.find(ctx)
	if err != nil || c.platform == nil {
		return nil, err
	}
	read, err := verify.Read(c.platform)
	if err != nil {
		return nil, err
	}
	known := &hub{Region: s.region.Name, Name: read.Name, AccessURL: read.AccessURL, NATCIDRs: []string{},
		installation: &Installation{Deployment: read, Wanted: wantedOf(s.region, read)}}
	if len(c.addresses) > 0 && string(c.addresses) != "null" {
		if err := json.Unmarshal(c.addresses, &known.NATCIDRs); err != nil {
			return nil, fmt.Errorf("the output %s of the stack %s in %s: %w", addressesOutput, CloudStack, s.region.Name, err)
		}
	}
	return known, nil
}

// hubThatIs is what spokes that go get to know of their hub, which goes after them. Of one that is gone already, or was never made, they
// know what its settings say: nothing of them goes there any more.
func (r *Runner) hubThatIs(ctx context.Context, dir string, region *deployment.Region) (*hub, error) {
	if region == nil {
		return nil, nil
	}
	known, err := r.hubBeside(ctx, dir, region)
	if err != nil || known != nil {
		return known, err
	}
	return &hub{Region: region.Name, Name: region.String("name"), AccessURL: "https://" + region.String("domain"), NATCIDRs: []string{}}, nil
}

// hubBeside is what spokes get to know of a hub that is not worked on. It is nil where nothing of it is there.
func (r *Runner) hubBeside(ctx context.Context, dir string, region *deployment.Region) (*hub, error) {
	s, err := r.openSite(dir, region)
	if err != nil {
		return nil, err
	}
	known, err := s.asHub(ctx)
	return known, errors.Join(err, s.close())
}

// noHub says that a spoke has nothing to serve.
func (s *Site) noHub() error {
	d := diagnostic.Errorf("%s serves the Coder of a hub that does not exist", s.region.Name)
	d.Code = "region.no_hub"
	d.Why = fmt.Sprintf("the state of the hub's stack %s has no output %s: nothing was made there yet, or it was destroyed", CloudStack,
		platformOutput)
	d.Todo = "run `coderaws up` for the whole deployment, which makes the hub first"
	return d
}
