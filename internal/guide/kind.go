package guide

import "strings"

// kind declares how resources of one type are made by hand. What it says of a resource is in the values of the rehearsal; the ids among
// them become variables afterwards, wherever they occur.
type kind struct {
	// typ is Terraform's type. noun is what people call one, and why says in a sentence what it is for.
	typ, noun, why string
	// find looks whether it is there; nil if AWS has nothing to look at.
	find func(*resource) look
	// owns are what AWS alone can give, which find asks for.
	owns []own
	// fresh is the attribute that begins a name which is new each time, the name being the first of owns; Terraform writes such names.
	fresh string
	// make makes it where it is not there. settle completes it, once, and can be repeated. wait ends when it can be used. end deletes it,
	// and ends when it is gone.
	make, settle, wait, end func(*resource) []call
	// apart says that the wait takes so long that others are begun meanwhile.
	apart bool
	// id is what Terraform imports it by; nil if that cannot be.
	id func(*resource) string
	// memory are the attributes that AWS has nowhere, so that Terraform's first plan after the import writes them down.
	memory []string
}

// look is a command that looks, and where in its answer the resource is; without a place, the command prints what is owned by itself.
type look struct {
	argv  []string
	place string
}

// own is something that AWS alone can give: the attribute that has it in the rehearsal, and the field of the answer that has it on AWS.
type own struct {
	attr, field string
	// as ends the name of the variable.
	as string
	// after is a text of which only what follows it is owned.
	after string
}

// call is one command. input is what it sends as a file; tolerate is the error by which AWS says that this was done before.
type call struct {
	argv     []string
	input    any
	tolerate string
	// values are documents that Helm takes, the later over the earlier.
	values []string
}

// aws is a command of the AWS CLI: service and operation, and arguments.
func aws(operation string, arguments ...string) []string {
	return append(append([]string{"aws"}, strings.Fields(operation)...), arguments...)
}

// send is a command whose arguments are in a file.
func send(operation string, input fields) call { return call{argv: aws(operation), input: input} }

// run is a command with its arguments.
func run(operation string, arguments ...string) call { return call{argv: aws(operation, arguments...)} }

// done is run for what AWS refuses with an error if it was done before.
func (c call) done(code string) call {
	c.tolerate = code
	return c
}

// one is for what takes one command.
func one(f func(*resource) call) func(*resource) []call {
	return func(r *resource) []call { return []call{f(r)} }
}

// attribute is an id that is an attribute.
func attribute(path string) func(*resource) string {
	return func(r *resource) string { return r.text(path) }
}

// joined is an id of several attributes.
func joined(separator string, paths ...string) func(*resource) string {
	return func(r *resource) string {
		parts := make([]string, len(paths))
		for i, path := range paths {
			parts[i] = r.text(path)
		}
		return strings.Join(parts, separator)
	}
}

// kinds are all declarations.
func kinds() map[string]*kind {
	all := map[string]*kind{}
	for _, list := range [][]*kind{
		networkKinds(), groupKinds(), identityKinds(), clusterKinds(), nodeKinds(), databaseKinds(), backupKinds(), nameKinds(), entranceKinds(),
		scalingKinds(), watchKinds(), imageKinds(), archiveKinds(), auditKinds(), connectionKinds(),
	} {
		for _, k := range list {
			all[k.typ] = k
		}
	}
	return all
}
