package bundle

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"coderaws/internal/diagnostic"
)

// Archive is a bundle that is read. It is an uncompressed tar file, as images are compressed already, and unpacked it is an OCI image
// layout: other tools read it, too.
type Archive struct {
	Manifest *Manifest

	path string
	file *os.File
	size int64
	// at says where the content of each file begins.
	at map[string]int64
}

// trailer is what ends a tar file: two empty blocks (POSIX.1-1988, ustar).
const trailer = 2 * 512

// Open reads what a bundle says that it holds, and whether all of it is there, but not yet whether it is right: see Verify.
func Open(path string) (*Archive, error) {
	// To open a pipe would wait for whoever writes into it.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, (&Archive{path: path}).damaged("it is no file", "name the file that `coderaws bundle save` wrote")
	}
	file, err := os.Open(path)
	if err != nil {
		d := diagnostic.Errorf("the bundle %s cannot be read", path)
		d.Code, d.Why, d.Todo = "bundle.unreadable", reason(err), "name the file that `coderaws bundle save` wrote"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	a := &Archive{path: path, file: file, at: map[string]int64{}}
	if err := a.scan(); err != nil {
		_ = file.Close() // the first error says more
		return nil, err
	}
	return a, nil
}

// Close ends reading.
func (a *Archive) Close() error { return a.file.Close() }

// scan reads the manifest and finds all files by the headers, without reading them.
func (a *Archive) scan() error {
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	a.size = info.Size()
	reader := tar.NewReader(a.file)
	header, err := reader.Next()
	if err != nil || header.Name != manifestFile || header.Size > maxManifest {
		return a.damaged("it does not begin with "+manifestFile, "name the file that `coderaws bundle save` wrote")
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		return a.cut(err)
	}
	if a.Manifest, err = decode(text); err != nil {
		return a.damaged(manifestFile+": "+err.Error(), "")
	}
	end := int64(0)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return a.cut(err)
		}
		at, err := a.file.Seek(0, io.SeekCurrent)
		if err != nil {
			return a.cut(err)
		}
		f, known := a.Manifest.file(header.Name)
		if _, twice := a.at[header.Name]; !known || f.Absent || twice || header.Size != f.Size || header.Typeflag != tar.TypeReg {
			return a.damaged(fmt.Sprintf("its manifest does not have the file %s as it is there", header.Name), "")
		}
		if at+f.Size > a.size {
			return a.cut(io.ErrUnexpectedEOF)
		}
		a.at[f.Path], end = at, at+f.Size
	}
	if files, _ := a.Manifest.present(); len(a.at) != files || end+trailer > a.size {
		return a.cut(io.ErrUnexpectedEOF)
	}
	return nil
}

// cut says that the file ends too early.
func (a *Archive) cut(err error) error {
	return a.damaged(fmt.Sprintf("it ends after %d bytes, and should have more (%v): it was cut short", a.size, err), "")
}

func (a *Archive) damaged(why, todo string) error {
	d := diagnostic.Errorf("%s is not a bundle, or is not what was saved", a.path)
	d.Code, d.Why, d.Todo = "bundle.damaged", why, todo
	if todo == "" {
		d.Todo = "copy the file anew, and compare it by `coderaws bundle verify` on both machines"
	}
	return d
}

// open reads one file of the bundle.
func (a *Archive) open(path string) (io.ReadCloser, error) {
	f, known := a.Manifest.file(path)
	at, there := a.at[path]
	if !known || !there {
		return nil, fmt.Errorf("%w in the bundle: %s", fs.ErrNotExist, path)
	}
	return io.NopCloser(io.NewSectionReader(a.file, at, f.Size)), nil
}

