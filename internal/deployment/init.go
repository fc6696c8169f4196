package deployment

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// stateDirectory is where coderaws keeps what it makes beside a deployment; it never belongs in version control.
const stateDirectory = ".coderaws/"

// Init writes a new deployment of the pattern into dir, which is made if need be: <region>.tfvars for each region, which is the pattern's
// annotated text with the answers in place, and a .gitignore. The files are checked before anything is written; nothing
// is overwritten, and on an error nothing is left behind. A further region is added by Init into the same directory. Settings are written
// after the answers, and may be given for a pattern of one region only.
func Init(dir string, pattern Pattern, answers Answers, settings ...Assignment) error {
	full, err := pattern.complete(answers, true)
	if err != nil {
		return err
	}
	files, err := pattern.render(full, settings...)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := free(dir, file.region); err != nil {
			return err
		}
	}
	made, err := makeDirectory(dir)
	if err != nil {
		return writeFinding(dir, err)
	}
	var written []string
	takeBack := func() {
		for _, file := range written {
			_ = os.Remove(file) // they are ours: Create refuses to replace a file
		}
		removeAll(made)
	}
	for _, file := range files {
		target := filepath.Join(dir, file.region+extension)
		if err := atomicfile.Create(target, file.text, 0o644); err != nil {
			takeBack()
			return writeFinding(target, err)
		}
		written = append(written, target)
	}
	if err := ignoreState(filepath.Join(dir, ".gitignore")); err != nil {
		takeBack()
		return writeFinding(filepath.Join(dir, ".gitignore"), err)
	}
	return nil
}

// free refuses a directory that has the region already, in whatever format.
func free(dir, region string) error {
	taken, err := filepath.Glob(filepath.Join(globEscape(dir), region+".*"))
	if err != nil {
		return err
	}
	for _, file := range taken {
		if name := filepath.Base(file); strings.HasSuffix(name, extension) || strings.HasSuffix(name, extension+".json") {
			return exists(file)
		}
	}
	return nil
}

func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

func exists(file string) *diagnostic.Diagnostic {
	e := diagnostic.Errorf("%s exists", file)
	e.Code, e.Where = "deployment.exists", &diagnostic.Range{File: file}
	e.Why = "init never overwrites a deployment"
	e.Todo = fmt.Sprintf("Edit it, choose another directory or region, or remove it if it is not in use (`coderaws status %s` says).",
		diagnostic.Word(filepath.Dir(file)))
	return e
}

// rendered is a file of a new deployment.
type rendered struct {
	region string
	text   []byte
}

// render puts answers into the pattern's texts and checks the result. Only a finding about an answer is returned in the
// user's terms; any other is a defect of the pattern and names its line.
func (p Pattern) render(answers Answers, settings ...Assignment) ([]rendered, error) {
	answers, err := p.complete(answers, false)
	if err != nil {
		return nil, err
	}
	if region, asked := answers["region"]; asked && !regionName.MatchString(region) {
		e := notARegion("", region)
		e.Code, e.Where = "deployment.invalid_answer", nil
		if near := suggestRegion(region); near != "" {
			e.Todo = fmt.Sprintf("Did you mean %s?", near)
		}
		return nil, e
	}
	s, err := readSchema(p.source)
	if err != nil {
		return nil, schemaFinding(err)
	}
	var files []rendered
	d := &Deployment{}
	for i, file := range p.Files {
		own := maps.Clone(answers)
		if i > 0 && answers["domain"] != "" {
			own["domain"] = p.besides(answers["domain"], file)
		}
		text, err := p.renderFile(file, own, settings)
		if err != nil {
			return nil, err
		}
		name := cmp.Or(answers["region"], file.Region())
		region, list := s.check(file.Path, name, text)
		if err := answerFindings(list, own, text); err != nil {
			return nil, err
		}
		d.Regions = append(d.Regions, *region)
		files = append(files, rendered{name, text})
	}
	return files, d.checkRegions().Err()
}

// besides is the name of a further region where the first one has another domain than in the pattern: what the pattern adds to the first
// label of its own, it adds to that of the new one.
func (p Pattern) besides(domain string, file PatternFile) string {
	first, _, _ := strings.Cut(settingOf(p.Files[0].Text, "domain"), ".")
	own, _, _ := strings.Cut(settingOf(file.Text, "domain"), ".")
	if added := strings.TrimPrefix(own, first); first != "" && added != "" && added != own {
		label, rest, _ := strings.Cut(domain, ".")
		return label + added + "." + rest
	}
	return sibling(domain, file.Region())
}

// renderFile puts answers into one text.
func (p Pattern) renderFile(from PatternFile, answers Answers, settings []Assignment) ([]byte, error) {
	file, diags := hclwrite.ParseConfig([]byte(from.Text), from.Path, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("the pattern %s is not valid: %w", p.Name, diags)
	}
	defaults, err := p.complete(nil, false)
	if err != nil {
		return nil, err
	}
	for _, setting := range sortedKeys(answers) {
		switch value := cty.StringVal(answers[setting]); {
		case answers[setting] == defaults[setting]:
		case setting == timezoneQuestion:
			settings = append([]Assignment{{timezoneSetting, value}}, settings...)
		default:
			file.Body().SetAttributeValue(setting, value)
		}
	}
	if example := settingOf(from.Text, certificateSetting); example != "" && answers[certificateSetting] == "" {
		file.Body().SetAttributeValue(certificateSetting, cty.StringVal(moved(example, cmp.Or(answers["region"], from.Region()))))
	}
	text, err := Assign(from.Path, file.Bytes(), settings)
	return withFormatLine(text), err
}

// moved is an ARN as it would be in another region.
func moved(arn, region string) string {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 {
		return arn
	}
	parts[3] = region
	return strings.Join(parts, ":")
}

// answerFindings picks the errors of a rendered pattern, and takes the place from those that lie in an answer: the user
// did not write that line.
func answerFindings(list diagnostic.List, answers Answers, text []byte) error {
	for _, d := range list {
		if d.Where == nil || d.Where.Line == 0 {
			continue
		}
		for setting := range answers {
			if lineSets(text, d.Where.Line, setting) {
				d.Where, d.Code, d.Todo = nil, "deployment.invalid_answer", fmt.Sprintf("Give another %s.", setting)
				break
			}
		}
	}
	return list.Err()
}

func lineSets(text []byte, line int, setting string) bool {
	file, _ := hclsyntax.ParseConfig(text, "", hcl.InitialPos)
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok || body.Attributes[setting] == nil {
		return false
	}
	return body.Attributes[setting].NameRange.Start.Line == line
}

func withFormatLine(text []byte) []byte {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if formatLine.Match(first) {
		return text
	}
	return append(fmt.Appendf(nil, "# coderaws deployment format %d\n", FormatVersion), text...)
}

// ignoreState makes a .gitignore that leaves out what coderaws keeps beside the deployment, or adds that to the one there.
func ignoreState(file string) error {
	old, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return atomicfile.Create(file, []byte(stateDirectory+"\n"), 0o644)
	case err != nil:
		return err
	}
	for line := range strings.Lines(string(old)) {
		if line = strings.TrimSpace(line); strings.Trim(line, "/") == strings.Trim(stateDirectory, "/") {
			return nil
		}
	}
	if len(old) > 0 && old[len(old)-1] != '\n' {
		old = append(old, '\n')
	}
	return atomicfile.Write(file, append(old, stateDirectory+"\n"...), 0o644)
}
