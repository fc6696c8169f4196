package coder

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Owner is the first user: whoever may do everything. In Secrets Manager it is this as JSON.
type Owner struct {
	Username string `json:"username"`
	Email    string `json:"email"`
	Password string `json:"password"`
	// Confirmed says that coderd has taken the password once, so that it is this owner's, whatever becomes of the password.
	Confirmed bool `json:"confirmed,omitempty"`
	// Adopted says that coderaws did not make this owner, and knows no password.
	Adopted bool `json:"adopted,omitempty"`
	// OIDCProven is what the last run of the first steps found out about single sign-on, for runs that cannot ask coderd.
	OIDCProven bool `json:"oidc_proven,omitempty"`
}

// String names the owner without the password, so that no message shows it by accident.
func (o Owner) String() string { return o.Username + " <" + o.Email + ">" }

// GoString is String, for the same reason.
func (o Owner) GoString() string { return o.String() }

// passwordLength is in characters of passwordLetters, 143 bits in all. coderd takes at most 64 characters and wants 52 bits (package
// userpassword).
const passwordLength = 25

// passwordLetters are the 54 that cannot be taken for others when they are copied by hand, and that no shell reads as anything else.
const passwordLetters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ234567"

// NewOwner makes an owner with a random password for a domain. The address is of the domain of Coder itself, so that it is nobody's: coderd
// refuses the sign-in by OIDC of somebody whose address an account with a password has.
func NewOwner(domain string, random io.Reader) (Owner, error) {
	var b strings.Builder
	one := make([]byte, 1)
	for b.Len() < passwordLength {
		if _, err := io.ReadFull(random, one); err != nil {
			return Owner{}, fmt.Errorf("make a password: %w", err)
		}
		// Bytes beyond the last multiple are drawn again, so that each letter has the same chance.
		if n := len(passwordLetters); int(one[0]) < 256/n*n {
			b.WriteByte(passwordLetters[int(one[0])%n])
		}
	}
	return Owner{Username: "owner", Email: "owner@" + domain, Password: b.String()}, nil
}

// ParseOwner reads what Secrets Manager keeps. Its errors say nothing of what it read.
func ParseOwner(text string) (Owner, error) {
	var o Owner
	if err := json.Unmarshal([]byte(text), &o); err != nil || o.Email == "" || (o.Password == "") != o.Adopted {
		return Owner{}, fmt.Errorf(`the secret does not hold {"username": …, "email": …, "password": …}`)
	}
	return o, nil
}

func (o Owner) secret() (string, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return "", fmt.Errorf("write the secret of the owner: %w", err)
	}
	return string(text), nil
}
