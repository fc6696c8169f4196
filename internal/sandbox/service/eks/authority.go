package eks

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"time"

	"coderaws/internal/sandbox/model"
)

// clusterAuthority makes the certificate authority of a cluster: base64 of a PEM certificate, as EKS returns it, so that what reads it
// finds a real one. It is signed with a key derived from the cluster's identity, and so stays the same from run to run.
func clusterAuthority(c *model.Call) string {
	seed, err := hex.DecodeString(c.Hex(64, "authority"))
	if err != nil {
		return ""
	}
	key := ed25519.NewKeyFromSeed(seed)
	now := c.World.Now().Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(seed[:8]), Subject: pkix.Name{CommonName: "kubernetes"},
		NotBefore: now, NotAfter: now.AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, DNSNames: []string{"kubernetes"},
	}
	certificate, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}
