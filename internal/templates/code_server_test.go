package templates_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCodeServer runs the script of each template that installs code-server, with an archive that a curl of this test brings.
func TestCodeServer(t *testing.T) {
	t.Parallel()
	archive := codeServerArchive(t)
	sum := sha256.Sum256(archive)
	for _, template := range []string{"kubernetes", "kubernetes-gpu", "ec2-linux"} {
		for _, test := range []struct {
			name, checksum string
			installed      bool
		}{
			{name: "without a checksum", installed: true},
			{name: "with that of the archive", checksum: hex.EncodeToString(sum[:]), installed: true},
			{name: "with that of another archive", checksum: strings.Repeat("0", 64)},
		} {
			t.Run(template+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				p := open(t, template)
				p.must(nil, "init", "-no-color")
				w := dev("ada")
				w.variables = map[string]string{}
				if template == "ec2-linux" {
					w.variables = p.network()
				}
				w.variables["code_server_sha256"] = test.checksum
				p.must(w.environment("start"), "apply", "-auto-approve", "-no-color")
				script, _ := p.state()["coder_script.code_server[0]"].Values["script"].(string)

				home, bin := t.TempDir(), t.TempDir()
				for name, text := range map[string]string{
					"archive": string(archive),
					"curl":    "#!/bin/sh\nwhile [ \"$1\" != -o ]; do shift; done\ncp " + filepath.Join(bin, "archive") + " \"$2\"\n",
				} {
					if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o755); err != nil {
						t.Fatal(err)
					}
				}
				command := exec.Command("sh", "-c", script)
				command.Env = []string{"HOME=" + home, "PATH=" + bin + ":/usr/bin:/bin"}
				said, err := command.CombinedOutput()
				if (err == nil) != test.installed {
					t.Errorf("it ended with %v: %s", err, said)
				}
				if refused := strings.Contains(string(said), "it is not installed"); refused == test.installed {
					t.Errorf("it says %q", said)
				}
				found, err := filepath.Glob(filepath.Join(home, ".local/lib/code-server-*.*.*/bin/code-server"))
				if err != nil || (len(found) == 1) != test.installed {
					t.Errorf("installed: %v, %v", found, err)
				}
			})
		}
	}
}

// codeServerArchive is like that of a release, with a program that does nothing.
func codeServerArchive(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	w := tar.NewWriter(packed)
	const text = "#!/bin/sh\n"
	if err := w.WriteHeader(&tar.Header{Name: "code-server-1.0.0/bin/code-server", Mode: 0o755, Size: int64(len(text))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
