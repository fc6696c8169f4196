// Package coderaws embeds the Terraform that the program carries, and holds nothing else: cmd/coderaws is the program.
// Only main may import it, and passes Source on as an fs.FS, so that every other package works on any copy of the tree.
package coderaws

import "embed"

// Source holds stacks/, modules/, patterns/, charts/ and templates/ as they are in the repository.
//
// The kinds of files are named one by one rather than the directories as a whole: a `terraform init` in a stack leaves
// providers of some hundred megabytes and perhaps a state there, which must not end up in the program.
//
//go:embed stacks/*/*.tf stacks/*/rds-authorities/*.pem modules/*/*.tf patterns/*.tfvars patterns/*/*.tfvars
//go:embed charts/*/*.yaml charts/*/values.schema.json charts/*/templates/* charts/*/files/*
//go:embed templates/*/*.tf templates/*/*.tftpl templates/*/*.json templates/*/*.md
var Source embed.FS
