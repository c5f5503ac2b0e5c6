package transcript_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cheaptalk/debate"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/transcript"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sky is a debate in which a right answer is lost.
func sky() *debate.Record {
	say := func(seq, round int, from string, a debate.Answer, sure float64, text string, heard ...int) debate.Message {
		return debate.Message{Seq: seq, Round: round, From: from, Heard: heard,
			Reply: debate.Reply{Answer: a, Confidence: debate.Sure(sure), Text: text}}
	}
	t := &debate.Transcript{
		Question: debate.Question{ID: "mmlu/astronomy/17", Text: "Why is the sky blue?", Choices: []string{
			"the Sun is mainly blue", "it reflects the oceans", "air scatters blue light more", "none of these"}},
		Agents: []string{"llama", "mistral", "gpt"},
		Messages: []debate.Message{
			say(0, 0, "llama", "C", .8, "Because the molecules that compose the Earth's atmosphere\nscatter short waves most, the answer is (C)."),
			say(1, 0, "mistral", "B", .6, "The sea covers most of the planet. (B)"),
			say(2, 0, "gpt", "C", .9, "Rayleigh scattering goes with the fourth power of frequency. (C)"),
			say(3, 1, "llama", "B", .7, "The second agent's point about the oceans convinces me. (B)", 1, 2),
			say(4, 1, "mistral", "B", .8, "I keep my answer. (B)", 0, 2),
			say(5, 1, "gpt", "C", .9, "Scattering it is. (C)", 0, 1),
			say(6, 2, "llama", "", .5, "I do not know any more.", 4),
			say(7, 2, "gpt", "C", .9, "(C)", 3, 4),
		},
	}
	t.Messages[6].CutOff = true
	t.Messages = append(t.Messages, debate.Message{Seq: 8, Round: 2, From: "mistral", Failed: "the server answered 503"})
	t.Messages[0].Confidence = debate.Confidence{}
	t.Messages[0].Exchanges = []debate.Exchange{{Model: "llama-3.1-8b",
		Request: json.RawMessage(`{"model":"gpt-4o","temperature":0.5,"options":{"seed":7},"system":"Be brief.","messages":[{"role":"user","content":"Why is the sky blue?\n(A) …"},{"role":"user","content":[{"type":"text","text":"Answer (X)."}]}]}`)}}
	t.Messages[1].Thinking = "Water is blue."
	asked := debate.Exchange{Model: "gpt-4o", Request: json.RawMessage(`{"messages":[{"role":"user","content":"Why is the sky blue?"}]}`)}
	kept := asked
	kept.Cached, kept.Shared = true, true
	t.Messages[2].Exchanges = []debate.Exchange{asked, kept}
	t.Messages[2].Sources = debate.Sources{Stated: debate.Sure(.9), Samples: debate.Sure(.25)}
	t.Messages[3].Sources.Stated = debate.Sure(.7) // one source is the confidence itself
	t.Messages[7].Unshown = []int{1, 3}
	t.Messages[1].Exchanges = []debate.Exchange{{Model: "mistral-7b", Shared: true, Request: json.RawMessage(`{"prompt":"Why?"}`)}}
	return &debate.Record{
		Case: debate.Case{Arm: "naive", Item: "mmlu/astronomy/17", Draw: 1}, Key: "C", Transcript: t, Simulated: true,
		Verdicts: []debate.Verdict{
			{Judge: "plurality", Answer: "B", Tied: true}, {Judge: "confidence-weighted", Answer: "C"}, {Judge: "trajectory", Answer: "C"},
			{Judge: "AggLM", Answer: "C", Reply: &debate.Message{Reply: debate.Reply{Text: "All considered, (C)."}}},
			{Judge: "moderator", Failed: "no reply"}, {Judge: "round-0 vote", Answer: "C"},
		},
	}
}

