package deployment

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"

	"github.com/zclconf/go-cty/cty"
)

// Backend is the place that a deployment itself has chosen for its Terraform states: a file backend.tfbackend beside the regions' files,
// in Terraform's form of a partial backend configuration. It is for the s3 backend; a file for another one has the backend's name in
// its own, as Terraform's documentation recommends: backend.gcs.tfbackend.
type Backend struct {
	// File is the path of the file, below the Deployment's Dir.
	File string
	// Type is the name of the backend, such as s3.
	Type string

	// texts are the settings that are plain texts.
	texts map[string]string
	// locks means that a setting of the file makes the s3 backend take locks.
	locks bool
}

// backendName is the form of the file's name.
var backendName = regexp.MustCompile(`^backend(?:\.([a-z0-9]+))?\.tfbackend$`)

// secretSetting matches the settings of Terraform's backends that hold secrets.
var secretSetting = regexp.MustCompile(
	`^(access_key|secret_key|token|password|client_secret|client_certificate_password|sas_token|security_token|session_token|secret_id|private_key)$`)

// LoadBackend reads the file, if the directory has one; otherwise the Backend is nil. It is nil too if any finding is an error. What
// settings a backend has is left to Terraform, which reads the file itself.
func LoadBackend(d *Deployment) (*Backend, diagnostic.List) {
	entries, err := os.ReadDir(d.Dir)
	if err != nil {
		return nil, diagnostic.List{directoryFinding(d.Dir, err)}
	}
	b := &Backend{Type: "s3", texts: map[string]string{}}
	for _, entry := range entries {
		match := backendName.FindStringSubmatch(entry.Name())
		if match == nil {
			continue
		}
		file := filepath.Join(d.Dir, entry.Name())
		if b.File != "" {
			return nil, diagnostic.List{b.finding("two_backends", &diagnostic.Range{File: file},
				"there are two files that say where the state is kept", filepath.Base(b.File)+" is the other one", "Remove one of the two.")}
		}
		b.File = file
		if match[1] != "" {
			b.Type = match[1]
		}
	}
	if b.File == "" {
		return nil, nil
	}
	list := b.read()
	if !list.HasErrors() {
		list = append(list, b.check(len(d.Regions) > 1)...)
	}
	if list.HasErrors() {
		return nil, list
	}
	return b, list
}

func (b *Backend) finding(code string, where *diagnostic.Range, summary, why, todo string) *diagnostic.Diagnostic {
	f := diagnostic.Errorf("%s", summary)
	f.Code, f.Where, f.Why, f.Todo = "deployment."+code, where, why, todo
	return f
}

// read takes the texts from the file, and reports what Terraform would not, or less clearly.
func (b *Backend) read() (list diagnostic.List) {
	content, unreadable := readRegular(b.File)
	if unreadable != nil {
		return diagnostic.List{unreadable}
	}
	s := &source{file: b.File, text: content}
	if strings.TrimSpace(string(content)) == "" {
		return diagnostic.List{b.finding("empty_file", s.whole(), "the file is empty", "it names no place for the state",
			"Write the backend's settings, such as bucket = \"my-states\", or remove the file.")}
	}
	body, list := s.parse()
	if body == nil || list.HasErrors() {
		return list
	}
	for name, attribute := range body.Attributes {
		place := s.place(attribute.NameRange)
		if secretSetting.MatchString(name) {
			place.Text, place.Column, place.EndColumn = "", 0, 0 // the line is not shown
			list = append(list, b.finding("secret", place, name+" is a secret, and has no place in a file of the deployment",
				"what is written here ends up in version control and in Terraform's working directory",
				"Remove it, revoke it if it was shared, and use a profile or the environment variables of the backend."))
			continue
		}
		value, diags := attribute.Expr.Value(nil)
		b.locks = b.locks || name == "dynamodb_table" || name == "use_lockfile" && !diags.HasErrors() && value.RawEquals(cty.True)
		switch {
		case diags.HasErrors():
			list = append(list, b.finding("not_literal", s.place(attribute.Expr.Range()), name+" is not a plain value",
				"a backend's settings cannot refer to anything",
				"Write the value itself; {name}, {region} and {stack}, without a dollar sign, are filled in."))
		case value.Type() == cty.String && !value.IsNull() && value.IsKnown():
			b.texts[name] = value.AsString()
		}
	}
	slices.SortStableFunc(list, byPlace)
	return list
}

// defaultKey is where a state lies in an S3 bucket whose settings name no key.
const defaultKey = "{name}/{region}/{stack}.tfstate"

// check makes sure that each state has a place of its own. several means that the deployment has several regions.
func (b *Backend) check(several bool) (list diagnostic.List) {
	if b.Type == "s3" {
		if _, ok := b.texts["key"]; !ok {
			b.texts["key"] = defaultKey
		}
	}
	whole := &diagnostic.Range{File: b.File}
	if b.Type == "s3" && !b.locks {
		warning := diagnostic.Warningf("nothing keeps two people from changing this state at once")
		warning.Code, warning.Where = "deployment.no_lock", whole
		warning.Why = "without use_lockfile the s3 backend takes no lock"
		warning.Todo = "Write use_lockfile = true."
		list = append(list, warning)
	}
	holds := func(mark string) bool {
		for _, text := range b.texts {
			if strings.Contains(text, mark) {
				return true
			}
		}
		return false
	}
	if !holds("{stack}") {
		list = append(list, b.finding("shared_state", whole, "no setting of this file holds {stack}",
			"each stack of a deployment has a state of its own, and all would be written to one place",
			"Write {stack} into the setting that names the state (key of s3, prefix of gcs), such as \"my-coder/{stack}.tfstate\"."))
	}
	if several && !holds("{region}") {
		list = append(list, b.finding("shared_state", whole, "no setting of this file holds {region}",
			"the deployment has several regions, each with states of its own, and they would be written to one place",
			"Write {region} into the setting that names the state, such as \"my-coder/{region}/{stack}.tfstate\"."))
	}
	return list
}

// Settings are the settings of the state of one stack of a region that are not to be taken from the file as they stand: those with {name},
// {region} and {stack} filled in, and for s3 the key and the region if the file has none.
func (b *Backend) Settings(name, region, stack string) map[string]string {
	fill := strings.NewReplacer("{name}", name, "{region}", region, "{stack}", stack)
	settings := map[string]string{}
	for setting, text := range b.texts {
		if filled := fill.Replace(text); filled != text {
			settings[setting] = filled
		}
	}
	if _, ok := b.texts["region"]; !ok && b.Type == "s3" {
		settings["region"] = region
	}
	return settings
}

// Place is what the place of one state is called, such as s3://bucket/key.
func (b *Backend) Place(name, region, stack string) string {
	settings := b.Settings(name, region, stack)
	if b.Type == "s3" {
		key := settings["key"]
		if key == "" {
			key = b.texts["key"]
		}
		return "s3://" + b.texts["bucket"] + "/" + key
	}
	var named []string
	for setting, value := range settings {
		named = append(named, setting+"="+value)
	}
	slices.Sort(named)
	return b.Type + " of " + filepath.Base(b.File) + " (" + strings.Join(named, ", ") + ")"
}
