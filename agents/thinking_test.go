package agents

import (
	"strings"
	"testing"
)

func TestSplitThinking(t *testing.T) {
	check := func(text, said, thinking string) {
		t.Helper()
		gotSaid, gotThinking := SplitThinking(text)
		if gotSaid != said || gotThinking != thinking {
			t.Errorf("%q: said %q, thinking %q; want %q, %q", text, gotSaid, gotThinking, said, thinking)
		}
	}
	check("", "", "")
	check(" plain (B) \n", "plain (B)", "")
	check("<think>a</think>b", "b", "a")
	check("<think>\n\n</think>\n\nb", "b", "")
	check("x <think>a</think> y <think>b</think> z", "x  y  z", "a\n\nb")
	check("<think>cut off", "", "cut off")
	check("said. <think>cut off", "said.", "cut off")
	check("began in the prompt</think>b", "b", "began in the prompt")
	check("a</think>b</think>c", "c", "a\n\nb")
	check("<think>a<think>b</think>c</think>d", "d", "a\n\nb\n\nc")
	check("<THINKING>a</Thinking>b", "b", "a")
	check("I think <b>so</b>", "I think <b>so</b>", "")
}

func FuzzSplitThinking(f *testing.F) {
	for _, s := range []string{"<think>a</think>b", "<think>", "</think>", "a<think>b", "<think><think></think>", "<thi<think>nk>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		said, thinking := SplitThinking(text)
		if len(said) > len(text) || len(thinking) > 2*len(text) {
			t.Errorf("%q grew to %q and %q", text, said, thinking)
		}
		if !thinkTag.MatchString(text) && said != strings.TrimSpace(text) {
			t.Errorf("%q became %q", text, said)
		}
		if _, after, ok := strings.Cut(text, "</think>"); ok && !thinkTag.MatchString(after) && said != strings.TrimSpace(after) && !strings.Contains(text, "<think") && !strings.Contains(strings.ToLower(text), "<thinking>") {
			t.Errorf("%q said %q", text, said)
		}
	})
}
