package facts

import (
	_ "embed"
	"encoding/json"
	"sync"
)

//go:embed provider-calls-5.100.0.json
var callFile []byte

// Calls is which calls the AWS provider makes for each of its types, with the permissions that they take.
type Calls struct {
	// Provider is the version of hashicorp/aws that was recorded, Recorded the day of that, and Reference the day of the service
	// authorization reference.
	Provider  string `json:"provider"`
	Recorded  string `json:"recorded"`
	Reference string `json:"reference"`
	// Calls are the actions, such as ec2:CreateVpc, by the type and by the operation: create, read, update, delete, and plan, for what is
	// asked beyond reading while a change is planned. Data sources are data.NAME, and the provider itself, as it starts, is provider.
	Calls map[string]map[string][]string `json:"calls"`
	// Documented are calls that were not recorded and follow from the services' API references.
	Documented map[string]map[string][]string `json:"documented"`
	// Actions says of each what it is done on.
	Actions map[string]Action `json:"actions"`
	// Resources are the types that actions are done on, such as ec2:vpc.
	Resources map[string]AuthorizedResource `json:"resources"`
}

// Action is what an action of IAM is done on. One that is done on nothing of its own is allowed for "*" alone.
type Action struct {
	// On are the types of resources that it is always done on, and Maybe those of which it depends on the call.
	On    []string `json:"on"`
	Maybe []string `json:"maybe"`
	// Any says that it is done on whatever the call is about, such as what is tagged.
	Any bool `json:"any"`
}

// AuthorizedResource is a type of resources in IAM.
type AuthorizedResource struct {
	// ARN is its form, such as arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}.
	ARN string `json:"arn"`
	// Tagged says that conditions may ask for its tags.
	Tagged bool `json:"tagged"`
}

// ProviderCalls are the calls of the AWS provider. They are decoded when they are asked for for the first time.
var ProviderCalls = sync.OnceValue(func() *Calls {
	calls := &Calls{}
	_ = json.Unmarshal(callFile, calls) // a test reads what is embedded
	return calls
})
