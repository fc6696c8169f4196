package account

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// computeQuestions are those about what runs on EC2.
func computeQuestions(vcpuCodes []string) []question {
	return []question{
		{action: "ec2:DescribeAvailabilityZones", about: "availability zones", ask: zones},
		{action: "ec2:DescribeInstances", about: "vCPUs of running instances", counts: vcpuCodes, ask: runningVCPUs},
		{action: "ec2:DescribeVolumes", about: "storage of volumes", counts: []string{gp2Storage, gp3Storage}, ask: volumeStorage},
		{action: "ec2:DescribeLaunchTemplates", about: "launch templates", counts: []string{"L-FB451C26"},
			names: []string{"aws_launch_template"}, ask: launchTemplates},
		{action: "ec2:DescribeKeyPairs", about: "key pairs", counts: []string{"L-56E0E04A"}, names: []string{"aws_key_pair"}, ask: keyPairs},
	}
}

// zones asks for the zones that may be used: neither local zones nor those that the account has not opted into.
func zones(ctx context.Context, q *asking) (answer, error) {
	out, err := ec2.NewFromConfig(q.config).DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{})
	if err != nil {
		return answer{}, err
	}
	found := []Zone{}
	for _, zone := range out.AvailabilityZones {
		// Emulators of AWS leave the type empty.
		if kind := aws.ToString(zone.ZoneType); (kind == "availability-zone" || kind == "") &&
			zone.State == types.AvailabilityZoneStateAvailable {
			found = append(found, Zone{aws.ToString(zone.ZoneName), aws.ToString(zone.ZoneId)})
		}
	}
	slices.SortFunc(found, func(a, b Zone) int { return cmp.Compare(a.Name, b.Name) })
	return answer{set: func(_ *Snapshot, r *Region) { r.Zones = found }}, nil
}

func runningVCPUs(ctx context.Context, q *asking) (answer, error) {
	running := types.Filter{Name: aws.String("instance-state-name"), Values: []string{"pending", "running"}}
	usage := map[string]map[string]float64{}
	client := ec2.NewFromConfig(q.config)
	in := &ec2.DescribeInstancesInput{Filters: []types.Filter{running}}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeInstances(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, reservation := range page.Reservations {
			for _, instance := range reservation.Instances {
				code, vcpus := q.instance(string(instance.InstanceType), instance.InstanceLifecycle == types.InstanceLifecycleTypeSpot)
				if vcpus == 0 {
					continue // a type that is newer than this program, or of a family that no quota is counted for
				}
				if usage[code] == nil {
					usage[code] = map[string]float64{}
				}
				usage[code][""] += float64(vcpus)
			}
		}
		return page.NextToken, nil
	})
	return answer{usage: usage}, err
}

const (
	gp2Storage = "L-D18FCD1D"
	gp3Storage = "L-7A658B76"
)

// volumeStorage adds up volumes in TiB, as the quotas do.
func volumeStorage(ctx context.Context, q *asking) (answer, error) {
	codes := map[types.VolumeType]string{types.VolumeTypeGp2: gp2Storage, types.VolumeTypeGp3: gp3Storage}
	usage := map[string]map[string]float64{gp2Storage: {}, gp3Storage: {}}
	client := ec2.NewFromConfig(q.config)
	in := &ec2.DescribeVolumesInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeVolumes(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, volume := range page.Volumes {
			if code, counted := codes[volume.VolumeType]; counted {
				usage[code][""] += float64(aws.ToInt32(volume.Size)) / 1024
			}
		}
		return page.NextToken, nil
	})
	return answer{usage: usage}, err
}

func launchTemplates(ctx context.Context, q *asking) (answer, error) {
	var names []string
	client := ec2.NewFromConfig(q.config)
	in := &ec2.DescribeLaunchTemplatesInput{}
	err := pages(func(token *string) (*string, error) {
		in.NextToken = token
		page, err := client.DescribeLaunchTemplates(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, template := range page.LaunchTemplates {
			names = append(names, aws.ToString(template.LaunchTemplateName))
		}
		return page.NextToken, nil
	})
	a := used("L-FB451C26", len(names))
	a.names = map[string][]string{"aws_launch_template": names}
	return a, err
}

func keyPairs(ctx context.Context, q *asking) (answer, error) {
	out, err := ec2.NewFromConfig(q.config).DescribeKeyPairs(ctx, &ec2.DescribeKeyPairsInput{})
	if err != nil {
		return answer{}, err
	}
	var names []string
	for _, pair := range out.KeyPairs {
		names = append(names, aws.ToString(pair.KeyName))
	}
	a := used("L-56E0E04A", len(names))
	a.names = map[string][]string{"aws_key_pair": names}
	return a, nil
}

// offersQuestion asks in which zones some instance types are offered. Those that are offered nowhere are in the answer too.
func offersQuestion(instanceTypes []string) question {
	return question{action: "ec2:DescribeInstanceTypeOfferings", about: "where instance types are offered",
		ask: func(ctx context.Context, q *asking) (answer, error) {
			offers := map[string][]string{}
			for _, name := range instanceTypes {
				offers[name] = []string{}
			}
			client := ec2.NewFromConfig(q.config)
			in := &ec2.DescribeInstanceTypeOfferingsInput{
				LocationType: types.LocationTypeAvailabilityZoneId,
				Filters:      []types.Filter{{Name: aws.String("instance-type"), Values: instanceTypes}},
			}
			err := pages(func(token *string) (*string, error) {
				in.NextToken = token
				page, err := client.DescribeInstanceTypeOfferings(ctx, in)
				if err != nil {
					return nil, err
				}
				for _, offer := range page.InstanceTypeOfferings {
					name := string(offer.InstanceType)
					offers[name] = append(offers[name], aws.ToString(offer.Location))
				}
				return page.NextToken, nil
			})
			for _, ids := range offers {
				slices.Sort(ids)
			}
			return answer{set: func(_ *Snapshot, r *Region) {
				for name, ids := range offers {
					r.Offers[name] = ids
				}
			}}, err
		}}
}
