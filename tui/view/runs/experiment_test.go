package runs

import (
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
)

// wide is a run whose arms have long names and wide intervals.
func wide() *tui.Snapshot {
	var m debate.Matrix
	m.N[debate.Correct][debate.Correct] = 1
	arm := func(name string) tui.Arm {
		return tui.Arm{
			Name: name, N: 10_320, Before: tui.Rate{N: 1, Value: 100}, After: tui.Rate{N: 1, Value: 100, Low: 19.4, High: 100},
			Change: tui.Rate{N: 1, Value: -16.7, Low: -25.2, High: 56.1}, Matrix: m, Harmful: tui.Rate{N: 1, Value: 100}, Beneficial: tui.Rate{N: 1, Value: 100},
		}
	}
	return &tui.Snapshot{Arms: []tui.Arm{arm("naive"), arm("self-consistency"), arm("an-arm-with-a-name-of-more-than-thirty-characters")}}
}

// draw returns the lines of the experiment view without styles.
func draw(s *tui.Snapshot, look canvas.Look) []string {
	c := &canvas.Canvas{Snap: s, Look: look, Ink: ink.NewPalette(ink.Terminal{})}
	Draw(c, look.Height)
	lines := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = ansi.Strip(l)
	}
	return lines
}

// TestColumnsNeverTouch draws arms with long names and wide intervals: each number stands under its heading, with a blank before it.
func TestColumnsNeverTouch(t *testing.T) {
	touching := regexp.MustCompile(`\S\][^ ]|\d[+-]|…\d`)
	for width := 60; width <= 200; width++ {
		lines := draw(wide(), canvas.Look{Width: width, Height: 30, Experiment: true})
		if !strings.HasPrefix(lines[3], "│ arm ") {
			t.Fatalf("width %d: the head of the table is %q", width, lines[3])
		}
		for _, l := range lines[4:7] {
			if touching.MatchString(l) || ansi.StringWidth(l) != width {
				t.Errorf("width %d: %q", width, l)
			}
			if at := ansi.StringWidth(lines[3][:strings.Index(lines[3], " n ")]) + 1; []rune(l)[at] != '0' {
				t.Errorf("width %d: n ends elsewhere than its heading in %q", width, l)
			}
		}
	}
}

// TestEndsOfIntervalsAreRoundedOutwards, as in the report.
func TestEndsOfIntervalsAreRoundedOutwards(t *testing.T) {
	for _, c := range []struct {
		r      tui.Rate
		signed bool
		want   string
	}{
		{tui.Rate{}, true, "–"},
		{tui.Rate{N: 1, Value: 64.1, Low: 57.2, High: 70.8}, false, "64.1 [57, 71]"},
		{tui.Rate{N: 1, Value: 50, Low: 40, High: 60}, false, "50.0 [40, 60]"},
		{tui.Rate{N: 1, Value: -4.1, Low: -10.04, High: -.3}, true, "-4.1 [-11, +0]"},
		{tui.Rate{N: 1, Value: 5.2, Low: -.4, High: 10.9}, true, "+5.2 [-1, +11]"},
	} {
		if got := rate(c.r, c.signed); got != c.want {
			t.Errorf("%+v: %q, want %q", c.r, got, c.want)
		}
	}
}

// TestWhiskersShowWhatGoesBeyondTheScale draws intervals on a scale from -20 to 20.
func TestWhiskersShowWhatGoesBeyondTheScale(t *testing.T) {
	for _, c := range []struct {
		low, value, high float64
		want             string
	}{
		{-10, 0, 10, "  ├─●─┤  "},
		{-30, 0, 30, "←───●───→"},
		{-30, -25, 5, "●────┤   "},
	} {
		if got := whisker(tui.Rate{N: 1, Low: c.low, Value: c.value, High: c.high}, 9, 20)[0].Text; got != c.want {
			t.Errorf("%v: %q, want %q", c, got, c.want)
		}
	}
}

// TestQuestionsKeepTheEndOfTheirNames in a list that has no room for all of it: the end is what tells them apart.
func TestQuestionsKeepTheEndOfTheirNames(t *testing.T) {
	s := wide()
	s.Cases = []tui.Line{{Case: debate.Case{Arm: "self-consistency", Item: "a-data-set-with-a-long-name/q17"}, Over: true}}
	s.Matching = 1
	s.Flips = []tui.Flip{{Case: s.Cases[0].Case, Agent: "llama", From: "A", To: "B", Fate: debate.Corrupted, SwayedBy: []string{"one", "two"}}}
	screen := strings.Join(draw(s, canvas.Look{Width: 100, Height: 30, Experiment: true}), "\n")
	for _, want := range []string{`▼ llama …\S*/q17 A→B self-\S*`, `· self-\S* …\S*/q17`} {
		if !regexp.MustCompile(want).MatchString(screen) {
			t.Errorf("no %s in\n%s", want, screen)
		}
	}
}

// TestFlipsStandInColumns of one width each, and name who swayed as far as there is room.
func TestFlipsStandInColumns(t *testing.T) {
	s := wide()
	for i, agent := range []string{"llama", "mistral-7b"} {
		c := debate.Case{Arm: "naive", Item: "sample-numbers/n" + strings.Repeat("1", i+1)}
		s.Flips = append(s.Flips, tui.Flip{Case: c, Agent: agent, From: "7", To: debate.Answer(strings.Repeat("3", 3*i+1)), Fate: debate.Corrupted, SwayedBy: []string{"gpt-4o-mini", "qwen"}})
	}
	for width, want := range map[int]string{200: "with gpt-4o-mini, qwen", 60: "with gpt-4o-mini +1"} {
		var at []int
		for _, line := range draw(s, canvas.Look{Width: width, Height: 40, Experiment: true}) {
			if before, _, ok := strings.Cut(line, want); ok {
				at = append(at, ansi.StringWidth(before))
			}
		}
		if len(at) != 2 || at[0] != at[1] {
			t.Errorf("in %d cells %q stands at %v", width, want, at)
		}
	}
}

// TestHiddenFlipsAreNotCalledNone while the debate on the screen asks the question of all of them.
func TestHiddenFlipsAreNotCalledNone(t *testing.T) {
	s := wide()
	s.Debate = &tui.Debate{Case: debate.Case{Arm: "naive", Item: "q/1"}}
	s.Flips = []tui.Flip{{Case: debate.Case{Arm: "penalized", Item: "q/1"}, Agent: "llama", From: "A", To: "B", Fate: debate.Corrupted}}
	screen := strings.Join(draw(s, canvas.Look{Width: 120, Height: 30, Experiment: true, Blind: true}), "\n")
	if strings.Contains(screen, "A→B") || !strings.Contains(screen, "hidden with the key of this question") {
		t.Error(screen)
	}
}