func written(t *testing.T, rec *debate.Record, opts transcript.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := transcript.Write(&b, rec, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTranscript(t *testing.T) {
	for name, opts := range map[string]transcript.Options{
		"hidden.txt":   {},
		"revealed.txt": {Reveal: true, Width: 120},
		"narrow.txt":   {Reveal: true, Width: 60},
		"prompts.txt":  {Reveal: true, Prompts: true, Width: 80},
	} {
		sample.Golden(t, name, []byte(written(t, sky(), opts)), *update)
	}
}

func TestTheKeyStaysHidden(t *testing.T) {
	got := written(t, sky(), transcript.Options{})
	for _, tell := range []string{"key", "oracle", "●", "▲", "▼", "○", "◌"} {
		if strings.Contains(got, tell) {
			t.Errorf("%q gives the key away:\n%s", tell, got)
		}
	}
}

func TestLinesKeepTheirWidth(t *testing.T) {
	for width := 40; width <= 140; width += 5 {
		for _, prompts := range []bool{false, true} {
			for line := range strings.Lines(written(t, sky(), transcript.Options{Reveal: true, Width: width, Prompts: prompts})) {
				if got := paint.Width(strings.TrimSuffix(line, "\n")); got > width {
					t.Errorf("width %d: %d cells: %q", width, got, line)
				}
			}
		}
	}
}

func TestColorChangesNothingElse(t *testing.T) {
	plain, coloured := written(t, sky(), transcript.Options{Reveal: true}), written(t, sky(), transcript.Options{Reveal: true, Color: true})
	if plain == coloured || transcript.StripControl(coloured) != plain {
		t.Errorf("coloured:\n%q\nplain:\n%q", coloured, plain)
	}
}

func TestFailedDebates(t *testing.T) {
	rec := sky()
	rec.Failed, rec.Verdicts = "round 2: agent mistral: the server answered 503", nil
	if got := written(t, rec, transcript.Options{}); !strings.Contains(got, "× failed: round 2") || !strings.Contains(got, "vote before C") {
		t.Error(got)
	}
	rec.Transcript = nil
	if got := written(t, rec, transcript.Options{Reveal: true}); !strings.Contains(got, "× failed: round 2") {
		t.Error(got)
	}
	broken := sky()
	broken.Transcript.Messages[3].Heard = []int{42}
	if err := transcript.Write(&bytes.Buffer{}, broken, transcript.Options{}); err == nil || !strings.Contains(err.Error(), "message 42") {
		t.Errorf("error %v", err)
	}
}

func TestHostileTextIsHarmless(t *testing.T) {
	const evil = "a\x1b[2J\x1b]0;title\x07b\rc\u202ed\x08e\u009b31mf"
	rec := sky()
	rec.Case.Item, rec.Transcript.Question.Text, rec.Transcript.Question.Choices[0] = evil, evil, evil
	rec.Transcript.Messages[0].Text, rec.Transcript.Messages[0].Answer, rec.Transcript.Messages[1].Thinking = evil, evil, evil
	rec.Verdicts[0].Judge, rec.Verdicts[4].Failed = evil, evil
	got := written(t, rec, transcript.Options{Reveal: true, Prompts: true})
	for _, r := range got {
		if r != '\n' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)) {
			t.Fatalf("%U in %q", r, got)
		}
	}
}

func TestStripControl(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":                  "plain\ttext\n",
		"\x1b[31mred\x1b[0m":             "red",
		"\x1b[38;2;1;2;3mred":            "red",
		"\x1b]8;;http://x\x07link":       "link",
		"\x1b]52;c;aGk=\x1b\\clip":       "clip",
		"\x1b]0;never ends\nnext":        "\nnext",
		"\x1b7save\x1bcreset":            "savereset",
		"\u009b2Jc1":                     "c1",
		"bell\x07 back\bspace":           "bell backspace",
		"over\rwrite":                    "overwrite",
		"dos\r\nline":                    "dos\nline",
		"\u202eevil\u202c \u2066x\u2069": "evil x",
		"zero\u200bwidth \ufeffbom":      "zerowidth bom",
		"👩\u200d🚀 नि\u200dर":             "👩\u200d🚀 नि\u200dर",
		"bad \xff utf8":                  "bad \uFFFD utf8",
		"last\x1b":                       "last",
	} {
		if got := transcript.StripControl(in); got != want {
			t.Errorf("StripControl(%q) = %q, want %q", in, got, want)
		}
	}
	if got := transcript.Line(" a\n\tb\r\nc "); got != "a b c" {
		t.Errorf("Line = %q", got)
	}
}

func FuzzStripControl(f *testing.F) {
	for _, seed := range []string{"a", "\x1b[31m", "\x1b]0;x\x07", "\u009b1m", "\x1b\x1b[1m[2J", "\x1b[\x1b[31m31m", "\xff\u202e", "\x9d0;x\x07"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := transcript.StripControl(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
		for _, r := range got {
			if r != '\n' && r != '\t' && unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%U is left of %q", r, s)
			}
		}
		if again := transcript.StripControl(got); again != got {
			t.Fatalf("%q becomes %q the second time", got, again)
		}
	})
}

func TestAnAnswerAfterAnUnreadableOneHasASignOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		before, after debate.Answer
		sign          string
	}{{"", "A", "●"}, {"", "B", "○"}, {"", "", "?"}, {"A", "", "?"}, {"B", "A", "▲"}, {"A", "B", "▼"}} {
		rec := &debate.Record{Key: "A", Transcript: &debate.Transcript{
			Question: debate.Question{ID: "s/1", Text: "Which?", Choices: []string{"a", "b"}}, Agents: []string{"ann"},
			Messages: []debate.Message{
				{From: "ann", Reply: debate.Reply{Answer: c.before}},
				{Seq: 1, Round: 1, From: "ann", Reply: debate.Reply{Answer: c.after}},
			}}}
		var b strings.Builder
		if err := transcript.Write(&b, rec, transcript.Options{Reveal: true}); err != nil {
			t.Fatal(err)
		}
		_, round1, _ := strings.Cut(b.String(), "round 1")
		line := strings.Split(round1, "\n")[1]
		if !strings.HasSuffix(line, c.sign) {
			t.Errorf("%q after %q is shown as %q, want the sign %s", c.after, c.before, line, c.sign)
		}
	}
}
