package deployment

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"coderaws/internal/diagnostic"
	"coderaws/internal/hclfile"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// FormatVersion is the number of the deployment format that this program writes and the highest that it reads.
const FormatVersion = 1

// formatLine is the line by which a file declares its format. It counts in the leading comment only.
var formatLine = regexp.MustCompile(`^#\s*coderaws deployment format\s+(\S+)\s*$`)

// source is the text of one file and the way from HCL's places in it to ours.
type source struct {
	file string
	text []byte
}

// whole is the place of a finding that concerns the file and no line of it.
func (s *source) whole() *diagnostic.Range { return &diagnostic.Range{File: s.file} }

// place turns a range of HCL into one with the line's text. Columns are bytes of that text, as compilers and editors
// count them; HCL's own columns count characters.
func (s *source) place(r hcl.Range) *diagnostic.Range {
	start := min(max(r.Start.Byte, 0), len(s.text))
	end := min(max(r.End.Byte, start), len(s.text))
	begin := bytes.LastIndexByte(s.text[:start], '\n') + 1
	if begin == 0 && bytes.HasPrefix(s.text, utf8BOM) {
		begin = min(len(utf8BOM), start)
	}
	line := s.text[begin:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	return &diagnostic.Range{
		File:      s.file,
		Line:      bytes.Count(s.text[:start], []byte("\n")) + 1,
		Column:    start - begin + 1,
		EndColumn: min(max(end-begin, start-begin+1), len(line)) + 1,
		Text:      string(line),
	}
}

// at is the place of the n bytes from an offset.
func (s *source) at(offset, n int) *diagnostic.Range {
	return s.place(hcl.Range{Start: hcl.Pos{Byte: offset}, End: hcl.Pos{Byte: offset + n}})
}

var (
	utf8BOM    = []byte("\xef\xbb\xbf")
	utf16BOMs  = [][]byte{[]byte("\xff\xfe"), []byte("\xfe\xff")}
	whitespace = " \t\r\n"
)

// readRegular reads a file of settings, and says what stands in its place.
func readRegular(path string) ([]byte, *diagnostic.Diagnostic) {
	content, d := hclfile.Settings.Read(path)
	switch {
	case d == nil:
		return content, nil
	case d.Code == hclfile.TooLarge:
		d.Summary = "the file is too large for a tfvars file"
	case d.Summary == "not a file":
		d.Todo = "Move it away: a region's settings are a text file."
	}
	d.Code = "deployment." + d.Code
	return nil, d
}

// parse checks that the content is a tfvars file of a known format and parses it. The body is nil if it cannot be used.
func (s *source) parse() (*hclsyntax.Body, diagnostic.List) {
	finding := func(where *diagnostic.Range, code, summary, why, todo string) diagnostic.List {
		return diagnostic.List{{Severity: diagnostic.Error, Code: code, Summary: summary, Why: why, Todo: todo, Where: where}}
	}
	for _, bom := range utf16BOMs {
		if bytes.HasPrefix(s.text, bom) {
			return nil, finding(s.whole(), "deployment.encoding", "the file is UTF-16", "tfvars files are UTF-8",
				"Save it again as UTF-8 in your editor.")
		}
	}
	if i := bytes.IndexByte(s.text, 0); i >= 0 {
		where := s.at(i, 1)
		where.Text, where.Column, where.EndColumn = "", 0, 0
		return nil, finding(where, "deployment.encoding", "the file holds a NUL byte",
			"tfvars files are text; this one is binary or was cut off by a crash", "Restore it from version control, or write it again.")
	}
	if !utf8.Valid(s.text) {
		i := firstInvalid(s.text)
		where := s.at(i, 1)
		where.Text, where.Column, where.EndColumn = "", 0, 0
		return nil, finding(where, "deployment.encoding", "the file is not UTF-8", "tfvars files are UTF-8",
			"Save it again as UTF-8 in your editor.")
	}
	if list := s.checkFormat(); list != nil {
		return nil, list
	}
	if len(bytes.Trim(bytes.TrimPrefix(s.text, utf8BOM), whitespace)) == 0 {
		return nil, finding(s.whole(), "deployment.empty_file", "the file is empty", "it sets no region and no domain",
			"Write the settings, or remove the file and start again with `coderaws init`.")
	}
	tooDeep, open := hclfile.Settings.Brackets(s.file, s.text)
	if tooDeep != nil {
		summary, why, todo := hclfile.Settings.Beyond()
		return nil, finding(s.place(*tooDeep), "deployment.syntax", summary, why, todo)
	}
	parsed, diags := hclsyntax.ParseConfig(s.text, s.file, hcl.InitialPos)
	list, usable := s.syntaxFindings(diags)
	split := slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return d.Summary == multiLine })
	if !usable && open != nil && !split { // where a text is split, what is open at the end is no sign of anything
		unclosed := s.place(*open)
		text := unclosed.Text[unclosed.Column-1 : unclosed.EndColumn-1]
		return nil, finding(unclosed, "deployment.syntax", fmt.Sprintf("the file ends before this %s is closed", text),
			"a bracket or quote is missing, or the file was written by half", "Close it, or restore the file from version control.")
	}
	if !usable {
		return nil, list
	}
	return parsed.Body.(*hclsyntax.Body), list
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}

// checkFormat refuses a file that says it is of a format which this program does not know.
func (s *source) checkFormat() diagnostic.List {
	offset := 0
	for line := range bytes.Lines(s.text) {
		text := bytes.TrimPrefix(bytes.TrimRight(line, whitespace), utf8BOM)
		if len(text) > 0 && text[0] != '#' {
			return nil
		}
		if m := formatLine.FindSubmatch(text); m != nil {
			version, err := strconv.ParseUint(string(m[1]), 10, 31)
			if err == nil && 1 <= version && version <= FormatVersion {
				return nil
			}
			f := diagnostic.Errorf("deployment format %s is not known", m[1])
			f.Code, f.Where = "deployment.other_version", s.at(offset, len(bytes.TrimRight(line, whitespace)))
			f.Why = fmt.Sprintf("this coderaws reads format %d; a newer one wrote the file", FormatVersion)
			f.Todo = "Install the coderaws that wrote it, or a newer one. Do not edit the number: the settings may mean something else there."
			if err != nil || version == 0 {
				f.Why = fmt.Sprintf("the format is a number; this coderaws reads format %d", FormatVersion)
				f.Todo = fmt.Sprintf("Write `# coderaws deployment format %d`, or remove the line.", FormatVersion)
			}
			return diagnostic.List{f}
		}
		offset += len(line)
	}
	return nil
}
