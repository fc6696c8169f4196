package facts

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
)

// The data sets that are kept in files of their own. Who decodes one knows what it means, so that they are handed out as they stand.
var (
	//go:embed ec2-instances.json.gz
	instanceFile []byte
	//go:embed prices.json
	priceFile []byte
	//go:embed coder-options.json
	optionFile []byte
	//go:embed pattern-figures.json
	patternFile []byte
	//go:embed hashicorp-aws-6.66.0.json.gz
	awsSchemaFile []byte
	//go:embed hashicorp-helm-3.1.1.json
	helmSchemaFile []byte
	//go:embed plan-behaviour-5.100.0.json.gz
	behaviourFile []byte
	//go:embed aws-requires-replace-5.100.0.json
	replaceFile []byte
	//go:embed aws-sensitive-5.100.0.json
	sensitiveFile []byte
	//go:embed managed-policies.json
	policyFile []byte
)

// The versions of Terraform's providers whose schemas are carried.
const (
	AWSProviderVersion  = "6.66.0"
	HelmProviderVersion = "3.1.1"
)

// InstanceRecord is what the table of EC2 instance types has of a type, JSON, for those who need more of it than Instance tells: exact
// prices. It is nil for a type that is not in the table.
func InstanceRecord(name string) json.RawMessage { return instanceRecords()[name] }

// Prices is the price book, in the format of package pricing.
func Prices() io.Reader { return bytes.NewReader(priceFile) }

// Options are the environment variables of Coder by version, in the format of package coderd.
func Options() io.Reader { return bytes.NewReader(optionFile) }

// Patterns is what the patterns come to, in JSON by name.
func Patterns() io.Reader { return bytes.NewReader(patternFile) }

// AWSSchema is the schema of the AWS provider as `terraform providers schema -json` writes it: the record provider, and the sections
// resource_schemas and data_source_schemas.
func AWSSchema() (Records, error) { return readRecords(awsSchemaFile) }

// HelmSchema is the schema of the Helm provider as `terraform providers schema -json` writes it.
func HelmSchema() io.Reader { return bytes.NewReader(helmSchemaFile) }

// PlanBehaviour is what was measured of how the AWS provider plans, JSON under gzip, and Replacement which arguments it replaces a resource
// for, JSON.
func PlanBehaviour() io.Reader { return bytes.NewReader(behaviourFile) }

// Sensitive is which arguments and attributes the AWS provider marks as sensitive, JSON.
func Sensitive() io.Reader { return bytes.NewReader(sensitiveFile) }

// Replacement is described at PlanBehaviour.
func Replacement() io.Reader { return bytes.NewReader(replaceFile) }
