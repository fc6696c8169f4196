package facts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// KubernetesVersion is a minor version of Kubernetes on Amazon EKS.
type KubernetesVersion struct {
	Name string
	// Released, StandardEnd and ExtendedEnd are days in UTC: offered, out of standard support, upgraded by AWS.
	Released, StandardEnd, ExtendedEnd string
	// Patch is the patch release that nodes run, Platform EKS's platform version (both estimates: AWS moves them every few weeks).
	Patch, Platform int
}

// KubernetesVersions is EKS's calendar, oldest first (AWS documentation: release calendar of Amazon EKS).
func KubernetesVersions() []KubernetesVersion {
	return []KubernetesVersion{
		{"1.29", "2024-01-23", "2025-03-23", "2026-03-23", 15, 40},
		{"1.30", "2024-05-23", "2025-07-23", "2026-07-23", 14, 40},
		{"1.31", "2024-09-26", "2025-11-26", "2026-11-26", 13, 36},
		{"1.32", "2025-01-23", "2026-03-23", "2027-03-23", 11, 30},
		{"1.33", "2025-05-29", "2026-07-29", "2027-07-29", 9, 22},
		{"1.34", "2025-10-02", "2026-12-02", "2027-12-02", 7, 16},
		{"1.35", "2026-01-27", "2027-03-27", "2028-03-27", 5, 10},
		{"1.36", "2026-06-02", "2027-08-02", "2028-08-02", 2, 5},
	}
}

// Offered reports whether EKS makes clusters of this version at a time. Past what the calendar is good for, it is asked for its last day:
// what was offered then may have ended, which Support says, but a calendar that ended with it cannot say what is offered instead.
func (v KubernetesVersion) Offered(now time.Time) bool {
	day := Find(EKSVersions).Day(now)
	return v.Released <= day && day < v.ExtendedEnd
}

// Support is the support that EKS gives a version at a time, as DescribeClusterVersions names it: STANDARD_SUPPORT, EXTENDED_SUPPORT or
// UNSUPPORTED.
func (v KubernetesVersion) Support(now time.Time) string {
	switch day := now.UTC().Format(time.DateOnly); {
	case v.Released > day || day >= v.ExtendedEnd:
		return "UNSUPPORTED"
	case day >= v.StandardEnd:
		return "EXTENDED_SUPPORT"
	default:
		return "STANDARD_SUPPORT"
	}
}

// Release is the release of EKS's images for a version, such as 1.35.5-20261108: AWS publishes them every week or two (the day is an
// estimate).
func (v KubernetesVersion) Release(now time.Time) string {
	return fmt.Sprintf("%s.%d-%s", v.Name, v.Patch, now.AddDate(0, 0, -14).Format("20060102"))
}

// Kubernetes finds a version that EKS offers at a time. One that is newer than known is offered, and is otherwise like the newest known.
func Kubernetes(name string, now time.Time) (KubernetesVersion, bool) {
	if NewerKubernetes(name) {
		newest, _ := FindKubernetes(NewestKubernetes())
		newest.Name = name
		return newest, true
	}
	v, known := FindKubernetes(name)
	return v, known && v.Offered(now)
}

// FindKubernetes finds a version that is known, whether EKS offers it or not.
func FindKubernetes(name string) (KubernetesVersion, bool) {
	for _, v := range KubernetesVersions() {
		if v.Name == name {
			return v, true
		}
	}
	return KubernetesVersion{}, false
}

// NewerKubernetes reports whether a minor version, such as 1.37, is newer than all that are known, and may be out one day: three come a
// year.
func NewerKubernetes(name string) bool {
	ahead := KubernetesMinor(name) - KubernetesMinor(NewestKubernetes())
	return strings.HasPrefix(name, "1.") && 0 < ahead && ahead <= 3*yearsAhead
}

// NewestKubernetes is the newest minor version that is known, such as 1.36.
func NewestKubernetes() string {
	versions := KubernetesVersions()
	return versions[len(versions)-1].Name
}

// DefaultKubernetes is what EKS gives a cluster that asks for no version: the newest that it offers.
func DefaultKubernetes(now time.Time) string {
	versions := KubernetesVersions()
	slices.Reverse(versions)
	for _, v := range versions {
		if v.Offered(now) {
			return v.Name
		}
	}
	return ""
}

// KubernetesSupport is the support that EKS gives a minor version at a time, as KubernetesVersion.Support; "" for a version that is not
// known.
func KubernetesSupport(name string, now time.Time) string {
	v, known := FindKubernetes(name)
	if !known {
		return ""
	}
	return v.Support(now)
}

// KubernetesMinor is the number after the dot of a version, or -1.
func KubernetesMinor(name string) int {
	_, digits, _ := strings.Cut(name, ".")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}
