// Package sts declares what Terraform asks AWS Security Token Service: the account and the partition. It knows the model alone; the
// catalog imports it.
package sts

import (
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// DataSources are the data sources of the service.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_caller_identity", API: "STS", Noun: "STS Caller Identity", Call: "GetCallerIdentity", Read: readCallerIdentity},
		{Name: "aws_partition", API: "STS", Noun: "Partition", Call: "GetPartition", Read: readPartition},
	}
}

func readCallerIdentity(c *model.Call) *world.Error {
	c.Force("account_id", c.Account)
	c.Force("id", c.Account)
	session := c.CallerSession()
	c.Force("arn", session)
	c.Force("user_id", "AROAIOSFODNN7EXAMPLE:"+session[strings.LastIndex(session, "/")+1:])
	return nil
}

func readPartition(c *model.Call) *world.Error {
	suffix := facts.DNSSuffix(c.ProviderRegion)
	reversed := "com.amazonaws"
	if strings.HasSuffix(suffix, ".cn") {
		reversed = "cn.com.amazonaws"
	}
	c.Force("id", c.Partition())
	c.Force("partition", c.Partition())
	c.Force("dns_suffix", suffix)
	c.Force("reverse_dns_prefix", reversed)
	return nil
}
