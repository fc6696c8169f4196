package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// machine is what the figures were measured on.
type machine struct {
	processor string
	cores     int
	// load is the load average of the last minute; figures from a busy machine say less.
	load      string
	memory    int64
	system    string
	goVersion string
	// program is the version of coderaws and of the schema that it carries.
	program string
}

// describe reads what this machine says of itself; only Linux says all of it.
func describe() (machine, error) {
	m := machine{
		processor: "unknown processor", cores: runtime.NumCPU(), system: runtime.GOOS + "/" + runtime.GOARCH,
		goVersion: runtime.Version(),
	}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				m.processor = strings.TrimSpace(value)
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if m.memory, err = field(string(text), "MemTotal"); err != nil {
			return machine{}, fmt.Errorf("/proc/meminfo: %w", err)
		}
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.load, _, _ = strings.Cut(string(text), " ")
	}
	return m, nil
}

func (m machine) text() string {
	memory := "memory unknown"
	if m.memory > 0 {
		memory = fmt.Sprintf("%.0f GiB of memory", float64(m.memory)/(1<<30))
	}
	load := ""
	if m.load != "" {
		load = fmt.Sprintf(" Load average of the machine before it began: %s.", m.load)
	}
	return fmt.Sprintf("%s, %d cores, %s, %s; %s; coderaws %s.%s\n",
		m.processor, m.cores, memory, m.system, m.goVersion, m.program, load)
}

// table is the results as Markdown, which reads well on a terminal too.
func table(results []result) string {
	rows := [][]string{{"what", "bound", "median", "of bound", "slowest", "processor time", "memory", "of 250 MiB"}}
	for _, r := range results {
		memory, share := "unknown", ""
		if r.memory > 0 {
			memory, share = fmt.Sprintf("%d MiB", r.memory>>20), percent(float64(r.memory)/memoryBound)
		}
		rows = append(rows, []string{
			r.name, seconds(r.longest), seconds(r.median), percent(float64(r.median) / float64(r.longest)), seconds(r.worst),
			seconds(r.processor), memory, share,
		})
	}
	return align(rows)
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// percent marks what is over its bound.
func percent(share float64) string {
	if share > 1 {
		return fmt.Sprintf("**%.0f %%**", 100*share)
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// align writes rows as a Markdown table: the first column to the left, figures to the right.
func align(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var out strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			if i == 0 {
				fmt.Fprintf(&out, "| %-*s |", widths[i], cell)
			} else {
				fmt.Fprintf(&out, " %*s |", widths[i], cell)
			}
		}
		out.WriteByte('\n')
		if n == 0 {
			out.WriteString("|" + strings.Repeat("-", widths[0]+2) + "|")
			for _, width := range widths[1:] {
				out.WriteString(strings.Repeat("-", width+1) + ":|")
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// page is the document with the results.
func page(m machine, results []result, runs int, now time.Time, note string) string {
	if note != "" {
		note = "\n" + strings.TrimSpace(note) + "\n"
	}
	return fmt.Sprintf(`# Performance

What a user waits for has a bound, and so has the memory that the program takes beside Terraform. `+"`make bench`"+` measures them on
your machine and fails if one is broken; the figures below are written by `+"`go run ./tools/bench -write`"+`, never by hand.

%s
Measured on %s on:
%s%s
How: the median of %d runs (the slowest beside it), each a new process on a new deployment directory, with files in the
operating system's cache. The processor time is that of all cores and includes Terraform's or OpenTofu's, which is most of it in
`+"`plan` and `rehearse`"+`. The memory is the peak of coderaws itself, from the kernel; Terraform has its own. A rehearsal is an apply, a second
plan, a destroy and the report, of both stacks. No chart is fetched: our own is rendered, and the others are where they were fetched before.
From the second run on, coderaws remembers what Terraform's init has left, as it does on every machine that has planned once.
`, table(results), now.UTC().Format("2006-01-02"), m.text(), note, runs)
}
