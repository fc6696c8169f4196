package main

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// offer is what a region offers under the name of a type.
type offer struct {
	// sizes are the fields of the table that are the same in all regions.
	sizes object
	// zoneIDs are the ids of the zones that have the type, in their order.
	zoneIDs []string
}

// enabled are the regions that the account may use.
func enabled(ctx context.Context) ([]string, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	answer, err := ec2.NewFromConfig(cfg).DescribeRegions(ctx, &ec2.DescribeRegionsInput{})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, region := range answer.Regions {
		names = append(names, aws.ToString(region.RegionName))
	}
	return names, nil
}

// ask asks EC2 what it offers in a region, by type.
func ask(ctx context.Context, region string) (map[string]offer, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return nil, err
	}
	client := ec2.NewFromConfig(cfg)
	zones := map[string][]string{}
	offerings := ec2.NewDescribeInstanceTypeOfferingsPaginator(client,
		&ec2.DescribeInstanceTypeOfferingsInput{LocationType: types.LocationTypeAvailabilityZoneId})
	for offerings.HasMorePages() {
		page, err := offerings.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, o := range page.InstanceTypeOfferings {
			name := string(o.InstanceType)
			zones[name] = append(zones[name], aws.ToString(o.Location))
		}
	}
	there := map[string]offer{}
	described := ec2.NewDescribeInstanceTypesPaginator(client, &ec2.DescribeInstanceTypesInput{})
	for described.HasMorePages() {
		page, err := described.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, info := range page.InstanceTypes {
			name := string(info.InstanceType)
			ids := zones[name]
			slices.Sort(ids)
			if len(ids) > 0 { // what no zone has is described for those who had it
				there[name] = offer{sizes(info), slices.Compact(ids)}
			}
		}
	}
	return there, nil
}

// sizes are the fields of the table that EC2 describes.
func sizes(info types.InstanceTypeInfo) object {
	fields := object{"generation": "previous", "gpu": 0}
	if aws.ToBool(info.CurrentGeneration) {
		fields["generation"] = "current"
	}
	if info.VCpuInfo != nil {
		fields["vcpu"] = aws.ToInt32(info.VCpuInfo.DefaultVCpus)
	}
	if info.MemoryInfo != nil {
		fields["memory_gib"] = float64(aws.ToInt64(info.MemoryInfo.SizeInMiB)) / 1024
	}
	if info.ProcessorInfo != nil {
		architectures := []string{}
		for _, a := range info.ProcessorInfo.SupportedArchitectures {
			architectures = append(architectures, string(a))
		}
		slices.Sort(architectures)
		fields["arch"] = architectures
	}
	if info.NetworkInfo != nil {
		fields["max_enis"] = aws.ToInt32(info.NetworkInfo.MaximumNetworkInterfaces)
		fields["ipv4_per_eni"] = aws.ToInt32(info.NetworkInfo.Ipv4AddressesPerInterface)
	}
	if info.GpuInfo != nil {
		gpus := int32(0)
		for _, gpu := range info.GpuInfo.Gpus {
			gpus += aws.ToInt32(gpu.Count)
		}
		fields["gpu"] = gpus
	}
	return fields
}
