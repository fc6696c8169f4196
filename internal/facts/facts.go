// Package facts is what the program knows of AWS, of Terraform's providers and of Coder by heart: every data set that is embedded, with the
// day as of which it is, the day until which it is good, its source, and how it is made again. Facts age and the program that carries them
// does not notice, so each is asked here, by everybody, and answers for a day:
//
//   - What is newer than known is taken as the newest known, and Newer says so. It is never an error of AWS.
//   - What is older than it is good for stays in use, as of the last day for which it was good, and Stale says so.
//
// Rules of AWS do not belong here, nor how a fact is shown. Anybody may import the package; it imports nothing of this module.
package facts

import (
	"fmt"
	"slices"
	"time"
)

// Name is what a data set is called, on the command line and in `make facts-NAME`.
type Name string

// The data sets.
const (
	AddonCatalog      Name = "eks-addons"
	BedrockProfiles   Name = "bedrock-profiles"
	ChartVersions     Name = "charts"
	CoderOptions      Name = "coder-options"
	CoderReleases     Name = "coder-releases"
	EKSVersions       Name = "eks-versions"
	EngineVersions    Name = "rds-engines"
	InstanceTypes     Name = "ec2-instances"
	Latencies         Name = "latencies"
	ManagedPolicies   Name = "managed-policies"
	PatternFigures    Name = "pattern-figures"
	PriceBook         Name = "prices"
	ProviderBehaviour Name = "provider-behaviour"
	ProviderCallTable Name = "provider-calls"
	ProviderSchemas   Name = "provider-schemas"
	Quotas            Name = "quotas"
	RDSAuthorities    Name = "rds-authorities"
	RegionZones       Name = "regions"
	SpotCapacity      Name = "spot"
)

// yearsAhead is how many years of releases may be newer than known. What lies further ahead is a mistake in writing.
const yearsAhead = 10

// PricesGoodFor is how long a price is good for: AWS changes few of them, and most of those once a year.
const PricesGoodFor = 365 * 24 * time.Hour

// Set describes a data set.
type Set struct {
	Name Name `json:"name"`
	// What is in it, as the beginning of a sentence.
	What string `json:"what"`
	// AsOf is the day of its oldest part, and GoodUntil the last day on which more of it than not is still so, as 2006-01-02.
	AsOf      string `json:"as_of"`
	GoodUntil string `json:"good_until"`
	Source    string `json:"source"`
	// Remake is how it is made again.
	Remake string `json:"remake"`
	// Files are where it stands in the repository.
	Files []string `json:"files"`
}

// Find describes a data set. A name that is not one of the constants is a mistake in the program, and gets the zero Set.
func Find(name Name) Set {
	for _, set := range Sets() {
		if set.Name == name {
			return set
		}
	}
	return Set{}
}

// Stale reports whether a set is past what it is good for.
func (s Set) Stale(now time.Time) bool { return now.UTC().Format(time.DateOnly) > s.GoodUntil }

// State is good or stale.
func (s Set) State(now time.Time) string {
	if s.Stale(now) {
		return "stale"
	}
	return "good"
}

// Day is the day for which a set is asked: today, or the last day for which it is good. Calendars are not carried on into years of which
// they know nothing, where all that they know would have ended.
func (s Set) Day(now time.Time) string { return min(now.UTC().Format(time.DateOnly), s.GoodUntil) }

// Month is the month as of which a set is, such as 2026-11.
func (s Set) Month() string { return s.AsOf[:min(len("2026-11"), len(s.AsOf))] }

// Stale lists the sets, of those named, that are past what they are good for: all of them if none is named.
func Stale(now time.Time, names ...Name) []Set {
	var stale []Set
	for _, set := range Sets() {
		if set.Stale(now) && (len(names) == 0 || slices.Contains(names, set.Name)) {
			stale = append(stale, set)
		}
	}
	return stale
}

// Outside says of something that a set does not list, and that may be newer, what that means, as one sentence.
func (s Set) Outside(of string) string {
	return fmt.Sprintf("this coderaws knows %s as of %s; what follows is not AWS's answer", of, s.Month())
}

// Beyond says of something that is newer than a set knows what that means, as one sentence: up is the newest that is known.
func (s Set) Beyond(of, up string) string {
	return fmt.Sprintf("this coderaws knows %s up to %s, as of %s; what follows is not AWS's answer", of, up, s.Month())
}
