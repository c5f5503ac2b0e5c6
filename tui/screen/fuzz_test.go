package screen

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"cheaptalk/debate"
)

// FuzzView puts any text wherever somebody else writes on the screen, and holds the view to its size and to colours as its only escapes.
func FuzzView(f *testing.F) {
	for _, s := range []string{"plain", "\x1b[31mred\x1b[2J", "名前\u202e👨‍👩‍👧", "हिन्दी भाषा की", "\r\n\t\a\x9b", strings.Repeat("x", 300), strings.Repeat("ก้", 90)} {
		f.Add(s, s, 80, 24, "k", false)
		f.Add(s, s, 120, 40, "tab right", true)
	}
	f.Fuzz(func(t *testing.T, text, name string, width, height int, keys string, graphemes bool) {
		size := [2]int{max(width%250, 1), max(height%80, 1)}
		s := run()
		tr := skyTalk()
		tr.Agents[0] = name
		for i := range tr.Messages {
			tr.Messages[i].Text = text
			tr.Messages[i].Answer = debate.Answer(name)
			if tr.Messages[i].From == "llama" {
				tr.Messages[i].From = name
			}
		}
		tr.Question.Text, tr.Question.Choices = text, []string{name, text, ""}
		s.Title, s.Trouble, s.Debate.Failed, s.Debate.Transcript = name, text, text, tr
		s.Debate.Speaking = map[string]string{name: text, "judge " + name: text}
		s.Debate.Case.Arm, s.Arms[0].Name, s.Cases[0].Case.Item = name, name, text
		s.Flips[0].Agent, s.Flips[0].SwayedBy, s.Errors[0].Kind, s.Errors[0].Example = name, []string{name}, name, text
		s.Debate.Verdicts = []debate.Verdict{{Judge: name, Answer: debate.Answer(text)}}
		m := still(size, s, "")
		m.terminal.Ruler.Graphemes = graphemes
		m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		for key := range strings.FieldsSeq(keys) {
			m.Update(named(key))
		}
		content := m.View().Content
		lines := strings.Split(content, "\n")
		if len(lines) != size[1] {
			t.Errorf("%d lines at %v", len(lines), size)
		}
		for i, line := range lines {
			if w := m.terminal.Ruler.Width(line); w != size[0] {
				t.Errorf("line %d at %v is %d wide: %q", i+1, size, w, ansi.Strip(line))
			}
		}
		if bad := foreign(content); bad != "" {
			t.Errorf("%q reaches the terminal", bad)
		}
	})
}

func BenchmarkView(b *testing.B) {
	for name, words := range map[string]string{"ascii": "The light of the sun is scattered by the air. ", "wide": "海洋覆盖了地球的大部分表面，所以天空看起来是蓝色的。"} {
		for _, keys := range []string{"k", "tab"} {
			s := run()
			for i := range s.Debate.Transcript.Messages {
				s.Debate.Transcript.Messages[i].Text = strings.Repeat(words, 10_000/len([]rune(words)))
			}
			m := still([2]int{120, 40}, s, keys)
			b.Run(fmt.Sprintf("%s-%s", name, keys), func(b *testing.B) {
				for b.Loop() {
					m.View()
				}
			})
		}
	}
}

// BenchmarkStreaming draws replies that grow from one view to the next.
func BenchmarkStreaming(b *testing.B) {
	for name, words := range map[string]string{"ascii": "The light of the sun is scattered by the air. ", "wide": "海洋覆盖了地球的大部分表面，所以天空看起来是蓝色的。"} {
		b.Run(name, func(b *testing.B) {
			m := still([2]int{120, 40}, run(), "k")
			long := strings.Repeat(words, 10_000/len([]rune(words)))
			for i := 0; b.Loop(); i++ {
				more := long + fmt.Sprint(i)
				m.shown.Debate.Speaking = map[string]string{"llama": more, "mistral": more, "gpt": more}
				m.View()
			}
		})
	}
}
