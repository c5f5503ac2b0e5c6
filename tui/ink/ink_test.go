package ink

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"cheaptalk/debate"
)

func TestFitIsExact(t *testing.T) {
	p := NewPalette(Terminal{Profile: colorprofile.TrueColor})
	for _, l := range []Line{nil, Plain("abc"), {Of(p.Bold, "名前"), Of(p.Dim, "\x1b[2Jx\n")}, Plain(strings.Repeat("é", 40))} {
		for cells := range 20 {
			if got := ansi.StringWidth(p.Fit(l, cells)); got != cells {
				t.Errorf("%v fits %d cells as %d", l, cells, got)
			}
		}
	}
}

func TestSeams(t *testing.T) {
	p := NewPalette(Terminal{})
	for _, c := range []struct {
		seam Seam
		want string
	}{
		{Seam{Corners: "├┤"}, "├──────────────────┤"},
		{Seam{Corners: "├┤", Above: []int{4, 9}, Below: []int{9, 12}}, "├───┴────┼──┬──────┤"},
		{Seam{Corners: "┌┐", Labels: []Label{{1, 18, Plain("left"), Plain("right")}}}, "┌ left ───── right ┐"},
		{Seam{Corners: "┌┐", Labels: []Label{{1, 18, Plain("too long on the left"), Plain("right")}}}, "┌ too long on the… ┐"},
		{Seam{Corners: "├┤", Below: []int{9}, Labels: []Label{{1, 8, Plain("a"), nil}, {10, 9, Plain("b"), Plain("c")}}}, "├ a ─────┬ b ─── c ┤"},
	} {
		if got := ansi.Strip(p.Seam(c.seam, 20)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestWrapSaysThatThereIsMore(t *testing.T) {
	p := NewPalette(Terminal{})
	for _, c := range []struct {
		cells, most int
		want        []string
	}{{9, 9, []string{"one two", "three"}}, {9, 1, []string{"one two …"}}, {7, 1, []string{"one tw…"}}, {9, 0, nil}} {
		if got := p.Wrap("one two three", c.cells, c.most); !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
			t.Errorf("Wrap into %d lines of %d: %q, want %q", c.most, c.cells, got, c.want)
		}
	}
	long := strings.Repeat("word ", 100)
	first := slices.Clone(p.Wrap(long, 20, 1000))
	p.Wrap(long, 20, 2) // cuts a remembered text
	if again := p.Wrap(long, 20, 1000); !slices.Equal(first, again) {
		t.Error("a remembered text has changed")
	}
}

// TestNoBrightColoursOnALightBackground because bright green and light grey on white cannot be read.
func TestNoBrightColoursOnALightBackground(t *testing.T) {
	p := NewPalette(Terminal{Profile: colorprofile.ANSI})
	styles := append([]Style{p.Failed, p.Notice}, p.Fates[:]...)
	for i := range p.agents {
		styles = append(styles, p.Agent(i))
	}
	for _, st := range styles {
		for _, bad := range []string{"37", "91", "92", "93", "94", "95", "96", "97"} {
			if drawn := st.Render("x"); strings.Contains(drawn, bad+"m") {
				t.Errorf("%q is too bright", drawn)
			}
		}
	}
}

func TestFatesAndAgentsHaveTheirOwnColours(t *testing.T) {
	for _, terminal := range []Terminal{{Profile: colorprofile.TrueColor}, {Profile: colorprofile.TrueColor, Dark: true}, {Profile: colorprofile.ANSI}, {Profile: colorprofile.ANSI256, Dark: true}} {
		p := NewPalette(terminal)
		seen := map[string]string{}
		tell := func(what, drawn string) {
			var b strings.Builder
			w := colorprofile.Writer{Forward: &b, Profile: terminal.Profile}
			if _, err := w.WriteString(drawn); err != nil {
				t.Fatal(err)
			}
			if other, ok := seen[b.String()]; ok {
				t.Errorf("%+v: %s looks like %s", terminal, what, other)
			}
			seen[b.String()] = what
		}
		for i := range 7 {
			tell("agent "+Count(i), p.Agent(i).Render("x"))
		}
		clear(seen)
		for _, f := range []debate.Fate{debate.HeldRight, debate.Corrected, debate.Corrupted, debate.StuckWrong, debate.Unread} { // stuck and moved are both grey
			tell(f.String(), p.Fates[f].Render("x"))
		}
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		Count(0): "0", Count(999): "999", Count(1234567): "1,234,567",
		About(9999): "9,999", About(18_420_117): "18.4M", About(28_080): "28.1k", About(999_999): "1.0M",
		Clock(500 * time.Millisecond): "<1 s", Clock(65 * time.Second): "1:05", Clock(2*time.Hour + 3*time.Minute + 4*time.Second): "2:03:04",
		Dollars(0): "$0.00", Dollars(.0371): "$0.037", Dollars(12.5): "$12.50",
		Decimal(.666): ".67", Decimal(1): "1.00",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
