package model

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/world"
)

// Call is one call of Terraform on one resource, while the world is held.
type Call struct {
	World   *world.World
	Catalog *Catalog
	// Type is the declaration of the resource; nil for data sources.
	Type *Type
	// Action is what is asked for; the verbs set it.
	Action  world.Action
	Account string
	// Caller is the ARN of the role on whose behalf the call is made; empty for whoever runs Terraform, who may do anything.
	Caller string
	// Region is the region that the resource lives in; Global for services that have none.
	Region string
	// ProviderRegion is the region that the provider was configured with.
	ProviderRegion string
	// Object is what shall exist: known arguments, and world.Unknown where AWS decides.
	Object world.Object
	// Prior is what existed before; nil on create.
	Prior world.Object
	// Self is the resource that is changed or deleted; nil on create and for data sources.
	Self *world.Resource
	// ID is the id of the resource, set before Fill.
	ID string
	// Generation counts how often a resource with these arguments was created before, so that no id is given twice.
	Generation int
	// Requires tells of a dotted path whether the provider's schema requires an argument there; nil requires none.
	Requires func(path string) bool
	// Waits is set by Fill to since when a change waits for the maintenance window; zero if none does.
	Waits time.Time
	// Settle gives what is still open after Fill its value; nil leaves it.
	Settle func(c *Call)
	// Ending is set by an actor that takes the call and knows that it will fail; nil if it will not.
	Ending *Ending
	// lineage tells creations of the same arguments from others, for Generation.
	lineage []string
	// Misspelt hears of attributes that are set and that the object does not have, so that tests fail on them; nil for nobody.
	Misspelt func(name string)
	// actor is who carries the call out, and the calls on its parts; nil for the rules alone.
	actor Actor
	// whole is the type of what the call is on a part of; nil where it is on a resource of its own.
	whole *Type
	// owner is the key of the resource that a new one goes with; empty for what a user makes.
	owner string
	// parts collects the parts that the call makes.
	parts []*world.Resource
	// made collects what AWS makes along with this resource.
	made []*world.Resource
}

// Global is the region under which resources of global services are kept.
const Global = "aws-global"

// Creating reports whether the resource does not exist yet.
func (c *Call) Creating() bool { return c.Prior == nil }

// Partition is the ARN partition of the call's region.
func (c *Call) Partition() string { return facts.Partition(c.ProviderRegion) }

// At returns the value at a dotted path of the object; blocks held in lists are entered at their first element.
func (c *Call) At(path string) any { return At(c.Object, path) }

// At returns the value at a dotted path; a list on the way is entered at its first element. Missing values are nil.
func At(object world.Object, path string) any {
	var value any = object
	for _, name := range strings.Split(path, ".") {
		if list, ok := value.([]any); ok {
			if len(list) == 0 {
				return nil
			}
			value = list[0]
		}
		inner, ok := value.(world.Object)
		if !ok {
			return nil
		}
		value = inner[name]
	}
	return value
}

// Every returns all values at a dotted path, through all elements of all lists on the way; nulls and unknowns are left out.
func Every(object world.Object, path string) []any {
	values := []any{object}
	for _, name := range strings.Split(path, ".") {
		var next []any
		for _, value := range values {
			if inner, ok := value.(world.Object); ok {
				next = append(next, flatten(inner[name])...)
			}
		}
		values = next
	}
	return values
}

func flatten(value any) []any {
	switch v := value.(type) {
	case nil, world.Unknown:
		return nil
	case []any:
		var all []any
		for _, element := range v {
			all = append(all, flatten(element)...)
		}
		return all
	default:
		return []any{v}
	}
}

// String returns the string at a path, or "" if it is null or unknown.
func (c *Call) String(path string) string {
	s, _ := c.At(path).(string)
	return s
}

// Number returns the number at a path, and whether there is one.
func (c *Call) Number(path string) (float64, bool) {
	n, ok := c.At(path).(float64)
	return n, ok
}

// Bool returns the boolean at a path, or false if it is null or unknown.
func (c *Call) Bool(path string) bool {
	b, _ := c.At(path).(bool)
	return b
}

// Strings returns all strings at a path, through all lists on the way.
func (c *Call) Strings(path string) []string { return Strings(c.Object, path) }

