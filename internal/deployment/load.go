package deployment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"coderaws/internal/diagnostic"
	"coderaws/internal/nearest"
)

// extension is the only one that a region's file may have.
const extension = ".tfvars"

// regionName is the form of AWS's region names, such as us-east-1, us-gov-west-1 or eusc-de-east-1. The form alone is
// checked, so that a region which AWS opens tomorrow works today.
var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+){1,2}-[1-9][0-9]?$`)

// Load reads and checks the deployment in dir against the variables of the stacks in source. It returns all findings of
// all files, in order of place; the Deployment is nil if any of them is an error.
func Load(dir string, source fs.FS) (*Deployment, diagnostic.List) {
	files, list := regionFiles(dir)
	if list.HasErrors() && len(files) == 0 {
		return nil, list
	}
	s, err := readSchema(source)
	if err != nil {
		return nil, append(list, schemaFinding(err))
	}
	d := &Deployment{Dir: dir}
	for _, file := range files {
		content, finding := readRegular(file.path)
		if finding != nil {
			list = append(list, finding)
			continue
		}
		region, found := s.check(file.path, file.region, content)
		list = append(list, found...)
		if region != nil {
			d.Regions = append(d.Regions, *region)
		}
	}
	return d.complete(list)
}

// complete puts regions, and what was found of each, in order, and adds what they have to agree about. It is nil if there is an error.
func (d *Deployment) complete(list diagnostic.List) (*Deployment, diagnostic.List) {
	slices.SortStableFunc(list, byPlace)
	if list.HasErrors() {
		return nil, list
	}
	slices.SortFunc(d.Regions, func(a, b Region) int { return strings.Compare(a.Name, b.Name) })
	if list = append(list, d.checkRegions()...); list.HasErrors() {
		return nil, list
	}
	return d, list
}

func schemaFinding(err error) *diagnostic.Diagnostic {
	f := diagnostic.Errorf("the Terraform stacks cannot be read")
	f.Code = "deployment.invalid_stacks"
	f.Why = err.Error()
	f.Todo = "Undo the last change of the stacks' *.tf files, or run `terraform validate` there."
	return f
}

type regionFile struct{ region, path string }

// regionFiles finds the files of a deployment by their names, and the names that cannot be right.
func regionFiles(dir string) ([]regionFile, diagnostic.List) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, diagnostic.List{directoryFinding(dir, err)}
	}
	var files []regionFile
	var list diagnostic.List
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") || !(strings.HasSuffix(name, extension) || strings.HasSuffix(name, extension+".json")) {
			continue
		}
		full := filepath.Join(dir, name)
		region, rest, _ := strings.Cut(name, ".")
		if "."+rest != extension {
			list = append(list, otherFormat(full, region, entries))
			continue
		}
		if !regionName.MatchString(region) {
			list = append(list, notARegion(full, region))
			continue
		}
		files = append(files, regionFile{region, full})
	}
	if len(files) == 0 && len(list) == 0 {
		list = append(list, notADeployment(dir))
	}
	return files, list
}

func directoryFinding(dir string, err error) *diagnostic.Diagnostic {
	f := diagnostic.Errorf("the deployment directory %s cannot be read", dir)
	f.Code, f.Why, f.Where = "deployment.unreadable", reason(err), &diagnostic.Range{File: dir}
	f.Todo = "Check the directory's permissions."
	info, statErr := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Summary = fmt.Sprintf("there is no directory %s", dir)
		f.Code = "deployment.no_such_directory"
		f.Why = "a deployment is a directory with one <region>.tfvars per region"
		f.Todo = fmt.Sprintf("Check the spelling, or start one with `coderaws init %s --pattern sr-simple`.", diagnostic.Word(dir))
	case statErr == nil && !info.IsDir():
		f.Summary = fmt.Sprintf("%s is not a directory", dir)
		f.Code = "deployment.not_a_directory"
		f.Why = "a deployment is a directory with one <region>.tfvars per region"
		f.Todo = fmt.Sprintf("Name the directory that holds the file: %s.", filepath.Dir(dir))
	}
	return f
}

func notADeployment(dir string) *diagnostic.Diagnostic {
	f := diagnostic.Errorf("%s is not a deployment", dir)
	f.Code = "deployment.not_a_deployment"
	f.Why = "it holds no <region>.tfvars file, such as us-east-1.tfvars"
	f.Todo = fmt.Sprintf("Name another directory, or start a deployment here with `coderaws init %s --pattern sr-simple`.",
		diagnostic.Word(dir))
	f.Where = &diagnostic.Range{File: dir}
	return f
}

// otherFormat reports names such as us-east-1.auto.tfvars and us-east-1.tfvars.json, which Terraform would read and which
// would hide or be hidden by the region's own file.
func otherFormat(file, region string, entries []fs.DirEntry) *diagnostic.Diagnostic {
	own := region + extension
	f := diagnostic.Errorf("%s is not a file of a deployment", filepath.Base(file))
	f.Code, f.Where = "deployment.other_format", &diagnostic.Range{File: file}
	f.Why = "a region has one file, <region>.tfvars, and there is no other format"
	f.Todo = fmt.Sprintf("Rename it to %s.", own)
	if strings.HasSuffix(file, ".json") {
		f.Todo = fmt.Sprintf("Write its settings as `name = value` lines into %s and remove it.", own)
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == own }) {
		f.Summary = fmt.Sprintf("two files for the region %s: %s and %s", region, own, filepath.Base(file))
		f.Code = "deployment.two_files"
		f.Todo = fmt.Sprintf("Move the settings of %s into %s and remove it.", filepath.Base(file), own)
	}
	return f
}

func notARegion(file, region string) *diagnostic.Diagnostic {
	f := diagnostic.Errorf("%q is not the name of an AWS region", region)
	f.Code, f.Where = "deployment.invalid_region", &diagnostic.Range{File: file}
	f.Why = "a deployment's files are named for their region, such as us-east-1.tfvars"
	f.Todo = "Rename the file to the region that it describes."
	if near := suggestRegion(region); near != "" {
		f.Todo = fmt.Sprintf("Did you mean %s%s?", near, extension)
	}
	return f
}

// suggestRegion offers a region for a misspelt one. The list only serves for suggestions, so it need not be complete.
func suggestRegion(name string) string {
	if lower := strings.ReplaceAll(strings.ToLower(name), "_", "-"); regionName.MatchString(lower) {
		return lower
	}
	return nearest.Name(name, []string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "us-gov-east-1", "us-gov-west-1", "ca-central-1", "ca-west-1",
		"eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2",
		"ap-south-1", "ap-south-2", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
		"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "sa-east-1", "me-central-1", "me-south-1",
		"af-south-1", "il-central-1", "mx-central-1",
	})
}

// reason is the operating system's part of a file error, without the path that the finding already names.
func reason(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number.Error()
	}
	return err.Error()
}
