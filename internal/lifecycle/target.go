package lifecycle

import (
	"context"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/verify"
)

// Names of the targets, as users give them.
const (
	SandboxTarget = "sandbox"
	AWSTarget     = "aws"
)

// Target is where a deployment lives. It answers all that differs between AWS and the embedded AWS.
type Target interface {
	// Name is the target's name, and the name of its directory in a deployment's .coderaws.
	Name() string
	// Close gives back what the target holds.
	Close() error

	// Providers are what the engine runs with; nil is AWS itself, by the providers of the registry. dir is the directory of the root module
	// that will run, and environ the user's environment.
	Providers(dir string, environ []string) engine.Providers
	// State says where the state of a stack is kept, and who is asked before it is moved; see engine.Options.
	State(region *deployment.Region, stack string) (*engine.Backend, func(from, to string) error)
	// Archive keeps the journal of a stack's applies beside a state that State says is kept elsewhere; nil keeps it in the working directory.
	Archive(region *deployment.Region, stack string) engine.Archive
	// Identify finds the id by which Terraform imports something that a killed run has made, or begun to make; "" where it is not found.
	Identify(ctx context.Context, lost Lost) (string, error)
	// Strays lists what exists in a region of this target and is of no resource that is known. Known are, by type, the
	// ids; gone are those of what was destroyed a moment ago, which an index may still name.
	Strays(ctx context.Context, region *deployment.Region, known, gone map[string][]string) ([]Stray, error)
	// Ahead says that a stack may be initialized while another one is worked on: its providers are at hand, and there is nothing to ask.
	Ahead() bool
	// StandIn is the target that plans a platform of which no cloud exists yet, below the deployment's directory dir; nil if this one does.
	// Who asks for it closes it.
	StandIn(dir string) Target

	// Prepare finds out whether the target can be used at all, before Terraform starts, and returns findings that stop nothing. Its errors are
	// diagnostics.
	Prepare(ctx context.Context, d *deployment.Deployment, use StateUse) (diagnostic.List, error)
	// Billed says that changes cost money, so that somebody has to agree to them.
	Billed() bool
	// Bucket is the bucket that keeps a region's states and stays when all else is destroyed; "" if there is none.
	Bucket(region string) string

	// Cluster says how the providers of the platform stack reach the cluster of an installation: the value of its variable clusterAccess, or
	// nil where its own address leads there.
	Cluster(ctx context.Context, i *Installation) (*ClusterAccess, error)
	// Reach says, before anything is made, what would keep this machine from installing Coder once the cloud is there.
	Reach(d *deployment.Deployment) diagnostic.List
	// Coder prepares to speak with the coderd of an installation, which is waited for as long as patience says; nil where no coderd runs.
	Coder(ctx context.Context, i *Installation, patience time.Duration) (*coder.FirstSteps, error)
	// Keep gives the secrets of an installation the values that its pods read at their start, before its platform is made.
	Keep(ctx context.Context, i *Installation) error
	// Serve gives the secrets of a spoke their values, which the coderd of its hub issues, before its platform is made.
	Serve(ctx context.Context, hub, spoke *Installation) error
	// Look prepares to look at an installation; done ends that.
	Look(ctx context.Context, i *Installation) (source verify.Source, done func(), err error)

	// Delegation are the name servers of a public zone that was just made, by its id; nil where nobody has to enter them.
	Delegation(ctx context.Context, region, id string) (*Delegation, error)

	// Disturb makes things go wrong as they are ordered, for a deployment in these regions, and returns what is unlikely about that.
	Disturb(orders, regions []string) (diagnostic.List, error)
	// Before is called with each plan before it is carried out. notice shows a line to the user.
	Before(place Place, plan *engine.Plan, notice func(string)) error
	// Explain adds to an error of Terraform's what to do about it on this target.
	Explain(err error) error
	// Faults says what became of what was ordered to go wrong.
	Faults() []FaultRecord
}

// ClusterAccess is the way to a cluster whose address leads nowhere from this machine. It is what the platform stack's variable
// cluster_access takes.
type ClusterAccess struct {
	// Host is the URL that leads there.
	Host string `json:"host"`
	// TLSServerName is the name that the cluster's certificate has.
	TLSServerName string `json:"tls_server_name"`
}

// Question is asked before something is made or moved that belongs to the state.
type Question struct {
	// Text is a question to be answered with yes.
	Text string
	// Subject is what would be agreed to, after the words "to agree to".
	Subject string
	// Why says what makes it necessary to ask.
	Why string
}

// StateUse says what a verb does with states.
type StateUse struct {
	// Create makes the bucket where there is none.
	Create bool
	// Agree is asked before a bucket is made or a state moved, and an error stops the run. Nil means that states are only read.
	Agree func(Question) error
	// Notice shows a line to the user before anything is asked; nil shows nothing.
	Notice func(string)
}
