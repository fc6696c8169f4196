package lifecycle

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// dataHolders are the resource types whose deletion loses data, with what they hold.
var dataHolders = map[string]string{
	"aws_rds_cluster":                   "a database",
	"aws_db_instance":                   "a database",
	"aws_backup_vault":                  "backups",
	"aws_s3_bucket":                     "objects",
	"aws_efs_file_system":               "files",
	"aws_ebs_volume":                    "a disk",
	"aws_dynamodb_table":                "a table",
	"aws_elasticache_replication_group": "a cache",
	"aws_secretsmanager_secret":         "a secret",
}

// foundations are the resource types that others lose their data with when they are replaced. To delete them is no loss of its own:
// what holds the data goes with them, and has to be named.
var foundations = map[string]string{
	"aws_eks_cluster": "the running workspaces and the volumes that they know",
	"aws_kms_key":     "what is encrypted with it",
}

// ReleaseType is the type of a release of Helm.
const ReleaseType = "helm_release"

// homes is what a release of Helm holds that owns the namespace of the workspaces: Kubernetes deletes the claims of a namespace with it,
// and the volumes with their claims.
const homes = "the homes of all workspaces"

// foundationChart is the chart that makes the namespaces.
const foundationChart = "foundation"

// issuedTag, if it is "true", marks a secret whose value the program has issued, and issues again where it is gone.
const issuedTag = "coderaws:issued"

// holds says what data a resource has, and whether it has any.
func holds(typ string, values map[string]any) (string, bool) {
	if typ == ReleaseType {
		chart, _ := values["chart"].(string)
		name, _ := values["name"].(string)
		return homes, path.Base(filepath.ToSlash(chart)) == foundationChart || name == foundationChart
	}
	if tags, _ := values["tags"].(map[string]any); tags[issuedTag] == "true" {
		return "", false
	}
	what, ok := dataHolders[typ]
	return what, ok
}

// Loss is a resource that holds data and that a plan would delete or replace.
type Loss struct {
	Address string `json:"address"`
	Type    string `json:"type"`
	// ID is what the resource is called on AWS.
	ID string `json:"id"`
	// Holds is what would be lost, such as "a database".
	Holds string `json:"holds"`
	// Replaced means that an empty one would take its place.
	Replaced bool `json:"replaced"`
	// Unfinished means that AWS failed while it was made.
	Unfinished bool `json:"unfinished,omitempty"`
}

// Losses lists what a plan would lose, in the order of addresses.
func Losses(p *plan.Plan) []Loss {
	var losses []Loss
	tainted := map[string]bool{}
	for _, resource := range p.Prior() {
		tainted[resource.Address] = resource.Tainted
	}
	for _, change := range slices.Concat(p.Changes(), p.Deposed()) {
		before := change.Before.Object()
		what, ok := holds(change.Type, before)
		if change.Type == ReleaseType && tainted[change.Address] {
			continue // workspaces come long after it, and so do their homes
		}
		// Nothing has been built yet on what AWS failed to make.
		if !ok && change.Actions.Replace() && !tainted[change.Address] {
			what, ok = foundations[change.Type]
		}
		if !ok {
			continue
		}
		if !change.Actions.Delete() && !change.Actions.Replace() {
			continue
		}
		losses = append(losses, Loss{change.Address, change.Type, called(before), what, change.Actions.Replace(), tainted[change.Address]})
	}
	slices.SortFunc(losses, func(a, b Loss) int { return strings.Compare(a.Address, b.Address) })
	return losses
}

// called is what a resource is called where it is: its id.
func called(values map[string]any) string {
	id, _ := values["id"].(string)
	return id
}

// Holders lists what in a state holds data, all of which a destroy would lose.
func Holders(resources []*tfjson.StateResource) []Loss {
	var holders []Loss
	for _, resource := range resources {
		if what, ok := holds(resource.Type, resource.AttributeValues); ok && !(resource.Type == ReleaseType && resource.Tainted) {
			holders = append(holders, Loss{Address: resource.Address, Type: resource.Type, ID: called(resource.AttributeValues), Holds: what})
		}
	}
	return holders
}

// Unnamed returns an error, which asks for diagnostic.ExitRefused, if a loss is not among the named addresses.
func Unnamed(losses []Loss, named []string) error {
	var list diagnostic.List
	var flags []string
	for _, loss := range losses {
		if flag := "--delete-data '" + loss.Address + "'"; !slices.Contains(flags, flag) { // one address may be in several regions
			flags = append(flags, flag)
		}
		if slices.Contains(named, loss.Address) {
			continue
		}
		d := diagnostic.Errorf("this would destroy %s, which holds %s, and it was not named", loss.ID, loss.Holds)
		if loss.Replaced {
			d.Summary = "this would replace " + loss.ID + ", which holds " + loss.Holds + ", by an empty one, and it was not named"
		}
		d.Code, d.Address = "gate.data_loss", loss.Address
		d.Why = "nothing that holds data is destroyed unless it is named"
		if loss.Unfinished {
			d.Why = "AWS failed while it was made, so that it is most likely empty; but " + d.Why
		}
		list = append(list, d)
	}
	if len(list) == 0 {
		return nil
	}
	list[len(list)-1].Todo = "to lose it, name what is to be destroyed: " + strings.Join(flags, " ")
	return diagnostic.WithExit(diagnostic.ExitRefused, list)
}
