package engine

import (
	"context"
	"io"

	"coderaws/internal/diagnostic"
)

// Mirror lets the engine write a filesystem mirror of the providers that the module in dir requires into another directory, for one
// platform such as linux_amd64. What is there is kept. The engine asks the providers' own registries, and checks who signed them.
func Mirror(ctx context.Context, binary Binary, environ []string, dir, into, platform string) error {
	p := process{path: binary.Path, args: []string{"providers", "mirror", "-no-color", "-platform=" + platform, into}, dir: dir, env: environ,
		stdout: func(r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		}}
	end, err := p.run(ctx)
	if err != nil {
		return err
	}
	if end.code == 0 {
		return nil
	}
	d := diagnostic.Errorf("the providers cannot be mirrored")
	d.Code, d.Why = "engine.mirror", end.stderr
	d.Todo = "connect this machine to the provider registries, or leave providers out with --without-providers and mirror them by hand"
	return d
}