// Strings returns all strings at a dotted path of an object, through all lists on the way.
func Strings(object world.Object, path string) []string {
	var all []string
	for _, value := range Every(object, path) {
		if s, ok := value.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// Blocks returns all objects at a path.
func (c *Call) Blocks(path string) []world.Object {
	var all []world.Object
	for _, value := range Every(c.Object, path) {
		if object, ok := value.(world.Object); ok {
			all = append(all, object)
		}
	}
	return all
}

// Within returns all objects in which the argument behind some blocks may stand: the object itself if there are no blocks on the way.
func (c *Call) Within(blocks []string) []world.Object {
	if len(blocks) == 0 {
		return []world.Object{c.Object}
	}
	return c.Blocks(strings.Join(blocks, "."))
}

// Changed reports whether an update changes the value at a path. On create it is true.
func (c *Call) Changed(path string) bool {
	return c.Creating() || !equal(At(c.Prior, path), c.At(path))
}

func equal(a, b any) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }

// Set gives an attribute its value where Terraform planned it as known after apply; what the configuration or a default has set stays.
func (c *Call) Set(name string, value any) {
	if c.has(c.Object, name); IsUnknown(c.Object[name]) {
		c.Object[name] = value
	}
}

// Force gives a computed attribute its value even where it already had one, for values that follow from others.
func (c *Call) Force(name string, value any) {
	if c.has(c.Object, name) {
		c.Object[name] = value
	}
}

// has reports whether there is such an attribute. Objects that come from Terraform have all of their schema, null where nothing is set.
func (c *Call) has(object world.Object, name string) bool {
	_, has := object[name]
	if !has && c.Misspelt != nil {
		c.Misspelt(name)
	}
	return has || c.Misspelt == nil
}

// Default gives an argument that the configuration leaves out the provider's default, for Plan, where that depends on other arguments.
func (c *Call) Default(name string, value any) {
	if c.has(c.Object, name) && c.Object[name] == nil {
		c.Object[name] = value
	}
}

// DefaultBlocks plans blocks that the configuration leaves out as known after apply at first, and as they are from then on.
func (c *Call) DefaultBlocks(names ...string) {
	for _, name := range names {
		if !c.has(c.Object, name) {
			continue
		}
		if blocks, _ := c.Object[name].([]any); len(blocks) == 0 && c.Creating() {
			c.Object[name] = world.Unknown{}
		} else if len(blocks) == 0 {
			c.Object[name] = c.Prior[name]
		}
	}
}

// SetIn does what Set does for an attribute inside every element of a block.
func (c *Call) SetIn(block, name string, value any) {
	for _, object := range c.Blocks(block) {
		if c.has(object, name); IsUnknown(object[name]) {
			object[name] = value
		}
	}
}

// SetEach does what Set does for several attributes with one value.
func (c *Call) SetEach(value any, names ...string) {
	for _, name := range names {
		c.Set(name, value)
	}
}

func IsUnknown(value any) bool {
	_, is := value.(world.Unknown)
	return is
}

func IsUnset(value any) bool {
	if value == nil {
		return true
	}
	return IsUnknown(value)
}

// ARN builds an ARN in the call's partition, region and account.
func (c *Call) ARN(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", c.Partition(), service, c.Region, c.Account, resource)
}

// GlobalARN builds an ARN without a region, as IAM has them.
func (c *Call) GlobalARN(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s::%s:%s", c.Partition(), service, c.Account, resource)
}

// Hex returns n hexadecimal digits that identify this resource; salt tells several of one resource apart. They depend on the
// arguments alone (and on nothing that Terraform decides, such as the order of creation).
func (c *Call) Hex(n int, salt ...string) string {
	parts := append([]string{c.Account, c.Region, strconv.Itoa(c.Generation)}, salt...)
	if c.ID != "" {
		return c.World.Digest(n, append(parts, c.ID)...)
	}
	return c.World.Digest(n, append(parts, world.NaturalKey(c.Object))...)
}

// UUID returns an identifier in UUID form for this resource.
func (c *Call) UUID(salt ...string) string {
	h := c.Hex(32, append(salt, "uuid")...)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// Upper returns n characters out of A-Z and 0-9 that identify this resource, as Route 53 and IAM have them.
func (c *Call) Upper(n int, salt ...string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	h := c.Hex(64, append(salt, "upper")...)
	out := make([]byte, n)
	for i := range out {
		v, _ := strconv.ParseUint(h[(2*i)%62:(2*i)%62+2], 16, 8) // two hexadecimal digits always parse
		out[i] = alphabet[v%uint64(len(alphabet))]
	}
	return string(out)
}

// Name settles the name of a resource that has name and name_prefix arguments: the provider appends 26 digits to a prefix, and
// invents a name out of "terraform-" where neither is given.
func (c *Call) Name(attribute, prefixAttribute string) string {
	if IsUnset(c.Object[attribute]) {
		prefix := c.String(prefixAttribute)
		if prefix == "" {
			prefix = "terraform-"
		}
		digits, _ := strconv.ParseUint(c.Hex(12, "name"), 16, 64) // twelve hexadecimal digits always parse
		c.Object[attribute] = fmt.Sprintf("%s%s%012d", prefix, c.World.Now().Format("20060102150405"), digits%1e12)
	}
	return c.String(attribute)
}

// Find looks a resource up by id in the call's account, in its region or among the global ones.
func (c *Call) Find(typ, id string) *world.Resource {
	if r := c.World.Get(c.Account, c.Region, typ, id); r != nil {
		return r
	}
	if r := c.World.Get(c.Account, Global, typ, id); r != nil {
		return r
	}
	return nil
}

// FindBy looks a resource up by a string attribute in the call's account, in its region or among the global ones.
func (c *Call) FindBy(typ, attribute, value string) *world.Resource {
	if attribute == "id" {
		return c.Find(typ, value)
	}
	if found := c.Where(typ, attribute, value); len(found) > 0 {
		return found[0]
	}
	return nil
}

// All lists the resources of a type in the call's account, in its region or global.
func (c *Call) All(typ string) []*world.Resource {
	return c.here(c.World.Of(typ))
}

// Where lists those of them that have a value as a string attribute, without looking at the others.
func (c *Call) Where(typ, attribute, value string) []*world.Resource {
	return c.here(c.World.Where(typ, attribute, value))
}

// here leaves out what is in another account or region.
func (c *Call) here(all []*world.Resource) []*world.Resource {
	return slices.DeleteFunc(all, func(r *world.Resource) bool {
		return r.Account != c.Account || r.Region != c.Region && r.Region != Global
	})
}

// Make adds a resource that AWS makes along with this one and removes with it. It replaces an earlier one of the same id.
func (c *Call) Make(typ, id string, attributes world.Object) {
	attributes["id"] = id
	c.made = append(c.made, &world.Resource{Type: typ, ID: id, Account: c.Account, Region: c.Region, Attributes: attributes})
}

// Leave puts into the world what AWS keeps on purpose when the resource of the call is gone, or has made for nobody. It goes with its
// owner; nil where it has none.
func (c *Call) Leave(typ, id string, owner *world.Resource, attributes world.Object) {
	attributes["id"] = id
	left := &world.Resource{Type: typ, ID: id, Account: c.Account, Region: c.Region, Kept: true, Attributes: attributes}
	if owner != nil {
		left.Owner = owner.Key()
	}
	c.World.Put(left)
}

// Made returns what Fill asked to make.
func (c *Call) Made() []*world.Resource { return c.made }

// Zone is the availability zone name of a subnet given by id, or "".
func (c *Call) Zone(subnetID string) string {
	if subnet := c.Find("aws_subnet", subnetID); subnet != nil {
		return subnet.String("availability_zone")
	}
	return ""
}

// Zones lists the zones of subnets, each once, in alphabetical order.
func (c *Call) Zones(subnetIDs []string) []string {
	seen := map[string]bool{}
	var zones []string
	for _, id := range subnetIDs {
		if zone := c.Zone(id); zone != "" && !seen[zone] {
			seen[zone] = true
			zones = append(zones, zone)
		}
	}
	sort.Strings(zones)
	return zones
}

// VPCOf is the VPC of a subnet or security group given by id, or "".
func (c *Call) VPCOf(id string) string {
	for _, typ := range []string{"aws_subnet", "aws_security_group"} {
		if r := c.Find(typ, id); r != nil {
			return r.String("vpc_id")
		}
	}
	return ""
}

// The session in which Terraform runs, as people and pipelines have one: of a role that is there before everything else.
const (
	CallerRole    = "terraform"
	callerSession = "coderaws"
)

// CallerSession is the ARN of the session in which Terraform runs.
func (c *Call) CallerSession() string {
	return fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", c.Partition(), c.Account, CallerRole, callerSession)
}

// ARNAccount is the account in an ARN, or "".
func ARNAccount(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) >= 6 {
		return parts[4]
	}
	return ""
}

// UniqueSuffix is the ending of ids that the provider makes up: the time and a counter, 26 digits.
func UniqueSuffix(c *Call) string {
	var digits uint64
	_, _ = fmt.Sscanf(c.Hex(12, "suffix"), "%x", &digits) // twelve hexadecimal digits always parse
	return fmt.Sprintf("%s%012d", c.World.Now().Format("20060102150405"), digits%1e12)
}

// Caller says on whose behalf an AWS service makes a call: a role, by its ARN, in an account and a region.
type Caller struct{ Account, Region, Role string }

// Permission is what the caller of a call needs: an action, such as eks:UpdateNodegroupConfig, on a resource by its ARN.
type Permission struct{ Action, Resource string }

// CallBy begins a call on behalf of an AWS service. The caller holds the world (inside Do).
func (k *Catalog) CallBy(w *world.World, by Caller) *Call {
	return &Call{World: w, Catalog: k, Account: by.Account, Caller: by.Role, Region: by.Region, ProviderRegion: by.Region}
}
