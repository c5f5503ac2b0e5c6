package paint

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Width returns the number of terminal cells that s takes without its colours. Wide characters take two, the signs of this
// project one each, whatever the locale.
func Width(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// Cut shortens plain text to so many cells, the last an ellipsis.
func Cut(s string, cells int) string {
	if Width(s) <= cells {
		return s
	}
	var b strings.Builder
	used := 0
	for _, r := range s {
		if used += Width(string(r)); used > cells-1 {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

// Pad fills s up with blanks to so many cells, or cuts it.
func Pad(s string, cells int) string {
	s = Cut(s, cells)
	return s + strings.Repeat(" ", max(cells-Width(s), 0))
}

// Wrap breaks plain text into lines of at most so many cells, at least one line. A word that is longer is broken.
func Wrap(text string, cells int) []string {
	var lines []string
	line := ""
	flush := func() {
		if line != "" {
			lines, line = append(lines, line), ""
		}
	}
	for _, word := range strings.Fields(text) {
		if line != "" && Width(line)+1+Width(word) > cells {
			flush()
		}
		if Width(word) <= cells {
			line = strings.TrimPrefix(line+" "+word, " ")
			continue
		}
		for _, r := range word {
			if Width(line)+Width(string(r)) > cells {
				flush()
			}
			line += string(r)
		}
	}
	return append(lines, line)
}
