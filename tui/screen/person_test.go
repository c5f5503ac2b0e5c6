package screen

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cheaptalk/debate"
	"cheaptalk/tui"
)

func TestAPersonPlaysBlind(t *testing.T) {
	s := run()
	s.Person = true
	m := still([2]int{120, 40}, s, "k")
	if strings.Contains(seen(m), "key C") || !m.blind() {
		t.Error("k shows the key to a person who plays")
	}
	s.Debate.Over = true
	m = still([2]int{120, 40}, s, "k")
	if !strings.Contains(seen(m), "key C") {
		t.Error("k does not show the key when the debate is over")
	}
}

// TestAPersonReadsWhatTheOthersSaid and not that they think: it is the person's turn to read, and what the others say meanwhile is hidden.
func TestAPersonReadsWhatTheOthersSaid(t *testing.T) {
	s := run()
	s.Person, s.Debate.Transcript = true, upTo(skyTalk(), 3)
	s.Debate.Speaking = map[string]string{"gpt": "", "llama": "", "mistral": ""}
	s.Prompt = &tui.Prompt{Agent: "gpt", Round: 1, Task: debate.Revise}
	words := strings.Join(strings.Fields(strings.ReplaceAll(seen(still([2]int{60, 20}, s, "")), "│", "")), " ")
	if !strings.Contains(words, "the colour of the oceans is what we see above us. The answer is (B).") || strings.Contains(words, "thinks") {
		t.Error(words)
	}
}

func TestAPersonSpeaks(t *testing.T) {
	s := run()
	s.Person, s.Debate.Transcript = true, upTo(skyTalk(), 3)
	s.Prompt = &tui.Prompt{Agent: "gpt", Round: 1, Task: debate.Revise, Until: time.Unix(1000, 0)}
	m := still([2]int{80, 24}, s, "")
	check(t, walk(t, m, "I space k n o w : space D enter 2 5 0 enter"))
	if !strings.Contains(seen(m), `"250" is not`) {
		t.Errorf("nothing says that 250 is no confidence:\n%s", seen(m))
	}
	m.Update(tick(time.Unix(955, 0)))
	if !strings.Contains(seen(m), "45 s left") {
		t.Errorf("nothing says how long is left:\n%s", seen(m))
	}
	check(t, walk(t, m, "backspace backspace 5 enter"), tui.Speak{Text: "I know: D", Confidence: debate.Sure(.25)})
	check(t, walk(t, m, s, "q"), tui.Quit{}) // the form does not open again in the same turn
	s.Prompt = &tui.Prompt{Agent: "gpt", Round: 2, Task: debate.Revise}
	check(t, walk(t, m, s, "D enter enter"), tui.Speak{Text: "D"})

	t.Run("esc gives the keys back", func(t *testing.T) {
		m := still([2]int{80, 24}, s, "")
		check(t, walk(t, m, "B esc . s"), tui.Move{By: 1}, tui.Step{})
		check(t, walk(t, m, s, "i C enter enter"), tui.Speak{Text: "BC"})
	})
	t.Run("two empty answers abstain", func(t *testing.T) {
		m := still([2]int{80, 24}, s, "")
		check(t, walk(t, m, "enter"))
		if !strings.Contains(seen(m), "again abstains") {
			t.Errorf("an empty answer is not asked about:\n%s", seen(m))
		}
		check(t, walk(t, m, "B backspace enter")) // what was typed meanwhile counts
		check(t, walk(t, m, "enter"), tui.Speak{})
	})
	t.Run("a paste is one line", func(t *testing.T) {
		m := still([2]int{80, 24}, s, "")
		check(t, walk(t, m, tea.PasteMsg{Content: "two\nlines\x1b[31m"}, "enter enter"), tui.Speak{Text: "two lines[31m"})
	})
}
