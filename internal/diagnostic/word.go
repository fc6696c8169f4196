package diagnostic

import "strings"

// Word makes a text, such as a path, one word of a shell's command line, for commands that a user is told to run.
func Word(text string) string {
	if text != "" && !strings.ContainsAny(text, " \t\n'\"\\$`&;|<>()*?[]#~!{}") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
