package eks

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// KubernetesVersion is a minor version of Kubernetes on Amazon EKS.
type KubernetesVersion struct {
	Name string
	// released, standardEnd and extendedEnd are days in UTC: offered, out of standard support, upgraded by AWS.
	released, standardEnd, extendedEnd string
	// patch is the patch release that nodes run, platform EKS's platform version (both estimates: AWS moves them every few weeks).
	patch, platform int
}

// kubernetesVersions is EKS's calendar, oldest first (AWS documentation, as of July 2026).
var kubernetesVersions = []KubernetesVersion{
	{"1.29", "2024-01-23", "2025-03-23", "2026-03-23", 15, 40},
	{"1.30", "2024-05-23", "2025-07-23", "2026-07-23", 14, 40},
	{"1.31", "2024-09-26", "2025-11-26", "2026-11-26", 13, 36},
	{"1.32", "2025-01-23", "2026-03-23", "2027-03-23", 11, 30},
	{"1.33", "2025-05-29", "2026-07-29", "2027-07-29", 9, 22},
	{"1.34", "2025-10-02", "2026-12-02", "2027-12-02", 7, 16},
	{"1.35", "2026-01-27", "2027-03-27", "2028-03-27", 5, 10},
	{"1.36", "2026-06-02", "2027-08-02", "2028-08-02", 2, 5},
}

// offered reports whether EKS makes clusters of this version on a day.
func (v KubernetesVersion) offered(now time.Time) bool {
	day := now.Format(time.DateOnly)
	return v.released <= day && day < v.extendedEnd
}

// status is the support that a version has on a day, as DescribeClusterVersions names it.
func (v KubernetesVersion) status(now time.Time) string {
	day := now.Format(time.DateOnly)
	switch {
	case v.released > day || day >= v.extendedEnd:
		return "UNSUPPORTED"
	case day >= v.standardEnd:
		return "EXTENDED_SUPPORT"
	default:
		return "STANDARD_SUPPORT"
	}
}

// KubernetesSupport is the support that EKS gives a minor version on a day: STANDARD_SUPPORT, EXTENDED_SUPPORT or UNSUPPORTED; "" for a version
// that this program does not know.
func KubernetesSupport(name string, on time.Time) string {
	for _, v := range kubernetesVersions {
		if v.Name == name {
			return v.status(on)
		}
	}
	return ""
}

// FindKubernetes finds a version that EKS offers at a time.
func FindKubernetes(name string, now time.Time) (KubernetesVersion, bool) {
	for _, v := range kubernetesVersions {
		if v.Name == name && v.offered(now) {
			return v, true
		}
	}
	return KubernetesVersion{}, false
}

// DefaultKubernetes is what EKS gives a cluster that asks for no version: the newest one.
func DefaultKubernetes(now time.Time) string {
	newest := ""
	for _, v := range kubernetesVersions {
		if v.offered(now) {
			newest = v.Name
		}
	}
	return newest
}

// NodeRelease is the release of EKS's images for a version, such as 1.35.5-20261108: AWS publishes them every week or two (the day is an estimate).
func NodeRelease(v KubernetesVersion, now time.Time) string {
	return fmt.Sprintf("%s.%d-%s", v.Name, v.patch, now.AddDate(0, 0, -14).Format("20060102"))
}

// Minor is the number after the dot of a Kubernetes version, or -1.
func Minor(version string) int {
	_, digits, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}
