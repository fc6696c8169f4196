// Package registrytest serves a registry of Terraform providers on the loopback interface, over TLS, with signatures, by the provider
// registry protocol (Terraform documentation, "Provider Registry Protocol"). What belongs here is what Terraform and OpenTofu ask of a
// registry while they install and mirror providers. Only tests import it; of this module it imports
// atomicfile alone.
package registrytest

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/atomicfile"

	"github.com/ProtonMail/gopenpgp/v2/crypto"
)

// Host is the registry that this one stands for.
const Host = "registry.terraform.io"

// Provider is one that the registry has, for one platform.
type Provider struct {
	// Name is its namespace and type, such as coder/coder.
	Name, Version string
	OS, Arch      string
	// Program is the provider itself. The registry hands it over and never runs it.
	Program []byte
}

// file is what its archive is called.
func (p Provider) file() string {
	return fmt.Sprintf("terraform-provider-%s_%s_%s_%s.zip", p.typ(), p.Version, p.OS, p.Arch)
}

func (p Provider) typ() string { return p.Name[strings.Index(p.Name, "/")+1:] }

// archive is the provider as registries hand it over.
func (p Provider) archive() ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	header := &zip.FileHeader{Name: "terraform-provider-" + p.typ() + "_v" + p.Version, Method: zip.Store}
	header.SetMode(0o755)
	f, err := w.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(p.Program); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Registry is a registry that runs.
type Registry struct {
	// Environ is what makes Terraform and OpenTofu take it for Host, NAME=value.
	Environ []string
	server  *httptest.Server
	files   map[string][]byte
	answers map[string]any
}

// Start serves providers until the test ends. forged makes its signatures those of somebody else.
func Start(t *testing.T, forged bool, providers ...Provider) *Registry {
	t.Helper()
	r := &Registry{files: map[string][]byte{}, answers: map[string]any{}}
	r.server = httptest.NewTLSServer(r)
	t.Cleanup(r.server.Close)
	key, ring := keys(t)
	_, other := keys(t)
	signer := ring
	if forged {
		signer = other
	}
	for _, p := range providers {
		archive, err := p.archive()
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(archive)
		sums := fmt.Sprintf("%s  %s\n", hex.EncodeToString(sum[:]), p.file())
		signature, err := signer.SignDetached(crypto.NewPlainMessageFromString(sums))
		if err != nil {
			t.Fatal(err)
		}
		armored, err := key.GetArmoredPublicKey()
		if err != nil {
			t.Fatal(err)
		}
		base := "/files/" + p.file()
		r.files[base], r.files[base+".sums"], r.files[base+".sig"] = archive, []byte(sums), signature.GetBinary()
		platform := map[string]any{"os": p.OS, "arch": p.Arch}
		r.answers["/v1/providers/"+p.Name+"/versions"] = map[string]any{"versions": []any{
			map[string]any{"version": p.Version, "protocols": []string{"5.0"}, "platforms": []any{platform}}}}
		r.answers["/v1/providers/"+p.Name+"/"+p.Version+"/download/"+p.OS+"/"+p.Arch] = map[string]any{
			"protocols": []string{"5.0"}, "os": p.OS, "arch": p.Arch, "filename": p.file(), "shasum": hex.EncodeToString(sum[:]),
			"download_url": r.server.URL + base, "shasums_url": r.server.URL + base + ".sums",
			"shasums_signature_url": r.server.URL + base + ".sig",
			"signing_keys": map[string]any{"gpg_public_keys": []any{
				map[string]any{"key_id": strings.ToUpper(key.GetHexKeyID()), "ascii_armor": armored}}},
		}
	}
	r.Environ = r.environ(t)
	return r
}

func keys(t *testing.T) (*crypto.Key, *crypto.KeyRing) {
	t.Helper()
	key, err := crypto.GenerateKey("registry", "registry@example.com", "x25519", 0)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := crypto.NewKeyRing(key)
	if err != nil {
		t.Fatal(err)
	}
	return key, ring
}

// environ has the engine ask this server where it would ask Host, and trust its certificate. Go programs read SSL_CERT_FILE on Linux and
// the BSDs (package crypto/x509).
func (r *Registry) environ(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	settings, authority := filepath.Join(dir, "registry.tfrc"), filepath.Join(dir, "authority.pem")
	text := fmt.Sprintf("host %q {\n  services = {\n    \"providers.v1\" = \"%s/v1/providers/\"\n  }\n}\n", Host, r.server.URL)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.server.Certificate().Raw})
	for file, content := range map[string][]byte{settings: []byte(text), authority: certificate} {
		if err := atomicfile.WriteCopy(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"TF_CLI_CONFIG_FILE=" + settings, "SSL_CERT_FILE=" + authority}
}

// ServeHTTP answers as a registry does.
func (r *Registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if answer, is := r.answers[q.URL.Path]; is {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
		return
	}
	content, is := r.files[q.URL.Path]
	if !is {
		http.NotFound(w, q)
		return
	}
	_, _ = w.Write(content)
}
