package guide

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed shell/failures.md
var failures string

// page is the name of the file of a stage.
func page(i int) string { return fmt.Sprintf("%02d-%s.md", i+1, stages()[i].file) }

// pages are those for people: one for each stage that has steps, and the first, which tells of all.
func (g *Guide) pages() []File {
	var files []File
	var rows strings.Builder
	monthly, seconds := 0.0, 0.0
	for i, s := range stages() {
		var steps []*step
		for _, one := range g.steps {
			if one.stage == i {
				steps = append(steps, one)
			}
		}
		if len(steps) == 0 {
			continue
		}
		var b strings.Builder
		fmt.Fprintf(&b, "# %s\n\n%s\n", s.title, s.about)
		before := seconds
		for _, one := range steps {
			took, costs := g.figures(one)
			seconds, monthly = seconds+took, monthly+costs
			b.WriteString(g.section(one, took, monthly))
		}
		b.WriteString("\nBack to [all stages](README.md).\n")
		files = append(files, File{Name: page(i), Text: b.String()})
		fmt.Fprintf(&rows, "| [%s](%s) | %s | %s | $%.2f |\n", s.title, page(i), numbers(steps), minutes(seconds-before), monthly)
	}
	return append([]File{{Name: "README.md", Text: g.readme(rows.String(), monthly, seconds)}}, files...)
}

// figures are how many seconds AWS takes for a step, and what its resources cost in a month. What takes long is counted where it is
// waited for, and costs from the moment on at which it is begun.
func (g *Guide) figures(s *step) (seconds, monthly float64) {
	for _, t := range s.things {
		if s.wait || !t.kind.apart {
			// Things of one step that are waited for are made at the same time.
			if took := g.options.Seconds[t.address]; s.wait {
				seconds = max(seconds, took)
			} else {
				seconds += took
			}
		}
		if !s.wait {
			monthly += g.options.Monthly[t.address]
		}
	}
	return seconds, monthly
}

// section is a step for people.
func (g *Guide) section(s *step, seconds, monthly float64) string {
	var b strings.Builder
	first := s.things[0]
	fmt.Fprintf(&b, "\n## Step %d: %s\n\n%s AWS takes %s; from here on a month costs $%.2f.\n", s.number, s.title(), first.kind.why,
		minutes(seconds), monthly)
	fmt.Fprintf(&b, "\n```bash\n./guide.sh --only %d\n```\n", s.number)
	if len(s.things) > 1 {
		b.WriteString("\nIt makes:\n\n")
		if s.wait {
			b.Reset()
			fmt.Fprintf(&b, "\n## Step %d: %s\n\nAWS takes %s more. Stop whenever you like; the next run goes on waiting.\n", s.number, s.title(),
				minutes(seconds))
			fmt.Fprintf(&b, "\n```bash\n./guide.sh --only %d\n```\n", s.number)
			b.WriteString("\nIt waits for:\n\n")
		}
		for _, t := range s.things {
			fmt.Fprintf(&b, "- `%s`\n", t.address)
		}
	}
	parts := []struct{ text, name string }{
		{"What it runs", "make"}, {"and then, once", "settle"}, {"It waits with", "wait"},
		{"Check: it must print an id or a name, not `None`", "find"},
		{"Undo", "end"},
	}
	if s.wait {
		parts = parts[2:3]
	}
	for _, part := range parts {
		body := first.body(part.name)
		if body == "" || part.name == "wait" && first.kind.apart != s.wait {
			continue
		}
		of := ""
		if len(s.things) > 1 {
			of = ", of the first"
		}
		fmt.Fprintf(&b, "\n%s%s:\n\n```bash\n%s```\n", part.text, of, body)
	}
	return b.String()
}

// body is what a function of a thing runs, as in in/resources.sh.
func (t *thing) body(name string) string {
	_, rest, found := strings.Cut(t.script, "\n"+name+"_"+t.slug+"() {\n")
	if !found {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "\n}\n")
	return strings.ReplaceAll("\n"+rest, "\n  ", "\n")[1:] + "\n"
}

