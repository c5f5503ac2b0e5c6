package page

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns s with everything that cannot be seen, or that changes how its neighbours are shown, as text: control characters as their pictures
// (an escape is ␛), bidirectional overrides and other format and private characters as U+202E in brackets, bytes that are not UTF-8 as \xFF. Line
// feeds, tabs and the joiners that emoji and some scripts need stay, and what ends a line elsewhere becomes a line feed. It does not escape for HTML:
// templates do.
func Visible(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for i, width := 0, 0; i < len(s); i += width {
		var r rune
		r, width = utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && width == 1:
			fmt.Fprintf(&b, `\x%02X`, s[i])
		case r == '\n' || r == '\t' || r == zwnj || r == zwj:
			b.WriteRune(r)
		case r == 0x85 || r == 0x2028 || r == 0x2029:
			b.WriteByte('\n')
		case r < 0x20:
			b.WriteRune(0x2400 + r)
		case r == 0x7f:
			b.WriteRune('\u2421')
		case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
			b.WriteRune(r) // it is seen
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

const zwnj, zwj = '\u200c', '\u200d'

// plain reports whether s is ASCII that Visible leaves as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c == 0x7f || c < 0x20 && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// Line is Visible on one line: every run of white space is one blank.
func Line(s string) string { return strings.Join(strings.Fields(Visible(s)), " ") }
