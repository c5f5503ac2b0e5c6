package rows

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// excerptRunes is how much of a bad row an error quotes.
const excerptRunes = 60

// Excerpt returns the beginning of s on one line, without control characters,
// fit for an error in a terminal.
func Excerpt(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == excerptRunes {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
