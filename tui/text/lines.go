package text

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Ruler measures clean text in cells as the terminal does. The zero Ruler adds up the widths of characters, as terminals do by themselves;
// Graphemes is for those that report mode 2027 and measure what a reader takes for one character. The two differ in some scripts,
// Devanagari for example.
type Ruler struct{ Graphemes bool }

func (r Ruler) method() ansi.Method {
	if r.Graphemes {
		return ansi.GraphemeWidth
	}
	return ansi.WcWidth
}

// Width returns the number of cells that s takes. Escape sequences that colour it take none.
func (r Ruler) Width(s string) int {
	if ascii(s) {
		return len(s)
	}
	return r.method().StringWidth(s)
}

// first returns the first character of s as a reader sees it, and its width.
func (r Ruler) first(s string) (string, int) {
	if s[0] < 0x80 && (len(s) == 1 || s[1] < 0x80) {
		return s[:1], 1
	}
	if n, w := simplePrefix(s); n > 0 {
		return s[:n], w
	}
	return ansi.FirstGraphemeCluster(s, r.method())
}

// head splits clean text where it would become wider than so many cells.
func (r Ruler) head(s string, cells int) (fits, rest string, used int) {
	at := 0
	for at < len(s) {
		c, w := r.first(s[at:])
		if used+w > cells {
			break
		}
		at += len(c)
		used += w
	}
	return s[:at], s[at:], used
}

// Cut shortens clean text to so many cells, the last of them an ellipsis. It never returns more than cells.
func (r Ruler) Cut(s string, cells int) string {
	if r.Width(s) <= cells {
		return s
	}
	if cells < 1 {
		return ""
	}
	fits, _, _ := r.head(s, cells-1)
	return strings.TrimRight(fits, " ") + "…"
}

// CutStart shortens clean text to so many cells, the first of them an ellipsis. It never returns more than cells.
func (r Ruler) CutStart(s string, cells int) string {
	over := r.Width(s) - cells
	if over <= 0 {
		return s
	}
	if cells < 1 {
		return ""
	}
	for over++; over > 0 && s != ""; { // one more for the ellipsis
		c, w := r.first(s)
		s, over = s[len(c):], over-w
	}
	return "…" + strings.TrimLeft(s, " ")
}

// CutMiddle shortens clean text to so many cells, an ellipsis before the last third of them, so that names with one beginning and another end
// stay apart. It never returns more than cells.
func (r Ruler) CutMiddle(s string, cells int) string {
	if r.Width(s) <= cells || cells < 1 {
		return r.Cut(s, cells)
	}
	end := r.CutStart(s, max(cells/3, 1))
	fits, _, _ := r.head(s, cells-r.Width(end))
	return strings.TrimRight(fits, " ") + end
}

// Wrap breaks clean text into lines of at most so many cells, which is at least 4. Lines break at blanks and beside wide characters; a word that is longer than a
// line is broken. Blanks at the start of a line of s stay, up to half a line. Text without a word has no lines.
func (r Ruler) Wrap(s string, cells int) []string {
	var lines []string
	cells = max(cells, widest)
	for line := range strings.SplitSeq(strings.Trim(s, "\n"), "\n") {
		lines = r.wrap(lines, strings.TrimRight(line, " "), cells)
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// wrap adds the lines of one line that ends in no blank.
func (r Ruler) wrap(lines []string, s string, cells int) []string {
	if len(s) <= cells && ascii(s) {
		return append(lines, s)
	}
	word := strings.TrimLeft(s, " ")
	indent := min(len(s)-len(word), cells/2)
	var b strings.Builder
	b.WriteString(s[:indent])
	used := indent
	blanks := 0 // before the next word
	for s = word; s != ""; {
		word, width := r.word(s)
		s = s[len(word):]
		if used > 0 && used+blanks+width > cells {
			if width <= cells || cells-used-blanks <= cells/2 {
				lines = append(lines, b.String())
				b.Reset()
				used, blanks = 0, 0
			}
		}
		b.WriteString(strings.Repeat(" ", blanks))
		for used += blanks; used+width > cells; {
			fits, rest, n := r.head(word, cells-used)
			if used == 0 && fits == "" {
				break // no clean text comes here
			}
			b.WriteString(fits)
			lines = append(lines, b.String())
			b.Reset()
			word, width, used = rest, width-n, 0
		}
		b.WriteString(word)
		used += width
		rest := strings.TrimLeft(s, " ")
		blanks, s = len(s)-len(rest), rest
	}
	return append(lines, b.String())
}

// word returns the start of s up to a blank or a wide character, or the wide character that it starts with, and its width.
func (r Ruler) word(s string) (string, int) {
	at, width := 0, 0
	for at < len(s) && s[at] != ' ' {
		c, w := r.first(s[at:])
		wide := w == 2 && utf8.RuneCountInString(c) == 1
		if wide && at > 0 {
			break
		}
		at += len(c)
		width += w
		if wide {
			break
		}
	}
	return s[:at], width
}
