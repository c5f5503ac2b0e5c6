package page

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestWhatCannotBeSeenIsWritten holds characters that act on a screen or hide against what is shown of them.
func TestWhatCannotBeSeenIsWritten(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"plain <b>&amp;":            "plain <b>&amp;",
		"a\tb\nc\r\nd":              "a\tb\nc\nd",
		"\x1b[31mred\x1b[0m":        "␛[31mred␛[0m",
		"\x00\a\b\r\x7f":            "␀␇␈␍␡",
		"\u009b31m":                 "⟨U+009B⟩31m",
		"abc\u202edcba\u2066":       "abc⟨U+202E⟩dcba⟨U+2066⟩",
		"soft\u00adhyphen\ufeff":    "soft⟨U+00AD⟩hyphen⟨U+FEFF⟩",
		"zero\u200bwidth":           "zero⟨U+200B⟩width",
		"\U000e0041":                "⟨U+E0041⟩",
		"family 👩\u200d👩\u200d👧":    "family 👩\u200d👩\u200d👧",
		"a\u2028b\u2029c\u0085d":    "a\nb\nc\nd",
		"bad \xff\xfe bytes \ufffd": `bad \xFF\xFE bytes ` + "\ufffd",
		"é ß 漢字 שלום":               "é ß 漢字 שלום",
		"\u0600١":                   "\u0600١",
	} {
		if got := Visible(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
	if got := Line(" a\n\tb\x1b "); got != "a b␛" {
		t.Errorf("%q", got)
	}
}

func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"", "a", "\x1b]0;t\a", "\xff\u202e\r\n", "👩\u200d👧"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Visible(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q is shown as %q", s, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool {
			return unicode.In(r, unicode.Cc, unicode.Co) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
		}); i >= 0 {
			t.Fatalf("%q is shown as %q, which has %q in it", s, got, got[i:])
		}
		if again := Visible(got); again != got {
			t.Fatalf("%q, then %q", got, again)
		}
	})
}
