package ink

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cheaptalk/debate"
	"cheaptalk/tui/text"
)

// Wrap cleans words and breaks them into lines of so many cells. Where there are more than most, the last that is kept ends in an ellipsis.
func (p *Palette) Wrap(words string, cells, most int) []string {
	lines := p.lines(words, cells)
	if len(lines) <= most {
		return lines
	}
	lines = slices.Clone(lines[:max(most, 0)])
	if most > 0 {
		last := lines[most-1]
		if p.Ruler.Width(last)+2 <= cells {
			last += " …"
		} else {
			last = p.Ruler.Cut(last+"  ", cells)
		}
		lines[most-1] = last
	}
	return lines
}

// lines cleans and breaks words, or remembers how they were broken. The caller does not change them.
func (p *Palette) lines(words string, cells int) []string {
	if len(words) < longText {
		return p.Ruler.Wrap(text.Clean(words), cells)
	}
	key := wrapping{words, cells}
	lines, ok := p.wrapped[key]
	if !ok {
		if len(p.wrapped) >= remembered {
			clear(p.wrapped)
		}
		lines = p.Ruler.Wrap(text.Clean(words), cells)
		p.wrapped[key] = lines
	}
	return lines
}

// Count writes a number with commas: 1,234.
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// About writes a large number in few characters: 1.2M.
func About(n int) string {
	switch {
	case n >= 999_950_000:
		return fmt.Sprintf("%.1fG", float64(n)/1e9)
	case n >= 999_950:
		return fmt.Sprintf("%.1fM", float64(n)/1e6)
	case n >= 10_000:
		return fmt.Sprintf("%.1fk", float64(n)/1e3)
	}
	return Count(n)
}

// Clock writes a duration as 1:05 or 2:03:04, and what is below a second as "<1 s".
func Clock(d time.Duration) string {
	if d > 0 && d < time.Second {
		return "<1 s"
	}
	s := int(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Dollars writes an amount: cents from a dollar on, tenths of a cent below.
func Dollars(v float64) string {
	if v != 0 && v < 1 {
		return fmt.Sprintf("$%.3f", v)
	}
	return fmt.Sprintf("$%.2f", v)
}

// Decimal writes a share as .67 or 1.00.
func Decimal(v float64) string { return debate.Sure(v).String() }

// Percent writes a rate of a Rate as 64.1.
func Percent(v float64) string { return fmt.Sprintf("%.1f", v) }

// Answer writes an answer in at most so many cells; "?" stands for one that could not be read.
func (p *Palette) Answer(a debate.Answer, cells int) string {
	if a == "" {
		return "?"
	}
	return p.Ruler.Cut(text.Line(string(a)), cells)
}

// Right pads on the left.
func (p *Palette) Right(s string, cells int) string {
	return strings.Repeat(" ", max(cells-p.Ruler.Width(s), 0)) + s
}

// First returns a label before the first line of what it belongs to, and as many blanks before the others.
func First(i int, label string) string {
	if i == 0 {
		return label
	}
	return strings.Repeat(" ", utf8.RuneCountInString(label))
}
