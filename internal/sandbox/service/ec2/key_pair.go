package ec2

import (
	"crypto/md5" // #nosec G501 -- EC2's fingerprints of imported RSA keys are MD5
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// keyPair declares imported SSH keys. Error codes and texts: EC2 API model and moto's record of real answers.
func keyPair() *model.Type {
	return &model.Type{
		Name: "aws_key_pair", API: api, Noun: "EC2 Key Pair",
		CreateCall: "ImportKeyPair", UpdateCall: "CreateTags", DeleteCall: "DeleteKeyPair",
		Identify: func(c *model.Call) string { return c.Name("key_name", "key_name_prefix") },
		Unique: []model.Unique{{Attribute: "key_name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("InvalidKeyPair.Duplicate", "The keypair already exists")
		}}},
		Checks: []model.Check{model.Length("InvalidParameterValue", "key_name", "keyName", 1, 255), publicKey},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-56E0E04A", Service: "ec2", Name: "Key pairs per Region", Default: 5000},
			Exceeded: func() *world.Error {
				return world.Fail("KeyPairLimitExceeded", "The maximum number of key pairs has been reached.") // text: unverified
			},
		}},
		Fill: func(c *model.Call) {
			kind, blob, _ := parsePublicKey(c.String("public_key"))
			c.Set("key_name_prefix", c.String("key_name_prefix"))
			c.Set("arn", c.ARN("ec2", "key-pair/"+c.ID))
			c.Set("key_pair_id", "key-"+c.Hex(17, "key"))
			c.Set("key_type", kind)
			c.Set("fingerprint", fingerprint(kind, blob))
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// parsePublicKey reads a key in OpenSSH's form, of the kinds that EC2 takes.
func parsePublicKey(text string) (kind string, blob []byte, ok bool) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return "", nil, false
	}
	switch fields[0] {
	case "ssh-rsa":
		kind = "rsa"
	case "ssh-ed25519":
		kind = "ed25519"
	default:
		return "", nil, false
	}
	blob, err := base64.StdEncoding.DecodeString(fields[1])
	return kind, blob, err == nil && len(blob) > 16
}

func publicKey(c *model.Call) *world.Error {
	key := c.String("public_key")
	if _, _, ok := parsePublicKey(key); key != "" && c.Creating() && !ok {
		return world.Fail("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
	}
	return nil
}

// fingerprint is what EC2 shows of a key: MD5 with colons for RSA, SHA-256 in base64 for ED25519.
func fingerprint(kind string, blob []byte) string {
	if kind == "ed25519" {
		sum := sha256.Sum256(blob)
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	sum := md5.Sum(blob) // #nosec G401 -- an identifier, not a protection
	digits := hex.EncodeToString(sum[:])
	var pairs []string
	for i := 0; i < len(digits); i += 2 {
		pairs = append(pairs, digits[i:i+2])
	}
	return strings.Join(pairs, ":")
}
