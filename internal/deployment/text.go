package deployment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// shorten puts text on one line of at most n characters.
func shorten(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-3]) + "..."
}

// plainText is a known, non-null primitive value as text.
func plainText(val cty.Value) string {
	s, err := convert.Convert(val, cty.String)
	if err != nil || s.IsNull() {
		return ""
	}
	return s.AsString()
}

// lowerFirst makes a sentence's first letter small, unless the word is written in capitals.
func lowerFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}
