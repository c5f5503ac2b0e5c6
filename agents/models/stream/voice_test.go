package stream

import (
	"regexp"
	"strings"
	"testing"

	"cheaptalk/agents"
)

// speak says the pieces and returns what was said.
func speak(secrets []string, pieces ...string) (said []string) {
	v := Voice{Say: func(s string) { said = append(said, s) }, Secrets: secrets}
	for _, p := range pieces {
		v.Add(p)
	}
	v.End()
	return said
}

func TestThinkingIsNotSaid(t *testing.T) {
	check := func(want string, pieces ...string) {
		t.Helper()
		if got := strings.Join(speak(nil, pieces...), "|"); got != want {
			t.Errorf("%q: said %q, want %q", pieces, got, want)
		}
	}
	check("It is| (B).", "It is", " (B).")
	check("b", "<think>a</think>b")
	check("b", "<th", "ink>a", "</thi", "nk>", "\n\n", "b")
	check("b", "<", "T", "H", "INKING", ">a<", "/", "think", "ing", ">b")
	check("a|b", "a", "<think>", "x", "</think>", "b")
	check("a b", "a <think>x</think>b")
	check("", "<think>", "never closed")
	check("1 |< 2|<3 |<thin", "1 ", "< 2", "<3 <thin") // no tags, which only the next piece tells
	check("<<b", "<", "<think>a</think><b")
	check("a", " \n", "\ta")
	check("a |\n|b", "a ", "\n", "b")
	check("thought|answer", "thought", "</think>", "answer") // that it was thinking is told too late
}

func TestSecretsAreNotSaid(t *testing.T) {
	secrets := []string{"sk-planted-0123", "other"}
	for _, pieces := range [][]string{{"a sk-planted-0123 b"}, {"a sk-pl", "anted-", "0123 b"}, {"a ", "s", "k-planted-0123", " b"}} {
		if got := strings.Join(speak(secrets, pieces...), ""); got != "a [key] b" {
			t.Errorf("%q: said %q", pieces, got)
		}
	}
	if got := strings.Join(speak(secrets, "<think>sk-planted", "-0123</think>an", "other s", "k-planted"), ""); got != "an[key] sk-planted" {
		t.Errorf("said %q", got)
	}
}

var tag = regexp.MustCompile(`(?i)<(/?)think(?:ing)?>`)

// unopened reports whether a closing tag in the text has nothing to close.
func unopened(text string) bool {
	open := false
	for _, m := range tag.FindAllStringSubmatch(text, -1) {
		if m[1] != "" && !open {
			return true
		}
		open = m[1] == ""
	}
	return false
}

func FuzzVoice(f *testing.F) {
	f.Add("<think>a</think>b", uint8(3))
	f.Add("a<thinking>x</think> b <", uint8(1))
	f.Add("sk-planted-01 <think", uint8(2))
	f.Fuzz(func(t *testing.T, text string, size uint8) {
		secrets := []string{"sk-planted-0123"}
		whole := strings.Join(speak(secrets, text), "")
		var pieces []string
		for rest := text; rest != ""; {
			n := min(len(rest), int(size%7)+1)
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		if got := strings.Join(speak(secrets, pieces...), ""); got != whole {
			t.Fatalf("%q is said %q, in pieces of %d %q", text, whole, size%7+1, got)
		}
		if strings.Contains(whole, secrets[0]) {
			t.Fatalf("%q is said", whole)
		}
		// It agrees with what the record has. The Kelvin sign is a k to regexp.
		if strings.Contains(text, "\u212a") || strings.Contains(text, secrets[0]) || unopened(text) {
			return
		}
		if said, _ := agents.SplitThinking(text); strings.TrimSpace(whole) != said {
			t.Fatalf("%q is said %q and recorded %q", text, whole, said)
		}
	})
}
