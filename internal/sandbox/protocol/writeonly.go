package protocol

import (
	"coderaws/internal/sandbox/schema"
	"coderaws/internal/sandbox/world"
)

// told stands for the value of a write-only argument while a resource is made or changed: rules see that there is one, and nothing keeps
// it.
const told = "write-only"

// tellWriteOnly puts into an object that write-only arguments of the configuration have values. Terraform leaves them out of every plan.
func tellWriteOnly(block *schema.Block, object, config world.Object) {
	if object == nil {
		return
	}
	for _, a := range block.Attributes {
		if a.WriteOnly && config[a.Name] != nil {
			object[a.Name] = told
		}
	}
}

// withoutWriteOnly is an object as Terraform may see it: write-only arguments stand in no plan and no state.
func withoutWriteOnly(block *schema.Block, object world.Object) world.Object {
	for _, a := range block.Attributes {
		if a.WriteOnly && object[a.Name] != nil {
			object = world.CopiedObject(object)
			object[a.Name] = nil
		}
	}
	return object
}
