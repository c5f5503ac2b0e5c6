package text

import (
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// TestCommonCharactersAreMeasuredAsTerminalsDo holds the shortcut for common characters against the tables.
func TestCommonCharactersAreMeasuredAsTerminalsDo(t *testing.T) {
	common := 0
	for r := range rune(unicode.MaxRune) {
		cells := simple(r)
		if cells == 0 {
			continue
		}
		common++
		s := string(r)
		if a, b := ansi.WcWidth.StringWidth(s), ansi.GraphemeWidth.StringWidth(s); a != cells || b != cells || !unicode.IsGraphic(r) {
			t.Errorf("%U takes %d or %d cells, not %d", r, a, b, cells)
		}
		for _, next := range []string{s, "a", " ", "é", "я", "日", "。", "가", "ア"} {
			if cluster, _ := ansi.FirstGraphemeCluster(s+next, ansi.GraphemeWidth); cluster != s {
				t.Errorf("%U and %q join", r, next)
			}
		}
	}
	if common < 30_000 {
		t.Errorf("%d characters are common", common)
	}
}
