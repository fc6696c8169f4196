// Package download fetches OpenTofu for users who have neither OpenTofu nor Terraform, when they ask for it. The
// command line imports it; of this module it imports atomicfile and diagnostic alone.
package download

import (
	"context"
	"os"
	"path/filepath"
	"runtime"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"

	"github.com/opentofu/tofudl"
)

// OpenTofuVersion is the version that is fetched: the one that coderaws is tested with.
const OpenTofuVersion = "1.12.6"

// OpenTofu downloads OpenTofu from its release site, checks its signature and checksum, and puts it into dir as tofu. An existing
// file is replaced as a whole. options are for mirrors; without any, the official site and key are used. Errors are diagnostics.
func OpenTofu(ctx context.Context, dir string, options ...tofudl.ConfigOpt) (string, error) {
	downloader, err := tofudl.New(options...)
	if err != nil {
		return "", failure(err)
	}
	program, err := downloader.Download(ctx, tofudl.DownloadOptVersion(tofudl.Version(OpenTofuVersion)))
	if err != nil {
		return "", failure(err)
	}
	name := "tofu"
	if runtime.GOOS == "windows" {
		name = "tofu.exe"
	}
	path := filepath.Join(dir, name)
	if err := install(path, program); err != nil {
		d := diagnostic.Errorf("OpenTofu cannot be written to %s", dir)
		d.Code, d.Why, d.Todo = "tools.unwritable", err.Error(), "name a directory that you may write to with --dir, and put it on PATH"
		return "", d
	}
	return path, nil
}

func install(path string, program []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return atomicfile.Write(path, program, 0o755)
}

func failure(err error) error {
	d := diagnostic.Errorf("OpenTofu %s cannot be downloaded", OpenTofuVersion)
	d.Code, d.Why = "tools.download", err.Error()
	d.Todo = "check the network and its proxy, or install OpenTofu or Terraform with your package manager: any of them on PATH is found"
	return d
}
