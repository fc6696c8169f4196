package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"coderaws/internal/atomicfile"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/guide"

	"github.com/zclconf/go-cty/cty"
)

// guideMark is the file of a guide by which it is known again.
const guideMark = "in/guide.json"

// guideOwner is whose guide a folder is. Its JSON form is read by later versions of the program.
type guideOwner struct {
	// Deployment is what the settings call it, which starts the names of all that the guide makes, and Region where it is.
	Deployment string `json:"deployment"`
	Region     string `json:"region"`
	// Files are those that the program wrote: the next guide takes away what it no longer has.
	Files []string `json:"files"`
}

// is says whether two folders are of one guide.
func (o guideOwner) is(other guideOwner) bool {
	return o.Deployment == other.Deployment && o.Region == other.Region
}

// ownerOf is whose guide a region's is.
func ownerOf(region deployment.Region) guideOwner {
	owner := guideOwner{Region: region.Name}
	if name := region.Values["name"]; name != cty.NilVal && name.Type() == cty.String && name.IsKnown() && !name.IsNull() {
		owner.Deployment = name.AsString()
	}
	return owner
}

// guideFolder is where the guide of a region goes: a deployment of several regions has a folder for each.
func guideFolder(to string, regions int, region string) string {
	if regions > 1 {
		return filepath.Join(to, region)
	}
	return to
}

// checkGuideFolders refuses a folder in which a guide would overwrite what is not its own. It changes nothing.
func checkGuideFolders(to string, regions []deployment.Region) error {
	if len(regions) > 1 {
		entries, err := guideEntries(to)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if _, err := readGuideMark(filepath.Join(to, entry.Name())); err != nil {
				return foreignFolder(to, entry.Name())
			}
		}
	}
	for _, region := range regions {
		folder := guideFolder(to, len(regions), region.Name)
		entries, err := guideEntries(folder)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			continue
		}
		there, err := readGuideMark(folder)
		if err != nil {
			return foreignFolder(folder, entries[0].Name())
		}
		if owner := ownerOf(region); !there.is(owner) {
			why := "this one is of %s in %s, and what the steps have found out so far, in the file env, is of the other"
			return refusedFolder(fmt.Sprintf("%s is the guide of %s in %s", folder, there.Deployment, there.Region),
				fmt.Sprintf(why, owner.Deployment, owner.Region))
		}
	}
	return nil
}

// guideEntries lists what is in a folder; nothing if there is no such folder yet.
func guideEntries(folder string) ([]fs.DirEntry, error) {
	info, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		if target, linked := os.Readlink(folder); linked == nil {
			return nil, refusedFolder(folder+" is a symbolic link to nothing", "it names "+target+", which does not exist")
		}
		return nil, nil
	}
	if err == nil && !info.IsDir() {
		return nil, refusedFolder(folder+" is a file", "a guide is a folder of many files")
	}
	var entries []fs.DirEntry
	if err == nil {
		entries, err = os.ReadDir(folder)
	}
	if err != nil {
		return nil, refusedFolder(folder+" cannot be looked into", err.Error())
	}
	return entries, nil
}

// foreignFolder refuses a folder that holds something else.
func foreignFolder(folder, holds string) error {
	return refusedFolder(folder+" is neither empty nor a guide of this deployment",
		"it holds "+holds+", and a guide would write its own files among what is there")
}

func refusedFolder(summary, why string) error {
	d := diagnostic.Errorf("%s", summary)
	d.Code, d.Why, d.Todo = "guide.folder", why, "name a new folder with --to FOLDER"
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// readGuideMark reads whose guide a folder is.
func readGuideMark(folder string) (guideOwner, error) {
	var owner guideOwner
	text, err := os.ReadFile(filepath.Join(folder, guideMark))
	if err == nil {
		err = json.Unmarshal(text, &owner)
	}
	return owner, err
}

// writeGuide writes a guide into a folder that checkGuideFolders has let pass, and gives the names of its files. What an earlier one
// has left and this one lacks is deleted; what others have put there, and the file env, stay.
func writeGuide(folder string, owner guideOwner, files []guide.File) ([]string, error) {
	before, err := readGuideMark(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unwritable(err)
	}
	for _, file := range files {
		owner.Files = append(owner.Files, file.Name)
	}
	names := slices.Clone(owner.Files)
	// The mark comes first, with all that may be there from now on: who is interrupted can run the same again.
	var stale []string
	for _, name := range before.Files {
		if !slices.Contains(names, name) && filepath.IsLocal(name) {
			stale = append(stale, name)
		}
	}
	whole := owner
	whole.Files = slices.Concat(names, stale)
	if err := writeGuideMark(folder, whole); err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := writeGuideFile(folder, file); err != nil {
			return nil, err
		}
	}
	if len(stale) == 0 {
		return names, nil
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, unwritable(err)
		}
	}
	return names, writeGuideMark(folder, owner)
}

func writeGuideMark(folder string, owner guideOwner) error {
	text, err := json.MarshalIndent(owner, "", "  ")
	if err != nil {
		return err
	}
	return writeGuideFile(folder, guide.File{Name: guideMark, Text: string(text) + "\n"})
}

// writeGuideFile writes one file of a guide.
func writeGuideFile(folder string, file guide.File) error {
	path, mode := filepath.Join(folder, file.Name), os.FileMode(0o644)
	if file.Runs {
		mode = 0o755
	}
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = atomicfile.Write(path, []byte(file.Text), mode)
	}
	if err != nil {
		return unwritable(err)
	}
	return nil
}

func unwritable(err error) error {
	d := diagnostic.Errorf("the guide cannot be written")
	d.Code, d.Why, d.Todo = "guide.unwritable", err.Error(), "name another folder with --to FOLDER"
	return d
}
