package facts

import (
	"maps"
	"slices"
)

// Zone is an availability zone. Name depends on the account in older regions, ID does not.
type Zone struct {
	Name string
	ID   string
}

// zoneIDs lists, for every region, the ids of its availability zones in the order of their names in one sample account (the
// account that moto 5.2 emulates; real accounts of the older regions differ in the order).
var zoneIDs = map[string][]string{
	"af-south-1":     {"afs1-az1", "afs1-az2", "afs1-az3"},
	"ap-east-1":      {"ape1-az1", "ape1-az2", "ape1-az3"},
	"ap-northeast-1": {"apne1-az4", "apne1-az1", "apne1-az2"},
	"ap-northeast-2": {"apne2-az1", "apne2-az2", "apne2-az3", "apne2-az4"},
	"ap-northeast-3": {"apne3-az1", "apne3-az2", "apne3-az3"},
	"ap-south-1":     {"aps1-az1", "aps1-az3", "aps1-az2"},
	"ap-south-2":     {"aps2-az1", "aps2-az2", "aps2-az3"},
	"ap-southeast-1": {"apse1-az1", "apse1-az2", "apse1-az3"},
	"ap-southeast-2": {"apse2-az1", "apse2-az3", "apse2-az2"},
	"ap-southeast-3": {"apse3-az1", "apse3-az2", "apse3-az3"},
	"ap-southeast-4": {"apse4-az1", "apse4-az2", "apse4-az3"},
	"ap-southeast-5": {"apse5-az1", "apse5-az2", "apse5-az3"},
	"ap-southeast-7": {"apse7-az1", "apse7-az2", "apse7-az3"},
	"ca-central-1":   {"cac1-az1", "cac1-az2", "cac1-az4"},
	"ca-west-1":      {"caw1-az1", "caw1-az2", "caw1-az3"},
	"eu-central-1":   {"euc1-az1", "euc1-az2", "euc1-az3"},
	"eu-central-2":   {"euc2-az1", "euc2-az2", "euc2-az3"},
	"eu-north-1":     {"eun1-az1", "eun1-az2", "eun1-az3"},
	"eu-south-1":     {"eus1-az1", "eus1-az2", "eus1-az3"},
	"eu-south-2":     {"eus2-az1", "eus2-az2", "eus2-az3"},
	"eu-west-1":      {"euw1-az3", "euw1-az1", "euw1-az2"},
	"eu-west-2":      {"euw2-az2", "euw2-az3", "euw2-az1"},
	"eu-west-3":      {"euw3-az1", "euw3-az2", "euw3-az3"},
	"il-central-1":   {"ilc1-az1", "ilc1-az2", "ilc1-az3"},
	"me-central-1":   {"mec1-az1", "mec1-az2", "mec1-az3"},
	"me-south-1":     {"mes1-az1", "mes1-az2", "mes1-az3"},
	"mx-central-1":   {"mxc1-az1", "mxc1-az2", "mxc1-az3"},
	"sa-east-1":      {"sae1-az1", "sae1-az2", "sae1-az3"},
	"us-east-1":      {"use1-az6", "use1-az1", "use1-az2", "use1-az4", "use1-az3", "use1-az5"},
	"us-east-2":      {"use2-az1", "use2-az2", "use2-az3"},
	"us-gov-east-1":  {"usge1-az1", "usge1-az2", "usge1-az3"},
	"us-gov-west-1":  {"usgw1-az1", "usgw1-az2", "usgw1-az3"},
	"us-west-1":      {"usw1-az3", "usw1-az1"},
	"us-west-2":      {"usw2-az2", "usw2-az1", "usw2-az3", "usw2-az4"},
}

// zoneLetters holds the letters of the zones where they are not a, b, c and so on.
var zoneLetters = map[string]string{
	"ap-northeast-1": "acd",
	"ca-central-1":   "abd",
}

