package pricing

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

// Open opens the price book that the program carries with refreshed prices laid over it. If chosen names a file, its prices are used, or
// there is an error. Otherwise those of kept are used if the file exists: where something is wrong with it, or the program carries newer
// prices, it is left out, and a warning says so. Either name may be empty.
func Open(chosen, kept string) (*Book, diagnostic.List, error) {
	book, err := Embedded()
	if err != nil {
		return nil, nil, err
	}
	if chosen != "" {
		over, err := book.opened(chosen)
		return over, nil, err
	}
	if kept == "" {
		return book, nil, nil
	}
	over, err := book.opened(kept)
	if errors.Is(err, fs.ErrNotExist) {
		return book, nil, nil
	}
	if err != nil {
		warnings := diagnostic.From(err)
		for _, d := range warnings {
			d.Severity = diagnostic.Warning
		}
		return book, warnings, nil
	}
	return over, nil, nil
}

// opened is the book with a file laid over it.
func (b *Book) opened(path string) (*Book, error) {
	f, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := b.Older(f, path); err != nil {
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	return b.With(f), nil
}

// ReadFile reads a price file, as Read does. A file that does not exist is the error fs.ErrNotExist with a diagnostic.
func ReadFile(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		d := diagnostic.Errorf("the prices in %s cannot be read", path)
		d.Code, d.Why = "pricing.unreadable", reason(err)
		d.Todo = "name a file that `coderaws prices refresh --save FILE` wrote"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, errors.Join(d, err))
	}
	defer func() { _ = file.Close() }() // it was only read
	f, err := Read(file, path)
	return f, diagnostic.WithExit(diagnostic.ExitInvalid, err)
}

// Save writes a file so that it is there as a whole or not at all, and makes its directory if need be.
func (f *File) Save(path string) (err error) {
	defer func() {
		if err != nil {
			d := diagnostic.Errorf("the prices cannot be kept in %s", path)
			d.Code, d.Why, d.Todo = "pricing.unwritable", reason(err), "name another file with --save"
			err = d
		}
	}()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := f.Write(&text); err != nil {
		return err
	}
	return atomicfile.Write(path, text.Bytes(), 0o644)
}

// Keep adds the figures of an older file that this one lacks, such as those of other regions, with their dates.
func (f *File) Keep(older *File) {
	has := map[Key]bool{}
	for _, entry := range f.Figures {
		has[Key{entry.Item, entry.Of, entry.Region}] = true
	}
	for _, entry := range older.Figures {
		if has[Key{entry.Item, entry.Of, entry.Region}] {
			continue
		}
		source := older.Sources[entry.Source]
		if own, ok := f.Sources[entry.Source]; ok && own != source {
			entry.Source += "-" + source.Date
		}
		f.Sources[entry.Source] = source
		f.Figures = append(f.Figures, entry)
	}
}

func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
