package facts

import (
	"slices"
	"strconv"
	"strings"
)

// CoderRelease is a minor release of Coder.
type CoderRelease struct {
	// Minor is its number, such as 2.35.
	Minor string
	// Released and SupportEnd are days: published, and without security fixes. A release gets fixes until the third one after it is published,
	// which is planned for the first Tuesday of a month; an extended one for about a year. The ends that lay ahead when the calendar was
	// copied are estimates by that rule.
	Released, SupportEnd string
	// Extended says that it is an Extended Support Release.
	Extended bool
}

// coderReleases is Coder's release calendar, oldest first (docs/install/releases of Coder).
var coderReleases = []CoderRelease{
	{"2.24", "2025-07-01", "2025-10-07", false},
	{"2.27", "2025-10-07", "2026-02-03", false},
	{"2.29", "2025-12-02", "2026-12-02", true},
	{"2.30", "2026-02-03", "2026-05-05", false},
	{"2.31", "2026-02-23", "2026-06-02", false},
	{"2.32", "2026-04-14", "2026-07-07", false},
	{"2.33", "2026-05-05", "2026-08-04", false},
	{"2.34", "2026-06-02", "2027-06-02", true},
	{"2.35", "2026-07-07", "2026-10-06", false},
}

// Coder finds the release that a version, such as 2.35.1, belongs to.
func Coder(version string) (CoderRelease, bool) {
	minor := coderMinor(version)
	i := slices.IndexFunc(coderReleases, func(release CoderRelease) bool {
		return minor != nil && slices.Equal(coderMinor(release.Minor), minor)
	})
	if i < 0 {
		return CoderRelease{}, false
	}
	return coderReleases[i], true
}

// NewestCoder is the newest release that is known, such as 2.35.
func NewestCoder() string { return coderReleases[len(coderReleases)-1].Minor }

// ExtendedCoder is the newest Extended Support Release that is known, such as 2.34.
func ExtendedCoder() string {
	for _, release := range slices.Backward(coderReleases) {
		if release.Extended {
			return release.Minor
		}
	}
	return ""
}

// NewerCoder reports whether a version is of a later release than all that are known.
func NewerCoder(version string) bool {
	return slices.Compare(coderMinor(version), coderMinor(NewestCoder())) > 0
}

// coderMinor are the first two numbers of a version; nil if it is none.
func coderMinor(version string) []int {
	fields := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(fields) < 2 {
		return nil
	}
	numbers := make([]int, 2)
	for i := range numbers {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return nil
		}
		numbers[i] = n
	}
	return numbers
}
