package realprovider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The environment of StartOffline: a region that is nobody's default, so that a value which depends on it is
// recognised, and the account that stands for no account in AWS's own examples.
const (
	OfflineRegion  = "eu-north-1"
	OfflineAccount = "123456789012"
)

// StartOffline starts the binary and configures it so that it needs no network: static credentials, and no look-up of
// account, region or instance metadata. Planning works then; reading and changing do not.
func StartOffline(ctx context.Context, binary string) (*Provider, error) {
	// Nobody listens on port 1: what calls AWS in spite of all this fails at once.
	p, err := Start(ctx, binary, "AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED=true")
	if err != nil {
		return nil, err
	}
	if err := p.Configure(ctx, p.schema.offline()); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// offline is the configuration that StartOffline gives.
func (s *Schema) offline() tftypes.Value {
	values := map[string]tftypes.Value{}
	for _, a := range s.Provider.Attributes {
		values[a.Name] = tftypes.NewValue(a.Type, nil)
	}
	for _, n := range s.Provider.Blocks {
		values[n.Name] = n.Value()
	}
	for name, v := range map[string]any{
		"max_retries":                 1,
		"region":                      OfflineRegion,
		"access_key":                  "offline",
		"secret_key":                  "offline",
		"skip_credentials_validation": true,
		"skip_requesting_account_id":  true,
		"skip_region_validation":      true,
		"skip_metadata_api_check":     "true",
	} {
		values[name] = tftypes.NewValue(values[name].Type(), v)
	}
	return tftypes.NewValue(s.Provider.Type(), values)
}
