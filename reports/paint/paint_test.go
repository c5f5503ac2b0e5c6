package paint_test

import (
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports/paint"
)

func TestWidths(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "●▲▼○◌?×=±–": 10, "名前": 4, "\x1b[1mb\x1b[0m": 1} {
		if got := paint.Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestCutAndPad(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"ab cd", 4, "ab…"}, {"名前名前", 5, "名前…"}, {"名前名前", 4, "名…"}} {
		if got := paint.Cut(c.s, c.n); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
		if got := paint.Width(paint.Pad(c.s, c.n+2)); got != c.n+2 {
			t.Errorf("Pad(%q, %d) is %d wide", c.s, c.n+2, got)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want []string
	}{
		{"", 5, []string{""}}, {"a b c", 3, []string{"a b", "c"}}, {"abcdefgh i", 3, []string{"abc", "def", "gh", "i"}},
		{"a abcd", 3, []string{"a", "abc", "d"}}, {" many   blanks ", 20, []string{"many blanks"}},
	} {
		if got := paint.Wrap(c.s, c.n); !slices.Equal(got, c.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

func TestEveryFateHasItsOwnColor(t *testing.T) {
	seen := map[string]debate.Fate{}
	for _, f := range debate.Fates {
		s := paint.Pen{Color: true}.In(paint.Fate(f), "x")
		if other, ok := seen[s]; ok || !strings.HasSuffix(s, "x\x1b[0m") {
			t.Errorf("%v looks like %v: %q", f, other, s)
		}
		seen[s] = f
		if got := (paint.Pen{}).In(paint.Fate(f), "x"); got != "x" {
			t.Errorf("a plain pen writes %q", got)
		}
	}
}
