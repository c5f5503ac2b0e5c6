// Package text makes words that anybody may have written fit for a screen: it takes from them what a terminal would obey,
// measures them in cells and breaks them into lines. Nothing here writes a colour.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

const (
	tab      = 4 // blanks that stand for a tab
	maxMarks = 4 // that may be put on one character
	widest   = 4 // cells of what a reader takes for one character
)

// Clean returns s without anything that a terminal acts upon. Only letters, marks, digits, punctuation, symbols, blanks and line feeds are left:
//
//   - control characters become their pictures (U+2400 to U+2421: an escape is seen as ␛), so that a control sequence is read and not obeyed;
//   - whatever ends a line is a line feed, a tab is four blanks, every other blank is one;
//   - characters that take no room and change how others are shown (bidirectional controls, joiners that join nothing, byte order marks,
//     soft hyphens, tags) are left out, and of a pile of marks on one character the first are kept;
//   - invalid UTF-8 and what Unicode does not define, or leaves to private use, is U+FFFD;
//   - an emoji of which terminals disagree how wide it is (families, skin tones, keycaps) is reduced to its first character.
//
// Clean(Clean(s)) is Clean(s).
func Clean(s string) string {
	if ascii(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, r := range s { // invalid bytes arrive as U+FFFD
		switch {
		case simple(r) > 0:
			b.WriteRune(r)
		case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
			b.WriteByte('\n')
		case r == '\t':
			b.WriteString(strings.Repeat(" ", tab))
		case r < 0x20:
			b.WriteRune(0x2400 + r)
		case r == 0x7f:
			b.WriteRune(0x2421)
		case r == zwnj || r == zwj:
			b.WriteRune(r)
		case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point), unicode.Is(unicode.Variation_Selector, r) && r != 0xfe0f:
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case !unicode.IsGraphic(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return tame(b.String())
}

// Line is Clean on one line: each line feed is a blank.
func Line(s string) string { return strings.ReplaceAll(Clean(s), "\n", " ") }

const (
	zwnj = 0x200c
	zwj  = 0x200d
)

// tame limits what may hang on one character.
func tame(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for len(s) > 0 {
		if n := asciiPrefix(s); n > 0 {
			b.WriteString(s[:n])
			s = s[n:]
			continue
		}
		if n, _ := simplePrefix(s); n > 0 {
			b.WriteString(s[:n])
			s = s[n:]
			continue
		}
		cluster, narrow := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		s = s[len(cluster):]
		first, size := utf8.DecodeRuneInString(cluster)
		if narrow == 0 || first == zwnj || first == zwj || unicode.Is(unicode.M, first) && ansi.WcWidth.StringWidth(cluster[:size]) == 0 {
			continue // it would hang on whatever stands before it
		}
		if size < len(cluster) && !unicode.IsLetter(first) && ansi.WcWidth.StringWidth(cluster) != narrow {
			cluster = cluster[:size]
			if ansi.GraphemeWidth.StringWidth(cluster) != ansi.WcWidth.StringWidth(cluster) {
				continue
			}
		}
		marks, cells := 0, 0
		for _, r := range cluster {
			cells += ansi.WcWidth.StringWidth(string(r))
			if !unicode.In(r, unicode.L, unicode.S, unicode.N, unicode.P) {
				marks++
			}
			if marks <= maxMarks && cells <= widest {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// simple returns the cells of a common character that every terminal measures alike and that by itself joins nothing; 0 for all others.
func simple(r rune) int {
	switch {
	case r >= 0x20 && r <= 0x7e, r >= 0xc0 && r <= 0x17f, r >= 0x3b1 && r <= 0x3c9, r >= 0x410 && r <= 0x44f:
		return 1
	case r >= 0x4e00 && r <= 0x9fff, r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fa, r >= 0xac00 && r <= 0xd7a3, r >= 0xff01 && r <= 0xff5e,
		r == 0x3001, r == 0x3002:
		return 2
	}
	return 0
}

// simplePrefix returns the length and the cells of the character that s starts with when it is simple and nothing that follows hangs on it, else 0.
func simplePrefix(s string) (size, cells int) {
	r, size := utf8.DecodeRuneInString(s)
	cells = simple(r)
	if cells == 0 {
		return 0, 0
	}
	if next, n := utf8.DecodeRuneInString(s[size:]); n > 0 && next != '\n' && simple(next) == 0 {
		return 0, 0
	}
	return size, cells
}

// ascii reports whether s holds only printable ASCII and line feeds.
func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < 0x20 || c > 0x7e) && c != '\n' {
			return false
		}
	}
	return true
}

// asciiPrefix returns the length of the start of s that is ASCII and on which nothing that follows can hang.
func asciiPrefix(s string) int {
	n := 0
	for n < len(s) && s[n] < 0x80 {
		n++
	}
	if n < len(s) && n > 0 && s[n-1] != '\n' {
		n-- // a mark may hang on the last one
	}
	return n
}
