package coder

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
)

// RegionTagsFile is the file of a template that sends builds to the provisioners of a region. It belongs into the archive only where there
// are several: a coderd that looks for tags in the text of a template counts them even where Terraform would not.
const RegionTagsFile = "region-tags.tf"

// tagsMinor is the minor release of Coder 2 since which tags are what Terraform makes of a template (coderd/dynamicparameters/tags.go of
// 2.27.0; 2.24.4 has none, and those between were not looked at). Before, a build for the hub would have a tag, too, and wait for ever.
const tagsMinor = 27

// reachRegions holds that builds for each of the template's regions find a provisioner. coderd accepts a build for which there is none, and
// lets it wait for ever. known is what coderd has of the template; nil for nothing.
func (c *Client) reachRegions(ctx context.Context, t *Template, known *KnownTemplate) error {
	if len(t.Regions) == 0 {
		return nil
	}
	info, err := c.BuildInfo(ctx)
	if err != nil {
		return err
	}
	if evaluatesNoTags(info.Version) {
		return unreachable(t.Name, "coder.region_version", fmt.Sprintf("coderd %s cannot send builds to regions", info.Version),
			fmt.Sprintf("before 2.%d coderd reads tags in the text of a template, so that builds for the hub would have one, too, and wait for ever",
				tagsMinor), "raise coder.version in the settings of all regions, and push again")
	}
	if known != nil && known.Classic {
		return unreachable(t.Name, "coder.region_classic", "it has the classic parameter flow, which cannot send builds to regions",
			"with it coderd reads tags in the text of a template, so that builds for the hub would have one, too, and wait for ever",
			"check \"Enable dynamic parameters for workspace creation\" in the template's settings in Coder, and push again")
	}
	daemons, err := c.ProvisionerDaemons(ctx)
	if err != nil {
		return err
	}
	connected := map[string]int{}
	for _, daemon := range daemons {
		if daemon.Connected() {
			connected[daemon.Tags[RegionTag]]++
		}
	}
	var without []string
	for _, region := range t.Regions {
		if connected[region] == 0 {
			without = append(without, region)
		}
	}
	if len(without) == 0 {
		return nil
	}
	return unreachable(t.Name, "coder.region_provisioner", "no provisioner of "+strings.Join(without, ", ")+" is connected",
		fmt.Sprintf("coderd gives a build for a region to a provisioner that has its name in the tag %s, and lets it wait for ever without one; connected are %s",
			RegionTag, countedTags(connected)),
		"`coderaws up DIR --target aws` makes what is missing there, and `kubectl -n coder-provisioners get pods` in the region's cluster shows the rest; "+
			"push again when one is connected, or with --var regions={} to offer the hub's region alone")
}

// evaluatesNoTags reports whether a version, such as v2.24.4+1a2b3c4, is of before tagsMinor. One that cannot be read is not.
func evaluatesNoTags(version string) bool {
	var minor int
	_, err := fmt.Sscanf(strings.TrimPrefix(version, "v"), "2.%d.", &minor)
	return err == nil && minor < tagsMinor
}

// countedTags says how many provisioners have which region's tag.
func countedTags(connected map[string]int) string {
	var counts []string
	for _, region := range slices.Sorted(maps.Keys(connected)) {
		counts = append(counts, fmt.Sprintf("%d of %s", connected[region], cmp.Or(region, "the hub, without that tag")))
	}
	if len(counts) == 0 {
		return "none"
	}
	return strings.Join(counts, ", ")
}

func unreachable(template, code, what, why, todo string) error {
	d := diagnostic.Errorf("the template %s cannot offer its regions: %s", template, what)
	d.Code, d.Why, d.Todo = code, why, todo
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}
