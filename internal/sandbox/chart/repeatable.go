package chart

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"text/template"
	"time"
)

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// repeatable are the functions of templates that would give other results each time, in a form that gives the same ones for the same
// release. A rehearsal must not show a Secret as changed because a chart threw dice for it. What they return protects nothing:
// it never leaves the rehearsal.
func repeatable(r Release, c *Chart) template.FuncMap {
	dice := &dice{seed: r.Namespace + "\x00" + r.Name + "\x00" + c.Name()}
	text := func(alphabet string) func(int) string {
		return func(length int) string {
			drawn := make([]byte, max(length, 0))
			for i := range drawn {
				drawn[i] = alphabet[dice.below(len(alphabet))]
			}
			return string(drawn)
		}
	}
	printable := make([]byte, 0, 95)
	for b := byte(' '); b <= '~'; b++ {
		printable = append(printable, b)
	}
	return template.FuncMap{
		"now":          func() time.Time { return r.Now },
		"randAlphaNum": text(letters + digits),
		"randAlpha":    text(letters),
		"randNumeric":  text(digits),
		"randAscii":    text(string(printable)),
		"randBytes": func(length int) (string, error) {
			drawn := make([]byte, max(length, 0))
			for i := range drawn {
				drawn[i] = byte(dice.below(256))
			}
			return base64.StdEncoding.EncodeToString(drawn), nil
		},
		"randInt": func(low, high int) int {
			if high <= low {
				return low
			}
			return low + dice.below(high-low)
		},
		"shuffle": func(s string) string {
			runes := []rune(s)
			for i := len(runes) - 1; i > 0; i-- {
				j := dice.below(i + 1)
				runes[i], runes[j] = runes[j], runes[i]
			}
			return string(runes)
		},
		"uuidv4": func() string {
			var id [16]byte
			binary.BigEndian.PutUint64(id[:8], dice.next())
			binary.BigEndian.PutUint64(id[8:], dice.next())
			// Version 4 and the variant of RFC 9562.
			id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
			return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
		},
	}
}

// dice are numbers that look thrown and follow from the seed: digests of the seed with a counter.
type dice struct {
	seed   string
	thrown uint64
}

func (d *dice) next() uint64 {
	d.thrown++
	digest := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(d.seed), d.thrown))
	return binary.BigEndian.Uint64(digest[:])
}

// below is a number from 0 to limit-1. limit is positive.
func (d *dice) below(limit int) int { return int(d.next() % uint64(limit)) }
