package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cheaptalk/tui/text"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"plain text stays", "a b\n c", "a b\n c"},
		{"letters of any script stay", "名前 é שָׁלוֹם नमस्ते ไทย", "名前 é שָׁלוֹם नमस्ते ไทย"},
		{"colours are shown", "\x1b[31mred\x1b[0m", "␛[31mred␛[0m"},
		{"the cursor stays where it is", "a\x1b[2J\x1b[Hb", "a␛[2J␛[Hb"},
		{"a title is not set", "\x1b]0;mine\x07x", "␛]0;mine␇x"},
		{"an unfinished sequence hides nothing", "\x1b]0;mine and the rest", "␛]0;mine and the rest"},
		{"the bell is seen", "ding\x07", "ding␇"},
		{"C1 controls go", "a\u009b31mb", "a\ufffd31mb"},
		{"a lone C1 byte goes", "a\x9b31mb", "a\ufffd31mb"},
		{"lines end in one way", "a\r\nb\rc\u2028d\u0085e\vf", "a\nb\nc\nd\ne\nf"},
		{"tabs are blanks", "\ta", "    a"},
		{"blanks are blanks", "a\u00a0b\u3000c", "a b c"},
		{"nothing is turned around", "\u202egnorw\u202c \u2066x\u2069\u200e\u061c", "gnorw x"},
		{"nothing is hidden", "a\u200bb\ufeffc\u00add\U000e0041e", "abcde"},
		{"piles of marks are cut", "e" + strings.Repeat("\u0301", 50), "e" + strings.Repeat("\u0301", 4)},
		{"a mark on nothing goes", "\u0301a", "a"},
		{"families are one head", "👨‍👩‍👧 👍🏽 1️⃣ ❤️", "👨 👍 1 ❤"},
		{"joiners inside words stay", "می\u200cخواهم", "می\u200cخواهم"},
		{"invalid UTF-8 is seen", "a\xffb", "a\ufffdb"},
		{"private use is not drawn", "a\ue000b", "a\ufffdb"},
	} {
		if got := text.Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.what, c.in, got, c.want)
		}
	}
	if got := text.Line("a\nb\r\nc"); got != "a b c" {
		t.Errorf("Line gives %q", got)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"ab cd", 4, "ab…"}, {"名前名前", 5, "名前…"}, {"名前名前", 4, "名…"}, {"abc", 1, "…"}, {"abc", 0, ""}, {"", 0, ""}, {"名", 1, "…"}} {
		if got := (text.Ruler{}).Cut(c.s, c.n); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

func TestCutStart(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "…cd"}, {"abcd", 1, "…"}, {"abcd", 0, ""}, {"", 0, ""}, {"名前名前", 5, "…名前"}, {"名前名前", 4, "…前"}, {"ab cd", 4, "…cd"},
	} {
		if got := (text.Ruler{}).CutStart(c.s, c.n); got != c.want {
			t.Errorf("CutStart(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

func TestCutMiddleKeepsBothEnds(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"gpt-4o-mini#2", 13, "gpt-4o-mini#2"}, {"gpt-4o-mini#2", 12, "gpt-4o-m…i#2"}, {"gpt-4o-mini#3", 12, "gpt-4o-m…i#3"}, {"abcdef", 3, "ab…"}, {"abcdef", 1, "…"},
		{"abcdef", 0, ""}, {"名前名前名前", 9, "名前名…前"}, {"", 0, ""},
	} {
		if got := (text.Ruler{}).CutMiddle(c.s, c.n); got != c.want {
			t.Errorf("CutMiddle(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want []string
	}{
		{"", 5, nil}, {"\n\n", 5, nil}, {"ab b c", 4, []string{"ab b", "c"}}, {"abcdefghij k", 4, []string{"abcd", "efgh", "ij k"}},
		{"ab abcde", 4, []string{"ab", "abcd", "e"}}, {"two\n\nlines\n", 9, []string{"two", "", "lines"}},
		{"  in here it is", 9, []string{"  in here", "it is"}}, {"          deep", 8, []string{"    deep"}},
		{"a  b   c d", 8, []string{"a  b   c", "d"}}, {"名前名前", 5, []string{"名前", "名前"}}, {"ab名前", 4, []string{"ab名", "前"}},
		{"it is https://example.org/a/very/long/path now", 20, []string{"it is https://exampl", "e.org/a/very/long/pa", "th now"}},
	} {
		if got := (text.Ruler{}).Wrap(c.s, c.n); !slices.Equal(got, c.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

// FuzzText holds Clean and Wrap to what they promise, on both rulers.
func FuzzText(f *testing.F) {
	for _, s := range []string{"a\x1b[31m", "名前\u0301\u200d👨‍👩‍👧🇩🇪🇩", "\u0600ab ́", "हिन्दी भाषा", "a\u202eb\r\n\t", "각\u1100\u1161", "x\ufe0f\u20e3", "ا\u200dا"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, cells int) {
		cells = max(cells%100, 4)
		clean := text.Clean(s)
		if again := text.Clean(clean); again != clean {
			t.Errorf("Clean(%q) = %q, and again %q", s, clean, again)
		}
		for _, r := range clean {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("Clean(%q) has %U", s, r)
			}
		}
		for _, ruler := range []text.Ruler{{}, {Graphemes: true}} {
			letters := 0
			for _, line := range ruler.Wrap(clean, cells) {
				if w := ruler.Width(line); w > cells {
					t.Errorf("%+v: a line of %q is %d wide, not %d: %q", ruler, clean, w, cells, line)
				}
				if !utf8.ValidString(line) {
					t.Errorf("a line of %q is %q", clean, line)
				}
				letters += count(line)
			}
			if want := count(clean); letters != want {
				t.Errorf("%+v: the lines of %q have %d characters, not %d", ruler, clean, letters, want)
			}
			if cut := ruler.Cut(clean, cells); ruler.Width(cut) > cells && !strings.Contains(clean, "\n") {
				t.Errorf("%+v: Cut(%q, %d) = %q", ruler, clean, cells, cut)
			}
		}
	})
}

// count returns the number of characters that are not blanks.
func count(s string) int {
	n := 0
	for _, r := range s {
		if r != ' ' && r != '\n' {
			n++
		}
	}
	return n
}
