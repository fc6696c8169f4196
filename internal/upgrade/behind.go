package upgrade

import (
	"fmt"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/facts"
)

// Standing says how a version stands among the others of its kind.
type Standing struct {
	// What is the kind, such as Kubernetes; Setting names the version, and Flag of the command upgrades it.
	What    string `json:"what"`
	Setting string `json:"setting"`
	Flag    string `json:"flag"`
	// Has is the version, Newest the newest that is known.
	Has    string `json:"has"`
	Newest string `json:"newest"`
	// Behind says that there is a later one that is known.
	Behind bool `json:"behind"`
	// SupportEnd is the day, as 2006-01-02, on which standard support or fixes end, and Ends what happens then; empty where it is not known.
	SupportEnd string `json:"support_end,omitempty"`
	Ends       string `json:"ends,omitempty"`
	// Ended says that the day has come.
	Ended bool `json:"ended"`
}

// Standings are those of the versions that run, or are written where nothing is known to run; a kind that stacks of the user's own do not
// have is left out.
func Standings(r *deployment.Region, running Versions, now time.Time) []Standing {
	v := over(Written(r), running)
	day := now.UTC().Format(time.DateOnly)
	var all []Standing
	for _, s := range []Standing{kubernetesStanding(v.Kubernetes, now), databaseStanding(v.Database), coderStanding(v.Coder)} {
		if s.Has != "" {
			all = append(all, s)
		}
	}
	for i := range all {
		all[i].Ended = all[i].SupportEnd != "" && all[i].SupportEnd <= day
	}
	return all
}

func kubernetesStanding(version string, now time.Time) Standing {
	s := Standing{What: "Kubernetes", Setting: kubernetesSetting, Flag: "--kubernetes", Has: version, Newest: facts.NewestKubernetes()}
	s.Behind = facts.KubernetesMinor(version) < facts.KubernetesMinor(s.Newest)
	if found, known := facts.FindKubernetes(version); known {
		s.SupportEnd = found.StandardEnd
		s.Ends = fmt.Sprintf("extended support at six times the price until %s, when AWS upgrades it", found.ExtendedEnd)
		if found.Support(now) == "UNSUPPORTED" {
			s.Ends = fmt.Sprintf("extended support ended on %s, and AWS upgrades it", found.ExtendedEnd)
		}
	}
	return s
}

func databaseStanding(version string) Standing {
	if version == "" {
		return Standing{}
	}
	running, _ := facts.EngineVersion(facts.AuroraPostgreSQL, version)
	newest := newestMinors()
	s := Standing{What: "PostgreSQL", Setting: databaseSetting, Flag: "--database", Has: running, Newest: newest[len(newest)-1]}
	s.Behind = facts.CompareEngineVersions(running, s.Newest) < 0
	if s.SupportEnd = facts.EngineSupportEnd(running); s.SupportEnd != "" {
		s.Ends = "extended support, which AWS asks for by the hour and vCPU"
	}
	return s
}

func coderStanding(version string) Standing {
	s := Standing{What: "Coder", Setting: coderSetting, Flag: "--coder", Has: version, Newest: facts.NewestCoder()}
	release, known := facts.Coder(version)
	if !known {
		return s
	}
	s.Behind = facts.CompareEngineVersions(release.Minor, s.Newest) < 0
	s.SupportEnd, s.Ends = release.SupportEnd, "no fixes any more"
	return s
}