// readme is the first page.
func (g *Guide) readme(rows string, monthly, seconds float64) string {
	var b strings.Builder
	o := g.options
	fmt.Fprintf(&b, "# %s in %s, made with the AWS CLI\n\n", o.Name, o.Region)
	fmt.Fprintf(&b, "These pages make the same %d resources as the Terraform stacks of coderaws would with the same settings, in %d steps. When all are\n"+
		"made, they cost about $%.2f in an average month. AWS takes about %s in all, one step after the other.\n\n", g.Resources(), len(g.steps), monthly,
		minutes(seconds))
	b.WriteString("You need bash and [AWS CLI 2](https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html), signed in to the account\n" +
		"in which everything is to be" + g.helmNeeded() + ". Nothing has to be edited: the settings are in the commands already.\n\n" +
		"```bash\n./guide.sh --list       # the steps\n./guide.sh --dry-run    # what would be made; nothing is\n./guide.sh              # everything, from the start or from where it stopped\n" +
		"./guide.sh --only 3     # one step\n./guide.sh status       # what is there\n```\n\n" +
		"Stop it at any time with Ctrl-C and run it again: each step looks first what is there. What it found out is in the file `env`, ids alone.\n\n")
	b.WriteString("## Stages\n\n| stage | steps | AWS takes | a month then costs |\n|---|---|---|---|\n" + rows)
	b.WriteString(g.signIn())
	b.WriteString("\n## When a step fails\n\n" + failures)
	b.WriteString("\n## What is proven, and what is not\n\nOn AWS itself, nobody has followed such a guide: try yours in an account for tests first, its end as well. Against an emulator of AWS and\n" +
		"with version 1 of the CLI, that of SR-Simple was followed to its end, taken over by Terraform and deleted, but for what is in the cluster. How far\n" +
		"which guide was followed is in `docs/reference/fidelity.md` of coderaws.\n")
	b.WriteString("\n## From here on with Terraform\n\nNothing is built anew. `./guide.sh imports > imports.tf` writes import blocks with the ids of your account. Put the file beside\n" +
		"those of `stacks/cloud` and plan with the settings of this deployment: the plan must destroy and replace nothing. What it changes is what AWS\n" +
		"has nowhere and Terraform alone remembers:\n\n")
	for _, line := range g.remembered() {
		b.WriteString(line)
	}
	b.WriteString(g.afterCloud())
	b.WriteString("\n## The end\n\n`./teardown.sh` deletes everything in reverse, and refuses what holds data until it is named with `--delete-data`:\n\n")
	for _, t := range g.things {
		if what := o.Holds[t.address]; what != "" {
			fmt.Fprintf(&b, "- `%s` holds %s\n", t.address, what)
		}
	}
	return b.String()
}

// remembered says of each type what Terraform writes down when it takes over.
func (g *Guide) remembered() []string {
	var lines []string
	seen := map[*kind]bool{}
	for _, t := range g.things {
		if seen[t.kind] || t.platform {
			continue
		}
		seen[t.kind] = true
		switch {
		case t.kind.id == nil:
			lines = append(lines, fmt.Sprintf("- `%s` cannot be imported; Terraform makes it again, which changes nothing on AWS\n", t.typ))
		case len(t.kind.memory) > 0:
			lines = append(lines, fmt.Sprintf("- `%s`: `%s`\n", t.typ, strings.Join(t.kind.memory, "`, `")))
		}
	}
	return lines
}

// numbers are those of steps.
func numbers(steps []*step) string {
	if len(steps) == 1 {
		return fmt.Sprint(steps[0].number)
	}
	return fmt.Sprintf("%d to %d", steps[0].number, steps[len(steps)-1].number)
}

// minutes words a time.
func minutes(seconds float64) string {
	if seconds < 60 {
		return fmt.Sprintf("%.0f seconds", seconds)
	}
	return fmt.Sprintf("%.1f minutes", seconds/60)
}