// regionNames are the regions' names as AWS writes them (endpoints of the AWS SDKs).
var regionNames = map[string]string{
	"af-south-1":     "Africa (Cape Town)",
	"ap-east-1":      "Asia Pacific (Hong Kong)",
	"ap-northeast-1": "Asia Pacific (Tokyo)",
	"ap-northeast-2": "Asia Pacific (Seoul)",
	"ap-northeast-3": "Asia Pacific (Osaka)",
	"ap-south-1":     "Asia Pacific (Mumbai)",
	"ap-south-2":     "Asia Pacific (Hyderabad)",
	"ap-southeast-1": "Asia Pacific (Singapore)",
	"ap-southeast-2": "Asia Pacific (Sydney)",
	"ap-southeast-3": "Asia Pacific (Jakarta)",
	"ap-southeast-4": "Asia Pacific (Melbourne)",
	"ap-southeast-5": "Asia Pacific (Malaysia)",
	"ap-southeast-7": "Asia Pacific (Thailand)",
	"ca-central-1":   "Canada (Central)",
	"ca-west-1":      "Canada West (Calgary)",
	"eu-central-1":   "Europe (Frankfurt)",
	"eu-central-2":   "Europe (Zurich)",
	"eu-north-1":     "Europe (Stockholm)",
	"eu-south-1":     "Europe (Milan)",
	"eu-south-2":     "Europe (Spain)",
	"eu-west-1":      "Europe (Ireland)",
	"eu-west-2":      "Europe (London)",
	"eu-west-3":      "Europe (Paris)",
	"il-central-1":   "Israel (Tel Aviv)",
	"me-central-1":   "Middle East (UAE)",
	"me-south-1":     "Middle East (Bahrain)",
	"mx-central-1":   "Mexico (Central)",
	"sa-east-1":      "South America (Sao Paulo)",
	"us-east-1":      "US East (N. Virginia)",
	"us-east-2":      "US East (Ohio)",
	"us-gov-east-1":  "AWS GovCloud (US-East)",
	"us-gov-west-1":  "AWS GovCloud (US-West)",
	"us-west-1":      "US West (N. California)",
	"us-west-2":      "US West (Oregon)",

	// Of these the program carries neither zones nor prices.
	"cn-north-1":     "China (Beijing)",
	"cn-northwest-1": "China (Ningxia)",
	"eusc-de-east-1": "AWS European Sovereign Cloud (Germany)",
	"us-iso-east-1":  "US ISO East",
	"us-iso-west-1":  "US ISO West",
	"us-isob-east-1": "US ISOB East (Ohio)",
}

// RegionName is the name of a region for people, such as Europe (Ireland); its code if it is newer than known, and "" if there is none.
func RegionName(region string) string {
	if name := regionNames[region]; name != "" {
		return name
	}
	if NewerRegion(region) {
		return region
	}
	return ""
}

// Zones lists the availability zones of a region in the order of their names; none if there is no such region. One that is newer than known
// has three, as AWS promises (https://aws.amazon.com/about-aws/global-infrastructure/regions_az/).
func Zones(region string) []Zone {
	letters := zoneLetters[region]
	if letters == "" {
		letters = "abcdefgh"
	}
	ids := zoneIDs[region]
	if code := newerRegionCode(region); code != "" {
		ids = []string{code + "-az1", code + "-az2", code + "-az3"}
	}
	zones := make([]Zone, len(ids))
	for i, id := range ids {
		zones[i] = Zone{Name: region + letters[i:i+1], ID: id}
	}
	return zones
}

// ZoneID finds the id of a zone by its name in a region, or returns "".
func ZoneID(region, name string) string {
	for _, zone := range Zones(region) {
		if zone.Name == name {
			return zone.ID
		}
	}
	return ""
}

// Regions lists all known regions in alphabetical order.
func Regions() []string { return slices.Sorted(maps.Keys(zoneIDs)) }