// read is a whole small file of the bundle.
func (a *Archive) read(path string) ([]byte, error) {
	r, err := a.open(path)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Verify proves that the bundle holds what was saved, to the last byte: that every file has its digest, and that the whole is what Save
// would write. It cannot tell who saved it: for that, compare the digest of the manifest with the one that Save gave.
func (a *Archive) Verify(ctx context.Context) error {
	compared := &comparison{with: io.NewSectionReader(a.file, 0, a.size)}
	err := write(ctx, compared, a.Manifest, a.open)
	var differs *digestError
	switch {
	case errors.As(err, &differs):
		return a.damaged(differs.Error(), "")
	case errors.Is(err, errDiffers):
		return a.damaged(fmt.Sprintf("it differs from what was saved at byte %d", compared.at), "")
	case err != nil:
		return err
	case compared.at != a.size:
		return a.damaged(fmt.Sprintf("something follows its end at byte %d", compared.at), "")
	}
	return a.complete()
}

// errDiffers says that a byte is another one.
var errDiffers = errors.New("the bytes differ")

// comparison is a writer that holds what is written to what is there.
type comparison struct {
	with io.Reader
	at   int64
	have []byte
}

func (c *comparison) Write(p []byte) (int, error) {
	if len(c.have) < len(p) {
		c.have = make([]byte, len(p))
	}
	n, err := io.ReadFull(c.with, c.have[:len(p)])
	for i := range n {
		if c.have[i] != p[i] {
			c.at += int64(i)
			return i, errDiffers
		}
	}
	c.at += int64(n)
	if err != nil {
		return n, errDiffers
	}
	return n, nil
}

// digestError is a file that is not what its digest says.
type digestError struct{ path, want, got string }

func (e *digestError) Error() string {
	return fmt.Sprintf("the digest of %s is sha256:%s, and should be sha256:%s", e.path, e.got, e.want)
}

// write writes a bundle: the manifest, then all files in its order. The same contents make the same bytes.
func write(ctx context.Context, to io.Writer, m *Manifest, open func(path string) (io.ReadCloser, error)) error {
	text, err := m.encode()
	if err != nil {
		return err
	}
	out := tar.NewWriter(to)
	if err := entry(out, manifestFile, int64(len(text)), bytes.NewReader(text)); err != nil {
		return err
	}
	for _, f := range m.Files {
		if f.Absent {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writeFile(out, f, open); err != nil {
			return err
		}
	}
	return out.Close()
}

// writeFile writes one file, and holds it to its digest.
func writeFile(out *tar.Writer, f File, open func(path string) (io.ReadCloser, error)) error {
	in, err := open(f.Path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was read to its end
	sum := sha256.New()
	if err := entry(out, f.Path, f.Size, io.TeeReader(in, sum)); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != f.SHA256 {
		return &digestError{f.Path, f.SHA256, got}
	}
	return nil
}

// entry writes one file with nothing of the machine that writes it: no times, no owners.
func entry(out *tar.Writer, path string, size int64, content io.Reader) error {
	header := &tar.Header{Typeflag: tar.TypeReg, Name: path, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0)}
	if err := out.WriteHeader(header); err != nil {
		return err
	}
	_, err := io.CopyN(out, content, size)
	return err
}

// reason is what the system says of a file, without the path, which is named already.
func reason(err error) string {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err.Error()
	}
	return err.Error()
}

// ReadManifest reads the manifest of a bundle, or one that was taken out of it.
func ReadManifest(path string) (*Manifest, error) {
	file, err := os.Open(path)
	if err == nil {
		defer func() { _ = file.Close() }() // it was only read
		var m *Manifest
		if m, err = readManifest(file); err == nil {
			return m, nil
		}
	}
	d := diagnostic.Errorf("%s is neither a bundle nor the manifest of one", path)
	d.Code, d.Why = "bundle.manifest", reason(err)
	d.Todo = "name an earlier bundle, or " + manifestFile + " out of it: tar -xf BUNDLE " + manifestFile
	return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

func readManifest(file *os.File) (*Manifest, error) {
	var content io.Reader = io.LimitReader(file, maxManifest)
	reader := tar.NewReader(file)
	if header, err := reader.Next(); err == nil && header.Name == manifestFile {
		content = io.LimitReader(reader, maxManifest)
	} else if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(content)
	if err != nil {
		return nil, err
	}
	return decode(text)
}
