package guide

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"
)

// platform is what the platform has to know of the cloud, from the output by which the stack hands it over.
type platform struct {
	Domain    string `json:"domain"`
	AccessURL string `json:"access_url"`
	Cluster   struct {
		Name string `json:"name"`
	} `json:"cluster"`
	Secrets struct {
		Owner string `json:"owner_password"`
	} `json:"secrets"`
}

// platformOutput is the output of the cloud stack that the platform stack takes.
const platformOutput = "platform"

// readCloud reads that output; nil if there is none.
func readCloud(made *plan.Plan) (*platform, error) {
	values := made.Document.PlannedValues
	if values == nil || values.Outputs[platformOutput] == nil {
		return nil, nil
	}
	text, err := json.Marshal(values.Outputs[platformOutput].Value)
	if err != nil {
		return nil, fmt.Errorf("read the output %s: %w", platformOutput, err)
	}
	var c platform
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("read the output %s: %w", platformOutput, err)
	}
	return &c, nil
}

// declarePlatform adds what runs in the cluster: the first owner of Coder, whose password a job there takes from Secrets Manager, and
// the releases. All of it comes after all of the cloud, and the owner before the releases.
func (g *Guide) declarePlatform() error {
	if g.options.Platform == nil || g.options.Platform.Document.PlannedValues == nil {
		return nil
	}
	var releases, data []*resource
	read(g.options.Platform.Document.PlannedValues.RootModule, &releases, &data)
	if len(releases) == 0 {
		return nil
	}
	if g.cloud == nil {
		return fmt.Errorf("the cloud has no output %s, and so the guide does not know the cluster of %s", platformOutput, releases[0].address)
	}
	slices.SortFunc(releases, func(a, b *resource) int { return plan.Compare(a.address, b.address) })
	before := slices.Clone(g.things)
	if g.cloud.Secrets.Owner != "" {
		owner := &thing{resource: &resource{address: "owner", values: map[string]any{"secret": g.cloud.Secrets.Owner,
			"email": "owner@" + g.cloud.Domain}}, kind: ownerKind(), slug: "first_owner", platform: true, needs: slices.Clone(before)}
		g.things, before = append(g.things, owner), append(before, owner)
	}
	for _, r := range releases {
		if r.typ != "helm_release" {
			d := diagnostic.Errorf("the guide does not know how %s is made by hand", r.typ)
			d.Code, d.Address, d.Why = "guide.unknown_type", r.address, "in a cluster it knows releases of Helm alone"
			d.Todo = "deploy with `coderaws up` or Terraform"
			return d
		}
		r.values["cluster"] = g.cloud.Cluster.Name
		if chart, ours := ownChart(r); ours {
			if err := g.addChart(chart); err != nil {
				return err
			}
		}
		name := r.text("name")
		g.things = append(g.things, &thing{resource: r, kind: releaseKind(name), slug: "release_" + strings.ReplaceAll(name, "-", "_"),
			platform: true, needs: slices.Clone(before)})
	}
	return nil
}

// ownChart is the folder of a chart that the stacks bring along, and false for a chart of a registry.
func ownChart(r *resource) (string, bool) {
	return path.Join("charts", path.Base(r.text("chart"))), r.text("repository") == "" && !strings.HasPrefix(r.text("chart"), "oci://")
}

// addChart takes a chart of the stacks into the guide.
func (g *Guide) addChart(folder string) error {
	if slices.ContainsFunc(g.charts, func(f File) bool { return strings.HasPrefix(f.Name, folder+"/") }) {
		return nil
	}
	return fs.WalkDir(g.options.Source, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(g.options.Source, name)
		g.charts = append(g.charts, File{Name: name, Text: string(text)})
		return err
	})
}

// ownerKind is the first user of Coder, as `coderaws up` makes it: a password that nobody has typed, and an address that is nobody's.
func ownerKind() *kind {
	return &kind{
		typ: "owner", noun: "password of the first owner",
		why: "A job in the cluster makes the first user of Coder before anybody else reaches it, and takes the password from here.",
		find: func(r *resource) look {
			return look{aws("secretsmanager describe-secret", "--secret-id", r.text("secret")), "VersionIdsToStages && 'there'"}
		},
		make: one(func(r *resource) call { return call{argv: []string{"issue_owner", r.text("secret"), r.text("email")}} }),
	}
}

// releaseKind is a release of Helm of this name, with the values that the platform stack gives it. Each is a step of its own.
func releaseKind(name string) *kind {
	return &kind{
		typ: "helm_release", noun: "release " + name,
		why: "What runs in the cluster: a chart of Helm, with the values that Terraform would give it.",
		find: func(r *resource) look {
			return look{argv: []string{"find_release", r.text("cluster"), r.text("namespace"), r.text("name")}}
		},
		make: func(r *resource) []call {
			argv := []string{"helm", "upgrade", "--install", r.text("name"), r.text("chart")}
			if chart, ours := ownChart(r); ours {
				argv[4] = chart
			} else {
				repository := r.text("repository")
				if strings.HasPrefix(repository, "oci://") {
					argv[4] = strings.TrimSuffix(repository, "/") + "/" + argv[4]
				} else if repository != "" {
					argv = append(argv, "--repo", repository)
				}
				argv = append(argv, "--version", r.text("version"))
			}
			argv = append(argv, "--namespace", r.text("namespace"))
			if r.text("wait") != "false" {
				argv = append(argv, "--wait")
			}
			if seconds := r.text("timeout"); seconds != "" {
				argv = append(argv, "--timeout", seconds+"s")
			}
			return []call{{argv: []string{"reach", r.text("cluster")}}, {argv: argv, values: r.listed("values")}}
		},
		end: func(r *resource) []call {
			return []call{{argv: []string{"reach", r.text("cluster")}},
				{argv: []string{"helm", "uninstall", r.text("name"), "--namespace", r.text("namespace"), "--wait"}}}
		},
	}
}
