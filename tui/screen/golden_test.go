package screen

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"cheaptalk/tui"
)

// updating reports whether the golden views are to be rewritten, by the flag -update that teatest defines.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// sizes are those of the golden views.
var sizes = [][2]int{{60, 20}, {80, 24}, {120, 40}, {200, 60}}

// named returns a press of a key by the name that Bubble Tea gives it.
func named(name string) tea.KeyPressMsg {
	for code, special := range map[rune]string{tea.KeyTab: "tab", tea.KeyEnter: "enter", tea.KeyEscape: "esc", tea.KeyUp: "up", tea.KeyDown: "down",
		tea.KeyLeft: "left", tea.KeyRight: "right", tea.KeyBackspace: "backspace", tea.KeyHome: "home", tea.KeyEnd: "end", tea.KeyPgUp: "pgup", tea.KeyPgDown: "pgdown"} {
		if special == name {
			return tea.KeyPressMsg{Code: code}
		}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// still returns a screen of a size that has taken a snapshot and keys, and asks nobody.
func still(size [2]int, s tui.Snapshot, keys string) *Model {
	m := New(func(tui.Ask) {}, false).(*Model)
	m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
	m.Update(s)
	for key := range strings.FieldsSeq(keys) {
		m.Update(named(key))
	}
	return m
}

// TestGoldenViews compares every sample at every size, without colours, with testdata/NAME.txt.
func TestGoldenViews(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample.name, func(t *testing.T) {
			var b strings.Builder
			for _, size := range sizes {
				content := still(size, sample.make(), sample.keys).View().Content
				holds(t, content, size)
				fmt.Fprintf(&b, "%dx%d\n%s\n", size[0], size[1], ansi.Strip(content))
			}
			golden(t, sample.name+".txt", b.String())
		})
	}
}

// TestGoldenColours compares some samples with their colours: on a dark and a light background, in 256 and in 16 colours and in none.
func TestGoldenColours(t *testing.T) {
	for _, terminal := range []struct {
		name  string
		dark  bool
		shows colorprofile.Profile
	}{{"dark", true, colorprofile.TrueColor}, {"light", false, colorprofile.TrueColor}, {"16", true, colorprofile.ANSI}, {"none", true, colorprofile.ASCII}} {
		var b strings.Builder
		for _, sample := range samples {
			switch sample.name {
			case "streaming", "verdict", "tie", "failure", "experiment", "person":
				m := still([2]int{80, 24}, sample.make(), sample.keys)
				m.terminal.Dark = terminal.dark
				m.Update(tea.ColorProfileMsg{Profile: terminal.shows})
				fmt.Fprintf(&b, "%s\n%s\n", sample.name, strings.ReplaceAll(m.View().Content, "\x1b", "␛"))
			}
		}
		golden(t, "colours-"+terminal.name+".txt", b.String())
	}
}

// holds checks what is promised of every view: exactly as many lines as the screen is high, each exactly as wide as it, and no escape beside colours.
func holds(t *testing.T, content string, size [2]int) {
	t.Helper()
	lines := strings.Split(content, "\n")
	if len(lines) != size[1] {
		t.Errorf("%dx%d: %d lines", size[0], size[1], len(lines))
	}
	for i, line := range lines {
		if w := ansi.WcWidth.StringWidth(line); w != size[0] {
			t.Errorf("%dx%d: line %d is %d wide: %q", size[0], size[1], i+1, w, ansi.Strip(line))
		}
	}
	if bad := foreign(content); bad != "" {
		t.Errorf("%dx%d: %q reaches the terminal", size[0], size[1], bad)
	}
}

// foreign returns the first control character that is neither a line feed nor part of a sequence that sets colours and weights.
func foreign(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] == 0x1b {
			end := strings.IndexByte(s[i:], 'm')
			if end < 0 || strings.Trim(s[i:i+end], "\x1b[0123456789;:") != "" {
				return s[i:min(i+10, len(s))]
			}
			i += end
			continue
		}
		if s[i] < 0x20 && s[i] != '\n' || s[i] == 0x7f {
			return s[i : i+1]
		}
	}
	for _, r := range s {
		if r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return string(r)
		}
	}
	return ""
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if updating() {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s differs in line %d:\ngot  %s\nwant %s\nrun go test ./tui/screen -update and read the difference", file, i+1, a[i], b[i])
		}
	}
	t.Fatalf("%s: %d lines, want %d", file, len(a), len(b))
}
