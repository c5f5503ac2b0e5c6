package transcript

import (
	"regexp"
	"strings"
	"unicode"
)

// escape matches ANSI escape sequences: CSI (colours, cursor), OSC and the other string commands (titles, links, clipboard) with
// their text up to the terminator or, unterminated, to the end of the line, and the two-character ones. C1 forms included.
var escape = regexp.MustCompile(
	"(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]?" +
		"|(?:\x1b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c\r\n]*(?:\x07|\x1b\\\\|\u009c)?" +
		"|\x1b[ -/]*[0-~]?")

// StripControl returns s without anything that could drive a terminal or reorder its text: ANSI escape sequences, bells, backspaces,
// carriage returns, bidirectional overrides and other control and format characters, and bytes that are not UTF-8. Line
// breaks and tabs stay, "\r\n" becomes "\n", and so do the joiners that emoji and some scripts need.
func StripControl(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = escape.ReplaceAllString(strings.ReplaceAll(s, "\r\n", "\n"), "")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d':
			return r
		case r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
			return -1
		}
		return r
	}, s)
}

// Line returns s stripped and on one line: every run of white space is one space.
func Line(s string) string { return strings.Join(strings.Fields(StripControl(s)), " ") }
