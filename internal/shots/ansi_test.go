package main

import (
	"strings"
	"testing"
)

// TestStylesBecomeSpans holds what an escape sequence asks for against the style that the page gives its text.
func TestStylesBecomeSpans(t *testing.T) {
	for _, test := range []struct{ name, screen, want string }{
		{"plain", "a<b & c", "a&lt;b &amp; c\n"},
		{"bold, then nothing", "\x1b[1mx\x1b[0my", `<span style="font-weight:bold">x</span>y` + "\n"},
		{"an empty sequence resets", "\x1b[1mx\x1b[my", `<span style="font-weight:bold">x</span>y` + "\n"},
		{"24 bits", "\x1b[38;2;255;122;69mx", `<span style="color:#ff7a45">x</span>` + "\n"},
		{"24 bits with colons", "\x1b[48:2:0:0:10mx", `<span style="background:#00000a">x</span>` + "\n"},
		{"bright", "\x1b[91;104mx", `<span style="color:#ff7a6e;background:#74adf2">x</span>` + "\n"},
		{"the cube", "\x1b[38;5;208mx", `<span style="color:#ff8700">x</span>` + "\n"},
		{"grey", "\x1b[38;5;232mx", `<span style="color:#080808">x</span>` + "\n"},
		{"codes after a colour", "\x1b[38;5;9;1mx", `<span style="color:#ff7a6e;font-weight:bold">x</span>` + "\n"},
		{"swapped", "\x1b[7mx", `<span style="color:` + ground + `;background:` + ink + `">x</span>` + "\n"},
		{"a style lasts to the next line", "\x1b[4ma\nb", `<span style="text-decoration:underline">a</span>` + "\n" + `<span style="text-decoration:underline">b</span>` + "\n"},
		{"other sequences are dropped", "\x1b[2J\x1b7x", "x\n"},
		{"a sequence without an end", "x\x1b[38;2", "x\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, got, _ := strings.Cut(page(test.screen), "<pre>")
			if got = strings.TrimSuffix(got, "</pre>\n"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
